"""Every layer and loss: first and second derivatives against finite differences, in float64."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn

# Central differences err by h²/6 f''' + ε f / h.  With h = ε^(1/3) both are about 4e-11 for the
# functions here, whose values and derivatives are of order 1 to 100.
STEP = float(np.finfo(np.float64).eps ** (1 / 3))
CLOSE = {"rtol": 2e-8, "atol": 2e-8}


def linear_layer(*shape, bias=True):
    return lambda: nn.Linear(shape[-1], 3, bias=bias, generator=mr.Generator(1)), shape


IMAGES = (2, 2, 5, 4)
LAYERS = {
    "linear": linear_layer(4, 5),
    "linear_on_a_vector": linear_layer(5),
    "linear_on_a_stack": linear_layer(2, 3, 4),
    "linear_without_bias": linear_layer(4, 5, bias=False),
    "relu": (nn.ReLU, (3, 4)),
    "flatten": (nn.Flatten, (2, 3, 2)),
    # a new generator for each call: the same mask every time
    "dropout": (lambda: nn.Dropout(0.4, generator=mr.Generator(2)), (4, 5)),
    "dropout_in_evaluation": (lambda: nn.Dropout(0.4).eval(), (4, 5)),
    "conv2d": (lambda: nn.Conv2d(2, 2, (3, 2), 2, 1, groups=2, generator=mr.Generator(1)), IMAGES),
    "conv2d_without_bias": (
        lambda: nn.Conv2d(2, 1, 2, padding="same", bias=False, generator=mr.Generator(1)),
        IMAGES,
    ),
    "max_pool2d": (lambda: nn.MaxPool2d(2, padding=1), IMAGES),
    "avg_pool2d": (lambda: nn.AvgPool2d(2, 1), IMAGES),
    "adaptive_avg_pool2d": (lambda: nn.AdaptiveAvgPool2d((3, 2)), IMAGES),
    "batch_norm1d": (lambda: nn.BatchNorm1d(3), (4, 3)),
    "batch_norm2d": (lambda: nn.BatchNorm2d(2), IMAGES),
    "batch_norm2d_in_evaluation": (lambda: nn.BatchNorm2d(2).eval(), IMAGES),
    "layer_norm": (lambda: nn.LayerNorm((5, 4)), IMAGES),
    "sequential": (
        lambda: nn.Sequential(
            nn.Flatten(),
            nn.Linear(6, 5, generator=mr.Generator(3)),
            nn.ReLU(),
            nn.Dropout(0.3, generator=mr.Generator(4)),
            nn.Linear(5, 3, generator=mr.Generator(5)),
        ),
        (4, 2, 3),
    ),
}

SOFT = np.random.default_rng(7).dirichlet(np.ones(3), size=4)
HARD = np.array([0, 2, 1, 2])
WEIGHT = np.array([0.5, 2.0, 1.5])
LOSSES = {
    f"{labels}_{reduction}{'_weighted' if weighted else ''}{'_smoothed' if smoothing else ''}": (
        HARD if labels == "hard" else SOFT,
        WEIGHT if weighted else None,
        {"label_smoothing": smoothing, "reduction": reduction},
    )
    for labels in ("hard", "soft")
    for reduction in ("mean", "sum", "none")
    for weighted in (False, True)
    for smoothing in (0.0, 0.2)
}


def layer_case(name):
    """(function of a list of leaves, their start values): the input and all parameters."""
    make, shape = LAYERS[name]
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape)
    x = np.where(abs(x) < 0.05, 0.1, x)  # away from relu's kink
    names = [path for path, _ in make().named_parameters()]
    starts = [np.array(p.numpy(), np.float64) for p in make().parameters()]

    def function(leaves):
        layer = make()
        for path, leaf in zip(names, leaves[1:], strict=True):
            *parents, last = path.split(".")
            owner = layer
            for parent in parents:
                owner = getattr(owner, parent)
            vars(owner)[last] = leaf
        y = layer(leaves[0])
        c = mr.tensor(np.random.default_rng(1).normal(size=y.shape))
        return (c * (y + y * y * y)).sum()  # curved, so that there are second derivatives

    return function, [x, *starts]


def loss_case(name):
    labels, weight, options = LOSSES[name]

    def function(leaves):
        criterion = nn.CrossEntropyLoss(None if weight is None else mr.tensor(weight), **options)
        losses = criterion(leaves[0], mr.tensor(labels))
        c = mr.tensor(np.random.default_rng(1).normal(size=losses.shape))
        return (c * (losses + losses * losses)).sum()

    return function, [np.random.default_rng(0).normal(size=(4, 3))]


CASES = [(layer_case, name) for name in LAYERS] + [(loss_case, name) for name in LOSSES]
every_case = pytest.mark.parametrize(("case", "name"), CASES, ids=[name for _, name in CASES])


def leaves_of(values):
    return [mr.tensor(value, requires_grad=True) for value in values]


def shifted(values, i, direction):
    return [value + direction if i == j else value for j, value in enumerate(values)]


@every_case
def test_first_derivatives_are_those_of_finite_differences(case, name):
    function, values = case(name)
    leaves = leaves_of(values)
    gradients = mr.grad(function(leaves), leaves)
    for i, value in enumerate(values):
        numeric = np.empty_like(value)
        for index in np.ndindex(value.shape):
            h = np.zeros_like(value)
            h[index] = STEP
            above = function(leaves_of(shifted(values, i, h))).item()
            below = function(leaves_of(shifted(values, i, -h))).item()
            numeric[index] = (above - below) / (2 * STEP)
        np.testing.assert_allclose(gradients[i].numpy(), numeric, **CLOSE, err_msg=f"input {i}")


@every_case
def test_second_derivatives_are_those_of_finite_differences(case, name):
    """H v for a random direction v through all inputs at once, against differences of gradients."""
    function, values = case(name)
    rng = np.random.default_rng(2)
    directions = [rng.normal(size=value.shape) for value in values]

    def gradients_at(t):
        leaves = leaves_of([v + t * d for v, d in zip(values, directions, strict=True)])
        return [g.numpy() for g in mr.grad(function(leaves), leaves)]

    leaves = leaves_of(values)
    first = mr.grad(function(leaves), leaves, create_graph=True)
    slope = sum((g * mr.tensor(d)).sum() for g, d in zip(first, directions, strict=True))
    second = mr.grad(slope, leaves)
    above, below = gradients_at(STEP), gradients_at(-STEP)
    for i, (product, a, b) in enumerate(zip(second, above, below, strict=True)):
        numeric = (a - b) / (2 * STEP)
        np.testing.assert_allclose(product.numpy(), numeric, **CLOSE, err_msg=f"input {i}")
