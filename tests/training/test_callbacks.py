"""Callbacks: when they are called, with what, and what the shipped ones do."""

import csv
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

import minireg as mr
from minireg import callbacks, optim
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.training.problems import blobs, network, scripted_run, weights

LOSSES = [0.9, 0.5, 0.6, 0.4, 0.45]


class Diary(callbacks.Callback):
    """Writes down what happens."""

    def __init__(self, name="", pages=None):
        self.name, self.pages = name, [] if pages is None else pages

    def on_start(self, run):
        self.pages.append((self.name + "start", run.epoch, run.step))

    def check(self, run):
        self.pages.append((self.name + "check", run.epoch, run.step))

    def before_step(self, run):
        self.pages.append((self.name + "before", run.epoch, run.step))

    def after_step(self, run):
        self.pages.append((self.name + "step", run.epoch, run.step))

    def after_epoch(self, run):
        self.pages.append((self.name + "epoch", run.epoch, len(run.history)))

    def at_end(self, run):
        self.pages.append((self.name + "end", run.epoch, run.step))


def test_a_callback_is_called_at_each_moment():
    diary = Diary()
    mr.fit(network(), blobs(60), epochs=2, batch_size=30, callbacks=[diary], progress=False)
    assert diary.pages == [
        ("check", 0, 0), ("start", 0, 0),
        ("before", 1, 0), ("step", 1, 1), ("before", 1, 1), ("step", 1, 2), ("epoch", 1, 1),
        ("before", 2, 2), ("step", 2, 3), ("before", 2, 3), ("step", 2, 4), ("epoch", 2, 2),
        ("end", 2, 4),
    ]  # fmt: skip


def test_a_step_is_one_of_the_optimizer():
    diary = Diary()
    mr.fit(
        network(), blobs(60), epochs=1, batch_size=10, accumulate=4, callbacks=diary, progress=False
    )
    assert [page for page in diary.pages if page[0] == "step"] == [("step", 1, 1), ("step", 1, 2)]


def test_several_callbacks_keep_their_order():
    pages = []
    both = [Diary("a ", pages), Diary("b ", pages)]
    mr.fit(network(), blobs(60), epochs=1, batch_size=60, callbacks=both, progress=False)
    assert [page[0] for page in pages] == [
        "a check", "b check", "a start", "b start", "a before", "b before", "a step", "b step",
        "a epoch", "b epoch", "a end", "b end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "moment", ["on_start", "before_step", "after_step", "after_epoch", "at_end"]
)
def test_an_error_of_a_callback_is_raised_after_at_end(moment):
    diary, later = Diary(), Diary()
    failing = callbacks.Callback()

    def fail(run):
        raise RuntimeError("full moon")

    setattr(failing, moment, fail)
    with pytest.raises(RuntimeError, match="full moon"):
        mr.fit(network(), blobs(), epochs=2, callbacks=[diary, failing, later], progress=False)
    assert diary.pages[-1][0] == "end"
    assert (len(later.pages) == 1) == (moment == "on_start")  # the check
    assert len(later.pages) == 1 or later.pages[-1][0] == "end"


def test_a_callback_can_end_the_training_after_its_epoch():
    class Enough(callbacks.Callback):
        def after_step(self, run):
            if run.epoch == 2:
                run.stop()

    history = mr.fit(network(), blobs(), epochs=5, callbacks=[Enough()], progress=False)
    assert (len(history), history.stopped_early) == (2, True)


def test_early_stopping_acts_before_other_callbacks():
    seen = []

    class Look(callbacks.Callback):
        def after_epoch(self, run):
            seen.append(run.history.stopped_early)

        def at_end(self, run):
            seen.append(run.model.weight.item())

    scripted_run([0.5, 0.6, 0.7], early_stopping=2, callbacks=[Look()])
    assert seen == [False, False, True, 1.0]


def test_early_stopping_may_be_given_as_a_callback():
    model, history = scripted_run([0.5, 0.6, 0.7, 0.1], callbacks=[mr.EarlyStopping(2)])
    assert (len(history), model.weight.item()) == (3, 1.0)
    with pytest.raises(ArgumentError, match="there is no validation set"):
        mr.fit(network(), blobs(), callbacks=[mr.EarlyStopping(2)], progress=False)


# -- BestModel -------------------------------------------------------------------------------------


def test_best_model_has_the_lowest_validation_loss():
    best = callbacks.BestModel()
    for _ in range(2):  # one object serves several runs
        model, history = scripted_run(LOSSES, callbacks=[best])
        assert len(history) == 5
        assert model.weight.item() == best.epoch == history.best_epoch == 4
        assert best.value == pytest.approx(0.4)


