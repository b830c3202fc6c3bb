"""The .npz reader: numpy.savez comes back, nothing is unpickled, headers are checked."""

from __future__ import annotations

import io
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest

from minireg.data import read_npz
from minireg.errors import ArgumentTypeError, DataError

pytestmark = pytest.mark.host


class Trap:
    """An object whose unpickling is noticed."""

    def __reduce__(self):
        return pytest.fail, ("unpickled",)


def npy(header: dict, content: bytes, version: bytes = b"\1\0") -> bytes:
    """A .npy file with any header."""
    text = repr(header).encode()
    size = struct.pack("<H" if version == b"\1\0" else "<I", len(text))
    return b"\x93NUMPY" + version + size + text + content


def archive(place, **entries: bytes):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(f"{name}.npy", content)
    return place


def saved(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


GOOD = {"descr": "<f8", "fortran_order": False, "shape": (2, 3)}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", ["u1", "<f4", ">f8", ">i2", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_numpy_saves_comes_back(tmp_path, save, dtype, order):
    x = np.asarray(np.random.default_rng(0).integers(0, 2, (70, 5, 60)), dtype, order=order)
    y = np.arange(70) % 3
    save(tmp_path / "data.npz", x=x, y=y, classes=["a", "b", "c"], more=[1])
    data = read_npz(tmp_path / "data.npz")
    assert np.array_equal(data.x, x[:, None] if dtype == "u1" else x)  # grey images
    assert data.x.dtype == np.dtype(dtype).newbyteorder("=")
    assert data.y.tolist() == y.tolist()
    assert data.classes == ("a", "b", "c")


@pytest.mark.parametrize(
    ("shape", "dtype", "read"),
    [
        ((2, 4, 4), "u1", (2, 1, 4, 4)),  # MNIST as Keras stores it
        ((2, 4, 4), "f4", (2, 4, 4)),
        ((2, 16), "u1", (2, 16)),
        ((2, 3, 4, 4), "u1", (2, 3, 4, 4)),
    ],
)
def test_pixels_without_channels_become_grey_images(tmp_path, shape, dtype, read):
    np.savez(tmp_path / "data.npz", x=np.zeros(shape, dtype), y=[0, 1])
    assert read_npz(tmp_path / "data.npz").x.shape == read


def test_byte_strings_are_class_names_too(tmp_path):
    np.savez(tmp_path / "data.npz", x=[[0.5]], y=[0], classes=np.array(["ü".encode(), b"b"]))
    assert read_npz(tmp_path / "data.npz").classes == ("ü", "b")


def test_other_names_are_listed_and_can_be_given(tmp_path):
    np.savez(tmp_path / "data.npz", images=np.zeros((2, 3)), labels=[0, 1])
    with pytest.raises(DataError, match=r"no array 'x' and no array 'y'; it holds 'images', 'lab"):
        read_npz(tmp_path / "data.npz")
    assert len(read_npz(tmp_path / "data.npz", x="images", y="labels")) == 2


@pytest.mark.parametrize("name", ["x", "y", "classes"])
def test_python_objects_are_refused_and_never_unpickled(tmp_path, name):
    arrays = {"x": np.zeros((1, 2)), "y": np.zeros(1, int), "classes": np.array(["a"])}
    arrays[name] = np.array([Trap()], dtype=object)
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(DataError, match=f"{name}.npy holds pickled Python objects"):
        read_npz(tmp_path / "data.npz")


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (npy({**GOOD, "shape": (10**6, 10**6)}, b"\0" * 48), "declares shape.*but has"),
        (npy(GOOD, b"\0" * 47), "declares shape"),
        (npy(GOOD, b"\0" * 49), "declares shape"),
        (npy({**GOOD, "shape": (-2, -3)}, b"\0" * 48), r"declares shape \(-2, -3\)"),
        (npy({**GOOD, "shape": (1,) * 40}, b"\0" * 8), "declares shape"),
        (npy({**GOOD, "descr": "<c16"}, b"\0" * 96), "numbers or texts, got dtype complex128"),
        (npy({**GOOD, "descr": "<U0"}, b""), "declares shape"),
        (npy({"shape": (2, 3)}, b""), "damaged"),
        (npy(GOOD, b"\0" * 48, version=b"\x09\0"), "damaged"),
        (b"\x93NUMPY\2\0\xff\xff\xff\x7f{", "damaged"),
        (b"nothing", "damaged"),
        (b"", "damaged"),
    ],
)
def test_a_false_header_is_refused_before_allocation(tmp_path, x, sentence):
    place = archive(tmp_path / "data.npz", x=x, y=saved(np.zeros(2, int)))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=sentence):
            read_npz(place)
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path):
    size = 50_000_000
    x = npy({**GOOD, "descr": "|u1", "shape": (1, size)}, bytes(size))
    place = archive(tmp_path / "data.npz", x=x, y=saved(np.zeros(1, int)))
    assert place.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"would need 50,000,\d+ bytes in memory, and max_by"):
            read_npz(place, max_bytes=10_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


def test_a_directory_that_declares_too_little_is_refused(tmp_path):
    size = 20_000_000
    whole = npy({**GOOD, "descr": "|u1", "shape": (1, 1000)}, bytes(size))
    place = archive(tmp_path / "data.npz", x=whole, y=saved(np.zeros(1, int)))
    lie = len(whole) - size + 1000
    content = place.read_bytes().replace(struct.pack("<I", len(whole)), struct.pack("<I", lie))
    place.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="damaged"):
            read_npz(place)
        assert tracemalloc.get_traced_memory()[1] < 5e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressions_that_numpy_does_not_write_are_refused(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "data.npz", "w", method) as file:
        file.writestr("x.npy", saved(np.zeros((1, 2))))
        file.writestr("y.npy", saved(np.zeros(1, int)))
    with pytest.raises(DataError, match="compressed in a way that NumPy does not use"):
        read_npz(tmp_path / "data.npz")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_any_flipped_byte_gives_the_data_or_one_sentence(tmp_path, save):
    x = np.arange(6.0).reshape(2, 3)
    place = tmp_path / "data.npz"
    save(place, x=x, y=[0, 1])
    content = place.read_bytes()
    damaged = 0
    for i in range(len(content)):
        place.write_bytes(content[:i] + bytes([content[i] ^ 0x55]) + content[i + 1 :])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert np.array_equal(read_npz(place).x, x)
        except DataError:
            damaged += 1
    assert damaged > len(content) / 3
    for i in range(0, len(content), 7):
        place.write_bytes(content[:i])
        with pytest.raises(DataError):
            read_npz(place)


