"""Trained to convergence, penalties reach the known solutions of linear models.

With `data = ½ · mse`, that is 1/(2n) ‖y − Xw‖², and n examples:

| penalty | the same problem |
|---|---|
| `L1(a)` | scikit-learn `Lasso(alpha=a)` |
| `ElasticNet(a, ρ)` | scikit-learn `ElasticNet(alpha=a, l1_ratio=ρ)` |
| `L2(a, "half_mean", samples=n)` | scikit-learn `Ridge(alpha=a)`, w = (XᵀX + a I)⁻¹ Xᵀy |

With `data` = the mean cross-entropy, and an intercept that is not penalized:

| penalty | the same problem |
|---|---|
| `L1(1/(C·n))` | scikit-learn `LogisticRegression(C=C, l1_ratio=1)` |
| `L2(1/C, "half_mean", samples=n)` | scikit-learn `LogisticRegression(C=C)` |
"""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg import regularizers as reg

# Guarded arrays hold NumPy's numbers; on them, `test_every_penalty.py` and `test_every_proximal.py`
# take the same steps.
pytestmark = pytest.mark.backends("numpy", "cupy")

N, FEATURES = 60, 8


def problem(seed=0):
    """A regression in which only half of the features matter."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(N, FEATURES)) + 0.5 * rng.normal(size=(N, 1))  # correlated features
    truth = np.array([2.0, -1.5, 1.0, 0.5, 0, 0, 0, 0])
    return x, x @ truth + 0.5 * rng.normal(size=N)


X, Y = problem()
# No step larger than 1/L is needed: L is the largest curvature of ½ · mse.
RATE = 1 / np.linalg.eigvalsh(X.T @ X / N)[-1]


def train(penalty, way, steps=3000, lr=RATE):
    """The weights after full-batch gradient descent on ½ · mse + penalty."""
    w = mr.tensor(np.zeros(FEATURES), requires_grad=True)
    x, y = mr.tensor(X), mr.tensor(Y)
    optimizer = mr.optim.SGD([w], lr=lr)
    for _ in range(steps):
        before = w.tolist()
        loss = 0.5 * mr.mse_loss(x @ w, y)
        optimizer.zero_grad()
        (loss + penalty(w) if way == "loss term" else loss).backward()
        if way == "gradients":
            penalty.add_gradients(w)
        optimizer.step()
        if way == "proximal":
            penalty.apply_proximal(w, lr)
        if w.tolist() == before:
            break
    return w.numpy()


# At convergence the gradient is zero up to its rounding error, about 10 ε; the smallest curvature
# is 0.54, so the weights are as exact.
CLOSE = {"rtol": 1e-12, "atol": 1e-13}


@pytest.mark.parametrize("strength", [0.05, 0.3, 1.0])
def test_proximal_steps_reach_the_lasso_with_exact_zeros(strength):
    linear = pytest.importorskip("sklearn.linear_model")
    lasso = linear.Lasso(alpha=strength, fit_intercept=False, tol=1e-14, max_iter=10**6)
    expected = lasso.fit(X, Y).coef_
    found = train(reg.L1(strength), "proximal")
    np.testing.assert_array_equal(found == 0, expected == 0)
    assert 0 < np.count_nonzero(found == 0) < FEATURES
    np.testing.assert_allclose(found, expected, **CLOSE)


@pytest.mark.parametrize(("l1", "l2"), [(0.05, 0.0), (0.3, 0.0), (0.3, 0.2), (1.0, 0.5)])
def test_the_result_satisfies_the_optimality_condition(l1, l2):
    """Xᵀ(Xw − y)/n + l2 w is −l1 sign(w) where w ≠ 0, and between −l1 and l1 elsewhere."""
    w = train(reg.L1(l1) + reg.L2(l2), "proximal")
    slope = X.T @ (X @ w - Y) / N + l2 * w
    np.testing.assert_allclose(slope[w != 0], -l1 * np.sign(w[w != 0]), rtol=0, atol=1e-14)
    assert (np.abs(slope[w == 0]) <= l1).all()


def test_a_lasso_of_the_critical_strength_is_empty():
    critical = np.abs(X.T @ Y).max() / N
    assert not train(reg.L1(1.001 * critical), "proximal").any()
    assert np.count_nonzero(train(reg.L1(0.9 * critical), "proximal")) >= 1


def test_l1_as_a_loss_term_jumps_around_zero_instead():
    exact = train(reg.L1(0.3), "proximal")
    jumping = train(reg.L1(0.3), "loss term", steps=500)
    zeros = exact == 0
    assert zeros.any()
    assert (jumping[zeros] != 0).all()
    assert np.abs(jumping - exact).max() <= 2 * RATE * 0.3


@pytest.mark.parametrize("ratio", [0.2, 0.5, 0.9])
def test_l1_plus_l2_reaches_the_elastic_net(ratio):
    linear = pytest.importorskip("sklearn.linear_model")
    alpha = 0.4
    net = linear.ElasticNet(
        alpha=alpha, l1_ratio=ratio, fit_intercept=False, tol=1e-14, max_iter=10**6
    )
    expected = net.fit(X, Y).coef_
    for penalty in (
        reg.L1(alpha * ratio) + reg.L2(alpha * (1 - ratio), scale="half"),
        reg.L1L2(alpha * ratio, alpha * (1 - ratio) / 2),
        reg.ElasticNet(alpha, l1_ratio=ratio),
    ):
        found = train(penalty, "proximal")
        np.testing.assert_array_equal(found == 0, expected == 0)
        np.testing.assert_allclose(found, expected, **CLOSE)


@pytest.mark.parametrize("way", ["loss term", "gradients", "proximal"])
def test_all_three_ways_reach_ridge_regression(way):
    a = 5.0
    closed_form = np.linalg.solve(X.T @ X + a * np.eye(FEATURES), X.T @ Y)
    lr = 1 / (1 / RATE + a / N)  # the penalty adds its own curvature
    found = train(reg.L2(a, "half_mean", samples=N), way, lr=lr)
    np.testing.assert_allclose(found, closed_form, **CLOSE)


def test_half_mean_is_the_strength_of_scikit_learns_ridge():
    linear = pytest.importorskip("sklearn.linear_model")
    expected = linear.Ridge(alpha=3.0, fit_intercept=False, solver="svd").fit(X, Y).coef_
    for penalty in (
        reg.L2(3.0, "half_mean", samples=N),
        reg.L2(3.0 / N, "half"),
        reg.L2(1.5 / N, "sum"),
    ):
        np.testing.assert_allclose(train(penalty, "proximal"), expected, **CLOSE)


# -- logistic regression ---------------------------------------------------------------------------

LABELS = (np.median(Y) < Y) ^ (np.random.default_rng(5).uniform(size=N) < 0.15)  # not separable


def train_logistic(penalty, steps=1500):
    """Weights and bias after proximal gradient descent on the mean cross-entropy."""
    layer = nn.Linear(FEATURES, 1)
    layer.weight.data, layer.bias.data = (
        mr.zeros(p.shape, "float64").data for p in layer.parameters()
    )
    x, y = mr.tensor(X), mr.tensor(LABELS[:, None].astype(float))
    lr = 4 / np.linalg.eigvalsh(np.c_[X, np.ones(N)].T @ np.c_[X, np.ones(N)] / N)[-1]
    optimizer = mr.optim.SGD(layer.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        mr.binary_cross_entropy_with_logits(layer(x), y).backward()
        optimizer.step()
        penalty.apply_proximal(layer, lr)
    return layer.weight.numpy()[0], layer.bias.item()


@pytest.mark.parametrize("c", [0.1, 0.5])
@pytest.mark.parametrize("l1_ratio", [0, 1])
def test_it_reaches_logistic_regression_of_scikit_learn(c, l1_ratio):
    pytest.importorskip("sklearn", minversion="1.8")
    linear = pytest.importorskip("sklearn.linear_model")
    solver = "saga" if l1_ratio else "newton-cholesky"
    theirs = linear.LogisticRegression(
        C=c, l1_ratio=l1_ratio, solver=solver, tol=1e-12, max_iter=10**6, random_state=0
    ).fit(X, LABELS)
    l1, l2 = reg.L1(1 / (c * N)), reg.L2(1 / c, "half_mean", samples=N)
    weights, bias = train_logistic(l1 if l1_ratio else l2)
    np.testing.assert_allclose(weights, theirs.coef_[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(bias, theirs.intercept_[0], rtol=0, atol=1e-10)
    np.testing.assert_array_equal(weights == 0, theirs.coef_[0] == 0)
    assert np.count_nonzero(weights) > 0
    assert (np.count_nonzero(weights) < FEATURES) == (l1_ratio == 1)


# -- groups and ranks ------------------------------------------------------------------------------

TARGETS = np.stack([Y, X @ np.linspace(-1, 1, FEATURES), np.roll(Y, 1)])  # three outputs


def train_matrix(penalty, steps=1500):
    """W (3, FEATURES) after proximal gradient descent on ½ Σ‖W x − y‖²/n."""
    w, x, y = (mr.tensor(a) for a in (np.zeros((3, FEATURES)), X, TARGETS.T))
    w.requires_grad = True
    optimizer = mr.optim.SGD([w], lr=RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        (((x @ w.mT - y) ** 2).sum() / (2 * N)).backward()
        optimizer.step()
        penalty.apply_proximal(w, RATE)
    return w.numpy()


def test_a_group_lasso_of_inputs_drops_whole_columns():
    """For scikit-learn's MultiTaskLasso a group is a feature; its norms have no factor √d."""
    linear = pytest.importorskip("sklearn.linear_model")
    alpha = 1.0
    theirs = linear.MultiTaskLasso(alpha=alpha, fit_intercept=False, tol=1e-12, max_iter=10**6)
    expected = theirs.fit(X, TARGETS.T).coef_
    found = train_matrix(reg.GroupLasso(alpha / np.sqrt(3), axis=1))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(found == 0, expected == 0)
    assert 0 < (found == 0).all(axis=0).sum() < FEATURES


