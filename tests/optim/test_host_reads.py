"""A training step never waits for the device: host reads are counted on the guarded backend."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from tests.guarded import counting

OPTIMIZERS = {
    "sgd": lambda params: optim.SGD(params, lr=0.1, weight_decay=0.1),
    "momentum": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=0.1),
    "nesterov": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, nesterov=True),
    "dampened": lambda params: optim.SGD(params, lr=0.1, momentum=0.9, dampening=0.5),
    "sgdw": lambda params: optim.SGDW(params, momentum=0.9, independent_decay=True),
    "adam": lambda params: optim.Adam(params, weight_decay=0.1),
    "adamw": lambda params: optim.AdamW(params, amsgrad=True),
    "rmsprop": lambda params: optim.RMSprop(params, weight_decay=0.1),
    "centered": lambda params: optim.RMSprop(params, momentum=0.9, centered=True),
    "adagrad": lambda params: optim.Adagrad(params, weight_decay=0.1, lr_decay=0.1),
}


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("way", ["loss term", "add_gradients", "apply_proximal"])
def test_a_training_step_reads_and_uploads_nothing(make, way):
    rng = np.random.default_rng(0)
    images = mr.tensor(rng.uniform(size=(8, 1, 4, 4)).astype(np.float32))
    labels = mr.tensor(rng.integers(0, 3, 8))
    net = nn.Sequential(nn.Flatten(), nn.Linear(16, 5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3))
    penalty = reg.L1(1e-3) + reg.L2(1e-3, "half_mean", samples=8)
    optimizer, criterion = make(net.parameters()), nn.CrossEntropyLoss(label_smoothing=0.1)

    with counting() as counts:
        for _ in range(3):
            loss = criterion(net(images), labels)
            optimizer.zero_grad()
            (loss + penalty(net) if way == "loss term" else loss).backward()
            if way == "add_gradients":
                penalty.add_gradients(net)
            optimizer.step()
            if way == "apply_proximal":
                penalty.apply_proximal(net, 0.1)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()


@pytest.mark.parametrize("norm_type", [1, 2.0, 3, np.inf])
def test_clipping_and_a_schedule_read_and_upload_nothing(norm_type):
    net = nn.Sequential(nn.Linear(16, 5), nn.ReLU(), nn.Linear(5, 3))
    images = mr.tensor(np.random.default_rng(0).normal(size=(8, 16)).astype(np.float32))
    optimizer = optim.AdamW(net.parameters())
    schedule = optim.lr_scheduler.OneCycleLR(optimizer, 0.1, 3)
    with counting() as counts:
        for _ in range(3):
            optimizer.zero_grad()
            (net(images) ** 2).mean().backward()
            norm = optim.clip_grad_norm_(net.parameters(), 0.1, norm_type)
            optim.clip_grad_value_(net.parameters(), 0.01)
            optimizer.step()
            schedule.step()
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
    assert norm.shape == ()
