"""Rows of docs/strengths.md about scikit-learn and Ng's course, compared with them.

Linear models at their optimum; SGD and MLP by one step that has no random part.
"""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from tests.regularizers.strengths import (
    BATCH,
    FEATURES,
    SIZES,
    M,
    X,
    Y,
    find_theirs,
    of_this_test,
)  # fmt: skip

pytestmark = pytest.mark.host

LOSS = {
    "mse": mr.mse_loss,
    "half_mse": lambda prediction, target: 0.5 * mr.mse_loss(prediction, target),
    "binary_cross_entropy_with_logits": mr.binary_cross_entropy_with_logits,
    "cross_entropy": mr.cross_entropy,
    "hinge": mr.hinge,
}
# The largest curvature of each loss, in units of the mean of x xᵀ.
CURVATURE = {
    "mse": 2.0, "half_mse": 1.0, "binary_cross_entropy_with_logits": 0.25, "cross_entropy": 0.5,
}  # fmt: skip
NOISE = np.random.default_rng(2).normal(size=M)
TARGETS = {
    "mse": Y,
    "half_mse": Y,
    "binary_cross_entropy_with_logits": (Y + 2 * NOISE > 1).astype(float),
    "cross_entropy": np.digitize(Y + 2 * NOISE, [0.0, 2.0]),  # three classes
}
TARGETS["hinge"] = 2 * TARGETS["binary_cross_entropy_with_logits"] - 1


def column(target):
    """Targets of one output are (N, 1); labels stay (N,)."""
    return mr.tensor(target if target.dtype == int else target[:, None])


def make_linear(outputs, weight=0.0, bias=0.0):
    layer = nn.Linear(FEATURES, outputs)
    layer.weight.data = np.zeros((outputs, FEATURES)) + weight
    layer.bias.data = np.zeros(outputs) + bias
    return layer


def minimize(loss, penalty, target=None, outputs=None, bias=False):
    """Weights and biases of a linear model, by proximal gradient steps from 0 until they stop."""
    y = TARGETS[loss] if target is None else target
    layer = make_linear(outputs or (3 if loss == "cross_entropy" else 1))
    layer.bias.regularize = bias
    ones = np.c_[X, np.ones(M)]
    lr = 1 / (CURVATURE[loss] * np.linalg.eigvalsh(ones.T @ ones / M)[-1])
    optimizer = optim.SGD(layer.parameters(), lr=lr)
    x, y = mr.tensor(X), column(y) if y.ndim == 1 else mr.tensor(y)
    for _ in range(5000):
        before = layer.weight.numpy().copy()
        optimizer.zero_grad()
        LOSS[loss](layer(x), y).backward()
        optimizer.step()
        penalty.apply_proximal(layer, lr)
        if np.abs(layer.weight.numpy() - before).max() < 1e-13:
            break
    return layer.weight.numpy(), layer.bias.numpy()


SOLVERS = {
    "Ridge": {"solver": "svd"},
    "Lasso": {"tol": 1e-12, "max_iter": 10**6},
    "ElasticNet": {"tol": 1e-12, "max_iter": 10**6},
    "LogisticRegression": {"tol": 1e-12, "max_iter": 10**6, "random_state": 0},
}


@of_this_test("test_coefficients_are_those_of_scikit_learn")
def test_coefficients_are_those_of_scikit_learn(row, loss):
    """At the optimum, with an intercept that is not penalized."""
    options = SOLVERS[row.name.rpartition(".")[2]]
    if row.name.endswith("LogisticRegression"):
        pytest.importorskip("sklearn", minversion="1.8")
        options = {**options, "solver": "saga" if "l1_ratio" in row.settings else "newton-cg"}
    theirs = row.library(**options).fit(X, TARGETS[loss])
    weight, bias = minimize(loss, row.equivalent(loss))
    np.testing.assert_allclose(weight, np.atleast_2d(theirs.coef_), rtol=0, atol=1e-10)
    centred = np.atleast_1d(theirs.intercept_)
    if loss == "cross_entropy":  # a constant added to all biases changes nothing
        bias, centred = bias - bias.mean(), centred - centred.mean()
    np.testing.assert_allclose(bias, centred, rtol=0, atol=1e-10)
    np.testing.assert_array_equal(weight == 0, np.atleast_2d(theirs.coef_) == 0)


