"""Layers for images against PyTorch's with the same weights: values, gradients, running values."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn

torch = pytest.importorskip("torch")

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
IMAGES, ROWS, SIGNALS = (3, 4, 7, 6), (5, 4), (3, 4, 5)
# (name of the class, arguments, options, shape of x)
LAYERS = [
    ("Conv2d", (4, 6, 3), {}, IMAGES),
    ("Conv2d", (4, 6, (3, 2)), {"stride": (2, 1), "padding": (1, 0), "dilation": (1, 2)}, IMAGES),
    ("Conv2d", (4, 6, 3), {"groups": 2, "bias": False, "padding": "same"}, IMAGES),
    ("Conv2d", (4, 8, 3), {"groups": 4, "padding": "valid"}, IMAGES),
    ("MaxPool2d", (2,), {}, IMAGES),
    ("MaxPool2d", (3,), {"stride": 2, "padding": 1, "dilation": (1, 2)}, IMAGES),
    ("AvgPool2d", ((3, 2),), {}, IMAGES),
    ("AvgPool2d", (3,), {"stride": 1, "padding": 1, "count_include_pad": False}, IMAGES),
    ("AdaptiveAvgPool2d", (1,), {}, IMAGES),
    ("AdaptiveAvgPool2d", ((3, 4),), {}, IMAGES),
    ("BatchNorm1d", (4,), {}, ROWS),
    ("BatchNorm1d", (4,), {"eps": 0.1, "momentum": 0.5}, SIGNALS),
    ("BatchNorm2d", (4,), {}, IMAGES),
    ("BatchNorm2d", (4,), {"momentum": None}, IMAGES),
    ("BatchNorm2d", (4,), {"affine": False}, IMAGES),
    ("BatchNorm2d", (4,), {"track_running_stats": False}, IMAGES),
    ("LayerNorm", (4,), {}, ROWS),
    ("LayerNorm", ((7, 6),), {"eps": 0.1, "bias": False}, IMAGES),
    ("LayerNorm", ((4, 7, 6),), {"elementwise_affine": False}, IMAGES),
]


def named(case):
    name, args, options, shape = case
    return f"{name}{args}-{'-'.join(options)}-{len(shape)}"


every_layer = pytest.mark.parametrize("case", LAYERS, ids=named)


def pair_of(case):
    """Our layer and PyTorch's in float64, with the same random weights."""
    name, args, options, _ = case
    ours = getattr(nn, name)(*args, **options)
    theirs = getattr(torch.nn, name)(*args, **options).double()
    rng = np.random.default_rng(0)
    parameters = list(zip(ours.named_parameters(), theirs.named_parameters(), strict=True))
    for (our_name, p), (their_name, q) in parameters:
        assert our_name == their_name
        assert p.shape == tuple(q.shape)
        values = rng.normal(size=p.shape)
        p.data = mr.tensor(values).data
        q.data = torch.tensor(values)
    return doubled(ours), theirs


def doubled(layer):
    """The layer with its buffers in float64, as PyTorch's `.double()` leaves them."""
    for buffer in layer.buffers():
        if buffer.dtype == np.float32:
            buffer.data = buffer.data.astype(np.float64)
    return layer


def close(ours, theirs):
    np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), **CLOSE)


def agree(ours, theirs, shape, seed):
    """Value and all gradients for one batch."""
    rng = np.random.default_rng(seed)
    x = rng.normal(2, 3, size=shape)
    a, b = mr.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, z = ours(a), theirs(b)
    close(y, z)
    upstream = rng.normal(size=y.shape)
    leaves, others = [a, *ours.parameters()], [b, *theirs.parameters()]
    found = mr.grad(y, leaves, mr.tensor(upstream))
    for p, q in zip(found, torch.autograd.grad(z, others, torch.tensor(upstream)), strict=True):
        close(p, q)


@every_layer
@pytest.mark.parametrize("training", [True, False])
def test_value_and_gradients_are_those_of_pytorch(case, training):
    ours, theirs = pair_of(case)
    ours.train(training)
    theirs.train(training)
    agree(ours, theirs, case[-1], seed=1)


@pytest.mark.parametrize("case", [c for c in LAYERS if c[0].startswith("Batch")], ids=named)
def test_running_values_of_several_batches_are_those_of_pytorch(case):
    ours, theirs = pair_of(case)
    for seed in range(4):
        agree(ours, theirs, (case[-1][0] + seed, *case[-1][1:]), seed)
        same_buffers(ours, theirs)
    ours.eval()
    theirs.eval()
    agree(ours, theirs, case[-1], seed=9)
    same_buffers(ours, theirs)


def same_buffers(ours, theirs):
    expected = dict(theirs.named_buffers())
    found = dict(ours.named_buffers())
    assert found.keys() == expected.keys()
    for name, buffer in found.items():
        close(buffer, expected[name])


def network(library):
    layers = library.nn if library is torch else nn
    return layers.Sequential(
        layers.Conv2d(1, 4, 3, padding=1),
        layers.BatchNorm2d(4),
        layers.ReLU(),
        layers.MaxPool2d(2),
        layers.Conv2d(4, 6, 3, padding=1, bias=False),
        layers.BatchNorm2d(6),
        layers.ReLU(),
        layers.AdaptiveAvgPool2d(2),
        layers.Flatten(),
        layers.Linear(24, 8),
        layers.LayerNorm(8),
        layers.BatchNorm1d(8),
        layers.Linear(8, 3),
    )


def test_a_small_network_takes_the_same_ten_steps():
    ours, theirs = doubled(network(mr)), network(torch).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        p.data = mr.tensor(q.detach().numpy().copy()).data
    optimizers = [
        mr.optim.SGD(ours.parameters(), lr=0.1, momentum=0.9),
        torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9),
    ]
    rng = np.random.default_rng(0)
    for _ in range(10):
        x, labels = rng.normal(size=(6, 1, 8, 8)), rng.integers(0, 3, 6)
        losses = (
            mr.cross_entropy(ours(mr.tensor(x)), mr.tensor(labels)),
            torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(labels)),
        )
        for loss, optimizer in zip(losses, optimizers):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        assert losses[0].item() == pytest.approx(losses[1].item(), rel=1e-8)
    ours.eval()
    theirs.eval()
    x = rng.normal(size=(6, 1, 8, 8))
    np.testing.assert_allclose(
        ours(mr.tensor(x)).numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-7, atol=1e-8
    )


@pytest.mark.host
@pytest.mark.parametrize("groups", [1, 4])
def test_conv2d_starts_with_the_distribution_of_pytorch(groups):
    stats = pytest.importorskip("scipy.stats")
    torch.manual_seed(0)
    arguments = {"kernel_size": (3, 2), "groups": groups}
    theirs = torch.nn.Conv2d(32, 400, **arguments)
    ours = nn.Conv2d(32, 400, **arguments, generator=mr.Generator(0))
    for p, q in ((ours.weight, theirs.weight), (ours.bias, theirs.bias)):
        assert p.shape == tuple(q.shape)
        assert p.dtype == np.float32
        assert stats.ks_2samp(p.numpy().ravel(), q.detach().numpy().ravel()).pvalue > 1e-3
