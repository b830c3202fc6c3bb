"""First and second derivatives of modules with other options than in the catalogue.

The catalogue (`tests/test_catalogue.py`) has each layer and loss once.
"""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn

IMAGES = (2, 2, 5, 4)
LAYERS = {
    "linear_on_a_vector": (lambda: nn.Linear(5, 3), (5,)),
    "linear_on_a_stack": (lambda: nn.Linear(4, 3), (2, 3, 4)),
    "linear_without_bias": (lambda: nn.Linear(5, 3, bias=False), (4, 5)),
    "dropout_in_evaluation": (lambda: nn.Dropout(0.4).eval(), (4, 5)),
    "conv2d_in_groups": (lambda: nn.Conv2d(2, 2, (3, 2), 2, 1, groups=2), IMAGES),
    "conv2d_without_bias": (lambda: nn.Conv2d(2, 1, 2, padding="same", bias=False), IMAGES),
    "max_pool2d_with_padding": (lambda: nn.MaxPool2d(2, padding=1), IMAGES),
    "avg_pool2d_with_overlap": (lambda: nn.AvgPool2d(2, 1), IMAGES),
    "batch_norm2d_in_evaluation": (lambda: nn.BatchNorm2d(2).eval(), IMAGES),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_has_right_derivatives(name):
    make, shape = LAYERS[name]
    layer, x = make(), np.random.default_rng(0).normal(size=shape)
    mr.assert_gradients(layer, x, parameters=layer.named_parameters(), order=2)


def test_a_chain_of_layers_has_right_derivatives():
    dropout = nn.Dropout(0.3)
    net = nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.ReLU(), dropout, nn.Linear(5, 3))

    def function(x):
        dropout.generator = mr.Generator(4)  # the same mask every time
        return net(x)

    x = np.random.default_rng(0).normal(size=(4, 2, 3))
    mr.assert_gradients(function, x, parameters=net.named_parameters(), order=2)


@pytest.mark.parametrize("labels", ["hard", "soft"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("label_smoothing", [0.0, 0.2])
def test_cross_entropy_has_right_derivatives(labels, reduction, weighted, label_smoothing):
    soft = np.random.default_rng(7).dirichlet(np.ones(3), size=4)
    target = mr.tensor(soft if labels == "soft" else np.array([0, 2, 1, 2]))
    weight = mr.tensor(np.array([0.5, 2.0, 1.5])) if weighted else None
    criterion = nn.CrossEntropyLoss(weight, reduction=reduction, label_smoothing=label_smoothing)
    logits = np.random.default_rng(0).normal(size=(4, 3))
    mr.assert_gradients(lambda z: criterion(z, target), logits, order=2)
