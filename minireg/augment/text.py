"""The text form of a pipeline, the same on the command line, in TOML and from Python.

    flip, rotate:10, crop:28:2

| | |
|---|---|
| `a, b, c` | transforms, one after the other |
| `rotate:-5..20:fill=128` | a name, then the arguments of the class: in their order, or by name |
| `sometimes:0.3(a, b)` | for each image with probability 0.3 |
| `oneof(a \\| b, c)`, `oneof:1/3(a \\| b)` | for each image one of them; with weights |
| `(a, b)` | a pipeline inside another one |

A value is a number, `true`, `false`, `none`, or a word.  An interval is written `-5..20`, a size
(height, width) `28x24`, any other tuple `128/100/90`, and one with a single value `128/`.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from inspect import Parameter, Signature, signature
from itertools import takewhile
from typing import Any, NoReturn

from ..errors import ArgumentError, ArgumentTypeError, MiniregError
from ..random import Generator, as_generator
from .compose import Compose
from .names import NAMES
from .policy import OneOf, Sometimes
from .transform import ImageTransform, arguments_of
from .writing import write_value


def parse(
    text: str, *, num_classes: int | None = None, generator: Generator | None = None
) -> Compose:
    """Return the pipeline that a text describes; `str(pipeline)` is its text.

    Args:
        text: see `augment/text.py`.
        num_classes: for transforms that mix labels and do not name it.
        generator: each random transform gets a stream of its own, spawned from this one in their
            order (those inside `oneof` and `sometimes` before these); by default from a new stream
            of the default generator.

    Raises:
        ArgumentError, ArgumentTypeError: a name that does not exist, arguments that the transform
            does not take, or brackets that do not match.

    >>> t = parse("flip, sometimes:0.3(rotate:10), crop:28:2")
    >>> t.transforms[2]
    RandomCrop(size=(28, 28), padding=2)
    >>> print(t)
    flip, sometimes:0.3(rotate:10), crop:28:2
    """
    if not isinstance(text, str):
        raise ArgumentTypeError(
            f"A pipeline is a text such as 'flip, rotate:10', got {text!r}.", argument="text"
        )
    reader = Reader(text, num_classes, as_generator(generator))
    try:
        steps = reader.read_pipeline()
    except RecursionError as error:
        raise ArgumentError("The pipeline is nested too deeply.", argument="text") from error
    reader.expect("")
    return Compose(steps)


# -- reading ---------------------------------------------------------------------------------------

SIGNS = "(),|:="
TOKEN = re.compile(rf"[{SIGNS}]|[^\s{SIGNS}]+")
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
PAIR = re.compile(rf"({NUMBER})(?:\.\.|x)({NUMBER})")
WORDS = {"none": None, "true": True, "false": False}
SPELLINGS = {
    "randomapply": "sometimes",
    "randomchoice": "oneof",
    **{kind.__name__.lower(): name for name, kind in NAMES.items()},
    **{name: name for name in NAMES},
}  # of names, also of the classes and of torchvision: for hints
TUPLES = " In a text, an interval is written 0.8..1.2, a size 28x24, any other tuple 1/2/3 or 1/."


class Reader:
    """Reads a pipeline, token by token."""

    def __init__(self, text: str, num_classes: int | None, generator: Generator) -> None:
        self.text, self.num_classes, self.generator = text, num_classes, generator
        self.tokens, self.place = TOKEN.findall(text), 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def skip(self, sign: str) -> bool:
        """Whether `sign` came next; it is then read."""
        found = self.next == sign
        self.place += found
        return found

    def expect(self, sign: str) -> None:
        if not self.skip(sign):
            self.refuse(f"{sign!r}" if sign else "',' or ':'")

    def refuse(self, expected: str) -> NoReturn:
        before = f"after {self.tokens[self.place - 1]!r}" if self.place else "at the beginning"
        got = repr(self.next) if self.next else "the end"
        raise ArgumentError(
            f"{self.text!r} is not a pipeline: {before} {expected} was expected, got {got}. "
            f"Write it like 'flip, rotate:10'.",
            argument="text",
        )

    def refuse_call(self, name: str) -> NoReturn:
        """Refuse arguments in brackets, as in Python."""
        inside = list(takewhile(lambda token: token != ")", self.tokens[self.place + 1 :]))
        if not inside or "(" in inside or any(token in NAMES for token in inside):
            self.refuse("',' or ':'")
        written = "".join(inside).replace(",", ":")
        raise ArgumentError(
            f"{name}: arguments stand after colons: write {name}:{written}.", argument="text"
        )

    def read_token(self, what: str) -> str:
        token = self.next
        if not token or token in SIGNS:
            self.refuse(what)
        self.place += 1
        return token

    def read_pipeline(self) -> list[ImageTransform]:
        steps = [self.read_transform()]
        while self.skip(","):
            steps.append(self.read_transform())
        return steps

    def read_transform(self) -> ImageTransform:
        if self.skip("("):
            steps = self.read_pipeline()
            self.expect(")")
            return Compose(steps)
        name = self.read_token("the name of a transform")
        if name not in NAMES:
            close = get_close_matches(name.lower(), SPELLINGS, n=1, cutoff=0.5)
            hint = f"Did you mean {SPELLINGS[close[0]]!r}? " if close else ""
            raise ArgumentError(
                f"There is no transform {name!r}. {hint}Known names: {', '.join(sorted(NAMES))}.",
                argument="text",
            )
        kind = NAMES[name]
        if self.next == "(" and kind not in (OneOf, Sometimes):
            self.refuse_call(name)
        values, options = self.read_arguments()
        if kind in (OneOf, Sometimes):
            values.insert(0, self.read_inside(kind))
        return self.build(name, kind, values, options)

    def read_arguments(self) -> tuple[list[Any], dict[str, Any]]:
        values, options = [], {}
        while self.skip(":"):
            value = self.read_token("a value")
            if not self.skip("="):
                values.append(read_value(value))
            elif value in options:
                self.refuse(f"another argument than {value!r}, which came before,")
            else:
                options[value] = read_value(self.read_token("a value"))
        return values, options

    def read_inside(self, kind: type) -> Any:
        """Read what stands in the brackets of `oneof` or `sometimes`."""
        self.expect("(")
        choices = [self.read_pipeline()]
        while kind is OneOf and self.skip("|"):
            choices.append(self.read_pipeline())
        self.expect(")")
        if kind is OneOf and len(choices) == 1 < len(choices[0]):
            raise ArgumentError(
                "oneof chooses one of several: write | between them, as in oneof(a | b, c).",
                argument="text",
            )
        inside = [steps[0] if len(steps) == 1 else Compose(steps) for steps in choices]
        return inside if kind is OneOf else inside[0]

    def build(self, name: str, kind: type, values: list[Any], options: dict[str, Any]) -> Any:
        taken = arguments_of(kind)
        try:
            taken.bind(*values, **options)
        except TypeError as error:
            raise ArgumentError(
                f"{name}: {error}. It is written {describe(name, taken)}.", argument="text"
            ) from error
        if "num_classes" in taken.parameters:
            options.setdefault("num_classes", self.num_classes)
        if "generator" in signature(kind).parameters:
            options["generator"] = self.generator.spawn()
        try:
            return kind(*values, **options)
        except MiniregError as error:
            hint = TUPLES if "(" in str(error) else ""
            raise ArgumentError(f"{name}: {error}{hint}", argument="text") from error


def describe(name: str, taken: Signature) -> str:
    """Return how a transform is written, with all its arguments.

    >>> describe("flip", arguments_of(NAMES["flip"]))
    'flip:p=0.5'
    """
    parts = [name]
    for p in taken.parameters.values():
        required = p.default is Parameter.empty
        parts.append(p.name.upper() if required else f"{p.name}={write_value(p.name, p.default)}")
    return ":".join(parts)


def read_value(text: str) -> Any:
    """
    >>> [read_value(text) for text in ("7", "-5..20", "28x24", "0.5/", "none", "edge")]
    [7, (-5, 20), (28, 24), (0.5,), None, 'edge']
    """
    if "/" in text:
        return tuple(read_value(part) for part in text.removesuffix("/").split("/"))
    if pair := PAIR.fullmatch(text):
        return read_value(pair[1]), read_value(pair[2])
    if re.fullmatch("[+-]?[0-9]{1,99}", text):
        return int(text)
    return float(text) if re.fullmatch(NUMBER, text) else WORDS.get(text, text)
