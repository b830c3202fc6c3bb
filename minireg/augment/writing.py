"""Write a pipeline in its text form, which `text.py` reads."""

from __future__ import annotations

import math
from typing import Any

from .compose import Compose
from .names import NAMES
from .policy import OneOf, Sometimes
from .resize import Resize
from .transform import arguments_of

CLASSES = {kind: name for name, kind in NAMES.items()}
LISTS = ("fill", "mean", "p", "std", "translate", "value")  # pairs that are not intervals


def write(t: Any) -> str:
    """Return the text of a pipeline or a transform; the repr of one that has no name here."""
    if isinstance(t, Compose):
        return ", ".join(map(write_step, t.transforms))
    return write_step(t)


def write_step(t: Any) -> str:
    """Return the text of a transform inside a pipeline."""
    if isinstance(t, Compose):
        return f"({write(t)})"
    name = CLASSES.get(type(t))
    if name is None:
        return repr(t)
    values, parts = t.arguments(), [name]
    has_inside = type(t) in (OneOf, Sometimes)
    inside = write_inside(values.pop(next(iter(values)))) if has_inside else ""
    in_order = True
    for p in arguments_of(type(t)).parameters.values():
        if p.name in values:
            value = write_value(p.name, values[p.name], type(t) is not Resize)
            is_default = p.default is not p.empty and value == write_value(p.name, p.default)
            in_order &= p.kind is not p.KEYWORD_ONLY and not is_default
            if not is_default:
                parts.append(value if in_order else f"{p.name}={value}")
    return ":".join(parts) + inside


def write_inside(inside: Any) -> str:
    """Return what `oneof` and `sometimes` act on, in brackets."""
    choices = inside if isinstance(inside, list) else [inside]

    def write_choice(t: Any) -> str:
        whole = isinstance(t, Compose) and len(t.transforms) > 1 and inside != [t]
        return write(t) if whole else write_step(t)

    return f"({' | '.join(map(write_choice, choices))})"


def write_value(name: str, value: Any, square: bool = True) -> str:
    """Return the text of an argument.

    Args:
        square: whether one number for a size means a square.

    >>> write_value("degrees", (-5.0, 20.0)), write_value("degrees", (-5.0, 5.0))
    ('-5..20', '5')
    >>> write_value("size", (28, 24)), write_value("mean", (0.5, 0.25, 0.5))
    ('28x24', '0.5/0.25/0.5')
    """
    if isinstance(value, (tuple, list)):
        parts = [write_value("", part) for part in value]
        if name == "size" and len(parts) == 2:
            return parts[0] if square and parts[0] == parts[1] else "x".join(parts)
        if len(parts) == 2 and all(isinstance(part, float) for part in value):
            short = shorten(name, *value)
            if short is not None:
                return write_value("", short)
            if name not in LISTS:
                return "..".join(parts)
        return "/".join(parts) + "/" * (len(parts) == 1)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


# What one number d means for an argument with two ends: center − d to center + d, or d twice.
CENTERS = {"degrees": 0.0, "shear": 0.0, "hue": 0.0,
           "brightness": 1.0, "contrast": 1.0, "saturation": 1.0}  # fmt: skip
TWICE = ("sigma", "translate")


def shorten(name: str, low: float, high: float) -> float | None:
    """Return the number that means the same as (low, high), if there is one.

    >>> shorten("degrees", -5.0, 5.0), shorten("contrast", 0.8, 1.2), shorten("scale", 1.0, 1.0)
    (5.0, 0.2, None)
    """
    if name in TWICE:
        return high if low == high else None
    center = CENTERS.get(name, math.nan)
    d = round(high - center, 12)
    low_of_d = center - d if center == 0 else max(center - d, 0.0)
    return d if d >= 0 and repr((low_of_d, center + d)) == repr((low, high)) else None
