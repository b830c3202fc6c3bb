"""A probability of dropping that a callback changes from epoch to epoch."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from tests.training.problems import blobs, weights


class RisingDropout(mr.callbacks.Callback):
    """p = epoch / 10, by a callback of one's own."""

    def after_epoch(self, run):
        run.model[1].p = run.epoch / 10

    def on_start(self, run):
        self.after_epoch(run)

    def resume(self, run, state):
        self.after_epoch(run)


@pytest.mark.parametrize("kind", [nn.Dropout, nn.GaussianDropout])
def test_a_changing_p_survives_an_interruption(tmp_path, kind):
    def train(*runs):
        mr.seed(3)
        model = nn.Sequential(nn.Linear(2, 8), kind(), nn.Linear(8, 3))
        file = tmp_path / f"{len(runs)}.safetensors"
        for epochs in runs:
            mr.fit(
                model, blobs(30), epochs=epochs, callbacks=[RisingDropout()], checkpoint=file,
                resume=file.exists(), progress=False,
            )  # fmt: skip
        return model

    whole, parts = train(4), train(2, 4)
    assert whole[1].p == parts[1].p == 0.4
    for one, other in zip(weights(whole), weights(parts)):
        np.testing.assert_array_equal(one, other)
