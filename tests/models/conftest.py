"""Trained models of every kind, made once for all tests that use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from minireg import models
from tests.models import user_files


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A folder with data of every kind and a trained model for each."""
    home = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(home)
        user_files.image_folder(Path("photos"), 12)
        user_files.idx_pair(Path())
        user_files.table(Path("flowers.csv"), 60)
        user_files.prices(Path("prices.csv"))
        user_files.arrays(Path("data.npz"))
        for data, changes in (
            ("photos", {}),
            ("train-images-idx3-ubyte.gz", {}),
            ("flowers.csv", {"drop": "number"}),
            ("prices.csv", {"epochs": 60}),
            ("data.npz", {}),
        ):
            usual = {"model": "linear", "lr": 0.1, "epochs": 15}
            out = Path(data).stem.split("-")[0] + "-run"
            models.train(models.Settings(data=data, **usual | changes), out, progress=False)
    return home
