"""Strengths of penalties and p of dropout that change from epoch to epoch."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.training.callbacks import Callback, ValueSchedule
from tests.training.problems import blobs, in_double, network, still, weights


def halved(epoch):
    return 0.4 * 0.5**epoch


def penalties_of(penalty, changing, **options):
    model = in_double(network())
    history = mr.fit(
        model, blobs(60), epochs=3, optimizer=still(model), penalty=penalty, progress=False,
        callbacks=[ValueSchedule(changing, "strength", halved)], **options,
    )  # fmt: skip
    return model, history.penalty


@pytest.mark.parametrize("scale", ["sum", "half", "half_mean"])
@pytest.mark.parametrize("way", ["alone", "in a sum", "narrowed"])
def test_each_epoch_has_the_strength_of_its_number(scale, way):
    l2 = reg.L2(7.0, scale)
    penalty = {"alone": l2, "in a sum": reg.L1(0.1) + l2, "narrowed": l2.on("0.*")}[way]
    model, found = penalties_of(penalty, l2)
    selected = model if way != "narrowed" else model[0]
    constant = reg.L1(0.1)(model).item() if way == "in a sum" else 0.0
    for epoch, value in enumerate(found, start=1):
        expected = reg.L2(halved(epoch), scale, samples=60)(selected).item() + constant
        assert value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", [reg.ElasticNet, reg.SparseGroupLasso])
@pytest.mark.parametrize("way", ["alone", "in a sum", "narrowed", "a narrowed form"])
def test_a_strength_of_two_parts_changes_both(kind, way):
    changing = whole = kind(7.0, 0.25)
    if way == "a narrowed form":
        changing = whole.on("0.*")
    penalty = {"alone": whole, "in a sum": reg.L1(0.0) + whole}.get(way, whole.on("0.*"))
    model, found = penalties_of(penalty, changing)
    selected = model[0] if "narrowed" in way else model
    expected = [kind(halved(epoch), 0.25)(selected).item() for epoch in (1, 2, 3)]
    assert found == pytest.approx(expected, rel=1e-12)
    assert whole.strength == changing.strength == 7.0


@pytest.mark.parametrize("kind", [reg.ElasticNet, reg.SparseGroupLasso])
def test_a_ratio_that_changes_divides_the_strength_anew(kind):
    model, penalty = in_double(network()), kind(0.3, 0.0)
    history = mr.fit(
        model, blobs(60), epochs=3, optimizer=still(model), penalty=penalty, progress=False,
        callbacks=[ValueSchedule(penalty, "ratio", halved)],
    )  # fmt: skip
    expected = [kind(0.3, halved(epoch))(model).item() for epoch in (1, 2, 3)]
    assert history.penalty == pytest.approx(expected, rel=1e-12)


def test_proximal_steps_follow_the_schedule():
    model, l1 = in_double(nn.Linear(2, 2, bias=False)), reg.L1(0.0)
    before, x = model.weight.numpy().copy(), np.zeros((4, 2))
    mr.fit(
        model, (x, x), epochs=3, optimizer=mr.optim.SGD(model.parameters(), lr=0.1), penalty=l1,
        criterion=mr.mse_loss, proximal=True, progress=False,
        callbacks=[ValueSchedule(l1, "strength", halved)],
    )  # fmt: skip
    moved = 0.1 * (0.2 + 0.1 + 0.05)
    expected = np.sign(before) * np.maximum(np.abs(before) - moved, 0)
    np.testing.assert_allclose(model.weight.numpy(), expected, rtol=1e-12, atol=1e-15)


class Watch(Callback):
    """The value of an attribute in each step."""

    def __init__(self, target, name):
        self.target, self.name, self.found = target, name, []

    def after_step(self, run):
        self.found.append(getattr(self.target, self.name))


def test_dropout_drops_with_the_p_of_its_epoch():
    model = network(dropout=0.9)
    watch = Watch(model[2], "p")
    schedule = ValueSchedule(model[2], "p", lambda epoch: 0.1 * epoch)
    mr.fit(
        model, blobs(4), epochs=3, batch_size=2, callbacks=[schedule, watch], progress=False
    )  # fmt: skip
    np.testing.assert_allclose(watch.found, [0.1, 0.1, 0.2, 0.2, 0.3, 0.3], rtol=1e-15)


def test_a_whole_number_stays_one():
    model = nn.Sequential(nn.DropBlock2d(0.1, 3), nn.Flatten(), nn.Linear(16, 2))
    watch = Watch(model[0], "block_size")
    data = np.ones((4, 1, 4, 4), np.float32), [0, 1, 0, 1]
    schedule = ValueSchedule(model[0], "block_size", lambda epoch: epoch)
    mr.fit(model, data, epochs=3, callbacks=[schedule, watch], progress=False)
    assert watch.found == [1, 2, 3]


def test_after_a_run_the_value_is_the_original_one():
    l1 = reg.L1(0.3)
    penalties_of(l1, l1)
    assert l1.strength == 0.3


@pytest.mark.parametrize("kind", ["L1", nn.Dropout, nn.GaussianDropout])
def test_a_resumed_run_continues_with_the_next_epoch(tmp_path, kind):
    def train(epochs, **options):
        mr.seed(1)
        l1, drop = reg.L1(0.3), nn.Dropout(0.5) if kind == "L1" else kind(0.5)
        model = nn.Sequential(nn.Linear(2, 8), drop, nn.Linear(8, 3))
        changing = (l1, "strength") if kind == "L1" else (drop, "p")
        history = mr.fit(
            model, blobs(), epochs=epochs, penalty=l1, progress=False,
            callbacks=[ValueSchedule(*changing, halved)], **options,
        )  # fmt: skip
        return history.penalty, weights(model)

    whole, expected = train(4)
    train(2, checkpoint=tmp_path / "run")
    parts, found = train(4, checkpoint=tmp_path / "run", resume=True)
    assert parts == whole
    for a, b in zip(found, expected):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("schedule", "error", "sentence"),
    [
        (lambda epoch: 2 - epoch, ArgumentError, "strength must be at least 0, got -1"),
        (lambda epoch: None, ArgumentTypeError, r"schedule\(1\) must be a number"),
        (lambda epoch: float("nan"), ArgumentError, r"schedule\(1\) must be finite"),
    ],
)
def test_a_value_of_any_epoch_is_refused_before_the_first(schedule, error, sentence):
    l1, model = reg.L1(0.3), network()
    before = weights(model)
    with pytest.raises(error, match=sentence):
        mr.fit(
            model, blobs(), epochs=3, penalty=l1, progress=False,
            callbacks=[ValueSchedule(l1, "strength", schedule)],
        )  # fmt: skip
    assert l1.strength == 0.3
    for a, b in zip(weights(model), before):
        np.testing.assert_array_equal(a, b)


@pytest.mark.host
def test_a_target_without_the_attribute_is_refused():
    for penalty in (reg.L1(0.1) + reg.L2(0.1), reg.L1L2(0.1, 0.1)):
        with pytest.raises(AttributeError, match="strength"):
            penalty.strength = 0.1
        with pytest.raises(ArgumentError, match=r"the term whose .* such as penalty.terms\[0\]"):
            ValueSchedule(penalty, "strength", halved)
    with pytest.raises(ArgumentError, match="no attribute 'p' that could change"):
        ValueSchedule(nn.ConcreteDropout(), "p", halved)
    with pytest.raises(ArgumentTypeError, match="must be a function of the epoch"):
        ValueSchedule(reg.L1(0.1), "strength", 0.1)


@pytest.mark.host
@pytest.mark.parametrize("wrong", [-0.1, float("nan"), "0.1"])
@pytest.mark.parametrize(
    ("target", "name"),
    [
        (reg.L2(0.1), "strength"),
        (reg.Nuclear(0.1), "strength"),
        (reg.ElasticNet(0.1), "strength"),
        (reg.ActivityL1(0.1), "strength"),
        (reg.ElasticNet(0.1), "ratio"),
        (reg.L2(0.1, "half_mean", samples=5), "samples"),
        (reg.L2(0.1), "scale"),
        (reg.GroupLasso(0.1), "axis"),
        (reg.UnitNorm(), "axis"),
        (reg.MaxNorm(2.0), "max_norm"),
        (nn.AlphaDropout(0.1), "p"),
        (nn.GaussianNoise(0.1), "sigma"),
        (nn.ConcreteDropout(0.1), "temperature"),
        (nn.DropBlock2d(0.1), "block_size"),
        (nn.CrossEntropyLoss(), "label_smoothing"),
        (nn.HuberLoss(), "delta"),
        (nn.SmoothL1Loss(), "beta"),
    ],
)
def test_a_setting_that_is_assigned_is_checked(target, name, wrong):
    before = getattr(target, name)
    with pytest.raises((ArgumentError, ArgumentTypeError), match=rf"{name}\b.* must be"):
        setattr(target, name, wrong)
    assert getattr(target, name) == before


def test_a_norm_that_changes_bounds_the_weights():
    model = in_double(network())
    bound = reg.MaxNorm(9.0)
    schedule = ValueSchedule(bound, "max_norm", lambda epoch: 0.5 / epoch)
    mr.fit(model, blobs(8), epochs=2, penalty=bound, callbacks=[schedule], progress=False)
    assert np.linalg.norm(model[0].weight.numpy(), axis=1).max() == pytest.approx(0.25)
