"""Every operation of minireg passes: any shape, any scale, kinks and ties hit exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg.gradcheck import assert_gradients, check_gradients

shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)
seeds = st.integers(0, 2**32 - 1)
# Guarded arrays hold NumPy's numbers.  On them, second derivatives are checked below, and those of
# linear and cross_entropy in `tests/nn/test_derivatives.py`.
NUMBERS = pytest.mark.backends("numpy", "cupy")
scales = st.sampled_from([1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0, 1e3])

ANYWHERE = {
    "abs": mr.abs,
    "astype": lambda x: mr.astype(x, mr.float64),
    "broadcast_to": lambda x: mr.broadcast_to(x, (2, *x.shape)),
    "clip": lambda x: mr.clip(x, -0.5, 0.5),
    "concat": lambda x: mr.concat([x, x * x, x]),
    "flatten": mr.flatten,
    "full_like": lambda x: mr.full_like(x, 2.0) * x,
    "getitem": lambda x: x[[0, -1, 0]],
    "log_softmax": mr.log_softmax,
    "logsumexp": lambda x: mr.logsumexp(x, axis=-1),
    "matrix_transpose": lambda x: mr.matrix_transpose(x.reshape((-1, x.shape[-1]))),
    "max": lambda x: mr.max(x, axis=-1),
    "mean": lambda x: mr.mean(x, axis=0),
    "negative": mr.negative,
    "norm": lambda x: mr.norm(x, axis=-1),
    "norm p=1": lambda x: mr.norm(x, 1),
    "norm p=3": lambda x: mr.norm(x, 3),
    "norm p=inf": lambda x: mr.norm(x, math.inf),
    "permute_dims": mr.permute_dims,
    "power 2": lambda x: x**2,
    "power 3": lambda x: x**3,
    "relu": mr.relu,
    "reshape": lambda x: x.reshape(-1),
    "scatter_add": lambda x: mr.scatter_add(x.flatten(), [0] * x.size, (2,)),
    "sigmoid": mr.sigmoid,
    "softmax": mr.softmax,
    "square": mr.square,
    "squeeze": lambda x: mr.squeeze(x.reshape((1, *x.shape)), 0),
    "stack": lambda x: mr.stack([x, x * x]),
    "sum": lambda x: mr.sum(x, axis=0),
    "tanh": mr.tanh,
    "transfer": lambda x: mr.transfer(x, x.backend),
    "var": lambda x: mr.var(x, axis=0),
    "where": lambda x: mr.where(x.data > 0, x, x * x),
}
POSITIVE = {"log": mr.log, "sqrt": mr.sqrt, "power 1/2": lambda x: x**0.5}
TWO = {
    "add": mr.add,
    "divide": mr.divide,
    "matmul": lambda a, b: mr.matmul(a, mr.matrix_transpose(b.reshape((-1, b.shape[-1])))),
    "maximum": mr.maximum,
    "minimum": mr.minimum,
    "mse_loss": mr.mse_loss,
    "multiply": mr.multiply,
    "power": lambda a, b: mr.power(mr.abs(a), b),
    "subtract": mr.subtract,
}


def values(shape, seed, scale=1.0):
    return np.random.default_rng(seed).normal(size=shape) * scale


@NUMBERS
@pytest.mark.parametrize("name", ANYWHERE)
@given(shape=shapes, seed=seeds)
def test_an_operation_of_one_input_passes(name, shape, seed):
    assert_gradients(ANYWHERE[name], mr.tensor(values(shape, seed)), seed=seed)


@pytest.mark.parametrize("name", POSITIVE)
@given(shape=shapes, seed=seeds, scale=scales)
def test_an_operation_of_positives_passes_at_any_scale(name, shape, seed, scale):
    x = np.abs(values(shape, seed, scale)) + 1e-6 * scale
    assert_gradients(POSITIVE[name], mr.tensor(x), seed=seed)


@NUMBERS
@pytest.mark.parametrize("name", TWO)
@given(shape=shapes, seed=seeds)
def test_an_operation_of_two_inputs_passes(name, shape, seed):
    a, b = values(shape, seed), values(shape, seed + 1)
    if name == "divide":
        b = b + np.sign(b)
    assert_gradients(TWO[name], mr.tensor(a), mr.tensor(b), seed=seed)


@pytest.mark.host
@pytest.mark.parametrize("name", ANYWHERE)
@given(shape=shapes, seed=seeds, scale=scales)
def test_no_scale_makes_a_right_gradient_look_wrong(name, shape, seed, scale):
    """Where these four are saturated, their derivatives may be too small to tell."""
    report = check_gradients(ANYWHERE[name], mr.tensor(values(shape, seed, scale)), seed=seed)
    assert report.verdict != "fail", report
    if name not in ("sigmoid", "tanh", "softmax", "logsumexp") or scale <= 1:
        assert report, report


@pytest.mark.host
@pytest.mark.parametrize("name", TWO)
@given(shape=shapes, seed=seeds, scale=scales)
def test_two_inputs_pass_at_every_scale(name, shape, seed, scale):
    """Beside the gradient of 0.001 to the power −3, that of 0.001 to the power 3 may be hidden."""
    a, b = values(shape, seed, scale), values(shape, seed + 1, scale)
    if name == "power":
        a, b = a + np.sign(a) * scale, b / scale  # away from 0, where it has a cusp
    else:
        b = b + np.sign(b) * scale
    report = check_gradients(TWO[name], mr.tensor(a), mr.tensor(b), seed=seed)
    assert report.verdict == "pass" or (name == "power" and report.verdict == "cannot tell"), report


@pytest.mark.host
@pytest.mark.parametrize("name", ANYWHERE)
@given(shape=shapes, seed=seeds, scale=st.sampled_from([1e-3, 0.5, 1.0, 1e3]))
def test_kinks_and_ties_that_are_hit_exactly_pass(name, shape, seed, scale):
    """Multiples of `scale`: zeros, the bounds of clip, and entries that are equal."""
    x = np.random.default_rng(seed).integers(-1, 3, shape) * scale
    report = check_gradients(ANYWHERE[name], mr.tensor(x), seed=seed)
    assert report.verdict != "fail", report
    if name not in ("sigmoid", "tanh", "softmax"):
        assert report, report


@pytest.mark.parametrize("name", ["maximum", "minimum", "mse_loss", "subtract"])
@given(shape=shapes, seed=seeds)
def test_ties_of_two_inputs_pass(name, shape, seed):
    random = np.random.default_rng(seed)
    a, b = (random.integers(-1, 2, shape).astype(float) for _ in range(2))
    assert_gradients(TWO[name], mr.tensor(a), mr.tensor(b), seed=seed)


@pytest.mark.parametrize("name", [*ANYWHERE, *TWO, *POSITIVE, "exp"])
def test_second_derivatives_pass(name):
    one = {**ANYWHERE, **POSITIVE, "exp": mr.exp}
    a, b = np.abs(values((3, 4), 0)) + 0.1, values((3, 4), 1)
    if name in one:
        assert_gradients(one[name], mr.tensor(a), order=2)
    else:
        assert_gradients(TWO[name], mr.tensor(a), mr.tensor(b), order=2)


@given(seed=seeds)
def test_exp_passes(seed):
    assert_gradients(mr.exp, mr.tensor(values((3, 4), seed, 3.0)), seed=seed)


@given(seed=seeds, rate=st.floats(0, 0.9))
def test_dropout_with_its_mask_passes(seed, rate):
    mask = np.random.default_rng(seed).random((3, 4)) > rate
    x = mr.tensor(values((3, 4), seed))
    assert_gradients(lambda x, mask: mr.dropout(x, mask, rate), x, mr.tensor(mask), seed=seed)


@NUMBERS
@settings(max_examples=8)  # each runs six checks
@given(seed=seeds, smoothing=st.sampled_from([0.0, 0.1, 1.0]), weighted=st.booleans())
def test_cross_entropy_passes(seed, smoothing, weighted):
    random = np.random.default_rng(seed)
    logits, labels = mr.tensor(random.normal(size=(5, 3)) * 4), mr.tensor(random.integers(0, 3, 5))
    weight = mr.tensor(random.uniform(0.5, 2, 3)) if weighted else None
    for reduction in ("mean", "sum", "none"):
        assert_gradients(
            lambda x, y, reduction=reduction: mr.cross_entropy(
                x, y, weight=weight, label_smoothing=smoothing, reduction=reduction
            ),
            logits,
            labels,
            seed=seed,
            order=2,
        )


@NUMBERS
@given(seed=seeds)
def test_linear_passes_with_all_its_parts(seed):
    random = np.random.default_rng(seed)
    parts = [mr.tensor(random.normal(size=shape)) for shape in ((5, 3), (2, 3), (2,))]
    assert_gradients(mr.linear, *parts, seed=seed, order=2)
