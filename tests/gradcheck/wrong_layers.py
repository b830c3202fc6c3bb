"""Layers with a wrong backward pass, the right layers beside them, and models to put them in."""

from __future__ import annotations

import numpy as np

import minireg as mr
from minireg import namespace, nn


@mr.primitive
def wrong_swish(x):
    gate = 1 / (1 + namespace(x).exp(-x))
    return x * gate, (lambda g: g * gate,)  # without x gate'


@mr.primitive
def wrong_scale(x, scale):
    return x * scale, (lambda g: g * scale, lambda g: g * x / 2)


@mr.primitive
def wrong_shift(x, shift):
    return x + shift, (lambda g: g, lambda g: -g)


@mr.primitive
def wrong_add(x, y):
    return x + y, (lambda g: g, lambda g: 2 * g)


@mr.primitive
def wrong_loss(prediction, target):
    difference = prediction - target
    return (difference**2).mean(), (lambda g: g * difference,)


class Swish(nn.Module):
    def forward(self, x):
        return wrong_swish(x)


class Scale(nn.Module):
    """With one parameter, whose gradient is half of what it should be; that of x is right."""

    def __init__(self):
        self.scale = nn.Parameter(mr.tensor(1.5))

    def forward(self, x):
        return wrong_scale(x, self.scale)


class Shift(nn.Module):
    def __init__(self):
        self.shift = nn.Parameter(mr.tensor(0.5))

    def forward(self, x):
        return wrong_shift(x, self.shift)


class Residual(nn.Module):
    def __init__(self, *branch):
        self.branch = nn.Sequential(*branch)

    def forward(self, x):
        return x + self.branch(x)


class WrongSum(Residual):
    """Its parts are right, and its own addition is wrong."""

    def forward(self, x):
        return wrong_add(x, self.branch(x))


class CutBranch(Residual):
    def forward(self, x):
        return x + self.branch(x).detach()


WRONG = [Swish, Scale, Shift]
WRONG_PARENTS = [WrongSum, CutBranch]


def mlp():
    layers = [nn.Linear(4, 6), nn.Tanh(), nn.Dropout(0.3), nn.Linear(6, 5), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(5, 3)), (4,)


def cnn():
    images = [nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*images, nn.Flatten(), nn.Dropout(0.4), nn.Linear(8, 3)), (1, 6, 6)


def residual():
    blocks = [
        Residual(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Dropout(0.3)) for _ in range(2)
    ]
    return nn.Sequential(*blocks, nn.Linear(4, 3)), (4,)


MODELS = [mlp, cnn, residual]


def put(model, place, layer):
    """Return the path of a layer that is put at one of the places of the (nested) Sequentials."""
    chains = [(path, m) for path, m in model.named_modules() if isinstance(m, nn.Sequential)]
    path, chain = chains[place % len(chains)]
    layers = list(chain)
    i = place % (len(layers) + 1)
    for name, _ in list(chain.named_children()):
        del vars(chain)[name]
    chain.extend([*layers[:i], layer, *layers[i:]])
    return f"{path}.{i}" if path else str(i)


def draw_batch(shape, seed=0, n=5):
    random = np.random.default_rng(seed)
    return mr.tensor(random.normal(size=(n, *shape))), mr.tensor(random.integers(0, 3, size=n))
