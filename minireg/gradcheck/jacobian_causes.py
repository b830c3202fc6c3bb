"""Causes that the Jacobian shows: on which inputs each output depends, here and in the result.

The Jacobian of the function comes from finite differences, that of the backward pass from one
upstream gradient for each output.
"""

from __future__ import annotations

import numpy as np

from .cause import Cause, make_cause
from .mismatch import Mismatch

LOST = "some contributions are missing, or overwrite each other"


def find_routing(m: Mismatch) -> list[Cause]:
    """Each output equals one chosen input, as that of a maximum does."""
    if m.jacobians is None or m.y is None or m.y.size >= m.x.size:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    if m.has_indices:
        return []  # the outputs may be chosen by an index
    chosen = numeric != 0
    sizes = np.abs(numeric[chosen])
    if not (chosen.sum(axis=1) == 1).all() or np.ptp(sizes) > 1e-5 * sizes.max():
        return []
    extra = (returned != 0) & ~chosen
    if not extra.any() and not (m.chooses and ((returned == 0) & chosen).any()):
        return []  # what is only left out is not moved
    most = int((returned != 0).sum(axis=1).max())
    evidence = f"each output depends on 1 entry, and its gradient goes to {most}"
    if most <= 1:
        evidence = "each output depends on 1 entry, and its gradient goes to another one or to none"
    names = ["max-not-routed" if m.chooses else "order-not-undone", "wrong-axis"][: max(most, 1)]
    return [make_cause(name, evidence) for name in names]


def find_lost_contributions(m: Mismatch) -> list[Cause]:
    """Some outputs that depend on an entry contribute nothing to its gradient, others do."""
    if m.jacobians is None:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    kept = returned != 0
    if not m.jacobians.is_equal(returned, np.where(kept, numeric, 0)):
        return []
    lost = (numeric != 0) & ~kept
    partly = lost.any(axis=0) & kept.any(axis=0)
    if not partly.any() or not (lost.any(axis=0) == partly).all():
        return []
    i = int(np.argmax(partly))
    index = [int(k) for k in np.unravel_index(i, m.x.shape)]
    reached, counted = int((numeric[:, i] != 0).sum()), int(kept[:, i].sum())
    same = m.y is not None and m.y.shape == m.x.shape
    if same and np.count_nonzero(kept) == np.count_nonzero(np.diag(kept)):
        return []  # the diagonal alone is not a sum that lost a part
    evidence = f"entry {index} reaches {reached} outputs, and {counted} of them contribute"
    found = [make_cause("overwritten-not-accumulated", evidence, LOST)]
    slopes = numeric[:, i][numeric[:, i] != 0]
    if np.ptp(slopes) <= 1e-6 * np.abs(slopes).max():
        found.append(make_cause("not-summed-over-broadcast", "the outputs are copies of it"))
    elif counted == 1:
        found.append(make_cause("jacobian-diagonal-only", "the others are left out"))
    return found


def find_extra_contributions(m: Mismatch) -> list[Cause]:
    """Outputs that do not depend on an entry contribute to its gradient, too."""
    if m.jacobians is None:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    used = numeric != 0
    extra = (returned != 0) & ~used
    wrong = extra[:, used.any(axis=0)].any()
    if wrong and m.jacobians.is_equal(np.where(used, returned, 0), numeric):
        evidence = "outputs that do not depend on an entry contribute to its gradient, too"
        return [make_cause("wrong-axis", evidence)]
    return []


def find_forward_again(m: Mismatch) -> list[Cause]:
    """A linear function is applied again, and not its transpose."""
    if m.jacobians is None or m.y is None or m.y.size != m.x.size:
        return []
    if m.jacobians.is_equal(m.jacobians.returned, m.jacobians.numeric.T):
        evidence = "the forward pass is applied again, in place of what undoes it"
        return [make_cause("order-not-undone", evidence)]
    return []


