"""The proximal step is the true argmin_u ½‖u − w‖² + step · value(u)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError

strengths = st.just(0.0) | st.floats(1e-3, 5)
steps = st.floats(1e-3, 2)
penalties = st.one_of(
    st.builds(reg.L1, strengths),
    st.builds(reg.L2, strengths, st.sampled_from(["sum", "half"])),
    st.builds(reg.L2, strengths, st.just("half_mean"), samples=st.integers(1, 9)),
    st.builds(lambda a, b: reg.L1(a) + reg.L2(b), strengths, strengths),
    st.builds(lambda a, b, c: reg.L2(a) + reg.L1(b) + reg.L1(c), strengths, strengths, strengths),
)
vectors = st.lists(st.just(0.0) | st.floats(-4, 4), min_size=1, max_size=5).map(np.array)


class Quartic(reg.Penalty):
    """Σw⁴, whose proximal step has no simple form."""

    def value(self, w):
        return mr.namespace(w).sum(w**4)

    def gradient(self, w):
        return 4 * w**3


def proximal(backend, penalty, w, step):
    return backend.to_host(penalty.proximal(backend.asarray(w), step))


# -- against independent results -------------------------------------------------------------------


@given(penalty=penalties, w=vectors, step=steps)
def test_it_is_the_minimum_that_scipy_finds(backend, penalty, w, step):
    minimize = pytest.importorskip("scipy.optimize").minimize_scalar
    u = proximal(backend, penalty, w, step)
    for found, start in zip(u, w, strict=True):

        def objective(x, start=start):
            return 0.5 * (x - start) ** 2 + step * float(penalty.value(np.array([x])))

        best = minimize(objective, bounds=(-5, 5), method="bounded", options={"xatol": 1e-9})
        # Near a minimum the objective is flat: values that agree to ε leave x open by √ε.
        assert abs(found - best.x) < 2e-7
        assert objective(found) <= best.fun + 1e-15 * max(1, best.fun)  # two roundings


@given(l1=strengths, l2=strengths, w=vectors, step=steps)
def test_it_satisfies_the_optimality_condition(backend, l1, l2, w, step):
    """0 ∈ u − w + step (l1 ∂|u| + l2 u), where ∂|u| is sign(u), or all of [−1, 1] at 0."""
    u = proximal(backend, reg.L1(l1) + reg.L2(l2), w, step)
    rest = w - u - step * l2 * u
    np.testing.assert_allclose(rest[u != 0], step * l1 * np.sign(u[u != 0]), rtol=0, atol=1e-14)
    smallest = np.finfo(w.dtype).smallest_subnormal  # half of it is rounded to 0
    assert (np.abs(rest[u == 0]) <= step * l1 * (1 + 1e-15) + smallest).all()


@given(l1=strengths, l2=strengths, w=vectors, step=steps)
def test_it_is_soft_thresholding_first_and_shrinking_second(backend, l1, l2, w, step):
    soft = np.sign(w) * np.maximum(np.abs(w) - step * l1, 0)
    expected, rounding = soft / (1 + step * l2), 1e-15 * np.abs(w).max(initial=0)
    for penalty in (reg.L1(l1) + reg.L2(l2), reg.L2(l2) + reg.L1(l1)):
        found = proximal(backend, penalty, w, step)
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=rounding)


def test_the_other_order_would_be_another_point(backend):
    u = proximal(backend, reg.L1(1.0) + reg.L2(1.0), np.array([3.0]), 1.0)
    assert u.tolist() == [1.0]  # (3 − 1) / 2, not 3/2 − 1 = 0.5


def test_l1_proximal_step_gives_exact_zeros(backend):
    w = np.array([-1.5, -0.5, -0.1, 0.0, 0.1, 0.5, 0.7])
    u = proximal(backend, reg.L1(5.0), w, 0.1)
    assert u.tolist() == [-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.7 - 0.5]
    assert np.count_nonzero(u) == 2


def test_l2_proximal_step_divides_and_gives_no_zeros(backend):
    w = np.array([-1.5, 1e-9, 2.0])
    np.testing.assert_array_equal(proximal(backend, reg.L2(2.0), w, 0.5), w / 2)
    np.testing.assert_array_equal(proximal(backend, reg.L2(2.0, "sum"), w, 0.5), w / 3)
    mean = reg.L2(2.0, "half_mean", samples=4)
    np.testing.assert_array_equal(proximal(backend, mean, w, 2.0), w / 2)


@given(penalty=penalties, w=vectors)
def test_a_step_of_zero_changes_nothing(backend, penalty, w):
    np.testing.assert_array_equal(proximal(backend, penalty, w, 0.0), w)


@given(penalty=penalties, w=vectors, v=vectors, step=steps)
def test_it_never_moves_two_points_apart(backend, penalty, w, v, step):
    n = min(w.size, v.size)
    w, v = w[:n], v[:n]
    a, b = proximal(backend, penalty, w, step), proximal(backend, penalty, v, step)
    assert (np.abs(a - b) <= np.abs(w - v) + 1e-14).all()


@given(w=vectors, step=steps, l1=strengths, l2=strengths)
def test_on_a_tensor_it_can_be_differentiated(w, step, l1, l2):
    penalty, x = reg.L1(l1) + reg.L2(l2), mr.tensor(w, requires_grad=True)
    u = penalty.proximal(x, step)
    expected = penalty.proximal(w, step)
    np.testing.assert_allclose(u.numpy(), expected, rtol=1e-15)
    away = np.abs(np.abs(w) - step * l1) > 1e-9  # from the kinks
    slope = mr.grad(u.sum(), x).numpy()
    expected_slope = (np.abs(w) > step * l1) / (1 + step * l2)
    np.testing.assert_allclose(slope[away & (w != 0)], expected_slope[away & (w != 0)], rtol=1e-14)


# -- on a model ------------------------------------------------------------------------------------


def test_apply_proximal_writes_weights_in_place_and_no_bias():
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    before = {name: np.array(p.numpy()) for name, p in net.named_parameters()}
    arrays = [p.data for p in net.parameters()]
    penalty = reg.L1(1.0) + reg.L2(0.5)
    penalty.apply_proximal(net, 0.2)
    assert all(p.data is array for p, array in zip(net.parameters(), arrays, strict=True))
    for name, p in net.named_parameters():
        start = before[name]
        expected = penalty.proximal(start, 0.2) if name.endswith("weight") else start
        np.testing.assert_array_equal(p.numpy(), expected)
        assert p.dtype == np.float32
        assert p.grad is None


def test_apply_proximal_of_a_large_l1_empties_the_model():
    net = nn.Linear(5, 4)
    reg.L1(100.0).apply_proximal(net, 0.1)
    assert np.count_nonzero(net.weight.numpy()) == 0
    assert np.count_nonzero(net.bias.numpy()) == 4


def test_a_wrong_step_raises_and_changes_nothing():
    w = mr.tensor([1.0, 2.0], requires_grad=True)
    for wrong in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ArgumentError, match="step must be"):
            reg.L1(0.1).apply_proximal(w, wrong)
    for wrong in ("0.1", None):
        with pytest.raises(ArgumentTypeError, match="step must be a number"):
            reg.L1(0.1).apply_proximal(w, wrong)
    assert w.tolist() == [1.0, 2.0]


def test_a_penalty_without_a_proximal_step_raises():
    w = mr.tensor([1.0, 2.0], requires_grad=True)
    for penalty in (Quartic(), reg.L1(0.1) + Quartic(), Quartic() + reg.L2(0.1)):
        with pytest.raises(ArgumentError, match=r"No proximal step is known.*as a loss term"):
            penalty.apply_proximal(w, 0.1)
        with pytest.raises(ArgumentError, match="No proximal step is known"):
            penalty.proximal(w.data, 0.1)
    assert w.tolist() == [1.0, 2.0]


def test_a_penalty_of_your_own_needs_two_methods(backend):
    one, other = (mr.tensor([1.0, -2.0], requires_grad=True) for _ in range(2))
    penalty = Quartic() + reg.L1(0.5)
    penalty(one).backward()
    penalty.add_gradients(other)
    np.testing.assert_allclose(backend.to_host(one.grad), [4.5, -32.5], rtol=1e-6)
    np.testing.assert_allclose(backend.to_host(other.grad), [4.5, -32.5], rtol=1e-6)
