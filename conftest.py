"""What comes first in every run: one thread, and the names that examples of docstrings may use."""

import os

# The products of the tests are tiny, and on a busy machine threads wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy  # reads them
import pytest

import minireg


@pytest.fixture(autouse=True)
def names_of_examples(doctest_namespace):
    """They are not imported in the examples: see `minireg/__init__.py`."""
    names = {"mr": minireg, "np": numpy, "nn": minireg.nn, "optim": minireg.optim}
    doctest_namespace.update(names)
