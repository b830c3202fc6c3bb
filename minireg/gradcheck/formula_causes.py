"""Causes that concern the formula: another one was computed, or a term is extra or missing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .cause import Cause, make_cause
from .mismatch import MANY, Mismatch

SCALES = np.array([1, 1.25, 1.5, 0.8])  # of other points
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
    ratio, quotient = m.yours[m.checked] / m.numeric[m.checked], (m.x / m.y)[m.checked]
    for k in (1, -1, 2, -2, 3, -3):
        if np.allclose(ratio, quotient**k, rtol=1e-6, atol=0):
            return [make_cause("output-for-input", f"yours = numeric * (x/y)**{k}")]
    return []


def find_product(m: Mismatch) -> list[Cause]:
    """For products of matrices: the product that was computed instead."""
    if m.upstream is None or m.upstream.ndim != 2 or m.x.ndim != 2 or not m.wrong.any():
        return []
    matrices = {"upstream": m.upstream, m.name: m.x}
    matrices |= {name: other.x for name, other in m.others.items() if other.x.ndim == 2}
    turned = [(name, name, a) for name, a in matrices.items()]
    turned += [(name, f"{name}.T", a.T) for name, a in matrices.items()]
    products = [
        ((one, other), f"{a_text} @ {b_text}", a @ b)
        for one, a_text, a in turned
        for other, b_text, b in turned
        if "upstream" in (one, other)
        and one != other
        and (a.shape[0], a.shape[1], b.shape[1]) == (m.x.shape[0], b.shape[0], m.x.shape[1])
    ]
    wrong = next((p for p in products if m.fits and m.is_explained_by(p[2])), None)
    right = next((p for p in products if m.is_right(p[2])), None)
    if wrong is None:
        return []
    evidence = f"what was returned is {wrong[1]}"
    if right is None:
        for _, text, product in products:
            if m.is_right(wrong[2] + product):
                missing = f"{evidence}, and {text} is missing"
                return [make_cause("overwritten-not-accumulated", missing)]
        return [make_cause("missing-chain-factor", evidence)]
    names = ["transposed", "swapped-arguments"]
    if right[0] != wrong[0]:
        names.reverse()
    return [make_cause(name, evidence) for name in names]


def find_penalty(m: Mismatch) -> list[Cause]:
    """The derivative of a penalty of x is extra, missing, or that of another one."""
    if not m.fits or not m.is_loss or not m.wrong.any():
        return []
    if not m.shows_constants:
        return find_small_penalty(m)
    residual = m.residual[m.checked]
    x, sign = m.x[m.checked], np.sign(m.x[m.checked])
    terms = [("x", "an L2", x)]
    if np.ptp(sign):  # of numbers of one sign, it is any constant
        terms.append(("sign(x)", "an L1", sign))
    for text, penalty, term in terms:
        c = float(residual @ term / (term @ term or 1.0))
        if c and is_near(m, residual, c * term):
            multiples = find_multiples(m, text)
            if np.ptp(multiples) > 0.01 * abs(c):
                evidence = f"yours - numeric is a multiple of {text}, another one at each point"
                names = ["missing-chain-factor", "statistics-held-constant"]
                if text == "x" and is_multiple_by_norm(multiples):
                    names = ["penalty-kind-confused", "missing-chain-factor"]
                return [make_cause(name, evidence) for name in names]
            evidence = (
                f"yours - numeric = {c:.6g} * {text}: an extra or missing term (the derivative of "
                f"{penalty} penalty)"
            )
            return [make_cause(name, evidence) for name in rank_penalties(m, c)]
    others = {"x": x, "sign(x)": sign, "1": np.ones_like(x), "|x|": np.abs(x), "x**2": x * x}
    for right, _, term in terms:
        for returned, other in others.items():
            both = np.stack([term, other], axis=1)
            c, d = np.linalg.lstsq(both, residual, rcond=None)[0]
            seen = -c > 1e-6 * d > 0 and x.size > MANY
            if seen and is_near(m, residual, both @ np.array([c, d])):
                evidence = f"yours - numeric = {c:.6g} * {right} + {d:.6g} * {returned}"
                names = ["penalty-kind-confused", "penalty-scaled"]
                return [make_cause(name, evidence) for name in names]
    return []


def find_small_penalty(m: Mismatch) -> list[Cause]:
    """For few entries: the residual is c · x + d · sign(x) at several points, as of a penalty."""
    if m.probe is None:
        return []
    x, v = m.x.ravel(), m.probe.directions[0]
    scales = np.array([1, 1.5, -0.7, -1.2])
    found = find_residuals(m, scales, v)
    both = np.stack([scales * (x @ v), np.sign(scales) * (np.sign(x) @ v)], axis=1)
    if not np.isfinite(found).all() or is_factor(m, found, scales, v):
        return []  # of the whole gradient
    c, d = np.linalg.lstsq(both, found, rcond=None)[0]
    size = float(np.abs(found).max())
    if not size or np.abs(both @ np.array([c, d]) - found).max() > 1e-4 * size:
        return []
    evidence = f"yours - numeric = {c:.4g} * x + {d:.4g} * sign(x) at several points"
    return [make_cause(name, evidence) for name in rank_penalties(m, c + d)]


def find_multiples(m: Mismatch, text: str) -> np.ndarray:
    """Return c at several multiples SCALES of x, where the residual is c * x or c * sign(x)."""
    if m.probe is None:
        return np.zeros(len(SCALES))
    x = m.x.ravel()
    v = x if text == "x" else np.sign(x)  # each scale is above 0, so the signs stay
    sizes = SCALES if text == "x" else np.ones(len(SCALES))
    return find_residuals(m, SCALES, v) / (sizes * (v @ v))


def find_residuals(m: Mismatch, scales: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the residual along a direction at several multiples of x."""
    found = []
    for scale in scales:
        z = m.probe.z.copy()  # type: ignore[union-attr]
        z[m.probe.input.part] *= scale  # type: ignore[union-attr]
        found.append(m.probe.find_residual(z, direction) / m.unit)  # type: ignore[union-attr]
    return np.array(found)


