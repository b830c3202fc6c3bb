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
@pytest.mark.parametrize(("kind", "layer"), DROPOUTS.items())
def test_every_kind_of_dropout_becomes_its_layer(kind, layer):
    settings = Settings(hidden=[5], dropout=0.25, dropout_kind=kind)
    model = build_model(choose_architecture(settings, (4,), 3))
    assert [m.p for m in model if type(m) is getattr(nn, layer)] == [0.25]


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
        ({"channels": [4, 4, 4, 4]}, IMAGE, "one of 16 x 12 allows only 3: give fewer values for"),
    ],
)
def test_contradictions_are_refused(settings, shape, words):
    with pytest.raises(ArgumentError, match=words) as caught:
        choose_architecture(Settings(**settings), shape, 2)
    assert caught.value.argument == next(iter(settings))
