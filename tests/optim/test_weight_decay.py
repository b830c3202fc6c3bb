"""Weight decay is not one thing: coupled, decoupled times lr, and decoupled without lr."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim
from minireg.errors import ArgumentError, ArgumentTypeError

DECOUPLED = (optim.AdamW, optim.SGDW)
every_decoupled = pytest.mark.parametrize("kind", DECOUPLED)


def leaf(backend, value, gradient):
    w = mr.tensor(np.array(value), requires_grad=True)
    w.grad = backend.asarray(np.array(gradient))
    return w


def decay_once(backend, kind, lr=0.1, dtype=np.float64, **options):
    """w = 1 after a step with weight decay 0.5 and no other gradient."""
    w = leaf(backend, np.ones(1, dtype), np.zeros(1, dtype))
    kind([w], lr=lr, weight_decay=0.5, **options).step()
    return w.item()


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        (optim.SGD, {}, 0.95),
        (optim.SGD, {"momentum": 0.9}, 0.95),
        (optim.Adam, {}, 0.90),
        (optim.SGDW, {}, 0.95),
        (optim.SGDW, {"momentum": 0.9, "nesterov": True}, 0.95),
        (optim.AdamW, {}, 0.95),
        (optim.SGDW, {"independent_decay": True}, 0.5),
        (optim.AdamW, {"independent_decay": True}, 0.5),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_step_of_each_form_of_weight_decay(backend, kind, options, expected, dtype):
    found = decay_once(backend, kind, dtype=dtype, **options)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_adam_normalises_any_coupled_decay_away(backend):
    for decay in (1e-3, 0.5, 100.0):
        w = leaf(backend, [1.0], [0.0])
        optim.Adam([w], lr=0.1, weight_decay=decay).step()
        np.testing.assert_allclose(w.numpy(), [0.9], atol=1e-5)


def test_coupled_decay_goes_on_through_the_momentum(backend):
    paths = {}
    for kind in (optim.SGD, optim.SGDW):
        w = leaf(backend, [1.0], [0.0])
        optimizer = kind([w], lr=0.5, momentum=0.5, weight_decay=0.5)
        optimizer.step()
        optimizer.step()
        paths[kind] = w.item()
    # SGD: b = 0.5, w = 0.75; b = 0.25 + 0.375, w = 0.4375.  SGDW: w = 0.75².
    assert paths == {optim.SGD: 0.4375, optim.SGDW: 0.5625}


@every_decoupled
def test_independent_decay_does_not_depend_on_the_rate(backend, kind):
    for lr in (0.0, 1e-3, 1.0):
        assert decay_once(backend, kind, lr, independent_decay=True) == 0.5


@every_decoupled
def test_a_schedule_ends_the_independent_decay(backend, kind):
    w = leaf(backend, [1.0], [0.0])
    optimizer = kind([w], lr=0.1, weight_decay=0.5, independent_decay=True)
    schedule = optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: [1.0, 0.5, 0.0][epoch])
    path = []
    for factor in (0.5, 0.75, 1.0):
        before = w.item()
        optimizer.step()
        path.append(w.item() / before)
        np.testing.assert_allclose(path[-1], factor, rtol=1e-15)
        if factor < 1:
            schedule.step()


@every_decoupled
def test_a_base_rate_of_zero_leaves_independent_decay(backend, kind):
    w = leaf(backend, [1.0], [0.0])
    optimizer = kind([w], lr=0.0, weight_decay=0.5, independent_decay=True)
    optim.lr_scheduler.StepLR(optimizer, 1)
    optimizer.step()
    assert w.item() == 0.5


@every_decoupled
def test_a_loaded_independent_decay_goes_on_from_its_rate(backend, kind):
    """The initial rate is saved with the options of the group."""
    results = []
    for loads in (False, True):
        w = leaf(backend, [1.0], [0.25])
        optimizer = kind([w], lr=0.5, weight_decay=0.25, independent_decay=True)
        optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5).step()
        optimizer.step()
        if loads:
            saved, optimizer = optimizer.state_dict(), kind([w])
            optimizer.load_state_dict(saved)
        optimizer.step()
        results.append(w.item())
    assert results[0] == results[1]


@every_decoupled
def test_groups_choose_the_form_of_their_decay(backend, kind):
    w, v = leaf(backend, [1.0], [0.0]), leaf(backend, [1.0], [0.0])
    groups = [{"params": [w], "independent_decay": True}, {"params": [v]}]
    kind(groups, lr=0.1, weight_decay=0.5).step()
    np.testing.assert_allclose([w.item(), v.item()], [0.5, 0.95], rtol=1e-15)


@every_decoupled
def test_independent_decay_must_be_true_or_false(kind):
    w = mr.zeros(1, requires_grad=True)
    with pytest.raises(ArgumentTypeError, match="independent_decay must be True or False, got 1"):
        kind([w], independent_decay=1)


def test_a_state_without_the_form_of_decay_is_refused():
    w = mr.zeros(1, requires_grad=True)
    saved = optim.Adam([w]).state_dict()
    with pytest.raises(ArgumentError, match=r"AdamW. Missing: \['independent_decay'\]"):
        optim.AdamW([w]).load_state_dict(saved)


@given(
    lr=st.floats(1e-3, 1), decay=st.floats(0, 1), momentum=st.floats(0, 0.99),
    rates=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)  # fmt: skip
def test_sgdw_is_sgd_after_shrinking_by_lr_times_decay(backend, lr, decay, momentum, rates):
    rng = np.random.default_rng(0)
    start = rng.normal(size=(3, 2))
    w, v = (mr.tensor(start.copy(), requires_grad=True) for _ in range(2))
    optimizer = optim.SGDW([w], lr=lr, momentum=momentum, weight_decay=decay)
    plain = optim.SGD([v], lr=lr, momentum=momentum)
    for rate in rates:
        optimizer.param_groups[0]["lr"] = plain.param_groups[0]["lr"] = rate
        w.grad = v.grad = backend.asarray(rng.normal(size=w.shape))
        v.data *= 1 - rate * decay
        optimizer.step()
        plain.step()
    np.testing.assert_array_equal(w.numpy(), v.numpy())
