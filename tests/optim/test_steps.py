"""Single steps, against numbers computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim

OPTIMIZERS = {
    "sgd": lambda params: optim.SGD(params, lr=0.1),
    "momentum": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, nesterov=True),
    "dampened": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, dampening=0.5),
    "sgdw": lambda params: optim.SGDW(params, lr=0.1, momentum=0.9),
    "adam": lambda params: optim.Adam(params, lr=0.1, weight_decay=0.01),
    "amsgrad": lambda params: optim.Adam(params, lr=0.1, amsgrad=True),
    "adamw": lambda params: optim.AdamW(params, lr=0.1),
    "rmsprop": lambda params: optim.RMSprop(params, lr=0.1, alpha=0.9),
    "centered": lambda params: optim.RMSprop(
        params, lr=0.02, alpha=0.9, momentum=0.8, centered=True, weight_decay=0.01
    ),
    "adagrad": lambda params: optim.Adagrad(params, lr=1.0, initial_accumulator_value=0.1),
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def leaf(backend, value, gradient=None, dtype=np.float64):
    w = mr.tensor(np.array(value, dtype), requires_grad=True)
    if gradient is not None:
        w.grad = backend.asarray(np.array(gradient, dtype))
    return w


# -- formulas --------------------------------------------------------------------------------------


def test_decoupled_weight_decay_follows_the_current_rate(backend):
    w = leaf(backend, [1.0], [0.0])
    optimizer = optim.AdamW([w], lr=0.5, weight_decay=0.5)
    optimizer.param_groups[0]["lr"] = 0.25
    optimizer.step()
    assert w.tolist() == [0.875]


def test_plain_sgd_subtracts_lr_times_the_gradient(backend):
    w = leaf(backend, [1.0, -2.0], [0.5, 4.0])
    optim.SGD([w], lr=0.25).step()
    assert w.tolist() == [0.875, -3.0]


def test_momentum_starts_with_the_gradient(backend):
    w = leaf(backend, [0.0], [1.0])
    optimizer = optim.SGD([w], lr=1.0, momentum=0.5)
    path = []
    for _ in range(4):  # b = 1, 1.5, 1.75, 1.875
        optimizer.step()
        path.append(w.item())
    assert path == [-1.0, -2.5, -4.25, -6.125]


def test_nesterov_looks_ahead_by_the_momentum(backend):
    w = leaf(backend, [0.0], [1.0])
    optimizer = optim.SGD([w], lr=1.0, momentum=0.5, nesterov=True)
    path = []
    for _ in range(3):  # b = 1, 1.5, 1.75; steps 1 + b/2 = 1.5, 1.75, 1.875
        optimizer.step()
        path.append(w.item())
    assert path == [-1.5, -3.25, -5.125]


def test_dampening_does_not_change_the_first_step(backend):
    w = leaf(backend, [0.0], [1.0])
    optimizer = optim.SGD([w], lr=1.0, momentum=0.5, dampening=0.75)
    path = []
    for _ in range(3):  # b = 1, 0.75, 0.625
        optimizer.step()
        path.append(w.item())
    assert path == [-1.0, -1.75, -2.375]


def test_amsgrad_remembers_the_largest_second_moment(backend):
    w, plain = leaf(backend, [0.0], [100.0]), leaf(backend, [0.0], [100.0])
    careful = optim.Adam([w], lr=0.1, betas=(0.0, 0.5), amsgrad=True)
    usual = optim.Adam([plain], lr=0.1, betas=(0.0, 0.5))
    for _ in range(20):
        careful.step()
        usual.step()
        w.grad = plain.grad = backend.asarray(np.array([1.0]))
    # v was 5000 once: the last step is lr · 1 / √5000, that of Adam about lr
    before, usually = w.item(), plain.item()
    careful.step()
    usual.step()
    np.testing.assert_allclose(before - w.item(), 0.1 / 5000**0.5, rtol=1e-5)
    assert usually - plain.item() > 0.09


def test_amsgrad_may_be_switched_on_during_training(backend):
    w = leaf(backend, [0.0], [1.0])
    optimizer = optim.Adam([w], lr=0.1)
    optimizer.step()
    optimizer.param_groups[0]["amsgrad"] = True
    optimizer.step()
    assert "v_max" in optimizer.state[w]


def test_centered_rmsprop_survives_constant_gradients(backend):
    """Then v − m² is 0, and rounding sometimes makes it negative; its root would be NaN."""
    w = leaf(backend, np.linspace(0, 1, 50), np.linspace(0.1, 3, 50), np.float32)
    optimizer = optim.RMSprop([w], lr=1e-9, alpha=0.5, centered=True)
    for _ in range(100):
        optimizer.step()
    assert np.isfinite(w.numpy()).all()


def test_adagrad_divides_by_the_root_of_all_squares_so_far(backend):
    w = leaf(backend, [0.0], [3.0])
    optimizer = optim.Adagrad([w], lr=1.0, lr_decay=1.0)
    optimizer.step()  # 3 / 3
    w.grad = backend.asarray(np.array([4.0]))
    optimizer.step()  # 4 / 5, with half the learning rate
    np.testing.assert_allclose(w.numpy(), [-1.4], rtol=1e-9)


@given(gradient=st.floats(1e-3, 1e3), lr=st.floats(1e-4, 1))
def test_the_first_step_of_adam_is_the_learning_rate(backend, gradient, lr):
    w = leaf(backend, [1.0, 1.0], [gradient, -gradient])
    optim.Adam([w], lr=lr).step()
    # m̂ / (√v̂ + ε) = g / (|g| + ε), which differs from 1 by ε/|g| ≤ 1e-5
    np.testing.assert_allclose(w.numpy(), [1 - lr, 1 + lr], rtol=0, atol=1.01e-5 * lr + 1e-15)


def test_adam_after_two_steps_is_the_formula_written_out(backend):
    lr, b1, b2, eps, g1, g2 = 0.1, 0.8, 0.9, 1e-3, 2.0, -1.0
    w = leaf(backend, [0.5], [g1])
    optimizer = optim.Adam([w], lr=lr, betas=(b1, b2), eps=eps)
    optimizer.step()
    w.grad = backend.asarray(np.array([g2]))
    optimizer.step()
    m1, v1 = (1 - b1) * g1, (1 - b2) * g1**2
    m2, v2 = b1 * m1 + (1 - b1) * g2, b2 * v1 + (1 - b2) * g2**2
    expected = 0.5 - lr * (m1 / (1 - b1)) / ((v1 / (1 - b2)) ** 0.5 + eps)
    expected -= lr * (m2 / (1 - b1**2)) / ((v2 / (1 - b2**2)) ** 0.5 + eps)
    np.testing.assert_allclose(w.numpy(), [expected], rtol=1e-14)


def test_weight_decay_acts_on_every_parameter_it_is_given(backend):
    layer = nn.Linear(2, 2)
    layer.bias.data[...] = 1.0
    layer.bias.grad = backend.asarray(np.zeros(2, np.float32))
    optim.SGD(layer.parameters(), lr=0.1, weight_decay=0.5).step()
    np.testing.assert_allclose(layer.bias.numpy(), [0.95, 0.95], rtol=1e-6)


@every_optimizer
def test_a_parameter_without_axes_is_trained_too(backend, make):
    w, same = leaf(backend, 1.0), leaf(backend, [1.0])
    one, other = make([w]), make([same])
    for _ in range(3):
        w.grad = backend.asarray(np.array(2.0))
        same.grad = backend.asarray(np.array([2.0]))
        one.step()
        other.step()
    assert w.shape == ()
    assert w.item() == same.tolist()[0]


@every_optimizer
def test_training_with_it_finds_the_minimum_of_a_parabola(make):
    w = mr.tensor(np.array([5.0, -3.0]), requires_grad=True)
    target, optimizer = mr.tensor(np.array([1.0, 2.0])), make([w])
    for group in optimizer.param_groups:
        group["weight_decay"] = 0.0
    for step in range(500):
        loss = ((w - target) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for group in optimizer.param_groups:
            # the steps of RMSprop do not become small by themselves
            group["lr"] *= 1.0 if step < 250 else 0.97
    np.testing.assert_allclose(w.numpy(), [1.0, 2.0], atol=1e-3)


# -- what a step does not change -------------------------------------------------------------------


@every_optimizer
def test_parameters_without_gradient_are_skipped(backend, make):
    trained, idle = leaf(backend, [1.0], [1.0]), leaf(backend, [1.0])
    optimizer = make([trained, idle])
    optimizer.step()
    assert idle.tolist() == [1.0]
    assert trained.tolist() != [1.0]
    assert optimizer.state[idle] == {}


@every_optimizer
def test_a_step_changes_no_gradient(backend, make):
    w = leaf(backend, [1.0, 2.0], [3.0, -4.0])
    optimizer = make([w])
    for _ in range(3):
        optimizer.step()
        assert backend.to_host(w.grad).tolist() == [3.0, -4.0]


@every_optimizer
def test_the_state_does_not_share_memory_with_gradients(backend, make):
    w = leaf(backend, [1.0], [2.0])
    same = leaf(backend, [1.0], [2.0])
    one, other = make([w]), make([same])
    one.step()
    other.step()
    w.grad[...] = 0.0  # as in a loop that reuses its gradient arrays
    w.grad[...] = 1.0
    same.grad = backend.asarray(np.array([1.0]))
    one.step()
    other.step()
    assert w.tolist() == same.tolist()


@every_optimizer
def test_a_step_writes_in_place(backend, make):
    w = leaf(backend, [1.0], [1.0])
    array = w.data
    make([w]).step()
    assert w.data is array


@every_optimizer
def test_a_learning_rate_of_zero_changes_nothing(backend, make):
    w = leaf(backend, [1.0], [1.0])
    optimizer = make([w])
    optimizer.param_groups[0]["lr"] = 0.0
    optimizer.step()
    assert w.tolist() == [1.0]


@every_optimizer
def test_a_step_records_no_graph(backend, make):
    w = leaf(backend, [1.0])
    (w * w).sum().backward()
    make([w]).step()
    assert w.is_leaf
    assert w.requires_grad


# -- dtypes ----------------------------------------------------------------------------------------


def arrays_of(optimizer):
    return [a for s in optimizer.state.values() for a in s.values() if hasattr(a, "dtype")]


@pytest.mark.parametrize("kind", [float, np.float64, np.float32])
def test_float32_stays_float32_with_numbers_of_numpy(backend, kind):
    """A schedule made with np.linspace gives np.float64 numbers, which would widen arrays."""
    results = []
    for number in (float, kind):
        found = []
        for make in (
            lambda w, n: optim.SGD(w, lr=n(0.125), momentum=n(0.5), weight_decay=n(0.25)),
            lambda w, n: optim.SGD(w, lr=n(0.125), weight_decay=n(0.25)),
            lambda w, n: optim.Adam(
                w, lr=n(0.125), betas=(n(0.5), n(0.75)), eps=n(2**-20), weight_decay=n(0.25)
            ),
        ):
            w = leaf(backend, [1.0, -0.3], [0.7, 0.1], np.float32)
            optimizer = make([w], number)
            for _ in range(5):
                optimizer.step()
            assert w.dtype == np.float32
            assert all(a.dtype == np.float32 for a in arrays_of(optimizer))
            found.append(w.tolist())
        results.append(found)
    assert results[0] == results[1]


@every_optimizer
def test_float64_stays_float64(backend, make):
    w = leaf(backend, [1.0], [1.0])
    optimizer = make([w])
    optimizer.step()
    assert w.dtype == np.float64
    assert all(a.dtype == np.float64 for a in arrays_of(optimizer))
