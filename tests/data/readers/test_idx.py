"""IDX: what struct packs comes back, plain or gzipped; sizes are checked before allocation."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg.data import read_idx, read_idx_array
from minireg.errors import DataError

pytestmark = pytest.mark.host

# code of the format -> character of `struct`, NumPy's dtype
CODES = {8: "B", 9: "b", 11: "h", 12: "i", 13: "f", 14: "d"}
DTYPES = {8: "u1", 9: "i1", 11: "i2", 12: "i4", 13: "f4", 14: "f8"}


def idx(code: int, shape, values) -> bytes:
    sizes = struct.pack(f">{len(shape)}I", *shape)
    return (
        bytes([0, 0, code, len(shape)])
        + sizes
        + struct.pack(f">{len(values)}{CODES[code]}", *values)
    )


@given(
    st.sampled_from(sorted(CODES)),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_what_struct_packs_comes_back(code, shape, packed, seed):
    low = 0 if code == 8 else -100
    values = np.random.default_rng(seed).integers(low, 100, np.prod(shape)).tolist()
    content = idx(code, shape, values)
    with TemporaryDirectory() as folder:
        place = Path(folder, "data")
        place.write_bytes(gzip.compress(content) if packed else content)
        array = read_idx_array(place)
    assert array.dtype == np.dtype(DTYPES[code])  # of this machine's byte order
    assert array.shape == tuple(shape)
    assert array.ravel().tolist() == values


IMAGES = idx(8, (3, 2, 2), range(12))
LABELS = idx(8, (3,), [2, 0, 1])


@pytest.mark.parametrize("end", ["", ".gz"])
@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    ],
)
def test_the_labels_beside_the_images_are_found(tmp_path, images, labels, end):
    pack = gzip.compress if end else bytes
    (tmp_path / (images + end)).write_bytes(pack(IMAGES))
    (tmp_path / (labels + end)).write_bytes(pack(LABELS))
    data = read_idx(tmp_path / (images + end))
    assert data.x.shape == (3, 1, 2, 2)
    assert data.x.ravel().tolist() == list(range(12))
    assert data.y.tolist() == [2, 0, 1]


def test_labels_that_do_not_fit_are_refused(tmp_path):
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(IMAGES)
    labels.write_bytes(idx(8, (2,), [0, 1]))
    with pytest.raises(DataError, match=r"3 examples and .* 2 labels"):
        read_idx(images, labels)
    with pytest.raises(DataError, match=r"3 examples and .* 2 labels"):
        read_idx(images)
    labels.write_bytes(LABELS)
    with pytest.raises(DataError, match="exchanged"):
        read_idx(labels, images)
    labels.unlink()
    with pytest.raises(DataError, match="no labels beside"):
        read_idx(images)


def test_the_classes_can_be_named(tmp_path):
    (tmp_path / "images").write_bytes(IMAGES)
    (tmp_path / "labels").write_bytes(LABELS)
    assert read_idx(tmp_path / "images", classes=["a", "b", "c"]).classes == ("a", "b", "c")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (IMAGES[:-1], "its header declares|ends after"),
        (IMAGES + b"\0", "its header declares"),
        (IMAGES[:10], "ends within the sizes of its 3 axes"),
        (IMAGES[:3], "begins with the bytes 00 00 08"),
        (b"\0\0\x07\1" + IMAGES[4:], "begins with the bytes 00 00 07 01"),
        (b"\0\1\x08\3" + IMAGES[4:], "begins with the bytes 00 01 08 03"),
        (b"\0\0\x08\0", "begins with the bytes 00 00 08 00"),
        (b"label,pixel\n", "begins with the bytes 6c 61"),
        (b"\0\0\x08\1" + bytes(4), r"declares the shape \(0,\)"),
        (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"\0", "declares the shape"),
        (b"\0\0\x0e\4" + b"\xff" * 16 + bytes(100), "its header declares"),
    ],
)
def test_damaged_files_are_refused_before_allocation(tmp_path, content, sentence, packed):
    place = tmp_path / "images"
    place.write_bytes(gzip.compress(content) if packed else content)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=sentence):
            read_idx_array(place)
        assert tracemalloc.get_traced_memory()[1] < 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("declared", [1000, 30_000_000])
def test_a_gzip_bomb_is_read_no_further_than_declared(tmp_path, declared):
    place = tmp_path / "images"
    content = b"\0\0\x08\1" + struct.pack(">I", declared) + bytes(60_000_000)
    place.write_bytes(gzip.compress(content))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="the file is longer"):
            read_idx_array(place)
        assert tracemalloc.get_traced_memory()[1] < declared + 8e6
        with pytest.raises(DataError, match=r"would need [\d,]+ bytes in memory"):
            read_idx_array(place, max_bytes=999)
    finally:
        tracemalloc.stop()


def test_no_more_is_declared_than_deflate_can_hold(tmp_path):
    place = tmp_path / "images"
    place.write_bytes(gzip.compress(b"\0\0\x08\1" + struct.pack(">I", 2**30) + bytes(10_000)))
    with pytest.raises(DataError, match="cannot hold, even compressed"):
        read_idx_array(place)


def test_every_cut_and_flipped_byte_of_a_gzip_file_is_found(tmp_path):
    place = tmp_path / "labels"
    content = gzip.compress(LABELS, mtime=0)
    for i in range(1, len(content)):
        place.write_bytes(content[:i])
        with pytest.raises(DataError):
            read_idx_array(place)
        place.write_bytes(content[:i] + bytes([content[i] ^ 0xFF]) + content[i + 1 :])
        try:  # the time, system and name in gzip's header mean nothing
            assert read_idx_array(place).tolist() == [2, 0, 1]
        except DataError:
            assert i < 4 or i > 9
