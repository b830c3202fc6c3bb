"""Random numbers of a student, judged by exact binomial tails.

A right sampler is refused with a probability of at most 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, log, log1p
from typing import Any

import numpy as np

from ..errors import ArgumentError
from .checks import Check, Failure
from .markers import Random
from .student import Student, describe, is_number

FALSE_ALARM = 1e-9
TESTS = 4  # of one sampler, which share the false alarms


@cache
def find_range(trials: int, probability: float, false_alarm: float) -> tuple[int, int]:
    """Return the smallest and the largest number of successes that are not too improbable.

    Args:
        trials: independent ones.
        probability: of a success.
        false_alarm: a bound of the probability of fewer or more successes, half for each side.

    >>> find_range(400, 0.7, 1e-9)
    (222, 333)
    """

    def count_improbable(p: float) -> int:
        """The length of the longest lower tail whose probability is at most half of the bound."""
        tail, k = 0.0, 0
        while True:
            ways = lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1)
            tail += exp(ways + k * log(p) + (trials - k) * log1p(-p))
            if tail > false_alarm / 2:
                return k
            k += 1

    return count_improbable(probability), trials - count_improbable(1 - probability)


@dataclass(frozen=True)
class Sampler(Check):
    """The student's function draws independent entries that are True with a probability.

    Args:
        function: its name.
        arguments: by their names; `Random(0)` stands for the generator.
        shape: of the result, with at least 400 entries.
        probability: of True.  Not 1/2, or an exchange of the two could not be seen.
    """

    function: str
    arguments: dict[str, Any]
    shape: tuple[int, ...]
    probability: float

    def __post_init__(self) -> None:
        if np.prod(self.shape) < 400:
            raise ArgumentError(f"shape must have at least 400 entries, got {self.shape}.")
        if not 0 < self.probability < 1 or self.probability == 0.5:
            raise ArgumentError(
                f"probability must be between 0 and 1 and not 0.5, got {self.probability}."
            )

    @property
    def name(self) -> str:
        return f"{self.function}: distribution"

    def draw_arguments(self, seed: int) -> tuple[Any, ...]:
        values = self.arguments.values()
        return tuple(Random(x.seed + seed) if isinstance(x, Random) else x for x in values)

    def run(self, student: Student, seed: int = 0) -> None:
        mask, other = (
            student.call(self.function, *self.draw_arguments(s)) for s in (seed, seed + 1)
        )
        where = f"{self.function}{student.locate(self.function)}"
        for result in (mask, other):
            if not is_number(result) or np.shape(result) != self.shape:
                raise Failure(
                    f"{where}: the result is {describe(result)}. Expected is an array of True and "
                    f"False of shape {self.shape}."
                )
            if not np.isin(result, (0, 1)).all():
                raise Failure(f"{where}: the entries must be True and False only.")
        if explanation := self.find_fault(np.asarray(mask) == 1, np.asarray(other) == 1):
            raise Failure(f"{where}: {explanation}")

    def find_fault(self, mask: np.ndarray, other: np.ndarray) -> str:
        """Return what is improbable for a right sampler; empty if nothing is."""
        share, p = mask.mean(), self.probability
        if not is_probable(mask, p):
            swapped = " The two are exchanged." if is_probable(mask, 1 - p) else ""
            return (
                f"{share:.0%} of the entries are True, but True must have the probability {p:g}."
                f"{swapped}"
            )
        alike = p * p + (1 - p) * (1 - p)  # the probability that two independent entries agree
        if not is_probable(mask == other, alike):
            return (
                "two different generators give nearly the same entries. Draw from the generator "
                "that is given."
            )
        for axis, length in enumerate(self.shape):
            pairs = np.moveaxis(mask, axis, 0)[: length // 2 * 2]
            if pairs.size and not is_probable(pairs[::2] == pairs[1::2], alike):
                return (
                    f"entries that are neighbours along axis {axis} are not independent. Draw one "
                    f"random number for each entry."
                )
        return ""


def is_probable(entries: np.ndarray, probability: float) -> bool:
    """Whether the number of True entries is one that a right sampler gives."""
    low, high = find_range(entries.size, probability, FALSE_ALARM / TESTS)
    return low <= int(entries.sum()) <= high
