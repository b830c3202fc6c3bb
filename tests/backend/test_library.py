"""Which backend an array belongs to, and which one makes new arrays."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import minireg as mr
from minireg import ops
from minireg.autograd import Tensor
from minireg.backend import (
    Backend,
    backend_names,
    current_backend,
    library,
    namespace,
    register_backend,
    set_backend,
    use_backend,
)
from minireg.backend import backend as find_backend
from minireg.errors import ArgumentError, BackendError, MiniregError
from tests import guarded

ROOT = Path(__file__).parents[2]


@pytest.fixture
def broken(monkeypatch):
    """Replace CuPy by a backend that cannot be loaded; `auto` tries it first."""

    def load():
        raise BackendError("there is no such machine here")

    monkeypatch.setitem(library._loaders, "cupy", load)
    monkeypatch.delitem(library._loaded, "cupy", raising=False)


# -- by name ---------------------------------------------------------------------------------------


def test_new_tensors_are_made_on_the_chosen_backend(backend):
    assert current_backend() is backend
    for x in (mr.tensor([1.0]), mr.tensor(np.ones(2)), mr.zeros((2,)), mr.ones((2,)), mr.arange(3)):
        assert x.backend == backend.name
        assert isinstance(x.data, backend.array_type)


@pytest.mark.host
def test_known_names_are_listed():
    assert backend_names()[:2] == ["numpy", "cupy"]
    assert "guarded" in backend_names()
    assert repr(find_backend("numpy")) == "<backend numpy>"
    assert find_backend("guarded") is find_backend("guarded")


@pytest.mark.host
@pytest.mark.parametrize(
    "choose", [find_backend, set_backend, lambda n: use_backend(n).__enter__()]
)
def test_an_unknown_name_raises_and_changes_nothing(choose):
    before = current_backend()
    with pytest.raises(
        ArgumentError, match=r"No backend is called 'torch'. Known: 'numpy', 'cupy'"
    ):
        choose("torch")
    assert current_backend() is before


@pytest.mark.host
def test_auto_takes_numpy_where_cupy_does_not_work(broken):
    assert find_backend("auto").name == "numpy"
    assert set_backend("auto").name == "numpy"


@pytest.mark.host
def test_auto_takes_cupy_where_it_works(monkeypatch):
    monkeypatch.setitem(library._loaders, "cupy", guarded.load)
    monkeypatch.delitem(library._loaded, "cupy", raising=False)
    # The guarded arrays belong to their own backend again after this test.
    monkeypatch.setitem(library._namespaces, guarded.GuardedArray, find_backend("guarded"))
    assert isinstance(find_backend("auto").library, guarded.GuardedLibrary)


@pytest.mark.host
def test_a_broken_backend_says_why_and_changes_nothing(broken):
    before = current_backend()
    for choose in (find_backend, set_backend, lambda name: use_backend(name).__enter__()):
        with pytest.raises(BackendError, match="there is no such machine here"):
            choose("cupy")
    assert current_backend() is before
    with pytest.raises(BackendError):
        mr.tensor([1.0]).to("cupy")


@pytest.mark.host
def test_a_backend_is_loaded_at_its_first_use_and_only_once(monkeypatch):
    loads = []

    class Array:
        pass

    def load():
        loads.append(1)
        return Backend("another", np, Array, to_host=lambda x: x, synchronize=lambda: None)

    monkeypatch.setattr(library, "_loaders", dict(library._loaders))
    monkeypatch.setattr(library, "_loaded", dict(library._loaded))
    monkeypatch.setattr(library, "_namespaces", dict(library._namespaces))
    register_backend("another", load)
    assert loads == []
    assert find_backend("another") is find_backend("another")
    assert loads == [1]
    assert namespace(Array()) is find_backend("another")


# -- for the length of a block ---------------------------------------------------------------------


@pytest.mark.host
def test_use_backend_nests_and_restores():
    with use_backend("guarded") as outer:
        assert mr.tensor([1.0]).backend == outer.name == "guarded"
        with use_backend("numpy"):
            assert mr.tensor([1.0]).backend == "numpy"
        assert mr.tensor([1.0]).backend == "guarded"
    assert mr.tensor([1.0]).backend == "numpy"


@pytest.mark.host
def test_use_backend_restores_after_an_error():
    with pytest.raises(ZeroDivisionError), use_backend("guarded"):
        raise ZeroDivisionError
    assert current_backend().name == "numpy"


# -- by environment variable -----------------------------------------------------------------------


def python(code, **environment):
    """The output of a fresh interpreter, or the last line of its traceback."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        encoding="utf-8",
    )
    return (result.stdout or result.stderr).strip().splitlines()[-1]


