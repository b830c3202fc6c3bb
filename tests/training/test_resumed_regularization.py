"""A run with every dropout layer, or with any penalty, is resumed bit by bit."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from tests.training.problems import blobs, network, weights


class Rows(nn.Module):
    def forward(self, x):
        return x[:, 0]


def dropout_network():
    return nn.Sequential(
        nn.Dropout2d(0.1), nn.DropBlock2d(0.1, 2), nn.StochasticDepth(0.1), nn.GaussianNoise(0.1),
        Rows(), nn.Dropout1d(0.1), nn.Flatten(), nn.DropConnect(16, 8, 0.1), nn.SELU(),
        nn.AlphaDropout(0.1), nn.GaussianDropout(0.1), nn.ConcreteDropout(0.1),
        nn.Dropout(0.1, inverted=False), nn.Linear(8, 2),
    )  # fmt: skip


def images():
    x = np.random.default_rng(0).normal(size=(40, 1, 4, 4)).astype(np.float32)
    return x, np.arange(40) % 2


def train(make, data, file, *runs, optimizer=optim.SGD, **options):
    mr.seed(3)
    model = make()
    for epochs in runs:
        mr.seed(4)  # a resumed run must not depend on it
        history = mr.fit(
            model, data, epochs=epochs, batch_size=10, checkpoint=file, resume=file.exists(),
            optimizer=optimizer(model.parameters(), 0.05), progress=False, **options,
        )  # fmt: skip
        if epochs != runs[-1]:
            mr.seed(5)
            model = make()  # other weights and streams: all come from the file
    return model, history


def check_same(make, data, folder, **options):
    whole, of_whole = train(make, data, folder / "whole", 4, **options)
    parts, of_parts = train(make, data, folder / "parts", 2, 4, **options)
    for one, other in zip(weights(whole), weights(parts), strict=True):
        assert one.tobytes() == other.tobytes()
    assert of_whole.columns["loss"] == of_parts.columns["loss"]
    assert of_whole.penalty == of_parts.penalty
    return whole, parts


def test_every_dropout_layer_continues_with_its_masks(tmp_path):
    whole, parts = check_same(dropout_network, images(), tmp_path)
    after = [nn.masks(model) for model in (whole, parts)]
    assert len(after[0]) == 10
    for path, mask in after[0].items():
        assert (mr.tensor(mask) == mr.tensor(after[1][path])).all()


SUM = reg.ElasticNet(0.01) + reg.NonNegative() + reg.GroupLasso(0.01) + reg.MaxNorm(0.5)
PENALTIES = [
    reg.L1(0.01), reg.L2(0.1, "half_mean"), reg.L1L2(0.01, 0.01), reg.Norm(0.01),
    reg.GroupLasso(0.01, axis=1), reg.SparseGroupLasso(0.01), reg.Orthogonal(0.01),
    reg.Spectral(0.01), reg.Nuclear(0.01), reg.UnitNorm(), SUM,
]  # fmt: skip


@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_every_penalty_continues_as_a_loss_term(penalty, tmp_path):
    check_same(network, blobs(), tmp_path, penalty=penalty)


@pytest.mark.parametrize("penalty", [PENALTIES[i] for i in (0, 4, 8, 10)], ids=repr)
def test_proximal_steps_continue(penalty, tmp_path):
    check_same(network, blobs(), tmp_path, penalty=penalty, proximal=True)


@pytest.mark.parametrize("optimizer", [optim.SGDW, optim.Adam, optim.AdamW])
def test_decay_penalties_of_layers_and_terms_continue(optimizer, tmp_path):
    def make():
        net = network(dropout=0.2)
        net[0].regularizer = reg.L1(0.01)
        return net

    terms = [reg.ActivityL1(0.01).on(nn.ReLU), reg.ConfidencePenalty(0.1)]
    check_same(make, blobs(), tmp_path, optimizer=optimizer, terms=terms, proximal=True)
