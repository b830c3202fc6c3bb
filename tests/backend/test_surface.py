"""The recorded names and signatures of CuPy agree with the CuPy that is installed here."""

import ctypes
import json

import numpy as np
import pytest

from tests.guarded import surface
from tests.guarded.library import SCATTER_DTYPES
from tests.guarded.traps import REFUSED_BY_CUPY, Arrays

pytestmark = [
    pytest.mark.host,
    # A CuPy object that cannot be made without a GPU fails again in its __del__.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def release(version):
    return version.split(".")[:2]


def test_the_recorded_surface_is_that_of_the_installed_cupy():
    cupy = pytest.importorskip("cupy")
    recorded = surface.recorded()
    if release(cupy.__version__) != release(recorded["cupy"]):
        pytest.skip(f"recorded from CuPy {recorded['cupy']}, installed is {cupy.__version__}")
    found = surface.record(cupy) | {"cupy": recorded["cupy"]}
    assert found == recorded, "record it again: python -m tests.guarded"


def test_the_file_is_written_as_the_recorder_writes_it():
    text = surface.FILE.read_text(encoding="utf-8")
    assert surface.written(json.loads(text)) == text


@pytest.mark.parametrize("kind", ["functions", "linalg", "methods", "stride_tricks"])
def test_every_recorded_signature_can_be_read(kind):
    for name, parameters in surface.recorded()[kind].items():
        names = [part.strip("*") for part in parameters.replace("=...", "").split(", ")]
        expected = [name for name in names if name not in ("", "/")]
        assert list(surface.signature(parameters).parameters) == expected, name


def test_known_gaps_of_cupy_are_recorded():
    recorded = surface.recorded()
    everything = {*recorded["functions"], *recorded["ufuncs"], *recorded["objects"]}
    assert not everything & {"errstate", "seterr", "vecdot", "unstack", "nditer", "insert", "block"}
    assert "sum" in everything
    assert recorded["functions"]["clip"] == "a, a_min, a_max, out=..."
    assert recorded["methods"]["sum"] == "axis=..., dtype=..., out=..., keepdims=..."
    assert recorded["ufuncs"]["add"]["methods"] == ["accumulate", "at", "reduce"]
    assert recorded["ufuncs"]["maximum"]["methods"] == ["at"]
    assert "__imatmul__" not in recorded["operators"]
    assert "__iadd__" in recorded["operators"]


def cupy_array_in_host_memory(cupy, host):
    """A real cupy.ndarray whose memory is not on any GPU: enough to see what CuPy refuses before
    it starts a kernel."""
    buffer = ctypes.create_string_buffer(host.tobytes(), max(host.nbytes, 1))
    memory = cupy.cuda.UnownedMemory(ctypes.addressof(buffer), len(buffer), buffer, device_id=0)
    return cupy.ndarray(host.shape, host.dtype, memptr=cupy.cuda.MemoryPointer(memory, 0))


@pytest.fixture
def cupy():
    """CuPy without a GPU: with one, a kernel that runs on host memory would crash it."""
    found = pytest.importorskip("cupy")
    if found.cuda.is_available():
        pytest.skip("with a GPU, test_guarded.py tries the traps on it: --backend cupy")
    return found


@pytest.mark.parametrize("name", SCATTER_DTYPES)
def test_ufunc_at_takes_the_dtypes_that_cupy_takes(cupy, name):
    indices = cupy_array_in_host_memory(cupy, np.array([0, 1]))
    for dtype in "?bBhHiIlLefdFD":
        x = cupy_array_in_host_memory(cupy, np.ones(2, dtype=dtype))
        with pytest.raises(Exception) as raised:  # noqa: PT011
            getattr(cupy, name).at(x, indices, x)
        # A dtype that CuPy takes gets as far as looking for the GPU.
        taken = not isinstance(raised.value, TypeError)
        assert taken == (x.dtype.name in SCATTER_DTYPES[name]), (x.dtype, raised.value)


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
@pytest.mark.parametrize("trap", REFUSED_BY_CUPY.values(), ids=REFUSED_BY_CUPY)
def test_the_real_cupy_refuses_every_trap(cupy, trap):
    """Without a GPU a call that CuPy takes fails, too, but later and with a CUDA error.  So this
    finds only some traps that CuPy now accepts; `--backend cupy` on a GPU finds all of them."""
    arrays = Arrays(cupy, lambda host: cupy_array_in_host_memory(cupy, np.asarray(host)))
    with pytest.raises(Exception):  # noqa: B017, PT011
        trap(arrays)
