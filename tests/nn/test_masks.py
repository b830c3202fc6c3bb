"""Masks are listed, stored and used again."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError


def network():
    inner = nn.Sequential(nn.Linear(4, 5), nn.GaussianDropout(0.3))
    return nn.Sequential(nn.Dropout(0.5), inner, nn.DropConnect(5, 2))


def step(model):
    """The output and the gradients of a training step."""
    model.zero_grad()
    y = model(mr.ones((3, 4)))
    y.sum().backward()
    return [y.numpy(), *(mr.Tensor(p.grad).numpy() for p in model.parameters())]


def test_masks_are_listed_by_path():
    model = network()
    assert nn.masks(model) == {}
    step(model)
    assert {path: mask.shape for path, mask in nn.masks(model).items()} == {
        "0": (3, 4), "1.1": (3, 5), "2": (3, 2, 5),
    }  # fmt: skip


def test_a_replayed_step_has_the_same_output_and_gradients(tmp_path):
    model = network()
    first = step(model)
    mr.save(nn.masks(model), tmp_path / "masks.safetensors")
    assert not np.array_equal(step(model)[0], first[0])
    before = [generator.position for _, generator in model.named_generators()]
    stored = mr.load(tmp_path / "masks.safetensors")
    with nn.replay(model, {path: mr.tensor(mask) for path, mask in stored.items()}):
        again = step(model), step(model)
    for arrays in again:
        for one, other in zip(arrays, first):
            np.testing.assert_array_equal(one, other)
    assert [generator.position for _, generator in model.named_generators()] == before
    assert not np.array_equal(step(model)[0], first[0])


def test_later_steps_do_not_change_listed_masks(backend):
    model = network()
    step(model)
    masks = nn.masks(model)
    copies = [backend.to_host(mask).copy() for mask in masks.values()]
    step(model)
    for mask, copy in zip(masks.values(), copies):
        np.testing.assert_array_equal(backend.to_host(mask), copy)


def test_layers_without_a_given_mask_draw(backend):
    model = network()
    step(model)
    first = nn.masks(model)
    with nn.replay(model, {"0": first["0"]}):
        step(model)
    second = nn.masks(model)
    same = {p: (backend.to_host(first[p]) == backend.to_host(second[p])).all() for p in first}
    assert same == {"0": True, "1.1": False, "2": False}


def test_masks_of_the_host_are_used_on_any_backend():
    layer, mask = nn.Dropout(0.5), np.array([True, False])
    with nn.replay(layer, {"": mask}):
        assert layer(mr.ones(2)).tolist() == [2.0, 0.0]


def test_blocks_may_be_nested_and_end_after_an_error():
    layer, ones, zeros = nn.Dropout(0.5), np.ones(50, bool), np.zeros(50, bool)

    def fail():
        with nn.replay(layer, {"": zeros}):
            assert layer(mr.ones(50)).tolist() == [0.0] * 50
            raise RuntimeError

    with nn.replay(layer, {"": ones}):
        with pytest.raises(RuntimeError):
            fail()
        assert layer(mr.ones(50)).tolist() == [2.0] * 50
    position = layer.generator.position
    layer(mr.ones(50))
    assert layer.generator.position == position + 50


@pytest.mark.parametrize(
    ("masks", "error", "sentence"),
    [
        (
            {"3": np.ones(3)},
            ArgumentError,
            r"no dropout layer '3' in this model, only \['0', '1\.1",
        ),
        (
            {"0": [True]},
            ArgumentTypeError,
            r"mask of '0' must be an array or a Tensor, got \[True\]",
        ),
        ([np.ones(3)], ArgumentTypeError, r"masks must be a dict .* got \[array"),
    ],
)
def test_masks_that_cannot_be_used_are_refused(masks, error, sentence):
    model = network()
    with pytest.raises(error, match=sentence), nn.replay(model, masks):
        pass
    assert model[0].replayed is None


def test_what_is_not_a_module_has_no_masks():
    for model in (None, mr.ones(3)):
        with pytest.raises(ArgumentTypeError, match=r"must be an nn\.Module, got"):
            nn.masks(model)


def test_a_mask_of_another_shape_names_both_shapes():
    layer = nn.Dropout(0.5)
    with (
        nn.replay(layer, {"": np.ones((2, 3), bool)}),
        pytest.raises(ArgumentError, match=r"Dropout\(p=0\.5\) needs .* \(4, 3\) .* \(2, 3\)"),
    ):
        layer(mr.ones((4, 3)))


@pytest.mark.parametrize("missing", ["draw", "use"])
def test_a_layer_of_your_own_must_define_draw_and_use(missing):
    class Own(nn.MaskedLayer):
        def draw(self, shape, like):
            return self.generator.bernoulli(shape, 0.5, like)

        def use(self, x, mask):
            return x

    layer = Own()
    assert layer(mr.ones(2)).tolist() == [1.0, 1.0]
    delattr(Own, missing)
    with pytest.raises(NotImplementedError, match=rf"Own must define {missing}\("):
        layer(mr.ones(2))
