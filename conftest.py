"""What the examples of docstrings may use without importing it: see `minireg/__init__.py`."""

import numpy
import pytest

import minireg


@pytest.fixture(autouse=True)
def names_of_examples(doctest_namespace):
    names = {"mr": minireg, "np": numpy, "nn": minireg.nn, "optim": minireg.optim}
    doctest_namespace.update(names)
