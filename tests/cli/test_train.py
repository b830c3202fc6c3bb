"""`minireg train` on every kind of data, what it leaves behind, and what it refuses."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg import load_model, models
from minireg.cli import app
from tests.models import user_files

pytestmark = pytest.mark.host

HOME = Path(mr.__file__).parents[1]  # where `python -m minireg` finds the package
FILES = {"checkpoint.safetensors", "config.toml", "history.csv", "history.png", "model.safetensors"}
TINY = ["--epochs", "2", "--hidden", "4", "--batch-size", "8"]


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments, code=0):
    """Run the command in this process, and assert its exit code."""
    assert app.run(["train", *map(str, arguments)]) == code


def refused(capsys, *arguments):
    """Return the error message of a mistake, which leaves no traceback and no new file."""
    before = set(Path().rglob("*"))
    run(*arguments, code=2)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert set(Path().rglob("*")) == before
    return " ".join(captured.err.split())


def weights(folder):
    return mr.load(Path(folder) / "model.safetensors")["model"]


def same_weights(first, second):
    a, b = weights(first), weights(second)
    return a.keys() == b.keys() and all((a[name] == b[name]).all() for name in a)


# -- every kind of data ----------------------------------------------------------------------------


def test_a_folder_of_images_in_one_command(capsys):
    user_files.image_folder(Path("photos"))
    run("--data", "photos", "--epochs", 3, "--channels", "4", "--hidden", "8", "--lr", "0.01")
    shown = capsys.readouterr().out
    assert set(os.listdir("minireg-run")) == FILES
    assert "13 to train with, 3 for validation; images of 1 × 8 × 8" in shown
    assert "2 classes: bright" in shown
    assert "cnn, 1 × 8 × 8 → 4 channels → 8 → 2, relu" in shown
    assert "epoch 3/3  loss" in shown
    assert "best epoch  3 of 3" in shown
    assert "minireg evaluate minireg-run OTHER_DATA" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert load_model(Path("minireg-run")).classes == ("bright", "dark")


def test_an_idx_pair_in_one_command(capsys):
    run("--data", user_files.idx_pair(Path()), "--model", "mlp", *TINY)
    assert "19 to train with, 5 for validation; images of 1 × 4 × 4" in capsys.readouterr().out


def test_a_table_in_one_command(capsys):
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY, "--lr", "0.05")
    shown = capsys.readouterr().out
    assert "3 classes: iris 8, rose 8, tulip 8" in shown
    saved = load_model(Path("minireg-run"))
    assert saved.schema.feature_names == ("length", "width")


def test_decimal_targets_make_a_regression(capsys):
    data = user_files.prices(Path("prices.csv"))
    run("--data", data, "--epochs", 60, "--model", "linear", "--lr", "0.05", "--json")
    results = json.loads(capsys.readouterr().out)
    assert results["validation"]["r2"] > 0.99
    assert list(results["validation"]) == ["loss", "mse", "r2"]
    assert results["classes"] == []


def test_an_npz_in_one_command():
    run("--data", user_files.arrays(Path("data.npz")), "--channels", "2", *TINY)
    assert load_model(Path("minireg-run")).classes == ("low", "high")


def test_the_own_test_part_validates_or_is_measured_once(capsys):
    data = user_files.image_folder(Path("photos"), 4, parts=("train", "test"))
    run("--data", data, "--model", "linear", "--epochs", 1, "--out", "own part")
    assert "minireg evaluate 'own part' photos" in capsys.readouterr().out or os.name == "nt"
    run("--data", data, "--model", "linear", "--epochs", 1, "--json", "--out", "a")
    first = json.loads(capsys.readouterr().out)
    assert first["examples"] == {"train": 8, "validation": 8}
    assert first["test"] is None
    options = ["--validation", "0.25", "--model", "linear", "--epochs", 1, "--json"]
    run("--data", data, *options, "--out", "b")
    second = json.loads(capsys.readouterr().out)
    assert second["examples"] == {"train": 6, "validation": 2, "test": 8}
    assert set(second["test"]) == {"loss", "accuracy"}


def test_every_option_against_overfitting_acts(capsys):
    data = user_files.image_folder(Path("photos"))
    run("--data", data, "--model", "mlp", "--hidden", "8", "--epochs", 2, "--l1", "0.01", "--l2",
        "0.1", "--l2-scale", "half_mean", "--proximal", "--dropout", "0.2", "--label-smoothing",
        "0.1", "--early-stopping", "5", "--class-weights", "balanced", "--augment",
        "flip, rotate:10,crop:8:1", "--weight-decay", "0.01", "--batch-norm", "--clip-norm", "1",
        "--accumulate", "2", "--schedule", "cosine", "--warmup", "1", "--metrics", "accuracy,f1",
        "--optimizer", "sgdw", "--activation", "gelu", "--activity-l1", "0.01",
        "--activity-l2", "0.02", "--confidence-penalty", "0.03")  # fmt: skip
    out, notes = (" ".join(text.split()) for text in capsys.readouterr())
    assert (
        "L1 0.01, L2 0.1 (half_mean), as proximal steps, weight decay 0.01, activity L1 0.01, "
        "activity L2 0.02, confidence penalty 0.03, dropout 0.2, label smoothing 0.1, early "
        "stopping after 5 epochs, balanced class weights; augmentation: flip, rotate:10, "
        "crop:8:1"
    ) in out
    assert "Squares are penalized twice" in notes
    with Path("minireg-run/history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert float(rows[0]["penalty"]) > 0
    assert "validation_f1" in rows[0]


PENALTIES = ["--elastic-net", "0.01", "--l1-ratio", "0.75", "--group-lasso", "0.02", "--norm",
             "0.03", "--nuclear", "0.04", "--spectral", "0.05", "--orthogonal", "0.06",
             "--sparse-group-lasso", "0.07", "--non-negative"]  # fmt: skip


def test_every_penalty_on_weights_acts(capsys):
    data = user_files.table(Path("t.csv"))
    options = ["--max-norm", "0.5", "--dropout", "0.1", "--dropout-kind", "gaussian",
               "--gaussian-noise", "0.2"]  # fmt: skip
    run("--data", data, "--drop", "number", *TINY, *PENALTIES, *options)
    assert (
        "elastic net 0.01 (l1_ratio 0.75), group lasso 0.02, sparse group lasso 0.07 (l1_ratio "
        "0.75), norm 0.03, nuclear 0.04, spectral 0.05, orthogonal 0.06, max norm 0.5, "
        "non-negative, gaussian dropout 0.1, gaussian noise 0.2"
    ) in " ".join(capsys.readouterr().out.split())
    for name, w in weights("minireg-run").items():
        if name.endswith("weight"):
            assert np.linalg.norm(w, axis=1).max() <= 0.5 * (1 + 1e-6)
            assert w.min() >= 0


def test_units_have_norm_one_in_the_saved_model():
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY, "--unit-norm")
    matrices = [w for name, w in weights("minireg-run").items() if name.endswith("weight")]
    for w in matrices:
        np.testing.assert_allclose(np.linalg.norm(w, axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        ["--l1", "0.5", "--proximal", "--lr", "0.05"],
        ["--non-negative"],
        ["--l2", "1", "--proximal"],
    ],
)
def test_the_exact_zeros_of_the_saved_weights_are_shown(capsys, options):
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY, *options)
    matrices = [w for name, w in weights("minireg-run").items() if name.endswith("weight")]
    zeros, total = sum(np.sum(w == 0) for w in matrices), sum(w.size for w in matrices)
    assert (zeros > 0) == ("--l2" not in options)
    shown = f"{zeros} of {total} penalized weights ({100 * zeros / total:.1f} %) are exactly 0"
    assert shown in capsys.readouterr().out


def test_without_proximal_steps_no_zeros_are_counted(capsys):
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY, "--l1", "1", "--json")
    assert json.loads(capsys.readouterr().out)["zeros"] is None


def test_a_proximal_group_lasso_removes_units(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, "--drop", "number", *TINY, "--group-lasso", "100", "--proximal",
        "--optimizer", "sgd")  # fmt: skip
    assert all(not w.any() for name, w in weights("minireg-run").items() if "weight" in name)


def test_alpha_dropout_without_selu_gives_a_note(capsys):
    run_of = ["--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY,
              "--dropout", "0.1", "--dropout-kind", "alpha"]  # fmt: skip
    run(*run_of)
    assert "Note: alpha dropout keeps mean and variance only after selu" in read_notes(capsys)
    run(*run_of, "--activation", "selu", "--overwrite")
    assert "selu" not in read_notes(capsys)


def test_dropout_without_hidden_layers_gives_a_note(capsys):
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", "--epochs", "1", "--hidden",
        "", "--dropout", "0.5")  # fmt: skip
    assert "Note: dropout has no effect" in read_notes(capsys)


def read_notes(capsys):
    return " ".join(capsys.readouterr().err.split())


# -- what it leaves behind -------------------------------------------------------------------------


def test_config_toml_repeats_the_run_and_options_win_over_it(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, "--drop", "number", "--l2", "0.01", "--size", "4x4", *TINY, code=2)
    run("--data", data, "--drop", "number", "--l2", "0.01", *TINY, "--out", "a")
    settings = tomllib.loads(Path("a/config.toml").read_text(encoding="utf-8"))
    assert settings["data"] == "../t.csv"
    assert settings["drop"] == ["number"]
    assert settings["hidden"] == [4]
    run("--config", "a/config.toml", "--out", "b")
    assert same_weights("a", "b")
    run("--config", "a/config.toml", "--out", "c", "--seed", "1")
    assert not same_weights("a", "c")
    changed = tomllib.loads(Path("c/config.toml").read_text(encoding="utf-8"))
    assert changed == settings | {"seed": 1}


def test_the_model_is_that_of_the_best_epoch(capsys):
    data = user_files.table(Path("t.csv"), 60)
    run("--data", data, "--drop", "number", "--epochs", 8, "--optimizer", "sgd", "--lr", "3",
        "--json")  # fmt: skip
    results = json.loads(capsys.readouterr().out)
    losses = results["history"]["validation_loss"]
    best = 1 + losses.index(min(losses))
    assert results["best_epoch"] == best == load_model(Path("minireg-run")).epoch
    assert results["validation"]["loss"] == min(losses)


def test_json_is_all_that_stdout_holds(capsys):
    run("--data", user_files.table(Path("t.csv")), "--drop", "number", *TINY, "--json")
    captured = capsys.readouterr()
    results = json.loads(captured.out)
    assert results["files"] == list(models.FILES)
    assert "epoch 1/2" in captured.err
    assert results["history"]["epoch"] == [1, 2]


# -- a run that exists -----------------------------------------------------------------------------

LONG = ["--drop", "number", "--hidden", "4", "--batch-size", "8", "--dropout", "0.2"]


@pytest.mark.parametrize(
    "options", [[], ["--dropout-kind", "drop-connect", "--gaussian-noise", "0.1"]]
)
def test_a_resumed_run_ends_like_one_without_a_break(capsys, options):
    data = user_files.table(Path("t.csv"))
    run("--data", data, *LONG, *options, "--epochs", 6, "--out", "whole")
    run("--data", data, *LONG, *options, "--epochs", 2, "--out", "parts")
    run("--resume", "--epochs", 6, "--out", "parts")
    assert same_weights("whole", "parts")
    first, second = (mr.load(Path(out) / "checkpoint.safetensors") for out in ("whole", "parts"))
    for name, array in first["model"].items():
        np.testing.assert_array_equal(array, second["model"][name])
    for out in ("whole", "parts"):
        with (Path(out) / "history.csv").open(newline="") as file:
            assert [row["epoch"] for row in csv.DictReader(file)] == list("123456")


def test_an_augmented_run_is_resumed_with_the_same_changes(capsys):
    data = user_files.image_folder(Path("photos"))
    pipeline = "oneof(flip | rotate:10), sometimes(noise), trivial, mixup:0.2, cutmix:p=0.5"
    options = ["--data", data, "--model", "mlp", "--hidden", "4", "--augment", pipeline]
    run(*options, "--epochs", 4, "--out", "whole")
    run(*options, "--epochs", 1, "--out", "parts")
    run("--resume", "--epochs", 4, "--out", "parts", "--augment", pipeline)
    assert same_weights("whole", "parts")
    assert tomllib.loads(Path("parts/config.toml").read_text())["augment"] == pipeline
    assert f"augmentation: {pipeline}" in " ".join(capsys.readouterr().out.split())
    said = refused(capsys, "--resume", "--out", "parts", "--augment", "flip")
    assert said.startswith("Error: --augment flip contradicts the run in 'parts', which has oneof(")


def test_a_run_that_is_done_is_not_trained_again(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, *LONG, "--epochs", 2)
    before = weights("minireg-run")
    capsys.readouterr()
    run("--resume")
    assert "epoch 3" not in capsys.readouterr().out
    assert weights("minireg-run").keys() == before.keys()
    assert all((weights("minireg-run")[k] == before[k]).all() for k in before)


def test_an_existing_run_is_replaced_only_if_asked_for(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, *LONG, "--epochs", 2)
    before = Path("minireg-run/history.csv").read_bytes()
    capsys.readouterr()
    said = refused(capsys, "--data", data, *LONG, "--epochs", 1)
    assert "'minireg-run' holds a run already. Go on with it by --resume, replace it by" in said
    assert Path("minireg-run/history.csv").read_bytes() == before
    run("--data", data, *LONG, "--epochs", 1, "--overwrite")
    assert len(Path("minireg-run/history.csv").read_text().splitlines()) == 2
    capsys.readouterr()
    said = refused(capsys, "--resume", "--overwrite")
    assert said == "Error: --resume continues a run, --overwrite replaces it: choose one."


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lr", "0.5"], "--lr 0.5 contradicts the run in 'minireg-run', which has none."),
        (["--hidden", "8"], "--hidden 8 contradicts the run in 'minireg-run', which has 4"),
        (["--epochs", "1"], "A run can get more epochs, not fewer"),
        (["--data", "other.csv"], "other.csv contradicts the run"),
        (["--out", "nowhere"], "--out: There is no run in the folder 'nowhere' to go on with"),
    ],
)
def test_what_contradicts_the_run_is_refused(capsys, options, words):
    run("--data", user_files.table(Path("t.csv")), *LONG, "--epochs", 2)
    capsys.readouterr()
    assert words in refused(capsys, "--resume", *options)


def test_the_same_options_may_be_given_again(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, *LONG, "--epochs", 1)
    run("--data", data, *LONG, "--epochs", 2, "--resume")
    assert "best epoch  2 of 2" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_keeps_the_best_model_and_says_how_to_go_on(tmp_path):
    data = user_files.table(Path("t.csv"), 300)
    command = [sys.executable, "-u", "-m", "minireg", "train", "--data", str(data.resolve()),
               *LONG, "--epochs", "100000", "--out", str(tmp_path / "out")]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOME
    ) as process:
        while b"epoch " not in process.stdout.readline():
            pass
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        shown, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint == b""
    text = shown.decode()
    assert "interrupted" in text
    assert f"minireg train --resume --out {tmp_path / 'out'}" in text
    assert set(os.listdir("out")) == FILES
    done = len(Path("out/history.csv").read_text().splitlines()) - 1
    assert load_model(Path("out")).epoch <= done
    assert len(mr.load(Path("out/checkpoint.safetensors"))["history"]["epoch"]) >= done - 1


def test_ctrl_c_before_the_first_epoch_leaves_no_model(capsys, monkeypatch):
    def impatient(self, run):
        raise KeyboardInterrupt

    data = user_files.table(Path("t.csv"))
    with monkeypatch.context() as patched:
        patched.setattr(models.folder.KeepRun, "after_epoch", impatient)
        run("--data", data, *LONG, code=130)
    assert "Interrupted before the first epoch was finished" in capsys.readouterr().out
    assert os.listdir("minireg-run") == ["config.toml"]
    run("--resume")
    assert set(os.listdir("minireg-run")) == FILES


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Error: --data: Give the path of a file or a folder."),
        (["photos"], "The data are named by an option: --data photos"),
        (["t.csv", "--drop", "number"], "The data are named by an option: --data t.csv"),
        (["--data", "nothing"], "There is no file or folder"),
        (["--data", "."], ""),
        (["--data", "gaps.csv"], "Choose --missing drop, which leaves"),
        (["--data", "t.csv", "--target", "sort"], "--target: "),
        (["--data", "t.csv", "--size", "8x8"], "--size: "),
        (["--data", "t.csv", "--epochs", "0"], "'--epochs': 0 is not in the range x>=1"),
        (["--data", "t.csv", "--lr", "nan"], "Error: --lr must be finite, got nan"),
        (["--data", "t.csv", "--l2", "inf"], "Error: --l2 must be finite, got inf"),
        (["--data", "t.csv", "--dropout", "1"], "'--dropout': 1.0 is not in the range 0<=x<1"),
        (["--data", "t.csv", "--hidden", "4,x"], "'--hidden': --hidden must be a whole num"),
        (["--data", "t.csv", "--size", "8y8"], "must be of the form HxW, such as 28x28"),
        (["--data", "t.csv", "--drop", "number", "--augment", "flip"], "Error: --augment is for"),
        (["--data", "photos", "--augment", "rotte:5"], "There is no transform 'rotte'. Did you"),
        (["--data", "photos", "--augment", "crop:6"], "--augment must keep the size of the images"),
        (["--data", "photos", "--augment", "crop:6"], "in another size: --size 6x6."),
        (["--data", "t.csv", "--drop", "number", "--model", "cnn"], "A cnn is for images"),
        (["--data", "t.csv", "--drop", "number", "--validation", "0.001"], "would be 0"),
        (["--data", "t.csv", "--drop", "number", "--proximal"], "Error: --proximal is a way"),
        (["--data", "t.csv", "--momentum", "0.5"], "Error: --momentum is an option of rmsp"),
        (["--data", "t.csv", "--drop", "number", "--metrics", "mse"], "needs numbers"),
        (["--data", "t.csv", "--drop", "number", "--metrics", "beauty"], "No metric is called"),
        (["--data", "t.csv", "--early-stopping", "3", "--validation", "0"], "idation 0 leaves"),
        (["--data", "prices.csv", "--class-weights", "balanced"], "Error: --class-weights is for"),
        (["--data", "prices.csv", "--class-weights", "balanced"], "choose --task classification"),
        (["--data", "prices.csv", "--dropout", "0.1", "--dropout-kind", "spatial"],
         "Error: --dropout-kind spatial is for the convolutions of a cnn"),
        (["--data", "photos", "--color", "blue"], "'blue' is not one of 'rgb', 'grey'"),
        (["--config", "missing.toml"], "There is no configuration file 'missing.toml'"),
        (["--config", "typo.toml"], "there is no setting 'epoch'. Did you mean 'epochs'?"),
        (["--config", "value.toml"], "value.toml: lr must be a number, got 'fast'"),
        (["--config", "truth.toml"], "truth.toml: epochs must be a whole number, got True"),
        (["--config", "table.toml"], "table.toml: "),
        (["--data", "t.csv", "--drop", "number", "--out", "t.csv"], "Cannot write into the folder"),
    ],
)  # fmt: skip
def test_a_mistake_gives_a_sentence_and_leaves_nothing(capsys, options, words):
    user_files.table(Path("t.csv"))
    user_files.prices(Path("prices.csv"))
    user_files.image_folder(Path("photos"), 2)
    Path("gaps.csv").write_text("a,b\n1,u\n,v\n3,u\n4,v\n5,u\n", encoding="utf-8")
    Path("typo.toml").write_text("epoch = 3\n", encoding="utf-8")
    Path("value.toml").write_text("lr = 'fast'\n", encoding="utf-8")
    Path("truth.toml").write_text("epochs = true\n", encoding="utf-8")
    Path("table.toml").write_text("[lr]\nvalue = 3\n", encoding="utf-8")
    assert words in refused(capsys, *options)


def test_pictures_of_different_sizes_lead_to_the_option(capsys):
    from PIL import Image  # noqa: PLC0415

    user_files.image_folder(Path("photos"), 2)
    Image.new("L", (5, 6)).save("photos/dark/odd.png")
    said = refused(capsys, "--data", "photos")
    assert "Error: The pictures have 2" in said
    assert said.endswith("Choose one for all (--size …).")
    run("--data", "photos", "--size", "8x8", "--model", "linear", "--epochs", 1)


def test_warnings_of_the_library_become_notes_on_stderr(capsys):
    folder = user_files.image_folder(Path("photos"), 3)
    (folder / "dark" / "notes.txt").write_text("not a picture", encoding="utf-8")
    run("--data", "photos", "--model", "linear", "--epochs", 1, "--json")
    captured = capsys.readouterr()
    assert captured.err.startswith("Note: 1 files in")
    assert json.loads(captured.out)["examples"] == {"train": 5, "validation": 1}


def test_large_images_and_no_validation_part_are_noted(capsys):
    np.savez("large.npz", x=np.zeros((4, 1, 200, 200), np.uint8), y=np.array([0, 1, 0, 1]))
    run("--data", "large.npz", "--model", "linear", "--epochs", 1, "--validation", 0)
    said = capsys.readouterr().err
    assert (
        "Note: images of 200 x 200 take long to train on; --size 64x64 makes them 9 times" in said
    )
    assert "Note: without validation examples the epoch with the lowest training loss" in said


def test_a_damaged_checkpoint_is_not_a_traceback(capsys):
    data = user_files.table(Path("t.csv"))
    run("--data", data, *LONG, "--epochs", 1)
    path = Path("minireg-run/checkpoint.safetensors")
    path.write_bytes(path.read_bytes()[:100])
    capsys.readouterr()
    run("--resume", "--epochs", 2, code=2)
    assert "damaged" in capsys.readouterr().err


# -- any terminal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_it_runs_in_a_terminal_that_knows_few_signs(tmp_path, encoding):
    data = user_files.image_folder(tmp_path / "fotos größe", 3)
    done = subprocess.run(
        [sys.executable, "-m", "minireg", "train", "--data", str(data), "--epochs", "1",
         "--augment", "rotate:5", "--out", str(tmp_path / "aus lauf")],
        capture_output=True, cwd=HOME, timeout=60, check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "80"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode(encoding)
    assert "images of 1 x 8 x 8" in shown or "images of 1 × 8 × 8" in shown
    assert f"'{tmp_path / 'aus lauf'}'" in shown or os.name == "nt"
    assert done.stderr == b""


def test_a_terminal_gets_a_moving_line_in_its_own_signs():
    pty = pytest.importorskip("pty")
    data = user_files.table(Path("t.csv"))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "minireg", "train", "--data", str(data.resolve()), *LONG,
               "--epochs", "3", "--out", str(Path("out").resolve())]  # fmt: skip
    environment = {"PYTHONIOENCODING": "ascii", "COLUMNS": "80", "TERM": "xterm"}
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.PIPE, cwd=HOME, env=os.environ | environment
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end was closed
            while part := os.read(ours, 10_000):
                shown += part
        complaint = process.stderr.read()
    os.close(ours)
    assert process.returncode == 0, complaint
    assert complaint == b""
    text = shown.decode("ascii")
    assert "epoch 3/3" in text
    assert "2 -> 4 -> 3, relu" in text
    assert "epoch 1/3  loss" not in text  # the lines for pipes


def test_a_live_line_leaves_room_for_the_sign_of_ctrl_c(monkeypatch):
    output = io.StringIO()
    output.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", output)
    monkeypatch.setenv("TERM", "xterm")
    for columns in ("30", "60", "120"):
        monkeypatch.setenv("COLUMNS", columns)
        output.seek(0)
        output.truncate()
        mr.fit(mr.nn.Linear(1, 2), ([[-1.0], [1.0]], [0, 1]), epochs=2)
        lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", output.getvalue()))
        assert 20 < max(map(len, lines)) <= int(columns) - 2


def test_help_shows_every_option_under_its_heading(capsys):
    assert app.run(["train", "--help"]) == 0
    shown = capsys.readouterr().out
    for heading in ("Data:", "Model:", "Training:", "Regularization:", "Augmentation (images):"):
        assert f"\n{heading}\n" in shown
    assert "minireg train --data houses.csv --target price" in shown
    assert max(map(len, shown.splitlines())) <= 80
