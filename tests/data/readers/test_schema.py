"""The meaning of columns is learned from the training part and used for every other table."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg import Generator
from minireg.data import Dataset, Schema, open_table, read, read_table
from minireg.errors import ArgumentError, DataError

pytestmark = pytest.mark.host

ROOT = Path(__file__).parents[3]
PENGUINS = "island,bill,kind\nBiscoe,39.5,Adelie\nDream,49.5,Gentoo\nBiscoe,40,Adelie\n"


@pytest.fixture
def table(tmp_path):
    def write(text: str, name: str = "table.csv") -> Path:
        place = tmp_path / name
        place.write_text(text, encoding="utf-8")
        return place

    return write


# -- columns ---------------------------------------------------------------------------------------


def test_words_become_one_hot_columns_with_names(table):
    data = read_table(table(PENGUINS))
    assert data.feature_names == ("island=Biscoe", "island=Dream", "bill")
    assert data.target_name == "kind"
    assert data.x.tolist() == [[1, 0, 39.5], [0, 1, 49.5], [1, 0, 40]]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.integers(-9, 9)), min_size=1, max_size=30))
def test_one_hot_is_that_of_pandas(rows):
    frame = pandas.DataFrame(rows, columns=["word", "number"]).assign(y=0.5)
    expected = pandas.get_dummies(frame[["number", "word"]], dtype=float, prefix_sep="=")
    data = read_table(frame)
    assert sorted(data.feature_names) == sorted(expected.columns)
    assert np.array_equal(data.x, expected[list(data.feature_names)].to_numpy())


@pytest.mark.parametrize(
    "word", ["1_000", "\uff11", "\u0661", "0x10", "1d5", "infinity", "\u22121", "1 2"]
)
def test_only_ascii_digits_are_numbers(table, word):
    with pytest.raises(DataError, match=r"Row 2 .*'a': '(.*) is not a finite|another notation"):
        read_table(table(f"a,k\n1,x\n{word},y\n"))
    assert read_table(table(f"a,k\n1,{word}\n2,x\n")).classes == tuple(sorted([word, "x"]))


@pytest.mark.parametrize(
    "word",
    ["1_000", "1,5", "1,234.5", "1'000", "\uff11", "\u0661", "\u22121", "$5", "5 %", "12.5€"],
)
def test_numbers_in_another_notation_are_not_categories(table, word):
    place = table(f"a;k\n{word};x\n{word};y\n")
    with pytest.raises(DataError, match=r"Row 1 .*another notation.*drop="):
        read_table(place)
    assert read_table(place, categorical="a").feature_names == (f"a={word}",)


@pytest.mark.parametrize("word", ["1st", "v1.2.3", "A-1", "2x4", "10-20", "3.4.5"])
def test_words_with_digits_are_categories(table, word):
    data = read_table(table(f"a,k\n{word},x\nother,y\n{word},y\n"))
    assert data.feature_names == tuple(sorted([f"a={word}", "a=other"]))


def test_numbers_with_underscores_can_be_a_header(table):
    data = read_table(table("2019_01,2019_02,k\n1,2,x\n2,3,y\n"))
    assert data.feature_names == ("2019_01", "2019_02")


@pytest.mark.parametrize("count", [50, 51])
def test_a_column_has_at_most_50_categories_or_is_named(table, count):
    place = table("word,y\n" + "".join(f"w{i},0.5\n" for i in range(count)))
    if count > 50:
        with pytest.raises(DataError, match=r"Row 1 .*'word': 'w0' is one of 51 .*categorical"):
            read_table(place)
    assert read_table(place, categorical="word").x.shape == (count, count)
    numbers = table("code,y\n3,0.5\n3.0,1.5\n10,2.5\n")
    names = ("code=10", "code=3", "code=3.0")
    assert read_table(numbers, categorical=[0]).feature_names == names


@pytest.mark.parametrize(
    "date",
    ["2024-01-31", "2024/1/31", "31.01.2024", "1/31/24", "2024-01-31 12:30", "2024-01-31T12:30:05Z",
     "12:30", "Jan 1 2000", "31-Jan-2024", "1 January 2024", "2024-01"],
)  # fmt: skip
def test_dates_are_refused_unless_they_are_dropped(table, date):
    place = table(f"when,a,y\n{date},1,0.5\n{date},2,1.5\n{date},3,2.5\n")
    with pytest.raises(DataError, match=r"Row 1 .*'when'.*dates or times.*drop=") as caught:
        read_table(place)
    assert caught.value.argument == "drop"
    assert read_table(place, drop="when").x.shape == (3, 1)
    assert read_table(place, categorical="when").x.shape == (3, 2)


# -- missing values --------------------------------------------------------------------------------

MARKS = ["", "NA", "n/a", "#N/A", "<NA>", "None", "NULL", "nan", "-", "--", ".", "?", "-nan"]


@pytest.mark.parametrize("mark", MARKS)
def test_missing_values_are_refused_dropped_or_filled_in(table, mark):
    place = table(f"a,b,k\n1,u,x\n{mark},v,y\n5,{mark},x\n9,u,y\n")
    with pytest.raises(
        DataError, match=r"Missing values in .*: 2, .* in row 2, column 'a'"
    ) as caught:
        read_table(place)
    assert caught.value.argument == "missing"
    with pytest.warns(UserWarning, match="2 of the 4 rows"):
        data = read_table(place, missing="drop")
    assert data.x.tolist() == [[1, 1], [9, 1]]
    data = read_table(place, missing="mean")
    assert data.x[:, 0].tolist() == [1, 5, 5, 9]
    assert data.x[:, 1:].tolist() == [[1, 0], [0, 1], [2 / 3, 1 / 3], [1, 0]]


@pytest.mark.parametrize("mark", MARKS)
def test_a_missing_target_is_not_a_class(table, mark):
    place = table(f"a,k\n1,x\n2,{mark}\n3,y\n")
    for missing in (None, "mean"):
        with pytest.raises(DataError, match=r"Missing.* in row 2, column 'k'"):
            read_table(place, missing=missing)
    with pytest.warns(UserWarning, match="1 of the 3 rows"):
        assert read_table(place, missing="drop").classes == ("x", "y")


def test_na_can_be_the_name_of_a_class_or_category(table):
    place = table("code,k\nNA,AF\nDE,NA\n")
    data = read_table(place, classes=["AF", "NA"], categorical="code")
    assert data.y.tolist() == [0, 1]
    assert data.feature_names == ("code=DE", "code=NA")
    assert read_table(place, schema=data.schema).x.tolist() == data.x.tolist()


# -- two phases ------------------------------------------------------------------------------------


def mixed_frame(rows: int = 60) -> pandas.DataFrame:
    rng = np.random.default_rng(0)
    frame = pandas.DataFrame({"n": rng.normal(size=rows), "w": rng.choice(list("abc"), rows)})
    frame.loc[::7, "n"] = np.nan
    return frame.assign(k=np.arange(rows) % 3)


def test_rows_are_divided_as_datasets_are():
    frame = mixed_frame()
    parts = open_table(frame, missing="mean").split(0.25, generator=Generator(3))
    expected = Dataset(np.arange(60)[:, None], frame["k"].to_numpy()).split(
        0.25, generator=Generator(3)
    )
    for part, whole in zip(parts, expected):
        assert part.frame.index.tolist() == whole.x[:, 0].tolist()
        assert part.y.tolist() == whole.y.tolist()


def test_means_and_categories_are_of_the_training_part():
    frame = mixed_frame()
    held_out, train = open_table(frame, missing="mean").split(0.25)
    schema = train.fit_schema()
    assert schema.columns[0].fill[0] == pytest.approx(frame["n"].iloc[train.frame.index].mean())
    x = held_out.features(schema)
    absent = frame["n"].isna().to_numpy()[held_out.frame.index]
    assert np.all(x[absent, 0] == schema.columns[0].fill[0])
    assert held_out.dataset(schema).schema is schema
    assert held_out.dataset(schema).y.tolist() == frame["k"].iloc[held_out.frame.index].tolist()


def test_unseen_categories_become_zeros_with_a_warning(table):
    schema = read_table(table(PENGUINS)).schema
    other = table("kind,extra,bill,island\nGentoo,?,1,Dream\nAdelie,?,2,Torgersen\n")
    with pytest.warns(UserWarning, match=r"'island' .*: 1, the first is 'Torgersen'"):
        data = read_table(other, schema=schema)
    assert data.x.tolist() == [[0, 1, 1], [0, 0, 2]]  # by name, in the order of the training
    assert (data.y.tolist(), data.classes) == ([1, 0], ("Adelie", "Gentoo"))


def test_a_schema_survives_json(table):
    schema = read_table(table(PENGUINS)).schema
    assert Schema.from_dict(json.loads(json.dumps(schema.as_dict()))) == schema


def test_features_need_no_target(table):
    schema = read_table(table(PENGUINS)).schema
    new = open_table(table("bill;island\n1,5;Dream\n".replace(",", ".")), schema=schema)
    assert new.features().tolist() == [[0, 1, 1.5]]
    with pytest.raises(DataError, match="no target column 'kind'"):
        new.dataset()
    trash = table(PENGUINS.replace("Gentoo", "NA"))
    assert open_table(trash, None, schema=schema).features().shape == (3, 3)
    with pytest.raises(DataError, match="Missing values"):
        open_table(trash, schema=schema)
    with pytest.raises(DataError, match="'Emu', which is not among the 2 classes"):
        open_table(table(PENGUINS.replace("Gentoo", "Emu")), schema=schema)
    with pytest.raises(DataError, match="no column 'island', which the training data have"):
        open_table(table("bill,kind\n1,Adelie\n"), schema=schema)


def test_a_table_without_names_is_applied_by_position(table):
    schema = read_table(table("7,1.5,u,x\n8,2.5,v,y\n"), drop=0).schema
    assert schema.feature_names == ("1", "2=u", "2=v")
    assert open_table(table("9,3.5,v,x\n"), schema=schema).features().tolist() == [[3.5, 0, 1]]
    assert open_table(table("3.5,v\n"), schema=schema).features().tolist() == [[3.5, 0, 1]]
    with pytest.raises(DataError, match=r"3 columns; expected the 4 .* or its 2 features"):
        open_table(table("9,3.5,v\n"), schema=schema)


def test_a_column_keeps_its_kind(table):
    schema = read_table(table("a,b,y\n1,u,0.5\n2,v,1.5\n")).schema
    with pytest.raises(DataError, match=r"Row 1 .*'a': 'one' is not a finite number"):
        open_table(table("a,b\none,u\ntwo,v\n"), schema=schema)
    with pytest.warns(UserWarning, match=r"'b' .*: 1, the first is '7'"):
        assert open_table(table("a,b\n1,7\n"), schema=schema).features().tolist() == [[1, 0, 0]]
    other = open_table(table("b,a,y\n1,2,3\n"))
    with pytest.raises(ArgumentError, match="pass the schema to open_table"):
        other.features(schema)


# -- where tables come from ------------------------------------------------------------------------


def test_a_dataframe_uses_its_own_types():
    frame = pandas.DataFrame({
        "flag": [True, False, True], "code": pandas.Categorical([3, 1, 3]),
        "count": pandas.array([1, 2, 3], dtype="Int64"), "y": [0.5, 1.5, 2.5],
    })  # fmt: skip
    data = read_table(frame)
    assert data.feature_names == ("flag=False", "flag=True", "code=1", "code=3", "count")
    assert data.x.tolist() == [[0, 1, 0, 1, 1], [1, 0, 1, 0, 2], [0, 1, 0, 1, 3]]
    assert data.y.tolist() == [0.5, 1.5, 2.5]
    dated = frame.assign(when=pandas.to_datetime("2024-01-31"))
    with pytest.raises(DataError, match=r"'when'.*dates or times"):
        read_table(dated, "y")
    frame.loc[1, "count"] = pandas.NA
    with pytest.raises(DataError, match=r"Missing values .*: 1, .* row 2, column 'count'"):
        read_table(frame)
    with pytest.raises(DataError, match="'inf' is not a finite"):
        read_table(pandas.DataFrame({"a": [1.0, np.inf], "y": [0.5, 1.5]}))


def test_columns_of_one_name_are_refused():
    frame = pandas.DataFrame([[1, 2, 3]], columns=["a", "a", "y"])
    with pytest.raises(DataError, match="2 columns called 'a'"):
        read_table(frame)


def test_a_dataframe_and_its_csv_file_are_the_same_table(tmp_path):
    frame = mixed_frame()
    frame.to_csv(tmp_path / "t.csv", index=False)
    a, b = (read_table(source, missing="mean") for source in (frame, tmp_path / "t.csv"))
    assert np.array_equal(a.x, b.x)
    assert a.y.tolist() == b.y.tolist()
    assert (a.classes, a.feature_names) == (b.classes, b.feature_names)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_tables_are_known_by_their_content(tmp_path, pack):
    (tmp_path / "t").write_bytes(pack(PENGUINS.encode()))
    assert read(tmp_path / "t").train.x.shape == (3, 3)


def test_a_bomb_of_text_is_refused_while_it_is_unpacked(tmp_path):
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000))
    with pytest.raises(DataError, match="max_bytes is 1,000,000"):
        read_table(tmp_path / "t.csv.gz", max_bytes=1_000_000)


def test_categories_count_as_memory(table):
    place = table("word,y\n" + "".join(f"w{i},0.5\n" for i in range(2000)))
    with pytest.raises(DataError, match="would need 32,000,000 bytes"):
        read_table(place, categorical="word", max_bytes=1_000_000)


def test_runs_of_blanks_divide_columns(table):
    place = table(" 18.0   8   307.5\n 15.0   8   350.5\n")
    assert read_table(place).x.tolist() == [[18, 8], [15, 8]]
    assert read_table(place, delimiter=" ").y.tolist() == [307.5, 350.5]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("island,size,y\nDream,1,0.5\nBiscoe,2,1.5\n", True),
        ("Dream,1,0.5\nBiscoe,2,1.5\n", False),
        ("city,price\nBonn,100.5\nKiel,200.5\n", True),
        ("size,kind\nbig,yes\nsmall,no\n", True),
        ("big,yes\nsmall,no\nbig,no\n", False),  # a word that comes again is a value
        ("x,x\nb,c\n", False),
        ("2019,2020,name\n1,2,a\n3,4,b\n", False),
    ],
)
def test_a_header_is_recognized_by_words_above_numbers(table, text, header):
    assert open_table(table(text)).schema.header == header


def test_addresses_are_not_fetched():
    with pytest.raises(DataError, match="There is no file or folder"):
        read_table("https://example.org/t.csv")


def test_without_pandas_the_way_to_install_it_is_named(table):
    place = table(PENGUINS)
    program = (
        "import sys; sys.modules['pandas'] = None\n"
        "from minireg.data import read\n"
        f"try: read({str(place)!r})\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (
        'DataError Tables are read by pandas, which is not installed: pip install "minireg[tab'
        in done.stdout
    )


def test_reading_gives_no_warning_of_its_own(table):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_table(table(PENGUINS))
