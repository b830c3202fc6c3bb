"""The two sets of handwritten digits that come with the package.

`files/LICENSE-DATA.md` states their sources, licences and changes; `tools/build_data.py` in the
repository made them.
"""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

import numpy as np

from ..errors import DataError
from .dataset import Dataset

CHECKSUMS = {
    "mnist5k.npz": "a99bd37f8a783d0c37a6bf679d05ecdde1304c2f6b9391d627752eb2419651d0",
    "digits8x8.npz": "98b665e50a62e940ba352d81bff5d16d947a5d953c1f769665fa02f468350fd4",
}


def load_mnist5k() -> tuple[Dataset, Dataset]:
    """5000 images of MNIST, 500 of each digit: 4000 for training and 1000 for testing.

    The images are (1, 28, 28) uint8, 0 = paper, 255 = ink; within a part all digits are equally
    frequent, in random order.

    Returns:
        train, test.

    Raises:
        DataError: the file is missing or damaged.

    LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document
    recognition", Proceedings of the IEEE 86 (11).  CC BY-SA 3.0.

    >>> train, test = load_mnist5k()
    >>> train
    Dataset(4000 examples, x: uint8 (1, 28, 28), 10 classes: 400 each)
    """
    return load("mnist5k.npz")


def load_digits() -> tuple[Dataset, Dataset]:
    """1797 small images of digits: 1438 for training and 359 for testing, 8 × 8 pixels.

    Small enough for experiments with many repetitions.  The source has 17 grey levels; level v
    becomes the uint8 pixel (255 v + 8) // 16, so that 0 stays 0 and 16 becomes 255.  The same 13
    people wrote both parts, so the test error says nothing about other people's handwriting.

    Returns:
        train, test.

    Raises:
        DataError: the file is missing or damaged.

    Alpaydin, Kaynak (1998), "Cascading classifiers", Kybernetika 34 (4).  CC BY 4.0.

    >>> train, test = load_digits()
    >>> test
    Dataset(359 examples, x: uint8 (1, 8, 8), 10 classes: 35 to 37 each)
    """
    return load("digits8x8.npz")


def load(name: str) -> tuple[Dataset, Dataset]:
    """Verify the bytes of a file and return its two parts."""
    with np.load(BytesIO(read_verified(name)), allow_pickle=False) as arrays:
        train, test = (
            Dataset(arrays[f"x_{part}"], arrays[f"y_{part}"], classes=10)
            for part in ("train", "test")
        )
    return train, test


def read_verified(name: str) -> bytes:
    # This import takes as long as all other imports of minireg.data together.
    from importlib.resources import files  # noqa: PLC0415

    file = files(__package__).joinpath("files", name)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DataError(
            f"The data file {file} cannot be read: {error}. Reinstall minireg."
        ) from error
    found = sha256(content).hexdigest()
    if found != CHECKSUMS[name]:
        raise DataError(
            f"The data file {file} is damaged: {len(content)} bytes with SHA-256 {found[:12]}…, "
            f"expected {CHECKSUMS[name][:12]}…. Reinstall minireg."
        )
    return content
