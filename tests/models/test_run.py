"""A training from settings: what it measures, what its folder holds, and how it is resumed."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import minireg as mr
from minireg import models
from minireg.cli import app
from minireg.errors import ArgumentError, MiniregError
from minireg.models import Settings, folder, inputs, run, saved
from tests.models import user_files

pytestmark = pytest.mark.host

HOME = Path(mr.__file__).parents[1]


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def train(settings=None, out="out", **options):
    return models.train(settings, out, progress=False, **options)


def table_settings(**changes):
    """A small classifier of a table."""
    data = user_files.table(Path("t.csv"))
    usual = {"drop": "number", "hidden": 4, "batch_size": 8, "dropout": 0.2, "epochs": 2}
    return Settings(data=data, **usual | changes)


def weights(folder, name="model.safetensors"):
    return mr.load(Path(folder) / name)["model"]


def same_weights(first, second, name="model.safetensors"):
    a, b = weights(first, name), weights(second, name)
    return a.keys() == b.keys() and all((a[key] == b[key]).all() for key in a)


def without_seconds(folder):
    with (Path(folder) / "history.csv").open(newline="", encoding="utf-8") as file:
        return [row | {"seconds": None} for row in csv.DictReader(file)]


# -- what is trained -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (
            ["--data", "photos", "--channels", "2", "--hidden", "4", "--augment", "flip, rotate:5",
             "--dropout", "0.3", "--l1", "0.01", "--proximal", "--optimizer", "sgd", "--momentum",
             "0", "--seed", "3"],
            {"data": "photos", "channels": 2, "hidden": 4, "augment": "flip,rotate:5",
             "dropout": 0.3, "l1": 0.01, "proximal": True, "optimizer": "sgd", "momentum": 0,
             "seed": 3},
        ),
        (
            ["--data", "prices.csv", "--target", "price", "--optimizer", "sgd", "--schedule",
             "one-cycle", "--validation", "0.3", "--metrics", "mae,r2"],
            {"data": "prices.csv", "target": "price", "optimizer": "sgd", "validation": 0.3,
             "schedule": "one-cycle", "metrics": ["mae", "r2"]},
        ),
    ],
    ids=["images", "table"],
)  # fmt: skip
def test_settings_train_what_the_command_trains(options, settings):
    user_files.image_folder(Path("photos"))
    user_files.prices(Path("prices.csv"))
    assert app.run(["train", *options, "--epochs", "3", "--out", "typed"]) == 0
    train(Settings(**settings, epochs=3), "called")
    for name in ("model.safetensors", "config.toml"):
        assert Path("typed", name).read_bytes() == Path("called", name).read_bytes()
    assert without_seconds("typed") == without_seconds("called")


def test_training_from_python_leaves_the_process_as_it_was():
    mr.seed(7)
    before = mr.default_generator().state
    train(table_settings())
    assert mr.default_generator().state == before
    assert mr.ones(1).backend == "numpy"


def test_the_result_is_what_the_folder_holds():
    result = train(table_settings(epochs=5, optimizer="sgd", lr=3))
    history, loaded = result.history, mr.load_model("out")
    assert result.model.epoch == loaded.epoch == history.best_epoch
    assert result.model.scores == loaded.scores
    for name, array in result.model.model.state_dict().items():
        np.testing.assert_array_equal(array, loaded.model.state_dict()[name])
    assert not result.model.model.training
    assert result.model.scores["validation_loss"] == min(history.validation_loss)
    assert set(os.listdir("out")) == set(models.FILES)


def test_the_own_test_part_is_measured_with_the_best_model():
    data = user_files.image_folder(Path("photos"), 4, parts=("train", "test"))
    settings = Settings(data=data, validation=0.25, model="linear", epochs=3, lr=0.3)
    result = train(settings)
    assert result.test == mr.load_model("out").evaluate("photos", ("accuracy",))
    assert train(replace(settings, validation=None), "other").test is None


def test_data_are_opened_once_and_no_model_is_read_again(monkeypatch):
    opened, calls = inputs.open_table, []

    @wraps(opened)
    def count(*arguments, **options):
        calls.append(arguments)
        return opened(*arguments, **options)

    monkeypatch.setattr(inputs, "open_table", count)
    monkeypatch.setattr(saved, "load", lambda path: pytest.fail(f"{path} was read"))
    train(table_settings())
    assert len(calls) == 1


def test_a_seed_gives_one_model_and_another_seed_another():
    data = user_files.image_folder(Path("photos"))
    settings = Settings(
        data=data, channels=2, hidden=4, epochs=2, dropout=0.3, augment="flip", seed=1
    )
    train(settings, "a")
    train(settings, "b")
    train(replace(settings, seed=2), "c")
    assert same_weights("a", "b")
    assert not same_weights("a", "c")


def test_augmentation_and_dropout_keep_the_initial_weights():
    data = user_files.image_folder(Path("photos"))
    plain = Settings(data=data, model="mlp", hidden=4, epochs=1, lr=1e-30)
    train(plain, "a")
    train(replace(plain, dropout=0.5, augment="flip, crop:8:2"), "b")
    for x, y in zip(weights("a").values(), weights("b").values()):
        np.testing.assert_allclose(x, y, atol=1e-12)


@pytest.mark.parametrize(
    ("augment", "words"),
    [
        ("crop:6x7", "size of the images, but turns 8x8 into 6x7. Crop and resize to 8x8, or read "
                     "pictures in another size: size='6x7'."),
        ("flip, totensor", "dtype of the images, but turns uint8 into float32. Leave out totensor "
                           "and normalize: the model standardises its inputs."),
        ("crop:20", "augment: RandomCrop: a window of"),
        ("rotate:5:fill=1/2/3", "augment: fill has 3 numbers, and the images have 1 channels"),
    ],
)  # fmt: skip
def test_augmentation_that_does_not_fit_the_images_is_refused(augment, words):
    data = user_files.image_folder(Path("photos"))
    with pytest.raises(ArgumentError, match=words) as caught:
        train(Settings(data=data, augment=augment))
    assert caught.value.argument == "augment"
    assert not Path("out").exists()


@pytest.mark.parametrize("text", ["normalize:0.5:0.2", "flip, (resize:9, crop:8)"])
def test_augmentation_that_predict_would_lack_is_refused(text):
    x = np.random.default_rng(0).random((20, 1, 8, 8)).astype(np.float32)
    np.savez("floats.npz", x=x, y=[0, 1] * 10)
    with pytest.raises(ArgumentError, match="acts in evaluation, too, but the saved"):
        models.Training(Settings(data="floats.npz", augment=text))
    same = "crop:8:1, resizedcrop:8:0.5..1, pad:2, crop:8, rotate:5, trivial, totensor"
    training = models.Training(Settings(data="floats.npz", model="mlp", augment=same))
    assert training.run.loader.transform.training


def test_mixed_labels_are_those_of_the_classes():
    data = user_files.image_folder(Path("photos"))
    settings = Settings(data=data, model="mlp", hidden=4, epochs=1, augment="oneof(mixup | cutmix)")
    training = models.Training(settings)
    inside = training.run.loader.transform.transforms[0].transforms
    assert [t.num_classes for t in inside] == [2, 2]
    assert len(training.train().history) == 1


def test_numbers_to_predict_are_mixed_alike():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 1, 6, 6)).astype(np.uint8)
    np.savez("numbers.npz", x=images, y=rng.random(20))
    settings = Settings(data="numbers.npz", model="linear", epochs=1, augment="mixup")
    assert len(train(settings).history) == 1


def test_without_validation_the_training_loss_chooses():
    result = train(table_settings(validation=0, epochs=6))
    assert result.history.validation_loss == [None] * 6
    assert result.model.epoch == 1 + int(np.argmin(result.history.loss))


def test_a_regression_learns_in_any_unit():
    data = user_files.prices(Path("prices.csv"))
    result = train(Settings(data=data, epochs=60, model="linear", lr=0.05))
    assert result.model.scores["validation_r2"] > 0.99


def test_a_last_batch_can_be_left_out():
    settings = table_settings(batch_size=10, epochs=1)  # 24 examples
    train(settings, "a")
    train(replace(settings, drop_last=True), "b")
    assert not same_weights("a", "b")
    train(replace(settings, drop_last=True, batch_size=12), "c")
    train(replace(settings, drop_last=False, batch_size=12), "d")
    assert same_weights("c", "d")


def test_products_use_one_thread_or_what_the_environment_says(monkeypatch):
    def counts():
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    before = counts()
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with run.limit_threads():
        assert counts() <= {1}
    assert counts() == before
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with run.limit_threads():
        assert counts() == before


# -- a run that exists -----------------------------------------------------------------------------


def test_a_resumed_run_ends_like_one_without_a_break():
    settings = table_settings(epochs=6)
    train(settings, "whole")
    train(replace(settings, epochs=2), "parts")
    result = train(settings, "parts", resume=True)
    assert same_weights("whole", "parts")
    assert same_weights("whole", "parts", "checkpoint.safetensors")
    assert without_seconds("whole") == without_seconds("parts")
    assert result.model.epoch == mr.load_model("whole").epoch
    assert result.history.epoch == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "options",
    [
        {"schedule": "one-cycle", "optimizer": "sgd"},
        {"schedule": "cosine", "warmup": 2, "early_stopping": 3},
        {"schedule": "plateau", "optimizer": "rmsprop", "momentum": 0.5, "accumulate": 2},
    ],
    ids=lambda options: options["schedule"],
)
def test_an_interrupted_run_ends_as_if_it_had_not_been(monkeypatch, options):
    settings = table_settings(epochs=6, **options)
    train(settings, "whole")
    keep = folder.KeepRun.after_epoch

    def interrupt(self, training):
        if training.epoch == 4:
            raise KeyboardInterrupt  # before anything of this epoch is written
        keep(self, training)

    with monkeypatch.context() as patched:
        patched.setattr(folder.KeepRun, "after_epoch", interrupt)
        assert train(settings, "parts").history.interrupted
    assert len(mr.load("parts/checkpoint.safetensors")["history"]["epoch"]) == 3
    assert not train(out="parts", resume=True).history.interrupted
    assert same_weights("whole", "parts")
    assert same_weights("whole", "parts", "checkpoint.safetensors")


def test_a_run_that_is_done_is_not_trained_again():
    train(table_settings())
    before = Path("out/model.safetensors").read_bytes()
    result = train(out="out", resume=True)
    assert len(result.history) == 2
    assert Path("out/model.safetensors").read_bytes() == before


def test_the_best_of_all_epochs_is_kept_over_a_break():
    settings = table_settings(epochs=4, optimizer="sgd", lr=5)  # gets worse
    first = train(replace(settings, epochs=3))
    second = train(settings, resume=True)
    best = second.history.best_epoch
    assert (best, second.model.epoch) == (first.model.epoch, best)
    assert first.model.scores == second.model.scores
    np.testing.assert_array_equal(first.model.predict("t.csv"), second.model.predict("t.csv"))


@pytest.mark.parametrize(
    ("changes", "argument", "words"),
    [
        ({"lr": 0.5}, "lr", "lr=0.5 contradicts the run in '.*', which has none. Leave it"),
        ({"hidden": 8}, "hidden", "hidden=8 contradicts the run in '.*', which has 4"),
        ({"epochs": 1}, "epochs", "A run can get more epochs, not fewer"),
        ({"data": "other.csv"}, "data", "other.csv contradicts the run"),
    ],
)
def test_settings_that_contradict_the_run_are_refused(changes, argument, words):
    settings = table_settings()
    train(settings)
    with pytest.raises(ArgumentError, match=words) as caught:
        train(replace(settings, **changes), resume=True)
    assert caught.value.argument == argument


def test_a_schedule_made_for_so_many_epochs_cannot_get_more():
    settings = table_settings(schedule="cosine")
    train(settings)
    with pytest.raises(ArgumentError, match="Its schedule cosine was made for 2 epochs"):
        train(replace(settings, epochs=3), resume=True)


def test_an_existing_run_is_replaced_only_if_asked_for():
    settings = table_settings()
    train(settings)
    before = Path("out/history.csv").read_bytes()
    with pytest.raises(ArgumentError, match="holds a run already") as caught:
        train(replace(settings, epochs=1))
    assert caught.value.argument == "out"
    assert Path("out/history.csv").read_bytes() == before
    train(replace(settings, epochs=1), overwrite=True)
    assert len(Path("out/history.csv").read_text().splitlines()) == 2


def test_a_folder_moved_with_its_data_is_resumed():
    settings = table_settings(epochs=6)
    train(settings, "whole")
    Path("old/runs").mkdir(parents=True)
    data = user_files.table(Path("old/t.csv"))
    train(replace(settings, data=data, epochs=2), "old/runs/parts")
    Path("old").rename("new")
    assert train(Settings.from_toml("new/runs/parts/config.toml", epochs=6), "new/runs/parts",
                 resume=True).history.epoch == [1, 2, 3, 4, 5, 6]  # fmt: skip
    assert same_weights("whole", "new/runs/parts")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_a_second_run_in_a_folder_is_refused():
    """Also after kill -9 the folder is free again, and the run is resumed."""
    settings = table_settings(epochs=20)
    train(replace(settings, epochs=1))
    command = (
        "import time; from minireg import models\n"
        "def wait(history): print(flush=True); time.sleep(60)\n"
        "models.train(models.Settings.from_toml('out/config.toml', epochs=20), 'out', resume=True,"
        " progress=wait)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", command], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HOME)},
    ) as process:  # fmt: skip
        process.stdout.readline()
        for options in ({}, {"resume": True}, {"overwrite": True}):
            with pytest.raises(ArgumentError, match=f"Process {process.pid} is writing") as caught:
                train(settings, **options)
            assert caught.value.argument == "out"
        process.kill()
    assert train(settings, resume=True).history.epoch == list(range(1, 21))
    assert set(os.listdir("out")) == set(models.FILES)


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_folder_is_free_after_ctrl_c_and_errors(monkeypatch, error):
    def fail(self, training):
        raise error

    with monkeypatch.context() as patched, suppress(RuntimeError):
        patched.setattr(folder.KeepRun, "after_epoch", fail)
        train(table_settings())
    assert os.listdir("out") == ["config.toml"]
    train(table_settings(), overwrite=True)


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "options", "argument", "words"),
    [
        ({"data": None}, {}, "data", "Give the path of a file or a folder"),
        ({"data": "nothing"}, {}, None, "There is no file or folder"),
        ({"size": 8}, {}, "size", "cannot be read with size"),
        ({"augment": "flip"}, {}, "augment", "augment is for images"),
        ({"target": "width", "class_weights": "balanced"}, {}, "class_weights", "is for classes"),
        ({"target": "width", "label_smoothing": 0.1}, {}, "label_smoothing", "is for classes"),
        ({"target": "width", "confidence_penalty": 1}, {}, "confidence_penalty", "is for classes"),
        ({"orthogonal": 1, "proximal": True}, {}, "proximal", "No proximal step is known"),
        ({"group_lasso": 1, "proximal": True}, {}, "proximal", "needs one step for all entries"),
        ({"metrics": "beauty"}, {}, None, "No metric is called"),
        ({"metrics": "mse"}, {}, None, "needs numbers"),
        ({"validation": 0.001}, {}, "validation", "would be 0"),
        ({}, {"out": "t.csv"}, None, "Cannot write into the folder"),
        ({}, {"resume": True, "overwrite": True}, "overwrite", "choose one"),
        ({}, {"resume": True}, "out", "There is no run in the folder 'out' to go on with"),
    ],
)
def test_a_mistake_gives_a_sentence_and_leaves_nothing(changes, options, argument, words):
    settings = replace(table_settings(), **changes)
    before = set(Path().rglob("*"))
    with pytest.raises(MiniregError, match=words) as caught:
        train(settings, **options)
    assert argument in (None, caught.value.argument)
    assert set(Path().rglob("*")) == before
