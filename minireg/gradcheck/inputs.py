"""Specifications of inputs, from which a check draws points of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from ..checks import check_count, check_number
from ..errors import ArgumentError, ArgumentTypeError

# Lengths of the named axes, in the order of their appearance: different primes, so that a factor
# shows where it comes from.  2 is not among them, because it is a factor of many formulas.
LENGTHS = (5, 7, 3, 11, 13, 17)
LARGE, TIED = 20.0, 3.0


class Specification:
    """The base of all specifications: an array with named axes.

    Args:
        axes: for each axis a name, or a fixed length.
    """

    def __init__(self, *axes: str | int) -> None:
        for axis in axes:
            if isinstance(axis, (int, np.integer)):
                check_count("an axis", axis)
            elif not (isinstance(axis, str) and axis.isidentifier()):
                raise ArgumentTypeError(
                    f"{type(self).__name__} takes a name or a length for each axis, such as "
                    f'{type(self).__name__}("N", "D") for an array of shape (N, D), got {axis!r}.'
                )
        self.axes = axes

    def shape(self, lengths: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(lengths[axis] if isinstance(axis, str) else axis for axis in self.axes)

    def draw(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        """Draw ordinary values."""
        raise NotImplementedError

    def draw_special(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        """Draw values among which are those that ordinary ones do not have."""
        return self.draw(lengths, random)


class Floats(Specification):
    """A floating-point array that is differentiated.

    Ordinary values are normal numbers, or uniform ones if there is a bound.  The special ones have
    exact zeros, ties, and large values of both signs, as far as the bounds allow.

    Args:
        axes: for each axis a name, or a fixed length.
        low, high: bounds of the values.

    >>> x = Floats("N", 2, low=0.5, high=1.0).draw({"N": 3}, np.random.default_rng(0))
    >>> x.shape, bool((x >= 0.5).all() and (x <= 1.0).all())
    ((3, 2), True)
    """

    def __init__(self, *axes: str | int, low: float = -math.inf, high: float = math.inf) -> None:
        super().__init__(*axes)
        self.low, self.high = float(low), float(high)
        if not self.low < self.high:
            raise ArgumentError(f"low must be less than high, got {low!r} and {high!r}.")

    def draw(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        if math.isinf(self.low) and math.isinf(self.high):
            return random.normal(size=self.shape(lengths))
        low = self.low if math.isfinite(self.low) else self.high - 2
        high = self.high if math.isfinite(self.high) else self.low + 2
        return random.uniform(low, high, size=self.shape(lengths))

    def draw_special(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        x = self.draw(lengths, random)
        flat = x.ravel()
        places = random.permutation(flat.size)
        zeros, large, ties = (places[i::4] for i in range(3))
        if self.low <= 0 <= self.high:
            flat[zeros] = 0
        flat[large] = np.clip(flat[large] * LARGE, self.low, self.high)
        flat[ties] = np.clip(TIED, self.low, self.high)
        return flat.reshape(x.shape)


class Integers(Specification):
    """An array of whole numbers, from 0 to `below` − 1: labels, indices.  Some are repeated.

    Args:
        axes: for each axis a name, or a fixed length.
        below: a number, or the name of an axis.

    >>> Integers("N", below="C").draw({"N": 4, "C": 3}, np.random.default_rng(0)).shape
    (4,)
    """

    def __init__(self, *axes: str | int, below: str | int) -> None:
        super().__init__(*axes)
        self.below = below if isinstance(below, str) else check_count("below", below)

    def draw(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        below = lengths[self.below] if isinstance(self.below, str) else self.below
        return random.integers(0, below, size=self.shape(lengths))

    def draw_special(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        x = self.draw(lengths, random)
        x.ravel()[1::2] = x.ravel()[: x.size - 1 : 2]  # neighbours are equal
        return x


class Booleans(Specification):
    """A boolean array, such as a mask, of which about the share `share` is True.

    Args:
        axes: for each axis a name, or a fixed length.
        share: of True, between 0 and 1.

    >>> Booleans("N", share=0.5).draw({"N": 3}, np.random.default_rng(0)).dtype
    dtype('bool')
    """

    def __init__(self, *axes: str | int, share: float = 0.6) -> None:
        super().__init__(*axes)
        self.share = check_number("share", share, above=0)

    def draw(self, lengths: Mapping[str, int], random: np.random.Generator) -> np.ndarray:
        return random.random(self.shape(lengths)) < self.share


@dataclass(frozen=True)
class Draw:
    """One point: the name of its kind, and the inputs by their names."""

    kind: str
    inputs: dict[str, Any]


def draw_inputs(inputs: Mapping[str, Any], seed: int = 0) -> Iterator[Draw]:
    """Draw the points of a check: an ordinary one, one of other lengths, and a special one.

    Args:
        inputs: a specification for each argument, by its name.  Anything that is not a
            specification is a constant, the same at every point.
        seed: the seed of all values.

    >>> points = draw_inputs({"x": Floats("N", "D"), "labels": Integers("N", below="D"), "p": 0.3})
    >>> [(point.kind, point.inputs["x"].shape) for point in points]
    [('ordinary', (5, 7)), ('other lengths', (7, 3)), ('special', (5, 7))]
    """
    if not isinstance(inputs, Mapping) or not inputs:
        raise ArgumentTypeError(
            f'inputs must be a dictionary such as {{"x": Floats("N", "D")}}, got {inputs!r}.',
            argument="inputs",
        )
    names = find_axes(inputs)
    random = np.random.default_rng(seed)
    for kind, first in (("ordinary", 0), ("other lengths", 1), ("special", 0)):
        lengths = {name: LENGTHS[(first + i) % len(LENGTHS)] for i, name in enumerate(names)}
        yield Draw(kind, draw_at(inputs, lengths, random, kind == "special"))


def draw_at(
    inputs: Mapping[str, Any],
    lengths: Mapping[str, int],
    random: np.random.Generator,
    special: bool = False,
) -> dict[str, Any]:
    """Draw inputs with these lengths of the axes."""
    method = "draw_special" if special else "draw"
    drawn = {
        name: getattr(x, method)(lengths, random) if isinstance(x, Specification) else x
        for name, x in inputs.items()
    }
    if special:
        tie_inputs(inputs, drawn, random)
    return drawn


def tie_inputs(
    inputs: Mapping[str, Any], drawn: Mapping[str, Any], random: np.random.Generator
) -> None:
    """Let arrays of the same shape have some entries in common, in place."""
    numbers = [(n, x) for n, x in inputs.items() if isinstance(x, (Floats, Integers))]
    for (name, x), (other, _) in permutations(numbers, 2):
        one, values = drawn[name], drawn[other]
        if isinstance(x, Floats) and one.shape == values.shape and one.size:
            at = random.integers(one.size)
            one.flat[at] = np.clip(values.flat[at], x.low, x.high)


def find_axes(inputs: Mapping[str, Any]) -> list[str]:
    """The names of all axes, in the order of their appearance."""
    specifications = [x for x in inputs.values() if isinstance(x, Specification)]
    named = [axis for x in specifications for axis in x.axes if isinstance(axis, str)]
    bounds = [x.below for x in specifications if isinstance(x, Integers)]
    names = list(dict.fromkeys([*named, *(b for b in bounds if isinstance(b, str))]))
    if len(names) > len(LENGTHS):
        raise ArgumentError(
            f"At most {len(LENGTHS)} axes may have names, got {', '.join(names)}.",
            argument="inputs",
        )
    return names
