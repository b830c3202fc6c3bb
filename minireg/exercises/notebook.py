"""check: the checks of an exercise for functions of a notebook."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError
from .local import LocalStudent
from .path import get_exercise
from .result import Result


def check(
    exercise: str, *functions: Any, hint_level: int = 0, seed: int = 0, **named: Any
) -> Result:
    """Check functions that solve an exercise.

    Args:
        exercise: its name.
        functions: those whose name is one of the exercise; others take the places that are left,
            in the order of the exercise.
        hint_level: how many hints are shown if a check fails.
        seed: of all drawn inputs.
        named: functions by their names in the exercise.

    Returns:
        A Result, true if all checks passed; `print` it.

    Raises:
        ArgumentError: there is no such exercise, or it has no such function.

    >>> def relu(x):
    ...     return np.maximum(x, 0)
    >>> print(check("relu", relu, relu_backward=lambda upstream, x: upstream * (x > 0)))
    pass: relu, 3 of 3 points
      pass  relu: values
      pass  relu_backward: gradients
      pass  contract: inputs unchanged, same result twice, new arrays
    """
    chosen = get_exercise(exercise)
    given = dict(named)
    others = []
    for function in functions:
        name = getattr(function, "__name__", "")
        if name in chosen.functions and name not in given:
            given[name] = function
        else:
            others.append(function)
    free = [name for name in chosen.functions if name not in given]
    unknown = [name for name in named if name not in chosen.functions]
    if unknown or len(others) > len(free):
        what = unknown[0] if unknown else f"{len(functions) + len(named)} functions"
        raise ArgumentError(
            f"The exercise {exercise} has the functions {', '.join(chosen.functions)}, got {what}."
        )
    given |= zip(free, others)
    return chosen.check(LocalStudent(given), hint_level=hint_level, seed=seed)
