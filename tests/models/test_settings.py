"""Settings take Python values and text, and can be written to a TOML file and read again."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg.errors import ArgumentError, ArgumentTypeError, MiniregError
from minireg.models import Settings, kinds, read_settings
from minireg.models.settings import POSITIVE, SHARE

pytestmark = pytest.mark.host

COUNTS, NAMES, COLUMNS = (kinds.Several(kind()) for kind in (kinds.Count, kinds.Text, kinds.Column))
SIZE, SHAPE = kinds.Shape(), kinds.Shape("CxHxW", "3x32x32", (1, 3))
SEED = kinds.Count(0, 2**32 - 1)


# -- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "in_python", "value"),
    [
        (COUNTS, "128,64", [128, 64], (128, 64)),
        (COUNTS, "128, 64", (128, 64), (128, 64)),
        (COUNTS, "16", 16, (16,)),
        (COUNTS, "", [], ()),
        (NAMES, "accuracy, f1", ["accuracy", "f1"], ("accuracy", "f1")),
        (COLUMNS, "id,-1", ["id", -1], ("id", -1)),
        (kinds.Column(), "-1", -1, -1),
        (SIZE, "28x20", [28, 20], (28, 20)),
        (SIZE, "28X20", "28×20", (28, 20)),
        (SIZE, "28", 28, (28,)),
        (SHAPE, "3x32x32", [3, 32, 32], (3, 32, 32)),
        (SHARE, "0.25", 0.25, 0.25),
        (SHARE, "0", 0, 0.0),
        (kinds.Count(), "7", 7, 7),
        (SEED, "4294967295", 4294967295, 2**32 - 1),
        (kinds.Location(), "photos", Path("photos"), Path("photos")),
        (kinds.Pipeline(), "flip,crop:8x8:2", "flip, crop : 8 : 2", "flip, crop:8:2"),
    ],
)
def test_a_value_may_come_as_the_text_that_is_typed(kind, typed, in_python, value):
    for found in (kind.read("it", typed), kind.read("it", in_python)):
        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (COUNTS, "128,0"), (COUNTS, "a"), (COUNTS, [1.5]), (COUNTS, "1,,2"), (COUNTS, True),
        (NAMES, "a,,b"), (NAMES, [1]), (NAMES, 3), (SIZE, "28x28x3"), (SIZE, "0x4"),
        (SIZE, [2.5, 3]), (SHAPE, "3x3"), (SHARE, "1"), (SHARE, "-0.1"), (SHARE, "nan"),
        (SHARE, True), (SHARE, [1]), (kinds.Count(), "0"), (kinds.Count(), "1.5"),
        (kinds.Count(), 2.0), (SEED, 2**32), (SEED, "-1"), (POSITIVE, 0), (POSITIVE, "inf"),
        (kinds.Number(0, 180), 181), (kinds.Flag(), 1), (kinds.Text(), ""), (kinds.Column(), 1.0),
        (kinds.Choice(("a",)), "b"), (kinds.Location(), 3), (kinds.Location(), ""),
        (kinds.Pipeline(), ""), (kinds.Pipeline(), "flop"), (kinds.Pipeline(), ["flip"]),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(kind, value):
    with pytest.raises(MiniregError, match=r"^it must be ") as caught:
        kind.read("it", value)
    assert caught.value.argument == "it"


@pytest.mark.parametrize("name", [own.name for own in fields(Settings)])
def test_every_setting_refuses_an_object_and_is_named(name):
    with pytest.raises(MiniregError, match=rf"^{name} must be ") as caught:
        Settings(**{name: object()})
    assert caught.value.argument == name


@pytest.mark.parametrize(
    ("values", "argument", "words"),
    [
        ({"proximal": True}, "proximal", "give one, too, such as l1=0.01"),
        ({"early_stopping": 3, "validation": 0}, "early_stopping", "leaves none"),
        ({"momentum": 0.5}, "momentum", "is an option of rmsprop, sgd, sgdw"),
        ({"independent_decay": True}, "independent_decay", "is an option of adamw, sgdw, not of"),
        (
            {"independent_decay": True, "optimizer": "adamw"},
            "independent_decay",
            "such as weight_decay=1e-5",
        ),
        ({"unit_norm": True, "max_norm": 2}, "unit_norm", "max_norm=2 limits the same norm"),
        ({"warmup": 20}, "warmup", "is too long: epochs is 20"),
        ({"epochs": None}, "epochs", "must be a whole number, got None"),
    ],
)
def test_contradictions_are_refused(values, argument, words):
    with pytest.raises(MiniregError, match=words) as caught:
        Settings(**values)
    assert caught.value.argument == argument


def test_settings_are_changed_by_making_others():
    settings = Settings(hidden="8,4", data="photos")
    assert replace(settings, seed=1) == Settings(data=Path("photos"), hidden=(8, 4), seed=1)
    with pytest.raises(ArgumentError, match="epochs must be at least 1, got 0"):
        replace(settings, epochs=0)


# -- files -----------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "data": TEXTS.filter(lambda text: "\0" not in text).map(Path),
            "drop": st.lists(kinds_of_columns := TEXTS | st.integers(-9, 9)),
            "target": kinds_of_columns,
            "validation": st.floats(0, 1, exclude_max=True),
            "header": st.booleans(),
            "hidden": st.lists(st.integers(1, 999)),
            "lr": st.floats(0, exclude_min=True, allow_infinity=False),
            "batch_norm": st.booleans(),
            "seed": st.integers(0, 2**32 - 1),
            "delimiter": TEXTS,
            "augment": st.sampled_from(["flip:0.1", "sometimes(rotate:-5..20, crop:8x9)"]),
        },
    )
)
def test_settings_survive_a_toml_file(tmp_path_factory, values):
    settings = Settings(**values)
    path = tmp_path_factory.mktemp("settings") / "config.toml"
    path.write_text(settings.to_toml(path.parent), encoding="utf-8")
    assert with_whole_path(Settings.from_toml(path)) == with_whole_path(settings)


def with_whole_path(settings):
    return replace(settings, data=settings.data and settings.data.resolve())


def test_every_setting_has_a_place_in_the_file(tmp_path):
    others = {
        "data": "x", "validation": 0.5, "target": "y", "drop": ["z"], "task": "regression",
        "delimiter": ";", "header": True, "encoding": "utf-8", "size": 4, "color": "rgb", "x": "a",
        "missing": "mean", "categorical": ["c"],
        "y": "b", "labels": "l", "model": "mlp", "hidden": [3], "channels": [2], "lr": 0.5,
        "momentum": 0.5, "weight_decay": 0.5, "clip_norm": 1.0, "metrics": ["mse"],
        "early_stopping": 3, "class_weights": "balanced", "backend": "numpy", "optimizer": "sgd",
        "max_norm": 2.0, "augment": "flip",
    }  # fmt: skip
    table = tomllib.loads(Settings(**others).to_toml())
    assert {name.replace("-", "_") for name in table} == {own.name for own in fields(Settings)}


def test_sections_are_comments_and_none_is_left_out():
    text = Settings(augment="flip").to_toml()
    assert re.findall("^# (.*)$", text, flags=re.MULTILINE)[1:] == [
        "Data", "Model", "Training", "Regularization", "Augmentation (images)",
    ]  # fmt: skip
    assert "data" not in tomllib.loads(text)


def test_a_name_that_is_not_utf_8_is_refused():
    with pytest.raises(ArgumentError, match="Rename the file or folder"):
        Settings(data="\udc80").to_toml()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no configuration file"),
        (b"epochs: 3\n", r"is not a TOML file: .*line 1.* looks like this: epochs = 20"),
        (b"epochs = 3\nepochs = 4\n", "is not a TOML file"),
        (b"l1 = " + b"[" * 3000 + b"]" * 3000, "is not a TOML file"),
        (b"lr" + b".a" * 3000 + b" = 1", "lr is nested too deeply"),
        (b"lr = " + b"9" * 400, "settings.toml: lr must be finite"),
        (b"epochs = " + b"9" * 5000, "is not a TOML file: Exceeds the limit"),
        (b"name = '\xff'\n", "is not UTF-8 text"),
        (b"batch_sise = 3\n", "there is no setting 'batch_sise'. Did you mean 'batch-size'"),
        (b"xyzzy = 3\n", "there is no setting 'xyzzy'. Known names: data, validation, "),
        (b"lr = 'fast'\n", "settings.toml: lr must be a number, got 'fast'"),
        (b"epochs = true\n", "settings.toml: epochs must be a whole number, got True"),
        (
            b"augment = 'flop'\n",
            "augment must be a pipeline.* no transform 'flop'. Did you mean 'flip'",
        ),
        (
            b"flip = true\nrotate = 10\ncrop = 2\n",
            'write augment = "flip, rotate:10, crop:HEIGHTxWIDTH:2" instead',
        ),
        (b"flip = false\nrotate = 0.0\ncrop = 0\n", "flip, rotate and crop .* leave them out"),
        (b"[lr]\nvalue = 3\n", "settings.toml: lr must be a number, got {'value': 3}"),
    ],
)
def test_a_file_that_cannot_be_used_gets_a_sentence(tmp_path, content, words):
    path = tmp_path / "settings.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArgumentError, match=words):
        Settings.from_toml(path)


def test_a_byte_order_mark_is_not_part_of_the_first_name(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbfepochs = 3\n")
    assert read_settings(path) == {"epochs": 3}


def test_changes_override_the_file_and_may_correct_it(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("momentum = 0.5\nseed = 3\n", encoding="utf-8")
    with pytest.raises(ArgumentError, match="momentum is an option of"):
        Settings.from_toml(path)
    settings = Settings.from_toml(path, optimizer="sgd", seed=4)
    assert (settings.momentum, settings.seed) == (0.5, 4)


def test_a_wrong_type_is_also_the_error_that_python_raises():
    with pytest.raises(ArgumentTypeError):
        Settings(lr="fast")
    with pytest.raises(ValueError, match="at least 1"):
        Settings(epochs=0)
