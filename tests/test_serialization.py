"""Saved states load unchanged, PyTorch and minireg read each other's files, no file does harm."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from minireg.serialization import compute_checksum
from tests.guarded import counting

KEYS = st.text(max_size=4) | st.integers(-5, 5)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**130), 2**130)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
)
DTYPES = st.sampled_from(["float32", "float64", "int64", "int32", "uint8", "bool"])
ARRAYS = DTYPES.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, min_side=0)))
STATES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, (list, tuple)):
        assert type(a) is type(b)
        assert len(a) == len(b)
        for x, y in zip(a, b):
            same(x, y)
    else:
        assert type(a) is type(b)
        assert a == b


@pytest.mark.host
@given(state=STATES)
def test_any_nested_state_comes_back_as_it_was(state, tmp_path):
    path = tmp_path / "state.safetensors"
    try:
        mr.save(state, path)
    except ArgumentError as error:
        assert "would be called" in str(error)  # noqa: PT017  {"a": {"b": x}, "a.b": y}
        return
    same(state, mr.load(path))


def test_arrays_in_another_memory_order_come_back_right(backend, tmp_path):
    rows = backend.asarray(np.arange(6.0).reshape(2, 3))
    state = {"transposed": rows.T, "every second": rows[:, ::2], "tensor": mr.Tensor(rows)}
    mr.save(state, tmp_path / "s")
    found = mr.load(tmp_path / "s")
    for name, array in state.items():
        host = array.numpy() if isinstance(array, mr.Tensor) else backend.to_host(array)
        np.testing.assert_array_equal(found[name], host)


def test_a_model_and_its_copy_from_the_file_agree(tmp_path):
    models = [nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)) for _ in range(2)]
    mr.save(models[0].state_dict(), tmp_path / "m.safetensors")
    models[1].load_state_dict(mr.load(tmp_path / "m.safetensors"))
    x = mr.tensor(np.random.default_rng(0).normal(size=(5, 4)), dtype="float32")
    np.testing.assert_array_equal(models[0](x).numpy(), models[1](x).numpy())


def test_the_state_of_a_generator_survives(tmp_path):
    generator = mr.Generator(3)
    generator.uniform(5)
    mr.save({"generator": generator.state}, tmp_path / "g")
    other = mr.Generator()
    other.state = mr.load(tmp_path / "g")["generator"]
    assert other.uniform(3).tolist() == generator.uniform(3).tolist()


@pytest.mark.host
def test_pytorch_and_minireg_read_each_others_files(tmp_path):
    torch = pytest.importorskip("torch")
    files = pytest.importorskip("safetensors.torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    ours = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")

    def agree():
        expected = theirs(torch.tensor(x)).detach().numpy(force=True)
        np.testing.assert_allclose(ours(mr.tensor(x)).numpy(), expected, rtol=1e-5, atol=1e-6)

    files.save_file(theirs.state_dict(), tmp_path / "theirs.safetensors")
    ours.load_state_dict(mr.load(tmp_path / "theirs.safetensors"))
    agree()
    for p in ours.parameters():
        p.data *= -2
    mr.save(ours.state_dict(), tmp_path / "ours.safetensors")
    theirs.load_state_dict(files.load_file(tmp_path / "ours.safetensors"))
    agree()


ENDLESS: list = []
ENDLESS.append(ENDLESS)


# -- what cannot be saved --------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("state", "error", "sentence"),
    [
        ({"a": {1, 2}}, ArgumentTypeError, "a is a set. A state holds arrays, numbers"),
        ({"a": [np.array(["x"])]}, ArgumentTypeError, "a.0 holds <U1, but only numbers of up"),
        ({"a": np.array([None])}, ArgumentTypeError, "a holds object"),
        ({"a": np.ones(2, np.longdouble)}, ArgumentTypeError, "numbers of up to 64 bits"),
        ({"__metadata__": np.ones(2)}, ArgumentError, "reserves the name '__metadata__'"),
        ({"\ud800": np.ones(2)}, ArgumentError, "a name in the state is not text"),
        (ENDLESS, ArgumentError, "the state contains itself"),
        ({1.5: 2}, ArgumentTypeError, "keys of the state must be str or int"),
        ({"a.b": np.ones(1), "a": {"b": np.ones(1)}}, ArgumentError, "would be called 'a.b'"),
    ],
)
def test_what_cannot_be_saved_leaves_the_old_file(tmp_path, state, error, sentence):
    path = tmp_path / "s"
    path.write_bytes(b"old")
    with pytest.raises(error, match=sentence):
        mr.save(state, path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["s"]


@pytest.mark.host
def test_a_folder_that_does_not_exist_gets_a_sentence(tmp_path):
    with pytest.raises(ArgumentError, match="Cannot write into the folder"):
        mr.save({"x": np.ones(1)}, tmp_path / "missing" / "s")


# -- files that are damaged, foreign or malicious --------------------------------------------------


def header(text, data=b""):
    """A safetensors file with this header."""
    packed = text if isinstance(text, bytes) else json.dumps(text).encode()
    return struct.pack("<Q", len(packed)) + packed + data


def entry(start, end, shape=(1,), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def nested(structure):
    text = f"{compute_checksum(structure, {'x': np.zeros(1, np.float32)})} {structure}"
    return header({"__metadata__": {"minireg": text}, "x": entry(0, 4)}, bytes(4))


BAD_FILES = {
    "empty": b"",
    "text": b"epoch,loss\n1,0.5\n",
    "a pickle": pickle.dumps({"weight": [1.0]}),
    "a header of absurd size": struct.pack("<Q", 2**62) + b"{}",
    "a header that is not JSON": header(b"{nonsense"),
    "a header that is a list": header([1, 2]),
    "fewer bytes than promised": header({"x": entry(0, 4000, (1000,))}, bytes(40)),
    "more bytes than promised": header({"x": entry(0, 4)}, bytes(40)),
    "overlapping arrays": header({"x": entry(0, 8, (2,)), "y": entry(4, 12, (2,))}, bytes(12)),
    "a gap between arrays": header({"x": entry(0, 4), "y": entry(8, 12)}, bytes(12)),
    "an absurd shape": header({"x": entry(0, 4, (2**62, 2**62))}, bytes(4)),
    "a negative length": header({"x": entry(0, 4, (-1,))}, bytes(4)),
    "an unknown dtype": header({"x": entry(0, 4, (1,), "Q7")}, bytes(4)),
    "a structure without a checksum": header(
        {"__metadata__": {"minireg": '{"array": "x"}'}, "x": entry(0, 4)}, bytes(4)
    ),
    "a structure that is not JSON": nested("{"),
    "a structure of another kind": nested('{"set": [1]}'),
    "a structure with two kinds": nested('{"list": [], "tuple": []}'),
    "a structure that is a list": nested("[1]"),
    "a list that is a dictionary": nested('{"list": {"a": 1}}'),
    "a structure that names no array": nested('{"array": "y"}'),
    "a structure with a list as a name": nested('{"array": ["x"]}'),
    "a structure with a list as a key": nested('{"pairs": [[["k"], 1]]}'),
    "a structure with half a pair": nested('{"pairs": [["k"]]}'),
    "a bottomless structure": nested('{"list": [' * 50_000 + "]}" * 50_000),
}


@pytest.mark.host
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_gets_a_sentence(kind, tmp_path):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(BAD_FILES[kind])
    with pytest.raises(DataError, match=r"bad.safetensors' is damaged"):
        mr.load(path)


@pytest.mark.host
@given(data=st.data())
def test_a_damaged_file_never_raises_anything_else(data, tmp_path):
    path = tmp_path / "s"
    mr.save({"model": {"w": np.arange(6.0)}, "epoch": 3, "rates": [0.1, (1, None)]}, path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with contextlib.suppress(DataError):
        mr.load(path)


@pytest.mark.host
def test_a_damaged_byte_is_always_found(tmp_path):
    path = tmp_path / "s"
    state = {"model": {"w": np.arange(6.0)}, "epoch": 3, "rates": [0.1, (1, None)]}
    mr.save(state, path)
    content = path.read_bytes()
    name = content.index(b'"minireg"')  # without it, the file is one of PyTorch's
    for i in [*range(name), *range(name + len(b'"minireg"'), len(content))]:
        for bit in (0, 3, 7):
            path.write_bytes(content[:i] + bytes([content[i] ^ 1 << bit]) + content[i + 1 :])
            try:
                found = mr.load(path)
            except DataError:
                continue
            same(found, state)  # a space beside the JSON


@pytest.mark.host
def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*missing'"):
        mr.load(tmp_path / "missing")
    with pytest.raises(DataError, match=r"cannot be read|is damaged"):
        mr.load(tmp_path)
    with pytest.raises(ArgumentTypeError, match="must be a string or a Path, got 3"):
        mr.load(3)


@pytest.mark.backends("guarded")
def test_saving_reads_each_array_once(tmp_path):
    model = nn.Linear(3, 2)
    with counting() as counts:
        mr.save(model.state_dict(), tmp_path / "m")
    assert counts.host_reads == 2, counts.where()
