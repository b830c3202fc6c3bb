"""Small problems that the tests of this folder train on."""

import numpy as np

import minireg as mr
from minireg import nn, optim


def blobs(n=60, classes=3, seed=0, spread=1.0):
    """Points around `classes` centres in the plane, and the numbers of their centres."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    centres = 3 * rng.normal(size=(classes, 2))
    return (centres[labels] + spread * rng.normal(size=(n, 2))).astype(np.float32), labels


def network(dropout=0.0, hidden=8):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 3))


def in_double(model):
    """The model with float64 parameters: then everything after its first layer is float64."""
    for p in model.parameters():
        p.data = p.data.astype(np.float64)
    return model


def weights(model):
    """The model's parameters as copies on the host."""
    return [p.numpy().copy() for p in model.parameters()]


def still(model):
    """An optimizer that moves nothing: the results are those of the initial weights."""
    return optim.SGD(model.parameters(), lr=0.0)


class Scripted(nn.Module):
    """A model with one weight, which `scripted_run` sets to the number of the epoch."""

    def __init__(self):
        self.weight = nn.Parameter(mr.zeros(1))
        self.epoch = 0

    def forward(self, x):
        return x[:, :1] * 0 + self.weight


def scripted_run(losses, progress=False, **options):
    """A run whose validation loss after epoch e is losses[e − 1]; the weight is e then."""
    model = Scripted()

    def criterion(outputs, targets):
        if model.training:  # one step of length 1 an epoch
            model.epoch += 1
            return -outputs.mean()
        return mr.tensor(losses[model.epoch - 1] if len(targets) == validation else 0.0)

    train, validation = 4, 5
    x = np.zeros((validation, 1), dtype=np.float32)
    history = mr.fit(
        model, (x[:train], x[:train]), (x, x), epochs=len(losses), batch_size=train,
        criterion=criterion, optimizer=optim.SGD(model.parameters(), lr=1.0), progress=progress,
        **options,
    )  # fmt: skip
    return model, history
