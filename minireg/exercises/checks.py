"""The kinds of checks of an exercise: values, gradients, and properties of any kind.

An exercise declares them as data.  They call the student's functions through `Student` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from ..gradcheck import Report
from ..gradcheck.inputs import Floats, Specification, draw_inputs
from .comparing import compare
from .referee import compare_with_own, judge_gradient
from .student import Student, describe_inputs, take_part

Inputs = Mapping[str, Any]  # for each argument a specification, or a constant
Call = tuple[str, tuple[str, ...], tuple[Any, ...]]  # a function, names of arguments, arguments
KINDS = {
    "ordinary": "",
    "other lengths": " (with other lengths of the axes)",
    "special": " (with special values: zeros, equal ones, large ones)",
}


class Failure(Exception):
    """A check that does not pass.

    Args:
        message: in words for the student.
        report: of the gradient checker, if it was asked.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


class Check:
    """The base of all checks."""

    @property
    def name(self) -> str:
        """What is checked."""
        raise NotImplementedError

    def run(self, student: Student, seed: int = 0) -> Report | None:
        """Check, and return the report of the gradient checker if it was asked.

        Raises:
            Failure, StudentError: the check does not pass.
        """
        raise NotImplementedError

    def list_calls(self, seed: int = 0) -> Iterator[Call]:
        """Calls of the student's functions, for which the contract is checked."""
        yield from ()


@dataclass(frozen=True)
class Property(Check):
    """A claim that a function checks.

    Args:
        claim: takes a Student; returns an explanation if the claim does not hold, otherwise None.
            Its name with spaces is the name of the check: `output_keeps_its_mean`.
    """

    claim: Callable[[Student], str | None]

    @property
    def name(self) -> str:
        return self.claim.__name__.replace("_", " ")

    def run(self, student: Student, seed: int = 0) -> None:
        if explanation := self.claim(student):
            raise Failure(explanation)


class Compared(Check):
    """The base of checks that compare a function of the student with a reference.

    Args:
        reference: the right forward function, in plain NumPy.
        inputs: one or more dictionaries from the names of its arguments to specifications, or to
            constants.  Points are drawn from each.
        function: the name of the student's function.
        part: the place of what is compared, if the student's function returns a tuple.
    """

    def __init__(
        self, reference: Callable, *inputs: Inputs, function: str = "", part: int | None = None
    ) -> None:
        self.reference, self.inputs = reference, inputs
        self.function = function or reference.__name__
        self.part = part

    def list_points(self, seed: int) -> Iterator[tuple[str, Inputs, Inputs]]:
        """The kind of each point with its constants, its specifications and its values."""
        for specifications in self.inputs:
            drawn = any(isinstance(x, Specification) for x in specifications.values())
            constant = [name for name, x in specifications.items() if not isinstance(x, Floats)]
            for point in islice(draw_inputs(specifications, seed), None if drawn else 1):
                constants = describe_inputs({name: point.inputs[name] for name in constant})
                given = f", called with {constants}" if constants else ""
                yield given + KINDS[point.kind], specifications, point.inputs


class Values(Compared):
    """The student's function returns what the reference returns."""

    @property
    def name(self) -> str:
        return f"{self.function}: values"

    def list_calls(self, seed: int = 0) -> Iterator[Call]:
        for _, _, values in self.list_points(seed):
            yield self.function, tuple(values), tuple(values.values())

    def run(self, student: Student, seed: int = 0) -> None:
        for kind, _, values in self.list_points(seed):
            found = student.call(self.function, *values.values())
            if self.part is not None:
                found = take_part(self.function, found, self.part)
            expected = self.reference(*values.values())
            if difference := compare(found, expected, values):
                where = student.locate(self.function)
                raise Failure(f"{self.function}{where}{kind}:\n{difference}")


