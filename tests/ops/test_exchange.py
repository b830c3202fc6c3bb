"""Arrays are exchanged with other libraries without a copy."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentTypeError, BackendError

pytestmark = pytest.mark.host

DTYPES = ["bool", "uint8", "int8", "int32", "int64", "float16", "float32", "float64"]
ARRAYS = {
    "matrix": lambda a: a,
    "transposed": lambda a: a.T,
    "strided": lambda a: a[::2, 1:],
    "reversed copy": lambda a: a[::-1].copy(),
    "0-d": lambda a: a[0, 0, ...],
    "empty": lambda a: a[:0],
}

# NumPy 2.0 has the protocol without versions, in which every shared array is read-only.
versioned = pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="needs DLPack 1.0, NumPy 2.1"
)


@versioned
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("view", ARRAYS.values(), ids=ARRAYS)
def test_numpy_and_back_is_the_same_memory(view, dtype):
    array = view(np.arange(12).reshape(3, 4).astype(dtype))
    ours = mr.from_dlpack(array)
    back = np.from_dlpack(ours)
    for result in (ours.data, back):
        assert result.dtype == array.dtype
        assert result.shape == array.shape
        assert (result == array).all()
        assert array.size == 0 or np.shares_memory(result, array)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("view", ARRAYS.values(), ids=ARRAYS)
def test_pytorch_and_back_is_the_same_memory(view, dtype):
    torch = pytest.importorskip("torch")
    ours = mr.from_dlpack(view(np.arange(12).reshape(3, 4).astype(dtype)))
    theirs = torch.from_dlpack(ours)
    again = mr.from_dlpack(theirs)
    assert again.dtype == ours.dtype
    assert again.shape == tuple(theirs.shape) == ours.shape
    assert again.tolist() == theirs.tolist() == ours.tolist()
    if ours.size:
        theirs.fill_(1)
        assert (ours.data == 1).all()
        assert np.shares_memory(again.data, ours.data)


@versioned
def test_a_read_only_array_stays_read_only():
    array = np.zeros(3)
    array.flags.writeable = False
    assert not mr.from_dlpack(array).data.flags.writeable


@versioned
def test_options_of_the_protocol_reach_the_array():
    x = mr.tensor([1.0, 2.0])
    assert x.__dlpack_device__() == (1, 0)
    assert np.shares_memory(np.from_dlpack(x, copy=False), x.data)
    assert not np.shares_memory(np.from_dlpack(x, copy=True), x.data)


def test_what_requires_a_gradient_is_not_shared():
    torch = pytest.importorskip("torch")
    x = mr.tensor([1.0], requires_grad=True)
    with pytest.raises(ArgumentTypeError, match="detach"):
        np.from_dlpack(x)
    assert np.shares_memory(np.from_dlpack(x.detach()), x.data)
    with pytest.raises(ArgumentTypeError, match="cannot be shared"):
        mr.from_dlpack(torch.ones(1, requires_grad=True))


class OnDevice:
    def __init__(self, device):
        self.device = device

    def __dlpack__(self, **options):
        raise AssertionError("nothing may be read before the device is known to be readable")

    def __dlpack_device__(self):
        return self.device, 0


def test_a_cuda_array_without_cupy_says_why(monkeypatch):
    def unusable(name):
        raise BackendError(f"{name} is not usable here")

    monkeypatch.setattr("minireg.ops.exchange.backend", unusable)
    with pytest.raises(BackendError, match="cupy is not usable here"):
        mr.from_dlpack(OnDevice(2))


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        ([1.0], "mr.tensor"),
        (OnDevice(8), "DLPack type 8"),
        (np.zeros(2, complex), "real numbers"),
    ],
)
def test_what_cannot_be_a_tensor_is_refused_with_a_sentence(x, sentence):
    with pytest.raises(ArgumentTypeError, match=sentence):
        mr.from_dlpack(x)


def test_asarray_of_a_detached_tensor_shares_its_memory():
    x = mr.tensor([1.0, 2.0], requires_grad=True).detach()
    assert np.shares_memory(np.asarray(x), x.data)
    assert np.shares_memory(np.asarray(x, copy=False), x.data)
    assert not np.shares_memory(np.array(x), x.data)
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy"):
        np.asarray(x, dtype=np.float64, copy=False)
