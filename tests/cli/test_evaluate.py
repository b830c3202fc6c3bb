"""`minireg evaluate`: scores agree with scikit-learn, and classes are matched by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg import load_model
from minireg.models import Settings
from minireg.models.inputs import read_parts
from tests.models.user_files import rows_in

pytestmark = pytest.mark.host


@pytest.fixture(autouse=True)
def working_folder(home, monkeypatch):
    monkeypatch.chdir(home)


@pytest.mark.parametrize(
    ("model", "data"),
    [("photos-run", "photos"), ("train-run", "train-images-idx3-ubyte.gz"),
     ("flowers-run", "flowers.csv"), ("data-run", "data.npz")],
)  # fmt: skip
def test_scores_agree_with_scikit_learn_on_the_predictions(command, predicted, model, data):
    metrics = pytest.importorskip("sklearn.metrics")
    results = json.loads(command("evaluate", model, data, "--json"))
    classes = load_model(Path(model)).classes
    said = [row["prediction"] for row in predicted(model, data)]
    true = {
        "photos": lambda: [p.parent.name for p in sorted(Path("photos").rglob("*.png"))],
        "train-images-idx3-ubyte.gz": lambda: list("012") * 8,
        "flowers.csv": lambda: [row["kind"] for row in rows_in(data)],
        "data.npz": lambda: ["low", "high"] * 12,
    }[data]()
    assert results["accuracy"] == pytest.approx(metrics.accuracy_score(true, said))
    assert results["f1"] == pytest.approx(metrics.f1_score(true, said, average="macro"))
    matrix = metrics.confusion_matrix(true, said, labels=list(classes))
    assert results["confusion_matrix"] == matrix.tolist()
    report = metrics.classification_report(true, said, output_dict=True, zero_division=0)
    for name in classes:
        row = results["classes"][name]
        assert row["examples"] == report[name]["support"]
        assert row["recall"] == pytest.approx(report[name]["recall"])
        assert (row["precision"] or 0) == pytest.approx(report[name]["precision"])


def test_a_regression_is_measured_in_the_targets_unit(command, predicted):
    results = json.loads(command("evaluate", "prices-run", "prices.csv", "--json"))
    said = np.array([float(row["prediction"]) for row in predicted("prices-run", "prices.csv")])
    rows = rows_in("prices.csv")
    true = np.array([float(row["price"]) for row in rows])
    assert results["mse"] == pytest.approx(((said - true) ** 2).mean(), rel=1e-3)
    assert set(results) == {"data", "examples", "loss", "mse", "mae", "r2"}
    assert "confusion" not in command("evaluate", "prices-run", "prices.csv")


def test_the_loss_is_the_one_of_the_training(command):
    """On the validation part, evaluate gives the loss that the history has for the best epoch."""
    saved = load_model(Path("photos-run"))
    validation = read_parts(Settings(data="photos")).validation
    scores = mr.evaluate(saved.model, validation, saved.criterion)
    assert scores["loss"] == pytest.approx(saved.scores["validation_loss"])


def test_classes_are_known_by_their_names(command, tmp_path):
    only = tmp_path / "photos"
    shutil.copytree("photos/dark", only / "dark")  # dark alone would be class 0
    results = json.loads(command("evaluate", "photos-run", only, "--json"))
    assert results["accuracy"] == 1
    assert results["classes"]["bright"]["examples"] == 0
    shutil.copytree("photos/dark", only / "violet")
    said = command("evaluate", "photos-run", only, code=2)
    assert "There is a class 'violet' in" in said
    assert "which the model does not know. It knows bright, dark" in said


def test_arrays_without_names_keep_their_numbers(command, tmp_path):
    arrays = np.load("data.npz")
    np.savez(tmp_path / "bare.npz", x=arrays["x"], y=arrays["y"])
    named, bare = (
        json.loads(command("evaluate", "data-run", path, "--json"))
        for path in ("data.npz", tmp_path / "bare.npz")
    )
    assert bare["confusion_matrix"] == named["confusion_matrix"]
    np.savez(tmp_path / "more.npz", x=arrays["x"][:3], y=np.arange(3))
    said = command("evaluate", "data-run", tmp_path / "more.npz", code=2)
    assert "There is a class '0' in" in said


def test_folders_with_numbers_for_names_are_names(command, tmp_path):
    for label, name in enumerate(("bright", "dark")):
        shutil.copytree(Path("photos", name), tmp_path / "one" / str(label + 1))
        shutil.copytree(Path("photos", name), tmp_path / "two" / str(label))
    command("train", "--data", tmp_path / "one", "--model", "linear", "--epochs", "15", "--lr",
            "0.1", "--out", tmp_path / "run")  # fmt: skip
    said = command("evaluate", tmp_path / "run", tmp_path / "two", code=2)
    assert "There is a class '0' in" in said
    shutil.rmtree(tmp_path / "two" / "0")
    results = json.loads(command("evaluate", tmp_path / "run", tmp_path / "two", "--json"))
    assert results["classes"]["1"]["examples"] == 12  # dark ones, which the model calls 2
    assert results["accuracy"] == 0


def test_tables_fit_eighty_columns_and_name_the_classes(command):
    shown = command("evaluate", "flowers-run", "flowers.csv")
    assert "Confusion matrix" in shown
    for name in ("iris", "rose", "tulip", "precision", "recall", "F1"):
        assert name in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_names_of_classes_are_text_and_no_markup(command, tmp_path):
    np.savez(tmp_path / "data.npz", x=np.eye(4), y=np.arange(4) % 2,
             classes=np.array(["[bold]a", "größer als zwanzig Zeichen lang"]))  # fmt: skip
    command("train", "--data", tmp_path / "data.npz", "--epochs", "1", "--out", tmp_path / "run",
            "--validation", "0")  # fmt: skip
    shown = command("evaluate", tmp_path / "run", tmp_path / "data.npz")
    assert "[bold]a" in shown
    assert "größer als zwanzig..." in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evaluate", "flowers-run", "prices.csv"], "has no column 'length'"),
        (["evaluate", "prices-run", "flowers.csv"], "has no column 'area'"),
        (["evaluate", "data-run", "photos"], "a class 'bright' in photos, which the model does"),
        (["evaluate", "flowers-run", "flowers.csv", "--metrics", "mse"], "needs numbers"),
        (["evaluate", "photos-run", "nothing"], "There is no file or folder nothing"),
        (["evaluate", "photos-run", "flowers.csv"], "and flowers.csv is a table"),
    ],
)
def test_a_mistake_gives_a_sentence(command, arguments, words):
    said = command(*arguments, code=2)
    assert words in said
    assert "Traceback" not in said