def is_factor(m: Mismatch, residuals: np.ndarray, scales: np.ndarray, v: np.ndarray) -> bool:
    """Whether a residual is one multiple of the whole gradient at several multiples of x."""
    claimed = []
    for scale in scales:
        z = m.probe.z.copy()  # type: ignore[union-attr]
        z[m.probe.input.part] *= scale  # type: ignore[union-attr]
        claimed.append(m.probe.find_gradient(z, m.probe.upstream) @ v / m.unit)  # type: ignore[union-attr]
    c = float(residuals @ claimed / (np.dot(claimed, claimed) or 1.0))
    return bool(np.abs(residuals - np.multiply(c, claimed)).max() <= 1e-4 * np.abs(residuals).max())


def is_multiple_by_norm(multiples: np.ndarray) -> bool:
    """Whether c = a + b/|x|: the derivatives of a * |x|**2 / 2 and of b * |x| are confused."""
    if not np.isfinite(multiples).all():
        return False
    both = np.stack([np.ones(len(SCALES)), 1 / SCALES], axis=1)
    fitted = both @ np.linalg.lstsq(both, multiples, rcond=None)[0]
    return bool(np.abs(fitted - multiples).max() <= 1e-3 * np.ptp(multiples))


def rank_penalties(m: Mismatch, c: float) -> tuple[str, ...]:
    """Return which mistakes with a penalty leave the residual c · x or c · sign(x)."""
    if c < 0:
        return "penalty-missing", "penalty-scaled"
    if m.name.startswith(("b", "offset", "intercept")):
        return "bias-regularized", "penalty-scaled"
    return "penalty-scaled", "bias-regularized"


