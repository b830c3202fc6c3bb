"""`weight_decay=` of a Keras optimizer is decoupled, and multiplied by lr."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg import optim

torch = pytest.importorskip("torch")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras")

# Keras multiplies its settings in float32; eighths and their products are exact there.
numbers = st.integers(1, 7).map(lambda eighths: eighths / 8)
STEPS = 10


def descend_in_keras(optimizer, start, gradients):
    variable = keras.Variable(start, dtype="float64")
    for g in gradients:
        optimizer.apply([torch.tensor(g)], [variable])
    return variable.value.detach().cpu().numpy()


def descend(backend, make, start, gradients):
    w = mr.tensor(start.copy(), requires_grad=True)
    optimizer = make([w])
    for g in gradients:
        w.grad = backend.asarray(g)
        optimizer.step()
    return w.numpy()


def draw_problem():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3, 2)), rng.normal(size=(STEPS, 3, 2))


@settings(max_examples=10)
@given(lr=numbers, decay=numbers, momentum=st.just(0.0) | numbers, nesterov=st.booleans())
def test_weight_decay_of_sgd_in_keras_is_that_of_sgdw(backend, lr, decay, momentum, nesterov):
    start, gradients = draw_problem()
    nesterov = nesterov and momentum > 0
    options = {"momentum": momentum, "nesterov": nesterov, "weight_decay": decay}
    ours = descend(backend, lambda p: optim.SGDW(p, lr=lr, **options), start, gradients)
    theirs = keras.optimizers.SGD(learning_rate=lr, **options)
    expected = descend_in_keras(theirs, start, gradients)
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-10)


@settings(max_examples=10)
@given(lr=numbers, decay=numbers)
@pytest.mark.parametrize("name", ["Adam", "AdamW"])
def test_weight_decay_of_adam_in_keras_is_that_of_adamw(backend, name, lr, decay):
    start, gradients = draw_problem()
    # ε has another place in Keras: 1e-30 has none
    ours = descend(
        backend,
        lambda p: optim.AdamW(p, lr=lr, betas=(0.5, 0.75), eps=1e-30, weight_decay=decay),
        start, gradients,
    )  # fmt: skip
    theirs = getattr(keras.optimizers, name)(
        learning_rate=lr, beta_1=0.5, beta_2=0.75, epsilon=1e-30, weight_decay=decay
    )
    expected = descend_in_keras(theirs, start, gradients)
    np.testing.assert_allclose(ours, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.host
@pytest.mark.parametrize(
    "name",
    ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Lion", "Lamb"],
)
def test_weight_decay_of_any_optimizer_of_keras_is_decoupled(name):
    optimizer = getattr(keras.optimizers, name)(learning_rate=0.125, weight_decay=0.5)
    decayed = descend_in_keras(optimizer, np.ones(1), np.zeros((1, 1)))
    np.testing.assert_allclose(decayed, [1 - 0.125 * 0.5], rtol=1e-15)
