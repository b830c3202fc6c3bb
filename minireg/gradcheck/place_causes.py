"""Causes that concern single entries: the right numbers in other places, and masks."""

from __future__ import annotations

import numpy as np

from .cause import Cause, make_cause
from .mismatch import MANY, Mismatch


def find_moved_entries(m: Mismatch) -> list[Cause]:
    """The right numbers in the wrong places."""
    if not m.fits or int(m.wrong.sum()) < 2 or not m.conclusive:
        return []  # a single entry has no other place to go to
    if m.x.ndim == 2 and m.is_right(m.yours.T):
        both = "transposed", "order-not-undone"
        return [make_cause(name, "its transpose is right") for name in both]
    for axis in range(m.x.ndim):
        if m.is_right(np.flip(m.yours, axis)):
            return [make_cause("order-not-undone", f"it is reversed along axis {axis}")]
        for k in range(1, m.x.shape[axis]):
            if m.is_right(np.roll(m.yours, k, axis)):
                names = ["labels-shifted", "order-not-undone"][not m.has_indices :]
                return [make_cause(name, f"it is shifted along axis {axis}") for name in names]
    if m.x.size > MANY and m.complete and m.is_right(order_like(m.numeric, m.yours)):
        evidence = "it has the right numbers in the wrong places"
        names = ["max-not-routed", "order-not-undone"][not m.chooses :]
        return [make_cause(name, evidence) for name in names]
    return []


def order_like(numeric: np.ndarray, yours: np.ndarray) -> np.ndarray:
    """Return the entries of `yours`, each moved to the entry of the same rank in `numeric`."""
    found = np.empty(yours.size)
    found[np.argsort(numeric, axis=None)] = np.sort(yours, axis=None)
    return found.reshape(yours.shape)


def find_swap(m: Mismatch) -> list[Cause]:
    """The gradients of several inputs in the wrong order."""
    if not m.wrong.any() or not m.conclusive:
        return []
    others = [(name, other) for name, other in m.others.items() if other.conclusive]
    owners = [name for name, other in others if other.is_right(m.yours)]
    holders = [name for name, other in others if m.is_right(other.yours)]
    evidence = ""
    for name in owners:
        if name in holders:
            evidence = f"the gradients of {' and '.join(sorted((m.name, name)))} are swapped"
    if owners and holders and not evidence:
        evidence = (
            f"it is the gradient of {owners[0]}, and the right one was returned for {holders[0]}: "
            f"the gradients are in the wrong order"
        )
    elif owners and m.fits and not evidence:
        evidence = f"it is the gradient of {owners[0]}"
    return [make_cause("swapped-arguments", evidence)] if evidence else []


def find_swapped_shapes(m: Mismatch) -> list[Cause]:
    return [] if m.yours.shape == m.x.shape else find_swap(m)


def find_mask(m: Mismatch) -> list[Cause]:
    """Entries that are zero where they should not be, or the other way round."""
    if not m.fits or not m.wrong.any() or m.checked.sum() < MANY:
        return []
    blocked = m.checked & (np.abs(m.numeric) <= m.tolerance)
    open_ = m.checked & ~blocked
    extra, lost = blocked & m.wrong, open_ & (m.yours == 0)
    kept = open_ & ~lost
    if not extra.any() and not lost.any():
        return []
    right = not (m.wrong & kept).any()
    ratios = m.yours[kept] / m.numeric[kept]
    proportional = ratios.size > 1 and np.ptp(ratios) <= 1e-5 * np.abs(ratios).max()
    if extra.any() and not lost.any() and (right or proportional):
        evidence = "yours is not zero where nothing depends on the input"
        found = [make_cause("mask-missing", evidence)]
        if m.is_one_of_several:
            found.append(make_cause("max-not-routed", "each output is an entry of some input"))
        if not right:
            factor = f"yours = {ratios.mean():.6g} * numeric elsewhere"
            found.append(make_cause("constant-factor", factor))
        return found
    if extra.any() and lost.any() and not kept.any():
        evidence = "yours is zero exactly where the input matters"
        return [make_cause("mask-inverted", evidence)]
    if extra.any() and lost.any() and (right or proportional):
        evidence = "yours is zero at other entries than numeric, and elsewhere right up to a factor"
        return [make_cause("mask-resampled", evidence), make_cause("order-not-undone", evidence)]
    if lost.any() and not extra.any() and right:
        evidence = "a part is missing: yours is zero in some entries where the input matters"
        return [make_cause("zero-gradient", evidence), *find_side(m)]
    return []


