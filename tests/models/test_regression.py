"""What a regression learns depends on no unit, and what it answers is in the user's."""

from __future__ import annotations

import numpy as np

import minireg as mr
from minireg import nn
from minireg.data import Dataset
from minireg.models.regression import StandardizedMSE, Unstandardize


def targets():
    y = np.random.default_rng(0).normal([2000, -3], [300, 0.01], (16, 2)).astype(np.float32)
    return Dataset(y, y)


def test_the_last_layer_undoes_what_was_done_to_the_targets():
    data = targets()
    there = nn.Normalize.of(data)(mr.tensor(data.x))
    np.testing.assert_allclose(there.numpy().std(axis=0), 1, rtol=1e-3)
    np.testing.assert_allclose(Unstandardize.of(data)(there).numpy(), data.x, rtol=1e-5)


def test_what_is_learned_does_not_depend_on_the_unit_of_the_targets():
    data = targets()
    x = np.random.default_rng(1).normal(size=(16, 3)).astype(np.float32)
    back = Unstandardize.of(data)

    def gradient(model, criterion, y):
        for p in model.parameters():
            p.data[...] = mr.ones(p.shape).data
        criterion(model(mr.tensor(x)), y).backward()
        return mr.Tensor(model[0].weight.grad).numpy()

    raw = gradient(
        nn.Sequential(nn.Linear(3, 2), back), StandardizedMSE(back.std), mr.tensor(data.x)
    )
    standardized = mr.tensor(nn.Normalize.of(data)(mr.tensor(data.x)))
    plain = gradient(nn.Sequential(nn.Linear(3, 2)), mr.mse_loss, standardized)
    np.testing.assert_allclose(raw, plain, rtol=2e-3)


def test_always_giving_the_mean_costs_one():
    data = targets()
    mean = np.broadcast_to(data.x.mean(axis=0), data.x.shape).astype(np.float32)
    loss = StandardizedMSE(Unstandardize.of(data).std)(mr.tensor(mean), mr.tensor(data.x))
    np.testing.assert_allclose(loss.numpy(), 1, rtol=1e-3)


def test_the_figures_are_saved_and_loaded_with_the_weights():
    state = nn.Sequential(Unstandardize([2.0], [4.0])).state_dict()
    fresh = nn.Sequential(Unstandardize([0.0], [1.0]))
    fresh.load_state_dict(state)
    assert fresh(mr.tensor([[1.5]])).tolist() == [[8.0]]
    assert not list(fresh.parameters())
