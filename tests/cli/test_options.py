"""Options are made from `Settings`: one name, one default and one range for each."""

from __future__ import annotations

from dataclasses import fields

import click
import pytest

from minireg.cli.options import get_chosen
from minireg.cli.train import train
from minireg.models import Settings, kinds

pytestmark = pytest.mark.host

OPTIONS = {parameter.name: parameter for parameter in train.params}


@pytest.mark.parametrize("own", fields(Settings), ids=lambda own: own.name)
def test_every_setting_is_an_option_of_the_same_name(own):
    option, kind = OPTIONS[own.name], own.metadata["kind"]
    assert option.opts[0] == "--" + own.name.replace("_", "-")
    assert option.section == own.metadata["section"]
    context = train.make_context("train", [])
    assert context.params[own.name] == own.default
    assert get_chosen(context) == {}
    if isinstance(kind, kinds.Number | kinds.Count):
        assert (option.type.min, option.type.max) == (kind.min, kind.max)
    if isinstance(kind, kinds.Choice):
        assert tuple(option.type.choices) == kind.names


def test_other_options_are_those_of_a_run():
    others = OPTIONS.keys() - {own.name for own in fields(Settings)}
    assert others == {"data_without_option", "out", "config", "resume", "overwrite", "as_json"}


def test_what_is_typed_becomes_settings():
    typed = ["--hidden", "8,4", "--size", "28x20", "--drop", "id,-2", "--no-header",
             "--augment", "flip", "--lr", "0.5", "--epochs", "3", "--color", "grey",
             "--data", "x"]  # fmt: skip
    chosen = get_chosen(train.make_context("train", typed))
    assert Settings(**chosen) == Settings(
        data="x", hidden=(8, 4), size=(28, 20), drop=("id", -2), header=False, augment="flip",
        lr=0.5, epochs=3, color="grey",
    )  # fmt: skip
    assert len(chosen) == 9


@pytest.mark.parametrize(
    "typed", [["--hidden", "a"], ["--size", "3x"], ["--epochs", "1.5"], ["--seed", "-1"]]
)
def test_what_a_setting_does_not_take_is_refused(typed):
    with pytest.raises(click.BadParameter):
        train.make_context("train", typed)
