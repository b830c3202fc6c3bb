"""Trial: does an edited function give the numeric gradient that was measured at a point?"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from types import CodeType, FrameType, MethodType
from typing import Any

import numpy as np

from ..comparison import FACTORS, draw_upstream
from ..contract import check_contract, copy_gradients, find_aliases, find_difference
from ..differences import move_beside
from ..evidence import Evidence, measure
from ..subject import EarlyVerdict, as_numbers, is_close

NEARBY = 0.1  # relative to |x|


@dataclass
class Observation:
    """What was seen in one call.

    Attributes:
        variables: the local variables of each function at its end.
        raised: the line of each function that raised an error last, counted from its first line.
        lines: how many lines ran.
    """

    variables: dict[CodeType, dict[str, Any]] = field(default_factory=dict)
    raised: dict[CodeType, int] = field(default_factory=dict)
    lines: int = 0


class Trial:
    """One point, and the forward pass there.

    Args:
        evidence: what was measured.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.subject = subject = copy.copy(evidence.subject)
        subject.start = evidence.z
        self.value = subject.value(evidence.z)
        function = getattr(subject, subject.editable)
        # Copied together, because they may share arrays.  A function that gives loss and gradient
        # at once has no forward pass of its own.
        forward_pass = subject.run(evidence.z) if subject.editable == "backward" else None
        self.saved = copy.deepcopy((forward_pass, getattr(function, "__self__", None)))
        self.shared: dict[int, np.ndarray] = {}
        # Where several entries are equal, a right gradient may be outside of the slopes to both
        # sides, which differ there.
        rows = zip(evidence.low, evidence.high, evidence.tolerance)
        self.bounds = [(2 * low - high - t, 2 * high - low + t) for low, high, t in rows]
        subject.call = call_plainly  # type: ignore[method-assign]

    def share(self, function: Callable) -> None:
        """Pass candidates the saved arrays, read-only, in place of copies, if the function may get
        them: a right one changes no array."""
        memory: dict[int, Any] = {}
        self.saved = copy.deepcopy(self.saved, memory)
        arrays = [x for x in memory.values() if isinstance(x, np.ndarray)]
        for array in arrays:
            array.flags.writeable = False
        self.shared = {id(array): array for array in arrays}
        try:
            self.call(function)
        except Exception:
            self.shared = {}

    def call(self, function: Callable, factor: float = 1, shared: bool = True) -> list[Any]:
        """Return the gradients from a function in place of the one that was checked."""
        forward_pass, owner = copy.deepcopy(self.saved, dict(self.shared) if shared else {})
        put = function if owner is None else MethodType(function, owner)
        setattr(self.subject, self.subject.editable, put)
        if forward_pass is None:
            forward_pass = self.subject.run(self.evidence.z)
        return self.subject.differentiate(forward_pass, factor * self.evidence.upstream)

    def find_wrong(self, function: Callable) -> list[str]:
        """Return the inputs for which the gradient from a function is wrong."""
        found = self.call(function)
        rows = zip(self.subject.inputs, found, self.bounds)
        return [x.name for x, gradient, bounds in rows if not is_right(gradient, *bounds)]

    def keeps_contract(self, function: Callable, wrong: Collection[str] = ()) -> bool:
        """Whether a function with right gradients is right in all other ways, too: it is linear in
        the upstream gradient, changes no array, and gives the same result again.

        Args:
            function: the function.
            wrong: the inputs whose gradients are not right, and left out.
        """

        def call(factor: float = 1) -> list[Any]:
            gradients = self.call(function, factor, shared=False)
            rows = zip(self.subject.inputs, gradients)
            return [None if x.name in wrong else gradient for x, gradient in rows]

        found = call()
        if find_aliases(self.subject, found):
            return False
        first: list[Any] = copy_gradients(found)
        for a in FACTORS:
            scaled = copy_gradients(call(a))
            if find_difference([g if g is None else a * g for g in first], scaled) is not None:
                return False
        try:
            check_contract(self.subject, self.evidence.upstream)
        except EarlyVerdict:
            return False
        return is_close(self.value, self.subject.value(self.evidence.z))

    def observe(self, function: Callable, codes: Collection[CodeType]) -> Observation:
        """Run a function, and observe what these codes do."""
        found = Observation()

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            found.lines += event == "line"
            if frame.f_code in codes and event in ("return", "exception"):
                found.variables[frame.f_code] = dict(frame.f_locals)
                if event == "exception":
                    found.raised[frame.f_code] = frame.f_lineno - frame.f_code.co_firstlineno
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            self.call(function)
        except Exception:  # an error may be what is to be repaired
            pass
        finally:
            sys.settrace(before)
        return found


def call_plainly(who: str, function: Callable, *arguments: Any) -> Any:
    """Call a candidate; nobody reads why it raised, or that it wanted to exit."""
    try:
        return function(*arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise EarlyVerdict("fail", who) from error


def is_right(gradient: Any, low: np.ndarray, high: np.ndarray) -> bool:
    """Whether a gradient is within the bounds, wherever they are known."""
    numbers = as_numbers(gradient)
    if numbers is None or numbers.shape != low.shape or not np.isfinite(numbers).all():
        return False
    return not ((numbers < low).any() or (numbers > high).any())


def measure_nearby(evidence: Evidence) -> tuple[Evidence, ...]:
    """Measure at a second point nearby, with another upstream gradient."""
    random = np.random.default_rng(0)
    z = move_beside(evidence.z, NEARBY, random)
    return measure(evidence.subject, z, draw_upstream(random, evidence.upstream.size), random)