def test_nuclear_steps_satisfy_the_optimality_condition():
    """−dloss/dW is λ (U Vᵀ + M), where M is orthogonal to U and V and no longer than 1."""
    w = train_matrix(reg.Nuclear(0.8))
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    u, vt = u[:, s > 1e-12], vt[s > 1e-12]
    m = (TARGETS - w @ X.T) @ X / N / 0.8 - u @ vt
    np.testing.assert_allclose(u.T @ m, 0, atol=1e-13)
    np.testing.assert_allclose(m @ vt.T, 0, atol=1e-13)
    assert np.linalg.norm(m, 2) < 1


def test_nuclear_steps_reach_the_optimum_of_a_convex_solver():
    cp = pytest.importorskip("cvxpy")
    w = cp.Variable((3, FEATURES))
    loss = cp.sum_squares(X @ w.T - TARGETS.T) / (2 * N)
    problem = cp.Problem(cp.Minimize(loss + 0.8 * cp.normNuc(w)))
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    found = train_matrix(reg.Nuclear(0.8))

    def objective(w):
        return ((X @ w.T - TARGETS.T) ** 2).sum() / (2 * N) + 0.8 * np.linalg.norm(w, "nuc")

    np.testing.assert_allclose(found, w.value, rtol=0, atol=1e-5)
    assert objective(found) <= objective(w.value) + 1e-13  # ours is more exact
    assert np.linalg.matrix_rank(found) == 2
