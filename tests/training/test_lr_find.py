"""lr_find: the losses of a sweep are those of the closed form, and nothing is changed."""

import copy
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, ArgumentTypeError, NonFiniteLossError
from minireg.training.lr_find import running_mean, steepest
from tests.training.problems import blobs, in_double, network, weights


def parabola(**options):
    """A sweep over ½ w², w = 1 at first: a step of length η multiplies w by 1 − η."""
    model = in_double(nn.Linear(1, 1, bias=False))
    model.weight.data[...] = 1.0
    x = np.ones((1, 1))
    return mr.lr_find(
        model, (x, 0 * x), optimizer=optim.SGD(model.parameters(), lr=0.3),
        criterion=lambda outputs, targets: (outputs * outputs).sum() * 0.5, batch_size=1, **options,
    )  # fmt: skip


def test_losses_on_a_parabola_equal_the_closed_form():
    sweep = parabola(lowest=1e-3, highest=100.0, steps=50)
    rates = np.geomspace(1e-3, 100.0, 50)
    losses = 0.5 * np.cumprod(np.append(1.0, 1 - rates[:-1])) ** 2
    seen = len(sweep.losses)
    assert seen < 50  # beyond η = 2 it explodes, and the sweep ends
    np.testing.assert_allclose(sweep.rates, rates[:seen], rtol=1e-12)
    np.testing.assert_allclose(sweep.losses, losses[:seen], rtol=1e-9)
    np.testing.assert_allclose(sweep.smoothed, running_mean(losses, 0.9)[:seen], rtol=1e-9)
    assert 1e-2 < sweep.suggestion < 2
    assert repr(sweep).startswith(f"<RateSweep: {seen} steps from 0.001 to")


@pytest.mark.host
@given(
    values=st.lists(st.floats(-100, 100), min_size=1, max_size=20),
    beta=st.sampled_from([0.0, 0.5, 0.9]),
)
def test_the_running_mean_weighs_by_powers_of_beta(values, beta):
    for i, mean in enumerate(running_mean(np.array(values), beta)):
        expected = np.average(values[: i + 1], weights=beta ** np.arange(i, -1, -1.0))
        assert mean == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.host
def test_the_suggestion_is_where_the_curve_falls_fastest():
    rates = np.geomspace(1e-4, 1.0, 41)
    curve = -np.tanh(4 * (np.log10(rates) + 2))  # steepest at 10⁻²
    curve[35:] += np.linspace(0, 30, 6)
    assert steepest(rates, curve) == pytest.approx(1e-2)
    assert steepest(rates, np.linspace(0, 1, 41)) is None
    assert steepest(rates, np.ones(41)) is None


def state(model, optimizer):
    """Everything that a step of training changes, in plain values."""
    return {
        "weights": weights(model),
        "gradients": [mr.tensor(p.grad).numpy() for p in model.parameters()],
        "modes": [module.training for module in model.modules()],
        "masks": model[2].generator.state,
        "default": mr.default_generator().state,
        "groups": [{k: v for k, v in g.items() if k != "params"} for g in optimizer.param_groups],
        "memory": [
            {k: mr.tensor(v).numpy() for k, v in optimizer.state[p].items()}
            for p in model.parameters()
        ],
    }  # fmt: skip


@pytest.mark.parametrize("make", [partial(optim.SGD, momentum=0.9), optim.Adam])
def test_lr_find_changes_nothing(make):
    model = network(dropout=0.5)
    optimizer = make(model.parameters())
    mr.fit(model, blobs(), epochs=1, optimizer=optimizer, progress=False)  # now it has a state
    model[0].eval()
    before = copy.deepcopy(state(model, optimizer))
    first = mr.lr_find(model, blobs(), optimizer=optimizer)
    np.testing.assert_equal(state(model, optimizer), before)
    # So a second sweep sees the same, and the optimizer's memory took part in both.
    second = mr.lr_find(model, blobs(), optimizer=optimizer)
    np.testing.assert_array_equal(first.losses, second.losses)
    fresh = mr.lr_find(model, blobs(), optimizer=make(model.parameters()))
    assert not np.array_equal(first.losses, fresh.losses)


def test_the_generator_draws_the_order_and_stays():
    model, generator = network(), mr.Generator(3)
    state = generator.state
    given = mr.lr_find(model, blobs(), generator=generator)
    assert generator.state == state
    np.testing.assert_array_equal(
        given.losses, mr.lr_find(model, blobs(), generator=mr.Generator(3)).losses
    )
    by_default = mr.lr_find(model, blobs())
    assert not np.array_equal(given.losses, by_default.losses)
    np.testing.assert_array_equal(by_default.losses, mr.lr_find(model, blobs()).losses)


def test_the_suggested_rate_learns():
    x, y = blobs(spread=0.3)
    model = network()
    rate = mr.lr_find(model, (x, y)).suggestion
    optimizer = optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    history = mr.fit(model, (x, y), epochs=20, optimizer=optimizer, progress=False)
    assert history.loss[-1] < 0.5 * history.loss[0]


def test_every_group_gets_the_rate_and_keeps_its_own():
    model = network()
    groups = [{"params": model[0].parameters(), "lr": 0.5}, {"params": model[3].parameters()}]
    optimizer = optim.SGD(groups, lr=0.1)
    mr.lr_find(model, blobs(), optimizer=optimizer, steps=5)
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.1]


def test_a_sweep_is_drawn_and_saved(tmp_path):
    sweep = mr.lr_find(network(), blobs(), steps=20)
    figure = sweep.plot(tmp_path / "sweep.png")
    np.testing.assert_array_equal(figure.axes[0].get_lines()[1].get_ydata(), sweep.smoothed)
    assert (tmp_path / "sweep.png").exists()


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"lowest": 0}, ArgumentError, "lowest must be greater than 0"),
        ({"highest": 1e-9}, ArgumentError, "highest must be greater than"),
        ({"steps": 1}, ArgumentError, "steps must be at least 2"),
        ({"smoothing": 1.0}, ArgumentError, "smoothing must be in"),
        ({"generator": 7}, ArgumentTypeError, "must be a minireg generator, got 7"),
        ({"optimizer": 3}, ArgumentTypeError, "must be one of minireg.optim"),
        ({"criterion": 3}, ArgumentTypeError, "criterion must be a function"),
    ],
)
def test_what_cannot_be_swept_is_refused(options, error, sentence):
    with pytest.raises(error, match=sentence):
        mr.lr_find(network(), blobs(), **options)


def test_a_first_loss_that_is_not_finite_is_named():
    with pytest.raises(NonFiniteLossError, match="the very first batch is NaN or infinite"):
        mr.lr_find(network(), blobs(), criterion=lambda outputs, labels: outputs.sum() * np.inf)
