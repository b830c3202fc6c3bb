"""Settings survive a TOML file, and a file that holds none gets a sentence."""

from __future__ import annotations

import math
import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg.cli.configuration import check_names, read_configuration, toml_key, written
from minireg.errors import ArgumentError, ArgumentTypeError

pytestmark = pytest.mark.host

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | TEXTS
VALUES = PLAIN | st.lists(PLAIN, max_size=4)


@given(st.dictionaries(TEXTS.filter(bool), VALUES, max_size=6))
def test_what_is_written_is_what_tomllib_reads(settings):
    found = tomllib.loads(written({"A section\nof two lines": settings}, "made by hand"))
    assert list(found) == list(settings)
    assert repr(found) == repr(settings)  # also for NaN, and 1 is not 1.0


def test_none_is_left_out_and_sections_are_comments():
    text = written({"Data": {"data": "x", "size": None}, "Empty": {"lr": None}}, "heading")
    assert text == '# heading\n\n# Data\ndata = "x"\n'
    assert toml_key("batch-size") == "batch-size"
    assert toml_key("größe") == '"größe"'


def test_what_toml_does_not_have_is_refused():
    with pytest.raises(ArgumentTypeError, match=r"got \{\}"):
        written({"Data": {"data": {}}})
    with pytest.raises(ArgumentError, match="Rename the file"):
        written({"Data": {"data": "\udc80"}})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no configuration file"),
        (b"epochs: 3\n", r"is no TOML file: .*line 1.* looks like this: epochs = 20"),
        (b"epochs = 3\nepochs = 4\n", "is no TOML file"),
        (b"name = '\xff'\n", "is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(tmp_path, content, words):
    path = tmp_path / "settings.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArgumentError, match=words):
        read_configuration(path)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbfepochs = 3\n")
    assert read_configuration(path) == {"epochs": 3}


def test_an_unknown_name_gets_the_nearest_one():
    known = ["batch-size", "epochs"]
    check_names(["epochs"], known, "a.toml")
    nearest = "a.toml: there is no option 'batch_sise'. Did you mean 'batch-size'?"
    with pytest.raises(ArgumentError, match=re.escape(nearest)):
        check_names(["batch_sise"], known, "a.toml")
    with pytest.raises(ArgumentError, match="Known names: batch-size, epochs"):
        check_names(["xyzzy"], known, "a.toml")


def test_infinities_are_toml():
    assert math.isinf(tomllib.loads(written({"": {"x": -math.inf}}))["x"])