def test_without_restore_the_last_weights_stay():
    best = callbacks.BestModel(restore=False)
    model, _ = scripted_run(LOSSES, callbacks=[best])
    assert model.weight.item() == 5.0
    model.load_state_dict(best.weights)
    assert model.weight.item() == 4.0


def test_ctrl_c_keeps_the_best_model():
    def interrupt(history):
        if len(history) == 3:
            raise KeyboardInterrupt

    model, history = scripted_run(LOSSES, progress=interrupt, callbacks=[callbacks.BestModel()])
    assert history.interrupted
    assert model.weight.item() == 2.0


def test_without_validation_best_model_watches_the_loss():
    best = callbacks.BestModel()
    model = network()
    history = mr.fit(
        model, blobs(), epochs=8, optimizer=optim.SGD(model.parameters(), lr=2.0, momentum=0.9),
        callbacks=[best], progress=False,
    )  # fmt: skip
    assert best.epoch == history.best_epoch
    assert best.value == min(history.loss)


def test_the_file_holds_the_best_weights_as_safetensors(tmp_path):
    path, model = tmp_path / "best.safetensors", network()
    mr.fit(
        model, blobs(), blobs(seed=1), epochs=3, callbacks=[callbacks.BestModel(path)],
        progress=False,
    )  # fmt: skip
    arrays = load_file(path)
    assert list(tmp_path.iterdir()) == [path]
    assert sorted(arrays) == sorted(name for name, _ in model.named_parameters())
    other = network()
    other.load_state_dict({name: mr.tensor(array).data for name, array in arrays.items()})
    for first, second in zip(weights(model), weights(other)):
        np.testing.assert_array_equal(first, second)


# -- what is watched -------------------------------------------------------------------------------


def scores(values):
    """A metric that gives these values on the validation examples of a scripted run, in turn."""
    left = iter(values)
    return mr.metrics.Metric("score", lambda outputs, y: next(left) if len(y) == 5 else 0.0)


def test_a_score_with_mode_max_can_be_watched():
    values = [0.2, 0.7, 0.6, 0.5, 0.9]
    watching = {"monitor": "validation_score", "mode": "max"}
    stopping = mr.EarlyStopping(2, **watching)
    model, history = scripted_run(LOSSES, metrics=[scores(values)], early_stopping=stopping)
    assert (len(history), model.weight.item()) == (4, 2.0)
    best = callbacks.BestModel(**watching)
    model, _ = scripted_run(LOSSES, metrics=[scores(values)], callbacks=[best])
    assert (model.weight.item(), best.epoch, best.value) == (5.0, 5, 0.9)
    assert repr(stopping).endswith("restore_best=True, monitor='validation_score', mode='max')")


def test_an_unmeasured_epoch_is_not_an_improvement():
    best = callbacks.BestModel(monitor="validation_score", mode="min")
    scripted_run(LOSSES[:3], metrics=[scores([np.nan, 0.5, np.nan])], callbacks=[best])
    assert (best.epoch, best.value) == (2, 0.5)


@pytest.mark.host
@pytest.mark.parametrize("kind", [mr.EarlyStopping, callbacks.BestModel])
def test_a_column_that_cannot_be_watched_is_refused(kind):
    with pytest.raises(ArgumentError, match="mode must be 'min' or 'max', got None"):
        kind(monitor="train_f1")
    with pytest.raises(ArgumentError, match="mode must be 'min' or 'max', got 'high'"):
        kind(monitor="train_f1", mode="high")
    with pytest.raises(ArgumentError, match="A lower loss is better"):
        kind(monitor="validation_loss", mode="max")
    model = network()
    before = weights(model)
    for column, sentence in (
        ("validation_f1", r"not a column .* Its columns are: epoch, loss, .*metrics=\("),
        ("validation_accuracy", "needs validation examples, and there is no validation set"),
        ("train_accuracy", "does not work with measure_train=False"),
    ):
        with pytest.raises(ArgumentError, match=sentence):
            mr.fit(
                model, blobs(), measure_train=False,
                callbacks=[kind(monitor=column, mode="max")], progress=False,
            )  # fmt: skip
    for old, new in zip(before, weights(model)):
        np.testing.assert_array_equal(old, new)


