"""Helpers for the catalogue of mistakes.

The functions use only names that NumPy and CuPy share, so that the same code runs as a pair of
array functions (`check_backward`) and as a primitive (`check_gradients`).  Lengths are different
primes, so that a factor shows where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import minireg as mr
from minireg.backend import namespace

N, D, H = 5, 7, 3


@dataclass
class Case:
    """A function, its inputs, its right backward and its wrong ones.

    Attributes:
        inputs: draws the inputs from a NumPy generator.
        forward: the function of the inputs.
        right: takes (upstream, *inputs), returns the tuple of gradients.
        wrong: the same with a mistake, by the name of the mistake.
        by_engine: mistakes that cannot be made in a primitive, since the engine does that part.
    """

    name: str
    inputs: Callable[[np.random.Generator], tuple[Any, ...]]
    forward: Callable
    right: Callable
    wrong: dict[str, Callable] = field(default_factory=dict)
    by_engine: tuple[str, ...] = ()


CASES: list[Case] = []


def case(name, inputs, forward, right, by_engine=(), **wrong) -> Case:
    CASES.append(Case(name, inputs, forward, right, wrong, by_engine))
    return CASES[-1]


def normal(*shapes):
    return lambda random: tuple(random.normal(size=shape) for shape in shapes)


def positive(*shapes):
    return lambda random: tuple(random.uniform(0.5, 2.5, size=shape) for shape in shapes)


def single(f):
    """The tuple of one gradient, for a function of one input."""
    return lambda upstream, *inputs: (f(upstream, *inputs),)


def elementwise(name, inputs, forward, derivative, **wrong) -> Case:
    """y = forward(x) with dL/dx = upstream · derivative(x, y)."""

    def backward(of):
        return lambda d, x: (d * of(x, forward(x)),)

    mistakes = {mistake: backward(of) for mistake, of in wrong.items()}
    return case(name, inputs, forward, backward(derivative), **mistakes)


def xp(x):
    return namespace(x)


def softmax(x):
    e = xp(x).exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def pair(c: Case, backward: Callable) -> tuple[Callable, Callable]:
    """forward and backward as a student writes them: one gradient is no tuple."""

    def returned(upstream, *inputs):
        gradients = backward(upstream, *inputs)
        return gradients if len(gradients) > 1 else gradients[0]

    return c.forward, returned


def primitive(c: Case, backward: Callable) -> Callable:
    """The same as an operation on Tensors."""

    def body(*xs):
        def joint(g, needs):
            gradients = backward(g, *xs)
            return (*gradients, *[None] * (len(xs) - len(gradients)))

        return c.forward(*xs), joint

    body.__name__ = c.name
    return mr.primitive(body)
