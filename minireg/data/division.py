"""Divide a dataset into stratified parts, which are given as indices.

The parts depend only on the classes of the examples (`strata`) and the generator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from ..checks import check_number
from ..errors import ArgumentError


def draw_sample(
    strata: np.ndarray, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return n examples, each class with its share, and all others; both in random order."""
    order = rng.permutation(len(strata))
    strata = strata[order]
    counts = np.bincount(strata)
    quota, remainder = np.divmod(n * counts, len(strata))
    largest = np.argsort(-remainder, kind="stable")  # of equal ones, the lower class number first
    quota[largest[: n - quota.sum()]] += 1

    # The rank of each example within its class: the first `quota` examples are chosen.
    by_class = np.argsort(strata, kind="stable")
    first_of_class = np.cumsum(counts) - counts
    place = np.empty_like(order)
    place[by_class] = np.arange(len(order)) - first_of_class[strata[by_class]]
    chosen = place < quota[strata]
    # Shuffled again: the end of `order[chosen]` has only classes whose quota was filled late.
    return rng.permutation(order[chosen]), rng.permutation(order[~chosen])


def draw_folds(
    strata: np.ndarray, k: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return k pairs (training, validation); each example is in one validation part."""
    order = rng.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    fold = np.empty_like(order)
    fold[order] = np.arange(len(order)) % k  # neighbours in one class go to different folds
    order = rng.permutation(order)
    return [(order[fold[order] != i], order[fold[order] == i]) for i in range(k)]


def count_parts(fraction: float | Sequence[float], total: int) -> list[int]:
    """Return the size of each part; parts 1 to i have round((f₁ + ... + fᵢ) · total) in all."""
    if isinstance(fraction, Sequence) and not isinstance(fraction, str):
        fractions = [check_number(f"fraction[{i}]", f) for i, f in enumerate(fraction)]
        if not math.isclose(sum(fractions), 1, abs_tol=1e-6):
            raise ArgumentError(
                f"Fractions must have the sum 1, got {fraction}.", argument="fraction"
            )
    else:
        fractions = [share := check_number("fraction", fraction), 1 - share]
    if max(fractions) > 1:
        raise ArgumentError(
            f"split takes shares between 0 and 1, not counts, got {fraction}. For n examples: "
            f"data.sample(n).",
            argument="fraction",
        )
    ends = [round(end * total) for end in accumulate(fractions)]
    sizes = [end - start for start, end in pairwise([0, *ends])]
    if min(sizes) < 1:
        raise ArgumentError(
            f"fraction={fraction} would split {total} examples into parts of {sizes}, but each "
            f"part needs at least one.",
            argument="fraction",
        )
    return sizes
