"""History: its columns, its rows, its text and its plot."""

import copy
import json

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError
from minireg.training.history import column_names
from tests.training.problems import blobs, network

COLUMNS = column_names(["accuracy"])


def row(epoch=1, **values):
    return dict.fromkeys(COLUMNS) | {"epoch": epoch, "loss": 0.5, "penalty": 0.0} | values


def test_every_column_has_an_entry_for_each_epoch():
    history = mr.fit(network(), blobs(), blobs(seed=1), epochs=3, progress=False)
    table = json.loads(json.dumps(history.as_dict(), allow_nan=False))
    assert table["epoch"] == [1, 2, 3]
    assert [name for name, column in table.items() if isinstance(column, list)] == list(COLUMNS)
    assert all(len(table[name]) == 3 for name in COLUMNS)
    assert all(type(value) is float for name in COLUMNS[1:] for value in history[name])
    assert history.best_epoch == 1 + int(np.argmin(history.validation_loss))
    assert (history.stopped_early, history.interrupted) == (False, False)


@pytest.mark.host
def test_a_name_gives_a_column_and_a_number_a_row():
    history = mr.History()
    history.add(**row(1, loss=0.5))
    history.add(**row(2, loss=0.25))
    assert history["loss"] == [0.5, 0.25]
    assert history[1] == history[-1] == row(2, loss=0.25)
    assert [row["epoch"] for row in history] == [1, 2]
    with pytest.raises(IndexError):
        history[2]
    with pytest.raises(ArgumentError, match=r"no column 'accuracy'\. It has: epoch, loss"):
        history["accuracy"]


@pytest.mark.host
def test_the_best_epoch_is_the_first_of_equals():
    history = mr.History()
    assert history.best_epoch is None
    for epoch, loss in enumerate([0.5, 0.3, 0.3, 0.4], start=1):
        history.add(**row(epoch, loss=1 / epoch, validation_loss=loss))
    assert history.best_epoch == 2


@pytest.mark.host
def test_without_validation_best_epoch_has_lowest_loss():
    history = mr.History()
    for epoch, loss in enumerate([0.5, 0.2, 0.3], start=1):
        history.add(**row(epoch, loss=loss))
    assert history.best_epoch == 2


@pytest.mark.host
def test_the_text_of_a_history_is_one_line():
    history = mr.History()
    assert str(history) == "no epoch finished"
    history.add(**row(1, train_accuracy=0.5))
    history.add(
        **row(2, penalty=0.125, train_accuracy=0.9, validation_loss=0.75, validation_accuracy=0.8)
    )
    history.stopped_early = True
    text = (
        "2 epochs, stopped early: loss 0.5000, penalty 0.1250, train accuracy 90.0 %, "
        "validation loss 0.7500, validation accuracy 80.0 %"
    )
    assert str(history) == text
    assert repr(history) == f"<History: {text}>"


def test_metrics_are_columns_of_training_and_validation():
    def share(outputs, labels):
        return np.mean(outputs.argmax(axis=1) == labels)

    history = mr.fit(
        network(), blobs(), blobs(seed=1), epochs=2, metrics=("f1", "top2", share), progress=False
    )
    assert list(history[0]) == [
        "epoch", "loss", "penalty", "learning_rate", "train_f1", "train_top2", "train_share",
        "validation_loss", "validation_f1", "validation_top2", "validation_share", "seconds",
    ]  # fmt: skip
    assert all(type(value) is float for value in history.validation_share)
    assert "train f1 0." in str(history)
    with pytest.raises(AttributeError, match=r"no attribute 'train_accuracy'\. Its columns are"):
        history.train_accuracy  # noqa: B018
    assert (
        json.loads(json.dumps(history.as_dict(), allow_nan=False))["train_f1"] == history.train_f1
    )


def test_the_columns_equal_evaluate():
    model, train, validation = network(), blobs(50), blobs(30, seed=1)
    names = ("accuracy", "f1_weighted", "top2")

    def compare(history):
        for kind, data in (("train", train), ("validation", validation)):
            scores = mr.evaluate(model, data, metrics=names)
            assert {name: history[f"{kind}_{name}"][-1] for name in names} == {
                name: scores[name] for name in names
            }

    mr.fit(model, train, validation, epochs=2, metrics=names, progress=compare)


def test_without_metrics_the_loss_is_left():
    history = mr.fit(network(), blobs(), epochs=1, metrics=(), progress=False)
    assert list(history.columns) == [*COLUMNS[:4], "validation_loss", "seconds"]
    assert str(history) == f"1 epoch: loss {history.loss[0]:.4f}"


@pytest.mark.host
def test_a_matrix_is_refused_as_a_column():
    with pytest.raises(
        ArgumentError, match=r"'confusion_matrix' is an array.* Compute it at the end"
    ):
        mr.fit(network(), blobs(), metrics="confusion_matrix", progress=False)


@pytest.mark.host
def test_an_incomplete_row_is_refused_and_nothing_is_added():
    history = mr.History()
    with pytest.raises(ArgumentError, match=r"A row of this history has epoch, loss.* got epoch"):
        history.add(epoch=1)
    assert len(history) == 0


@pytest.mark.host
def test_a_csv_file_gives_the_numbers_back(tmp_path):
    history = mr.History(["f1"])
    values = {"epoch": 1, "loss": 1 / 3, "penalty": 0.0, "learning_rate": None, "train_f1": 1e-17}
    history.add(**values, validation_loss=None, validation_f1=None, seconds=0.5)
    history.to_csv(tmp_path / "history.csv")
    assert (tmp_path / "history.csv").read_text(encoding="utf-8").splitlines() == [
        "epoch,loss,penalty,learning_rate,train_f1,validation_loss,validation_f1,seconds",
        "1,0.3333333333333333,0.0,,1e-17,,,0.5",
    ]
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        history.to_csv(tmp_path / "nowhere" / "history.csv")


@pytest.mark.host
def test_the_plot_has_a_panel_for_each_metric(tmp_path):
    history = mr.fit(
        network(), blobs(), blobs(seed=1), epochs=3, metrics=("accuracy", "f1"), progress=False
    )
    figure = history.plot(tmp_path / "history.png")
    assert [ax.get_title("left") for ax in figure.axes] == ["loss", "accuracy", "f1"]
    best, train, validation = figure.axes[2].get_lines()
    assert best.get_xdata()[0] == history.best_epoch
    np.testing.assert_array_equal(train.get_ydata(), history.train_f1)
    np.testing.assert_array_equal(validation.get_ydata(), history.validation_f1)
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ArgumentError, match="no epoch was finished"):
        mr.History().plot()


@pytest.mark.host
def test_a_copy_is_an_independent_history():
    history = mr.History()
    other = copy.deepcopy(history)
    other.add(**row(1))
    assert (len(history), len(other)) == (0, 1)
