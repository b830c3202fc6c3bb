"""Causes that concern the formula: another one was computed, or a term is extra or missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .cause import Cause, make_cause
from .factor_causes import MANY
from .mismatch import Mismatch

# Formulas that students write instead of the right one; `x` is the input and `y` the output.
FORMULAS: tuple[tuple[str, Callable], ...] = (
    ("upstream", lambda x, y: np.ones_like(x)),
    ("upstream * x", lambda x, y: x),
    ("upstream * y", lambda x, y: y),
    ("upstream / x", lambda x, y: 1 / x),
    ("upstream / y", lambda x, y: 1 / y),
    ("upstream * x**2", lambda x, y: x * x),
    ("upstream * x * y", lambda x, y: x * y),
    ("upstream * (1 - x)", lambda x, y: 1 - x),
    ("upstream * (1 - y)", lambda x, y: 1 - y),
    ("upstream * x * (1 - x)", lambda x, y: x * (1 - x)),
    ("upstream * y * (1 - y)", lambda x, y: y * (1 - y)),
    ("upstream * (1 - x**2)", lambda x, y: 1 - x * x),
    ("upstream * (1 - y**2)", lambda x, y: 1 - y * y),
    ("upstream * sign(x)", lambda x, y: np.sign(x)),
    ("upstream * (x > 0)", lambda x, y: x > 0),
    ("upstream * (x < 0)", lambda x, y: x < 0),
)


def find_formula(m: Mismatch) -> list[Cause]:
    """For elementwise functions: the formula that was computed instead."""
    if m.y is None or m.upstream is None or m.y.shape != m.x.shape or not m.wrong.any():
        return []
    if not m.fits or m.checked.sum() < MANY:
        return []
    for text, expression in FORMULAS:
        with np.errstate(all="ignore"):
            guess, turned = (m.upstream * expression(*pair) for pair in ((m.x, m.y), (m.y, m.x)))
        if m.is_explained_by(guess):
            name = "output-for-input" if m.is_right(turned) else "missing-chain-factor"
            return [make_cause(name, f"what was returned is {text}")]
    return []


def find_penalty(m: Mismatch) -> list[Cause]:
    """The derivative of a penalty of x is extra, missing, or that of another one."""
    if not m.fits or not m.is_loss or int(m.wrong.sum()) < MANY:
        return []
    residual = m.residual[m.checked]
    x, sign = m.x[m.checked], np.sign(m.x[m.checked])
    terms = [("x", "an L2", x), ("sign(x)", "an L1", sign)]
    for text, penalty, term in terms:
        c = float(residual @ term / (term @ term or 1.0))
        if c and is_near(m, residual, c * term):
            evidence = (
                f"yours - numeric = {c:.6g} * {text}: an extra or missing term (the derivative of "
                f"{penalty} penalty)"
            )
            return [make_cause(name, evidence) for name in rank_penalties(m, c)]
    both = np.stack([x, sign], axis=1)
    c2, c1 = np.linalg.lstsq(both, residual, rcond=None)[0]
    if c1 * c2 < 0 and x.size > MANY and is_near(m, residual, both @ np.array([c2, c1])):
        evidence = f"yours - numeric = {c2:.6g} * x + {c1:.6g} * sign(x)"
        return [make_cause("penalty-kind-confused", evidence), make_cause("penalty-scaled")]
    return []


def rank_penalties(m: Mismatch, c: float) -> tuple[str, ...]:
    """Return which mistakes with a penalty leave the residual c · x or c · sign(x)."""
    if c < 0:
        return "penalty-missing", "penalty-scaled"
    if m.x.ndim <= 1 and any(other.x.ndim > m.x.ndim for other in m.others.values()):
        return "bias-regularized", "penalty-scaled"
    return "penalty-scaled", "bias-regularized"


def find_one_hot(m: Mismatch) -> list[Cause]:
    """1 is missing at the label of each row: yours − numeric is a multiple of one-hot labels."""
    if not m.fits or not m.wrong.any() or m.x.ndim < 2:
        return []
    for name, labels in m.fixed.items():
        if not isinstance(labels, np.ndarray):
            continue
        classes = m.x.shape[-1]
        if labels.dtype.kind in "iu" and labels.shape == m.x.shape[:-1]:
            if labels.min(initial=0) < 0 or labels.max(initial=0) >= classes:
                continue
            one_hot = np.eye(classes)[labels]
        elif labels.shape == m.x.shape:
            one_hot = labels.astype(float)
        else:
            continue
        known = m.checked
        residual, at = m.residual[known], one_hot[known]
        c = float(residual @ at / (at @ at or 1.0))
        if c and is_near(m, residual, c * at):
            evidence = f"yours - numeric = {c:.6g} * one-hot({name})"
            return [make_cause("one-hot-missing", evidence)]
        unused = np.setdiff1d(np.arange(classes), labels)
        if labels.ndim < m.x.ndim and unused.size:
            columns = m.wrong.reshape(-1, classes).any(axis=0)
            if columns.any() and not columns[unused].any():
                evidence = f"it is wrong in the columns that occur in {name}, and only there"
                return [make_cause("one-hot-missing", evidence)]
    return []


def find_common_term(m: Mismatch) -> list[Cause]:
    """The residual is the same along an axis: the part through a sum or a mean is wrong."""
    if not m.fits or int(m.wrong.sum()) < MANY:
        return []
    if m.complete and m.x.ndim > 1:
        for axis, n in enumerate(m.x.shape):
            d = m.yours - m.numeric
            if n > 1 and np.all(np.abs(d - d.mean(axis=axis, keepdims=True)) <= 4 * m.tolerance):
                evidence = (
                    f"yours - numeric is the same for all entries along axis {axis}: the part of "
                    f"the derivative that goes through a sum or mean over that axis is wrong"
                )
                return [make_cause("statistics-held-constant", evidence)]
    residual = m.residual[m.checked]
    c = float(residual.mean())
    if c and is_near(m, residual, np.full(residual.shape, c)):
        evidence = f"yours - numeric = {c:.6g}: an extra or missing term (a constant)"
        return [make_cause("missing-chain-factor", evidence)]
    return []


def is_near(m: Mismatch, residual: np.ndarray, guess: np.ndarray) -> bool:
    """Whether a residual is equal to a guess up to the errors of both gradients."""
    error = 4 * m.tolerance[m.checked] / abs(m.unit) + 1e-7 * np.abs(residual)
    return bool(np.all(np.abs(residual - guess) <= error))
