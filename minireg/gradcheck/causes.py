"""Candidate causes of a wrong gradient.

Each function below recognises one family of mistakes.  It takes the `Mismatch` of one input, and
returns a sentence if *every entry* shows the pattern of the mistake, otherwise None.  A pattern may
have two explanations, so the report says "consistent with" and lists all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .cause import Cause, make_cause
from .mismatch import Mismatch

MANY = 3  # a pattern without a name must agree in at least this many entries
UNSURE = 1e-3  # a factor may differ from a known one by this; more would fit too many


def find_missing_sum(m: Mismatch) -> str | None:
    """The sum is missing: broadcasting copies entries, so the gradients of the copies add up."""
    if m.yours.ndim < m.x.ndim or m.yours.size <= m.x.size:
        return None
    extra = m.yours.ndim - m.x.ndim
    lengths = (1,) * extra + m.x.shape
    axes = tuple(i for i, n in enumerate(lengths) if n == 1 and m.yours.shape[i] != 1)
    axes = tuple(sorted({*range(extra), *axes}))
    summed = m.yours.sum(axis=axes, keepdims=True)
    if summed.size == m.x.size and m.is_right(summed.reshape(m.x.shape)):
        return (
            f"it is not summed over {name_axes(axes)}, along which the input was broadcast; "
            f"this sum is right"
        )
    return None


def find_other_shape(m: Mismatch) -> str | None:
    """The right numbers in another shape."""
    if m.yours.shape == m.x.shape or m.yours.size != m.x.size:
        return None
    if m.is_right(m.yours.reshape(m.x.shape)):
        return f"the numbers are right: reshape it to {m.x.shape}"
    if m.yours.ndim > 1 and m.is_right(m.yours.T.reshape(m.x.shape)):
        return "it is transposed"
    return None


def find_cut_graph(m: Mismatch) -> str | None:
    if m.cut and not m.yours.any():
        return (
            "the recorded graph is cut: the output requires no gradient. Look for .data, "
            ".detach(), .numpy() or no_grad() between input and output"
        )
    return None


def find_zero(m: Mismatch) -> str | None:
    if m.fits and not m.cut and not m.yours.any() and m.wrong.any():
        return "it is zero everywhere: it is never written, or the chain rule is broken before it"
    return None


def find_whole_numbers(m: Mismatch) -> str | None:
    if m.whole:
        return "it is kept in an array of whole numbers, which cuts off its decimals"
    return None


def find_ignored_upstream(m: Mismatch) -> str | None:
    """The chain rule multiplies by the upstream gradient exactly once."""
    if not m.fits or m.bad_factor is None:
        return None
    if m.ignores_upstream:
        return "the upstream gradient is ignored: another one gives the same result"
    if m.whole:
        return None
    return (
        f"the upstream gradient is not just multiplied: {m.bad_factor:.0e} times as much of it "
        f"does not give {m.bad_factor:.0e} times the result (masks must depend on x or y only, "
        f"and nothing may be added)"
    )


def find_constant_factor(m: Mismatch) -> str | None:
    """The factors 2, 1/2, −1, N, 1/N … and any other constant."""
    if not m.fits or not m.wrong.any():
        return None
    yours, numeric = m.yours[m.checked], m.numeric[m.checked]
    c = float(yours @ numeric / (numeric @ numeric or 1.0))
    error = 4 * m.tolerance[m.checked] * (1 + abs(c))
    if c == 0 or np.any(np.abs(yours - c * numeric) > error + 1e-7 * np.abs(c * numeric)):
        return None
    # How much the errors of the slopes may have changed c, as a relative deviation.
    unsure = float(m.tolerance[m.checked] @ np.abs(numeric) / (numeric @ numeric))
    clear = int((np.abs(numeric) > 100 * m.tolerance[m.checked]).sum())
    names = name_factor(c, min(max(unsure, 1e-6), UNSURE), m)
    if names:
        return f"a constant factor: yours = {c:.6g} * numeric, and {' or '.join(names)}"
    if clear >= MANY:
        return f"a constant factor: yours = {c:.6g} * numeric in every entry"
    return None


def name_factor(c: float, unsure: float, m: Mismatch) -> list[str]:
    """Return explanations of the factor c, up to its sign and the relative deviation `unsure`."""

    def is_(value: float) -> bool:
        return abs(abs(c) - value) <= unsure * value

    known = ((2, "a 2 is too many"), (0.5, "a 2 is missing"))
    names = [text for value, text in known if is_(value)]
    if c < 0 and is_(1):
        names.append("the sign is wrong")
    lengths: dict[int, list[str]] = {}
    for array, letter in ((m.x, "x"), (m.y, "y")):
        if array is not None:
            for axis, n in enumerate(array.shape):
                lengths.setdefault(n, []).append(f"the length of axis {axis} of {letter}")
            if array.ndim > 1:
                lengths.setdefault(array.size, []).append(f"the size of {letter}")
    for n, places in lengths.items():
        if n > 1 and (is_(n) or is_(1 / n)):
            ratio = f"{n}" if is_(n) else f"1/{n}"
            names.append(f"{ratio}, where {n} is {places[0]}: a mean or a sum too many or too few")
    sign = "" if c > 0 or not names or is_(1) else " (and the sign is wrong)"
    return [name + sign for name in names]


def find_moved_entries(m: Mismatch) -> str | None:
    """The right numbers in the wrong places."""
    if not m.fits or not m.wrong.any() or not m.conclusive:
        return None
    if m.x.ndim == 2 and m.is_right(m.yours.T):
        return "it is transposed"
    for axis in range(m.x.ndim):
        if m.is_right(np.flip(m.yours, axis)):
            return f"it is reversed along axis {axis}: undo the flip"
    if m.x.size > MANY and m.complete and m.is_right(order_like(m.numeric, m.yours)):
        return "it has the right numbers in the wrong places (a reshape or permutation not undone)"
    return None


def order_like(numeric: np.ndarray, yours: np.ndarray) -> np.ndarray:
    """Return the entries of `yours`, each moved to the entry of the same rank in `numeric`."""
    found = np.empty(yours.size)
    found[np.argsort(numeric, axis=None)] = np.sort(yours, axis=None)
    return found.reshape(yours.shape)


def find_swap(m: Mismatch) -> str | None:
    """The gradients of several inputs in the wrong order."""
    if not m.wrong.any() or not m.conclusive:
        return None
    others = [(name, other) for name, other in m.others.items() if other.conclusive]
    owners = [name for name, other in others if other.is_right(m.yours)]
    holders = [name for name, other in others if m.is_right(other.yours)]
    for name in owners:
        if name in holders:
            return f"it is the gradient of {name}, and vice versa: they are swapped"
    if owners and holders:
        return (
            f"it is the gradient of {owners[0]}, and the right one was returned for {holders[0]}: "
            f"the gradients are in the wrong order"
        )
    return None


def find_swapped_shapes(m: Mismatch) -> str | None:
    return None if m.yours.shape == m.x.shape else find_swap(m)


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


def find_formula(m: Mismatch) -> str | None:
    """For elementwise functions: the formula that was computed instead."""
    if m.y is None or m.upstream is None or m.y.shape != m.x.shape or not m.wrong.any():
        return None
    if not m.fits or m.checked.sum() < MANY:
        return None
    for text, expression in FORMULAS:
        with np.errstate(all="ignore"):
            guess = m.upstream * expression(m.x, m.y)
        if m.is_explained_by(guess):
            return f"what was returned is {text}"
    return None


def find_other_term(m: Mismatch) -> str | None:
    """An extra or missing term: yours − numeric is a multiple of something known."""
    if not m.fits or int(m.wrong.sum()) < MANY:
        return None
    # For a scalar loss, c is divided by the upstream gradient.
    unit = float(m.upstream.ravel()[0]) if m.upstream is not None and m.upstream.size == 1 else 1.0
    difference = (m.yours - m.numeric)[m.checked] / unit
    error = 4 * m.tolerance[m.checked] / abs(unit) + 1e-7 * np.abs(difference)
    for text, term in (("x", m.x), ("sign(x)", np.sign(m.x)), ("1", np.ones_like(m.x))):
        term = term[m.checked]
        c = float(difference @ term / (term @ term or 1.0))
        if c and np.all(np.abs(difference - c * term) <= error):
            names = {
                "x": "the derivative of an L2 penalty",
                "sign(x)": "the derivative of an L1 penalty",
                "1": "a constant",
            }
            return f"yours - numeric = {c:.6g} * {text}: an extra or missing term ({names[text]})"
    if m.complete and m.x.ndim > 1:
        for axis, n in enumerate(m.x.shape):
            d = m.yours - m.numeric
            if n > 1 and np.all(np.abs(d - d.mean(axis=axis, keepdims=True)) <= 4 * m.tolerance):
                return (
                    f"yours - numeric is the same for all entries along axis {axis}: the part of "
                    f"the derivative that goes through a sum or mean over that axis is wrong"
                )
    return None


def find_wrong_part(m: Mismatch) -> str | None:
    """Only entries of one kind are wrong: a mask, a case or a place was forgotten."""
    if not m.fits or not m.wrong.any():
        return None
    wrong = m.wrong
    right = m.checked & ~wrong & (np.abs(m.numeric) > m.tolerance)
    found = []
    if right.sum() + wrong.sum() >= MANY:
        if np.all(m.numeric[wrong] == 0):
            found.append("a mask is missing: yours is not zero where nothing depends on the input")
        elif not m.yours[wrong].any() and right.any():
            found.append("a part is missing: yours is zero where the input matters")
        for text, side in (("x < 0", m.x < 0), ("x > 0", m.x > 0)):
            others = m.checked & ~wrong & (m.x != 0)
            if side[wrong].all() and others.any() and not side[others].any():
                found.append(f"every wrong entry has {text}, and no right entry does")
    if not found:
        found += describe_lines(wrong, m.checked)
    return "; ".join(found) or None


def describe_lines(wrong: np.ndarray, checked: np.ndarray) -> list[str]:
    """Whole rows or columns that are wrong while others are right."""
    for axis in range(wrong.ndim if wrong.ndim > 1 else 0):
        rest = tuple(i for i in range(wrong.ndim) if i != axis)
        all_wrong = (wrong | ~checked).all(axis=rest)
        hit = wrong.any(axis=rest)
        if (all_wrong == hit).all() and hit.any() and not hit.all():
            indices = np.flatnonzero(hit)
            shown = ", ".join(map(str, indices[:5])) + (", ..." if indices.size > 5 else "")
            return [f"it is wrong in every entry at index {shown} of axis {axis}, and only there"]
    return []


def name_axes(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"


# The search stops after the first group that finds something: a wrong shape explains the rest.
TABLE: tuple[tuple[tuple[str, Callable[[Mismatch], str | None]], ...], ...] = (
    (("swapped-arguments", find_swapped_shapes),),
    (("not-summed-over-broadcast", find_missing_sum), ("wrong-shape", find_other_shape)),
    (
        ("zero-gradient", find_cut_graph),
        ("zero-gradient", find_zero),
        ("integer-input", find_whole_numbers),
        ("upstream-ignored", find_ignored_upstream),
    ),
    (
        ("constant-factor", find_constant_factor),
        ("swapped-arguments", find_swap),
        ("order-not-undone", find_moved_entries),
    ),
    (("missing-chain-factor", find_formula), ("mask-missing", find_wrong_part)),
    (("penalty-missing", find_other_term),),
)


def find_causes(mismatch: Mismatch) -> tuple[Cause, ...]:
    """Return all explanations of the first group that has any: usually one, and often none."""
    for group in TABLE:
        found = [
            make_cause(name, sentence)
            for name, find in group
            if (sentence := find(mismatch)) is not None
        ]
        if found:
            return tuple(found)
    return ()
