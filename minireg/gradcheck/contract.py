"""Contracts between forward, backward and their callers, which are checked before numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .subject import EarlyVerdict, Subject, as_numbers, is_close, is_same, to_host


def check_contract(subject: Subject, upstream: np.ndarray) -> None:
    """Raise if arrays are changed in place, or equal backward passes give unequal gradients."""
    __tracebackhide__ = True
    with subject.watch():
        forward_pass = subject.run(subject.start)
        check_unchanged(subject, forward_pass, "it")
        # Copied, because a backward that adds to its own array would change its first result.
        first = copy_gradients(subject.differentiate(forward_pass, upstream))
        check_unchanged(subject, forward_pass, subject.backward_name)
        second = copy_gradients(subject.differentiate(forward_pass, upstream))
    differing = find_difference(first, second)
    if differing is None:
        return
    third = copy_gradients(subject.differentiate(forward_pass, upstream))
    fresh = copy_gradients(subject.gradients(subject.start, upstream))
    name = subject.inputs[differing].name
    a, b, c = (gradients[differing] for gradients in (first, second, third))
    if find_difference(first, fresh) is None:
        reason = "it changes what the forward pass saved"
        causes: tuple[Cause, ...] = (make_cause("input-mutated", reason),)
    else:
        reason, causes = explain_change(a, b, c)
    why = f"two equal backward passes give different gradients of {name}: {reason}."
    raise EarlyVerdict("fail", why, *causes)


def explain_change(a: Any, b: Any, c: Any) -> tuple[str, tuple[Cause, ...]]:
    """Return why three equal calls gave a, b and c."""
    numbers = [x for x in (a, b, c) if x is not None]
    if len(numbers) == 3 and a.shape == b.shape == c.shape:
        if is_close(b - a, c - b):
            reason = "it adds to an array that is not reset"
            return reason, (make_cause("stateful", reason),)
        if is_close(b, c):
            reason = "the first call gives something else than the later ones: it keeps state"
            return reason, (make_cause("stateful", reason),)
        if np.any((a == 0) != (b == 0)):
            reason = "it draws random numbers (use the mask of the forward pass)"
            zeros = "other entries are 0 in each call"
            return reason, (make_cause("mask-resampled", zeros), make_cause("nondeterministic"))
    reason = "it draws random numbers, or keeps state"
    return reason, (make_cause("nondeterministic"), make_cause("stateful"))


def check_value(subject: Subject, value: np.ndarray) -> None:
    """Raise if f at the given inputs is not this value."""
    __tracebackhide__ = True
    again = subject.value(subject.start)
    if is_close(value, again):
        return
    _, causes = explain_change(value, again, subject.value(subject.start))
    causes = tuple(cause for cause in causes if cause.name != "mask-resampled")
    raise EarlyVerdict(
        "fail",
        "it gives different values for the same inputs. If it draws random numbers (dropout), pass "
        "it the mask, or a seed that it starts from in every call, or use evaluation mode; if it "
        "keeps state, reset it in every call.",
        *causes,
    )


def check_repeatable(
    subject: Subject, value: np.ndarray, upstream: np.ndarray, first: list[Any]
) -> None:
    """Raise if f or its gradients are not what they were at the beginning of the check."""
    __tracebackhide__ = True
    check_value(subject, value)
    last = copy_gradients(subject.gradients(subject.start, upstream))
    differing = find_difference(first, last)
    if differing is not None:
        reason = f"the gradient of {subject.inputs[differing].name} depends on earlier calls"
        raise EarlyVerdict("fail", f"{reason}: it keeps state.", make_cause("stateful", reason))


def check_unchanged(subject: Subject, forward_pass: Any, who: str) -> None:
    """Raise if `who` changed an array that the forward pass was called with."""
    for name, now, before in subject.list_arrays(forward_pass):
        if not is_same(to_host(now), to_host(before)):
            raise EarlyVerdict(
                "fail",
                f"{who} changes its input {name} in place. Its caller still needs the old values: "
                f"work on a copy, {name}.copy().",
                make_cause("input-mutated", f"{name} has other values after the call"),
            )


def find_aliases(subject: Subject, returned: list[Any]) -> str:
    """Return which gradient shares memory with another one, or with what backward was called with.

    Who adds to such a gradient changes the other array.  A read-only view harms nobody; "" if there
    is nothing else.
    """
    gradients = [(x.name, g) for x, g in zip(subject.inputs, returned) if isinstance(g, np.ndarray)]
    for i, (one, a) in enumerate(gradients):
        for other, b in gradients[i + 1 :]:
            if (a.flags.writeable or b.flags.writeable) and np.shares_memory(a, b):
                return f"the gradients of {one} and {other} are the same array"
    for name, a in gradients:
        for other, b in subject.lent:
            if isinstance(b, np.ndarray) and a.flags.writeable and np.shares_memory(a, b):
                return f"the gradient of {name} shares memory with {other}"
    return ""


def copy_gradients(returned: list[Any]) -> list[np.ndarray | None]:
    return [as_numbers(gradient) for gradient in returned]


def find_difference(first: list[Any], second: list[Any]) -> int | None:
    """Return the first input whose gradients differ by more than rounding."""
    for i, (a, b) in enumerate(zip(first, second)):
        if a is not None and b is not None and not is_close(a, b):
            return i
    return None
