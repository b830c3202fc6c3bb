"""CuPy is taken only after a real probe, and the message says which step failed and what to do."""

import builtins
import types

import numpy as np
import pytest

from minireg.backend.gpu import load_cupy, probe
from minireg.errors import BackendError

pytestmark = pytest.mark.host


class FakeArray:
    """A NumPy array that fails at one step of the probe."""

    def __init__(self, host, fails):
        self.host, self.fails = np.asarray(host), fails

    def __mul__(self, other):
        if self.fails == "compile":
            raise OSError("libnvrtc.so.13: cannot open shared object file")
        return FakeArray(self.host * other, self.fails)

    def __add__(self, other):
        return FakeArray(self.host + other, self.fails)

    def __matmul__(self, other):
        if self.fails == "matmul":
            raise ImportError("libcublasLt.so.13: cannot open shared object file")
        return FakeArray(self.host @ other.host, self.fails)

    def __getitem__(self, index):
        return FakeArray(self.host[index], self.fails)

    def reshape(self, *shape):
        return FakeArray(self.host.reshape(*shape), self.fails)

    def sum(self):
        return FakeArray(self.host.sum(), self.fails)

    def __float__(self):
        return float(self.host) + (0.5 if self.fails == "wrong answer" else 0)


def fake_cupy(fails=None, devices=1):
    def count():
        if fails == "driver":
            raise RuntimeError("cudaErrorInsufficientDriver: CUDA driver version is insufficient")
        return devices

    return types.SimpleNamespace(
        __version__="14.2.0",
        float32=np.float32,
        ndarray=FakeArray,
        arange=lambda n, dtype: FakeArray(np.arange(n, dtype=dtype), fails),
        asnumpy=lambda x: x.host,
        cuda=types.SimpleNamespace(
            runtime=types.SimpleNamespace(getDeviceCount=count),
            Device=lambda: types.SimpleNamespace(synchronize=lambda: None),
        ),
    )


def test_a_working_gpu_passes():
    probe(fake_cupy())


@pytest.mark.parametrize(
    ("fails", "step", "reason", "advice"),
    [
        ("driver", "finding a GPU failed", "cudaErrorInsufficientDriver", "use the numpy backend"),
        ("compile", "compiling and running a kernel failed", "libnvrtc", "pip install 'minireg"),
        ("matmul", "a matrix product (cuBLAS) failed", "libcublasLt", "pip install 'minireg"),
        ("wrong answer", "comparing results failed", "expected 16.0 and 11.0", "faulty"),
    ],
)
def test_the_message_names_the_failing_step_and_what_to_do(fails, step, reason, advice):
    with pytest.raises(BackendError) as raised:
        probe(fake_cupy(fails))
    message = str(raised.value)
    assert message.startswith(f"CuPy 14.2.0 is installed, but {step}: ")
    assert reason in message
    assert advice in message


def test_no_visible_device_means_no_gpu():
    with pytest.raises(BackendError, match=r"finding a GPU failed.*CUDA_VISIBLE_DEVICES"):
        probe(fake_cupy(devices=0))


def importing(monkeypatch, outcome):
    """Make `import cupy` return `outcome`, or raise it."""
    real = builtins.__import__

    def replaced(name, *args, **options):
        if name != "cupy":
            return real(name, *args, **options)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(builtins, "__import__", replaced)


def test_without_cupy_the_message_says_how_to_install_it(monkeypatch):
    importing(monkeypatch, ModuleNotFoundError("No module named 'cupy'"))
    with pytest.raises(BackendError) as raised:
        load_cupy()
    assert "cannot be imported (No module named 'cupy')" in str(raised.value)
    assert "pip install 'minireg[cuda13]'" in str(raised.value)


def test_a_broken_installation_is_named(monkeypatch):
    importing(monkeypatch, RuntimeError("CuPy is not correctly installed"))
    with pytest.raises(BackendError) as raised:
        load_cupy()
    assert "RuntimeError: CuPy is not correctly installed" in str(raised.value)
    assert "Remove every cupy package" in str(raised.value)


def test_a_working_cupy_becomes_a_backend(monkeypatch):
    cupy = fake_cupy()
    importing(monkeypatch, cupy)
    backend = load_cupy()
    assert (backend.name, backend.library, backend.array_type) == ("cupy", cupy, FakeArray)
    assert backend.to_host(cupy.arange(2, dtype=np.float32)).tolist() == [0, 1]
    backend.synchronize()


def test_real_cupy_without_a_gpu_fails_at_the_first_step():
    cupy = pytest.importorskip("cupy")
    if cupy.cuda.is_available():
        assert load_cupy().name == "cupy"
        return
    with pytest.raises(BackendError) as raised:
        load_cupy()
    message = str(raised.value)
    assert message.startswith(f"CuPy {cupy.__version__} is installed, but finding a GPU failed: ")
    assert "Without a GPU use the numpy backend." in message
