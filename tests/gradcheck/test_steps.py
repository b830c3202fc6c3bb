"""What is wrong in one step of the forward pass is named, with the step."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import Floats, Integers, check_backward

pytestmark = pytest.mark.host
NETWORK = {"x": Floats("N", "D"), "w": Floats("D", "H"), "v": Floats("H", "K")}


def network(x, w, v):
    a = x @ w
    h = np.maximum(a, 0)
    return (h @ v) ** 2


def differentiate(upstream, x, w, v, change):
    a = x @ w
    h = np.maximum(a, 0)
    d = upstream * 2 * (h @ v)
    da = (d @ v.T) * (a > 0)
    if change == "no mask":
        da = d @ v.T
    if change == "inverted":
        da = (d @ v.T) * (a < 0)
    dv = (a if change == "a for h" else h).T @ d
    if change == "a factor":
        da = da * 3
    return da @ w.T, x.T @ da, dv


@pytest.mark.parametrize(
    ("change", "cause", "step"),
    [
        ("no mask", "mask-missing", "np.maximum(a, 0)"),
        ("inverted", "mask-inverted", "np.maximum(a, 0)"),
        ("a for h", "output-for-input", "h @ v"),
    ],
)
def test_a_mistake_in_the_middle_is_named_with_its_step(change, cause, step):
    def backward(upstream, x, w, v):
        return differentiate(upstream, x, w, v, change)

    report = check_backward(network, backward, inputs=NETWORK)
    named = [c for c in report.from_numbers[:2] if c.name == cause]
    assert any(step in c.evidence for c in named), report.from_numbers


def centre_and_scale(x):
    mean = x.mean(axis=1, keepdims=True)
    size = np.sqrt(((x - mean) ** 2).mean(axis=1, keepdims=True))
    return np.tanh(x - mean) + size


def differentiate_centred(upstream, x, factor):
    mean = x.mean(axis=1, keepdims=True)
    size = np.sqrt(((x - mean) ** 2).mean(axis=1, keepdims=True))
    d = upstream * (1 - np.tanh(x - mean) ** 2)
    total = upstream.sum(axis=1, keepdims=True)
    return d - d.mean(axis=1, keepdims=True) + factor * total * (x - mean) / size / x.shape[1]


@pytest.mark.parametrize(
    ("factor", "cause"), [(0, "statistics-held-constant"), (-1, "sign-flipped")]
)
def test_one_part_of_a_sum_is_told_from_the_others(factor, cause):
    def backward(upstream, x):
        return differentiate_centred(upstream, x, factor)

    report = check_backward(centre_and_scale, backward, inputs={"x": Floats("N", "D")})
    assert report.from_numbers[0].name == cause, report.from_numbers


def test_a_case_of_a_function_is_named_by_its_comparison():
    def forward(x):
        return np.where(x < 0.3, x**3, np.sin(x)).sum()

    def backward(upstream, x):
        return upstream * np.where(x < 0.3, 3 * x**2, np.exp(x))

    [cause] = check_backward(forward, backward, inputs={"x": Floats("N")}).from_numbers
    assert cause.name == "missing-chain-factor"
    assert "`x < 0.3` (line" in cause.evidence
    assert "is false" in cause.evidence


@pytest.mark.parametrize("subtract", ["labels", "ones"])
def test_what_is_subtracted_from_whole_rows_is_no_one_hot(subtract):
    def loss(z, labels):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return -np.log(e[np.arange(len(z)), labels] / e.sum(axis=1)).mean()

    def backward(upstream, z, labels):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return upstream * (p - (labels[:, None] if subtract == "labels" else 1)) / len(z)

    inputs = {"z": Floats("N", "C"), "labels": Integers("N", below="C")}
    report = check_backward(loss, backward, inputs=inputs)
    assert report.from_numbers[0].name == "one-hot-missing", report.from_numbers


def test_the_absolute_upstream_is_no_mask():
    inputs = {"x": Floats("N")}
    names = []
    for change in (np.abs, lambda u: u * (u > 0)):
        report = check_backward(np.exp, lambda u, x, f=change: f(u) * np.exp(x), inputs=inputs)
        names.append(report.from_numbers[0].name)
    assert names == ["upstream-nonlinear", "mask-from-upstream"]


def test_a_forgotten_entry_is_not_moved():
    def backward(upstream, x):
        return np.concatenate([upstream[:-1], np.zeros(len(x) - len(upstream) + 1)])

    report = check_backward(lambda x: x[:5] * 1.0, backward, np.arange(1.0, 8.0))
    assert report.from_numbers[0].name == "zero-gradient", report.from_numbers


def test_a_gradient_of_single_entries_is_described_as_such():
    def backward(upstream, x):
        return upstream * (3 * x**2 * x.sum(axis=1, keepdims=True))

    report = check_backward(lambda x: (x**3).sum(), backward, inputs={"x": Floats("N", "D")})
    assert "depends on that entry only" in str(report.from_numbers[0]), report.from_numbers


def test_a_forward_that_counts_its_calls_has_no_steps():
    calls = []

    def count(x):
        calls.append(1)
        return x * 1.0

    def forward(x):
        before = len(calls)
        return np.sin(count(x)) * (len(calls) - before)

    report = check_backward(forward, lambda u, x: u * x, np.array([0.3, 1.1, 2.0, -0.7]))
    assert report.from_numbers[0].name == "missing-chain-factor"
