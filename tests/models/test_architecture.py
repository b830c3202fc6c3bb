"""From options to a description, from a description to a network, and back."""

from __future__ import annotations

import json

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, DataError
from minireg.models.architecture import (
    ACTIVATIONS,
    Architecture,
    as_architecture,
    build_model,
    chosen_architecture,
)
from minireg.random import Generator

IMAGE = (3, 16, 12)


def kinds(model):
    return [type(layer).__name__ for layer in model]


@pytest.mark.host
def test_images_get_a_cnn_and_tables_an_mlp_unless_somebody_wants_otherwise():
    assert chosen_architecture({}, IMAGE, 4).model == "cnn"
    assert chosen_architecture({}, (7,), 4).model == "mlp"
    assert chosen_architecture({}, (1, 4, 4), 4).model == "mlp"  # too small to be halved twice
    assert chosen_architecture({"channels": [4]}, (1, 4, 4), 4).model == "cnn"
    assert chosen_architecture({"model": "linear"}, IMAGE, 4).hidden == ()
    assert chosen_architecture({"hidden": []}, (7,), 4).hidden == ()


@pytest.mark.host
def test_layers_stand_in_the_order_of_the_description():
    settings = {"channels": [4], "hidden": [5], "batch_norm": True, "dropout": 0.5}
    settings["activation"] = "tanh"
    assert kinds(build_model(chosen_architecture(settings, IMAGE, 2))) == [
        "Normalize", "Conv2d", "BatchNorm2d", "Tanh", "MaxPool2d", "Flatten",
        "Linear", "BatchNorm1d", "Tanh", "Dropout", "Linear",
    ]  # fmt: skip
    regression = chosen_architecture({"model": "linear"}, (7,), 2, regression=True)
    assert kinds(build_model(regression)) == ["Normalize", "Flatten", "Linear", "Unstandardize"]
    bare = chosen_architecture({"model": "linear", "normalize": False}, (7,), 2, regression=True)
    assert kinds(build_model(bare)) == ["Flatten", "Linear"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("model", ["cnn", "linear", "mlp"])
def test_every_network_gives_an_output_for_each_class(model, activation):
    architecture = chosen_architecture({"model": model, "activation": activation}, IMAGE, 4)
    x = mr.tensor(np.zeros((2, *IMAGE), np.float32))
    assert build_model(architecture)(x).shape == (2, 4)


@pytest.mark.host
@pytest.mark.parametrize("shape", [(9,), IMAGE, (5, 2)])
def test_a_description_survives_json(shape):
    architecture = chosen_architecture({"dropout": 0.25, "hidden": [3, 2]}, shape, 4)
    read = json.loads(json.dumps(architecture.as_dict()))
    assert as_architecture(read) == architecture
    assert isinstance(as_architecture(read), Architecture)


@pytest.mark.host
def test_something_else_is_no_description():
    for other in (
        None,
        [],
        {"model": "mlp"},
        {**chosen_architecture({}, (3,), 2).as_dict(), "x": 1},
    ):
        with pytest.raises(DataError, match="does not describe a network"):
            as_architecture(other)


@pytest.mark.host
def test_the_same_seed_gives_the_same_weights_with_and_without_dropout():
    def weights(dropout, seed):
        settings = {"hidden": [6, 5], "dropout": dropout}
        model = build_model(chosen_architecture(settings, (4,), 3), Generator(seed))
        return [p.numpy() for p in model.parameters()]

    for plain, dropped, other in zip(weights(0.0, 1), weights(0.5, 1), weights(0.0, 2)):
        np.testing.assert_array_equal(plain, dropped)
        assert (plain != other).any()


@pytest.mark.host
def test_dropout_layers_have_streams_of_their_own():
    model = build_model(chosen_architecture({"hidden": [9, 9], "dropout": 0.5}, (4,), 3))
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
        ({"model": "cnn"}, (7,), "--model cnn is for images"),
        ({"model": "mlp", "channels": [4]}, IMAGE, "--channels belongs to --model cnn"),
        ({"model": "linear", "hidden": [4]}, IMAGE, "has no --hidden layers"),
        ({"model": "linear", "dropout": 0.5}, IMAGE, "has no hidden units for --dropout"),
        ({"channels": [4, 4, 4, 4]}, IMAGE, "one of 16 x 12 allows 3: give --channels 3 numbers"),
    ],
)
def test_contradictions_are_said(settings, shape, words):
    with pytest.raises(ArgumentError, match=words):
        chosen_architecture(settings, shape, 2)