def test_liblinear_penalizes_the_intercept():
    kind = find_theirs("sklearn.linear_model.LogisticRegression")
    loss = "binary_cross_entropy_with_logits"
    theirs = kind(C=0.5, solver="liblinear", tol=1e-12, max_iter=10**6).fit(X, TARGETS[loss])
    penalty = reg.equivalent("sklearn.linear_model.LogisticRegression", C=0.5, **SIZES, loss=loss)
    weight, bias = minimize(loss, penalty, bias=True)
    np.testing.assert_allclose(weight, theirs.coef_, rtol=0, atol=1e-6)
    np.testing.assert_allclose(bias, theirs.intercept_, rtol=0, atol=1e-6)
    assert abs(minimize(loss, penalty)[1] - bias) > 0.01


def test_two_outputs_need_twice_the_strength_of_one():
    one, two = "binary_cross_entropy_with_logits", "cross_entropy"
    target = TARGETS[one]
    single, _ = minimize(one, reg.L2(0.1))
    double, _ = minimize(two, reg.L2(0.2), target=target.astype(int), outputs=2)
    np.testing.assert_allclose(double[1] - double[0], single[0], rtol=0, atol=1e-9)


def test_k_targets_divide_the_strength_of_a_regression():
    ridge = find_theirs("sklearn.linear_model.Ridge")
    targets = np.c_[Y, X @ [0.5, 0.0, 1.0, -1.0] + NOISE]
    theirs = ridge(alpha=3.0, solver="svd").fit(X, targets).coef_
    name = "sklearn.linear_model.Ridge"
    penalty = reg.equivalent(name, alpha=3.0 / 2, samples=M, loss="half_mse")
    # Half the mean over 2 targets has half the curvature: the step could be twice as long.
    weight, _ = minimize("half_mse", penalty, target=targets, outputs=2)
    np.testing.assert_allclose(weight, theirs, rtol=0, atol=1e-6)


RATE = 0.125


@of_this_test("test_a_step_is_that_of_scikit_learns_sgd")
def test_a_step_is_that_of_scikit_learns_sgd(row, loss):
    """One step on one example: L2 in the gradient, L1 as a proximal step (their truncation)."""
    options = {"learning_rate": "constant", "eta0": RATE, "random_state": 0}
    if loss == "binary_cross_entropy_with_logits":
        options["loss"] = "log_loss"
    theirs, y = row.library(**options), TARGETS[loss]
    classes = {} if loss in ("mse", "half_mse") else {"classes": np.unique(y)}
    theirs.partial_fit(X[:1], y[:1], **classes)
    start = np.array([0.5, -0.25, 0.01, -2.0])
    theirs.coef_[:], theirs.intercept_[:] = start, 0.3
    theirs.partial_fit(X[1:2], y[1:2])

    layer, penalty = make_linear(1, start, 0.3), row.equivalent(loss)
    rate = RATE / 2 if loss == "mse" else RATE  # twice the objective, half the step
    LOSS[loss](layer(mr.tensor(X[1:2])), column(y[1:2])).backward()
    for term in penalty.split():
        if isinstance(term, reg.L2):
            term.add_gradients(layer)
    optim.SGD(layer.parameters(), lr=rate).step()
    for term in penalty.split():
        if isinstance(term, reg.L1):
            term.apply_proximal(layer, rate)
    np.testing.assert_allclose(layer.weight.numpy().ravel(), theirs.coef_.ravel(), atol=1e-12)
    np.testing.assert_allclose(layer.bias.numpy(), theirs.intercept_, atol=1e-12)


