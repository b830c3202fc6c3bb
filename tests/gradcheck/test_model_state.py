"""check_model changes neither the model nor a random stream."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from tests.gradcheck import wrong_layers
from tests.gradcheck.wrong_layers import MODELS, WRONG, draw_batch

PLACES = st.integers(0, 40)


def describe(model, *tensors):
    """Everything about a model that a check might change."""
    state = {}
    for path, module in model.named_modules():
        state |= {(path, name): id(value) for name, value in vars(module).items()}
    for name, t in [*model.named_parameters(), *model.named_buffers(), *enumerate(tensors)]:
        state[name] = id(t.data), t.numpy().tobytes(), t.dtype, t.requires_grad, id(t.grad)
    state |= {(name, "stream"): str(g.state) for name, g in model.named_generators()}
    return state | {
        "streams": (
            str(mr.default_generator().state),
            str(np.random.mtrand.get_bit_generator().state),
        )
    }


@given(st.sampled_from(MODELS), st.sampled_from([*WRONG, nn.Identity]), PLACES)
@settings(max_examples=6)
def test_the_model_and_the_random_streams_stay_as_they_were(make, layer, place):
    model, shape = make()
    wrong_layers.put(model, place, layer())
    x, y = draw_batch(shape)
    mr.cross_entropy(model(x), y).backward()
    before = describe(model, x, y)
    mr.check_model(model, mr.cross_entropy, (x, y), entries=4)
    assert describe(model, x, y) == before


@pytest.mark.parametrize("fatal_call", [1, 2, 9, 50])
def test_the_model_stays_as_it_was_when_it_raises(fatal_call):
    model, shape = wrong_layers.cnn()
    x, y = draw_batch(shape)
    before, calls = describe(model, x, y), []

    def loss(prediction, y):
        calls.append(1)
        if len(calls) == fatal_call:
            raise KeyboardInterrupt
        return mr.cross_entropy(prediction, y)

    with pytest.raises(KeyboardInterrupt):
        mr.check_model(model, loss, (x, y))
    assert describe(model, x, y) == before
