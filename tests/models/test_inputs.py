"""The data of a training in parts: how they are divided, and what tables become."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from minireg.models import Settings
from minireg.models.inputs import read_parts, reader_options
from tests.models import user_files

pytestmark = pytest.mark.host


def parts_of(path, **options):
    return read_parts(Settings(data=path, **options))


def test_a_fifth_validates_and_is_not_learned(tmp_path):
    parts = parts_of(user_files.arrays(tmp_path / "data.npz", 40))
    assert (len(parts.train), len(parts.validation), parts.test) == (32, 8, None)
    assert parts.validation.class_counts.tolist() == [4, 4]
    seen = {x.tobytes() for x in parts.train.x}
    assert not seen & {x.tobytes() for x in parts.validation.x}


def test_the_seed_decides_which_ones(tmp_path):
    path = user_files.arrays(tmp_path / "data.npz", 40)
    first, again, other = (parts_of(path, seed=seed).validation.x for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_own_test_part_is_used_before_any_is_split_off(tmp_path):
    folder = user_files.image_folder(tmp_path / "photos", 5, parts=("train", "val"))
    own = parts_of(folder)
    assert (len(own.train), len(own.validation), own.test) == (10, 10, None)
    split = parts_of(folder, validation=0.2)
    assert (len(split.train), len(split.validation), len(split.test)) == (8, 2, 10)
    none = parts_of(folder, validation=0.0)
    assert (len(none.train), none.validation, len(none.test)) == (10, None, 10)
    assert own.has_test_part
    assert not parts_of(user_files.arrays(tmp_path / "data.npz")).has_test_part


def test_data_of_a_single_class_are_refused(tmp_path):
    np.savez(tmp_path / "one.npz", x=np.zeros((4, 2)), y=np.zeros(4, int))
    with pytest.raises(DataError, match="holds only one class, '0'"):
        parts_of(tmp_path / "one.npz")


def test_too_few_examples_for_a_validation_part(tmp_path):
    np.savez(tmp_path / "two.npz", x=np.zeros((2, 2)), y=np.arange(2))
    with pytest.raises(ArgumentError, match=r"0.2 of 2 examples would be 0") as caught:
        parts_of(tmp_path / "two.npz")
    assert caught.value.argument == "validation"


def test_numbers_to_predict_are_columns(tmp_path):
    np.savez(tmp_path / "numbers.npz", x=np.zeros((10, 2)), y=np.linspace(0, 1, 10))
    parts = parts_of(tmp_path / "numbers.npz")
    assert parts.train.y.shape == (8, 1)
    assert (parts.regression, parts.outputs) == (True, 1)


def test_columns_may_be_named_or_counted(tmp_path):
    path = user_files.table(tmp_path / "t.csv")
    named = parts_of(path, target="kind", drop=["number", "width"])
    counted = parts_of(path, target="-1", drop=["0", "2"])
    np.testing.assert_array_equal(named.train.x, counted.train.x)
    assert named.schema == counted.schema
    assert (named.schema.feature_names, named.schema.target) == (("length",), "kind")


def test_one_length_is_a_square_and_colours_are_channels():
    assert reader_options(Settings(size=28)) == {"size": (28, 28)}
    assert reader_options(Settings(size="28x20", color="grey")) == {
        "size": (28, 20), "color": False,
    }  # fmt: skip


def test_whole_numbers_of_a_quantity_make_a_regression(tmp_path):
    path = tmp_path / "prices.csv"
    lines = [f"{i / 7},{1000 + 13 * i}" for i in range(60)]
    path.write_text("size,price\n" + "\n".join(lines), encoding="utf-8")
    with pytest.warns(UserWarning, match="task"):
        assert parts_of(path).regression
    assert parts_of(path, task="regression").regression


def test_a_schema_is_learned_from_the_training_part(tmp_path):
    """The columns of each part equal what the training part alone says of it."""
    rng = np.random.default_rng(0)
    rows = [
        f"{number},{'' if i % 7 == 3 else number},{word},{i % 2}"
        for i, (number, word) in enumerate(zip(rng.integers(0, 99, 40), "abcd" * 9 + "wxyz"))
    ]
    path = tmp_path / "t.csv"
    path.write_text("number,gaps,word,label\n" + "\n".join(rows), encoding="utf-8")
    with pytest.warns(UserWarning, match="'word' .* not in the training part"):
        parts = parts_of(path, missing="mean", validation=0.5, target="label")
    train, names = parts.train.x, parts.schema.feature_names
    known = [name.removeprefix("word=") for name in names if name.startswith("word=")]
    assert 4 <= len(known) < 8
    filled = train[:, names.index("gaps")] != train[:, names.index("number")]
    mean = train[~filled, names.index("number")].mean()
    for part in (train, parts.validation.x):
        gaps, numbers = part[:, names.index("gaps")], part[:, names.index("number")]
        assert (np.isclose(gaps, mean) | (gaps == numbers)).all()
        assert set(part[:, len(names) - len(known) :].sum(axis=1)) <= {0.0, 1.0}
    assert (parts.validation.x[:, -len(known) :].sum(axis=1) == 0).any()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8", "utf-8-sig"])
def test_tables_in_other_encodings(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_text("größe,farbe\n1.5,rot\n2.5,grün\n" * 1 + "3.5,rot\n" * 8, encoding=encoding)
    if encoding == "cp1252":
        with pytest.raises(DataError) as caught:
            parts_of(path)
        assert caught.value.argument == "encoding"
    parts = parts_of(path, encoding=encoding)
    assert (parts.schema.feature_names, parts.schema.target) == (("größe",), "farbe")
    assert parts.train.classes == ("grün", "rot")


def test_a_header_of_numbers_can_be_told_from_a_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("2019,2020,2021\n" + "1.5,2.5,3.5\n" * 9, encoding="utf-8")
    assert len(parts_of(path, validation=0.0).train) == 10
    named = parts_of(path, validation=0.0, header=True)
    assert len(named.train) == 9
    assert (named.schema.feature_names, named.schema.target) == (("2019", "2020"), "2021")


def test_two_features_of_one_name_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,a,y\n" + "1,2,u\n3,4,v\n" * 5, encoding="utf-8")
    with pytest.raises(DataError, match=r"has 2 columns called 'a'.*: rename one"):
        parts_of(path)


@pytest.mark.parametrize(("name", "value"), [("target", "kind"), ("labels", "y"), ("size", 8)])
def test_a_setting_of_another_format_is_named(tmp_path, name, value):
    path = user_files.arrays(tmp_path / "data.npz")
    with pytest.raises(ArgumentTypeError, match=name) as caught:
        parts_of(path, **{name: value})
    assert caught.value.argument == name