def find_unmasked(m: Mismatch) -> list[Cause]:
    """Every entry on which nothing depends has a gradient, and others are wrong, too."""
    if not m.fits or not m.wrong.any():
        return []
    blocked = m.checked & (np.abs(m.numeric) <= m.tolerance)
    if blocked.sum() < MANY or not (m.wrong[blocked]).all() or (m.checked & ~blocked).sum() < MANY:
        return []
    return [make_cause("mask-missing", "every entry on which nothing depends has a gradient")]


def find_side(m: Mismatch) -> list[Cause]:
    """All wrong entries are on one side of 0, or where a label or mask has one value: a case of the
    function was forgotten."""
    if not m.fits or not m.wrong.any():
        return []
    others = m.checked & ~m.wrong & (m.x != 0)
    sides = {"x < 0": m.x < 0, "x > 0": m.x > 0}
    for name, a in m.fixed.items():
        if isinstance(a, np.ndarray) and a.dtype.kind in "iub" and a.shape == m.x.shape:
            sides |= {f"{name} = {value}": a == value for value in np.unique(a)}
    for text, side in sides.items():
        if side[m.wrong].all() and others.any() and not side[others].any():
            evidence = f"every wrong entry has {text}, and no right entry does"
            return [make_cause("missing-chain-factor", evidence)]
    return []


def find_lines(m: Mismatch) -> list[Cause]:
    """Whole rows or columns that are wrong while others are right."""
    if not m.fits or not m.wrong.any():
        return []
    for axis in range(m.x.ndim):
        rest = tuple(i for i in range(m.x.ndim) if i != axis)
        all_wrong = (m.wrong | ~m.checked).all(axis=rest)
        hit = m.wrong.any(axis=rest)
        if (all_wrong == hit).all() and hit.any() and not hit.all():
            indices = np.flatnonzero(hit)
            shown = ", ".join(map(str, indices[:5])) + (", ..." if indices.size > 5 else "")
            where = f"it is wrong in every entry at index {shown} of axis {axis}, and only there"
            repeated = find_repeated(m, set(indices.tolist()))
            if repeated:
                where += f": these are repeated in {repeated}"
                return [make_cause("overwritten-not-accumulated", where)]
            if m.x.ndim > 1:
                return [make_cause("missing-chain-factor", where)]
    return []


def find_cases(m: Mismatch) -> list[Cause]:
    """The wrong entries are those of one case of a comparison of the forward pass."""
    if m.steps is None or not m.fits or not m.wrong.any() or m.checked.sum() < MANY:
        return []
    for step, case in m.steps.conditions.items():
        if case.shape == m.x.shape:
            for text, side in (("true", case), ("false", ~case)):
                if np.array_equal(m.wrong, side & m.checked) and not m.wrong.all():
                    evidence = f"it is wrong where {step} is {text}, and only there"
                    return [make_cause("missing-chain-factor", evidence)]
    return []


def find_repeated(m: Mismatch, indices: set[int]) -> str:
    """Return the name of an array of whole numbers in which exactly these values are repeated."""
    for name, array in m.fixed.items():
        if isinstance(array, np.ndarray) and array.dtype.kind in "iu":
            values, counts = np.unique(array, return_counts=True)
            if set(values[counts > 1].tolist()) == indices:
                return name
    return ""
