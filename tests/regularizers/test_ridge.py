"""What makes ridge regression special: its best strength, and early stopping as its shadow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import minireg as mr
from minireg import optim
from minireg import regularizers as reg

pytestmark = pytest.mark.host

# -- the best strength -----------------------------------------------------------------------------

FEATURES, NOISE, SPREAD = 3, 0.7, 0.4  # y = X w + σ ε with w ~ N(0, τ² I); σ, τ
BEST = NOISE**2 / SPREAD**2  # the best λ beside half the mean of squares


def slope(loss, x, w, y):
    w = mr.tensor(w, requires_grad=True)
    loss(mr.tensor(x) @ w, mr.tensor(y)).backward()
    return w.grad


def exact_risk(loss, penalty, m):
    """E‖ŵ − w‖²_M of the minimizer ŵ over w and ε, for given inputs and any matrix M.

    Both slopes are linear, so that ŵ = A y with A = −H⁻¹ G, where H is the slope by w and G by y.
    """
    rng = np.random.default_rng(m)
    x, root = rng.normal(size=(m, FEATURES)), rng.normal(size=(FEATURES, FEATURES))
    none, no_data, unit = np.zeros(FEATURES), np.zeros(m), np.eye(m)
    h = np.stack([slope(loss, x, w, no_data) for w in np.eye(FEATURES)], axis=1)
    g = np.stack([slope(loss, x, none, y) for y in unit], axis=1)

    def risk(strength):
        a = -np.linalg.solve(h + penalty(strength, m).gradient(np.eye(FEATURES)), g)
        bias, noise = root @ (a @ x - np.eye(FEATURES)), root @ a
        return SPREAD**2 * (bias**2).sum() + NOISE**2 * (noise**2).sum()

    return risk


def best(loss, penalty, m):
    risk = exact_risk(loss, penalty, m)
    found = minimize_scalar(lambda u: np.log(risk(np.exp(u))), bounds=(-8, 4), method="bounded")
    return np.exp(found.x)


LOSSES = {
    "half the mean of squares": (lambda a, y: 0.5 * mr.mse_loss(a, y), BEST),
    "the mean of squares": (mr.mse_loss, 2 * BEST),
}


@pytest.mark.parametrize("m", [2, 10, 80])
@pytest.mark.parametrize("name", LOSSES)
def test_the_best_strength_of_half_mean_is_that_of_any_m(name, m):
    loss, expected = LOSSES[name]

    def half_mean(strength, m):
        return reg.L2(strength, "half_mean", samples=m)

    assert best(loss, half_mean, m) == pytest.approx(expected, rel=1e-3)
    risk = exact_risk(loss, half_mean, m)
    for factor in (0.5, 0.99, 1.01, 2):
        assert risk(expected) < risk(factor * expected)


@pytest.mark.parametrize("m", [10, 80])
def test_the_best_strength_of_half_falls_as_m_grows(m):
    loss, expected = LOSSES["half the mean of squares"]
    found = best(loss, lambda strength, m: reg.L2(strength), m)
    assert found == pytest.approx(expected / m, rel=1e-3)


# -- early stopping --------------------------------------------------------------------------------


@given(steps=st.integers(1, 300), share=st.floats(0, 1))
def test_early_stopping_is_never_far_from_ridge(steps, share):
    """The parts of the solution along an eigenvector of curvature s, with η s ≤ 1 and x = η s t.

    Descent from 0 has 1 − (1 − x/t)ᵗ of it, ridge with λ = 1/(ηt) has s/(s + λ) = x/(1 + x).
    """
    x = steps * share
    difference = 1 - (1 - share) ** steps - x / (1 + x)
    assert -1e-13 <= difference <= min(x * x, 1 / (1 + x)) + 1e-13  # they agree at both ends
    assert difference <= (0.5, 0.35)[steps > 1] + 1e-13
    if steps > 2:
        assert difference <= 0.3


@pytest.mark.parametrize("steps", [1, 3, 30, 1000])
def test_sgd_stopped_early_follows_ridge(steps):
    """On ½ (w − c)ᵀ H (w − c) from 0, with the steps of minireg and the penalty of minireg."""
    rng = np.random.default_rng(steps)
    vectors = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    s, c = np.geomspace(1e-3, 2, 6), rng.normal(size=6)
    lr, h = 0.5, (vectors * s) @ vectors.T
    w = mr.tensor(np.zeros(6), requires_grad=True)
    optimizer = optim.SGD([w], lr=lr)
    for _ in range(steps):
        w.grad = h @ (w.data - c)
        optimizer.step()
    penalty = reg.L2(1 / (lr * steps))
    ridge = np.linalg.solve(h + penalty.gradient(np.eye(6)), h @ c)
    parts, by_descent, by_ridge = (vectors.T @ a for a in (c, w.numpy(), ridge))
    np.testing.assert_allclose(by_descent, (1 - (1 - lr * s) ** steps) * parts, atol=1e-13)
    x = lr * s * steps
    more = (by_descent - by_ridge) / parts  # descent shrinks less
    assert (more >= -1e-12).all()
    assert (more <= np.minimum(x * x, 1 / (1 + x)) + 1e-12).all()
    assert np.linalg.norm(w.numpy() - ridge) <= (0.3 if steps > 2 else 0.5) * np.linalg.norm(c)
