"""Causes that are found by substitution: the gradient is right for other inputs.

If what was returned is the gradient of f(x, labels + 1), the labels are shifted by one.  The slopes
of f along random directions decide, so a substitution costs a few calls of the function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .mismatch import Mismatch
from .probe import Probe

OTHERWISE = {"penalty-scaled": "constant-factor", "penalty-missing": "missing-chain-factor"}


def find_other_constants(m: Mismatch) -> list[Cause]:
    """The gradient is right for another value of an input that is not differentiated."""
    probe = m.probe
    if probe is None or not m.wrong.any() or m.bad_factor is not None:
        return []
    for name, value in m.fixed.items():
        for cause, text, other in list_values(m, name, value):
            if probe.is_gradient_of(subject=probe.subject.replace(name, other)):
                evidence = f"it is right for {text} in place of {name}"
                names = [cause]
                if type(value) is float:  # not of a penalty, or a factor that is left out
                    names += [OTHERWISE.get(cause, cause)]
                    names += ["missing-chain-factor"] * (text in ("0", "1"))
                return [make_cause(name, evidence) for name in dict.fromkeys(names)]
    return []


def list_values(m: Mismatch, name: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield values that may have been used in place of an input: a cause, a text, the value."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.size:
        top = int(value.max()) + 1
        for text, other in (
            (f"{name} + 1", (value + 1) % max(top, m.x.shape[-1] if m.x.ndim else 1)),
            (f"{name} - 1", np.maximum(value - 1, 0)),
            (f"{name} - 1", (value - 1) % max(top, m.x.shape[-1] if m.x.ndim else 1)),
            (f"{name} of the next row", np.roll(value, -1, 0) if value.ndim else value),
            (f"{name} of the row before", np.roll(value, 1, 0) if value.ndim else value),
            (f"{name} in reverse order", np.flip(value)),
        ):
            yield "labels-shifted", text, other
    elif isinstance(value, np.ndarray) and value.dtype.kind == "b":
        yield "mask-inverted", f"not {name}", ~value
        yield "mask-missing", f"a {name} that is True everywhere", np.ones_like(value)
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        if set(np.unique(value)) <= {0.0, 1.0}:
            yield "mask-inverted", f"1 - {name}", 1 - value
            yield "mask-missing", f"ones in {name}", np.ones_like(value)
        yield "sign-flipped", f"-{name}", -value
        if value.ndim == 2 and value.shape[0] == value.shape[1]:
            yield "transposed", f"{name}.T", value.T.copy()
    elif type(value) is float:
        penalty = m.is_loss
        yield "penalty-missing" if penalty else "missing-chain-factor", "0", 0.0
        for text, other in (
            (f"1 - {name}", 1 - value), (f"2 * {name}", 2 * value), (f"{name}/2", value / 2),
            (f"{name}**2", value * value), (f"-{name}", -value), ("1", 1.0),
        ):  # fmt: skip
            yield "penalty-scaled" if penalty else "constant-factor", text, other
    elif type(value) is int:
        for axis in range(m.x.ndim):
            if axis != value % max(m.x.ndim, 1):
                yield "wrong-axis", f"{axis}", axis


def find_other_inputs(m: Mismatch) -> list[Cause]:
    """The gradient is right at another point: for y in place of x, for exchanged inputs, …"""
    probe = m.probe
    if probe is None or not m.wrong.any() or m.bad_factor is not None:
        return []
    random = np.random.default_rng(0)
    for cause, text, z in list_points(m, probe):
        # Where the slopes do not depend on the point (abs), other points would do as well.
        beside = z + 0.1 * np.abs(z - probe.z) * random.uniform(0.5, 1, z.size)
        if probe.is_gradient_of(z=z) and not probe.is_gradient_of(z=beside):
            explanation = "sigmoid is applied to probabilities" if "sigmoid" in text else ""
            found = [make_cause(cause, f"it is right at {text}", explanation)]
            if cause == "output-for-input" and is_softmax(m, z):
                found.insert(0, make_cause("softmax-twice", f"it is right at {text}"))
            if cause == "sign-flipped":
                found.append(make_cause("missing-chain-factor", f"it is right at {text}"))
            return found
    return []


def is_softmax(m: Mismatch, z: np.ndarray) -> bool:
    """Whether an input, at the point z, is positive with the sum 1 along an axis, and is not so at
    the given point."""
    values = m.probe.input.of(z)  # type: ignore[union-attr]
    positive, sums = (values > 0).all(), [values.sum(axis=axis) for axis in range(values.ndim)]
    return bool(positive and any(np.allclose(total, 1) for total in sums))


def list_points(m: Mismatch, probe: Probe) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield points that may have been used in place of the given one: a cause, a text, a point."""

    def put(**values: np.ndarray) -> np.ndarray:
        z = probe.z.copy()
        for x in probe.subject.inputs:
            if x.name in values:
                z[x.part] = values[x.name].ravel()
        return z

    x, name = m.x, m.name
    with np.errstate(all="ignore"):
        if m.y is not None and m.y.shape == x.shape:
            yield "output-for-input", f"y in place of {name}", put(**{name: m.y})
        for axis in range(x.ndim):
            e = np.exp(x - x.max(axis=axis, keepdims=True))
            p = e / e.sum(axis=axis, keepdims=True)
            yield "softmax-twice", f"softmax({name}) over axis {axis}", put(**{name: p})
        yield "softmax-twice", f"sigmoid({name})", put(**{name: 1 / (1 + np.exp(-x))})
    yield "sign-flipped", f"-{name}", put(**{name: -x})
    inputs = {name: x, **{other: mismatch.x for other, mismatch in m.others.items()}}
    for one, a in inputs.items():
        if a.ndim == 2 and a.shape[0] == a.shape[1]:
            yield "transposed", f"{one}.T in place of {one}", put(**{one: a.T})
        for axes in [(axis,) for axis in range(a.ndim)] + [(-2, -1)] * (a.ndim > 1):
            text = f"{one} reversed along axis {', '.join(str(axis % a.ndim) for axis in axes)}"
            yield "order-not-undone", text, put(**{one: np.flip(a, axes)})
        if m.y is not None and m.y.shape == a.shape and one != name:
            yield "output-for-input", f"y in place of {one}", put(**{one: m.y})
        for other, b in inputs.items():
            if one != other and a.shape == b.shape:
                yield "swapped-arguments", f"{other} in place of {one}", put(**{one: b})
                if one < other:
                    swapped = put(**{one: b, other: a})
                    yield "swapped-arguments", f"{one} and {other} exchanged", swapped
