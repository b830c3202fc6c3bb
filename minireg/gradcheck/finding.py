"""Finding: what the check found about the gradient of one input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .slopes import Slopes
from .subject import Input, Verdict, as_numbers, describe_result, is_close, to_host

# The largest error of a slope that allows a verdict: relative to the largest entry, and to its own.
RESOLVED, VISIBLE = 1e-5, 0.5
SINGLE = 2e-5  # a float32 gradient may deviate by this, relative to its largest entry
UNDERFLOW = 8  # rounding errors of numbers so small that each is half of the smallest one


@dataclass(frozen=True)
class Entry:
    """One entry of a gradient.

    Attributes:
        index: its place in the input.
        input: the value of the input there.
        upstream: the upstream gradient there, if input and output have the same shape.
        yours: the gradient that was checked.
        low, high: the slope from finite differences; at a kink every value between is valid.
        error: the uncertainty of `low` and `high`: a bound of their error.
    """

    index: tuple[int, ...]
    input: float
    upstream: float | None
    yours: float
    low: float
    high: float
    error: float


class Finding:
    """The gradient of one input, compared with finite differences.

    Args:
        input: its name, shape and place.
        start: the vector of all inputs.
        returned: what the backward pass returned for it.
        tolerance: the relative deviation that is accepted in addition to the error of the slopes.
        upstream: the upstream gradient entry by entry, if input and output have the same shape.

    Attributes:
        yours: the returned gradient as a float64 array; None if it was not an array of numbers.
        why: what is wrong with the gradient as a whole, not with single entries.
        causes: mistakes that the numbers are consistent with.
        notes: what the reader should know, although it is not a mistake.
        places: the entries that were compared one by one, as places in the vector of all inputs.
        slopes: the slopes of these entries.
        directions: how many random directions were compared in addition.
        scaled: by factor a, what the backward pass returned for a times the upstream gradient.
        rounding: the rounding error of the function, times the upstream gradient.
        far_slope: a slope of entries whose gradient is zero, if far steps show one.
    """

    def __init__(
        self,
        input: Input,
        start: np.ndarray,
        returned: Any,
        tolerance: float,
        upstream: np.ndarray | None,
    ) -> None:
        self.input, self.name, self.shape = input, input.name, input.shape
        self.values, self.tolerance, self.upstream = input.of(start), tolerance, upstream
        self.yours = as_numbers(returned)
        self.dtype = getattr(returned, "dtype", np.dtype(np.float64))
        self.why = ""
        self.causes: tuple[Cause, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.places = np.empty(0, dtype=int)
        self.slopes = Slopes.unknown(0)
        self.directions = 0
        self.scaled: dict[float, np.ndarray | None] = {}
        self.rounding = 0.0
        self.far_slope: float | None = None
        if returned is None:
            self.why = "is missing: backward returned None for it"
            self.causes = (
                make_cause("wrong-shape", "None was returned for it"),
                make_cause("zero-gradient"),
            )
        elif self.yours is None:
            came = describe_result(to_host(returned))
            self.why = f"is not an array of numbers: backward returned {came}"
            self.causes = (make_cause("wrong-shape", f"{came} was returned for it"),)
        elif self.yours.shape != self.shape:
            self.why = f"has the shape {self.yours.shape}, but {self.name} has {self.shape}"
        elif self.single:
            self.notes = (
                f"the gradient of {self.name} came as {self.dtype} although its input is float64: "
                f"only its first digits were compared",
            )

    def add(self, places: np.ndarray, slopes: Slopes) -> None:
        """Add the slopes of these entries."""
        self.places = np.concatenate([self.places, places])
        self.slopes = self.slopes.join(slopes)

    # -- entry by entry: arrays like `places` ------------------------------------------------------

    @property
    def comparable(self) -> bool:
        """Whether there is a gradient of the right shape."""
        return self.yours is not None and self.yours.shape == self.shape

    @property
    def single(self) -> bool:
        """Whether the gradient has a lower precision than float64."""
        return self.dtype.kind == "f" and self.dtype.itemsize < 8

    @property
    def claimed(self) -> np.ndarray:
        """The returned gradient; NaN if it cannot be compared."""
        if self.yours is None or not self.comparable:
            return np.full(self.places.size, np.nan)
        return self.yours.ravel()[self.places - self.input.part.start]

    @property
    def precision(self) -> np.finfo:
        """The limits of the numbers in which the gradient was returned."""
        return np.finfo(self.dtype if self.dtype.kind == "f" else np.float64)

    def slack(self, slopes: Slopes) -> np.ndarray:
        """Return the accepted deviation from these slopes, of entries or of directions."""
        slack = slopes.slack(self.tolerance) + UNDERFLOW * float(self.precision.smallest_subnormal)
        if self.yours is not None and self.single:
            finite = np.isfinite(self.yours)
            largest = np.max(np.abs(self.yours), initial=0, where=finite)
            slack = slack + SINGLE * np.maximum(slopes.size, largest)
        return slack

    @property
    def is_wrong(self) -> np.ndarray:
        outside = self.slopes.outside(self.claimed) > self.slack(self.slopes)
        return outside & self.slopes.settled & self.comparable

    @property
    def is_zero(self) -> np.ndarray:
        """Whether the returned gradient is zero up to the rounding of the function."""
        return np.abs(self.claimed) <= 3 * self.rounding

    @property
    def is_hidden(self) -> np.ndarray:
        """Whether the error of the slope is too large to tell a right entry from a wrong one.

        Outputs that did not move probably do not depend on the entry: it must agree with the
        slopes of the others.
        """
        s, zero = self.slopes, self.is_zero
        known = s.settled & ~s.kink & self.comparable
        size = np.where(known, np.maximum(np.abs(self.claimed), np.abs(s.value)), 0)
        largest = np.max(size, initial=0)
        agrees = s.outside(self.claimed) <= self.slack(s) - s.still
        unclear = s.error > RESOLVED * np.where(zero, max(1, largest), largest)
        unseen = ~agrees | (s.error - s.still > VISIBLE * size)
        return known & (unclear | (unseen & ~zero & ~self.is_wrong))

    @property
    def is_kink(self) -> np.ndarray:
        return self.slopes.kink & self.slopes.settled & ~self.is_wrong & self.comparable

    @property
    def worst(self) -> np.ndarray:
        """The positions in `places` of the wrong entries, the worst first."""
        wrong = np.flatnonzero(self.is_wrong)
        return wrong[np.argsort(-self.slopes.outside(self.claimed)[wrong], kind="stable")]

    # -- all of it ---------------------------------------------------------------------------------

    @property
    def verdict(self) -> Verdict:
        if self.why or self.is_wrong.any():
            return "fail"
        if not self.slopes.settled.all() or self.is_hidden.any() or self.far_slope is not None:
            return "cannot tell"
        return "pass"

    @property
    def bad_factor(self) -> float | None:
        """A factor of the upstream gradient that is not one of the gradient; None if all are."""
        if self.yours is None or not np.isfinite(self.yours).all():
            return None
        for a, gradient in self.scaled.items():
            # Below the smallest normal number the digits of either gradient are lost.
            lost = max(abs(a), 1) * float(self.precision.smallest_normal)
            if gradient is None or not is_close(a * self.yours, gradient, lost):
                return a
        return None

    @property
    def ignores_upstream(self) -> bool:
        """Whether every upstream gradient gives the same."""
        return self.yours is not None and all(
            g is not None and is_close(g, self.yours) for g in self.scaled.values()
        )

    @property
    def size(self) -> int:
        """How many entries the input has."""
        return self.values.size

    @property
    def checked(self) -> int:
        """How many entries were compared one by one."""
        return self.places.size

    @property
    def max_error(self) -> float:
        """The largest deviation from a valid value, of all entries that were compared."""
        if not self.comparable:
            return float("inf")
        return float(np.max(self.slopes.outside(self.claimed)[self.slopes.settled], initial=0))

    @property
    def numeric(self) -> np.ndarray:
        """The slopes in the shape of the input; NaN where there is none."""
        return self.spread(self.slopes.value)

    @property
    def error(self) -> np.ndarray:
        """The error bounds of the slopes in the shape of the input; NaN where there is none."""
        return self.spread(self.slopes.error)

    def spread(self, column: np.ndarray) -> np.ndarray:
        """Return a column of values, one for each of `places`, in the shape of the input."""
        whole = np.full(self.size, np.nan)
        whole[self.places - self.input.part.start] = np.where(self.slopes.settled, column, np.nan)
        return whole.reshape(self.shape)

    @property
    def wrong(self) -> list[Entry]:
        """The wrong entries, the worst first."""
        return self.list_entries(self.worst)

    @property
    def kinks(self) -> list[Entry]:
        """The entries on a kink whose gradient is valid."""
        return self.list_entries(np.flatnonzero(self.is_kink))

    @property
    def hidden(self) -> list[Entry]:
        """The entries that are too small for finite differences."""
        return self.list_entries(np.flatnonzero(self.is_hidden))

    @property
    def unsettled(self) -> list[Entry]:
        """The entries that have no slope."""
        return self.list_entries(np.flatnonzero(~self.slopes.settled))

    def list_entries(self, which: np.ndarray) -> list[Entry]:
        found, claimed, s = [], self.claimed, self.slopes
        for k in which:
            index = self.input.index(int(self.places[k]))
            value = float(self.values[index]) + 0.0  # 0 for −0
            upstream = None if self.upstream is None else float(self.upstream[index])
            columns = (claimed, s.low, s.high, s.error)
            found.append(Entry(index, value, upstream, *(float(column[k]) for column in columns)))
        return found