REGISTERED = "import minireg as mr, tests.guarded as g; g.register(); "


@pytest.mark.host
@pytest.mark.parametrize(
    ("value", "expected"), [("guarded", "guarded"), ("numpy", "numpy"), ("", "numpy")]
)
def test_the_environment_chooses_the_first_backend(value, expected):
    assert python(REGISTERED + "print(mr.tensor([1.0]).backend)", MINIREG_BACKEND=value) == expected


@pytest.mark.host
def test_set_backend_wins_over_the_environment():
    code = REGISTERED + "mr.set_backend('numpy'); print(mr.tensor([1.0]).backend)"
    assert python(code, MINIREG_BACKEND="guarded") == "numpy"


@pytest.mark.host
def test_an_unknown_name_in_the_environment_raises():
    last_line = python("import minireg as mr; mr.tensor([1.0])", MINIREG_BACKEND="tpu")
    assert "ArgumentError: tensor: No backend is called 'tpu'" in last_line


@pytest.mark.host
def test_use_backend_does_not_ask_the_environment_first():
    code = "with mr.use_backend('numpy'): print(mr.tensor([1.0]).backend)"
    assert python(f"import minireg as mr\n{code}", MINIREG_BACKEND="tpu") == "numpy"


@pytest.mark.host
def test_importing_minireg_loads_no_cupy():
    assert python("import sys, minireg; print('cupy' in sys.modules)") == "False"


# -- the backend of an array -----------------------------------------------------------------------


def test_namespace_finds_the_backend_of_arrays(backend):
    x = backend.ones(2)
    assert namespace(x) is backend
    assert namespace(2.0, x) is backend
    assert namespace(x, 2.0, None, np.float32(1)) is backend


def test_namespace_of_any_tensor_is_the_operations(backend):
    x = backend.ones(2)
    assert namespace(Tensor(x)) is ops
    assert namespace(x, Tensor(x)) is ops
    assert namespace(Tensor(x), x) is ops

    class Parameter(Tensor):
        pass

    assert namespace(Parameter(x)) is ops


@pytest.mark.host
def test_namespace_of_numbers_is_numpy():
    assert namespace(1, 2.0).name == namespace().name == "numpy"


def test_a_backend_offers_kernels_its_library_lacks(backend):
    x = backend.asarray(np.array([0.0, 1.0]))
    assert backend.to_host(backend.sigmoid(x))[0] == 0.5
    with pytest.raises(AttributeError):
        _ = backend.no_such_function


# -- from one to another ---------------------------------------------------------------------------


def test_a_gradient_returns_to_the_backend_of_its_tensor(backend):
    x = mr.tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True)
    there = x.to("guarded").to("numpy")
    assert there.backend == "numpy"
    assert there.numpy().tolist() == [1, 2, 3]
    mr.sum(there * there).backward()
    assert isinstance(x.grad, backend.array_type)
    assert backend.to_host(x.grad).tolist() == [2, 4, 6]


def test_moving_to_the_same_backend_copies_nothing(backend):
    x = mr.tensor([1.0])
    assert x.to(backend.name).data is x.data


@pytest.mark.host
def test_arrays_of_two_backends_do_not_mix():
    with use_backend("guarded"):
        x = mr.tensor([1.0, 2.0])
    with pytest.raises(MiniregError, match="Unsupported type"):
        x + mr.tensor([1.0, 2.0])


@pytest.mark.host
def test_an_unknown_target_gets_a_sentence():
    with pytest.raises(ArgumentError, match="No backend is called 'cuda'"):
        mr.tensor([1.0]).to("cuda")


def test_use_backend_holds_for_its_own_thread_only():
    with ThreadPoolExecutor() as threads:
        before = threads.submit(current_backend).result().name
        with use_backend("numpy" if before == "guarded" else "guarded") as chosen:
            assert threads.submit(current_backend).result().name == before
            assert current_backend() is chosen
    assert current_backend().name == before
