"""Slopes with a bound of their error: which step to trust, and what is a kink.

The first step balances rounding and truncation for most functions.  Where its slopes are rough, the
step shrinks, so that it does not reach kinks nearby and fits the scale of the function.  A jump of
the slope that stays the same while the step shrinks tenfold is a kink at the point itself.  Where
rounding hides a small derivative, the step grows, if the slopes of both agree.

Ridders (1982), "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .differences import (
    Differences,
    Direction,
    Function,
    estimate_noise,
    measure_size,
    take_differences,
)

STEPS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9)  # times max(1, |x|)
RELATIVE_STEP = 1e-5  # times |x|; the last step, for log and √ near 0
WIDE_STEP = 1e-3
FAR_STEPS = (1e-1, 1e1)  # where a function is expected not to move at all
NOISY = 1e-5  # more noise than this, relative to the largest number, is not from rounding
SMOOTH, USABLE = 1e-9, 1e-7  # limits of roughness and error, relative to the largest slope


@dataclass
class Slopes:
    """The slopes of φ along n directions, from finite differences: arrays of length n.

    Attributes:
        value: the slope; at a kink the mean of both sides.
        low, high: between them, every value is a valid (sub)derivative; equal where φ is smooth.
        error: a bound of the error of `value`, `low` and `high`.
        size: Σⱼ |uⱼ dfⱼ|, the sum of the absolute terms of `value`.
        still: the part of `error` that is due to outputs that did not move at all.
        step: the step that was used.
        kink: whether left and right differ at the point itself.
        settled: False where no slope was found: a jump, a kink too near, values that are not
            finite, or noise.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: np.ndarray
    size: np.ndarray
    still: np.ndarray
    step: np.ndarray
    kink: np.ndarray
    settled: np.ndarray

    @classmethod
    def unknown(cls, n: int) -> Slopes:
        """Return slopes of n directions about which nothing is known."""
        numbers, flags = np.full((7, n), np.nan), np.zeros((2, n), dtype=bool)
        numbers[3] = np.inf
        return cls(*numbers, *flags)

    def join(self, other: Slopes) -> Slopes:
        """Return these slopes, followed by the others."""
        columns = zip(vars(self).values(), vars(other).values())
        return Slopes(*(np.concatenate(column) for column in columns))

    def put(self, places: np.ndarray, found: Differences, error: np.ndarray, kink: bool) -> None:
        """Store what was found for these places."""
        self.value[places], self.size[places] = found.value, found.size
        self.low[places] = found.low if kink else found.value
        self.high[places] = found.high if kink else found.value
        self.error[places], self.step[places], self.kink[places] = error, found.step, kink
        self.still[places] = found.still

    def slack(self, tolerance: float) -> np.ndarray:
        """Return how far a gradient may be outside [low, high], due to errors of both."""
        return self.error + tolerance * np.abs(self.value) + 1e-11 * self.size

    def outside(self, claimed: np.ndarray) -> np.ndarray:
        """Return how far `claimed` is outside [low, high]; infinite if it is not finite."""
        distance = np.maximum(np.maximum(self.low - claimed, claimed - self.high), 0)
        return np.where(np.isfinite(claimed), distance, np.inf)


