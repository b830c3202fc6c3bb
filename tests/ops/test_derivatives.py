"""Every differentiable operation: first and second derivatives against finite differences.

Guarded arrays hold NumPy's numbers; on them a few examples are enough to run the code.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from tests.numeric import numeric_gradient, numeric_slope
from tests.ops.cases import CASES, WITHOUT_GRADIENT, called, inputs_of


def leaves(arrays):
    return [mr.tensor(a, requires_grad=True) for a in arrays]


@pytest.mark.host
def test_every_public_operation_is_in_a_table():
    missing = set(mr.ops.__all__) - CASES.keys() - WITHOUT_GRADIENT.keys()
    assert not missing, f"add a Case for {sorted(missing)} to tests/ops/cases.py"
    unknown = (CASES.keys() | WITHOUT_GRADIENT.keys()) - set(mr.ops.__all__)
    assert not unknown, f"{sorted(unknown)} in tests/ops/cases.py is not a public operation"
    assert not CASES.keys() & WITHOUT_GRADIENT.keys()


@pytest.mark.backends("numpy", "cupy")
@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_first_derivatives_are_those_of_finite_differences(name, data):
    arrays, options, seed = data.draw(inputs_of(name))
    xs = leaves(arrays)
    y = called(name, xs, options)
    upstream = np.random.default_rng(seed).normal(size=y.shape)
    found = mr.grad(y, xs, mr.tensor(upstream))

    def value(*arrays):
        return float((called(name, leaves(arrays), options).numpy() * upstream).sum())

    for i, g in enumerate(found):
        expected = numeric_gradient(value, arrays, i)
        np.testing.assert_allclose(g.numpy(), expected, rtol=1e-7, atol=1e-7)


@pytest.mark.backends("numpy", "cupy")
@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_second_derivatives_are_those_of_finite_differences(name, data):
    check_second_derivatives(name, *data.draw(inputs_of(name)))


@pytest.mark.backends("guarded")
@pytest.mark.parametrize("name", CASES)
@settings(max_examples=8)
@given(data=st.data())
def test_second_derivatives_are_taken_on_guarded_arrays(name, data):
    check_second_derivatives(name, *data.draw(inputs_of(name)))


def check_second_derivatives(name, arrays, options, seed):
    rng = np.random.default_rng(seed)
    upstream = rng.normal(size=called(name, leaves(arrays), options).shape)
    directions = [rng.normal(size=a.shape) for a in arrays]

    def slope(xs):
        """Σ of the gradients times fixed directions: a function whose gradient is second order."""
        y = called(name, xs, options)
        gradients = mr.grad(y, xs, mr.tensor(upstream), create_graph=True)
        parts = [(g * mr.tensor(d)).sum() for g, d in zip(gradients, directions)]
        return sum(parts[1:], parts[0])

    xs = leaves(arrays)
    total = slope(xs)
    if total.requires_grad:
        found = [g.numpy() for g in mr.grad(total, xs)]
    else:  # the first derivative is constant
        found = [np.zeros(a.shape) for a in arrays]
    for i, g in enumerate(found):
        direction = rng.normal(size=g.shape)  # one, as each slope takes a backward pass
        expected = numeric_slope(lambda *a: slope(leaves(a)).item(), arrays, i, direction)
        np.testing.assert_allclose((g * direction).sum(), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", WITHOUT_GRADIENT)
def test_constants_require_no_gradient(name):
    x = mr.tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    assert not WITHOUT_GRADIENT[name](x).requires_grad


def test_whole_numbers_require_no_gradient():
    x = mr.tensor(np.array([0.5, -1.0, 2.0]), requires_grad=True)
    assert not mr.astype(x, "int64").requires_grad
