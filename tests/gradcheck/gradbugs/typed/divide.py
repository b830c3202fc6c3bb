"""The quotient of two arrays of one shape."""

from minireg.gradcheck import Floats

INPUTS = {"a": Floats("N", "D"), "b": Floats("N", "D", low=0.5, high=2.0)}


def forward(a, b):
    return a / b


def backward(dout, a, b):
    return dout / b, -dout * a / b**2


def minus_forgotten(dout, a, b):
    da = dout / b
    db = dout * a / b**2  # <- sign-flipped
    return da, db


def square_forgotten(dout, a, b):
    da = dout / b
    db = -dout * a / b  # <- missing-chain-factor
    return da, db


def numerator_forgotten(dout, a, b):
    da = dout / b
    db = -dout / (b * b)  # <- missing-chain-factor
    return da, db


def one_buffer(dout, a, b):
    da = dout / b
    db = da
    db *= -a / b  # <- aliased-gradients
    return da, db


def quotient_squared_in_place(dout, a, b):
    da = dout / b
    b **= 2  # <- input-mutated
    db = -dout * a / b
    return da, db


def numerator_and_denominator_exchanged(dout, a, b):
    da = dout / b
    db = -dout * b / a**2  # <- swapped-arguments
    return da, db
