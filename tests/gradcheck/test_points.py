"""`inputs=`: the check draws ordinary values, other lengths, and special values."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.gradcheck import Booleans, Floats, Integers, check_backward, check_loss
from tests.gradcheck.verdicts import X, refused, square, square_backward, unknown, unwrapped

pytestmark = pytest.mark.host

MATRIX = {"x": Floats("N", "D")}


def ties(x):
    return x == x.max(axis=1, keepdims=True)


def ranks(x):
    return np.argsort(np.argsort(x, axis=1, kind="stable"), axis=1, kind="stable")


def smooth(x):
    return np.minimum(np.abs(x), 1) ** 2 / 2 + np.maximum(np.abs(x) - 1, 0)


def length(x):
    return np.sqrt((x * x).sum(axis=1))


def unit(x):
    size = length(x)[:, None]
    return np.divide(x, size, out=np.zeros_like(x), where=size > 0)


# right backward passes with kinks: zeros, ties, bounds
KINKED = {
    "relu": (lambda x: np.maximum(x, 0), lambda u, x: u * (x > 0)),
    "relu with >=": (lambda x: np.maximum(x, 0), lambda u, x: u * (x >= 0)),
    "abs": (np.abs, lambda u, x: u * np.sign(x)),
    "max, the first": (
        lambda x: x.max(axis=1),
        lambda u, x: u[:, None] * (np.arange(x.shape[1]) == x.argmax(axis=1)[:, None]),
    ),
    "max, shared": (
        lambda x: x.max(axis=1),
        lambda u, x: u[:, None] * ties(x) / ties(x).sum(axis=1, keepdims=True),
    ),
    "sort": (
        lambda x: np.sort(x, axis=1),
        lambda u, x: np.take_along_axis(u, ranks(x), axis=1),
    ),
    "clip": (lambda x: np.clip(x, -3, 3), lambda u, x: u * ((x >= -3) & (x <= 3))),
    "huber": (smooth, lambda u, x: u * np.clip(x, -1, 1)),
    "norm": (length, lambda u, x: u[:, None] * unit(x)),
    "hinge": (lambda x: np.maximum(0, 1 - x).sum(), lambda u, x: -u * (x < 1)),
    "soft threshold": (
        lambda x: np.sign(x) * np.maximum(np.abs(x) - 3, 0),
        lambda u, x: u * (np.abs(x) > 3),
    ),
    "median": (
        lambda x: np.sort(x, axis=1)[:, x.shape[1] // 2],
        lambda u, x: u[:, None] * (ranks(x) == x.shape[1] // 2),
    ),
    "total variation": (
        lambda x: np.abs(np.diff(x, axis=1)).sum(),
        lambda u, x: -u * np.diff(np.sign(np.diff(x, axis=1)), axis=1, prepend=0, append=0),
    ),
    "maxout": (
        lambda x: np.maximum(x, -0.5 * x),
        lambda u, x: u * np.where(x > 0, 1, -0.5),
    ),
}


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize("axes", [("N", "D"), ("N", 1)], ids=["matrix", "column"])
def test_right_subgradients_pass_at_special_values(name, axes):
    for seed in range(5):
        report = check_backward(*KINKED[name], inputs={"x": Floats(*axes)}, seed=seed)
        assert report.verdict == "pass", report


@pytest.mark.parametrize("axes", [("N",), ()], ids=["row", "number"])
def test_a_root_passes_at_its_bound(axes):
    root = check_backward(
        np.sqrt, lambda u, x: u / 2 / np.sqrt(x), inputs={"x": Floats(*axes, low=0)}
    )
    assert root, root
    assert "could not be compared at special values" in unwrapped(root)


def test_a_pass_says_that_all_points_passed():
    report = check_backward(square, square_backward, inputs=MATRIX)
    assert report
    assert "passed at three points" in unwrapped(report)
    assert len(report.evidence) == 3
    assert [point.numeric[0].shape for point in report.evidence] == [(5, 7), (7, 3), (5, 7)]


def test_the_first_point_that_fails_is_reported():
    at_five = lambda u, x: u * 2 * x * (5 / len(x))  # noqa: E731
    report = check_backward(square, at_five, inputs=MATRIX)
    refused(report, "at other lengths: x is (7, 3)")
    assert report.point == "other lengths"
    report = check_backward(np.abs, lambda u, x: u * x / np.abs(x), inputs=MATRIX)
    refused(report, "at special values (exact zeros, ties, large numbers)")
    assert report.point == "special"
    assert report.from_numbers[0].name == "not-finite"
    ordinary = check_backward(square, lambda u, x: u * x, inputs=MATRIX)
    assert ordinary.point == "ordinary"


def test_every_tie_gets_its_share_only():
    report = check_backward(
        lambda x: x.max(axis=1), lambda u, x: u[:, None] * ties(x), inputs={"x": Floats("N", 12)}
    )
    refused(report, "is wrong at a tie")
    assert report.point == "special"


def test_only_floats_are_differentiated():
    def forward(x, p, target, labels, keep):
        return (x[np.arange(len(x)), labels] * p - target) * keep

    def backward(u, x, p, target, labels, keep):
        dx = np.zeros(x.shape)
        dx[np.arange(len(x)), labels] = u * keep * p
        return dx

    inputs = {"x": Floats("N", "D"), "p": 0.3, "target": 1.5}
    inputs |= {"labels": Integers("N", below="D"), "keep": Booleans("N")}
    report = check_backward(forward, backward, inputs=inputs)
    assert report, report
    assert [finding.name for finding in report.findings] == ["x"]


def test_the_order_of_the_dictionary_does_not_matter():
    inputs = {"b": Floats("D"), "x": Floats("N", "D")}
    report = check_backward(lambda x, b: x - b, lambda u, x, b: (+u, -u.sum(axis=0)), inputs=inputs)
    assert report, report


def test_a_forward_that_is_not_finite_at_special_values_cannot_be_told():
    report = check_backward(np.log, lambda u, x: u / x, inputs={"x": Floats("N", low=0)})
    unknown(report, "not finite", "at special values")
    assert check_backward(np.log, lambda u, x: u / x, inputs={"x": Floats("N", low=0.1)})


def test_inputs_are_drawn_or_given_but_not_both():
    for options in ({}, {"gradient": X}):
        given = () if options else (X,)
        with pytest.raises(ArgumentError, match="leave out the others"):
            check_backward(square, square_backward, *given, inputs=MATRIX, **options)
    with pytest.raises(ArgumentTypeError, match="must be a dictionary"):
        check_backward(square, square_backward, inputs=Floats("N"))
    with pytest.raises(ArgumentTypeError, match="nothing to differentiate"):
        check_loss(lambda p: (p, 1.0), inputs={"p": 0.3})


def test_a_point_nearby_where_forward_raises_has_no_slope():
    def root(x):
        if (x < 0).any():
            raise ValueError("x must not be negative")
        return np.sqrt(x + 1)

    unknown(
        check_backward(root, lambda u, x: u / 2 / np.sqrt(x + 1), np.array([1.0, 0.0])),
        "was compared in 1 of 2 entries",
    )
