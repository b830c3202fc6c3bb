"""Constraints: a projection after every step, and nothing in the loss."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError
from tests.guarded import counting

vectors = st.lists(st.just(0.0) | st.floats(-4, 4), min_size=1, max_size=5).map(np.array)


@given(w=vectors, step=st.floats(0, 10), other=vectors)
def test_the_projection_is_the_nearest_feasible_point(backend, w, step, other):
    u = backend.to_host(reg.NonNegative().proximal(backend.asarray(w), step))
    assert (u >= 0).all()
    n = min(w.size, other.size)
    feasible = np.abs(other[:n])
    assert np.sum((u - w)[:n] ** 2) <= np.sum((feasible - w[:n]) ** 2)
    np.testing.assert_array_equal(reg.NonNegative().project(u), u)


@pytest.mark.parametrize("axis", [0, 1])
@given(radius=st.floats(0.1, 4), seed=st.integers(0, 2**32 - 1))
def test_max_norm_scales_only_units_that_are_too_long(backend, axis, radius, seed):
    rng = np.random.default_rng(seed)
    w = rng.normal(size=(3, 2, 2)) * (rng.uniform(size=(3, 2, 1)) < 0.7)
    u = backend.to_host(reg.MaxNorm(radius, axis=axis).project(backend.asarray(w)))
    for before, after in zip(np.moveaxis(w, axis, 0), np.moveaxis(u, axis, 0), strict=True):
        norm = np.linalg.norm(before)
        expected = before if norm <= radius else before * (radius / norm)
        np.testing.assert_allclose(after, expected, rtol=1e-15)


def test_unit_norm_keeps_directions_and_zero_units(backend):
    w = np.array([[3.0, -4.0], [0.0, 0.0], [0.0, 0.1]])
    rows = backend.to_host(reg.UnitNorm().project(backend.asarray(w)))
    np.testing.assert_allclose(rows, [[0.6, -0.8], [0, 0], [0, 1]], rtol=1e-15)
    columns = backend.to_host(reg.UnitNorm(axis=1).project(backend.asarray(w)))
    np.testing.assert_allclose(columns, w / np.linalg.norm(w, axis=0), rtol=1e-15)


@pytest.mark.host
def test_bad_settings_of_a_constraint_get_a_sentence():
    for wrong in (0, -1.0, float("nan")):
        with pytest.raises(ArgumentError, match="max_norm must be") as caught:
            reg.MaxNorm(wrong)
        assert caught.value.argument == "max_norm"
    for make in (reg.MaxNorm, reg.UnitNorm):
        with pytest.raises(ArgumentError, match="axis must be at least 0, got -1"):
            make(axis=-1)
        with pytest.raises(ArgumentError, match=r"with an axis 1, .* \(3,\) has 1 axes"):
            make(axis=1).project(np.ones(3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constraint_counts_zero_and_has_no_gradient(backend, dtype):
    w = mr.tensor(np.array([-1.0, np.inf, 2.0], dtype), requires_grad=True)
    constraint = reg.NonNegative()
    cost = constraint(w)
    assert (cost.item(), cost.dtype, cost.shape) == (0, dtype, ())
    (cost + (0.5 * w[:1]).sum()).backward()
    constraint.add_gradients(w)
    assert backend.to_host(w.grad).tolist() == [0.5, 0, 0]
    assert w.grad.dtype == dtype


@pytest.mark.host
def test_constraints_of_a_sum_are_the_part_that_projects():
    only = reg.NonNegative().on("0.*")
    assert reg.L1(0.1).constraints is None
    assert (reg.L1(0.1) + reg.L2(0.1)).constraints is None
    assert only.constraints is only
    assert (reg.L1(0.1) + only + reg.L2(0.1)).constraints is only


@pytest.mark.parametrize("proximal", [False, True])
def test_fit_projects_after_every_step(proximal):
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    assert (net[0].weight.numpy() < 0).any()
    rng = np.random.default_rng(0)
    data = rng.normal(size=(30, 3)), rng.integers(0, 2, 30)
    history = mr.fit(
        net, data, epochs=3, batch_size=10, optimizer=optim.SGD(net.parameters(), lr=0.5),
        penalty=reg.NonNegative().on("0.*") + reg.L1(0.01).on("2.*"), proximal=proximal,
        progress=False,
    )  # fmt: skip
    assert (net[0].weight.numpy() >= 0).all()
    assert (net[2].weight.numpy() < 0).any()
    assert all(cost > 0 for cost in history.penalty)


class Quartic(reg.Penalty):
    def value(self, w):
        return (w**4).sum()

    def gradient(self, w):
        return 4 * w**3


def test_a_constraint_acts_with_a_loss_term_only_penalty():
    net, x = nn.Linear(3, 2), np.random.default_rng(0).normal(size=(12, 3))
    mr.fit(
        net, (x, np.zeros((12, 2))), criterion=mr.mse_loss, epochs=2,
        penalty=Quartic() + reg.NonNegative(), progress=False,
    )  # fmt: skip
    assert (net.weight.numpy() >= 0).all()


def test_non_negative_least_squares():
    """Projected gradient descent has the same result as SciPy's active-set method."""
    nnls = pytest.importorskip("scipy.optimize").nnls
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(40, 6)), rng.normal(size=40)
    expected, _ = nnls(x, y)
    assert 0 < np.count_nonzero(expected) < 6
    w, lr = mr.tensor(np.zeros(6), requires_grad=True), 1 / np.linalg.norm(x, 2) ** 2
    for _ in range(2000):
        w.grad = None
        (0.5 * ((mr.tensor(x) @ w - mr.tensor(y)) ** 2).sum()).backward()
        w.data -= lr * w.grad
        reg.NonNegative().apply_proximal(w, lr)
    np.testing.assert_allclose(w.numpy(), expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("way", ["loss term", "add_gradients", "apply_proximal"])
def test_selections_and_constraints_read_and_upload_nothing(way):
    net = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    penalty = reg.L1(0.1).on("0.*") + reg.NonNegative().on(nn.Linear) + reg.L2(0.1)
    x = mr.tensor(np.ones((5, 4), np.float32))
    with counting() as counts:
        loss = net(x).sum()
        (loss + penalty(net) if way == "loss term" else loss).backward()
        penalty.add_gradients(net)
        penalty.apply_proximal(net, 0.1)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
