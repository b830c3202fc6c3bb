"""One interface for all that is checked: functions of Tensors, and pairs of functions of arrays.

All differentiable inputs are joined into one float64 vector on the host, all outputs into another.
`value` maps the first to the second, and `gradients` runs the backward pass.  Both raise
`EarlyVerdict` if a rule is broken that needs no comparison of numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from ..autograd import Tensor
from ..backend import namespace
from ..errors import ArgumentTypeError
from .cause import Cause
from .raised import explain_error

CALLS = (
    "The call is check_gradients(function, x, ...) for one function of Tensors, "
    "check_backward(forward, backward, x, ...) for a pair of functions of arrays, and "
    "check_loss(function, x, ...) for one that returns (loss, gradient)."
)
Verdict = Literal["pass", "fail", "cannot tell"]


class EarlyVerdict(Exception):
    """A verdict that needs no comparison of numbers, its reason, and the causes of a failure."""

    def __init__(self, verdict: Verdict, why: str, *causes: Cause) -> None:
        super().__init__(why)
        self.verdict, self.why, self.causes = verdict, why, causes


@dataclass(frozen=True)
class Input:
    """A differentiable input: its name, its shape, and its part of the vector."""

    name: str
    shape: tuple[int, ...]
    part: slice

    def of(self, vector: np.ndarray) -> np.ndarray:
        """Return the values of the input in `vector`, as a view."""
        return vector[self.part].reshape(self.shape)

    def index(self, place: int) -> tuple[int, ...]:
        """Return the index of the entry at this place of the vector."""
        return tuple(int(i) for i in np.unravel_index(place - self.part.start, self.shape))


class Subject:
    """What TensorFunction and ArrayPair have in common.

    Attributes:
        name: the name of the function in the report.
        inputs: the differentiable inputs.
        start: the vector of their given values.
        shapes: the shapes of the outputs, once `value` has run.
        converted: the names of the inputs that were not float64.
        constants: the names of the inputs that are whole numbers, and so are not checked.
        cut: whether, according to the recorded graph, the output depends on no input.
        lent: the arrays that the last backward pass was called with, by what they are.
    """

    backward_name = "backward"
    editable = ""  # the attribute with the function that a repair may edit
    form = ""  # how the functions are called

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs: list[Input] = []
        self.start = np.empty(0)
        self.shapes: list[tuple[int, ...]] = []
        self.converted: list[str] = []
        self.constants: list[str] = []
        self.cut = False
        self.lent: list[tuple[str, Any]] = []

    def add(self, name: str, values: Any) -> Input:
        """Append an input to the others."""
        host = np.asarray(to_host(values))
        if host.dtype not in (np.float32, np.float64):
            raise ArgumentTypeError(
                f"{name} is {host.dtype}; gradients are checked for float32 and float64 inputs.",
                argument="inputs",
            )
        if host.dtype != np.float64:
            self.converted.append(name)
        before = self.start.size
        self.inputs.append(Input(name, host.shape, slice(before, before + host.size)))
        self.start = np.concatenate([self.start, host.ravel().astype(np.float64)])
        return self.inputs[-1]

    def check_inputs(self) -> None:
        """Raise an error if no input is differentiable."""
        if not self.inputs:
            raise ArgumentTypeError(
                "There is nothing to differentiate: no input is a floating-point array or number. "
                "Whole numbers and booleans count as constants (labels, masks); convert other "
                "inputs to floats: x.astype(float).",
                argument="inputs",
            )

    @property
    def fixed(self) -> dict[str, Any]:
        """The inputs that are not differentiated, by name, if they can be replaced."""
        return {}

    @property
    def numbers(self) -> dict[str, float]:
        """The constants that the function uses, by name or as they are written."""
        return {}

    def replace(self, name: str, value: Any) -> Self:
        """Return the same with another value of a fixed input."""
        raise NotImplementedError

    # -- what a kind of subject defines ------------------------------------------------------------

    def value(self, vector: np.ndarray) -> np.ndarray:
        """Return all outputs as one new vector."""
        raise NotImplementedError

    def run(self, vector: np.ndarray) -> Any:
        """Run the forward pass; return what `differentiate` and `list_arrays` need."""
        raise NotImplementedError

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[Any]:
        """Return the results of the backward pass for each input, arrays or anything else."""
        raise NotImplementedError

    def list_arrays(self, forward_pass: Any) -> list[tuple[str, Any, Any]]:
        """Return name, array and former values of each array that forward was called with."""
        raise NotImplementedError

    # -- what is done with it ----------------------------------------------------------------------

    def probe(self, vector: np.ndarray, size: int) -> np.ndarray:
        """Return the outputs at another point; NaN if it raises, or their number is not `size`."""
        __tracebackhide__ = True
        try:
            value = self.value(vector)
        except EarlyVerdict:
            value = np.empty(0)
        return value if value.size == size else np.full(size, np.nan)

    def gradients(self, vector: np.ndarray, upstream: np.ndarray) -> list[Any]:
        """Return the gradients of the inputs at another point."""
        return self.differentiate(self.run(vector), upstream)

    def call(self, who: str, function: Callable, *arguments: Any) -> Any:
        """Call a checked function; an error that it raises is a verdict, SystemExit, too.

        KeyboardInterrupt and GeneratorExit pass through: the interpreter raises them to stop
        whoever runs the check.
        """
        __tracebackhide__ = True
        try:
            with np.errstate(all="ignore"):
                return function(*arguments)
        except (EarlyVerdict, KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            shapes = {x.name: x.shape for x in self.inputs}
            why, causes = explain_error(error, who, self.form, shapes)
            raise EarlyVerdict("fail", why, *causes) from error

    def watch(self) -> AbstractContextManager:
        """Return a context in which more can be observed, if the kind of subject can do so."""
        return nullcontext()

    def flatten(self, outputs: Sequence[np.ndarray]) -> np.ndarray:
        """Return all outputs joined into one vector, a copy."""
        self.shapes = [y.shape for y in outputs]
        for y in outputs:
            if y.dtype.kind != "f":
                raise EarlyVerdict("cannot tell", f"it returns {y.dtype}, which has no derivative.")
            if y.dtype != np.float64:
                raise EarlyVerdict(
                    "cannot tell",
                    f"it returns {y.dtype} for float64 inputs, and the rounding of {y.dtype} hides "
                    f"the differences to compare. Leave out the conversion (astype, dtype=).",
                )
        return np.concatenate([y.ravel() for y in outputs]).astype(np.float64)

    def split(self, vector: np.ndarray) -> list[np.ndarray]:
        """The opposite of `flatten`, for an upstream gradient."""
        sizes = [int(np.prod(shape)) for shape in self.shapes]
        parts = np.split(vector, np.cumsum(sizes)[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> None:
        """Put back what was changed for the check."""


# -- inputs, gradients and functions of any kind ---------------------------------------------------


def classify(x: Any) -> str:
    """Return `float` (is differentiated), `constant` (other arrays) or `other` (the rest)."""
    kind = getattr(getattr(x, "dtype", None), "kind", None)
    if kind in ("f", "c") or isinstance(x, float):
        return "float"
    return "other" if kind is None or isinstance(x, np.generic) else "constant"


def to_host(x: Any) -> Any:
    """An array of any library as a NumPy array; anything else but a Tensor as it is."""
    if isinstance(x, Tensor):
        why = f"it returned a Tensor: use NumPy (np.where, not mr.where). {CALLS}"
        raise EarlyVerdict("cannot tell", why)
    return namespace(x).to_host(x)


def is_array(x: Any) -> bool:
    """True for arrays of any library, False for NumPy's numbers."""
    return hasattr(x, "dtype") and hasattr(x, "copy") and not isinstance(x, np.generic)