def copy_mlp(theirs):
    """The same network here: one hidden layer with tanh."""
    layers = [nn.Linear(*w.shape) for w in theirs.coefs_]
    for layer, w, b in zip(layers, theirs.coefs_, theirs.intercepts_):
        layer.weight.data, layer.bias.data = w.T.copy(), b.copy()
    return nn.Sequential(layers[0], nn.Tanh(), layers[1])


def compare_gradients(theirs, y, loss, penalty, **classes):
    """The gradient of one batch, theirs from one step of plain SGD."""
    options = {
        "hidden_layer_sizes": (3,), "activation": "tanh", "solver": "sgd", "momentum": 0.0,
        "nesterovs_momentum": False, "learning_rate_init": RATE, "batch_size": BATCH,
        "shuffle": False, "random_state": 0,
    }  # fmt: skip
    x = X[:BATCH]
    theirs.set_params(**options).partial_fit(x, y, **classes)
    model = copy_mlp(theirs)
    theirs.partial_fit(x, y)
    target = column(y) if y.ndim == 1 else mr.tensor(y)
    (LOSS[loss](model(mr.tensor(x)), target) + penalty(model)).backward()
    # `mse` is twice half_mse, and the mean over k targets a k-th of their sum.
    factor = {"mse": 2}.get(loss, 1) / (1 if y.ndim == 1 else y.shape[1])
    for ours, after in zip(model.parameters(), copy_mlp(theirs).parameters()):
        gradient = factor * (ours.data - after.data) / RATE
        np.testing.assert_allclose(ours.grad, gradient, atol=1e-12)


@of_this_test("test_a_gradient_is_that_of_scikit_learns_mlp")
def test_a_gradient_is_that_of_scikit_learns_mlp(row, loss):
    y = TARGETS[loss]
    classes = {} if loss in ("mse", "half_mse") else {"classes": np.unique(y)}
    compare_gradients(row.library(), y[:BATCH], loss, row.equivalent(loss), **classes)


def test_k_targets_divide_the_strength_of_an_mlp():
    theirs = find_theirs("sklearn.neural_network.MLPRegressor")(alpha=2.0)
    compare_gradients(theirs, np.c_[Y, NOISE][:BATCH], "half_mse", reg.L2(2.0 / BATCH / 2))


def test_lbfgs_divides_alpha_by_the_training_set():
    kind, alpha = find_theirs("sklearn.neural_network.MLPRegressor"), 5.0
    options = {"hidden_layer_sizes": (3,), "activation": "tanh", "solver": "lbfgs", "tol": 1e-9}
    theirs = kind(alpha=alpha, max_iter=10**4, random_state=0, **options).fit(X, Y)
    model, name = copy_mlp(theirs), "sklearn.neural_network.MLPRegressor"
    penalty = reg.equivalent(name, alpha=alpha, batch_size=M, loss="half_mse")
    (LOSS["half_mse"](model(mr.tensor(X)), column(Y)) + penalty(model)).backward()
    assert max(np.abs(p.grad).max() for p in model.parameters()) < 1e-3  # at the optimum
    assert max(np.abs(penalty.gradient(p.data)).max() for p in model.parameters()) > 0.05


# -- Ng's course -----------------------------------------------------------------------------------


@of_this_test("test_the_optimum_is_that_of_ngs_course")
def test_the_optimum_is_that_of_ngs_course(row, loss):
    """The course's gradient, dW = (p − y)ᵀ x/m + λ/m W and db = Σ (p − y)/m, is zero there."""
    weight, bias = minimize(loss, row.equivalent(loss))
    z, y, decay = X @ weight.T + bias, TARGETS[loss], row.settings["lambd"]
    if loss == "cross_entropy":
        p, y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), np.eye(3)[y]
    else:
        p, y = z if loss in ("half_mse", "mse") else 1 / (1 + np.exp(-z)), y[:, None]
    np.testing.assert_allclose((p - y).T @ X / M + decay / M * weight, 0, atol=1e-10)
    np.testing.assert_allclose((p - y).mean(axis=0), 0, atol=1e-10)
