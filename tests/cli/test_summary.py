"""`minireg summary`: trained and planned networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from minireg.cli import app
from tests.models import user_files

pytestmark = pytest.mark.host


def shown(capsys, *arguments, code=0):
    assert app.run(["summary", *arguments]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_a_planned_network_is_the_one_that_train_builds(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    user_files.image_folder(Path("photos"), 3)
    network = ["--channels", "2", "--hidden", "3", "--batch-norm", "--dropout", "0.5"]
    assert app.run(["train", "--data", "photos", "--epochs", "1", *network]) == 0
    capsys.readouterr()
    trained = shown(capsys, "minireg-run")
    assert trained == shown(capsys, "--input", "1x8x8", "--classes", "2", *network)
    assert "Conv2d" in trained
    # 2·(9 + 1) + 2·2, 3·(32 + 1) + 3·2, 2·(3 + 1)
    assert f"{20 + 4 + 99 + 6 + 8:,}" in trained
    assert max(map(len, trained.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name a trained MODEL, or plan a network"),
        (["--classes", "3"], "--input 1x28x28 --classes 10"),
        (["run", "--classes", "3"], "is built already: leave --classes out"),
        (["--input", "4", "--classes", "3", "--model", "cnn"], "A cnn is for images"),
        (["--input", "4x4", "--classes", "3"], "must be of the form CxHxW, such as 3x32x32"),
        (["nowhere"], "There is no file 'nowhere'"),
    ],
)
def test_a_mistake_gives_a_sentence(capsys, arguments, words):
    assert words in shown(capsys, *arguments, code=2)
