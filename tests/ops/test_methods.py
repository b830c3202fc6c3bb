"""A method is the function of the same name, with the same error messages."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import ops
from minireg.errors import MiniregError

BOUND = [name for name in dir(mr.Tensor) if name in ops.__all__]
NAMED = {name: name for name in BOUND} | {"to": "transfer", "view": "reshape"}

WRONG = {
    "an argument of PyTorch": ((), {"dim": 1}),
    "an argument that does not exist": ((), {"nonsense": 1}),
    "an object": ((object(),), {}),
    "an axis out of range": ((), {"axis": 7}),
}


def error_of(call):
    """The class and the message of the error of a call, or None."""
    try:
        call()
    except Exception as error:
        return type(error), str(error)


def test_most_operations_of_one_tensor_are_methods():
    assert len(BOUND) > 50


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("mistake", WRONG)
def test_a_method_has_the_errors_of_its_function(name, mistake):
    args, options = WRONG[mistake]
    x, function = mr.tensor(np.ones((2, 3))), getattr(mr, NAMED[name])
    by_method = error_of(lambda: getattr(x, name)(*args, **options))
    assert by_method == error_of(lambda: function(x, *args, **options))
    if "axis" not in options and options:  # no operation takes these
        assert issubclass(by_method[0], MiniregError)
        assert by_method[1].startswith(function.__name__)


def test_sort_names_its_axis():
    with pytest.raises(MiniregError, match="sort calls this argument 'axis', not 'dim'"):
        mr.tensor([2.0, 1.0]).sort(dim=0)


@pytest.mark.parametrize("number", [2, 2.0, np.float64(2)])
def test_operators_are_their_functions(number):
    x = mr.tensor([1.0, 2.0])
    assert (x + number).tolist() == mr.add(x, number).tolist()
    assert (number - x).tolist() == mr.subtract(number, x).tolist()
    with pytest.raises(MiniregError, match=r"getitem: index 5 is out of bounds.* \(float32 \(2,\)"):
        x[5]
