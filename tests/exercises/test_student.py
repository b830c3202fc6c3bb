"""Whatever a student's file does becomes a sentence for the student."""

from __future__ import annotations

import ast
import inspect
import json
from contextlib import suppress
from types import ModuleType

import numpy as np
import pytest

from minireg.exercises import markers, student, time_limit
from minireg.exercises.checks import Property
from minireg.exercises.exercise import run_check
from minireg.exercises.local import LocalStudent, open_file, run_source
from minireg.exercises.markers import Function, Random, pack, unpack
from minireg.exercises.student import NotWritten, StudentError

pytestmark = pytest.mark.host


@pytest.fixture
def say(tmp_path):
    """Return what is said about a file when its function f is called."""

    def say(source, *arguments):
        path = tmp_path / "f.py"
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        with pytest.raises(StudentError) as caught:
            open_file(path).call("f", *arguments)
        return str(caught.value)

    return say


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(x)\n    return x", "f.py is not valid Python in line 1: expected ':'."),
        ("def f(x):\n  a = 1\n    return x", "f.py is not valid Python in line 3"),
        (b"def f(x):\n    return '\xff'", "f.py is not valid Python"),
        (b"\0", "f.py"),
        ("import numpi", "f.py raised ModuleNotFoundError: No module named 'numpi'.\nThat is"),
        ("import sys\nsys.exit(0)", "f.py calls exit(): leave it out.\nThat is line 2 of f.py"),
        ("raise BaseException", "f.py raised BaseException: without a message."),
        ("x = 1", "There is no function f in f.py. Define it: def f(...):"),
        ("f = 3", "f must be a function. It is the number 3."),
        ("def f(x):\n    return f(x)", "f calls itself too often: without end, or more than "),
        (
            "class E(Exception):\n    __str__ = __repr__ = None\ndef f(x):\n    raise E",
            "f raised E: without a message.\nThat is line 4 of f.py",
        ),
        ("def f(x):\n    raise KeyError('y' * 10**7)", f"raised KeyError: '{'y' * 999}."),
        ("def f(x):\n    exit()", "f calls exit(): leave it out.\nThat is line 2 of f.py:"),
        ("def f():\n    return 1", "f raised TypeError: f() takes 0 positional arguments but 1"),
        ("def f(x):\n    return lambda: 1", "f, line 1 of f.py, returned something of the type"),
        ("class A: 0\ndef f(x):\n    return [A()]", "returned something of the type A. Return arr"),
        ("def f(x):\n    y = x @ x[:2]\n    return y", "line 2 of f.py:\n    y = x @ x[:2]"),
        ("def f(x):\n    return undefined", "f raised NameError: name 'undefined' is not defined."),
        ("def f(x):\n    return [x, None, ...]", "f is not written yet."),
        ("def f(x):\n\n    return ...  # replace this line", "f is not written yet. Replace"),
        ("def f(x):\n    y = ...  # replace this line\n    return 2 * y", "Replace line 2 of f.py"),
    ],
)  # fmt: skip
def test_a_mistake_of_any_kind_is_a_sentence(source, said, say):
    assert said in say(source, np.ones(3))


def test_an_error_tells_what_the_function_was_called_with(say):
    said = say("def f(x, labels):\n    return x[labels]", np.ones((3, 4)), np.array([7]))
    assert "It was called with x: an array of shape (3, 4), labels = [7]." in said


def test_small_arguments_are_shown(say):
    said = say("def f(shape, p, random):\n    return 1 / 0", (30, 20), 0.3, Random(0))
    assert "called with shape = (30, 20), p = 0.3, random: a generator of random numbers." in said


def test_numbers_are_shown_with_8_digits(say):
    said = say("def f(x, y, n):\n    return 1 / 0", np.array([1 / 3, 2]), [2 / 3], 7)
    assert "called with x = [0.33333333, 2.0], y = [0.66666667], n = 7." in said


@pytest.mark.parametrize(("a", "b"), [((5, 3), (7, 2)), ((3,), (7, 2)), ((5, 3), (7,))])
def test_a_product_that_does_not_fit_is_explained(a, b):
    def is_called(student):
        student.call("f", np.ones(a), np.ones(b))

    written = run_source(b"def f(a, b):\n    return a @ b", "f.py")
    said = run_check(Property(is_called), written, 0).message
    assert "do not fit: the first has 3 columns, the second has 7 rows.\nThat is line 2" in said


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(StudentError, match=r"relu\.py is missing. Get it back with: minireg exerc"):
        open_file(tmp_path / "relu.py").call("relu")


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "f.py"
    for number in (1, 2):
        path.write_text(f"def f():\n    return {number}\n", encoding="utf-8")
        assert open_file(path).call("f") == number
    assert sorted(tmp_path.iterdir()) == [path]


