"""The commands run on every backend, and mix no arrays of different libraries."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import minireg as mr
from minireg.cli import app
from tests.models import user_files


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def results_of(capsys, *arguments):
    capsys.readouterr()
    assert app.run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_images_are_learned_and_resumed_on_this_backend(backend, capsys):
    user_files.image_folder(Path("photos"))
    run = ["train", "--data", "photos", "--channels", "2", "--hidden", "4", "--batch-norm",
           "--dropout", "0.2", "--augment", "flip, rotate:10, crop:8:1", "--l1", "0.001",
           "--proximal", "--optimizer", "sgd", "--momentum", "0", "--class-weights", "balanced",
           "--clip-norm", "1"]  # fmt: skip
    assert results_of(capsys, *run, "--epochs", "1")["epochs"] == 1
    results = results_of(capsys, "train", "--resume", "--epochs", "2")
    assert results["history"]["epoch"] == [1, 2]
    scores = results_of(capsys, "evaluate", "minireg-run", "photos")
    assert scores["examples"] == 16
    answers = results_of(capsys, "predict", "minireg-run", "photos")
    right = sum(answer["example"].startswith(answer["prediction"]) for answer in answers)
    assert right == round(scores["accuracy"] * 16)
    assert mr.ones(1).backend == backend.name


def test_numbers_are_learned_and_predicted_on_this_backend(capsys):
    user_files.prices(Path("prices.csv"))
    run = ["train", "--data", "prices.csv", "--epochs", "3", "--schedule", "one-cycle"]
    results = results_of(capsys, *run)
    assert set(results["validation"]) == {"loss", "mse", "r2"}
    answers = results_of(capsys, "predict", "minireg-run", "prices.csv")
    assert len(answers) == 40
    assert "history.png" in os.listdir("minireg-run")
