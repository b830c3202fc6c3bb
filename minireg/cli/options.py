"""The options of `minireg train`, in the sections in which its help shows them.

A setting has one name everywhere: `--batch-size` on the command line is `batch-size` in a
configuration file.  The command line wins over the file, the file over the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..models.architecture import ACTIVATIONS, MODELS
from ..models.optimization import OPTIMIZERS, SCHEDULES


class SectionedOption(click.Option):
    """An option that knows under which heading the help shows it."""

    def __init__(self, *arguments: Any, section: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help lists its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        others: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, SectionedOption) and record is not None:
                sections.setdefault(parameter.section, []).append(record)
            elif isinstance(parameter, click.Option) and record is not None:
                others.append(record)
        sections["Other"] = others
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


# -- types -----------------------------------------------------------------------------------------


class Counts(click.ParamType):
    """`128,64`: whole numbers, at least 1; in a configuration file also `[128, 64]`."""

    name = "N,N,..."

    def convert(self, value: Any, param: Any, ctx: Any) -> list[int]:
        parts = value.split(",") if isinstance(value, str) else value
        parts = parts if isinstance(parts, list) else [parts]
        if parts == [""]:
            return []
        try:
            counts = [int(str(part)) for part in parts]
        except ValueError:
            self.fail(f"{value!r} is no list of whole numbers such as 128,64.", param, ctx)
        if any(count < 1 for count in counts):
            self.fail(f"{min(counts)} is too small: each number must be at least 1.", param, ctx)
        return counts


class Names(click.ParamType):
    """`accuracy,f1`: names; in a configuration file also `["accuracy", "f1"]`."""

    name = "NAME,..."

    def convert(self, value: Any, param: Any, ctx: Any) -> list[str]:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            self.fail(f"{value!r} is no list of names separated by commas.", param, ctx)
        names = [part.strip() for part in parts]
        if "" in names:
            self.fail(f"{value!r} holds an empty name.", param, ctx)
        return names


class Shape(click.ParamType):
    """`28x28`: whole numbers with x between them; in a configuration file also `[28, 28]`."""

    def __init__(self, name: str, example: str, lengths: tuple[int, ...]) -> None:
        self.name = name
        self.example = example
        self.lengths = lengths

    def convert(self, value: Any, param: Any, ctx: Any) -> list[int]:
        parts = re.split("[x×]", value.lower()) if isinstance(value, str) else value
        parts = parts if isinstance(parts, list) else [parts]
        numbers = [int(str(part)) for part in parts if re.fullmatch("[0-9]+", str(part))]
        if len(numbers) < len(parts) or len(numbers) not in self.lengths or 0 in numbers:
            self.fail(
                f"{value!r} is not of the form {self.name}, such as {self.example}.", param, ctx
            )
        return numbers


class Number(click.ParamType):
    """A finite number in a range."""

    name = "X"

    def __init__(
        self, least: float = 0.0, most: float | None = None, *, open_below: bool = False,
        open_above: bool = False,
    ) -> None:  # fmt: skip
        self.least, self.most = least, most
        self.open_below, self.open_above = open_below, open_above

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        try:
            number = float(value) if not isinstance(value, bool) else float("nan")
        except (TypeError, ValueError):
            number = float("nan")
        low = number > self.least if self.open_below else number >= self.least
        top = float("inf") if self.most is None else self.most
        high = number < top if self.open_above or self.most is None else number <= top
        if not (low and high):
            self.fail(f"{value!r} is not a number {self.range}.", param, ctx)
        return number

    @property
    def range(self) -> str:
        if self.most is None:
            return f"{'greater than' if self.open_below else 'of at least'} {self.least:g}"
        ends = f"{'(' if self.open_below else '['}{self.least:g}, {self.most:g}"
        return f"in {ends}{')' if self.open_above else ']'}"


class Whole(click.ParamType):
    """A whole number in a range; click's own IntRange writes the range into the help."""

    name = "N"

    def __init__(self, least: int = 0, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        number = int(value) if re.fullmatch("[+-]?[0-9]+", str(value)) else None
        if number is None or number < self.least or number > (self.most or number):
            top = f" and at most {self.most}" if self.most else ""
            self.fail(f"{value!r} is not a whole number of at least {self.least}{top}.", param, ctx)
        return number


COUNT = Whole(1)
SEED = Whole(0, 2**32 - 1)
POSITIVE = Number(open_below=True)
SHARE = Number(0, 1, open_above=True)
HEIGHT_WIDTH = Shape("HxW", "28x28", (1, 2))
SHAPE = Shape("CxHxW", "3x32x32", (1, 3))


# -- the options -----------------------------------------------------------------------------------


def option(section: str, *names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=SectionedOption, section=section, **attributes)


def data_options(section: str) -> list[Callable[[Any], Any]]:
    """How a path is read; each format takes some of them."""
    return [
        option(section, "--target", metavar="COLUMN",
               help="CSV: what to predict, a name or a position.  [default: the last column]"),
        option(section, "--drop", type=Names(), metavar="COLUMN,...",
               help="CSV: columns to leave out, such as an identifier."),
        option(section, "--task", type=click.Choice(["classification", "regression"]),
               help="CSV: what kind of target.  [default: decimal numbers mean regression]"),
        option(section, "--delimiter", metavar="SIGN",
               help="CSV: what separates columns.  [default: found out]"),
        option(section, "--header/--no-header", default=None,
               help="CSV: whether the first line holds names.  [default: found out]"),
        option(section, "--encoding", metavar="NAME",
               help="CSV: of the text, such as cp1252.  [default: utf-8]"),
        option(section, "--size", type=HEIGHT_WIDTH, metavar="HxW",
               help="Images: resize to this height and width."),
        option(section, "--color", type=click.Choice(["rgb", "grey"]),
               help="Images: channels.  [default: grey if every image is]"),
        option(section, "--x", metavar="NAME", help=".npz: the array of the examples.  "
               "[default: x]"),
        option(section, "--y", metavar="NAME", help=".npz: the array of the targets.  "
               "[default: y]"),
        option(section, "--labels", metavar="FILE",
               help="IDX: the file of the labels.  [default: the one beside the images]"),
    ]  # fmt: skip


def model_options(section: str) -> list[Callable[[Any], Any]]:
    """What a network consists of."""
    return [
        option(section, "--model", type=click.Choice(MODELS),
               help="[default: cnn for images, mlp for tables]"),
        option(section, "--hidden", type=Counts(), metavar="N,N,...",
               help="Widths of the hidden layers.  [default: 128; cnn: 64]"),
        option(section, "--channels", type=Counts(), metavar="N,N,...",
               help="cnn: channels of the convolutions; each halves the image.  [default: 16,32]"),
        option(section, "--activation", type=click.Choice(list(ACTIVATIONS)), default="relu",
               show_default=True, help="After each hidden layer."),
        option(section, "--batch-norm", is_flag=True, help="Normalise each hidden layer."),
    ]  # fmt: skip


DATA, MODEL, TRAINING = "Data", "Model", "Training"
REGULARIZATION, AUGMENTATION, RUN = "Regularization", "Augmentation (images)", "This run"

# What makes a run what it is: stored in its folder, unchanged when it is resumed.
RUN_OPTIONS = [
    option(DATA, "--data", type=click.Path(path_type=Path), metavar="PATH",
           help="A folder of images with a subfolder for each class, a .csv, an .npz, or an IDX "
                "file."),
    option(DATA, "--validation", type=SHARE, metavar="FRACTION",
           help="Share of the examples to validate with; 0 for none.  [default: the data's own "
                "test part, or 0.2]"),
    *data_options(DATA),
    option(DATA, "--normalize/--no-normalize", default=True, show_default=True,
           help="Bring inputs (and numbers to predict) to mean 0 and spread 1, as measured on the "
                "training part."),
    *model_options(MODEL),
    option(TRAINING, "--optimizer", type=click.Choice(list(OPTIMIZERS)), default="adam",
           show_default=True),
    option(TRAINING, "--lr", type=POSITIVE, metavar="X",
           help="Learning rate.  [default: 0.001; sgd: 0.05; adagrad: 0.01]"),
    option(TRAINING, "--momentum", type=SHARE, metavar="X",
           help="sgd, rmsprop.  [default: sgd: 0.9; rmsprop: 0]"),
    option(TRAINING, "--weight-decay", type=Number(), metavar="X",
           help="The optimizer's own.  [default: 0; adamw: 0.01]"),
    option(TRAINING, "--schedule", type=click.Choice(SCHEDULES), default="none",
           show_default=True, help="How the learning rate changes."),
    option(TRAINING, "--warmup", type=Whole(), default=0, metavar="EPOCHS",
           help="Let the learning rate rise for so many epochs first."),
    option(TRAINING, "--epochs", type=COUNT, default=20, show_default=True, metavar="N"),
    option(TRAINING, "--batch-size", type=COUNT, default=32, show_default=True, metavar="N"),
    option(TRAINING, "--accumulate", type=COUNT, default=1, show_default=True, metavar="N",
           help="Batches that make one step."),
    option(TRAINING, "--clip-norm", type=POSITIVE, metavar="X",
           help="The largest norm that a gradient keeps."),
    option(TRAINING, "--metrics", type=Names(), metavar="NAME,...",
           help="accuracy, f1, precision, recall, top5, mse, mae, r2.  [default: accuracy; "
                "regression: mse,r2]"),
    option(TRAINING, "--seed", type=SEED, default=0, show_default=True,
           metavar="N", help="The same seed gives the same model."),
    option(REGULARIZATION, "--l1", type=Number(), default=0.0, metavar="X",
           help="Strength of an L1 penalty."),
    option(REGULARIZATION, "--l2", type=Number(), default=0.0, metavar="X",
           help="Strength of an L2 penalty."),
    option(REGULARIZATION, "--l2-scale", type=click.Choice(["half", "sum", "half_mean"]),
           default="half", show_default=True,
           help="What L2 means: X/2, X or X/(2m) times the sum of squares."),
    option(REGULARIZATION, "--proximal", is_flag=True,
           help="Penalties as proximal steps: with L1, exact zeros."),
    option(REGULARIZATION, "--dropout", type=SHARE, default=0.0, metavar="P",
           help="Probability of dropping a hidden unit."),
    option(REGULARIZATION, "--label-smoothing", type=SHARE, default=0.0, metavar="X",
           help="Share of each label that is spread over all classes."),
    option(REGULARIZATION, "--early-stopping", type=COUNT, metavar="EPOCHS",
           help="Stop after so many epochs without a better validation loss."),
    option(REGULARIZATION, "--class-weights", type=click.Choice(["balanced"]),
           help="Let rare classes count as much as frequent ones."),
    option(AUGMENTATION, "--flip", is_flag=True, help="Exchange left and right, in half of them."),
    option(AUGMENTATION, "--rotate", type=Number(0, 180), default=0.0, metavar="DEGREES",
           help="Turn by up to so many degrees either way."),
    option(AUGMENTATION, "--crop", type=Whole(), default=0, metavar="PIXELS",
           help="Shift by up to so many pixels."),
    option(RUN, "--backend", type=click.Choice(["numpy", "cupy", "auto"]),
           help="Where to compute.  [default: MINIREG_BACKEND or numpy]"),
]  # fmt: skip


def all_of(options: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """A decorator that adds all options of a list, in its order."""

    def decorated(function: Any) -> Any:
        for added in reversed(options):
            function = added(function)
        return function

    return decorated


# -- what was chosen -------------------------------------------------------------------------------


def long_name(parameter: click.Parameter) -> str:
    """`batch-size` of the option `--batch-size`."""
    return parameter.opts[0].removeprefix("--")


def run_parameters(context: click.Context) -> dict[str, SectionedOption]:
    """The options of a run by their long names."""
    return {
        long_name(parameter): parameter
        for parameter in context.command.params
        if isinstance(parameter, SectionedOption) and parameter.name in RUN_NAMES
    }


def explicit(context: click.Context) -> set[str]:
    """The names of the parameters that the command line gives."""
    given = click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.ENVIRONMENT
    return {name for name in context.params if context.get_parameter_source(name) in given}


def names_of(options: list[Callable[[Any], Any]]) -> tuple[str, ...]:
    """The parameters that these options become."""

    @click.command()
    @all_of(options)
    def bearer() -> None: ...

    return tuple(str(parameter.name) for parameter in bearer.params)


RUN_NAMES = names_of(RUN_OPTIONS)