# -- CSVLog ----------------------------------------------------------------------------------------


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_log_is_the_csv_file_of_the_history(tmp_path):
    log = callbacks.CSVLog(tmp_path / "log.csv")
    for _ in range(2):  # a second run replaces the first
        history = mr.fit(
            network(), blobs(), epochs=3, metrics=("accuracy", "f1"), callbacks=[log],
            progress=False,
        )  # fmt: skip
    history.to_csv(tmp_path / "history.csv")
    assert (tmp_path / "log.csv").read_bytes() == (tmp_path / "history.csv").read_bytes()
    assert [float(row["train_f1"]) for row in table(tmp_path / "log.csv")] == history.train_f1


def test_a_line_is_there_as_soon_as_its_epoch_is_finished(tmp_path):
    path, lengths = tmp_path / "log.csv", []

    def look(history):
        lengths.append(len(table(path)))

    mr.fit(network(), blobs(), epochs=3, callbacks=[callbacks.CSVLog(path)], progress=look)
    assert lengths == [1, 2, 3]


KILLED = """
import os, signal, sys
import minireg as mr

def die(history):
    if len(history) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

data = [[-1.0], [1.0]], [0, 1]
log = mr.callbacks.CSVLog(sys.argv[1])
mr.fit(mr.nn.Linear(1, 2), data, epochs=9, callbacks=[log], progress=die)
"""


@pytest.mark.host
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows kills in another way")
def test_the_log_of_a_killed_training_is_complete(tmp_path):
    path = tmp_path / "log.csv"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], check=False, env=os.environ | {"PYTHONPATH": "."}
    )
    assert done.returncode == -signal.SIGKILL
    assert [row["epoch"] for row in table(path)] == ["1", "2", "3"]


@pytest.mark.parametrize("kind", [callbacks.CSVLog, callbacks.BestModel])
def test_an_unwritable_file_is_refused_before_training(kind, tmp_path):
    model = network()
    before = weights(model)
    with pytest.raises(ArgumentError, match=r"Cannot write into the folder .*nowhere"):
        mr.fit(model, blobs(), callbacks=[kind(tmp_path / "nowhere" / "file")], progress=False)
    for old, new in zip(before, weights(model)):
        np.testing.assert_array_equal(old, new)
    with pytest.raises(ArgumentTypeError, match="must be a string or a Path, got 3"):
        kind(3)


def test_checking_a_file_leaves_it_as_it_is(tmp_path):
    path = tmp_path / "best.safetensors"
    path.write_bytes(b"of an earlier run")

    class Refuse(callbacks.Callback):
        def on_start(self, run):
            raise RuntimeError("not today")

    for known in (path, tmp_path / "new"):
        with pytest.raises(RuntimeError, match="not today"):
            mr.fit(network(), blobs(), callbacks=[callbacks.BestModel(known), Refuse()])
    assert path.read_bytes() == b"of an earlier run"
    assert list(tmp_path.iterdir()) == [path]


# -- Schedule --------------------------------------------------------------------------------------


class Halving:
    """A schedule in PyTorch's protocol."""

    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self, epoch=None):
        for group in self.optimizer.param_groups:
            group["lr"] /= 2


class Watching:
    """A schedule that needs the loss, in PyTorch's protocol."""

    def __init__(self, optimizer):
        self.optimizer, self.seen = optimizer, []

    def step(self, metrics, epoch=None):
        self.seen.append(metrics)


def sgd(model, lr=1.0):
    return optim.SGD(model.parameters(), lr=lr)


def test_a_schedule_moves_after_every_epoch():
    model = network()
    optimizer = sgd(model)
    history = mr.fit(
        model, blobs(60), epochs=4, batch_size=20, optimizer=optimizer,
        schedule=Halving(optimizer), progress=False,
    )  # fmt: skip
    assert history.learning_rate == [1.0, 0.5, 0.25, 0.125]
    assert optimizer.param_groups[0]["lr"] == 0.0625


@pytest.mark.parametrize(("accumulate", "steps"), [(1, 3), (2, 2)])
def test_a_schedule_can_move_after_every_step(accumulate, steps):
    model = network()
    optimizer = sgd(model)
    history = mr.fit(
        model, blobs(60), epochs=2, batch_size=20, optimizer=optimizer, accumulate=accumulate,
        schedule=callbacks.Schedule(Halving(optimizer), every="step"), progress=False,
    )  # fmt: skip
    assert history.learning_rate == [1.0, 2.0**-steps]
    assert optimizer.param_groups[0]["lr"] == 2.0 ** (-2 * steps)


