"""The setup of every test.

* **A backend.**  Each test runs twice, on `numpy` and on `guarded` (NumPy arrays that refuse what
  CuPy refuses and count host reads: see `tests/guarded`), so make arrays with
  `mr.tensor(numpy_array)`, which uploads them to the test's backend, and compare `t.numpy()`.
  Naming the fixture (`def test_x(backend)`) gives the Backend object: `backend.asarray(a)`,
  `backend.to_host(x)` (for `t.grad`, for instance), `backend.name`.
  `pytest --backend cupy` runs on a GPU instead; the option may be repeated.
* **`@pytest.mark.host`** (or `pytestmark = pytest.mark.host` for a whole file) is for a test that
  uses no device array (command line, files, plots, documentation): it runs once, on NumPy.
  Doctests run on NumPy only.
* **`@pytest.mark.backends("guarded", "cupy")`** is for a test that makes sense on some backends
  only; it runs on those of them that are selected.
  Guarded arrays hold NumPy's numbers: where another test runs the code on them, the numbers of
  many examples are compared on "numpy" and "cupy" only.
* **The same start.**  `mr.seed(0)` and a recording graph before every test.  Under `@given` that
  is once for all examples: call `mr.seed` inside the test if it matters.  A fixture that makes
  tensors must have function scope, or it makes them on another test's backend.
* **The Hypothesis profile**: the same 25 examples each time, without a deadline.  Raise
  `max_examples` by `@settings(max_examples=…)` where examples are cheap.

To test that nothing is read back from the device:

    from tests.guarded import counting

    def test_a_step_never_waits_for_the_device():
        with counting() as counts:      # counts nothing on numpy and cupy
            step()
        assert counts.host_reads == 0, counts.where()
"""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest

import minireg as mr
from minireg.autograd.mode import recording
from minireg.backend import Backend, set_backend
from tests import guarded

guarded.register()

hypothesis.settings.register_profile(
    "minireg",
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[
        hypothesis.HealthCheck.function_scoped_fixture,  # `backend` is the same for all examples
        hypothesis.HealthCheck.too_slow,
    ],
)
hypothesis.settings.load_profile("minireg")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--backend",
        action="append",
        choices=["numpy", "guarded", "cupy"],
        help="run the tests on this backend (may be repeated; default: numpy and guarded)",
    )


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "host: touches no device array; runs once, on NumPy",
        "backends(*names): runs on these backends only",
    ):
        config.addinivalue_line("markers", marker)
    # With `pytest -n 2`, what the tests of a file share (lessons, graders) is made once.
    if config.getoption("dist", None) == "load":
        config.option.dist = "loadfile"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    test = metafunc.definition
    if test.get_closest_marker("host") is None:
        names = metafunc.config.getoption("backend") or ["numpy", "guarded"]
        only = test.get_closest_marker("backends")
        if only is not None:
            names = [name for name in names if name in only.args]
        metafunc.parametrize("backend", names, indirect=True)


@pytest.fixture(autouse=True)
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The backend of this test, which `mr.tensor` uses."""
    chosen = set_backend(getattr(request, "param", "numpy"))
    mr.seed(0)
    with recording(True):
        yield chosen
    set_backend("numpy")
