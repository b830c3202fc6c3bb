"""Small files of every kind, as users have them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np

CLASSES = ("bright", "dark")


def image_folder(folder: Path, each: int = 8, parts: tuple[str, ...] = ("",)) -> Path:
    """Grey 8 × 8 pictures in two classes that are easy to tell apart."""
    from PIL import Image  # noqa: PLC0415

    rng = np.random.default_rng(0)
    for part in parts:
        for label, name in enumerate(CLASSES):
            place = folder / part / name
            place.mkdir(parents=True)
            for i in range(each):
                pixels = rng.integers(0, 100, (8, 8)) + 150 * (label == 0)
                Image.fromarray(pixels.astype(np.uint8)).save(place / f"{i}.png")
    return folder


def idx_pair(folder: Path, count: int = 24) -> Path:
    """`train-images…` and `train-labels…`, compressed, in three classes; the path of the images."""
    rng = np.random.default_rng(1)
    y = np.arange(count) % 3
    x = (rng.integers(0, 60, (count, 4, 4)) + 90 * y[:, None, None]).astype(np.uint8)
    images = folder / "train-images-idx3-ubyte.gz"
    header = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in x.shape)
    images.write_bytes(gzip.compress(header + x.tobytes()))
    header = bytes([0, 0, 8, 1]) + count.to_bytes(4, "big")
    labels = folder / "train-labels-idx1-ubyte.gz"
    labels.write_bytes(gzip.compress(header + y.astype(np.uint8).tobytes()))
    return images


def table(path: Path, count: int = 30) -> Path:
    """Flowers with an identifier, two lengths and a kind of three."""
    rng = np.random.default_rng(2)
    kinds = ("iris", "rose", "tulip")
    lines = ["number,length,width,kind"]
    for i in range(count):
        length, width = rng.normal(2.0 * (i % 3), 0.3), rng.normal(0, 1)
        lines.append(f"A{i},{length:.4f},{width:.4f},{kinds[i % 3]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def prices(path: Path, count: int = 40) -> Path:
    """A regression: price = 1000 + 300 · area − 50 · age, all of them far from 0 and 1."""
    rng = np.random.default_rng(3)
    lines = ["area,age,price"]
    for area, age in zip(rng.uniform(50, 150, count), rng.uniform(0, 40, count)):
        lines.append(f"{area:.3f},{age:.3f},{1000 + 300 * area - 50 * age:.3f}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def arrays(path: Path, count: int = 24, **more: np.ndarray) -> Path:
    """An .npz of (3, 8, 8) pixels in two named classes."""
    rng = np.random.default_rng(4)
    y = np.arange(count) % 2
    x = (rng.integers(0, 100, (count, 3, 8, 8)) + 150 * y[:, None, None, None]).astype(np.uint8)
    np.savez(path, x=x, y=y, classes=np.array(["low", "high"]), **more)
    return path


def rows_in(path: str | Path) -> list[dict[str, str]]:
    """The rows of a CSV file as dictionaries."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
