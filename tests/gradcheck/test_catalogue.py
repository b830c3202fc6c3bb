"""Right derivatives are never refused, and the mistakes of the catalogue never accepted."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import check_backward, check_gradients
from tests.gradcheck.catalogue import CASES, WRONG, Case, D, N, pair, primitive
from tests.gradcheck.verdicts import unwrapped

SEEDS = 3
names = [f"{c.name}-{mistake}" for c, mistake in WRONG]
in_primitives = [(c, mistake) for c, mistake in WRONG if mistake not in c.by_engine]


def inputs(c: Case, seed: int) -> tuple:
    return c.inputs(np.random.default_rng(seed))


def uploaded(c: Case, seed: int) -> list:
    return [mr.tensor(x) for x in inputs(c, seed)]


@pytest.mark.host
def test_the_catalogue_has_148_mistakes_in_41_functions():
    assert (len(WRONG), len(CASES)) == (148, 41)


@pytest.mark.host
@pytest.mark.parametrize(("c", "mistake"), WRONG, ids=names)
def test_a_wrong_backward_is_refused(c: Case, mistake: str):
    for seed in range(SEEDS):
        report = check_backward(*pair(c, c.wrong[mistake]), *inputs(c, seed), seed=seed)
        assert report.verdict == "fail", f"seed {seed}\n{report}"


@pytest.mark.backends("numpy", "cupy")  # right ones pass on guarded arrays, too
@pytest.mark.parametrize(
    ("c", "mistake"), in_primitives, ids=[f"{c.name}-{mistake}" for c, mistake in in_primitives]
)
def test_a_wrong_primitive_is_refused(c: Case, mistake: str):
    operation = primitive(c, c.wrong[mistake])
    for seed in range(2):
        report = check_gradients(operation, *uploaded(c, seed), seed=seed)
        assert report.verdict == "fail", f"seed {seed}\n{report}"


@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_the_right_version_passes_as_a_primitive(c: Case):
    operation = primitive(c, c.right)
    for seed in range(SEEDS):
        report = check_gradients(operation, *uploaded(c, seed), seed=seed)
        assert report, f"seed {seed}\n{report}"


@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_the_right_version_passes_as_a_pair_of_any_library(c: Case, backend):
    for seed in range(SEEDS):
        arrays = [backend.asarray(x) for x in inputs(c, seed)]
        report = check_backward(*pair(c, c.right), *arrays, seed=seed)
        assert report, f"seed {seed}\n{report}"


# -- small mistakes --------------------------------------------------------------------------------


def one_entry_off(c: Case, relative: float, random: np.random.Generator):
    """The right backward with one entry of one gradient off."""
    which = int(random.integers(len(c.right(*upstream_and_inputs(c)))))
    place = random.random()
    chosen = []  # by the first call, so that backward is linear in upstream

    def backward(upstream, *xs):
        gradients = [np.array(g, dtype=float) for g in c.right(upstream, *xs)]
        flat = gradients[which].reshape(-1)
        if not chosen:
            seen = np.flatnonzero(np.abs(flat) > 0.1 * np.abs(flat).max())
            chosen.append(seen[int(place * seen.size)])
        flat[chosen[0]] *= 1 + relative
        gradients[which] = flat.reshape(gradients[which].shape)
        return tuple(gradients)

    return backward


def upstream_and_inputs(c: Case) -> tuple:
    xs = inputs(c, 0)
    return (np.ones_like(c.forward(*xs)), *xs)


@pytest.mark.host
@pytest.mark.parametrize("relative", [0.01, 1e-4, 1e-6])
@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_a_single_entry_off_by_little_is_refused(c: Case, relative: float):
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        backward = one_entry_off(c, relative, random)
        report = check_backward(*pair(c, backward), *inputs(c, seed), seed=seed)
        assert report.verdict == "fail", f"seed {seed}\n{report}"
        assert sum(len(finding.wrong) for finding in report.findings) == 1


@pytest.mark.host
@pytest.mark.parametrize("c", CASES, ids=lambda c: c.name)
def test_the_limit_of_detection_is_error_plus_tolerance(c: Case):
    """A mistake of about twice the limit is detected; one of a hundredth of it is accepted."""
    xs = inputs(c, 1)
    right = check_backward(*pair(c, c.right), *xs)
    finding = right.findings[0]
    entry = int(np.argmax(np.abs(finding.yours)))
    numeric, error = finding.numeric.ravel()[entry], finding.error.ravel()[entry]
    limit = error + 1e-7 * abs(numeric)
    # The limit itself is small: at most 1e-6, relative to the entry.
    assert limit <= 1e-6 * abs(numeric)

    for factor, verdict in ((2.2, "fail"), (0.01, "pass")):

        def backward(upstream, *inputs, factor=factor):
            gradients = [np.array(g, dtype=float) for g in c.right(upstream, *inputs)]
            flat = gradients[0].reshape(-1).copy()
            flat[entry] *= 1 + factor * limit / abs(numeric)
            return (flat.reshape(gradients[0].shape), *gradients[1:])

        assert check_backward(*pair(c, backward), *xs).verdict == verdict


@pytest.mark.host
def test_one_wrong_entry_in_a_large_input_is_found():
    x = np.random.default_rng(0).normal(size=(60, 40))

    def backward(upstream, x):
        g = upstream * 2 * x
        g[47, 13] *= 1.001
        return g

    for seed in range(SEEDS):
        report = check_backward(lambda x: x * x, backward, x, entries=20, seed=seed)
        assert [entry.index for entry in report["x"].wrong] == [(47, 13)], str(report)
        report = replace(report, evidence=())  # without it no edits are tried
        assert "worst at [47, 13]" in unwrapped(report)
        assert report.checked <= 20 + 1  # directions lead to the wrong one
    report = check_backward(lambda x: x * x, lambda d, x: d * 2 * x, x, entries=20)
    assert report, str(report)
    assert "x: 20 of 2400 entries (drawn at random) and 4 random directions" in unwrapped(report)


@pytest.mark.host
def test_a_check_takes_about_four_calls_an_entry():
    calls = count()

    def forward(x):
        next(calls)
        return np.tanh(x)

    x = np.random.default_rng(0).normal(size=(N, D))
    assert check_backward(forward, lambda d, x: d * (1 - np.tanh(x) ** 2), x)
    # 4 an entry, 32 for the noise, and a few for determinism and contracts
    assert next(calls) <= 4 * x.size + 40
