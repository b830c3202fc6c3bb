"""Folders of pictures: what Pillow writes comes back; what is damaged or too large is named."""

from __future__ import annotations

import os
import struct
import tracemalloc
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from minireg.data import read_image_folder
from minireg.errors import ArgumentError, DataError

pytestmark = pytest.mark.host

rng = np.random.default_rng(0)
GREY = rng.integers(0, 256, (6, 8), dtype=np.uint8)
COLOR = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path):
    """Writes pictures, arrays and bytes under a folder: put("cat/1.png", picture)."""

    def put(name: str, content, **options) -> Path:
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            if isinstance(content, np.ndarray):
                content = Image.fromarray(content)
            content.save(place, **options)
        return tmp_path

    return put


def test_pictures_come_back_ordered_by_class_and_name(folder):
    folder("dog/b.png", GREY)
    folder("dog/a.png", GREY // 2)
    folder("dog/deeper/c.png", GREY // 4)
    data = read_image_folder(folder("cat/z.png", GREY // 8))
    assert data.classes == ("cat", "dog")
    assert data.y.tolist() == [0, 1, 1, 1]
    assert data.x.dtype == np.uint8
    assert np.array_equal(data.x[:, 0], [GREY // 8, GREY // 2, GREY, GREY // 4])


@pytest.mark.parametrize("name", ["1.png", "1.bmp", "1.tiff", "1.webp", "1.gif", "1.jpg", "1.dat"])
def test_every_format_equals_pillows_rgb(folder, name):
    options = {"lossless": True} if name == "1.webp" else {}
    if name == "1.dat":  # its first bytes say what it is
        options["format"] = "PNG"
    root = folder(f"a/{name}", COLOR, **options)
    with Image.open(root / "a" / name) as picture:
        expected = np.asarray(picture.convert("RGB"))
    data = read_image_folder(root)
    assert np.array_equal(data.x[0], expected.transpose(2, 0, 1))
    if name not in ("1.gif", "1.jpg"):
        assert np.array_equal(expected, COLOR)


def test_one_coloured_picture_makes_all_rgb(folder):
    folder("a/1.png", GREY)
    root = folder("a/2.png", COLOR)
    data = read_image_folder(root)
    assert data.x.shape == (2, 3, 6, 8)
    assert np.array_equal(data.x[0], np.stack([GREY] * 3))
    grey = read_image_folder(root, color=False)
    assert np.array_equal(grey.x[1, 0], np.asarray(Image.fromarray(COLOR).convert("L")))
    (root / "a/2.png").unlink()
    assert read_image_folder(root).x.shape == (1, 1, 6, 8)
    assert read_image_folder(root, color=True).x.shape == (1, 3, 6, 8)


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "1", "CMYK"])
def test_other_modes_are_converted_as_pillow_converts_them(folder, mode):
    picture = Image.fromarray(np.dstack([COLOR, GREY])).convert(
        "RGB" if mode in ("P", "CMYK") else "RGBA"
    )
    picture = picture.convert("L").convert(mode) if mode == "1" else picture.convert(mode)
    root = folder("a/1.tiff", picture)
    channels = 1 if mode in ("LA", "1") else 3
    expected = np.atleast_3d(picture.convert("L" if channels == 1 else "RGB"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "1 pictures have transparent pixels")
        assert np.array_equal(read_image_folder(root).x[0], expected.transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("1.png", "RGBA", {}),
        ("1.png", "LA", {}),
        ("1.png", "L", {"transparency": 0}),
        ("1.png", "P", {"transparency": b"\0\x80"}),
        ("1.gif", "P", {"transparency": 0}),
        ("1.webp", "RGBA", {"lossless": True}),
    ],
)
def test_transparent_pixels_are_read_with_a_warning(folder, name, mode, options):
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255  # one black pixel on nothing
    picture = Image.fromarray(pixels)
    picture = (picture if mode.endswith("A") else picture.getchannel("A")).convert(mode)
    folder("a/1.png" if name != "1.png" else "a/2.png", GREY[:2, :2].copy())
    root = folder(f"a/{name}", picture, **options)
    with Image.open(root / "a" / name) as stored:
        expected = np.asarray(stored.convert("RGBA").convert("RGB"))
    with pytest.warns(UserWarning, match=rf"^1 pictures have transparent .* first is .*{name}"):
        data = read_image_folder(root, color=True)
    assert (data.x == expected.transpose(2, 0, 1)).all(axis=(1, 2, 3)).any()


def test_opaque_pictures_with_alpha_give_no_warning(folder):
    opaque = np.full((2, 2, 4), 255, np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (read_image_folder(folder("a/1.png", opaque)).x == 255).all()


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_16_bits_are_rounded_to_8(folder, suffix):
    deep = np.array([[0, 128, 129, 257], [32767, 32768, 65406, 65535]], dtype=np.uint16)
    data = read_image_folder(folder(f"a/1.{suffix}", Image.fromarray(deep)))
    assert data.x[0, 0].tolist() == np.round(deep / 257).tolist()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("suffix", "dtype", "options"),
    [
        ("png", np.uint8, {}),
        ("png", np.uint16, {}),
        ("tiff", np.uint8, {}),
        ("tiff", np.uint16, {}),
        ("tiff", np.uint8, {"compression": "tiff_lzw"}),
        ("webp", np.uint8, {"lossless": True}),
        ("jpg", np.uint8, {}),
    ],
)
def test_the_orientation_of_exif_is_applied(folder, orientation, suffix, dtype, options):
    picture = Image.fromarray(GREY.astype(dtype) * (np.iinfo(dtype).max // 255))
    a = read_image_folder(folder(f"a/1.{suffix}", picture, **options)).x[0, 0]  # as it is stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    folder(f"b/1.{suffix}", picture, exif=exif, **options)
    root = folder(f"b/2.{suffix}", picture, exif=exif, **options)
    (root / f"a/1.{suffix}").unlink()
    (root / "a").rmdir()
    upright = {
        1: a, 2: a[:, ::-1], 3: a[::-1, ::-1], 4: a[::-1],
        5: a.T, 6: np.rot90(a, -1), 7: a[::-1, ::-1].T, 8: np.rot90(a),
    }  # fmt: skip
    data = read_image_folder(root)
    assert np.array_equal(data.x[0, 0], upright[orientation])
    assert np.array_equal(data.x[1, 0], upright[orientation])
    if suffix != "jpg":
        assert np.array_equal(a, GREY)


def test_a_size_resizes_as_pillows_bilinear_does(folder):
    folder("a/1.png", GREY)
    root = folder("a/2.png", GREY[:, :5].copy())
    with pytest.raises(
        DataError, match=r"2 different sizes, from 6 × 5 .* to 6 × 8 .*Choose one for all"
    ):
        read_image_folder(root)
    data = read_image_folder(root, size=(3, 4))
    expected = Image.fromarray(GREY).resize((4, 3), Image.Resampling.BILINEAR)
    assert np.array_equal(data.x[0, 0], np.asarray(expected))
    assert read_image_folder(root, size=5).x.shape == (2, 1, 5, 5)


def test_other_files_are_left_out_with_a_warning(folder):
    folder("a/1.png", GREY)
    folder("a/.DS_Store", b"hidden")
    folder(".git/config", b"hidden")
    root = folder("a/Thumbs.db", b"hidden")
    assert len(read_image_folder(root)) == 1
    folder("a/notes.txt", b"a note")
    folder("a/empty", b"")
    with pytest.warns(UserWarning, match="2 files in .* are not pictures"):
        assert len(read_image_folder(root)) == 1


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose header claims this size and that holds one row of zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(10_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("pixels", [(10_000, 10_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_picture_bombs_are_refused(folder, pixels):
    root = folder("a/1.png", png_of_size(*pixels))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"1\.png claims more pixels"):
            read_image_folder(root, size=8)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_the_memory_needed_is_known_from_the_headers(folder):
    for i in range(20):
        root = folder(f"a/{i}.png", png_of_size(9000, 9000))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="would need 1,620,000,000 bytes in memory"):
            read_image_folder(root, max_bytes=2**30)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif", "tiff", "webp"])
def test_damaged_pictures_are_named(folder, suffix):
    root = folder(f"a/1.{suffix}", COLOR)
    content = (root / f"a/1.{suffix}").read_bytes()
    for damaged in (b"", content[:5], content[: len(content) // 2], b"text" * 30, bytes(100)):
        folder(f"a/1.{suffix}", damaged)
        with pytest.raises(DataError, match=rf"1\.{suffix} is not a picture, or a damaged one"):
            read_image_folder(root)


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff", "webp"])
def test_flipped_bytes_give_pictures_or_one_sentence(folder, suffix):
    root = folder(f"a/1.{suffix}", COLOR)
    content = (root / f"a/1.{suffix}").read_bytes()
    for i in range(0, len(content), 3):
        folder(f"a/1.{suffix}", content[:i] + bytes([content[i] ^ 0xFF]) + content[i + 1 :])
        try:
            assert read_image_folder(root, size=4).x.shape[2:] == (4, 4)
        except DataError as error:
            assert "1." + suffix in str(error)  # noqa: PT017


def test_32_bits_are_refused(folder):
    with pytest.raises(DataError, match="32-bit"):
        read_image_folder(folder("a/1.tiff", Image.fromarray(np.ones((2, 2), np.float32))))


def test_a_class_without_pictures_is_named(folder, tmp_path):
    root = folder("cat/1.png", GREY)
    (root / "dog").mkdir()
    with pytest.raises(DataError, match="no picture of the class 'dog'"):
        read_image_folder(root)
    data = read_image_folder(root, classes=["cat", "dog", "emu"])
    assert data.class_counts.tolist() == [1, 0, 0]
    with pytest.raises(DataError, match="class 'dog', which is not among the 1 classes cat"):
        read_image_folder(root, classes=["cat"])


def test_folders_without_pictures_say_what_they_hold(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="0 files"):
        read_image_folder(tmp_path / "empty")
    with pytest.raises(DataError, match="no picture in the subfolders"):
        read_image_folder(tmp_path)
    folder("flat/1.png", GREY)
    with pytest.raises(DataError, match="holds 1 pictures and no subfolders"):
        read_image_folder(tmp_path / "flat")
    with pytest.raises(DataError, match="is a file; a folder was expected"):
        read_image_folder(tmp_path / "flat/1.png")
    with pytest.raises(DataError, match="There is no file or folder"):
        read_image_folder(tmp_path / "nowhere")


def test_train_and_test_are_not_classes(folder):
    folder("train/a/1.png", GREY)
    root = folder("test/a/1.png", GREY)
    with pytest.raises(DataError, match="are parts and not classes"):
        read_image_folder(root)


@pytest.mark.parametrize(
    "options",
    [
        {"size": (1, 2, 3)},
        {"size": 0},
        {"size": 2.5},
        {"color": "grey"},
        {"classes": 3},
        {"classes": "a"},
    ],
)
def test_wrong_options_are_refused(folder, options):
    root = folder("a/1.png", GREY)
    with pytest.raises((ArgumentError, TypeError), match=next(iter(options))):
        read_image_folder(root, **options)


def link(target: Path, place: Path) -> None:
    try:
        os.symlink(target, place)
    except OSError:
        pytest.skip("this system makes no links")


def test_links_to_folders_above_add_nothing_twice(folder):
    folder("a/1.png", GREY)
    root = folder("b/1.png", GREY)
    link(root / "a", root / "a" / "again")
    link(root, root / "a" / "up")
    link(root / "b" / "1.png", root / "a" / "2.png")  # a link to a picture is a picture
    assert read_image_folder(root).class_counts.tolist() == [2, 1]
    link(root / "b" / "loop.png", root / "b" / "loop.png")
    with pytest.raises(DataError, match=r"loop\.png"):
        read_image_folder(root)


def test_a_picture_that_may_not_be_read_is_named(folder, monkeypatch):
    root = folder("a/1.png", GREY)

    def refuse(self, *args, **options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"1\.png cannot be read: Permission denied"):
        read_image_folder(root)


def test_reading_leaves_the_filters_of_warnings_alone(folder):
    before = list(warnings.filters)
    read_image_folder(folder("a/1.png", GREY))
    assert warnings.filters == before
