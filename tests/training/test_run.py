"""prepare and run.train: what is checked when, which weights are measured, and what is not."""

from contextlib import contextmanager

import numpy as np
import pytest

import minireg as mr
from minireg import callbacks, nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.training import prepare
from tests.training.problems import blobs, network, weights


def test_fit_is_prepare_and_train():
    ends = []
    for together in (True, False):
        mr.seed(4)
        model = network(dropout=0.5)
        options = {"epochs": 2, "metrics": "f1", "progress": False}
        if together:
            history = mr.fit(model, blobs(), blobs(seed=1), **options)
        else:
            run = prepare(model, blobs(), blobs(seed=1), **options)
            assert (run.epoch, len(run.history), run.steps_per_epoch) == (0, 0, 2)
            history = run.train()
            assert history is run.history
        ends.append((weights(model), [{**row, "seconds": 0} for row in history]))
    np.testing.assert_equal(*ends)


def test_preparing_changes_nothing_but_takes_a_stream(tmp_path):
    model = network(dropout=0.5)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    before = weights(model), model[2].generator.state, optimizer.state_dict()
    prepare(
        model, blobs(), blobs(seed=1), optimizer=optimizer, early_stopping=3,
        checkpoint=tmp_path / "run", callbacks=[callbacks.CSVLog(tmp_path / "log.csv")],
    )  # fmt: skip
    np.testing.assert_equal(
        (weights(model), model[2].generator.state, optimizer.state_dict()), before
    )
    assert model.training
    assert list(tmp_path.iterdir()) == []


@pytest.mark.host
def test_a_checkpoint_of_another_run_is_refused_by_prepare(tmp_path):
    options = {"epochs": 1, "checkpoint": tmp_path / "run", "resume": True, "progress": False}
    mr.fit(network(), blobs(), **options)
    with pytest.raises(ArgumentError, match="batch_size was 32 and is 5 now"):
        prepare(network(), blobs(), batch_size=5, **options)


@pytest.mark.host
@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"epochs": 0}, "epochs"),
        ({"optimizer": 3}, "optimizer"),
        ({"criterion": 3}, "criterion"),
        ({"penalty": 3}, "penalty"),
        ({"transform": 3}, "transform"),
        ({"early_stopping": "soon"}, "early_stopping"),
        ({"early_stopping": 3}, "validation"),
        ({"metrics": "f2"}, "metrics"),
        ({"class_weights": "equal"}, "class_weights"),
        ({"schedule": 3}, "schedule"),
        ({"clip_norm": 0}, "clip_norm"),
        ({"callbacks": print}, "callbacks"),
        ({"resume": True}, "resume"),
        ({"generator": 3}, "generator"),
        ({"progress": 3}, "progress"),
    ],
)
def test_an_error_carries_the_name_of_its_argument(options, argument):
    with pytest.raises((ArgumentError, ArgumentTypeError)) as caught:
        prepare(network(), blobs(), **options)
    assert caught.value.argument == argument


# -- which weights are measured --------------------------------------------------------------------


class Average(callbacks.Callback):
    """The mean of the weights at the ends of the epochs, measured in place of the last ones."""

    def on_start(self, run):
        self.count, self.mean, self.seen = 0, None, []

    def after_step(self, run):
        if run.step % run.steps_per_epoch == 0:
            now, self.count = weights(run.model), self.count + 1
            old = self.mean or now
            self.mean = [m + (w - m) / self.count for m, w in zip(old, now)]

    @contextmanager
    def evaluated(self, run):
        trained = [p.data.copy() for p in run.model.parameters()]
        for p, mean in zip(run.model.parameters(), self.mean):
            p.data[...] = mr.tensor(mean).data
        try:
            yield
        finally:
            for p, w in zip(run.model.parameters(), trained):
                p.data[...] = w

    def after_epoch(self, run):
        with run.evaluated():
            loss = mr.evaluate(run.model, blobs(30, seed=1))["loss"]
        assert loss == run.history.validation_loss[-1]
        self.seen.append([m.copy() for m in self.mean])


def averaged(*others, **options):
    mr.seed(3)
    model, average = network(), Average()
    history = mr.fit(
        model, blobs(), blobs(30, seed=1), epochs=6, callbacks=[average, *others],
        optimizer=optim.SGD(model.parameters(), lr=2.0), generator=mr.Generator(1), progress=False,
        **options,
    )  # fmt: skip
    return model, average, history


def test_training_goes_on_with_its_own_weights():
    model, average, history = averaged()
    mr.seed(3)
    plain = network()
    undisturbed = mr.fit(
        plain, blobs(), epochs=6, optimizer=optim.SGD(plain.parameters(), lr=2.0),
        generator=mr.Generator(1), progress=False,
    )  # fmt: skip
    np.testing.assert_equal(weights(model), weights(plain))
    assert history.loss == undisturbed.loss
    for p, mean in zip(model.parameters(), average.mean):
        p.data[...] = mr.tensor(mean).data
    assert history.train_accuracy[-1] == mr.evaluate(model, blobs())["accuracy"]


@pytest.mark.parametrize("kind", ["early_stopping", "best_model"])
def test_the_best_weights_are_the_measured_ones(kind):
    if kind == "early_stopping":
        model, average, history = averaged(early_stopping=6)
    else:
        model, average, history = averaged(callbacks.BestModel())
    assert history.best_epoch < 6  # otherwise the test would show little
    np.testing.assert_equal(weights(model), average.seen[history.best_epoch - 1])


# -- what is not measured --------------------------------------------------------------------------


class Counting(nn.Module):
    """Counts the examples that it sees in evaluation mode."""

    def __init__(self):
        self.layer, self.measured = nn.Linear(2, 3), 0

    def forward(self, x):
        self.measured += 0 if self.training else len(x)
        return self.layer(x)


@pytest.mark.parametrize(
    ("options", "measured"),
    [({}, 60 + 30), ({"measure_train": False}, 30), ({"metrics": ()}, 30)],
    ids=["by default", "measure_train=False", "metrics=()"],
)
def test_training_examples_are_measured_only_if_read(options, measured):
    model = Counting()
    history = mr.fit(model, blobs(60), blobs(30, seed=1), epochs=2, progress=False, **options)
    assert model.measured == 2 * measured
    if "measure_train" in options:
        assert history.train_accuracy == [None, None]
        assert "train accuracy" not in str(history)
        assert all(0 <= value <= 1 for value in history.validation_accuracy)


# -- the last batch --------------------------------------------------------------------------------


def sizes(n, model=None, **options):
    """The sizes of the batches of an epoch, as a transform sees them."""
    seen = []

    def look(points):
        seen.append(len(points))
        return points

    mr.fit(
        model or network(), blobs(n), epochs=1, batch_size=32, transform=look, progress=False,
        **options,
    )  # fmt: skip
    return seen


def test_a_last_batch_of_one_before_a_batch_norm_is_joined():
    def normalized():
        return nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))

    assert sizes(65, normalized()) == [32, 33]
    assert sizes(66, normalized()) == [32, 32, 2]
    assert sizes(65) == [32, 32, 1]
    assert len(mr.lr_find(normalized(), blobs(33), steps=3).losses) == 3


def test_drop_last_leaves_the_smaller_last_batch_out():
    assert sizes(65, drop_last=True) == [32, 32]
    with pytest.raises(ArgumentError, match="would drop all"):
        sizes(20, drop_last=True)
