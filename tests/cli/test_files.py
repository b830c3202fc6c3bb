"""Files are there completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from minireg.cli.files import check_folder, write_files
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_check_folder_makes_it_and_leaves_it_empty(tmp_path):
    folder = tmp_path / "a" / "b"
    check_folder(folder)
    assert contents(folder) == {}


def test_files_are_replaced_and_strangers_are_left_alone(tmp_path):
    (tmp_path / "old.txt").write_bytes(b"mine")
    write_files(tmp_path, {"a": b"1", "b": b"2"})
    write_files(tmp_path, {"a": b"3", "b": b"4"})
    assert contents(tmp_path) == {"old.txt": b"mine", "a": b"3", "b": b"4"}


def test_a_full_disk_leaves_the_old_files_and_no_temporary_ones(tmp_path, monkeypatch):
    write_files(tmp_path, {"a": b"1", "b": b"2"})
    write_bytes = Path.write_bytes

    def full(path, data):
        if ".b." in path.name:
            raise OSError(28, "No space left on device")
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ArgumentError, match="No space left on device"):
        write_files(tmp_path, {"a": b"3", "b": b"4"})
    assert contents(tmp_path) == {"a": b"1", "b": b"2"}