def test_the_generator_begins_at_its_seed():
    drawing = LocalStudent({"draw": lambda random: random.random(3)})
    expected = np.random.default_rng(7).random(3)
    assert (drawing.call("draw", Random(7)) == expected).all()
    assert (drawing.call("draw", Random(7)) == expected).all()


SQUARE = Function("def square(x):\n    return np.square(x)", "square")


def test_a_function_arrives_as_one_that_knows_numpy():
    apply = LocalStudent({"apply": lambda f, x: f(x) + 1})
    assert apply.call("apply", SQUARE, np.array([2.0, -3.0])).tolist() == [5, 10]


def test_a_function_keeps_nothing_from_call_to_call():
    def count(f):
        f.calls = getattr(f, "calls", 0) + 1
        return f.calls

    counting = LocalStudent({"count": count})
    assert counting.observe("count", SQUARE) == counting.observe("count", SQUARE)
    assert counting.observe("count", SQUARE).changed == ()


def test_a_function_does_not_reach_numpy_of_the_interface(monkeypatch):
    monkeypatch.setattr(markers, "np", ModuleType("numpy"))  # as where submissions are graded
    assert SQUARE.make().__globals__["np"] is np


def test_an_error_inside_a_function_is_at_the_call(say):
    said = say("def f(g, x):\n    y = g(x)\n    return y", SQUARE, "a")
    assert "line 2 of f.py:\n    y = g(x)" in said
    assert "called with g: a function" in said


def test_arguments_are_packed_as_plain_values():
    arguments = (2.5, {"": [1]}, ["Random", 0], Random(3), SQUARE, None)
    assert unpack(json.loads(json.dumps(pack(arguments)))) == list(arguments)


def test_arguments_of_the_caller_are_never_changed():
    given = {"w": np.ones(3)}, [np.zeros(2)]

    def write(weights, states):
        weights["w"] += 1
        states[0][:] = 5

    seen = LocalStudent({"f": write}).observe("f", *given)
    assert seen.changed == (0, 1)
    assert given[0]["w"].tolist() == [1, 1, 1]
    assert given[1][0].tolist() == [0, 0]


def test_shared_memory_is_seen_in_nested_values():
    def same(x, y):
        return {"a": [x[1:], 2 * y], "b": (x[:1].T,)}

    seen = LocalStudent({"f": same}).observe("f", np.ones((3, 2)), np.ones(2))
    assert seen.shared == (0,)
    assert not seen.twins
    seen = LocalStudent({"f": lambda x: [y := 2 * x, y[0]]}).observe("f", np.ones((3, 2)))
    assert seen.shared == ()
    assert seen.twins


def test_a_stub_is_told_from_a_mistake():
    with pytest.raises(NotWritten):
        LocalStudent({"f": lambda: ...}).call("f")


def test_an_interrupt_that_is_lost_is_repeated(monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", 0.05)
    monkeypatch.setattr(time_limit, "AGAIN", 0.05)

    def wait():
        while True:
            pass

    def lose_one():
        with suppress(KeyboardInterrupt):  # as in a callback of the garbage collector
            wait()
        wait()

    with pytest.raises(time_limit.TooLong), time_limit.limit_time():
        lose_one()


@pytest.mark.parametrize(
    "loop", ["while True:\n    x = 1", "def f():\n    while True:\n        x = 1"]
)
def test_an_endless_loop_ends(loop, say, monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", 0.2)
    said = say(loop)
    assert "Is there a loop without end?\nThat is line" in said
    assert "of f.py" in said


def test_an_endless_loop_is_entered_once(monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", 0.2)
    entered = []

    def loop():
        entered.append(True)
        while True:
            pass

    looping = LocalStudent({"f": loop})
    for _ in range(3):
        with pytest.raises(StudentError, match="loop without end"):
            looping.call("f")
    assert entered == [True]


@pytest.mark.parametrize(("module", "others"), [(student, {"markers"}), (markers, set())])
def test_the_interface_needs_numpy_alone(module, others):
    tree = ast.walk(ast.parse(inspect.getsource(module)))
    imported = [node for node in tree if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in imported if node.level} == others


def test_ctrl_c_is_not_a_mistake_of_the_student():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        LocalStudent({"f": interrupted}).call("f")


def test_annotations_are_evaluated_as_in_a_program(tmp_path):
    path = tmp_path / "f.py"
    path.write_text("def f(x: float):\n    return f.__annotations__['x'] is float\n")
    assert open_file(path).call("f", 1.0) is True
