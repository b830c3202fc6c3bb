"""The user's data in parts, and readers that speak of options."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from minireg.cli.options import data_options, names_of
from minireg.data import Dataset, readers
from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from minireg.models.inputs import (
    counts_text,
    in_terms_of_options,
    read_parts,
    reader_options,
    translated,
)
from tests.models import user_files

pytestmark = pytest.mark.host

NONE = dict.fromkeys(names_of(data_options("Data"))) | {"validation": None, "seed": 0}


def parts_of(path, **options):
    return read_parts(NONE | {"data": Path(path)} | options)


def test_a_fifth_validates_class_by_class_and_is_not_learned(tmp_path):
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


def test_one_class_is_nothing_to_tell_apart(tmp_path):
    np.savez(tmp_path / "one.npz", x=np.zeros((4, 2)), y=np.zeros(4, int))
    with pytest.raises(DataError, match="holds one class only, '0'"):
        parts_of(tmp_path / "one.npz")


def test_too_few_examples_for_a_validation_part(tmp_path):
    np.savez(tmp_path / "two.npz", x=np.zeros((2, 2)), y=np.arange(2))
    with pytest.raises(ArgumentError, match=r"--validation 0.2 of 2 examples would be 0"):
        parts_of(tmp_path / "two.npz")


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
    assert named.columns == counted.columns == {"features": ["length"], "target": "kind"}
    assert reader_options({"size": [28]}) == {"size": (28, 28)}
    assert reader_options({"size": [28, 20], "color": "grey"}) == {"size": (28, 20), "color": False}


def test_whole_numbers_that_are_hardly_classes_lead_to_the_option(tmp_path):
    path = tmp_path / "prices.csv"
    lines = [f"{i / 7},{1000 + 13 * i}" for i in range(60)]
    path.write_text("size,price\n" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match="Say --task regression"):
        parts_of(path)
    assert parts_of(path, task="regression").regression


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8", "utf-8-sig"])
def test_tables_in_other_encodings(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_text("größe,farbe\n1.5,rot\n2.5,grün\n" * 1 + "3.5,rot\n" * 8, encoding=encoding)
    if not encoding.startswith("utf-8"):
        with pytest.raises(DataError, match=f"--encoding {encoding}"):
            parts_of(path)
    parts = parts_of(path, encoding=encoding)
    assert parts.columns == {"features": ["größe"], "target": "farbe"}
    assert parts.train.classes == ("grün", "rot")


def test_a_header_of_numbers_can_be_told_from_a_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("2019,2020,2021\n" + "1.5,2.5,3.5\n" * 9, encoding="utf-8")
    assert len(parts_of(path, validation=0.0).train) == 10
    named = parts_of(path, validation=0.0, header=True)
    assert len(named.train) == 9
    assert named.columns == {"features": ["2019", "2020"], "target": "2021"}


def test_two_features_of_one_name_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,a,y\n" + "1,2,u\n3,4,v\n" * 5, encoding="utf-8")
    with pytest.raises(DataError, match=r"has 2 columns called 'a'.*: rename one"):
        parts_of(path)


def test_warnings_become_notes_on_stderr(tmp_path, capsys):
    folder = user_files.image_folder(tmp_path / "photos", 3)
    (folder / "dark" / "notes.txt").write_text("not a picture", encoding="utf-8")
    parts_of(folder)
    captured = capsys.readouterr()
    assert captured.err.startswith("Note: 1 files in")
    assert captured.out == ""


# -- what the readers say --------------------------------------------------------------------------


def sentences():
    """The texts of all errors that the readers raise, in the pieces that stand in the source."""
    for place in sorted(Path(readers.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise | ast.Assign | ast.AugAssign):
                pieces = [
                    piece.value
                    for piece in ast.walk(node)
                    if isinstance(piece, ast.Constant) and isinstance(piece.value, str)
                ]
                yield place.name, " ".join(pieces)


# What only a Python programmer can do or have done.
FOR_PROGRAMMERS = (
    "numpy.savez('data.npz', x=x, y=y)", "numpy.savez('data.npz', x=np.stack(images), y=labels)",
    "from_sequence(list(examples))", "Dataset(x, y)", "classes= names classes",
)  # fmt: skip


def test_no_hint_of_a_reader_reaches_the_terminal_as_python():
    found = list(sentences())
    assert len(found) > 30
    for name, text in found:
        if name in ("sequence.py", "__init__.py"):  # takes Python objects
            continue
        shown = translated(text)
        for words in FOR_PROGRAMMERS:
            shown = shown.replace(words, "")
        assert not re.search(r"\bread_\w+\(|\b(size|drop|target|header|encoding|task)=", shown), (
            shown
        )


def test_an_option_of_another_format_is_named(tmp_path):
    path = user_files.arrays(tmp_path / "data.npz")
    with pytest.raises(ArgumentTypeError, match="and --target is not for this kind of data"):
        parts_of(path, target="kind")


def test_other_errors_pass_unchanged():
    with pytest.raises(ZeroDivisionError), in_terms_of_options():
        raise ZeroDivisionError


def test_many_classes_are_cut_short():
    data = Dataset(np.zeros((40, 1)), np.arange(40) % 20)
    assert counts_text(data).startswith("20 classes: 0 2, 1 2, ")
    assert counts_text(data).endswith("10 2, …")
