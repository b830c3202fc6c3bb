"""State dictionaries of PyTorch load in minireg, and the reverse, through safetensors files."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError

torch = pytest.importorskip("torch")
files = pytest.importorskip("safetensors.numpy")
torch_files = pytest.importorskip("safetensors.torch")


def mlp(kit):
    return kit.Sequential(
        kit.Flatten(), kit.Linear(12, 7), kit.ReLU(), kit.Dropout(0.2), kit.Linear(7, 3)
    )


def embedded(kit):
    return kit.Sequential(
        kit.Embedding(5, 4, padding_idx=0), kit.Tanh(), kit.Flatten(), kit.Linear(12, 2)
    )


def counted(kit):
    """With a buffer of each kind that BatchNorm has: floats, and a 0-d int64."""
    model = kit.Sequential(kit.Linear(6, 4, bias=False), kit.ModuleList())
    tensor = torch.tensor if kit is torch.nn else mr.tensor
    model[0].register_buffer("running_mean", tensor(np.ones(4, np.float32)))
    model[0].register_buffer("num_batches_tracked", tensor(3))
    model[0].register_buffer("scratch", tensor(0), persistent=False)
    return model[:1]


def cnn(kit):
    return kit.Sequential(
        kit.Conv2d(1, 4, 3, padding=1, bias=False), kit.BatchNorm2d(4), kit.ReLU(),
        kit.MaxPool2d(2), kit.Conv2d(4, 6, 3, stride=2, groups=2), kit.GELU(),
        kit.AdaptiveAvgPool2d(1), kit.Flatten(), kit.LayerNorm(6), kit.Linear(6, 3),
        kit.BatchNorm1d(3),
    )  # fmt: skip


FLOATS = np.random.default_rng(0).normal(size=(5, 3, 2, 2)).astype(np.float32)
IMAGES = np.random.default_rng(0).normal(size=(5, 1, 12, 10)).astype(np.float32)
INTEGERS = np.random.default_rng(0).integers(0, 5, (6, 3))

# a function that builds it from minireg.nn or torch.nn, and an input
MODELS = {
    "mlp": (mlp, FLOATS),
    "cnn": (cnn, IMAGES),
    "embedded": (embedded, INTEGERS),
    "counted": (counted, FLOATS[:, 0].reshape(5, 4).repeat(2, axis=1)[:, :6]),
}
every_model = pytest.mark.parametrize("name", MODELS)


def outputs(ours, theirs, x):
    with torch.no_grad():
        return ours.eval()(mr.tensor(x)).numpy(), theirs.eval()(torch.tensor(x)).numpy()


@every_model
def test_a_file_of_pytorch_loads_and_computes_the_same(backend, tmp_path, name):
    build, x = MODELS[name]
    torch.manual_seed(1)
    ours, theirs = build(nn), build(torch.nn)
    torch_files.save_file(theirs.state_dict(), tmp_path / "model.safetensors")
    keys = ours.load_state_dict(files.load_file(tmp_path / "model.safetensors"))
    assert keys == ([], [])
    np.testing.assert_allclose(*outputs(ours, theirs, x), rtol=1e-5, atol=1e-6)


@every_model
def test_a_saved_file_computes_the_same_in_pytorch(backend, tmp_path, name):
    build, x = MODELS[name]
    ours, theirs = build(nn), build(torch.nn)
    state = {key: backend.to_host(array) for key, array in ours.state_dict().items()}
    files.save_file(state, tmp_path / "model.safetensors")
    keys = theirs.load_state_dict(torch_files.load_file(tmp_path / "model.safetensors"))
    assert (keys.missing_keys, keys.unexpected_keys) == ([], [])
    np.testing.assert_allclose(*outputs(ours, theirs, x), rtol=1e-5, atol=1e-6)


@every_model
def test_tensors_of_pytorch_load_as_they_are(backend, name):
    build, _ = MODELS[name]
    ours, theirs = build(nn), build(torch.nn)
    ours.load_state_dict(theirs.state_dict())
    for key, array in ours.state_dict().items():
        theirs_now = theirs.state_dict()[key].numpy()
        assert array.dtype == theirs_now.dtype
        np.testing.assert_array_equal(backend.to_host(array), theirs_now)
    assert ours.state_dict().keys() == theirs.state_dict().keys()


def test_keys_without_strict_are_those_of_pytorch(backend):
    found = []
    for kit in (nn, torch.nn):
        model, other = mlp(kit), kit.Sequential(kit.Flatten(), kit.Linear(12, 7), kit.Linear(7, 3))
        keys = model.load_state_dict(other.state_dict(), strict=False)
        found.append((list(keys.missing_keys), list(keys.unexpected_keys)))
        loaded, source = model[1].weight.tolist(), other[1].weight.tolist()
        assert loaded == source
    assert found[0] == found[1] == (["4.weight", "4.bias"], ["2.weight", "2.bias"])


def test_another_shape_raises_without_strict_too():
    model = mlp(nn)
    before = model[1].weight.tolist()
    state = {**mlp(nn).state_dict(), "4.bias": np.zeros(9, np.float32)}
    with pytest.raises(ArgumentError, match=r"4\.bias has shape \(3,\) in the model and \(9,\)"):
        model.load_state_dict(state, strict=False)
    assert model[1].weight.tolist() == before


def test_a_shared_parameter_has_the_names_it_has_in_pytorch():
    def tied(kit):
        model = kit.Sequential(kit.Linear(3, 3), kit.Linear(3, 3), kit.Tanh())
        model[1].weight = model[0].weight
        return kit.Sequential(model, model[0])

    ours, theirs = tied(nn), tied(torch.nn)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    assert ours[0][1].weight is ours[1].weight
    assert ours[1].weight.tolist() == theirs[1].weight.tolist()