@pytest.mark.filterwarnings("ignore:Reading `.npy`")  # of an array that Python 2 wrote
def test_any_wrong_character_of_a_header_gives_one_sentence(tmp_path):
    x, y, refused = saved(np.ones((6, 2))), saved(np.arange(6) % 2), 0
    for i in range(x.index(b"}") + 1):
        for character in b"(]'0":
            damaged = x[:i] + bytes([character]) + x[i + 1 :]
            try:
                read_npz(archive(tmp_path / "data.npz", x=damaged, y=y))
            except DataError:
                refused += 1
    assert refused > 200


@pytest.mark.parametrize(
    "shape", ["(6, 2,", "(True, 12)", "(6, 2.0)", "6", "None", "(6, 10**9)", "(1e309,)", "(" * 9000]
)
@pytest.mark.parametrize("descr", ["'<f8'", "()", "'<f80'", "'f8,f8'", "['a']"])
def test_a_header_that_is_not_one_is_refused(tmp_path, shape, descr):
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode()
    x = b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + bytes(96)
    place = archive(tmp_path / "data.npz", x=x, y=saved(np.arange(6) % 2))
    with pytest.raises(DataError, match=r"\.np[yz]"):
        read_npz(place)


def test_a_character_that_does_not_exist_is_refused(tmp_path):
    names = np.array([0x7FFFFFFF, 65], np.uint32).view("U1")
    place = archive(
        tmp_path / "data.npz", x=saved([[1.0]] * 2), y=saved([0, 1]), classes=saved(names)
    )
    with pytest.raises(DataError, match="damaged"):
        read_npz(place)


def test_two_arrays_of_one_name_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "data.npz", "w") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("x", "y", "x"):
            file.writestr(f"{name}.npy", saved(np.zeros((1, 2))))
    with pytest.raises(DataError, match="several arrays of one name"):
        read_npz(tmp_path / "data.npz")


@pytest.mark.parametrize("argument", ["x", "y", "classes"])
@pytest.mark.parametrize("name", [None, ["x"], 3])
def test_the_name_of_an_array_must_be_a_string(tmp_path, argument, name):
    np.savez(tmp_path / "data.npz", x=np.zeros((2, 3)), y=[0, 1])
    with pytest.raises(ArgumentTypeError, match=f"{argument} must be the name of an array"):
        read_npz(tmp_path / "data.npz", **{argument: name})


def test_other_files_are_named(tmp_path):
    np.save(tmp_path / "x.npy", [1.0])
    (tmp_path / "text.npz").write_text("x,y\n1,2\n")
    (tmp_path / "picture.npz").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    for name, sentence in [
        ("x.npy", "a single array"),
        ("text.npz", "it is text"),
        ("picture.npz", "it is a PNG file"),
        ("", "is a folder"),
        ("missing.npz", "There is no file"),
    ]:
        with pytest.raises(DataError, match=sentence):
            read_npz(tmp_path / name)
