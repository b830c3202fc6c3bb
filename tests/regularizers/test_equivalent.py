"""Every cell of docs/strengths.md, evaluated and compared with the library that it is about.

A row of the page ends with a link to a test of this file, which takes its settings from the row.
"""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.regularizers.equivalent import DECOUPLED, ENTRIES, NAMES

pytestmark = pytest.mark.host

PAGE = Path(__file__).parents[2] / "docs" / "strengths.md"
LINK = re.compile(r'\[test\]\(\.\./tests/regularizers/(test_\w+)\.py "(test_\w+)"\)')

M, BATCH, FEATURES = 40, 8, 4
rng = np.random.default_rng(0)
X = rng.normal(size=(M, FEATURES))
Y = X @ [2.0, -1.5, 0.5, 0.0] + 1.0 + 0.5 * rng.normal(size=M)
# Dyadic numbers: Keras rounds strengths to float32.
SYMBOLS = {"α": 0.25, "λ": 0.375, "ρ": 0.25, "C": 0.5, "m": M, "B": BATCH, "a": 0.125, "b": 0.5}
KINDS = {name: getattr(reg, name) for name in ("L1", "L2", "L1L2", "ElasticNet")}
FUNCTIONS = {"sum": np.sum, "abs": np.abs}
SIZES = {"samples": M, "batch_size": BATCH}


def evaluate(code, **names):
    return eval(code, {**SYMBOLS, **KINDS, **FUNCTIONS, **names})


class Row:
    """A row of a table whose first cell holds calls such as `torch.optim.SGD(weight_decay=λ)`."""

    def __init__(self, call, cells):
        self.call = call
        self.name, _, arguments = call.partition("(")
        self.settings = self.read(arguments[:-1])
        self.cells = cells[1:-1]
        (self.test,) = LINK.findall(cells[-1])

    def read(self, arguments):
        return evaluate(f"dict({arguments})")

    def __repr__(self):
        return self.call

    def codes(self, column):
        return re.findall("`(.*?)`", self.cells[column])

    @property
    def losses(self):
        return self.codes(2) or [None]

    def equivalent(self, loss=None):
        return reg.equivalent(self.name, **SIZES, loss=loss or self.losses[0], **self.settings)

    def library(self, **options):
        """The library's own object with these settings."""
        return find_theirs(self.name)(**self.settings, **options)


def find_theirs(name):
    package, _, kind = name.rpartition(".")
    pytest.importorskip(package.partition(".")[0])
    return getattr(import_module(package), kind)


