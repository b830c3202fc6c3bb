"""Trained models of every kind, made once for all tests that use them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from minireg.cli import app
from tests.models import user_files


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A folder with data of every kind and a model for each."""
    home = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(home)
        user_files.image_folder(Path("photos"), 12)
        user_files.idx_pair(Path())
        user_files.table(Path("flowers.csv"), 60)
        user_files.prices(Path("prices.csv"))
        user_files.arrays(Path("data.npz"))
        linear = ["--model", "linear", "--lr", "0.1", "--epochs", "15"]
        for data, *options in (
            ["photos"], ["train-images-idx3-ubyte.gz"], ["flowers.csv", "--drop", "number"],
            ["prices.csv", "--epochs", "60"], ["data.npz"],
        ):  # fmt: skip
            out = Path(data).stem.split("-")[0] + "-run"
            assert app.run(["train", "--data", data, *linear, *options, "--out", out]) == 0
    return home


@pytest.fixture
def command(capsys):
    """Run a command, assert its exit code, and return what it printed."""

    def run(*arguments, code=0):
        capsys.readouterr()
        assert app.run(list(map(str, arguments))) == code
        captured = capsys.readouterr()
        return captured.out if code == 0 else " ".join(captured.err.split())

    return run


@pytest.fixture
def predicted(command):
    """The rows that `minireg predict` prints."""
    return lambda *arguments: list(csv.DictReader(io.StringIO(command("predict", *arguments))))
