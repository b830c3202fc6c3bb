"""The calls: check_gradients, check_backward, check_loss, assert_gradients.

An error in a checked function is a verdict; an error in a call of the checker is raised.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..autograd import Tensor, grad
from ..errors import ArgumentError
from ..ops import zeros_like
from .array_pair import ArrayPair
from .comparison import Settings, draw_upstream
from .loss_function import LossFunction
from .points import check_points
from .report import Report
from .subject import get_input_names, is_close
from .tensor_function import TensorFunction, as_outputs
from .verdicts import find_verdict


def check_gradients(
    function: Callable,
    *inputs: Any,
    parameters: Any = (),
    gradient: Any = None,
    order: int = 1,
    seed: int = 0,
    entries: int = 256,
    directions: int = 4,
    tolerance: float = 1e-7,
) -> Report:
    """Compare the gradients of a function of Tensors with finite differences.

    For a random upstream gradient u of both signs (1 for a single number), the backward pass gives
    Σⱼ uⱼ ∂fⱼ/∂xᵢ.  Finite differences of Σⱼ uⱼ fⱼ give the same with an estimated error.  A
    gradient is right if it agrees up to this error and `tolerance`, and is linear in u.  At a kink,
    every value between the one-sided slopes is right.  What rounding hides does not pass.

    Args:
        function: takes `inputs` and returns a Tensor or a tuple of Tensors.
        inputs: Tensors, arrays or numbers.  Floating-point ones are differentiated, in float64;
            integer and boolean ones are constants; anything else is passed on unchanged.
        parameters: other leaf Tensors that `function` uses (`model.parameters()`), pairs of a name
            and a Tensor (`model.named_parameters()`), or a dictionary.  They are checked like
            inputs; afterwards their arrays are restored, also when `function` raises.
        gradient: the upstream gradient, of the shape of the output.
        order: 2 checks the derivative of the gradient as well (`mr.grad(…, create_graph=True)`).
            Avoid kinks in this case: the gradient jumps there, and the verdict is "cannot tell".
        seed: the seed of the upstream gradient and of all samples.
        entries: inputs up to this size are checked entry by entry; of larger ones, this many
            random entries are checked.
        directions: for such larger inputs, the number of random directions through all entries.
        tolerance: the relative deviation that is accepted.

    Returns:
        A Report, true only for the verdict "pass"; `print` it.

    Raises:
        ArgumentError, ArgumentTypeError: nothing is differentiable, or a parameter is not a leaf.
            Errors that `function` raises are a verdict.

    >>> print(check_gradients(mr.relu, mr.tensor([0.5, -1.0, 0.0])))
    pass: relu: the gradient of x is right (3 of 3 entries compared, largest deviation ...)
      Corner: at 1 entry of x the function has a corner. There, every value between ...
    """
    __tracebackhide__ = True
    settings = Settings(gradient, seed, entries, directions, tolerance)
    if order not in (1, 2):
        raise ArgumentError(f"order must be 1 or 2, got {order!r}.", argument="order")
    subject = TensorFunction(function, inputs, parameters)
    first = find_verdict(subject, settings)
    if order == 1 or not first:
        return first
    size = sum(math.prod(shape) for shape in subject.shapes)
    upstream = draw_upstream(np.random.default_rng(seed), size)
    derivative = make_derivative(subject, inputs, upstream)
    if differing := find_differing_inputs(subject, derivative, upstream):
        why = (
            f"with create_graph=True, the gradient of {', '.join(differing)} has another value "
            f"than from backward: the plain function of a primitive is not equal to its body."
        )
        return replace(first, verdict="fail", function=derivative.name, why=why, findings=())
    second = find_verdict(derivative, replace(settings, gradient=None))
    note = f"the first derivative passed as well ({first.checked} entries)"
    return replace(second, notes=(note, *second.notes))


def make_derivative(
    subject: TensorFunction, inputs: tuple[Any, ...], upstream: np.ndarray
) -> TensorFunction:
    """Return the gradient as a function of the inputs and of the upstream gradient."""
    parameters = list(subject.parameters.values())
    upstreams = subject.split(upstream)

    def derivative(*arguments: Any) -> tuple[Tensor, ...]:
        given, gradients = arguments[: len(inputs)], arguments[len(inputs) :]
        leaves = [x for x in given if isinstance(x, Tensor) and x.requires_grad] + parameters
        total = [zeros_like(leaf) for leaf in leaves]
        for y, u in zip(as_outputs(subject.function(*given)), gradients):
            if y.requires_grad:
                parts = grad(y, leaves, gradient=u, create_graph=True)
                total = [sum_ + part for sum_, part in zip(total, parts)]
        return tuple(total)

    names = [*get_input_names(subject.function, len(inputs)), *["upstream"] * len(upstreams)]
    return TensorFunction(
        derivative,
        (*inputs, *upstreams),
        subject.parameters,
        f"the derivative of {subject.name}",
        names,
    )


def find_differing_inputs(
    subject: TensorFunction, derivative: TensorFunction, upstream: np.ndarray
) -> list[str]:
    """Return the inputs whose gradients from backward and from `derivative` differ."""
    with subject:
        one = subject.gradients(subject.start, upstream)
    with derivative:
        other = derivative.value(derivative.start)
    return [x.name for x, g in zip(subject.inputs, one) if not is_close(g.ravel(), other[x.part])]


def check_backward(
    forward: Callable,
    backward: Callable,
    *given: Any,
    inputs: Mapping[str, Any] | None = None,
    gradient: Any = None,
    seed: int = 0,
    entries: int = 256,
    directions: int = 4,
    tolerance: float = 1e-7,
) -> Report:
    """Compare a hand-written backward function of plain arrays with finite differences.

    Args:
        forward: takes the inputs and returns y, or a tuple (y, cache) of y and whatever backward
            needs.
        backward: takes (upstream, cache) if forward returns (y, cache), else (upstream, *inputs).
            It returns the gradients of the floating-point inputs: one array, a tuple in the order
            of forward's arguments, or a dictionary with their names.  (There may be entries for
            constants, too.)
        given: the inputs.  Floating-point arrays and numbers are differentiated; everything else is
            constant.  To keep a float constant, pass `lambda x: forward(x, 0.5)`.
        inputs: in place of `given`, a dictionary from the names of the arguments to `Floats`,
            `Integers` and `Booleans`, from which the check draws three points: ordinary values,
            other lengths, and special values.  Only `Floats` are differentiated; anything that is
            not a specification is a constant, floats too.
        gradient, seed, entries, directions, tolerance: see `check_gradients`.

    Returns:
        A Report, true only for the verdict "pass"; `print` it.

    Raises:
        ArgumentError, ArgumentTypeError: the call is wrong.  Errors that `forward` or `backward`
            raise are a verdict.

    >>> def forward(x, b):
    ...     return np.tanh(x) + b
    >>> def backward(upstream, x, b):
    ...     return upstream * (1 - x**2), upstream.sum(axis=0)
    >>> x, b = np.array([[0.5, -1.0], [2.0, 0.1]]), np.array([0.1, 0.2])
    >>> report = check_backward(forward, backward, x, b)
    >>> report.verdict, report.causes[0].name
    ('fail', 'missing-chain-factor')
    >>> from minireg.gradcheck import Floats
    >>> right = lambda upstream, x, b: (upstream * (1 - np.tanh(x) ** 2), upstream.sum(axis=0))
    >>> bool(check_backward(forward, right, inputs={"x": Floats("N", "D"), "b": Floats("D")}))
    True
    """
    __tracebackhide__ = True
    settings = Settings(gradient, seed, entries, directions, tolerance)
    make = partial(ArrayPair, {"forward": forward, "backward": backward})
    if inputs is None:
        return find_verdict(make(given), settings)
    return check_points(make, forward, inputs, given, settings)


def check_loss(
    function: Callable,
    *given: Any,
    inputs: Mapping[str, Any] | None = None,
    seed: int = 0,
    entries: int = 256,
    directions: int = 4,
    tolerance: float = 1e-7,
) -> Report:
    """Compare the gradient that a function of plain arrays returns with its loss.

    Args:
        function: takes the inputs and returns (loss, gradient).  The loss is one number.  The
            gradient is an array, a tuple in the order of the arguments, or a dictionary with the
            names of the arguments.
        given, inputs: see `check_backward`.
        seed, entries, directions, tolerance: see `check_gradients`.

    Returns:
        A Report, true only for the verdict "pass"; `print` it.

    Raises:
        ArgumentError, ArgumentTypeError: the call is wrong.  Errors that `function` raises are a
            verdict.

    >>> from minireg.gradcheck import Floats
    >>> def ridge(w, x, y):
    ...     error = x @ w - y
    ...     return (error**2).sum() + 0.1 * (w**2).sum(), {"w": 2 * x.T @ error}
    >>> inputs = {"w": Floats(5), "x": np.ones((7, 5)), "y": np.ones(7)}
    >>> report = check_loss(ridge, inputs=inputs)
    >>> report.verdict, report.causes[0].name
    ('fail', 'penalty-missing')
    """
    __tracebackhide__ = True
    settings = Settings(None, seed, entries, directions, tolerance)
    make = partial(LossFunction, {"function": function})
    if inputs is None:
        return find_verdict(make(given), settings)
    return check_points(make, function, inputs, given, settings)


def assert_gradients(function: Callable, *inputs: Any, **options: Any) -> None:
    """`check_gradients` for tests: raise AssertionError with the report unless it passes.

    >>> assert_gradients(mr.tanh, mr.tensor([0.5, -1.0]), order=2)
    """
    __tracebackhide__ = True
    report = check_gradients(function, *inputs, **options)
    if not report:
        raise AssertionError(f"\n{report}")
