"""Settings give an architecture, and an architecture gives a network."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError
from minireg.models import Settings
from minireg.models.architecture import (
    ACTIVATIONS,
    DROPOUTS,
    build_model,
    choose_architecture,
)
from minireg.random import Generator

IMAGE = (3, 16, 12)


def kinds(model):
    return [type(layer).__name__ for layer in model]


@pytest.mark.host
def test_images_get_a_cnn_and_tables_an_mlp_by_default():
    assert choose_architecture(Settings(), IMAGE, 4).model == "cnn"
    assert choose_architecture(Settings(), (7,), 4).model == "mlp"
    assert (
        choose_architecture(Settings(), (1, 4, 4), 4).model == "mlp"
    )  # too small to be halved twice
    assert choose_architecture(Settings(channels=[4]), (1, 4, 4), 4).model == "cnn"
    assert choose_architecture(Settings(model="linear"), IMAGE, 4).hidden == ()
    assert choose_architecture(Settings(hidden=[]), (7,), 4).hidden == ()


@pytest.mark.host
def test_layers_have_the_order_of_the_description():
    settings = Settings(channels=[4], hidden=[5], batch_norm=True, dropout=0.5, activation="tanh")
    assert kinds(build_model(choose_architecture(settings, IMAGE, 2))) == [
        "Normalize", "Conv2d", "BatchNorm2d", "Tanh", "MaxPool2d", "Flatten",
        "Linear", "BatchNorm1d", "Tanh", "Dropout", "Linear",
    ]  # fmt: skip
    regression = choose_architecture(Settings(model="linear"), (7,), 2, regression=True)
    assert kinds(build_model(regression)) == ["Normalize", "Flatten", "Linear", "Unstandardize"]
    bare = choose_architecture(Settings(model="linear", normalize=False), (7,), 2, regression=True)
    assert kinds(build_model(bare)) == ["Flatten", "Linear"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("model", ["cnn", "linear", "mlp"])
def test_every_network_gives_an_output_for_each_class(model, activation):
    architecture = choose_architecture(Settings(model=model, activation=activation), IMAGE, 4)
    x = mr.tensor(np.zeros((2, *IMAGE), np.float32))
    assert build_model(architecture)(x).shape == (2, 4)


@pytest.mark.host
def test_dropout_does_not_change_the_initial_weights():
    def weights(dropout, seed):
        settings = Settings(hidden=[6, 5], dropout=dropout)
        model = build_model(choose_architecture(settings, (4,), 3), Generator(seed))
        return [p.numpy() for p in model.parameters()]

    for plain, dropped, other in zip(weights(0.0, 1), weights(0.5, 1), weights(0.0, 2)):
        np.testing.assert_array_equal(plain, dropped)
        assert (plain != other).any()


@pytest.mark.host
@pytest.mark.parametrize("kind", DROPOUTS)
def test_every_kind_of_dropout_becomes_its_layer(kind):
    end, pool = ["Linear"], ["MaxPool2d", "Flatten"]
    names = {
        "dropout": ["Conv2d", "ReLU", *pool, "Linear", "ReLU", "Dropout", *end],
        "original": ["Conv2d", "ReLU", *pool, "Linear", "ReLU", "Dropout", *end],
        "gaussian": ["Conv2d", "ReLU", *pool, "Linear", "ReLU", "GaussianDropout", *end],
        "alpha": ["Conv2d", "ReLU", *pool, "Linear", "ReLU", "AlphaDropout", *end],
        "drop-connect": ["Conv2d", "ReLU", *pool, "DropConnect", "ReLU", *end],
        "spatial": ["Conv2d", "ReLU", "Dropout2d", *pool, "Linear", "ReLU", *end],
        "drop-block": ["Conv2d", "ReLU", "DropBlock2d", *pool, "Linear", "ReLU", *end],
    }
    options = {"channels": [2], "hidden": [5], "block_size": 4, "normalize": False}
    plain, dropping = (
        build_model(
            choose_architecture(Settings(dropout=p, dropout_kind=kind, **options), IMAGE, 3),
            Generator(7),
        )
        for p in (0.0, 0.25)
    )
    assert kinds(dropping) == names[kind]
    for a, b in zip(plain.parameters(), dropping.parameters(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    [layer] = [m for m in dropping if isinstance(m, nn.MaskedLayer)]
    assert layer.p == 0.25
    assert getattr(layer, "inverted", True) == (kind != "original")
    assert getattr(layer, "block_size", 4) == 4
    dropping.train()(mr.tensor(np.ones((2, *IMAGE), np.float32)))
    assert layer.mask is not None


@pytest.mark.host
@pytest.mark.parametrize("normalize", [False, True])
def test_gaussian_noise_stands_after_the_standardisation(normalize):
    settings = Settings(model="linear", gaussian_noise=0.5, normalize=normalize)
    model = build_model(choose_architecture(settings, (4,), 3))
    assert kinds(model) == ["Normalize"] * normalize + ["GaussianNoise", "Flatten", "Linear"]
    assert model[normalize].sigma == 0.5


@pytest.mark.host
def test_dropout_layers_have_streams_of_their_own():
    model = build_model(choose_architecture(Settings(hidden=[9, 9], dropout=0.5), (4,), 3))
    masks = []
    for layer in model:
        if isinstance(layer, nn.Dropout):
            layer(mr.tensor(np.ones((50, 9), np.float32)))
            masks.append(np.asarray(layer.mask))
    assert (masks[0] != masks[1]).any()


@pytest.mark.host
@pytest.mark.parametrize(
    ("settings", "shape", "words"),
    [
        ({"model": "cnn"}, (7,), "A cnn is for images"),
        ({"channels": [4], "model": "mlp"}, IMAGE, "The model mlp has no layers for channels"),
        ({"hidden": [4], "model": "linear"}, IMAGE, "has no layers for hidden"),
        ({"dropout": 0.5, "model": "linear"}, IMAGE, "has no layers for dropout"),
        ({"dropout_kind": "spatial", "dropout": 0.1}, (7,), "the model mlp has none"),
        (
            {"block_size": 4, "dropout_kind": "drop-block", "dropout": 0.1, "channels": [4, 4, 4]},
            IMAGE,
            "shorter side is 3: use block_size=3 or less",
        ),
        ({"channels": [4, 4, 4, 4]}, IMAGE, "one of 16 x 12 allows only 3: give fewer values for"),
    ],
)
def test_contradictions_are_refused(settings, shape, words):
    with pytest.raises(ArgumentError, match=words) as caught:
        choose_architecture(Settings(**settings), shape, 2)
    assert caught.value.argument == next(iter(settings))
