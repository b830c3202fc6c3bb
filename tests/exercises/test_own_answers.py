"""minireg's own penalties and optimizers pass the exercises."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import optim
from minireg.exercises import check
from minireg.regularizers import L1, L2

pytestmark = pytest.mark.host


def penalize(w, b, strength, scale, m):
    penalty = L2(strength, scale=scale, samples=m)
    return penalty.value(w), (penalty.gradient(w), np.zeros_like(b))


def step_of(kind):
    def step(w, gradient, learning_rate, decay):
        leaf = mr.tensor(w.copy(), requires_grad=True)
        leaf.grad = gradient.copy()
        kind([leaf], lr=learning_rate, weight_decay=decay).step()
        return leaf.numpy().copy()

    return step


OWN = {
    "l2": {"l2": penalize},
    "l1": {"l1": lambda w, s: (L1(s).value(w), L1(s).gradient(w))},
    "soft_threshold": {"soft_threshold": lambda w, t: L1(t).proximal(w, 1.0)},
    "weight_decay": {
        "sgd_step": step_of(optim.SGD),
        "adam_step": step_of(optim.Adam),
        "adamw_step": step_of(optim.AdamW),
    },
}


@pytest.mark.parametrize("name", OWN)
def test_minireg_passes_its_exercises(name):
    result = check(name, **OWN[name])
    assert result, result