class Point:
    """A function at a point, with an upstream gradient: φ and its slopes.

    Args:
        function: f, from a vector to a new vector.
        z: (n,) the point.
        value: (m,) f(z).
        upstream: (m,) u in φ = Σ u f.
        random: for the estimate of the noise.
    """

    def __init__(
        self,
        function: Function,
        z: np.ndarray,
        value: np.ndarray,
        upstream: np.ndarray,
        random: np.random.Generator,
    ) -> None:
        self.function, self.z, self.value, self.upstream = function, z, value, upstream
        self.noise = estimate_noise(function, z, value, random)

    def take_differences(self, directions: Sequence[Direction], steps: np.ndarray) -> Differences:
        return take_differences(
            self.function, self.z, self.value, self.upstream, self.noise, directions, steps
        )

    @property
    def rounding(self) -> float:
        """The rounding error of φ, as a standard deviation."""
        return float(np.linalg.norm(self.upstream * self.noise))

    def find_slopes(self, directions: Sequence[Direction]) -> Slopes:
        """Return the slopes of φ along each direction."""
        slopes = Slopes.unknown(len(directions))
        largest = self.narrow(directions, slopes)
        slopes.settled |= slopes.error <= USABLE * largest
        size = max(np.abs(self.value).max(), measure_size(self.z))
        if self.noise.max() > NOISY * size:  # it oscillates, or is random
            slopes.settled[:] = False

        self.widen(directions, slopes, slopes.settled & (slopes.error > USABLE * largest))
        return slopes

    def widen(self, directions: Sequence[Direction], slopes: Slopes, which: np.ndarray) -> None:
        """Try a wider step for some directions, because rounding hides their slopes."""
        places = np.flatnonzero(which & ~slopes.kink)
        if places.size == 0:
            return
        chosen = [directions[i] for i in places.tolist()]
        now = self.take_differences(chosen, WIDE_STEP * self.units(chosen))
        error = now.rounding + now.roughness
        # Where the function oscillates faster than the step, any slope may come out.
        agrees = np.abs(now.value - slopes.value[places]) <= error + slopes.error[places]
        better = agrees & (error < slopes.error[places])
        slopes.put(places[better], now[better], error[better], kink=False)

    def find_far_slope(self, direction: Direction, claimed: float, bound: float) -> float | None:
        """Return a slope that only far steps show to be another one than `claimed`; else None.

        If it deviates by more than `bound`, it is not that of this point: the function is curved.
        """
        for step in FAR_STEPS:
            try:
                found = self.take_differences([direction], np.array([step]))
            except Exception:  # the function may refuse what is far away
                break
            slope, error = float(found.value[0]), found.rounding[0] + found.roughness[0]
            if error < abs(slope - claimed) <= bound:
                return slope
            bound = min(bound, error)
        return None

    def narrow(self, directions: Sequence[Direction], slopes: Slopes) -> float:
        """Shrink the step until each slope is smooth or a kink; return the size of the largest."""
        todo = np.arange(len(directions))
        before: Differences | None = None
        largest = 0.0
        for steps in self.list_steps(directions):
            going = steps[todo] > 0
            todo, before = todo[going], before if before is None else before[going]
            if todo.size == 0:
                break
            now = self.take_differences([directions[i] for i in todo.tolist()], steps[todo])
            error = now.rounding + now.roughness
            finite = np.isfinite(now.roughness)
            if before is None:
                largest = float(np.max(now.size, initial=0, where=finite))
            smooth = finite & (now.roughness <= SMOOTH * largest + now.rounding)
            best = finite & (error < slopes.error[todo])
            slopes.put(todo[best], now[best], error[best], kink=False)
            if before is not None:
                # A kink that was seen may now be hidden by rounding; that is not smooth.
                smooth &= ~before.kinked | (now.rounding <= 0.3 * before.roughness)
            done = smooth
            if before is not None:
                # Truncation errors fall at least like h, so tenfold; kinks stay the same.
                falling = np.isfinite(before.roughness) & (now.roughness <= 0.15 * before.roughness)
                smooth = smooth | (finite & falling)
                done = done | (smooth & (error <= USABLE * largest))
                change = np.abs(now.low - before.low) + np.abs(now.high - before.high)
                width, noises = now.high - now.low, now.rounding + before.rounding
                same = (change <= 1e-3 * width + 2 * noises) & (noises <= 0.1 * width)
                kink = finite & ~smooth & ~slopes.settled[todo] & same
                # The wider step saw the same kink with less rounding.
                slopes.put(todo[kink], before[kink], (before.rounding + change)[kink], kink=True)
                smooth, done = smooth | kink, done | kink
            slopes.settled[todo[smooth]] = True
            todo, before = todo[~done], now[~done]
        return largest

    def units(self, directions: Sequence[Direction]) -> np.ndarray:
        """Return the units of the steps: max(1, |x|) for a coordinate, otherwise 1."""
        return np.array(
            [max(1.0, d.reach(self.z)) if isinstance(d.where, int) else 1.0 for d in directions]
        )

    def list_steps(self, directions: Sequence[Direction]) -> list[np.ndarray]:
        """Return the steps to try: arrays with a step for each direction, 0 where there is none."""
        steps = [step * self.units(directions) for step in STEPS]
        relative = RELATIVE_STEP * np.array([direction.reach(self.z) for direction in directions])
        return [*steps, np.where(relative < 0.1 * steps[-1], relative, 0)]


def as_directions(places: Any) -> list[Direction]:
    """One direction for each entry."""
    return [Direction(int(i)) for i in places]
