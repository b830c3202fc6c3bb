"""Small numbers beside large ones: no wrong gradient passes, and no right one fails."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import check_backward
from tests.gradcheck.verdicts import B, X, unknown

pytestmark = pytest.mark.host

SCALES = [(1e6, 2.0), (1e7, 10.0), (1e5, 1.01), (1e6, 0.0)]


@pytest.mark.parametrize(("scale", "factor"), SCALES)
def test_a_small_entry_beside_a_large_one_is_no_pass(scale, factor):
    c, wrong = np.array([scale, 1 / scale]), np.array([scale, factor / scale])
    x = np.array([1.0, 2.0])
    report = check_backward(lambda x: c * x**2, lambda u, x: u * 2 * wrong * x, x)
    assert report.verdict in ("fail", "cannot tell"), report
    assert check_backward(lambda x: c * x**2, lambda u, x: u * 2 * c * x, x)


@pytest.mark.parametrize("strength", [1e-8, 1e-6, 1e-4])
@pytest.mark.parametrize("factor", [-1.0, 0.5, 2.0])
def test_a_wrong_small_part_of_a_loss_never_passes(strength, factor):
    c, wrong = np.array([1e6, strength]), np.array([1e6, factor * strength])
    x = np.array([1.0, 2.0])
    report = check_backward(lambda x: (c * x**2).sum(), lambda u, x: u * 2 * wrong * x, x)
    assert report.verdict in ("fail", "cannot tell"), report


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_gradient_that_underflows_is_no_mistake(dtype):
    """A number below the smallest normal one is rounded to a few digits or to 0."""
    small = np.log(np.finfo(dtype).smallest_subnormal)
    for x in small + np.linspace(-2, 20, 23):
        x = np.array([x, x + 0.3])
        report = check_backward(np.exp, lambda u, x: (u * np.exp(x)).astype(dtype), x)
        assert report.verdict != "fail", report


@pytest.mark.parametrize("strength", [1e-9, 1e-10])
def test_a_forgotten_gradient_below_the_rounding_is_seen(strength):
    def loss(x, w):
        return (1e3 * x**2).sum() + strength * (w**2).sum()

    def forgetful(u, x, w):
        return u * 2e3 * x, u * 0 * w

    report = check_backward(loss, forgetful, np.array([1.0, 2.0]), B)
    unknown(report, "the gradient of w is hidden by rounding where yours is 0")


@pytest.mark.parametrize("offset", [1e10, 1e12, 1e15, 1e18])
@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_a_large_offset_never_passes(offset, slope):
    report = check_backward(lambda x: offset + x, lambda u, x: slope * u, X)
    assert report.verdict == "cannot tell" or (report.verdict == "fail" and slope != 1), report


@pytest.mark.parametrize("frequency", [1e3, 1e5, 1e6, 1e7, 1e9])
@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_a_fast_oscillation_never_fails(frequency, offset):
    x = np.random.default_rng(1).uniform(-1, 1, 20)
    report = check_backward(
        lambda x: offset + np.sin(frequency * x),
        lambda u, x: u * frequency * np.cos(frequency * x),
        x,
    )
    assert report.verdict != "fail", report


@pytest.mark.parametrize("size", [1e-12, 1e-9, 1e-7, 1e-4])
def test_one_over_x_never_fails_near_its_pole(size):
    x = size * np.array([1.0, 2.0, -3.0])
    report = check_backward(lambda x: 1 / x, lambda u, x: -u / x**2, x)
    assert report.verdict != "fail", report


@pytest.mark.parametrize("offset", [0.0, 1.0, 1e3])
def test_zeros_of_relu_pass_beside_any_offset(offset):
    def forward(x):
        return offset + np.maximum(x, 0).sum()

    assert check_backward(forward, lambda u, x: u * (x > 0), X)
    assert check_backward(forward, lambda u, x: u * (x > 0), -np.abs(X))
