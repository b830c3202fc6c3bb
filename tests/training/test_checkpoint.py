"""A run that is interrupted or killed and then resumed ends with the bits of an undisturbed run."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from dataclasses import replace

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim, regularizers
from minireg.errors import ArgumentError, DataError, MiniregError
from minireg.training.callbacks import Callback
from tests.training.killed_run import train, train_and_save
from tests.training.problems import blobs, network, weights


class Interrupt(Callback):
    """Ends the run in the middle of an epoch, as a power cut does: nothing is put back."""

    def __init__(self, at_step):
        self.at_step = at_step

    def after_step(self, run):
        if run.step == self.at_step:
            raise RuntimeError("power cut")


def run(folder, optimizer=None, at_step=-1, epochs=6, more=(), **options):
    mr.seed(3)
    model = network(dropout=0.4)
    chosen = (optimizer or (lambda p: optim.SGD(p, lr=0.05, momentum=0.9)))(model.parameters())
    history = mr.fit(
        model, blobs(), blobs(seed=1), epochs=epochs, batch_size=16, optimizer=chosen,
        callbacks=[Interrupt(at_step), *more], checkpoint=folder / "run", resume=True,
        progress=False, **options,
    )  # fmt: skip
    return model, history


def interrupted(folder, *steps, **options):
    for step in steps:
        with pytest.raises(RuntimeError, match="power cut"):
            run(folder, at_step=step, **options)
    return run(folder, **options)


def same_end(first, second):
    for a, b in zip(weights(first[0]), weights(second[0]), strict=True):
        assert a.tobytes() == b.tobytes()
    for name, column in first[1].columns.items():
        if name != "seconds":
            assert column == second[1].columns[name], name


OPTIMIZERS = {
    "momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adam": lambda p: optim.Adam(p, lr=0.01, amsgrad=True),
    "adamw": lambda p: optim.AdamW(p, lr=0.01),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.1),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_interrupted_run_ends_as_an_undisturbed_one(name, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    undisturbed = run(tmp_path / "a", OPTIMIZERS[name])
    same_end(undisturbed, interrupted(tmp_path / "b", 5, 9, 21, optimizer=OPTIMIZERS[name]))


def test_what_the_callbacks_remember_goes_on_too(tmp_path):
    options = {"early_stopping": mr.EarlyStopping(2), "accumulate": 2, "metrics": ("f1",)}
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    undisturbed = run(tmp_path / "a", epochs=30, **options)
    assert undisturbed[1].stopped_early
    last = undisturbed[1].epoch[-1]
    again = interrupted(tmp_path / "b", 2 * last - 1, epochs=30, **options)
    same_end(undisturbed, again)
    assert again[1].stopped_early


def plateau(optimizer):
    return optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)


def one_cycle(optimizer):
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=24)
    return mr.callbacks.Schedule(schedule, every="step")


def warm_up(optimizer):
    parts = [
        optim.lr_scheduler.LinearLR(optimizer, total_iters=2),
        optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4),
    ]
    return optim.lr_scheduler.SequentialLR(optimizer, parts, milestones=[2])


@pytest.mark.parametrize("schedule", [plateau, one_cycle, warm_up])
def test_a_schedule_goes_on_too(schedule, tmp_path):
    def scheduled(folder, at_step=-1):
        mr.seed(3)
        model = network()
        optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
        history = mr.fit(
            model, blobs(), blobs(seed=1), epochs=6, batch_size=16, optimizer=optimizer,
            schedule=schedule(optimizer), clip_norm=0.5, callbacks=[Interrupt(at_step)],
            checkpoint=folder / "run", resume=True, progress=False,
        )  # fmt: skip
        return model, history

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    undisturbed = scheduled(tmp_path / "a")
    assert len(set(undisturbed[1].learning_rate)) > 1
    for step in (6, 15, 22):
        with pytest.raises(RuntimeError, match="power cut"):
            scheduled(tmp_path / "b", step)
    same_end(undisturbed, scheduled(tmp_path / "b"))


def test_a_finished_run_can_be_prolonged(tmp_path):
    first = run(tmp_path, epochs=3)
    same_end(first, run(tmp_path, epochs=3))
    longer = run(tmp_path, epochs=5)
    (tmp_path / "other").mkdir()
    same_end(longer, run(tmp_path / "other", epochs=5))


def test_without_resume_a_new_run_starts(tmp_path):
    x, y = blobs()
    for epochs in (3, 2):
        history = mr.fit(
            network(), (x, y), epochs=epochs, checkpoint=tmp_path / "run", progress=False
        )
        assert history.epoch == list(range(1, epochs + 1))


@pytest.mark.host
def test_twenty_kills_change_no_bit_of_the_result(tmp_path):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    killed.mkdir()
    # Where it is possible, a process starts with what it imports, and can be killed at once.
    quick = "forkserver" in multiprocessing.get_all_start_methods()
    processes = multiprocessing.get_context("forkserver" if quick else "spawn")
    processes.set_forkserver_preload(["__main__", train_and_save.__module__])

    def start(folder):
        process = processes.Process(target=train_and_save, args=(folder,))
        process.start()
        return process

    for folder in (tmp_path / "first", undisturbed):  # before the first one, the server starts
        folder.mkdir()
        begun = time.monotonic()
        process = start(folder)
        process.join()
        assert process.exitcode == 0
    whole = time.monotonic() - begun

    moments, kills = random.Random(0), 0
    while kills < 20:
        process = start(killed)
        process.join(timeout=moments.uniform(0.1, 1) * whole)
        if process.is_alive():
            process.kill()
            process.join()
            kills += 1
            continue
        assert process.exitcode == 0
        same_files(undisturbed, killed)
        for file in killed.iterdir():  # the run ended before all kills: start again
            file.unlink()
    process = start(killed)
    process.join()
    assert process.exitcode == 0
    same_files(undisturbed, killed)


def same_files(first, second):
    """Check that the files and bytes are the same (in the log, except the seconds)."""
    assert sorted(os.listdir(first)) == sorted(os.listdir(second))
    for name in ("final", "best"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    logs = [(folder / "log.csv").read_text().splitlines() for folder in (first, second)]
    for a, b in zip(*logs, strict=True):
        assert a.rpartition(",")[0] == b.rpartition(",")[0]


class Noise(nn.Module):
    """A criterion with a random stream of its own."""

    def __init__(self):
        self.source = mr.Generator(5)

    def forward(self, outputs, labels):
        return mr.cross_entropy(outputs, labels) * (1 + self.source.uniform(1).item())


class Jitter(mr.augment.Transform):
    """A transform that draws random numbers, and lists its generator."""

    def __init__(self):
        self.source = mr.Generator(6)

    def transform(self, batch):
        return replace(batch, x=batch.x + self.source.uniform(batch.x.shape, like=batch.x))


class Shake(Callback):
    """A callback that adds noise to the gradients."""

    def __init__(self):
        self.source = mr.Generator(7)

    def generators(self):
        return [self.source]

    def before_step(self, run):
        for p in run.model.parameters():
            p.grad += self.source.uniform(p.shape, like=p.grad)


@pytest.mark.parametrize(
    "options",
    [
        lambda: {"criterion": Noise()},
        lambda: {"transform": Jitter()},
        lambda: {"more": [Shake()]},
    ],
    ids=["criterion", "transform", "callback"],
)
def test_random_streams_go_on(options, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    undisturbed = run(tmp_path / "a", **options())
    with pytest.raises(RuntimeError, match="power cut"):
        run(tmp_path / "b", at_step=10, **options())
    same_end(undisturbed, run(tmp_path / "b", **options()))


def nearly(k):
    return lambda outputs, labels: k * mr.cross_entropy(outputs, labels)


@pytest.mark.host
def test_functions_are_not_compared_on_resuming(tmp_path):
    def scaled(outputs, labels):
        return 5 * mr.cross_entropy(outputs, labels)

    run(tmp_path, epochs=1, criterion=nearly(1))
    run(tmp_path, epochs=2, criterion=nearly(5))
    _, history = run(tmp_path, epochs=3, criterion=scaled)  # defined elsewhere
    assert len(history) == 3
    with pytest.raises(
        ArgumentError, match=r"criterion was <function or object> and is CrossEntropyLoss"
    ):
        run(tmp_path, epochs=3)


# -- a checkpoint that does not belong to the run --------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"batch_size": 8}, "batch_size was 16 and is 8 now"),
        ({"penalty": regularizers.L1(0.1)}, r"penalty was None and is L1"),
        ({"early_stopping": 3}, "callbacks was .*EarlyStopping"),
        ({"metrics": ("f1",)}, r"metrics was \['accuracy'\] and is \['f1'\] now"),
        ({"transform": lambda x: x}, "transform was None and is <function"),
        ({"accumulate": 2}, "accumulate was 1 and is 2 now"),
        ({"train": blobs(n=50)}, "examples was 60 and is 50 now"),
        ({"train": (blobs()[0] * 5, blobs()[1])}, r"data was .*with the sum .* and is"),
        ({"lr": 0.2}, r"optimizer was SGD\(lr=0.1, .* and is SGD\(lr=0.2, "),
        ({"criterion": nn.CrossEntropyLoss(label_smoothing=0.1)}, "criterion was .*smoothing=0.0"),
        ({"criterion": nn.CrossEntropyLoss(mr.ones(3))}, r"criterion was .*weight=.* and is"),
        (
            {"validation": blobs(seed=2)},
            r"validation was Dataset\(.* with the sum .* and is Dataset",
        ),
        ({"drop_last": True}, "drop_last was False and is True now"),
        ({"clip_norm": 0.5}, r"callbacks was \[\] and is \[ClipNorm\(0.5\)\] now"),
        ({"validation": None}, r"validation was Dataset\(.* and is None now"),
        ({"model": nn.Linear(2, 3)}, "3 random streams; this one has 2"),
        ({"model": network(dropout=0.1, hidden=9)}, "has shape"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, sentence):
    def fit(model, train=None, batch_size=16, lr=0.1, validation=blobs, **options):
        return mr.fit(
            model, train or blobs(), blobs(seed=1) if validation is blobs else validation,
            epochs=2, batch_size=batch_size, checkpoint=tmp_path / "run", resume=True,
            optimizer=optim.SGD(model.parameters(), lr=lr), progress=False, **options,
        )  # fmt: skip

    fit(network(dropout=0.1))
    content = (tmp_path / "run").read_bytes()
    change = dict(change)
    model = change.pop("model", None) or network(dropout=0.1)
    before = weights(model)
    with pytest.raises(ArgumentError, match=sentence):
        fit(model, **change)
    for a, b in zip(before, weights(model)):
        np.testing.assert_array_equal(a, b)
    assert (tmp_path / "run").read_bytes() == content


@pytest.mark.host
def test_another_optimizer_leaves_the_model_as_it_was(tmp_path):
    run(tmp_path, epochs=1)
    with pytest.raises(
        ArgumentError, match=r"optimizer was SGD\(lr=0.05, .*\) and is Adam\(lr=0.001, .*\) now"
    ):
        run(tmp_path, optimizer=lambda p: optim.Adam(p))


@pytest.mark.host
def test_another_schedule_or_patience_is_refused(tmp_path):
    def scheduled(schedule, patience=3):
        model = network()
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        return mr.fit(
            model, blobs(), blobs(seed=1), epochs=2, optimizer=optimizer, early_stopping=patience,
            schedule=schedule(optimizer), checkpoint=tmp_path / "run", resume=True, progress=False,
        )  # fmt: skip

    scheduled(lambda o: optim.lr_scheduler.StepLR(o, 2))
    for schedule in (
        lambda o: optim.lr_scheduler.StepLR(o, 1),
        lambda o: optim.lr_scheduler.CosineAnnealingLR(o, 2),
        lambda o: mr.callbacks.Schedule(optim.lr_scheduler.StepLR(o, 2), every="step"),
    ):
        with pytest.raises(ArgumentError, match=r"callbacks was .*StepLR"):
            scheduled(schedule)
    with pytest.raises(ArgumentError, match=r"callbacks was .*patience=3.* and is .*patience=4"):
        scheduled(lambda o: optim.lr_scheduler.StepLR(o, 2), patience=4)


@pytest.mark.host
def test_a_refused_run_changes_nothing(tmp_path):
    log, file = tmp_path / "log.csv", tmp_path / "run"

    def fit(model, optimizer, **options):
        return mr.fit(
            model, blobs(), epochs=2, optimizer=optimizer, checkpoint=file, resume=True,
            callbacks=[mr.callbacks.CSVLog(log)], progress=False, **options,
        )  # fmt: skip

    model = network(dropout=0.2)
    fit(model, optim.SGD(model.parameters(), lr=0.1, momentum=0.9))
    lines = log.read_text()
    with pytest.raises(ArgumentError, match="batch_size was 32"):
        fit(model, optim.SGD(model.parameters(), lr=0.1, momentum=0.9), batch_size=5)
    assert log.read_text() == lines

    damaged = mr.load(file)
    damaged["history"] = {}
    mr.save(damaged, file)
    mr.seed(11)
    model = network(dropout=0.2)
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    before = (optimizer.state_dict(), model[2].generator.state, weights(model))
    with pytest.raises(DataError, match="not a checkpoint of a run"):
        fit(model, optimizer)
    after = (optimizer.state_dict(), model[2].generator.state, weights(model))
    np.testing.assert_equal(after, before)
    assert log.read_text() == lines


@pytest.mark.host
@pytest.mark.parametrize(
    "state", [{"epoch": 3}, {"settings": 3}, {"settings": {}}, {}, {"w": np.ones(2)}]
)
def test_a_file_that_is_not_a_checkpoint_is_refused(tmp_path, state):
    mr.save(state, tmp_path / "run")
    with pytest.raises(DataError, match="is not a checkpoint of a run"):
        run(tmp_path)


def places(state, path=()):
    """The paths of all values in a nested state."""
    items = state.items() if isinstance(state, dict) else enumerate(state)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, (dict, list, tuple)):
            yield from places(value, (*path, key))


def replaced(state, path, value):
    if not path:
        return value
    changed = dict(state) if isinstance(state, dict) else dict(enumerate(state))
    changed[path[0]] = replaced(state[path[0]], path[1:], value)
    return changed if isinstance(state, dict) else type(state)(changed.values())


@pytest.mark.host
def test_any_wrong_value_is_refused_before_anything_changes(tmp_path):
    def parts():
        mr.seed(3)
        model = network(dropout=0.4)
        optimizer = optim.Adam(model.parameters())
        return model, optimizer, optim.lr_scheduler.ReduceLROnPlateau(optimizer)

    def fit(model, optimizer, schedule):
        return mr.fit(
            model, blobs(), blobs(seed=1), epochs=1, optimizer=optimizer, schedule=schedule,
            early_stopping=3, checkpoint=tmp_path / "run", resume=True,
            generator=mr.Generator(5), progress=False,
        )  # fmt: skip

    def everything(model, optimizer, schedule):
        streams = [mr.default_generator().state, model[2].generator.state]
        return weights(model), optimizer.state_dict(), schedule.state_dict(), streams

    fit(*parts())
    state = mr.load(tmp_path / "run")
    paths = [path for path in places(state) if path[0] != "history" or len(path) < 3]
    for path in [*paths, ("history", "loss", 0), ("history", "epoch", 0)]:
        for wrong in ("text", -1.5, {"a": []}):
            mr.save(replaced(state, path, wrong), tmp_path / "run")
            now = parts()
            before = everything(*now)
            try:
                fit(*now)
            except MiniregError:
                np.testing.assert_equal(everything(*now), before)
            else:  # a number that may stand there, or a callback without a state
                assert type(find(state, path)) in (type(wrong), type(None)), (path, wrong)


def find(state, path):
    return find(state[path[0]], path[1:]) if path else state


@pytest.mark.host
@pytest.mark.parametrize(
    "change",
    [
        {"epoch": -1}, {"epoch": 2}, {"epoch": 10**30}, {"epoch": 1.0}, {"epoch": float("nan")},
        {"loader_epoch": 0}, {"loader_epoch": 10**30}, {"stopped_early": 1}, {"callbacks": []},
        {"generators": []}, {"history": {"epoch": [1]}},
    ],
    ids=str,
)  # fmt: skip
def test_numbers_that_no_run_can_have_are_refused(change, tmp_path):
    run(tmp_path, epochs=1)
    mr.save(mr.load(tmp_path / "run") | change, tmp_path / "run")
    with pytest.raises(MiniregError):
        run(tmp_path)


@pytest.mark.host
def test_bad_arguments_get_a_sentence(tmp_path):
    with pytest.raises(ArgumentError, match="resume=True needs the file to continue from"):
        mr.fit(network(), blobs(), resume=True, progress=False)
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        mr.fit(network(), blobs(), checkpoint=tmp_path / "no" / "run", progress=False)


def test_what_a_killed_process_left_is_removed(tmp_path):
    leftover = tmp_path / ".run.123.tmp"
    leftover.write_bytes(b"half")
    run(tmp_path, epochs=1)
    assert sorted(os.listdir(tmp_path)) == ["run"]


def test_augmentation_goes_on_with_the_same_streams(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = train(tmp_path / "a", epochs=4)
    train(tmp_path / "b", epochs=2)
    for a, b in zip(weights(first[0]), weights(train(tmp_path / "b", epochs=4)[0])):
        assert a.tobytes() == b.tobytes()
