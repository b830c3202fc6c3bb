"""`check` in a notebook."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.errors import ArgumentError
from minireg.exercises import check

pytestmark = pytest.mark.host


def relu(x):
    return np.maximum(x, 0)


def relu_backward(upstream, x):
    return upstream * (x > 0)


def my_relu_backward(upstream, x):
    return 2 * upstream


@pytest.mark.parametrize(
    "functions", [(relu, relu_backward), (relu_backward, relu), (np.abs, relu_backward)]
)
def test_functions_are_found_by_name_or_place(functions):
    assert bool(check("relu", *functions)) == (np.abs not in functions)


def test_a_function_of_another_name_takes_a_free_place():
    result = check("relu", my_relu_backward, relu=relu)
    assert result.points == 2
    assert "the gradient of x is wrong" in str(result)


def test_what_is_not_given_is_missing():
    result = check("relu", relu)
    assert result.points == 1
    assert "There is no function relu_backward." in str(result)


@pytest.mark.parametrize(
    ("functions", "named"), [((relu, relu, relu), {}), ((), {"relu_bakward": relu})]
)
def test_functions_without_a_place_are_refused(functions, named):
    with pytest.raises(ArgumentError, match="has the functions relu, relu_backward"):
        check("relu", *functions, **named)


def test_there_is_no_such_exercise():
    with pytest.raises(ArgumentError, match="There is no exercise 'rellu'"):
        check("rellu", relu)


def test_hints_are_shown_as_asked():
    for level in range(4):
        result = check("relu", my_relu_backward, relu=relu, hint_level=level)
        assert result.hint_level == str(result).count("Hint ") == level
    assert "Hint" not in str(check("relu", relu, relu_backward, hint_level=3))


def test_a_result_is_escaped_as_html():
    shown = check("relu", lambda x: x <= 0, relu_backward)._repr_html_()
    assert shown.startswith("<pre>fail: relu, ")
    assert "<lambda>" not in shown


@pytest.mark.parametrize("name", ["relu", "relu_backward"])
def test_a_result_is_ascii_of_79_columns(name):
    wrong = {"relu": relu, "relu_backward": relu_backward}
    wrong[name] = lambda *arguments: undefined_λ  # noqa: F821
    text = str(check("relu", **wrong, hint_level=3))
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 79
