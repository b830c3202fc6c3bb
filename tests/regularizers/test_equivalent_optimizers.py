"""Rows of docs/strengths.md about PyTorch and Keras, compared with them by values and steps."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.regularizers.equivalent import DECOUPLED
from tests.regularizers.strengths import OTHERS, find_theirs, of_this_test, with_rows

pytestmark = pytest.mark.host


@pytest.fixture(autouse=True)
def keras_runs_on_pytorch(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")


RATE = 0.125

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


def test_activity_is_divided_by_the_batch_as_in_keras():
    keras = pytest.importorskip("keras")
    x = np.concatenate([W, W[:, ::-1]])  # four outputs of a layer
    for l1, l2, term in ((0.375, 0.0, reg.ActivityL1(0.375)), (0.0, 0.375, reg.ActivityL2(0.375))):
        layer = keras.layers.ActivityRegularization(l1=l1, l2=l2, dtype="float64")
        layer(keras.ops.convert_to_tensor(x, dtype="float64"))
        np.testing.assert_allclose(term.value(x), layer.losses[0].item(), rtol=1e-10)


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


def take_our_steps(kind, gradient, steps, **settings):
    w = mr.tensor(W, requires_grad=True)
    optimizer = kind([w], lr=RATE, **settings)
    for _ in range(steps):
        w.grad = gradient(w.numpy())
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


@of_this_test("test_sgdw_takes_the_steps_of_keras_sgd")
def test_sgdw_takes_the_steps_of_keras_sgd(row, loss):
    decay = row.settings["weight_decay"]
    for momentum in (0.0, 0.5):
        theirs = take_steps(row.name, W, data_gradient, 5, momentum=momentum, **row.settings)
        options = {"momentum": momentum, "weight_decay": decay}
        ours = take_our_steps(optim.SGDW, data_gradient, 5, **options)
        np.testing.assert_allclose(ours, theirs, atol=1e-10)
        coupled = take_our_steps(optim.SGD, data_gradient, 5, **options)
        assert np.allclose(coupled, theirs, atol=1e-10) == (momentum == 0)
