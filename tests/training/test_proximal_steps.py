"""A proximal step of the length `effective_step(p)` ends at the right minimum, with exact zeros."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError
from tests.training.problems import blobs, in_double, network, weights

# The learning rates are constant.  Adam and its relatives need no schedule here: the gradient at
# the minimum is −1 and not 0, so v̂ tends to 1, and they take the steps of gradient descent there.
OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.01, momentum=0.9),
    "dampened": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5),
    "nesterov": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "sgdw": lambda p: optim.SGDW(p, lr=0.01, momentum=0.9, weight_decay=0.0),
    "adam": lambda p: optim.Adam(p, lr=0.05),
    "amsgrad": lambda p: optim.Adam(p, lr=0.05, amsgrad=True),
    "adamw": lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.0),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.02),
    "rmsprop with momentum": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9),
    "adagrad": lambda p: optim.Adagrad(p, lr=1.0),
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def descend(make, penalty, gradient, start, steps, length=None):
    """The weights after steps of the optimizer with this gradient, each with a proximal step."""
    w = mr.tensor(np.array(start), requires_grad=True)
    optimizer = make([w])
    for _ in range(steps):
        w.grad = gradient(w.data)
        optimizer.step()
        step = optimizer.effective_step(w) if length is None else length
        w.overwrite(penalty.proximal(w.data, step))
    return w.numpy()


def descend_from(start, make, length=None):
    """On ½(w − 3)² + |w|, whose minimum is at w = 2."""
    return descend(make, reg.L1(1.0), lambda w: w - 3, [start], 1000, length).item()


@every_optimizer
@pytest.mark.backends("numpy", "cupy")  # the lasso below has the same steps on guarded arrays
@pytest.mark.parametrize("start", [-1.0, 0.0, 5.0])
def test_every_optimizer_reaches_the_minimum(make, start):
    assert descend_from(start, make) == pytest.approx(2.0, abs=1e-3)


@every_optimizer
def test_an_own_loop_with_effective_step_reaches_it_too(make):
    w, v = (mr.tensor([start], requires_grad=True, dtype="float64") for start in (5.0, -1.0))
    optimizer = make([w, v])
    for _ in range(1000):
        w.grad, v.grad = w.data - 3, 10 * (v.data - 3)  # Adam's lengths for w and v differ
        optimizer.step()
        reg.L1(1.0).apply_proximal([w, v], optimizer.effective_step)
    assert w.item() == pytest.approx(2.0, abs=1e-3)
    assert v.item() == pytest.approx(2.9, abs=1e-3)


def test_with_the_length_lr_the_minimum_is_another():
    assert descend_from(0.0, OPTIMIZERS["momentum"], length=0.01) == pytest.approx(2.9, abs=1e-9)
    assert descend_from(0.0, OPTIMIZERS["adam"], length=0.05) == 0.0


@every_optimizer
def test_every_optimizer_reaches_the_lasso_of_scikit_learn(backend, make):
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng, strength = np.random.default_rng(0), 0.3
    x, true = rng.normal(size=(60, 12)), np.array([3.0, -2.0, 1.0, 0.5] + [0.0] * 8)
    y = x @ true + 0.5 * rng.normal(size=60)
    lasso = linear_model.Lasso(alpha=strength, fit_intercept=False, tol=1e-14, max_iter=100_000)
    expected = lasso.fit(x, y).coef_
    hessian, slope = backend.asarray(x.T @ x / 60), backend.asarray(x.T @ y / 60)
    found = descend(make, reg.L1(strength), lambda w: hessian @ w - slope, np.full(12, 0.5), 2000)
    np.testing.assert_array_equal(found == 0, expected == 0)
    assert (found == 0).sum() == 8
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["adam", "momentum"])
def test_fit_reaches_the_lasso_of_scikit_learn(name):
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(1)
    x, true = rng.normal(size=(40, 6)), np.array([[2.0, -1.0, 0.0, 0.0, 0.0, 0.0]])
    y = x @ true.T + 0.3 * rng.normal(size=(40, 1))
    model = in_double(nn.Linear(6, 1))
    mr.fit(
        model, (x, y), epochs=400, batch_size=40, criterion=mr.mse_loss,
        optimizer=OPTIMIZERS[name](model.parameters()),
        penalty=reg.L1(2 * 0.2), proximal=True, progress=False,  # mse_loss has no ½
    )  # fmt: skip
    lasso = linear_model.Lasso(alpha=0.2, tol=1e-14, max_iter=100_000).fit(x, y)
    found = model.weight.numpy()[0]
    np.testing.assert_array_equal(found == 0, lasso.coef_ == 0)
    assert (found == 0).any()
    np.testing.assert_allclose(found, lasso.coef_, rtol=0, atol=1e-6)
    np.testing.assert_allclose(model.bias.numpy()[0], lasso.intercept_, rtol=0, atol=1e-6)


def test_l1_and_the_default_optimizer_give_exact_zeros():
    model = network()
    mr.fit(model, blobs(), epochs=30, penalty=reg.L1(0.05), proximal=True, progress=False)
    assert sum(int((w == 0).sum()) for w in weights(model) if w.ndim == 2) > 5


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_weights_without_gradient_take_no_proximal_step(name):
    class Half(nn.Module):
        def __init__(self):
            self.used, self.unused = nn.Linear(2, 3), nn.Linear(2, 3)

        def forward(self, x):
            return self.used(x)

    model = Half()
    used, unused = model.used.weight.numpy().copy(), model.unused.weight.numpy().copy()
    mr.fit(
        model, blobs(), epochs=1, optimizer=OPTIMIZERS[name](model.parameters()),
        penalty=reg.L1(0.1), proximal=True, progress=False,
    )  # fmt: skip
    assert (model.used.weight.numpy() != used).all()
    np.testing.assert_array_equal(model.unused.weight.numpy(), unused)


class Ball(reg.Constraint):
    """‖w‖ ≤ 1."""

    order = "ball"

    def project(self, w):
        xp = mr.namespace(w)
        return w / xp.maximum(xp.sqrt((w * w).sum()), 1)


@pytest.mark.parametrize(
    ("name", "expected"), [("momentum", [0.6, 0.8]), ("adam", [0.5**0.5, 0.5**0.5])]
)
def test_the_nearest_point_of_a_ball_is_right_after_equal_steps(backend, name, expected):
    """½‖w − c‖² in the unit ball is lowest at c/‖c‖.  Adam goes to sign(c) times a constant: the
    entries of its step have other lengths, and the nearest point does not know of them."""
    c = backend.asarray(np.array([3.0, 4.0]))
    found = descend(OPTIMIZERS[name], Ball(), lambda w: w - c, [0.0, 0.0], 2000)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3)


# -- refused ---------------------------------------------------------------------------------------


class Quartic(reg.Penalty):
    """Σ w⁴: without a proximal step."""

    def value(self, w):
        return mr.namespace(w).sum(w * w * w * w)

    def gradient(self, w):
        return 4 * w * w * w


class Length(reg.Penalty):
    """‖w‖, whose proximal step must have one length for all entries."""

    def value(self, w):
        return (w * w).sum() ** 0.5

    def gradient(self, w):
        return w / self.value(w)

    def proximal(self, w, step):
        if getattr(step, "shape", ()):
            raise ArgumentError("Length needs one step for all entries.", argument="step")
        xp = mr.namespace(w)
        return w * xp.maximum(1 - step / self.value(w), 0)


class Unprojected(reg.Constraint):
    """A constraint without a projection."""


class OwnOptimizer(optim.Optimizer):
    """Gradient descent without a length of its steps."""

    def __init__(self, params):
        super().__init__(params, {"eta": 0.1})

    def update(self, params, group):
        for p in params:
            p.data[...] -= group["eta"] * p.grad


def adam_in_one_group(params):
    return optim.Adam([{"params": list(params), "lr": 0.1}])


@pytest.mark.parametrize(
    ("penalty", "optimizer", "sentence"),
    [
        (Quartic(), optim.SGD, "with SGD. No proximal step is known .* use it as a loss term"),
        (Length(), optim.Adam, "for this penalty with Adam. Length needs one step"),
        (Length() + reg.L2(0.1), adam_in_one_group, "with Adam. Length needs one step"),
        (None, optim.Adam, r"proximal=True is a way to apply a penalty on weights"),
        (reg.L1(0.1), OwnOptimizer, r"with OwnOptimizer. OwnOptimizer must define effective_step"),
    ],
)
def test_an_impossible_proximal_step_is_refused_at_once(penalty, optimizer, sentence):
    model = network()
    before = weights(model)
    options = {
        "epochs": 1, "optimizer": optimizer(model.parameters()), "penalty": penalty,
        "progress": False,
    }  # fmt: skip
    with pytest.raises(ArgumentError, match=sentence) as caught:
        mr.fit(model, blobs(), proximal=True, **options)
    assert caught.value.argument == "proximal"
    for old, new in zip(before, weights(model)):
        np.testing.assert_array_equal(old, new)
    mr.fit(model, blobs(), **options)  # as a term of the loss it works


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "sgdw"])
def test_momentum_reaches_the_minimum_of_a_norm_too(backend, name):
    """½‖w − c‖² + ‖w‖ with ‖c‖ = 5 has its minimum at c (1 − 1/5)."""
    c = backend.asarray(np.array([3.0, 4.0]))
    found = descend(OPTIMIZERS[name], Length(), lambda w: w - c, [1.0, -1.0], 1000)
    np.testing.assert_allclose(found, [2.4, 3.2], rtol=1e-9)


def test_a_constraint_needs_no_length():
    model = network()
    mr.fit(
        model, blobs(), epochs=1, optimizer=OwnOptimizer(model.parameters()),
        penalty=reg.NonNegative(), progress=False,
    )  # fmt: skip
    assert min(w.min() for w in weights(model) if w.ndim == 2) >= 0


def test_a_constraint_without_a_projection_is_named():
    with pytest.raises(NotImplementedError, match=r"^Unprojected must define project\(w\)"):
        mr.fit(network(), blobs(), epochs=1, penalty=Unprojected(), progress=False)
