"""Batch and layer normalisation: statistics, stability, mistakes; see also `cases.py`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.errors import ArgumentError

SHAPES = st.sampled_from([(4, 3), (3, 2, 5), (2, 3, 4, 5)])


@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_in_training_each_channel_has_mean_0_and_variance_1(shape, seed):
    x = np.random.default_rng(seed).normal(3, 10, size=shape)
    y = mr.batch_norm(mr.tensor(x), None, None, training=True, eps=0).numpy()
    axes = tuple(i for i in range(len(shape)) if i != 1)
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(axis=axes), 1, rtol=1e-12)


@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_layer_norm_standardises_each_example(shape, seed):
    x = np.random.default_rng(seed).normal(3, 10, size=shape)
    y = mr.layer_norm(mr.tensor(x), shape[1:], eps=0).numpy()
    axes = tuple(range(1, len(shape)))
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-13)
    np.testing.assert_allclose(y.var(axis=axes), 1, rtol=1e-12)


@pytest.mark.parametrize("momentum", [0.1, 0.5, 1.0, 0.0])
def test_running_values_follow_mean_and_unbiased_variance(momentum):
    rng = np.random.default_rng(0)
    x, mean, var = rng.normal(2, 3, size=(4, 3, 5)), rng.normal(size=3), rng.uniform(1, 2, 3)
    running_mean, running_var = mr.tensor(mean), mr.tensor(var)
    mr.batch_norm(mr.tensor(x), running_mean, running_var, training=True, momentum=momentum)
    expected = (1 - momentum) * mean + momentum * x.mean(axis=(0, 2))
    np.testing.assert_allclose(running_mean.numpy(), expected, rtol=1e-13)
    expected = (1 - momentum) * var + momentum * x.var(axis=(0, 2), ddof=1)
    np.testing.assert_allclose(running_var.numpy(), expected, rtol=1e-13)


def test_running_values_change_in_place_and_stay_float32():
    running = [mr.zeros(2), mr.ones(2)]
    arrays = [r.data for r in running]
    mr.batch_norm(mr.tensor(np.eye(2)), *running, training=True)
    assert all(r.data is array and r.dtype == np.float32 for r, array in zip(running, arrays))


def test_evaluation_uses_and_keeps_the_running_values():
    rng = np.random.default_rng(0)
    x, mean, var = rng.normal(size=(4, 3, 2, 2)), rng.normal(size=3), rng.uniform(1, 2, 3)
    running_mean, running_var = mr.tensor(mean), mr.tensor(var)
    y = mr.batch_norm(mr.tensor(x), running_mean, running_var, eps=0.25).numpy()
    column = (3, 1, 1)
    expected = (x - mean.reshape(column)) / np.sqrt(var.reshape(column) + 0.25)
    np.testing.assert_allclose(y, expected, rtol=1e-13)
    assert running_mean.tolist() == mean.tolist()
    assert running_var.tolist() == var.tolist()


def test_batch_norm_ignores_scale_and_offset():
    """y(a x + b) = y(x), so dL/dx has no part along 1 and along x − mean."""
    rng = np.random.default_rng(0)
    x = mr.tensor(rng.normal(size=(6, 3)), requires_grad=True)
    g = mr.tensor(rng.normal(size=(6, 3)))
    found = mr.grad(mr.batch_norm(x, None, None, training=True, eps=0), x, g).numpy()
    centred = x.numpy() - x.numpy().mean(axis=0)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose((found * centred).sum(axis=0), 0, atol=1e-14)


def derivatives(x):
    """Value, first and second derivative of a batch norm in float64."""
    x = mr.tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    rng = np.random.default_rng(0)
    y = mr.batch_norm(x, None, None, training=True)
    first = mr.grad(y, x, mr.tensor(rng.normal(size=x.shape)), create_graph=True)
    second = mr.grad(first, x, mr.tensor(rng.normal(size=x.shape)))
    return [found.numpy() for found in (y, first, second)]


def test_a_large_offset_costs_only_its_own_rounding():
    x = np.random.default_rng(1).normal(size=(8, 2))
    offset = 2.0**20  # x + offset is rounded to 2⁻³³, so that the results differ by about that
    for near, far in zip(derivatives(x), derivatives(x + offset)):
        np.testing.assert_allclose(far, near, atol=1e-8)


def test_a_constant_channel_has_finite_derivatives():
    for found in derivatives(np.full((4, 2), 7.0)):
        assert np.isfinite(found).all()
    value, _, _ = derivatives(np.full((4, 2), 7.0))
    assert not value.any()


def test_whole_numbers_are_normalised_as_float32():
    x = mr.tensor(np.array([[0, 200], [100, 0]], dtype=np.uint8))
    for y in (mr.batch_norm(x, None, None, training=True), mr.layer_norm(x, 2)):
        assert y.dtype == np.float32
        np.testing.assert_allclose(np.abs(y.numpy()), 1, rtol=1e-5)


def test_an_empty_batch_can_be_evaluated():
    y = mr.batch_norm(mr.zeros((0, 3, 2, 2)), mr.zeros(3), mr.ones(3))
    assert y.shape == (0, 3, 2, 2)


def normalised(x=(4, 3), mean=(3,), var=(3,), weight=(3,), bias=(3,), **options):
    arrays = [None if shape is None else mr.zeros(shape) for shape in (mean, var, weight, bias)]
    return mr.batch_norm(mr.zeros(x), *arrays, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": (3,)}, r"x must be \(N, C, …\), got shape \(3,\)"),
        ({"mean": (4,)}, r"running_mean must have shape \(3,\) .*\(4, 3\), got \(4,\)"),
        ({"var": (1, 3)}, r"running_var must have shape \(3,\) .*, got \(1, 3\)"),
        ({"weight": (1,)}, r"weight must have shape \(3,\) .*, got \(1,\)"),
        ({"bias": ()}, r"bias must have shape \(3,\) .*, got \(\)"),
        ({"mean": None, "var": None}, "running_mean and running_var are needed in evaluation"),
        ({"mean": None, "training": True}, "both or none"),
        ({"x": (1, 3), "training": True}, r"at least two values, .*\(1, 3\) has 1"),
        ({"x": (0, 3), "training": True}, r"at least two values, .*\(0, 3\) has 0"),
    ],
)
def test_arguments_that_do_not_fit_get_their_sentence(options, message):
    with pytest.raises(ArgumentError, match=f"batch_norm.*{message}"):
        normalised(**options)


def test_a_mistake_changes_no_running_value():
    mean, var = mr.zeros(3), mr.ones(3)
    with pytest.raises(ArgumentError):
        mr.batch_norm(mr.ones((4, 3)), mean, var, weight=mr.ones(4), training=True)
    assert mean.tolist() == [0, 0, 0]
    assert var.tolist() == [1, 1, 1]


@pytest.mark.parametrize("shape", [4, (2, 3), (), (5, 2, 3, 1)])
def test_layer_norm_names_the_axes_that_do_not_fit(shape):
    with pytest.raises(ArgumentError, match=r"x must end in normalized_shape .*\(5, 3, 2\)"):
        mr.layer_norm(mr.zeros((5, 3, 2)), shape)


def test_layer_norm_names_a_weight_of_other_shape():
    with pytest.raises(ArgumentError, match=r"layer_norm: weight must have shape \(2,\).*\(3,\)"):
        mr.layer_norm(mr.zeros((5, 2)), 2, mr.zeros(3))
