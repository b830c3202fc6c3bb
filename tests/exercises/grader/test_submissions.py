"""Which files of a student are answers to which exercise."""

from __future__ import annotations

import json
import os
from textwrap import dedent

import pytest

from minireg.errors import ArgumentError
from minireg.exercises.grader import list_submissions
from minireg.exercises.grader.submissions import Handed, one_submission, remove_magics
from minireg.exercises.student import StudentError

pytestmark = pytest.mark.host
RELU = "def relu(x):\n    return x\n"


def write_notebook(path, *cells):
    cells = [{"cell_type": "code", "source": cell} for cell in cells]
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": ["# Relu"]}, *cells]})
    path.write_text(text, encoding="utf-8")


def test_a_folder_has_a_submission_for_each_student(tmp_path):
    (tmp_path / "ada" / "course").mkdir(parents=True)
    (tmp_path / "ada" / "course" / "relu.py").write_text(RELU)
    (tmp_path / "bob.py").write_text(f"{RELU}\n\ndef relu_backward(upstream, x):\n    return 1\n")
    write_notebook(tmp_path / "eve.ipynb", "%matplotlib inline", RELU.splitlines(keepends=True))
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".hidden").mkdir()
    found = {files.name: files.find("relu") for files in list_submissions(tmp_path)}
    assert list(found) == ["ada", "bob", "eve"]
    assert found["ada"].source == RELU
    assert found["ada"].file == "relu.py"
    assert "def relu_backward" in found["bob"].source
    assert found["eve"].source == f"pass\n\n{RELU}"
    assert all(files.find("dropout") is None for files in list_submissions(tmp_path))


def test_the_file_of_this_name_counts(tmp_path):
    (tmp_path / "other.py").write_text(RELU)
    (tmp_path / "relu.py").write_text("x = 1")
    assert one_submission(tmp_path).find("relu").source == "x = 1"


def test_functions_may_stand_in_any_other_file(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.py").write_text("relu_backward = lambda upstream, x: 0")
    (tmp_path / "c.py").write_text("def dropout(x)\n    is not valid")
    assert one_submission(tmp_path).find("relu").file == "b.py"
    assert one_submission(tmp_path).find("dropout").file == "c.py"
    assert one_submission(tmp_path).find("add") is None


def test_links_are_left_out(tmp_path):
    (tmp_path / "solution.py").write_text(RELU)
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "relu.py").symlink_to(tmp_path / "solution.py")
    (tmp_path / "class" / "bob").symlink_to(tmp_path)
    (files,) = list_submissions(tmp_path / "class")
    assert files.name == "ada"
    assert files.find("relu") is None


NO_TEXT = b'{"cells": [{"cell_type": "code", "source": "\\udcff"}]}'


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"[" * 10_000, b"{}", b'{"cells": 3}', b"[1]", NO_TEXT, b""]
)
def test_a_damaged_notebook_is_a_sentence(content, tmp_path):
    (tmp_path / "relu.ipynb").write_bytes(content)
    found = one_submission(tmp_path).find("relu").source
    assert isinstance(found, StudentError)
    assert "relu.ipynb cannot be read" in str(found)


def test_only_files_and_folders_are_submissions(tmp_path):
    if hasattr(os, "mkfifo"):  # Windows has none
        os.mkfifo(tmp_path / "waits.py")
    deep = tmp_path / "deep"
    for _ in range(300):
        deep.mkdir()
        deep = deep / "a"
    (tmp_path / "empty").mkdir()
    (tmp_path / "--json").mkdir()
    (tmp_path / "--json" / "relu.py").write_bytes(b"")
    found = list_submissions(tmp_path)
    assert [files.name for files in found] == ["--json", "deep", "empty"]
    assert [files.find("relu") for files in found] == [Handed("relu.py", ""), None, None]


def test_a_large_file_is_a_sentence(tmp_path):
    for size, said in ((400_000, "more than 300 kB of code"), (30_000_000, "larger than 20 MB")):
        (tmp_path / "relu.py").write_bytes(b"#" * size)
        assert said in str(one_submission(tmp_path).find("relu").source)


def test_magics_are_replaced_line_by_line():
    cell = dedent("""\
        %load_ext autoreload
        import numpy as np
        if True:
            !pip install numpy
        np.ones?
        ?np.ones
        x = 5 % 3 != 1
        y = x if x else not x
        files = !ls""")
    compile(remove_magics(cell), "cell", "exec")
    assert remove_magics(cell).count("pass") == 5
    assert len(remove_magics(cell).splitlines()) == len(cell.splitlines())


def test_a_cell_of_another_language_is_left_out(tmp_path):
    write_notebook(tmp_path / "relu.ipynb", "%%bash\nls", "\n%%html\n<b>", RELU)
    assert one_submission(tmp_path).find("relu").source == RELU


def test_a_folder_without_submissions_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match="There are no submissions"):
        list_submissions(tmp_path)
    for call in (list_submissions, one_submission):
        with pytest.raises(ArgumentError, match="There is no folder"):
            call(tmp_path / "missing")