def as_numbers(gradient: Any) -> np.ndarray | None:
    """Return a float64 copy on the host; None if `gradient` is not an array of numbers."""
    if not isinstance(gradient, (int, float)) and classify(gradient) == "other":
        return None
    host = np.asarray(to_host(gradient))
    return host.astype(np.float64) if host.dtype.kind in "fiub" else None


def check_functions(
    call: str, given: dict[str, Any], inputs: Sequence[Any] = (), hint: str = CALLS
) -> None:
    """Raise an error if what should be a function is none, or the first input is one."""
    first = inputs[0] if inputs else None
    for name, function in given.items():
        if not callable(function):
            raise ArgumentTypeError(
                f"{call} takes {name} as a function, but got {describe_result(function)}. {hint}",
                argument=name,
            )
    if inspect.isroutine(first) or isinstance(first, np.ufunc):
        raise ArgumentTypeError(
            f"{call} takes inputs after {' and '.join(given)}, but got the function "
            f"{get_name(first)}. {hint}",
            argument="inputs",
        )


def is_whole(x: Any) -> bool:
    """True for whole numbers and arrays of them, not for booleans."""
    kind = getattr(getattr(x, "dtype", None), "kind", "i" if type(x) is int else "")
    return kind in ("i", "u")


def get_name(function: Callable) -> str:
    """Return the name of a function in the report."""
    name = getattr(function, "__name__", type(function).__name__)
    return "the function" if name == "<lambda>" else name


def get_input_names(function: Callable, n: int) -> list[str]:
    """Return the names of the first n arguments; `input 0`, … if the function gives none."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some built-in functions have no signature
        parameters = []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in parameters if p.kind in positional][:n]
    return names + [f"input {i}" for i in range(len(names), n)]


def is_same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal bit for bit."""
    return a.tobytes() == b.tobytes()


def is_close(a: np.ndarray, b: np.ndarray, atol: float = 0.0) -> bool:
    """Equal up to rounding, because a GPU may change the order of additions, or up to `atol`."""
    if a.shape != b.shape:
        return False
    largest = np.max(np.abs(a), initial=0, where=np.isfinite(a))
    return bool(np.allclose(a, b, rtol=0, atol=1e-9 * largest + atol, equal_nan=True))


def describe_result(x: Any) -> str:
    """Describe a wrong result: `None`, `a tuple of 2` or `an array of shape (2, 3)`."""
    if isinstance(x, (tuple, list, dict)):
        return f"a {type(x).__name__} of {len(x)}"
    if isinstance(x, np.generic):
        x = x.item()
    if hasattr(x, "shape"):
        return f"an array of shape {tuple(x.shape)} ({type(x).__name__})"
    return "None" if x is None else f"{type(x).__name__} {x!r:.40}"
