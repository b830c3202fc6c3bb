"""Command-line options made from the fields of `Settings`, in the sections of the help."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import Field, fields
from typing import Any

import click
from click.core import ParameterSource

from ..errors import MiniregError
from ..models import kinds
from ..models.settings import Settings


class SectionedOption(click.Option):
    """An option with the heading under which the help shows it."""

    def __init__(self, *arguments: Any, section: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help lists its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                sections.setdefault(getattr(parameter, "section", "Other"), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Typed(click.ParamType):
    """A click type that reads values with one of `models.kinds`."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.name = kind.metavar

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        try:
            return self.kind.read(param.opts[0] if param else "it", value)
        except MiniregError as error:
            self.fail(str(error), param, ctx)


def option(section: str, *names: str, **attributes: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=SectionedOption, section=section, **attributes)


def click_type(kind: Any) -> click.ParamType | None:
    """How click reads values of this kind; None for a flag."""
    if isinstance(kind, kinds.Number):
        return click.FloatRange(kind.min, kind.max, kind.min_open, kind.max_open)
    if isinstance(kind, kinds.Count):
        return click.IntRange(kind.min, kind.max)
    if isinstance(kind, kinds.Choice):
        return click.Choice(kind.names)
    return None if isinstance(kind, kinds.Flag) else Typed(kind)


def setting_option(own: Field, section: str | None = None) -> Callable[[Any], Any]:
    """Return the option for a field of `Settings`."""
    kind, name = own.metadata["kind"], own.name.replace("_", "-")
    flag = isinstance(kind, kinds.Flag)
    switch = flag and own.default is not False
    return option(
        section or own.metadata["section"],
        f"--{name}/--no-{name}" if switch else f"--{name}",
        type=click_type(kind),
        is_flag=flag,
        default=own.default,
        show_default=own.default is not None and own.default is not False,
        metavar=own.metadata["metavar"] or kind.metavar,
        help=own.metadata["meaning"],
    )


def setting_options(names: Iterable[str] | None = None, section: str | None = None) -> Any:
    """Return a decorator that adds options for some settings (by default all), in their order."""

    def add_options(function: Any) -> Any:
        for own in reversed(fields(Settings)):
            if names is None or own.name in names:
                function = setting_option(own, section)(function)
        return function

    return add_options


def get_chosen(context: click.Context) -> dict[str, Any]:
    """Return the settings given on the command line, without those at their defaults."""
    names = {own.name for own in fields(Settings)}
    return {
        name: value
        for name, value in context.params.items()
        if name in names and context.get_parameter_source(name) is not ParameterSource.DEFAULT
    }