def find_moved_upstream(m: Mismatch) -> list[Cause]:
    """The upstream gradient is used in another order: the rows of the Jacobian are exchanged."""
    if m.jacobians is None or m.y is None:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    weights = np.random.default_rng(0).normal(size=m.x.size)
    a, b = numeric @ weights, returned @ weights
    order = np.empty(a.size, dtype=int)
    order[np.argsort(b)] = np.argsort(a)
    if not m.jacobians.is_equal(returned, numeric[order]):
        return []
    if m.y.ndim == 2:
        turned = np.arange(m.y.size).reshape(m.y.shape[::-1]).T.ravel()
        if m.jacobians.is_equal(returned, numeric[turned]):
            return [make_cause("transposed", "it is right for the transposed upstream gradient")]
    evidence = "it is right for an upstream gradient with its entries in another order"
    return [make_cause("order-not-undone", evidence)]


def find_coupling(m: Mismatch) -> list[Cause]:
    """Along which axes outputs depend on inputs, in the function and in the backward pass."""
    if m.jacobians is None or m.y is None or m.y.shape != m.x.shape or m.x.ndim == 0:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    if (np.count_nonzero(numeric, axis=1) <= 1).all() and (numeric != 0).any():
        return []  # the outputs are chosen or moved entries
    axes, theirs = list_axes(numeric, m.x.shape), list_axes(returned, m.x.shape)
    along = f"outputs depend on all entries along axis {', '.join(map(str, sorted(axes)))}"
    if not theirs:
        evidence = f"{along}, but yours only on the entry at the same place"
        names = ["statistics-held-constant", "jacobian-diagonal-only"]
        if m.jacobians.is_equal(np.diag(returned), np.diag(numeric)):
            names = ["jacobian-diagonal-only"]
        return [make_cause(name, evidence) for name in names]
    if not theirs <= axes:
        evidence = f"{along}, but yours along axis {', '.join(map(str, sorted(theirs)))}"
        return [make_cause("wrong-axis", evidence)]
    return find_missing_statistic(m, axes)


def list_axes(jacobian: np.ndarray, shape: tuple[int, ...]) -> set[int]:
    """Return the axes along which the places of dependent outputs and inputs differ."""
    outputs, inputs = np.nonzero(jacobian)
    pairs = zip(np.unravel_index(outputs, shape), np.unravel_index(inputs, shape))
    return {axis for axis, (i, j) in enumerate(pairs) if (i != j).any()}


def find_curvature(m: Mismatch) -> list[Cause]:
    """For losses: on which entries of the input an entry of the gradient depends."""
    if m.probe is None or not m.is_loss or not m.fits or not m.shows_constants:
        return []
    if not m.probe.small or m.bad_factor is not None:
        return []
    i = int(np.argmax(m.wrong))
    numeric, returned = m.probe.find_curvature(i)
    place = np.unravel_index(i, m.x.shape)
    axes, theirs = (
        {axis for axis, at in enumerate(np.unravel_index(np.nonzero(row)[0], m.x.shape))
         if (at != place[axis]).any()}
        for row in (numeric, returned)
    )  # fmt: skip
    along = f"the gradient of an entry depends on {name_entries(axes)}"
    if axes and not theirs:
        evidence = f"{along}, but yours only on the entry at the same place"
        names = ["statistics-held-constant", "jacobian-diagonal-only"]
    elif axes != theirs:
        evidence = f"{along}, but yours on {name_entries(theirs)}"
        names = ["wrong-axis", "statistics-held-constant" if axes else "missing-chain-factor"]
    else:
        evidence, names = "", ["missing-chain-factor"]
    return [make_cause(name, evidence) for name in names]


def name_entries(axes: set[int]) -> str:
    listed = ", ".join(map(str, sorted(axes)))
    return f"entries along axis {listed}" if axes else "that entry only"


def find_missing_statistic(m: Mismatch, axes: set[int]) -> list[Cause]:
    """The difference of the Jacobians has a low rank: a part through one number is missing."""
    difference = m.jacobians.returned - m.jacobians.numeric  # type: ignore[union-attr]
    shape = m.x.shape
    others = tuple(i for i in range(m.x.ndim) if i not in axes)
    first = tuple(0 for _ in others)
    index = [slice(None)] * m.x.ndim
    for axis, i in zip(others, first):
        index[axis] = i  # type: ignore[call-overload]
    places = np.arange(m.x.size).reshape(shape)[tuple(index)].ravel()
    block = difference[np.ix_(places, places)]
    _, sizes, right = np.linalg.svd(block)
    rank = int((sizes > 1e-4 * sizes.max(initial=0)).sum())
    if 0 < rank <= 2 and rank < block.shape[0] - 1:
        evidence = describe_statistic(right[:rank], m.x.ravel()[places], name_group(axes, m.x.ndim))
        return [
            make_cause("statistics-held-constant", evidence),
            make_cause("constant-factor", "a term may have a wrong factor"),
        ]
    return []


