"""Whole numbers: backward must give the same gradients whether they come as integers or as floats.

An array that takes its type from an input, as from np.zeros_like(x), cuts off decimals if x is an
array of integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .array_pair import ArrayFunction
from .cause import make_cause
from .comparison import draw_upstream
from .contract import copy_gradients, find_difference
from .evidence import measure
from .inputs import Floats
from .report import Report
from .subject import EarlyVerdict, is_close


def round_inputs(specified: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs in which `Floats` are whole numbers, if there are any inside of the bounds."""
    rounded = dict(inputs)
    for name, x in specified.items():
        if isinstance(x, Floats):
            low, high = np.ceil(x.low), np.floor(x.high)
            if low <= high:
                rounded[name] = np.clip(np.round(inputs[name]), low, high)
    return rounded


def find_whole_verdict(subject: ArrayFunction, seed: int) -> Report | None:
    """Return a failure if backward gives other gradients for integers; None if it does not.

    Nothing is told if the function has another value for integers, or anything raises an error: a
    right backward pass may do so (x ** -1).

    Args:
        subject: with whole numbers as inputs.
        seed: of the upstream gradient.
    """
    whole, random = subject.with_integers(), np.random.default_rng(seed)
    z = subject.start
    try:
        with subject:
            value = subject.value(z)
            upstream = draw_upstream(random, value.size)
            if not is_close(value, whole.value(z)):
                return None
            both = [copy_gradients(s.gradients(z, upstream)) for s in (subject, whole)]
            differing = find_difference(*both)
            if differing is None:
                return None
            evidence = measure(subject, z, upstream, random)
    except EarlyVerdict:
        return None
    name = subject.inputs[differing].name
    return Report(
        "fail",
        subject.name,
        f"for arrays of integers, the gradient of {name} is not the one for floats of the same "
        f"values: an array that takes its type from an input, as from np.zeros_like(x), cuts off "
        f"decimals.",
        notes=("at whole numbers", f"seed {seed}"),
        seed=seed,
        from_numbers=(make_cause("integer-input", "the inputs were arrays of integers"),),
        point="whole numbers",
        evidence=tuple(replace(point, subject=whole) for point in evidence),
    )
