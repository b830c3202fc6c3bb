"""How a run ends: early, by Ctrl-C, by a loss that explodes; and with which weights."""

from contextlib import nullcontext
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError, NonFiniteLossError
from tests.training.problems import blobs, network, scripted_run, weights

LOSSES = [0.9, 0.5, 0.6, 0.4, 0.41, 0.42, 0.43, 0.1]


def test_early_stopping_waits_and_restores_the_best_weights():
    model, history = scripted_run(LOSSES, early_stopping=3)
    assert history.validation_loss == pytest.approx(LOSSES[:7])
    assert history.stopped_early
    assert history.best_epoch == 4
    assert model.weight.item() == 4.0


def test_the_best_weights_come_back_bit_by_bit():
    kept = []
    model = network()

    def keep(history):
        kept.append(weights(model))

    history = mr.fit(
        model, blobs(), blobs(seed=1), epochs=40, early_stopping=2,
        optimizer=optim.SGD(model.parameters(), lr=0.5, momentum=0.9), progress=keep,
    )  # fmt: skip
    assert history.stopped_early
    assert history.best_epoch < len(history)
    for restored, then in zip(weights(model), kept[history.best_epoch - 1]):
        np.testing.assert_array_equal(restored, then)


def test_without_restore_best_the_last_weights_stay():
    model, _ = scripted_run(LOSSES, early_stopping=mr.EarlyStopping(3, restore_best=False))
    assert model.weight.item() == 7.0


def test_min_delta_decides_when_to_stop_not_what_is_best():
    model, history = scripted_run(LOSSES, early_stopping=mr.EarlyStopping(3, min_delta=0.2))
    assert len(history) == 5  # 0.5 was better by 0.4; 0.4 is not better than 0.5 by 0.2
    assert history.best_epoch == model.weight.item() == 4


def test_a_run_that_ends_early_restores_the_best_weights():
    model, history = scripted_run([0.9, 0.1, 0.2], early_stopping=5)
    assert not history.stopped_early
    assert model.weight.item() == 2.0


def test_one_early_stopping_object_serves_several_runs():
    stopping = mr.EarlyStopping(3)
    for _ in range(2):
        model, history = scripted_run(LOSSES, early_stopping=stopping)
        assert (len(history), model.weight.item()) == (7, 4.0)


@pytest.mark.host
@given(
    losses=st.lists(st.integers(0, 6), min_size=1, max_size=30),
    patience=st.integers(1, 5),
    min_delta=st.integers(0, 2),
)
def test_a_run_stops_when_no_recent_epoch_was_better(losses, patience, min_delta):
    stopping = mr.EarlyStopping(patience, min_delta=min_delta)
    history = mr.History()
    improvements = []  # epochs whose loss is lower by more than min_delta than at the one before
    for epoch, loss in enumerate(losses):
        if not improvements or loss < losses[improvements[-1]] - min_delta:
            improvements.append(epoch)
        history.columns["validation_loss"].append(loss)
        run = SimpleNamespace(
            history=history, epoch=epoch, evaluated=nullcontext,
            stop=partial(setattr, history, "stopped_early", True),
            model=SimpleNamespace(state_dict=partial(dict, epoch=epoch)),
        )  # fmt: skip
        stopping.after_epoch(run)
        assert history.stopped_early == (epoch - improvements[-1] >= patience)
        assert stopping.weights["epoch"] == stopping.epoch == int(np.argmin(losses[: epoch + 1]))
        if history.stopped_early:
            break


@pytest.mark.host
def test_a_wrong_early_stopping_is_refused():
    with pytest.raises(ArgumentError, match="patience must be at least 1, got 0"):
        mr.EarlyStopping(0)
    with pytest.raises(ArgumentError, match="min_delta must be at least 0, got -1"):
        mr.EarlyStopping(min_delta=-1)
    with pytest.raises(ArgumentTypeError, match=r"patience must be a whole number, got 2\.5"):
        mr.EarlyStopping(2.5)
    assert repr(mr.EarlyStopping()) == (
        "EarlyStopping(patience=5, min_delta=0, restore_best=True, monitor='validation_loss', "
        "mode='min')"
    )


def test_a_whole_number_of_numpy_is_a_patience():
    _, history = scripted_run(LOSSES, early_stopping=np.int64(3))
    assert len(history) == 7


# -- Ctrl-C ----------------------------------------------------------------------------------------


def interrupt_after(epochs):
    def interrupt(history):
        if len(history) == epochs:
            raise KeyboardInterrupt

    return interrupt


def test_ctrl_c_returns_the_history_so_far():
    model = network()
    history = mr.fit(model, blobs(), epochs=10, progress=interrupt_after(2))
    assert history.interrupted
    assert not history.stopped_early
    assert len(history) == 2
    assert "interrupted" in str(history)


@pytest.mark.parametrize(("epochs", "best"), [(3, 2), (4, 4)])
def test_ctrl_c_puts_the_best_weights_back(epochs, best):
    model, history = scripted_run(LOSSES, early_stopping=5, progress=interrupt_after(epochs))
    assert history.interrupted
    assert history.best_epoch == model.weight.item() == best


def test_ctrl_c_in_an_epoch_leaves_whole_rows_and_modes():
    model, batches = network().eval(), []

    def transform(points):
        batches.append(len(points))
        if len(batches) == 8:  # the second of the third epoch
            raise KeyboardInterrupt
        return points

    history = mr.fit(
        model, blobs(60), epochs=10, batch_size=20, transform=transform, progress=False
    )
    assert history.interrupted
    assert history.epoch == [1, 2]
    assert len(history.seconds) == len(history.loss) == 2
    assert not model.training


def test_ctrl_c_in_the_first_epoch_gives_an_empty_history():
    def transform(points):
        raise KeyboardInterrupt

    history = mr.fit(network(), blobs(), transform=transform, progress=False)
    assert history.interrupted
    assert len(history) == 0
    assert history.best_epoch is None
    assert str(history) == "no epoch finished, interrupted"


# -- a loss that explodes --------------------------------------------------------------------------


def explode(model, epochs, lr, **options):
    x = np.full((8, 1), 100.0)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    with np.errstate(all="ignore"):
        mr.fit(
            model, (x, x), epochs=epochs, criterion=mr.mse_loss, optimizer=optimizer,
            progress=False, **options,
        )  # fmt: skip


def test_a_loss_that_explodes_is_an_error_of_its_own():
    with pytest.raises(
        NonFiniteLossError, match=r"loss became .* in epoch \d+.*smaller learning rate"
    ):
        explode(nn.Linear(1, 1), epochs=60, lr=10.0)


def test_an_explosion_in_the_last_step_is_noticed():
    with pytest.raises(NonFiniteLossError, match=r"loss became inf in epoch 1"):
        explode(nn.Linear(1, 1), epochs=1, lr=1e30)


def test_after_an_explosion_the_best_weights_come_back():
    model, x = nn.Linear(1, 1), np.ones((2, 1))
    with pytest.raises(NonFiniteLossError, match="loss became"):
        explode(model, epochs=60, lr=10.0, validation=(x, x), early_stopping=100)
    assert np.isfinite(mr.evaluate(model, (x, x), mr.mse_loss)["loss"])


def test_a_validation_loss_that_is_not_finite_is_named():
    with pytest.raises(NonFiniteLossError, match="The validation loss became nan in epoch 2"):
        scripted_run([0.5, float("nan"), 0.3])
