"""Functions of a Python file, found by their names and checked."""

from __future__ import annotations

import inspect
import linecache
import sys
import tokenize
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError
from ..files import as_path
from .check import check_backward, check_loss
from .inputs import Floats
from .report import Report

FORWARD, BACKWARD, INPUTS = "forward", "backward", "_inputs"


class UnknownInputs(Exception):
    """Nothing tells which arrays a function takes."""


def check_file(path: Any, name: str = "", *, seed: int = 0) -> list[Report]:
    """Check functions of a Python file, which is executed once.

    `NAME` and `NAME_backward` are checked by `check_backward`; `NAME_forward` and `NAME_backward`,
    and `forward` and `backward`, too.  A function that returns a loss and
    its gradients has no `NAME_backward`; it is checked by `check_loss` if it is named.  The inputs
    are drawn from `NAME_inputs`, a dictionary of specifications; a function of one argument x needs
    none, its input is `{"x": Floats("N", "D")}`.  A function of several arguments without one
    cannot be checked; its report says what to write.

    Args:
        path: the file.
        name: the function, or its backward pass; by default every function that has one.
        seed: the seed of all inputs.

    Returns:
        A report for each function.

    Raises:
        ArgumentError: the file cannot be read or executed, or has no such functions; the message
            names the line of the file.

    >>> import pathlib, tempfile
    >>> text = '''
    ... import numpy as np
    ... def tanh(x):
    ...     return np.tanh(x)
    ... def tanh_backward(dout, x):
    ...     return dout * (1 - np.tanh(x) ** 2)
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "tanh.py"
    ...     _ = path.write_text(text)
    ...     [bool(report) for report in check_file(path)]
    [True]
    """
    path = as_path(path)
    with execute(path) as module:
        return [check_function(module, one, seed) for one in choose_names(module, path, name)]


@contextmanager
def execute(path: Path) -> Iterator[ModuleType]:
    """Execute a file; inside the `with` block, it may import its neighbours."""
    file, folder = str(path.resolve()), str(path.resolve().parent)
    module = ModuleType(f"checked_{path.stem}")
    module.__file__ = file
    sys.modules[module.__name__] = module  # dataclasses look it up
    sys.path.insert(0, folder)
    try:
        try:
            with tokenize.open(path) as opened:
                text = opened.read()
            # The lines that reports show are those that were executed, also if the file changes.
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
            exec(compile(text, file, "exec", dont_inherit=True), vars(module))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ArgumentError(explain(error, path)) from None
        yield module
    finally:
        sys.path.remove(folder)
        del sys.modules[module.__name__]


def explain(error: BaseException, path: Path) -> str:
    """Return the last line of a traceback, with the line of the file."""
    if isinstance(error, OSError) and str(error.filename) == str(path):
        return f"{path} cannot be read: {error.strerror}."
    file, frames = str(path.resolve()), traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    if isinstance(error, SyntaxError) and error.filename == file:
        lines.append(error.lineno)
    where = f"{path}, line {lines[-1]}" if lines else str(path)
    text = str(getattr(error, "msg", error))
    return f"{where}: {type(error).__name__}{': ' if text else ''}{text}"


def choose_names(module: ModuleType, path: Path, name: str) -> list[str]:
    """Return the names of the functions to check."""
    functions = [n for n, value in vars(module).items() if inspect.isroutine(value)]
    pairs = {n: name_backward(n) for n in functions if name_backward(n) in functions}
    if name:
        found = [n for n, backward in pairs.items() if backward == name]
        found = found or [n for n in functions if n == name]
    else:
        found = list(pairs)
    if found:
        return found
    wanted = f"function {name}" if name else "two functions NAME and NAME_backward"
    there = f"Its functions are: {', '.join(functions)}" if functions else "It has no functions"
    raise ArgumentError(
        f"{path} has no {wanted}. {there}. (A function that returns a loss and its gradients is "
        f"checked as {path}::NAME.)"
    )


def name_backward(name: str) -> str:
    """Return the name of the backward pass of a function: relu_backward, affine_backward for
    affine_forward, backward for forward."""
    return name.removesuffix(FORWARD) + BACKWARD if name.endswith(FORWARD) else f"{name}_{BACKWARD}"


def check_function(module: ModuleType, name: str, seed: int) -> Report:
    function, backward = getattr(module, name), getattr(module, name_backward(name), None)
    try:
        inputs = find_inputs(module, name, function)
    except UnknownInputs as error:
        return Report("cannot tell", name, str(error), seed=seed)
    if backward is not None:
        return check_backward(function, backward, inputs=inputs, seed=seed)
    report = check_loss(function, inputs=inputs, seed=seed)
    missing = name_backward(name)
    note = f"there is no {missing}, so {name} is a function that returns (loss, gradient)"
    if report.why:
        return replace(report, why=f"{note}. {report.why[0].upper()}{report.why[1:]}")
    return replace(report, notes=(*report.notes, note))


def find_inputs(module: ModuleType, name: str, function: Callable) -> Mapping[str, Any]:
    """Return the specification of the inputs, from the file or for a single argument."""
    given, signature = getattr(module, name + INPUTS, None), inspect.signature(function)
    if isinstance(given, Mapping):
        try:
            signature.bind(**given)
        except TypeError as error:
            text = f"{name}{INPUTS} does not fit the arguments {signature} of {name}: {error}."
            raise ArgumentTypeError(text) from None
        return given
    if given is not None:
        raise ArgumentTypeError(
            f'{name}{INPUTS} must be a dictionary such as {{"x": Floats("N", "D")}}, got {given!r}.'
        )
    needed = [p.name for p in signature.parameters.values() if p.default is p.empty]
    if len(needed) == 1:
        return {needed[0]: Floats("N", "D")}
    example = ", ".join(f'"{argument}": Floats(...)' for argument in needed)
    raise UnknownInputs(
        f"it has {len(needed)} arguments, so the file must say which arrays they are: write from "
        f"minireg.gradcheck import Floats, Integers, Booleans and {name}{INPUTS} = {{{example}}} "
        f'with a letter for each axis in place of the dots: Floats("N", "D") for an array of shape '
        f'(N, D), Floats("D") for (D,). Equal letters are equal lengths; what is not an array is '
        f"written as its value."
    )