@pytest.fixture(autouse=True)
def keras_runs_on_pytorch(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")


def read_rows():
    rows = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| `\w+(\.\w+)+\(", line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            rows += [Row(call, cells) for call in re.findall("`(.*?)`", cells[0])]
    return rows


ROWS = read_rows()
PENALTIES = [row for row in ROWS if row.name in ENTRIES]
OTHERS = [row for row in ROWS if row.name not in ENTRIES]


def with_rows(rows):
    return pytest.mark.parametrize("row", rows, ids=repr)


def of_this_test(test):
    """Run a test for the rows of the page that name it, beside each loss of the row."""
    cases = [(row, loss) for row in ROWS for loss in row_losses(row) if row.test[1] == test]
    ids = [f"{row.call}-{loss}" for row, loss in cases]
    assert cases, f"no row of the page names {test}"
    return pytest.mark.parametrize(("row", "loss"), cases, ids=ids)


def row_losses(row):
    found = row.losses if row in PENALTIES else [None]
    return [*found, "mse"] if "half_mse" in found else found


def parts_of(penalty):
    """a and b of L1(a) + L2(b), which is a + b/2 at 1 and 2a + 2b at 2."""
    one, two = (penalty.value(np.array([w])) for w in (1.0, 2.0))
    return 2 * one - two / 2, two - 2 * one


# -- the page --------------------------------------------------------------------------------------


def test_the_page_has_a_row_for_every_known_name():
    assert {row.name for row in ROWS} == set(NAMES)


def test_every_row_names_a_test_that_exists():
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| there |", "| library |")):
            ((file, test),) = LINK.findall(line)
            tree = ast.parse((Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8"))
            assert test in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


@with_rows(PENALTIES)
def test_penalties_of_the_page_are_those_of_equivalent(row):
    assert row.codes(1)
    for code in row.codes(1):
        np.testing.assert_allclose(
            parts_of(evaluate(code)), parts_of(row.equivalent()), rtol=1e-14, err_msg=code
        )


@with_rows(PENALTIES)
def test_the_objective_is_a_multiple_of_loss_plus_penalty(row):
    (objective,) = row.codes(0)
    for loss in row_losses(row):
        penalty, ratios = row.equivalent(loss), []
        for w in np.random.default_rng(1).normal(size=(5, FEATURES)):
            errors = (Y - X @ w)[: BATCH if "B" in objective else M]
            squares = loss in ("half_mse", "mse")
            losses = errors**2 / 2 if squares else np.log1p(np.exp(-errors))  # any, one per example
            mean = losses.mean()
            theirs = evaluate(objective, w=w, e=errors, ℓ=losses, loss=mean)
            ratios.append(theirs / ((2 if loss == "mse" else 1) * mean + penalty.value(w)))
        np.testing.assert_allclose(ratios, ratios[0], rtol=1e-13)


@with_rows(PENALTIES)
def test_the_way_back_gives_the_setting_of_the_library(row):
    (code,) = row.codes(3)
    back = row.read(code)
    kinds = {"L1": "a" in re.findall(r"\w+", code), "L2": "b" in re.findall(r"\w+", code)}
    expected = [SYMBOLS[s] * kinds[kind] for kind, s in (("L1", "a"), ("L2", "b"))]
    found = reg.equivalent(row.name, **SIZES, loss=row.losses[0], **back)
    np.testing.assert_allclose(parts_of(found), expected, rtol=1e-14, atol=1e-15)


# -- scikit-learn ----------------------------------------------------------------------------------

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
    pytest.importorskip("sklearn", minversion="1.8")
    options = SOLVERS[row.name.rpartition(".")[2]]
    if row.name.endswith("LogisticRegression"):
        options = {**options, "solver": "saga" if "l1_ratio" in row.settings else "newton-cg"}
    theirs = row.library(**options).fit(X, TARGETS[loss])
    weight, bias = minimize(loss, row.equivalent(loss))
    np.testing.assert_allclose(weight, np.atleast_2d(theirs.coef_), rtol=0, atol=1e-6)
    centred = np.atleast_1d(theirs.intercept_)
    if loss == "cross_entropy":  # a constant added to all biases changes nothing
        bias, centred = bias - bias.mean(), centred - centred.mean()
    np.testing.assert_allclose(bias, centred, rtol=0, atol=1e-6)
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


def test_a_regression_of_k_targets_has_a_kth_of_the_strength():
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


@of_this_test("test_a_gradient_is_that_of_scikit_learns_mlp")
def test_a_gradient_is_that_of_scikit_learns_mlp(row, loss):
    """The gradient of one batch, from one step of plain SGD."""
    options = {
        "hidden_layer_sizes": (3,), "activation": "tanh", "solver": "sgd", "momentum": 0.0,
        "nesterovs_momentum": False, "learning_rate_init": RATE, "batch_size": BATCH,
        "shuffle": False, "random_state": 0,
    }  # fmt: skip
    theirs, x, y = row.library(**options), X[:BATCH], TARGETS[loss][:BATCH]
    classes = {} if loss in ("mse", "half_mse") else {"classes": np.unique(TARGETS[loss])}
    theirs.partial_fit(x, y, **classes)
    model = copy_mlp(theirs)
    theirs.partial_fit(x, y)
    (LOSS[loss](model(mr.tensor(x)), column(y)) + row.equivalent(loss)(model)).backward()
    factor = 2 if loss == "mse" else 1
    for ours, after in zip(model.parameters(), copy_mlp(theirs).parameters()):
        gradient = (ours.data - after.data) / RATE
        np.testing.assert_allclose(ours.grad, factor * gradient, atol=1e-12)


def test_lbfgs_divides_alpha_by_the_training_set():
    kind, alpha = find_theirs("sklearn.neural_network.MLPRegressor"), 5.0
    options = {"hidden_layer_sizes": (3,), "activation": "tanh", "solver": "lbfgs", "tol": 1e-9}
    theirs = kind(alpha=alpha, max_iter=10**4, random_state=0, **options).fit(X, Y)
    model, name = copy_mlp(theirs), "sklearn.neural_network.MLPRegressor"
    penalty = reg.equivalent(name, alpha=alpha, batch_size=M, loss="half_mse")
    (LOSS["half_mse"](model(mr.tensor(X)), column(Y)) + penalty(model)).backward()
    assert max(np.abs(p.grad).max() for p in model.parameters()) < 1e-3  # at the optimum
    assert max(np.abs(penalty.gradient(p.data)).max() for p in model.parameters()) > 0.05


# -- PyTorch ---------------------------------------------------------------------------------------

W = np.array([[0.5, -1.0, 2.0], [0.25, -0.75, 1.5]])
DATA = np.array([[0.3, 0.2, -0.7], [-0.4, 1.1, 0.6]])  # the data loss is ½ ‖w − DATA‖²


@of_this_test("test_steps_are_those_of_pytorch")
def test_steps_are_those_of_pytorch(row, loss):
    """Five steps of their weight_decay, of their optimizer with our gradient, and of ours."""
    torch, penalty = pytest.importorskip("torch"), row.equivalent()
    decayed, penalized = (torch.tensor(W, requires_grad=True) for _ in range(2))
    with_decay = row.library(params=[decayed], lr=RATE)
    without = find_theirs(row.name)([penalized], lr=RATE)
    ours = mr.tensor(W, requires_grad=True)
    kind = getattr(optim, row.name.rpartition(".")[2], None)
    optimizer = kind and kind([ours], lr=RATE)
    for _ in range(5):
        decayed.grad = decayed.detach() - torch.tensor(DATA)
        with_decay.step()
        w = penalized.detach().numpy()
        penalized.grad = torch.tensor(w - DATA + penalty.gradient(w))
        without.step()
        np.testing.assert_allclose(w, decayed.detach(), atol=1e-10)
        if optimizer:
            optimizer.zero_grad()
            (0.5 * ((ours - mr.tensor(DATA)) ** 2).sum() + penalty(ours)).backward()
            optimizer.step()
            np.testing.assert_allclose(ours.numpy(), decayed.detach(), atol=1e-10)


def shrink_a_bias(name):
    """The bias 1 of a library's linear layer after one step with zero gradients."""
    if name.startswith("keras"):
        keras = pytest.importorskip("keras")
        bias = keras.Variable(np.ones(2), dtype="float64")
        optimizer = find_theirs(name)(learning_rate=RATE, weight_decay=0.5)
        optimizer.apply([keras.ops.zeros(2, dtype="float64")], [bias])
        return bias.value.numpy(force=True)
    module = pytest.importorskip("torch").nn if name.startswith("torch") else nn
    layer = module.Linear(3, 2)
    layer.bias.data = layer.bias.data * 0 + 1
    (layer.bias.sum() * 0).backward()
    kind = find_theirs(name) if name.startswith("torch") else optim.SGD
    kind([layer.bias], lr=RATE, weight_decay=0.5).step()
    return np.asarray(layer.bias.data)


@pytest.mark.parametrize("name", ["optim.SGD", "torch.optim.SGD", "keras.optimizers.SGD"])
def test_weight_decay_acts_on_biases_everywhere(name):
    np.testing.assert_array_equal(shrink_a_bias(name), 1 - RATE * 0.5)


# -- Keras -----------------------------------------------------------------------------------------


@of_this_test("test_values_and_gradients_are_those_of_keras")
def test_values_and_gradients_are_those_of_keras(row, loss):
    """The penalty that a Dense layer adds to the loss: that of its kernel, without its bias."""
    keras, torch = pytest.importorskip("keras"), pytest.importorskip("torch")
    theirs = keras.layers.Dense(2, kernel_regularizer=row.library(), dtype="float64")
    theirs.build((None, 3))
    theirs.set_weights([W.T, np.array([3.0, -4.0])])  # kernels of Keras are (in, out)
    (term,) = theirs.losses
    layer, penalty = nn.Linear(3, 2), row.equivalent()
    layer.weight.data, layer.bias.data = W, np.array([3.0, -4.0])
    np.testing.assert_allclose(penalty(layer).item(), term.item(), rtol=1e-10)
    (gradient,) = torch.autograd.grad(term, [theirs.kernel.value])
    np.testing.assert_allclose(penalty.gradient(W), gradient.numpy().T, rtol=1e-10)


def test_orthogonal_of_keras_is_another_formula():
    keras = pytest.importorskip("keras")
    theirs = keras.regularizers.OrthogonalRegularizer(0.375)
    ratios = []
    for w in np.random.default_rng(0).normal(size=(2, 3, 4)):
        value = theirs(keras.ops.convert_to_tensor(w, dtype="float64")).item()
        rows = w / np.linalg.norm(w, axis=1, keepdims=True)
        cosines = np.abs(rows @ rows.T)[np.triu_indices(3, 1)]
        np.testing.assert_allclose(value, 0.375 * cosines.mean(), rtol=1e-6)
        ratios.append(reg.Orthogonal(1.0).value(w) / value)
    assert ratios[0] != pytest.approx(ratios[1], rel=0.1)


# -- decoupled decay -------------------------------------------------------------------------------


def take_steps(name, w, gradient, steps=1, **settings):
    """The weights after steps of a library's optimizer, in float64."""
    if name.startswith("keras"):
        keras = pytest.importorskip("keras")
        v = keras.Variable(w, dtype="float64")
        optimizer = find_theirs(name)(learning_rate=RATE, **settings)
        for _ in range(steps):
            g = gradient(v.value.numpy(force=True))
            optimizer.apply([keras.ops.convert_to_tensor(g, dtype="float64")], [v])
        return v.value.numpy(force=True)
    torch = pytest.importorskip("torch")
    v = torch.tensor(w, requires_grad=True)
    optimizer = find_theirs(name)([v], lr=RATE, **settings)
    for _ in range(steps):
        v.grad = torch.tensor(gradient(v.detach().numpy()))
        optimizer.step()
    return v.detach().numpy()


def take_our_steps(kind, gradient, steps, shrink=0.0, **settings):
    w = mr.tensor(W, requires_grad=True)
    optimizer = kind([w], lr=RATE, **settings)
    for _ in range(steps):
        w.grad = gradient(w.numpy())
        w.data *= 1 - RATE * shrink
        optimizer.step()
    return w.numpy()


def data_gradient(w):
    """That of ½ ‖w − DATA‖²."""
    return w - DATA


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Nadam of Keras
@with_rows([row for row in OTHERS if row.name in DECOUPLED])
def test_decoupled_decay_shrinks_before_the_step(row):
    """A step with decay is w ← w − lr λ w and one without, for the same gradient.

    Adafactor of PyTorch reads the length of the step off w before it shrinks w.
    """
    decayed = take_steps(row.name, W, lambda w: DATA, **row.settings)
    shrink = RATE * row.settings["weight_decay"] * W
    start, after = (0, shrink) if row.name == "torch.optim.Adafactor" else (shrink, 0)
    without = take_steps(row.name, W - start, lambda w: DATA, weight_decay=0.0) - after
    np.testing.assert_allclose(decayed, without, atol=1e-10)


@of_this_test("test_adamw_takes_the_steps_of_pytorch_and_keras")
def test_adamw_takes_the_steps_of_pytorch_and_keras(row, loss):
    """With an ε that is 0 in effect: its place differs in Keras."""
    keras = row.name.startswith("keras")
    epsilon = {"epsilon" if keras else "eps": 2.0**-60}
    theirs = take_steps(row.name, W, data_gradient, 5, **row.settings, **epsilon)
    ours = take_our_steps(optim.AdamW, data_gradient, 5, **row.settings, eps=2.0**-60)
    np.testing.assert_allclose(ours, theirs, atol=1e-6 if keras else 1e-10)


def test_adam_of_pytorch_can_be_adamw():
    settings = {"weight_decay": 0.375, "decoupled_weight_decay": True}
    theirs = take_steps("torch.optim.Adam", W, data_gradient, 5, **settings)
    ours = take_our_steps(optim.AdamW, data_gradient, 5, weight_decay=0.375)
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


@of_this_test("test_keras_sgd_shrinks_and_then_steps")
def test_keras_sgd_shrinks_and_then_steps(row, loss):
    decay = row.settings["weight_decay"]
    for momentum in (0.0, 0.5):
        theirs = take_steps(row.name, W, data_gradient, 5, momentum=momentum, **row.settings)
        options = {"momentum": momentum, "shrink": decay}
        ours = take_our_steps(optim.SGD, data_gradient, 5, **options)
        np.testing.assert_allclose(ours, theirs, atol=1e-10)
        coupled = take_our_steps(optim.SGD, data_gradient, 5, momentum=momentum, weight_decay=decay)
        assert np.allclose(coupled, theirs, atol=1e-10) == (momentum == 0)


@with_rows(OTHERS)
def test_what_is_no_penalty_raises_and_names_what_is_the_same(row):
    with pytest.raises(ArgumentError) as caught:
        reg.equivalent(row.name, **row.settings)
    message, here = str(caught.value), row.codes(1)
    assert row.name in message
    if row.name in DECOUPLED:
        assert here == ([DECOUPLED[row.name]] if DECOUPLED[row.name] else [])
        assert (here or ["No optimizer here"])[0] in message
    else:
        assert "reg.Orthogonal(λ) is λ/4 ‖WᵀW − I‖²" in message


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


# -- bad input -------------------------------------------------------------------------------------

RIDGE = "sklearn.linear_model.Ridge"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"alpha": 1.0, "loss": "mse"}, ArgumentError, "needs a size: pass samples=, the number"),
        ({"alpha": 1.0, "loss": "mse", "samples": 0}, ArgumentError, "samples must be at least 1"),
        ({"alpha": -1.0, "loss": "mse", "samples": 9}, ArgumentError, "alpha must be at least 0"),
        ({"alpha": 1.0, "samples": 9}, ArgumentError, "loss must be 'half_mse' or 'mse', got None"),
        ({"alpha": 1.0, "samples": 9, "loss": "hinge"}, ArgumentError, "'half_mse' or 'mse', got"),
        ({"samples": 9, "loss": "mse"}, ArgumentTypeError, "Missing: alpha; unknown: nothing"),
        (
            {"alpha": 1.0, "l2": 1.0, "samples": 9, "loss": "mse"}, ArgumentTypeError,
            "The settings of sklearn.linear_model.Ridge are alpha. Missing: nothing; unknown: l2",
        ),
        ({"alpha": "1", "samples": 9, "loss": "mse"}, ArgumentTypeError, "alpha must be a number"),
        ({"name": "sklearn.linear_model.SGDClassifier", "alpha": 1, "penalty": "l3",
          "loss": "hinge"}, ArgumentError, "penalty must be 'l2', 'l1' or 'elasticnet'"),
        ({"name": "sklearn.linear_model.LogisticRegression", "C": 0, "samples": 9,
          "loss": "cross_entropy"}, ArgumentError, "C must be greater than 0"),
        ({"name": "sklearn.neural_network.MLPRegressor", "alpha": 1.0, "samples": 9,
          "loss": "mse"}, ArgumentError, "needs a size: pass batch_size="),
        ({"name": "Rigde"}, ArgumentError, "'Rigde'. Did you mean sklearn.linear_model.Ridge? The"),
        ({"name": "numpy"}, ArgumentError, "about 'numpy'. The known names are sklearn.linear"),
        ({"name": nn.Linear}, ArgumentTypeError, "name must be a string such as 'sklearn.lin"),
        ({"name": "torch.optim.SGD", "weight_decay": 1, "loss": "mae"}, ArgumentError, "loss must"),
    ],
)  # fmt: skip
def test_a_mistake_gets_its_sentence(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        reg.equivalent(arguments.pop("name", RIDGE), **arguments)


def test_a_strength_of_zero_is_a_penalty_of_zero():
    assert repr(reg.equivalent("keras.regularizers.L1", l1=0.0)) == "L2(0, scale='half')"
    assert repr(reg.equivalent("keras.regularizers.L1L2", l1=0.5)) == "L1(0.5)"
