"""Whole numbers: backward must give the same gradients whether they come as integers or as floats.

An array that takes its type from an input, as from np.zeros_like(x), cuts off decimals if x is an
array of integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .array_pair import ArrayFunction
from .comparison import draw_upstream
from .contract import copy_gradients, find_difference
from .inputs import Floats
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


def describe_cut_decimals(subject: ArrayFunction, seed: int) -> str:
    """Return what backward cuts off if inputs are arrays of integers; "" if it cuts off nothing.

    The gradients of floats are right, so this is a note and not a failure.  Nothing is told if the
    function has another value for integers, or anything raises an error.

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
                return ""
            both = [copy_gradients(s.gradients(z, upstream)) for s in (subject, whole)]
            differing = find_difference(*both)
    except EarlyVerdict:
        return ""
    if differing is None:
        return ""
    return (
        f"integer-input: if the inputs are arrays of integers, decimals of the gradient of "
        f"{subject.inputs[differing].name} are cut off: an array takes its type from an input, as "
        f"from np.zeros_like(x). Write np.zeros(x.shape)"
    )
