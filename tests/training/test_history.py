"""History: its columns, its rows, and what it looks like."""

import json

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentError
from minireg.training.history import COLUMNS
from tests.training.problems import blobs, network


def row(epoch=1, **values):
    return dict.fromkeys(COLUMNS) | {"epoch": epoch, "loss": 0.5, "penalty": 0.0} | values


def test_there_is_one_entry_an_epoch_in_every_column_and_json_can_hold_it():
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
def test_the_best_epoch_is_the_first_of_the_lowest_validation_losses():
    history = mr.History()
    assert history.best_epoch is None
    for epoch, loss in enumerate([0.5, 0.3, 0.3, 0.4], start=1):
        history.add(**row(epoch, loss=1 / epoch, validation_loss=loss))
    assert history.best_epoch == 2


@pytest.mark.host
def test_without_validation_the_best_epoch_has_the_lowest_training_loss():
    history = mr.History()
    for epoch, loss in enumerate([0.5, 0.2, 0.3], start=1):
        history.add(**row(epoch, loss=loss))
    assert history.best_epoch == 2


@pytest.mark.host
def test_its_text_is_one_line_about_the_last_epoch():
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