class Gradient(Compared):
    """The student's backward function is right for the reference, and for minireg's operation.

    Args:
        reference: the right forward function, in plain NumPy.
        inputs: as in `Compared`; `Floats` are differentiated.
        own: the same function of Tensors, made of minireg's operations.
        function: by default the reference's name with `_backward`.  It takes the upstream gradient
            and the inputs, and returns the gradients of the floating-point ones in their order.
        part: if given, the student's function is called with the inputs alone.  It returns a
            tuple, in which this is the place of the gradients of a single number, the loss.
        gradients_of: the names of the inputs whose gradients are returned, by default those of all
            `Floats`.
    """

    def __init__(
        self,
        reference: Callable,
        *inputs: Inputs,
        own: Callable,
        function: str = "",
        part: int | None = None,
        gradients_of: Sequence[str] = (),
    ) -> None:
        usual = reference.__name__ + ("_backward" if part is None else "")
        super().__init__(reference, *inputs, function=function or usual, part=part)
        self.own, self.gradients_of = own, tuple(gradients_of)

    @property
    def name(self) -> str:
        return f"{self.function}: gradients"

    def list_calls(self, seed: int = 0) -> Iterator[Call]:
        for _, _, values in self.list_points(seed):
            if self.part is None:
                upstream = np.random.default_rng(seed).normal(
                    size=np.shape(self.reference(*values.values()))
                )
                yield self.function, ("upstream", *values), (upstream, *values.values())
            else:
                yield self.function, tuple(values), tuple(values.values())

    def run(self, student: Student, seed: int = 0) -> Report | None:
        report = None
        for kind, specifications, values in self.list_points(seed):
            backward = self.make_backward(student)
            floats = [name for name, x in specifications.items() if isinstance(x, Floats)]
            varied = self.gradients_of or floats
            report = judge_gradient(self.reference, backward, varied, values, seed)
            explanation = str(report)
            if report.verdict != "fail":  # where rounding hides a slope, the other judge decides
                explanation = compare_with_own(self.own, backward, report, values, seed)
            if explanation:
                where = student.locate(self.function)
                raise Failure(f"{self.function}{where}{kind}:\n{explanation}", report)
        return report

    def make_backward(self, student: Student) -> Callable:
        """Return the student's function as backward(upstream, *inputs)."""
        call = student.as_function(self.function, self.part)
        if self.part is None:
            return call

        def backward(upstream: float, *inputs: Any) -> Any:
            return scale(upstream, call(*inputs))

        return backward


def scale(upstream: float, gradients: Any) -> Any:
    """Multiply all gradients of a loss by the upstream gradient."""
    if isinstance(gradients, (tuple, list)):
        return tuple(scale(upstream, g) for g in gradients)
    if isinstance(gradients, dict):
        return {name: scale(upstream, g) for name, g in gradients.items()}
    return gradients if gradients is None else upstream * gradients


class Contract(Check):
    """Functions change no argument, return the same for equal arguments, and share no memory.

    Args:
        checks: whose calls are made again.
    """

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self.checks = checks

    @property
    def name(self) -> str:
        return "contract: inputs unchanged, same result twice, new arrays"

    def run(self, student: Student, seed: int = 0) -> None:
        for check in self.checks:
            for function, names, arguments in check.list_calls(seed):
                if broken := find_broken_rule(student, function, names, arguments):
                    raise Failure(f"{function}{student.locate(function)}: {broken}")


def find_broken_rule(
    student: Student, function: str, names: tuple[str, ...], arguments: tuple[Any, ...]
) -> str:
    """Return what a function does that it must not do; empty if it keeps the contract."""
    seen, again = (student.observe(function, *arguments) for _ in range(2))
    if seen.changed:
        name = names[seen.changed[0]]
        return (
            f"it changes its argument {name} in place. The caller still needs the old values: work "
            f"on a copy, {name}.copy()."
        )
    if compare(again.value, seen.value, {}):
        return (
            "two equal calls return different results. A function must not keep anything from call "
            "to call, and random numbers come from the given generator only."
        )
    if seen.shared:
        name = names[seen.shared[0]]
        return (
            f"its result shares memory with the argument {name}: if one is changed later, the "
            f"other changes, too. Return a new array, such as {name}.copy()."
        )
    if seen.twins:
        return (
            "two of its results share memory: if one is changed later, the other changes, too. "
            "Return an array of its own for each."
        )
    return ""