def describe_statistic(rows: np.ndarray, x: np.ndarray, group: str) -> str:
    """Tell which term is wrong, if yours - numeric is made of these rows in each group of x."""
    centered = (x - x.mean()) / (np.linalg.norm(x - x.mean()) or 1)
    if len(rows) == 1 and np.ptp(rows) <= 1e-3 * np.abs(rows).max():
        return (
            f"the difference is the same for all entries of {group}: a term that comes from a sum "
            f"or mean over {group} is missing or wrong"
        )
    if len(rows) == 1 and abs(rows[0] @ centered) >= 1 - 1e-6:
        return (
            f"the difference is a multiple of x - x.mean() in {group}: a term that comes from the "
            f"variance is missing or wrong"
        )
    return f"a term that comes from a sum, mean or norm over {group} is missing or wrong"


def name_group(axes: set[int], ndim: int) -> str:
    """Return what the entries along some axes are called."""
    if ndim == 2 and len(axes) == 1:
        return ("a column", "a row")[min(axes)]
    return f"axis {', '.join(map(str, sorted(axes)))}"


def find_scaled_jacobian(m: Mismatch) -> list[Cause]:
    """A factor for each entry, or for each output: a factor of the chain rule."""
    if m.jacobians is None or m.y is None:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    if m.is_elementwise and not (returned - np.diag(np.diag(returned))).any():
        return [make_cause("missing-chain-factor")]
    both = (numeric != 0) & (returned != 0)
    if not both.any():
        return []
    ratio = np.where(both, returned / np.where(both, numeric, 1), np.nan)
    for axis, array, form in (
        (0, m.x, "yours = numeric {}"),
        (1, m.y, "yours is right for upstream {} in place of upstream"),
    ):
        with np.errstate(all="ignore"):
            low, high = np.nanmin(ratio, axis=axis), np.nanmax(ratio, axis=axis)
        several = both.sum(axis=axis) > 1
        same = np.abs(high - low) <= 1e-4 * np.abs(high)
        if several.sum() > 1 and same[several].all() and np.ptp(high[several]) > 1e-3:
            evidence = form.format(name_ratio(m, high.reshape(array.shape)))
            return [make_cause("missing-chain-factor", evidence)]
    if ((numeric != 0) == (returned != 0)).all():
        evidence = "it depends on the right entries, but with other factors"
        return [make_cause("missing-chain-factor", evidence), make_cause("wrong-axis", evidence)]
    return []


def name_ratio(m: Mismatch, ratio: np.ndarray) -> str:
    """Tell by what an array was multiplied: an input, or a number for each entry, row or column."""
    arrays = {name: other.x for name, other in m.others.items()}
    arrays |= {
        n: x for n, x in m.fixed.items() if isinstance(x, np.ndarray) and x.dtype.kind == "f"
    }
    known = np.isfinite(ratio)
    for name, array in arrays.items():
        with np.errstate(all="ignore"):
            for text, factor in ((f"* {name}", array), (f"/ {name}", 1 / array)):
                if is_factor(factor, ratio, known):
                    return text
    for axis in range(ratio.ndim) if ratio.ndim == 2 else ():
        if is_factor(np.nanmean(ratio, axis=axis, keepdims=True), ratio, known):
            return f"times a number for each {('column', 'row')[axis]}"
    return "times a number for each entry"


def is_factor(factor: np.ndarray, ratio: np.ndarray, known: np.ndarray) -> bool:
    """Whether an array, broadcast, is this ratio where it is known."""
    try:
        whole = np.broadcast_to(factor, ratio.shape)
    except ValueError:
        return False
    return bool(known.any() and np.allclose(whole[known], ratio[known], rtol=1e-4, atol=0))
