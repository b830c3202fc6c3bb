"""What can be typed, on the command line and in a configuration file."""

from __future__ import annotations

import click
import pytest

from minireg.cli.options import COUNT, HEIGHT_WIDTH, RUN_NAMES, SEED, SHAPE, SHARE, Counts, Names
from minireg.cli.train import train

pytestmark = pytest.mark.host


@pytest.mark.parametrize(
    ("kind", "typed", "in_a_file", "value"),
    [
        (Counts(), "128, 64", [128, 64], [128, 64]),
        (Counts(), "16", 16, [16]),
        (Counts(), "", [], []),
        (Names(), "accuracy, f1", ["accuracy", "f1"], ["accuracy", "f1"]),
        (HEIGHT_WIDTH, "28x20", [28, 20], [28, 20]),
        (HEIGHT_WIDTH, "28X20", "28×20", [28, 20]),
        (HEIGHT_WIDTH, "28", 28, [28]),
        (SHAPE, "3x32x32", [3, 32, 32], [3, 32, 32]),
        (SHARE, "0.25", 0.25, 0.25),
        (SHARE, "0", 0, 0.0),
        (COUNT, "7", 7, 7),
        (SEED, "4294967295", 4294967295, 2**32 - 1),
    ],
)
def test_a_file_may_say_in_toml_what_is_typed(kind, typed, in_a_file, value):
    assert kind.convert(typed, None, None) == value
    assert kind.convert(in_a_file, None, None) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Counts(), "128,0"), (Counts(), "a"), (Counts(), [1.5]), (Counts(), "1,,2"),
        (Names(), "a,,b"), (Names(), [1]), (Names(), 3), (HEIGHT_WIDTH, "28x28x3"),
        (HEIGHT_WIDTH, "0x4"), (HEIGHT_WIDTH, [2.5, 3]), (SHAPE, "3x3"), (SHARE, "1"),
        (SHARE, "-0.1"), (SHARE, "nan"), (SHARE, True), (SHARE, [1]), (COUNT, "0"), (COUNT, "1.5"),
        (COUNT, 2.0), (SEED, 2**32), (SEED, "-1"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(kind, value):
    with pytest.raises(click.BadParameter):
        kind.convert(value, None, None)


def test_a_setting_has_one_name_everywhere():
    for parameter in train.params:
        if parameter.name in RUN_NAMES:
            assert parameter.opts[0] == "--" + parameter.name.replace("_", "-")
