"""Special cases of pooling: ties, margins, overlapping windows; see also `cases.py`."""

import math

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError


def gradient(function, x):
    x = mr.tensor(np.asarray(x), requires_grad=True)
    return mr.grad(function(x).sum(), x).numpy()


def test_max_pool_shares_its_gradient_equally_between_ties():
    x = np.array([[[[1.0, 1.0, 5.0], [1.0, 1.0, 5.0]]]])
    shares = gradient(lambda x: mr.max_pool2d(x, (2, 3)), x)
    assert shares.tolist() == [[[[0, 0, 0.5], [0, 0, 0.5]]]]
    shares = gradient(lambda x: mr.max_pool2d(x, 2, stride=1), x)
    assert shares.tolist() == [[[[0.25, 0.25, 0.5], [0.25, 0.25, 0.5]]]]


def test_after_relu_ties_of_zeros_give_no_gradient():
    """In a window of zeros, the shares of the ties are multiplied by relu'(0) = 0.  PyTorch gives
    all to the first, with the same result."""
    x = np.array([[[[-1.0, 0.0], [-2.0, -3.0]]]])
    assert not gradient(lambda x: mr.max_pool2d(mr.relu(x), 2), x).any()


def test_the_margin_of_max_pool_is_never_the_largest():
    x = np.full((1, 1, 3, 3), -5.0)
    assert mr.max_pool2d(mr.tensor(x), 3, stride=1, padding=1).numpy().tolist() == x.tolist()
    shares = gradient(lambda x: mr.max_pool2d(x, 3, padding=1), x)
    assert shares.sum() == 1  # one window, all of its gradient inside of the image


def test_bytes_are_pooled_as_float32():
    x = np.array([[[[3, 200], [7, 9]]]], dtype=np.uint8)
    for y, expected in (
        (mr.max_pool2d(mr.tensor(x), 2, padding=1), [[3, 200], [7, 9]]),
        (mr.avg_pool2d(mr.tensor(x), 2), [[54.75]]),
        (mr.adaptive_avg_pool2d(mr.tensor(x), (2, 1)), [[101.5], [8]]),
    ):
        assert y.dtype == np.float32
        assert y.numpy()[0, 0].tolist() == expected


def test_the_margin_counts_as_zeros_or_not_at_all():
    x = mr.ones((1, 1, 2, 2))
    counted = mr.avg_pool2d(x, 2, stride=2, padding=1)
    assert counted.numpy()[0, 0].tolist() == [[0.25, 0.25], [0.25, 0.25]]
    pixels_only = mr.avg_pool2d(x, 2, stride=2, padding=1, count_include_pad=False)
    assert pixels_only.numpy()[0, 0].tolist() == [[1, 1], [1, 1]]


def test_adaptive_pooling_to_one_is_the_channel_mean():
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 7))
    y = mr.adaptive_avg_pool2d(mr.tensor(x), 1).numpy()
    np.testing.assert_allclose(y, x.mean(axis=(2, 3), keepdims=True), rtol=1e-13, atol=1e-15)


def test_adaptive_pooling_to_a_divisor_is_average_pooling():
    x = mr.tensor(np.random.default_rng(0).normal(size=(2, 3, 6, 8)))
    y, z = mr.adaptive_avg_pool2d(x, (3, 2)), mr.avg_pool2d(x, (2, 4))
    np.testing.assert_allclose(y.numpy(), z.numpy(), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize(("length", "count"), [(5, 3), (7, 4), (3, 5), (1, 4), (28, 9)])
def test_adaptive_windows_are_those_of_the_formula(length, count):
    x = np.random.default_rng(0).normal(size=(1, 1, length, 1))
    y = mr.adaptive_avg_pool2d(mr.tensor(x), (count, 1)).numpy()
    for p in range(count):
        first, end = math.floor(p * length / count), math.ceil((p + 1) * length / count)
        assert y[0, 0, p, 0] == pytest.approx(x[0, 0, first:end, 0].mean(), rel=1e-12)


@pytest.mark.parametrize("pool", [mr.max_pool2d, mr.avg_pool2d, mr.adaptive_avg_pool2d])
def test_an_empty_batch_stays_empty(pool):
    assert pool(mr.zeros((0, 2, 4, 4)), 2).shape == (0, 2, 2, 2)


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kernel_size": 5}, r"\(5, 5\) .* does not fit into images of size \(4, 4\)"),
        ({"kernel_size": 3, "padding": 2}, r"at most half of kernel_size, got \(2, 2\) .*\(3, 3\)"),
        ({"kernel_size": 2, "padding": -1}, "padding must be at least 0, got -1"),
        ({"kernel_size": 2, "stride": 0}, "stride must be at least 1, got 0"),
        ({"kernel_size": 0}, "kernel_size must be at least 1, got 0"),
    ],
)
def test_arguments_that_do_not_fit_get_their_sentence(name, options, message):
    with pytest.raises(ArgumentError, match=f"{name}: .*{message}"):
        getattr(mr, name)(mr.zeros((1, 1, 4, 4)), **options)


@pytest.mark.parametrize("pool", [mr.max_pool2d, mr.avg_pool2d, mr.adaptive_avg_pool2d])
def test_a_single_image_gets_a_hint(pool):
    with pytest.raises(ArgumentError, match=rf"{pool.__name__}: .*\(1, 4, 4\).*x\[None\]"):
        pool(mr.zeros((1, 4, 4)), 2)


@pytest.mark.parametrize(
    ("size", "message"),
    [(0, "must be at least 1, got 0"), ((1, 2, 3), r"two, .*got \(1, 2, 3\)")],
)
def test_a_wrong_output_size_raises(size, message):
    with pytest.raises(ArgumentError, match=f"adaptive_avg_pool2d: output_size .*{message}"):
        mr.adaptive_avg_pool2d(mr.zeros((1, 1, 4, 4)), size)
