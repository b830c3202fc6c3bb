"""read: the content of a path decides its format, not its name."""

from __future__ import annotations

import gzip
import os
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import minireg.data
from minireg.data import Dataset, Splits, read
from minireg.errors import ArgumentTypeError, DataError

pytestmark = pytest.mark.host


def idx(array: np.ndarray) -> bytes:
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


def write_idx(folder: Path, part: str, labels: list[int], pack=bytes, end: str = "") -> None:
    images = np.arange(4 * len(labels)).reshape(-1, 2, 2)
    (folder / f"{part}-images-idx3-ubyte{end}").write_bytes(pack(idx(images)))
    (folder / f"{part}-labels-idx1-ubyte{end}").write_bytes(pack(idx(np.array(labels))))


def write_picture(place: Path, mode: str = "L", size: tuple[int, int] = (3, 2)) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size).save(place, format="PNG")


def test_splits_are_a_pair():
    data = Dataset([[0.0]], [0])
    train, test = Splits(data)
    assert train is data
    assert test is None


@pytest.mark.parametrize("name", ["data.npz", "data.csv", "data"])
def test_the_first_bytes_decide_and_not_the_name(tmp_path, name):
    place = tmp_path / name
    with place.open("wb") as file:
        np.savez(file, x=[[0.5]], y=[0])
    assert read(place).train.x.tolist() == [[0.5]]
    place.write_text("1,a\n2,b\n")
    assert read(str(place)).train.classes == ("a", "b")
    write_idx(tmp_path, "my", [0, 1, 1])
    place.unlink()
    (tmp_path / "my-images-idx3-ubyte").rename(place)
    train = read(place, labels=tmp_path / "my-labels-idx1-ubyte").train
    assert train.y.tolist() == [0, 1, 1]


def test_an_archive_may_hold_train_and_test(tmp_path):
    part = {"x_train": [[1.0], [2.0]], "y_train": [0, 1], "x_test": [[3.0]], "y_test": [1]}
    np.savez(tmp_path / "a.npz", **part)
    train, test = read(tmp_path / "a.npz")
    assert (train.x.tolist(), test.x.tolist()) == ([[1], [2]], [[3]])
    assert read(tmp_path / "a.npz", x="x_test", y="y_test").train.x.tolist() == [[3]]


@pytest.mark.parametrize(("pack", "end"), [(bytes, ""), (gzip.compress, ".gz")])
def test_the_four_files_of_mnist_give_train_and_test(tmp_path, pack, end):
    write_idx(tmp_path, "train", [2, 0, 1], pack, end)
    write_idx(tmp_path, "t10k", [1, 0], pack, end)
    train, test = read(tmp_path)
    assert (train.y.tolist(), test.y.tolist()) == ([2, 0, 1], [1, 0])
    assert train.x.shape == (3, 1, 2, 2)
    assert test.classes == train.classes == ("0", "1", "2")
    for name in ("images-idx3", "labels-idx1"):
        train, test = read(tmp_path / f"t10k-{name}-ubyte{end}")
        assert (train.y.tolist(), test) == ([1, 0], None)


def test_a_folder_may_hold_packed_and_unpacked_files(tmp_path):
    write_idx(tmp_path, "train", [0, 1])
    write_idx(tmp_path, "train", [0, 1], gzip.compress, ".gz")
    assert read(tmp_path).train.y.tolist() == [0, 1]
    write_idx(tmp_path, "other-train", [0, 1])
    with pytest.raises(DataError, match=r"several files of train images: other-train-images"):
        read(tmp_path)


@pytest.mark.parametrize("part", ["mine", "train", "t10k"])
def test_a_folder_with_one_pair_gives_one_set(tmp_path, part):
    write_idx(tmp_path, part, [0, 1, 1])
    assert read(tmp_path).test is None
    assert len(read(tmp_path).train) == 3


def test_damaged_gzip_is_named(tmp_path):
    place = tmp_path / "train-images-idx3-ubyte.gz"
    place.write_bytes(gzip.compress(idx(np.zeros((9, 2, 2))))[:12])
    with pytest.raises(DataError, match=r"damaged|no labels beside"):
        read(place)
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"1,2\n")[:-9])
    with pytest.raises(DataError, match="a gzip file"):
        read(tmp_path / "x.gz")


