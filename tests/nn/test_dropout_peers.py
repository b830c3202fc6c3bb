"""The dropout layers of PyTorch and Keras, with their masks and noise given to minireg."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn

pytestmark = pytest.mark.host

torch = pytest.importorskip("torch")

DRAWN = {"p": st.floats(0.01, 0.95), "seed": st.integers(0, 999)}
SHAPES = {
    "dropout": (4, 6),
    "dropout1d": (4, 3, 2),
    "dropout2d": (4, 3, 2, 2),
    "alpha_dropout": (4, 6),
}
OURS = {
    "dropout": nn.Dropout,
    "dropout1d": nn.Dropout1d,
    "dropout2d": nn.Dropout2d,
    "alpha_dropout": nn.AlphaDropout,
}


def assert_same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", OURS)
@given(**DRAWN)
def test_outputs_and_gradients_are_those_of_pytorch(name, p, seed):
    x = np.random.default_rng(seed).normal(size=SHAPES[name])
    g = np.random.default_rng(seed + 1).normal(size=SHAPES[name])
    torch.manual_seed(seed)
    theirs = torch.tensor(x, requires_grad=True)
    y = getattr(torch.nn.functional, name)(theirs, p, training=True)
    y.backward(torch.tensor(g))

    layer, ours = OURS[name](p), mr.tensor(x, requires_grad=True)
    kept = (theirs.grad != 0).numpy()
    mask = kept[tuple(slice(n) for n in layer.mask_shape(ours))]  # one entry of each channel
    with nn.replay(layer, {"": mask}):
        output = layer(ours)
    output.backward(mr.tensor(g))
    assert_same(output.numpy(), y.detach().numpy())
    assert_same(ours.grad, theirs.grad.numpy())


@given(**DRAWN)
def test_drop_connect_is_that_of_pytorchs_linear(p, seed):
    rng = np.random.default_rng(seed)
    x, mask = rng.normal(size=(5, 4)), rng.random((5, 3, 4)) < 1 - p
    layer = nn.DropConnect(4, 3, p)
    for parameter in layer.parameters():
        parameter.data = parameter.data.astype(np.float64)
    weight, bias = (torch.tensor(t.numpy(), requires_grad=True) for t in layer.parameters())
    rows = [
        torch.nn.functional.linear(torch.tensor(row), torch.tensor(m) * weight / (1 - p), bias)
        for row, m in zip(x, mask)
    ]
    y = torch.stack(rows)
    y.square().sum().backward()
    with nn.replay(layer, {"": mask}):
        output = layer(mr.tensor(x))
    (output * output).sum().backward()
    assert_same(output.numpy(), y.detach().numpy())
    assert_same(layer.weight.grad, weight.grad.numpy())
    assert_same(layer.bias.grad, bias.grad.numpy())


# -- Keras -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "torch")
    return pytest.importorskip("keras")


def output_of_keras(layer, x):
    return layer(torch.tensor(x), training=True).detach().cpu().numpy()


@given(**DRAWN)
def test_gaussian_dropout_is_that_of_keras(keras, p, seed):
    x = np.random.default_rng(seed).normal(size=(4, 6))
    theirs = output_of_keras(keras.layers.GaussianDropout(p, seed=seed, dtype="float64"), x)
    stream = keras.random.SeedGenerator(seed)
    noise = keras.random.normal(x.shape, dtype="float64", seed=stream).cpu().numpy()
    assert_same(mr.gaussian_dropout(mr.tensor(x), mr.tensor(noise), p).numpy(), theirs)


@given(sigma=st.floats(0, 1), seed=st.integers(0, 999))
def test_gaussian_noise_is_that_of_keras(keras, sigma, seed):
    x = np.random.default_rng(seed).normal(size=(4, 6))
    theirs = output_of_keras(keras.layers.GaussianNoise(sigma, seed=seed, dtype="float64"), x)
    stream = keras.random.SeedGenerator(seed)
    noise = keras.random.normal(x.shape, dtype="float64", seed=stream).cpu().numpy()
    layer = nn.GaussianNoise(sigma)
    with nn.replay(layer, {"": noise}):
        assert_same(layer(mr.tensor(x)).numpy(), theirs)


@given(**DRAWN)
def test_alpha_dropout_is_that_of_keras(keras, p, seed):
    x = np.random.default_rng(seed).normal(size=(4, 6))
    theirs = output_of_keras(keras.layers.AlphaDropout(p, seed=seed, dtype="float64"), x)
    uniform = keras.random.uniform(x.shape, seed=keras.random.SeedGenerator(seed))
    mask = uniform.cpu().numpy() >= p
    assert_same(mr.alpha_dropout(mr.tensor(x), mr.tensor(mask), p).numpy(), theirs)


@pytest.mark.parametrize(
    ("name", "layer", "shape"),
    [
        ("Dropout", nn.Dropout, (4, 6)),
        ("SpatialDropout1D", nn.Dropout1d, (4, 3, 2)),
        ("SpatialDropout2D", nn.Dropout2d, (4, 3, 2, 2)),
    ],
)
@given(**DRAWN)
def test_dropout_of_entries_and_channels_is_that_of_keras(keras, name, layer, shape, p, seed):
    x = np.random.default_rng(seed).normal(size=shape)
    peer = getattr(keras.layers, name)(p, seed=seed, dtype="float64")
    theirs = np.moveaxis(output_of_keras(peer, np.moveaxis(x, 1, -1)), -1, 1)  # channels last
    ours = layer(p)
    mask = (theirs != 0)[tuple(slice(n) for n in ours.mask_shape(mr.tensor(x)))]
    with nn.replay(ours, {"": mask}):
        assert_same(ours(mr.tensor(x)).numpy(), theirs)