def find_one_hot(m: Mismatch) -> list[Cause]:
    """1 is missing at the label of each row: yours − numeric is a multiple of one-hot labels."""
    if not m.fits or not m.wrong.any() or m.x.ndim < 1 or m.checked.sum() < MANY:
        return []
    for name, labels in m.fixed.items():
        if not isinstance(labels, np.ndarray):
            continue
        classes = m.x.shape[-1]
        if labels.ndim and labels.dtype.kind in "iu" and labels.shape == m.x.shape[:-1]:
            if labels.min(initial=0) < 0 or labels.max(initial=0) >= classes:
                continue
            one_hot = np.eye(classes)[labels]
        elif labels.shape == m.x.shape and (labels.ndim > 1 or is_binary(labels)):
            one_hot = labels.astype(float)
        else:
            continue
        known = m.checked
        residual, at = m.residual[known], one_hot[known]
        c = float(residual @ at / (at @ at or 1.0))
        if c and is_near(m, residual, c * at):
            evidence = f"yours - numeric = {c:.6g} * one-hot({name})"
            return [make_cause("one-hot-missing", evidence)]
        if is_one_hot_by_row(m, one_hot):
            evidence = f"yours - numeric = c * one-hot({name}) + another number, in each row"
            return [make_cause("one-hot-missing", evidence)]
        wrong = np.where(m.wrong, m.residual, 0)
        scale = np.abs(wrong).max(axis=-1, keepdims=True) * np.sign(c or 1)
        steps = (wrong / np.where(scale == 0, 1, scale)).round(6)
        moved = -np.minimum(steps, 0)
        single = set(np.unique(steps)) == {-1, 0, 1} and moved.sum(axis=-1).max() == 1
        at_labels = steps * one_hot
        if c and single and np.array_equal(at_labels, np.maximum(steps, 0)):
            evidence = f"yours has the 1 of {name} in other places"
            return [make_cause("labels-shifted", evidence)]
        if single and not steps.sum(axis=-1).any():
            evidence = "in each wrong row, what is too much in one column is missing in another one"
            return [make_cause("labels-shifted", evidence)]
        if labels.ndim == m.x.ndim:
            continue
        unused = np.setdiff1d(np.arange(classes), labels)
        if unused.size:
            columns = np.atleast_1d(m.wrong.reshape(-1, classes).any(axis=0))
            if columns.any() and not columns[unused].any():
                evidence = f"it is wrong in the columns that occur in {name}, and only there"
                names = "one-hot-missing", "missing-chain-factor"
                return [make_cause(name, evidence) for name in names]
    return []


def is_one_hot_by_row(m: Mismatch, one_hot: np.ndarray) -> bool:
    """Whether the residual of each row is a multiple of its one-hot label, if its mean is left out:
    something was subtracted from the whole row."""
    if m.x.ndim < 2 or min(m.x.shape) < MANY or not m.complete:
        return False
    residual, at = (a - a.mean(axis=-1, keepdims=True) for a in (m.residual, one_hot))
    c = (residual * at).sum(axis=-1, keepdims=True) / (at * at).sum(axis=-1, keepdims=True)
    near = is_near(m, residual.ravel(), (c * at).ravel())
    wrong = ~np.isclose(residual, 0, rtol=0, atol=8 * m.tolerance.max()).all(axis=-1)
    return bool(near and (c > 0).all() and wrong.all())


def is_binary(labels: np.ndarray) -> bool:
    return labels.dtype.kind in "iub" and set(np.unique(labels)) <= {0, 1}


def find_common_term(m: Mismatch) -> list[Cause]:
    """The residual is the same along an axis: the part through a sum or a mean is wrong."""
    if not m.fits or not m.shows_constants:
        return []
    residual = m.residual[m.checked]
    c = float(residual.mean())
    if c and is_near(m, residual, np.full(residual.shape, c)):
        evidence = f"yours - numeric = {c:.6g}: an extra or missing term (a constant)"
        return [make_cause("missing-chain-factor", evidence)]
    if m.complete and m.x.ndim > 1:
        for axis, n in enumerate(m.x.shape):
            d = m.yours - m.numeric
            if n > 1 and np.all(np.abs(d - d.mean(axis=axis, keepdims=True)) <= 4 * m.tolerance):
                evidence = (
                    f"yours - numeric is the same for all entries along axis {axis}: the part of "
                    f"the derivative that goes through a sum or mean over that axis is wrong"
                )
                names = "statistics-held-constant", "wrong-axis"
                return [make_cause(name, evidence) for name in names]
    return []


def is_near(m: Mismatch, residual: np.ndarray, guess: np.ndarray) -> bool:
    """Whether a residual is equal to a guess up to the errors of both gradients."""
    error = 4 * m.tolerance[m.checked] / abs(m.unit) + 1e-7 * np.abs(residual)
    return bool(np.all(np.abs(residual - guess) <= error))
