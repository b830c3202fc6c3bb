"""Functions of a file are found by their names, and the file is executed once."""

from __future__ import annotations

import sys

import pytest

from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.gradcheck import check_file

pytestmark = pytest.mark.host

HEAD = "import numpy as np\nfrom minireg.gradcheck import Floats, Integers\n"
TANH = """
def tanh(x):
    return np.tanh(x)
def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)
"""
LINEAR = """
linear_inputs = {"x": Floats("N", "D"), "w": Floats("D", "C"), "b": Floats("C")}
def linear(x, w, b):
    return x @ w + b, (x, w)
def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
LOSS = """
mse_inputs = {"w": Floats("D"), "x": Floats("N", "D"), "n": 5.0}
def mse(w, x, n):
    y = x @ w
    return (y**2).sum() / n, {"w": 2 * x.T @ y / n, "x": 2 * np.outer(y, w) / n}
"""
COUNTED = "with open('runs', 'a') as file:\n    file.write('run ')\n"


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Write a file and check it."""
    monkeypatch.chdir(tmp_path)

    def write_and_check(text, name="", file="mine.py"):
        (tmp_path / file).write_text(HEAD + text, encoding="utf-8")
        return check_file(file, name)

    return write_and_check


def test_every_pair_of_a_file_is_checked(check):
    reports = check(LINEAR + TANH + LOSS)
    assert [(report.function, report.verdict) for report in reports] == [
        ("linear", "pass"), ("tanh", "pass"),
    ]  # fmt: skip
    assert [finding.shape for finding in reports[0].findings] == [(5, 7), (7, 3), (3,)]


def test_a_named_function_is_checked_alone(check):
    (report,) = check(LINEAR + TANH, "tanh")
    assert (report.function, report.verdict) == ("tanh", "pass")


def test_a_function_without_backward_returns_loss_and_gradient(check):
    (report,) = check(LOSS, "mse")
    assert report.verdict == "pass"
    assert "there is no mse_backward" in report.notes[-1]
    (report,) = check(LOSS.replace("2 * x.T", "x.T"), "mse")
    assert [finding.verdict for finding in report.findings] == ["fail", "pass"]


def test_options_of_a_function_of_one_array_keep_their_defaults(check):
    text = TANH.replace("(x):", "(x, scale=1.0):").replace("dout, x)", "dout, x, scale=1.0)")
    (report,) = check(text)
    assert report.verdict == "pass"


def test_the_line_of_a_mistake_is_that_of_the_file(check):
    (report,) = check(TANH.replace("1 -", "1 +"))
    assert report.repairs[0].line == 2 + 5
    assert "mine.py, line 7:   return dout * (1 + np.tanh(x) ** 2)" in str(report)


def test_a_file_is_executed_once_and_leaves_nothing_behind(check, tmp_path):
    before = list(sys.path), set(sys.modules)
    (report,) = check(COUNTED + TANH.replace("1 -", "1 +"))
    assert report.repairs
    assert (tmp_path / "runs").read_text() == "run "
    assert sys.path == before[0]
    assert not [name for name in set(sys.modules) - before[1] if "mine" in name]
    assert {file.name for file in tmp_path.iterdir()} == {"mine.py", "runs"}


def test_a_file_may_import_its_neighbours(check, tmp_path):
    (tmp_path / "a_neighbour.py").write_text("two = 2.0\n")
    text = "def f(x):\n    return x\ndef f_backward(d, x):\n    return d * two / 2\n"
    (report,) = check("from a_neighbour import two\n" + text)
    assert report.verdict == "pass"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = nump.ones(3)", "mine.py, line 3: NameError: name 'nump' is not defined"),
        ("def f(x)\n    return x", "mine.py, line 3: SyntaxError: expected ':'"),
        ("\nraise SystemExit", "mine.py, line 4: SystemExit"),
        ("def g():\n    1 / 0\ng()", "mine.py, line 4: ZeroDivisionError: division by zero"),
        ("import broken", "mine.py, line 3: SyntaxError"),
        ("def f(x): return x", "has no two functions NAME and NAME_backward. Its functions are: f"),
        ("x = 1", "It has no functions"),
        ("from minireg.gradcheck import Floats\nx = Floats(...)", "for each axis, such as Floats("),
    ],
)
def test_what_cannot_be_checked_is_told_with_its_line(check, tmp_path, text, said):
    (tmp_path / "broken.py").write_text("(")
    with pytest.raises(ArgumentError) as caught:
        check(text)
    assert said in str(caught.value)


def test_files_and_names_that_do_not_exist_are_told(check, tmp_path):
    with pytest.raises(ArgumentError, match=r"nowhere.py cannot be read: No such file"):
        check_file("nowhere.py")
    with pytest.raises(ArgumentError, match="has no function relu"):
        check(TANH, "relu")
    with pytest.raises(ArgumentTypeError, match="tanh_inputs must be a dictionary"):
        check(TANH + "tanh_inputs = 3")
    with pytest.raises(ArgumentTypeError, match=r"linear_inputs does not fit .*\(x, w, b\).*'b'"):
        check(LINEAR.replace(', "b": Floats("C")', ""))


def test_a_function_of_unknown_inputs_hides_no_other_one(check):
    unknown, tanh = check(LINEAR.replace("linear_inputs", "inputs") + TANH)
    assert (unknown.verdict, tanh.verdict) == ("cannot tell", "pass")
    assert 'linear_inputs = {"x": Floats(...), "w": Floats(...)' in unknown.why


def test_the_name_of_the_backward_pass_means_its_function(check):
    (report,) = check(TANH, "tanh_backward")
    assert (report.function, report.verdict) == ("tanh", "pass")


@pytest.mark.parametrize("names", [("tanh_forward", "tanh_backward"), ("forward", "backward")])
def test_pairs_of_other_names_are_found(check, names):
    (report,) = check(
        TANH.replace("tanh_backward", names[1]).replace("def tanh(", f"def {names[0]}(")
    )
    assert (report.function, report.verdict) == (names[0], "pass")


def test_a_missing_backward_pass_is_said_first(check):
    (report,) = check("def f(x):\n    return x", "f")
    assert report.why.startswith("there is no f_backward")
