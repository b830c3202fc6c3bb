"""Causes that the Jacobian shows: on which inputs each output depends, here and in the result.

The Jacobian of the function comes from finite differences, that of the backward pass from one
upstream gradient for each output.
"""

from __future__ import annotations

import numpy as np

from .cause import Cause, make_cause
from .mismatch import Mismatch


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
    evidence = f"entry {index} reaches {reached} outputs, and {counted} of them contribute"
    found = [make_cause("overwritten-not-accumulated", evidence)]
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
        evidence = "it depends on the right entries, but is another formula"
        names = ["missing-chain-factor"]
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
    sizes = np.linalg.svd(block, compute_uv=False)
    rank = int((sizes > 1e-4 * sizes.max(initial=0)).sum())
    if 0 < rank <= 2 and rank < block.shape[0] - 1:
        evidence = (
            f"yours - numeric goes through {rank} number{'s' * (rank > 1)} for each group of "
            f"{block.shape[0]} entries"
        )
        part = "a factor of one part of the derivative"
        return [
            make_cause("statistics-held-constant", evidence),
            make_cause("constant-factor", part),
        ]
    return []


def find_scaled_jacobian(m: Mismatch) -> list[Cause]:
    """A factor for each entry, or for each output: a factor of the chain rule."""
    if m.jacobians is None or m.y is None:
        return []
    numeric, returned = m.jacobians.numeric, m.jacobians.returned
    if m.is_elementwise and not (returned - np.diag(np.diag(returned))).any():
        evidence = "yours / numeric is another number in each entry"
        return [make_cause("missing-chain-factor", evidence)]
    both = (numeric != 0) & (returned != 0)
    if not both.any():
        return []
    ratio = np.where(both, returned / np.where(both, numeric, 1), np.nan)
    for axis, of in ((0, "each entry of the input"), (1, "each output")):
        with np.errstate(all="ignore"):
            low, high = np.nanmin(ratio, axis=axis), np.nanmax(ratio, axis=axis)
        several = both.sum(axis=axis) > 1
        same = np.abs(high - low) <= 1e-4 * np.abs(high)
        if several.sum() > 1 and same[several].all() and np.ptp(high[several]) > 1e-3:
            return [make_cause("missing-chain-factor", f"yours / numeric is one number for {of}")]
    if ((numeric != 0) == (returned != 0)).all():
        evidence = "it depends on the right entries, but with other factors"
        return [make_cause("missing-chain-factor", evidence), make_cause("wrong-axis", evidence)]
    return []