@pytest.mark.parametrize("other", ["test", "val", "Validation"])
def test_folders_train_and_test_share_classes_and_channels(tmp_path, other):
    write_picture(tmp_path / "train/cat/1.png")
    write_picture(tmp_path / "train/dog/1.png")
    write_picture(tmp_path / other / "dog/1.png", "RGB")
    train, test = read(tmp_path)
    assert train.classes == test.classes == ("cat", "dog")
    assert (train.x.shape, test.x.shape) == ((2, 3, 2, 3), (1, 3, 2, 3))
    assert test.y.tolist() == [1]
    assert read(tmp_path, color=False, size=4).test.x.shape == (1, 1, 4, 4)
    write_picture(tmp_path / other / "emu/1.png")
    with pytest.raises(DataError, match="'emu', which is not among the 2 classes cat, dog"):
        read(tmp_path)


def test_parts_of_different_sizes_need_a_size(tmp_path):
    write_picture(tmp_path / "train/cat/1.png")
    write_picture(tmp_path / "test/cat/1.png", size=(5, 5))
    with pytest.raises(DataError, match="2 different sizes"):
        read(tmp_path)


def test_test_comes_before_validation_with_a_warning(tmp_path):
    for part, size in (("train", 1), ("val", 1), ("test", 2)):
        for i in range(size):
            write_picture(tmp_path / part / f"a/{i}.png")
    with pytest.warns(UserWarning, match="val was left out"):
        assert len(read(tmp_path).test) == 2


def test_train_beside_other_folders_is_a_class(tmp_path):
    write_picture(tmp_path / "train/cat/1.png")
    assert read(tmp_path).train.classes == ("cat",)
    write_picture(tmp_path / "bus/1.png")
    assert read(tmp_path).train.classes == ("bus", "train")  # vehicles


def test_options_reach_the_format_and_others_are_named(tmp_path):
    place = tmp_path / "data.csv"
    place.write_text("kind,size\na,1\nb,2\n")
    assert read(place, target="kind").train.classes == ("a", "b")
    with pytest.raises(
        ArgumentTypeError, match="cannot be read with size; the options of its format are target"
    ):
        read(place, size=3)
    with pytest.raises(DataError, match="max_bytes is 3"):
        read(place, target="kind", max_bytes=3)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"empty \(0 bytes\)"),
        (pickle.dumps([1, 2]), "a pickle file.*never opened"),
        (b"\x93NUMPY\1\0", "a npy file.*savez"),
        (b"\x89PNG\r\n\x1a\n\0", "a PNG file.*one subfolder for each class"),
        (b"\x89HDF\r\n\x1a\n\0", "a HDF5 file"),
        (b"\1\0\2\0", "of an unknown format"),
        (b"PK\3\4nothing", "damaged"),
        (b"\0\0\x08\3\0", "no labels beside|labels"),
    ],
)
def test_other_files_are_named(tmp_path, content, sentence):
    place = tmp_path / "data.bin"
    place.write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        read(place)


def test_paths_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(DataError, match="There is no file or folder"):
        read(tmp_path / "missing")
    with pytest.raises(DataError, match="holds 0 files"):
        read(tmp_path)
    with pytest.raises(ArgumentTypeError, match=r"a string or a pathlib\.Path, got int"):
        read(3)
    with pytest.raises(DataError, match="cannot be the name of a file"):
        read("a\0b")
    (tmp_path / "a.csv").write_text("1,2\n")
    with pytest.raises(DataError, match=r"1 files \(a\.csv\) and no subfolders"):
        read(tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "a.csv" / "inside")


def test_a_loop_of_links_is_refused(tmp_path):
    try:
        os.symlink(tmp_path / "loop", tmp_path / "loop")
    except OSError:
        pytest.skip("this system makes no links")
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / "loop")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="is a pipe or a device"):
        read(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    place = tmp_path / "data.csv"
    place.write_text("1,2\n")

    def refuse(self, *args, **options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"data\.csv cannot be read: Permission denied"):
        read(place)


def test_readers_are_loaded_when_one_is_wanted():
    program = (
        "import sys, minireg\n"
        "assert 'read_table' in dir(minireg.data)\n"
        "assert 'minireg.data.readers' not in sys.modules\n"
        "assert not hasattr(minireg.data, 'read_nothing')\n"
        "minireg.data.read\n"
        "assert 'minireg.data.readers' in sys.modules\n"
        "assert not {'PIL', 'pandas'} & set(sys.modules)\n"
    )
    root = Path(minireg.data.__file__).parents[2]
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True)
