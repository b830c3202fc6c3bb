"""The kinds of checks of an exercise: values, gradients, and properties of any kind.

An exercise declares them as data.  They call the student's functions through `Student` only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ..gradcheck import Report, check_backward, check_loss
from ..gradcheck.inputs import Floats, Specification, draw_inputs
from .comparing import compare
from .referee import compare_with_own, judge_gradient
from .student import Student, StudentError, describe_inputs, is_number, take_part

Inputs = Mapping[str, Any]  # for each argument a specification, or a constant
EDITS = 200  # tried to find the wrong line: nearly all are among these, and the student waits
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
        try:
            explanation = self.claim(student)
        except (StudentError, Failure):
            raise
        except Exception as error:  # the claim computed with something of a wrong kind or shape
            raise Failure(
                f"This cannot be checked with what your functions return. Compare its kind and its "
                f"shape with the statement. ({type(error).__name__}: {error})"
            ) from error
        if explanation:
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

    def list_told(self, specifications: Inputs) -> list[str]:
        """The names of the inputs that a failure tells: all."""
        return list(specifications)

    def list_points(self, seed: int) -> Iterator[tuple[str, Inputs, Inputs]]:
        """The inputs and the kind of each point in words, its specifications and its values."""
        for specifications in self.inputs:
            drawn = any(isinstance(x, Specification) for x in specifications.values())
            told = self.list_told(specifications)
            for point in islice(draw_inputs(specifications, seed), None if drawn else 1):
                inputs = describe_inputs({name: point.inputs[name] for name in told})
                given = f", called with {inputs}" if inputs else ""
                yield given + KINDS[point.kind], specifications, point.inputs


class Values(Compared):
    """The student's function returns what the reference returns."""

    @property
    def name(self) -> str:
        return f"{self.function}: values"

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

    def list_told(self, specifications: Inputs) -> list[str]:
        """The constants; the report tells about the others."""
        return [name for name, x in specifications.items() if not isinstance(x, Floats)]

    def run(self, student: Student, seed: int = 0) -> Report | None:
        report = None
        for kind, specifications, values in self.list_points(seed):
            backward = self.make_backward(student)
            varied = self.list_varied(specifications)
            report = judge_gradient(self.reference, backward, varied, values, seed)
            if report.verdict == "fail":
                found = self.find_line(student, specifications, seed)
                report = report if found is None else found
                explanation = str(report)
            else:  # where rounding hides a slope, the other judge decides
                explanation = compare_with_own(self.own, backward, varied, values, report)
            if explanation:
                where = student.locate(self.function)
                raise Failure(f"{self.function}{where}{kind}:\n{explanation}", report)
        return report

    def list_varied(self, specifications: Inputs) -> Sequence[str]:
        """The names of the inputs whose gradients are returned."""
        floats = [name for name, x in specifications.items() if isinstance(x, Floats)]
        return self.gradients_of or floats

    def find_line(self, student: Student, inputs: Inputs, seed: int) -> Report | None:
        """Return a report on the function itself, which names a line; None if it does not fail."""
        written = student.get_original(self.function)
        if written is None or self.gradients_of:
            return None
        if self.part is None:
            report = check_backward(self.reference, written, inputs=inputs, seed=seed)
        else:
            report = check_loss(written, inputs=inputs, seed=seed)
        return replace(report, limit=EDITS) if report.verdict == "fail" else None

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
    return upstream * gradients if is_number(gradients) else gradients
