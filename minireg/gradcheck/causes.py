"""Probable causes: what a wrong gradient looks like.

Each function below knows one family of mistakes.  It gets the `Evidence` about one input, and
returns a sentence if the numbers have the signature of its mistake *in every entry*, else None.
A constant may have two explanations, so the report says "consistent with" and lists all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .evidence import Evidence

MANY = 3  # so many entries must agree before an unnamed pattern counts as one
UNSURE = 1e-3  # a factor that is known less well fits too many names


def not_summed(e: Evidence) -> str | None:
    """Broadcasting copies entries, so their gradients add up."""
    if e.yours.ndim < e.x.ndim or e.yours.size <= e.x.size:
        return None
    extra = e.yours.ndim - e.x.ndim
    lengths = (1,) * extra + e.x.shape
    axes = tuple(i for i, n in enumerate(lengths) if n == 1 and e.yours.shape[i] != 1)
    axes = tuple(sorted({*range(extra), *axes}))
    summed = e.yours.sum(axis=axes, keepdims=True)
    if summed.size == e.x.size and e.right(summed.reshape(e.x.shape)):
        return (
            f"it is not summed over {named_axes(axes)}, along which the input was broadcast: "
            f"summed, it is right"
        )
    return None


def other_shape(e: Evidence) -> str | None:
    """The right numbers in another shape."""
    if e.yours.shape == e.x.shape or e.yours.size != e.x.size:
        return None
    if e.right(e.yours.reshape(e.x.shape)):
        return f"the numbers are right: reshape it to {e.x.shape}"
    if e.yours.ndim > 1 and e.right(e.yours.T.reshape(e.x.shape)):
        return "it is transposed"
    return None


def graph_cut(e: Evidence) -> str | None:
    if e.cut and not e.yours.any():
        return (
            "the recorded graph is cut: the output requires no gradient. Between input and output "
            "stands .data, .detach(), .numpy() or no_grad()"
        )
    return None


def zero(e: Evidence) -> str | None:
    if e.fits and not e.cut and not e.yours.any() and e.wrong.any():
        return "it is zero everywhere: it is never written, or the chain rule is broken before it"
    return None


def whole_numbers(e: Evidence) -> str | None:
    if e.whole:
        return "it is kept in an array of whole numbers, which cuts off its decimals"
    return None


def upstream_ignored(e: Evidence) -> str | None:
    """The chain rule multiplies with the upstream gradient, once."""
    if not e.fits or e.again is None or e.upstream is None or not e.yours.any():
        return None
    other = np.random.default_rng(1).permutation(e.upstream.ravel()).reshape(e.upstream.shape)
    other = other * 1700 + 300  # large: whole numbers show it, too
    changed, negative = e.again(other), e.again(-e.upstream)
    if changed is None or negative is None:
        return None
    if e.same(changed, e.yours):
        return "the upstream gradient is ignored: another one gives the same result"
    if not e.whole and not e.same(negative, -e.yours):
        return (
            "the upstream gradient is not just multiplied: its negative does not give the negative "
            "(masks belong to x or y, and nothing may be added)"
        )
    return None


def constant_factor(e: Evidence) -> str | None:
    """2, 1/2, −1, N, 1/N … and any other constant."""
    if not e.fits or not e.wrong.any():
        return None
    yours, numeric = e.yours[e.checked], e.numeric[e.checked]
    c = float(yours @ numeric / (numeric @ numeric or 1.0))
    error = 4 * e.tolerance[e.checked] * (1 + abs(c))
    if c == 0 or np.any(np.abs(yours - c * numeric) > error + 1e-7 * np.abs(c * numeric)):
        return None
    # By so much, relative to c, the errors of the slopes may have moved it.
    unsure = float(e.tolerance[e.checked] @ np.abs(numeric) / (numeric @ numeric))
    clear = int((np.abs(numeric) > 100 * e.tolerance[e.checked]).sum())
    names = factor_names(c, min(max(unsure, 1e-6), UNSURE), e)
    if names:
        return f"a constant factor: yours = {c:.6g} * numeric, and {' or '.join(names)}"
    if clear >= MANY:
        return f"a constant factor: yours = {c:.6g} * numeric in every entry"
    return None


def factor_names(c: float, unsure: float, e: Evidence) -> list[str]:
    """What is known to be the factor c, up to its sign and to the relative deviation `unsure`."""

    def is_(value: float) -> bool:
        return abs(abs(c) - value) <= unsure * value

    known = ((2, "a 2 is too many"), (0.5, "a 2 is missing"))
    names = [text for value, text in known if is_(value)]
    if c < 0 and is_(1):
        names.append("the sign is wrong")
    lengths: dict[int, list[str]] = {}
    for array, letter in ((e.x, "x"), (e.y, "y")):
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


def moved(e: Evidence) -> str | None:
    """The right numbers in the wrong places."""
    if not e.fits or not e.wrong.any() or not e.conclusive:
        return None
    if e.x.ndim == 2 and e.right(e.yours.T):
        return "it is transposed"
    for axis in range(e.x.ndim):
        if e.right(np.flip(e.yours, axis)):
            return f"it is reversed along axis {axis}: undo the flip"
    if e.x.size > MANY and e.complete and e.right(in_order_of(e.numeric, e.yours)):
        return "it has the right numbers in the wrong places (a reshape or permutation not undone)"
    return None


def in_order_of(numeric: np.ndarray, yours: np.ndarray) -> np.ndarray:
    """The entries of `yours` where those of the same rank stand in `numeric`."""
    found = np.empty(yours.size)
    found[np.argsort(numeric, axis=None)] = np.sort(yours, axis=None)
    return found.reshape(yours.shape)


def swapped(e: Evidence) -> str | None:
    """Gradients are returned in the order of the arguments."""
    if not e.wrong.any() or not e.conclusive:
        return None
    others = [(name, other) for name, other in e.others.items() if other.conclusive]
    owners = [name for name, other in others if other.right(e.yours)]
    holders = [name for name, other in others if e.right(other.yours)]
    for name in owners:
        if name in holders:
            return f"it is the gradient of {name}, and the other way round: they are swapped"
    if owners and holders:
        return (
            f"it is the gradient of {owners[0]}, and its own was returned for {holders[0]}: they "
            f"are in the wrong order"
        )
    return None


def swapped_shapes(e: Evidence) -> str | None:
    return None if e.yours.shape == e.x.shape else swapped(e)


# What students write where another formula belongs; `x` is the input and `y` the output.
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


def formula(e: Evidence) -> str | None:
    """Elementwise functions: which formula was computed instead."""
    if e.y is None or e.upstream is None or e.y.shape != e.x.shape or not e.wrong.any():
        return None
    if not e.fits or e.checked.sum() < MANY:
        return None
    for text, expression in FORMULAS:
        with np.errstate(all="ignore"):
            guess = e.upstream * expression(e.x, e.y)
        if e.explains(guess):
            return f"what was returned is {text}"
    return None


def residual(e: Evidence) -> str | None:
    """A term too much or missing: yours − numeric is a multiple of something known."""
    if not e.fits or int(e.wrong.sum()) < MANY:
        return None
    # For a scalar loss, c is read in units of the loss.
    unit = float(e.upstream.ravel()[0]) if e.upstream is not None and e.upstream.size == 1 else 1.0
    difference = (e.yours - e.numeric)[e.checked] / unit
    error = 4 * e.tolerance[e.checked] / abs(unit) + 1e-7 * np.abs(difference)
    for text, term in (("x", e.x), ("sign(x)", np.sign(e.x)), ("1", np.ones_like(e.x))):
        term = term[e.checked]
        c = float(difference @ term / (term @ term or 1.0))
        if c and np.all(np.abs(difference - c * term) <= error):
            names = {
                "x": "the derivative of an L2 penalty",
                "sign(x)": "the derivative of an L1 penalty",
                "1": "a constant",
            }
            return f"yours - numeric = {c:.6g} * {text}: a term too much or missing ({names[text]})"
    if e.complete and e.x.ndim > 1:
        for axis, n in enumerate(e.x.shape):
            d = e.yours - e.numeric
            if n > 1 and np.all(np.abs(d - d.mean(axis=axis, keepdims=True)) <= 4 * e.tolerance):
                return (
                    f"yours - numeric is the same for all entries along axis {axis}: the part of "
                    f"the derivative that goes through a sum or mean over that axis is wrong"
                )
    return None


def support(e: Evidence) -> str | None:
    """Only entries of one kind are wrong: a mask, a case or a place was forgotten."""
    if not e.fits or not e.wrong.any():
        return None
    wrong = e.wrong
    right = e.checked & ~wrong & (np.abs(e.numeric) > e.tolerance)
    found = []
    if right.sum() + wrong.sum() >= MANY:
        if np.all(e.numeric[wrong] == 0):
            found.append("a mask is missing: yours is not zero where nothing depends on the input")
        elif not e.yours[wrong].any() and right.any():
            found.append("a part is missing: yours is zero where the input matters")
        for text, side in (("x < 0", e.x < 0), ("x > 0", e.x > 0)):
            others = e.checked & ~wrong & (e.x != 0)
            if side[wrong].all() and others.any() and not side[others].any():
                found.append(f"every wrong entry has {text}, and no right one has")
    if not found:
        found += places(wrong, e.checked)
    return "; ".join(found) or None


def places(wrong: np.ndarray, checked: np.ndarray) -> list[str]:
    """Whole rows or columns that are wrong while others are right."""
    for axis in range(wrong.ndim if wrong.ndim > 1 else 0):
        rest = tuple(i for i in range(wrong.ndim) if i != axis)
        all_wrong = (wrong | ~checked).all(axis=rest)
        hit = wrong.any(axis=rest)
        if (all_wrong == hit).all() and hit.any() and not hit.all():
            indices = np.flatnonzero(hit)
            shown = ", ".join(map(str, indices[:5])) + (", ..." if indices.size > 5 else "")
            return [f"only at index {shown} of axis {axis}, and there every entry, it is wrong"]
    return []


def named_axes(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"


# The first group that finds something speaks: a wrong shape explains everything that follows.
TABLE: tuple[tuple[Callable[[Evidence], str | None], ...], ...] = (
    (swapped_shapes,),
    (not_summed, other_shape),
    (graph_cut, zero, whole_numbers, upstream_ignored),
    (constant_factor, swapped, moved),
    (formula, support),
    (residual,),
)


def probable_causes(evidence: Evidence) -> tuple[str, ...]:
    """Every explanation of the first group that has one; most often one, and often none."""
    for group in TABLE:
        found = [sentence for cause in group if (sentence := cause(evidence)) is not None]
        if found:
            return tuple(found)
    return ()
