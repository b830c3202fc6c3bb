"""Files are written completely or not at all."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.files import as_path, check_folder, write_file, write_files

pytestmark = pytest.mark.host


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_check_folder_makes_it_and_leaves_it_empty(tmp_path):
    folder = tmp_path / "a" / "b"
    check_folder(folder)
    assert contents(folder) == {}
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ArgumentError, match="Choose another one") as caught:
        check_folder(tmp_path / "file", "out")
    assert caught.value.argument == "out"


def test_files_are_replaced_and_other_files_are_kept(tmp_path):
    (tmp_path / "old.txt").write_bytes(b"mine")
    write_files(tmp_path, {"a": b"1", "b": b"2"})
    write_files(tmp_path, {"a": b"3", "b": b"4"})
    assert contents(tmp_path) == {"old.txt": b"mine", "a": b"3", "b": b"4"}


def test_a_full_disk_leaves_only_the_old_files(tmp_path, monkeypatch):
    write_files(tmp_path, {"a": b"1", "b": b"2"})
    opened = Path.open

    def full(path, mode):
        if ".b." in path.name:
            raise OSError(28, "No space left on device")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ArgumentError, match="No space left on device"):
        write_files(tmp_path, {"a": b"3", "b": b"4"})
    assert contents(tmp_path) == {"a": b"1", "b": b"2"}


def test_one_file_is_written_the_same_way(tmp_path):
    write_file(as_path(str(tmp_path / "a")), b"1")
    assert contents(tmp_path) == {"a": b"1"}
    with pytest.raises(ArgumentError, match="No such file or directory"):
        write_file(tmp_path / "nowhere" / "a", b"1")
    assert contents(tmp_path) == {"a": b"1"}


def test_other_things_than_paths_are_refused():
    with pytest.raises(ArgumentTypeError, match="must be a string or a Path, got 3"):
        as_path(3)


def test_threads_may_write_the_same_file(tmp_path):
    def write(i):
        for _ in range(30):
            write_file(tmp_path / "a", str(i).encode() * 1000)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, i) for i in range(4)]:
            done.result()
    assert len(set((tmp_path / "a").read_text())) == 1
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("name", ["a" * 250, "a\0b"])
def test_a_name_that_no_file_can_have_gets_a_sentence(tmp_path, name):
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        write_file(tmp_path / name, b"1")


def test_an_empty_path_gets_a_sentence():
    with pytest.raises(ArgumentError, match="The path of a file is empty"):
        as_path("")