def test_a_schedule_goes_on_in_a_second_run():
    model = network()
    optimizer = sgd(model)
    schedule = Halving(optimizer)
    schedule.last_epoch = 2  # as those of optim.lr_scheduler count
    options = {"epochs": 2, "optimizer": optimizer, "schedule": schedule, "progress": False}
    mr.fit(model, blobs(), **options)
    mr.fit(model, blobs(), **options)
    assert optimizer.param_groups[0]["lr"] == 1 / 16


def test_a_schedule_that_needs_a_loss_gets_one():
    for validation in (None, blobs(seed=1)):
        model = network()
        watching = Watching(sgd(model))
        history = mr.fit(
            model, blobs(), validation, epochs=3, optimizer=watching.optimizer,
            schedule=watching, progress=False,
        )  # fmt: skip
        assert watching.seen == (history.validation_loss if validation else history.loss)


def test_a_schedule_gets_the_column_that_it_watches():
    model = network()
    watching = Watching(sgd(model))
    watching.mode = "max"
    schedule = callbacks.Schedule(watching, monitor="train_accuracy")
    options = {"epochs": 3, "optimizer": watching.optimizer, "progress": False}
    history = mr.fit(model, blobs(), schedule=schedule, **options)
    assert watching.seen == history.train_accuracy
    with pytest.raises(ArgumentError, match="Name another column"):
        mr.fit(model, blobs(), schedule=watching, **options)


@pytest.mark.parametrize(
    ("every", "length", "fits"),
    [
        ("epoch", 2, True),
        ("epoch", 6, False),  # made for steps
        ("epoch", 1, False),
        ("step", 6, True),
        ("step", 9, True),  # another run goes on with it
        ("step", 5, False),
    ],
)
def test_a_schedule_of_another_length_is_refused(every, length, fits):
    model = network()
    optimizer = sgd(model)
    schedule = Halving(optimizer)
    schedule.total_steps = length
    options = {
        "epochs": 2, "batch_size": 20, "optimizer": optimizer, "progress": False,
        "schedule": callbacks.Schedule(schedule, every=every),
    }  # fmt: skip
    if fits:
        mr.fit(model, blobs(60), **options)
        return
    with pytest.raises(ArgumentError, match=f"made for {length} calls .* 2 epochs of 3 steps"):
        mr.fit(model, blobs(60), **options)
    assert optimizer.param_groups[0]["lr"] == 1.0


def test_the_schedules_of_minireg_fit_in():
    model, (x, y) = network(), blobs(60)
    optimizer = sgd(model)
    cycle = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.5, epochs=4, steps_per_epoch=3)
    options = {"epochs": 4, "batch_size": 20, "optimizer": optimizer, "progress": False}
    with pytest.raises(ArgumentError, match=r"OneCycleLR is made for 12 .*every='step'"):
        mr.fit(model, (x, y), schedule=cycle, **options)
    history = mr.fit(
        model, (x, y), schedule=callbacks.Schedule(cycle, every="step"), **options
    )  # fmt: skip
    expected = [cycle.rates(step)[0] for step in (0, 3, 6, 9)]
    np.testing.assert_allclose(history.learning_rate, expected, rtol=1e-12)

    optimizer = sgd(model, lr=1e-30)  # nothing improves
    plateau = optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0, eps=0.0)
    history = mr.fit(model, (x, y), schedule=plateau, **options | {"optimizer": optimizer})
    np.testing.assert_allclose(history.learning_rate, [1e-30, 1e-30, 5e-31, 2.5e-31])


@pytest.mark.host
def test_what_cannot_be_a_schedule_or_a_callback_is_refused():
    model = network()
    optimizer = sgd(model)
    with pytest.raises(ArgumentTypeError, match=r"with a function step\(\) .* got 0\.5"):
        mr.fit(model, blobs(), schedule=0.5)
    with pytest.raises(ArgumentTypeError, match=r"such as those of optim\.lr_scheduler, got"):
        mr.fit(model, blobs(), schedule=optimizer)
    with pytest.raises(ArgumentError, match="moves the learning rate of another optimizer"):
        mr.fit(model, blobs(), schedule=Halving(optimizer))
    with pytest.raises(ArgumentError, match="every must be 'epoch' or 'step', got 'batch'"):
        callbacks.Schedule(Halving(optimizer), every="batch")
    with pytest.raises(ArgumentError, match=r"Watching\.step needs a value"):
        callbacks.Schedule(Watching(optimizer), every="step")
    for wrong in (print, [print], 3, [callbacks.Callback]):
        with pytest.raises(ArgumentTypeError, match=r"subclasses of mr\.callbacks\.Callback, got"):
            mr.fit(model, blobs(), callbacks=wrong)
