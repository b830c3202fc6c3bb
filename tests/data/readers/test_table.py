"""Tables: what other programs write comes back, and errors have a clear message."""

from __future__ import annotations

import csv
import gzip
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from minireg.data import read_table
from minireg.errors import ArgumentError, DataError

pytestmark = pytest.mark.host


@pytest.fixture
def table(tmp_path):
    def write(content: str | bytes) -> Path:
        place = tmp_path / "table.csv"
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return write


numbers = st.floats(min_value=-1e30, max_value=1e30)
names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@given(
    st.lists(st.tuples(numbers, numbers, names), min_size=1, max_size=20),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_what_the_csv_writer_writes_comes_back(rows, delimiter, end, quoting, bom):
    # The writer quotes a line break inside a cell only if it is one of its own.
    assume(quoting == csv.QUOTE_ALL or not any(c in name for *_, name in rows for c in "\r\n"))
    kinds = [f"kind {name}" for *_, name in rows]
    with TemporaryDirectory() as folder:
        place = Path(folder, "table.csv")
        encoding = "utf-8-sig" if bom else "utf-8"
        with place.open("w", newline="", encoding=encoding) as file:
            writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
            writer.writerow(["first", "second", "kind"])
            writer.writerows((a, b, kind) for (a, b, _), kind in zip(rows, kinds))
        data = read_table(place, delimiter=delimiter, task="classification")
    assert data.x.tolist() == [[a, b] for a, b, _ in rows]
    kinds = [kind.strip() for kind in kinds]
    assert data.classes == tuple(sorted(set(kinds)))
    assert [data.classes[k] for k in data.y] == kinds


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("header", ["a,b,c\n", ""])
def test_delimiter_and_header_are_recognised(table, delimiter, header):
    text = (header + "1,2,red\n3,4,blue\n").replace(",", delimiter)
    data = read_table(table(text))
    assert data.x.tolist() == [[1, 2], [3, 4]]
    assert (data.classes, data.y.tolist()) == (("blue", "red"), [1, 0])


def test_a_delimiter_within_quotes_does_not_count(table):
    data = read_table(table('"a,b,c,d";"e"\n1;2.5\n'))
    assert (data.x.tolist(), data.y.tolist()) == ([[1]], [2.5])


@pytest.mark.parametrize("target", ["kind", 1, -2])
def test_the_target_is_chosen_by_name_or_position(table, target):
    data = read_table(table("a,kind,b\n1,x,2\n3,y,4\n"), target=target)
    assert data.x.tolist() == [[1, 2], [3, 4]]
    assert data.y.tolist() == [0, 1]


@pytest.mark.parametrize("drop", [["id"], [0], "id", 0])
def test_dropped_columns_may_hold_anything(table, drop):
    data = read_table(table("id,a,y\np-1,1,0\np-2,2,1\n"), drop=drop)
    assert data.x.tolist() == [[1], [2]]


def test_whole_numbers_are_classes_and_others_a_regression(table):
    data = read_table(table("1,10\n2,-1\n3,2\n" * 5))
    assert (data.classes, data.y[:3].tolist()) == (("-1", "2", "10"), [2, 0, 1])
    data = read_table(table("1,10\n2,-1\n3,2.0\n" * 5))
    assert (data.classes, data.y[:3].tolist()) == ((), [10.0, -1.0, 2.0])


def test_task_decides_where_the_values_do_not(table):
    place = table("1,10\n2,-1\n")
    assert read_table(place).classes == ("-1", "10")
    assert read_table(place, task="regression").y.tolist() == [10.0, -1.0]
    many = table("".join(f"{i},{i * i}\n" for i in range(50)))
    assert read_table(many, task="regression").y[7] == 49
    assert read_table(many, task="classification").num_classes == 50
    texts = table("".join(f"{i},t{i}\n" for i in range(50)))
    with pytest.raises(DataError, match="50 different texts in 50 rows"):
        read_table(texts)
    assert read_table(texts, task="classification").num_classes == 50


@pytest.mark.parametrize(
    ("values", "rows", "labels"),
    [
        (range(2), 2, True),  # tiny examples
        ((7, 100), 2, True),
        (range(3), 14, False),
        (range(3), 15, True),
        (range(3, 10), 35, True),  # the quality of a wine
        (range(20), 100, True),
        (range(100, 120), 100, True),
        (range(100, 121), 1000, False),
        (range(62), 310, True),  # letters and digits
        (range(1, 63), 310, True),
        (range(62), 309, False),
        ([*range(30), 40], 1000, False),  # a count
        (range(16), 20, False),
        (range(100, 500), 1000, False),  # prices
    ],
)
def test_whole_numbers_are_labels_if_few_and_often(table, values, rows, labels):
    values = list(values)
    place = table("".join(f"0.5,{values[i % len(values)]}\n" for i in range(rows)))
    if labels:
        assert read_table(place).classes == tuple(map(str, values))
    else:
        with pytest.warns(
            UserWarning,
            match=rf"{len(values)} different whole numbers.* choose task='classification'",
        ):
            data = read_table(place)
        assert data.classes == ()
        assert data.y[: len(values)].tolist() == values


def test_classes_number_a_test_set_as_the_training_set(table):
    train = read_table(table("1,a\n2,b\n3,c\n"))
    test = read_table(table("1,c\n"), classes=train.classes)
    assert (test.y.tolist(), test.classes) == ([2], ("a", "b", "c"))
    with pytest.raises(DataError, match="'d', which is not among the 3 classes a, b, c"):
        read_table(table("1,d\n"), classes=train.classes)


def test_one_word_above_numbers_makes_a_header(table):
    place = table("0,1,label\n5,6,0\n7,8,1\n")
    for options in ({}, {"header": True}, {"target": "label"}):
        assert read_table(place, **options).x.tolist() == [[5, 6], [7, 8]]
    assert read_table(place, header=False).x.tolist() == [[0, 1], [5, 6], [7, 8]]


def test_other_encodings_are_read_when_named(table):
    content = "größe,art\n1,süß\n".encode("cp1252")
    with pytest.raises(DataError, match=r"is not utf-8 text.*such as encoding='cp1252'"):
        read_table(table(content))
    assert read_table(table(content), encoding="cp1252").classes == ("süß",)
    for encoding in ("utf-16", None):
        content = "a,b\n1,ü\n".encode("utf-16")
        assert read_table(table(content), encoding=encoding).classes == ("ü",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b,y\n1,2,0\n1,,1\n", r"Missing values in .*: 1, the first \(''\) in row 2, column 'b'"),
        ("a,b,y\n1,NA,0\n", "'NA'.* column 'b'.*missing='drop', .*missing='mean', "),
        ("a,b,y\n1,nan,0\n", "Missing.* column 'b'"),
        ("a,b,y\n1,2,\n", "Missing.* column 'y'"),
        ("a,b,y\n1,2,0\n1,2\n", "Missing.* in row 2, column 'y'"),
        ("\n\na,b,y\n1,2,0\n1,red,0\n", "Row 2 of .*'b': 'red' is not a finite number"),
        ("a,b,y\n1,1,0\n1,inf,0\n", "'inf' is not a finite number"),
        ("a,b,y\n1,1e999,0\n", "'1e999' is not a finite number"),
        ("a;b;y\n1,5;2;0\n", "'1,5'. The column holds numbers in another notation.* decimal point"),
        ("a,b,y\n1,2,0\n1,2,3,4\n", "Expected 3 fields in line 3, saw 4.*with delimiter"),
        ("a,b,y\n", "a header and no rows"),
        ("\n \n\n", "no rows"),
        ("", r"empty \(0 bytes\)"),
        ("1\n2\n3\n", "one column"),
        ("a,b,a\n1,2,3\n", "2 columns called 'a'"),
        ('a,b\n1,"2\n3,4\n', "EOF inside string.*quotes"),
        (b"a,b\n1,\xff\n", "is not utf-8 text"),
        (b"a,b\n1,\x00\n", "is not a text table: it is binary"),
        (b"a,b\n" + b"1,2\n" * 400 + b"1,\x00\n", "NUL"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG file"),
        (b"PK\x03\x04\0\0", "a zip file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-3], "damaged"),
    ],
)
def test_unreadable_tables_are_refused_in_one_sentence(table, content, sentence):
    with pytest.raises(DataError, match=sentence):
        read_table(table(content))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "z"}, "no column 'z'; its 3 columns are a, c, b"),
        ({"target": 3}, "no column 3; its 3 columns"),
        ({"target": 1.5}, "must name a column"),
        ({"header": "no"}, "header must be True, False or None, got 'no'"),
        ({"encoding": 3}, "encoding must be the name of an encoding.* got 3"),
        ({"schema": {}}, "schema must be the schema of a training part"),
        ({"classes": 3}, "classes must be a sequence of names, got 3"),
        ({"drop": [0, 1]}, "No feature of .* is left"),
        ({"target": 0, "drop": [0]}, "also a column to drop"),
        ({"delimiter": ",,"}, "single character"),
        ({"task": "guess"}, "'classification' or 'regression'"),
        ({"missing": "zero"}, "'drop' or 'mean', got 'zero'"),
        ({"encoding": "klingon"}, "no encoding 'klingon'"),
        ({"header": False, "target": "b"}, "only in a table with a header"),
        ({"classes": ["0"], "task": "regression"}, "has none"),
        ({"max_bytes": 8}, "max_bytes is 8"),
    ],
)
def test_options_that_do_not_fit_are_named(table, options, sentence):
    with pytest.raises((ArgumentError, TypeError), match=sentence) as caught:
        read_table(table("a,c,b\n1,2,0\n3,4,0\n"), **options)
    assert caught.value.argument == next(iter(options))


def test_texts_in_a_regression_are_named(table):
    with pytest.raises(DataError, match="holds 'red'"):
        read_table(table("1,2.5\n2,red\n"), task="regression")


@pytest.mark.parametrize("cell", [b"1", b"1,"])
def test_an_endless_line_is_refused_in_bounded_memory(table, cell):
    place = table(cell * (100_000_000 // len(cell)))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"over 8,388,608 characters"):
            read_table(place)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        place.unlink()
    assert peak < 50e6


def test_a_table_needs_a_small_multiple_of_its_file(table):
    place = table(b"0,1,0\n" * 60_000)
    tracemalloc.start()
    try:
        data = read_table(place)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(data) == 60_000
    assert peak < 25 * place.stat().st_size + 50e6
