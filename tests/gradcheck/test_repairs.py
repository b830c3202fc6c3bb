"""Repairs: single edits that make a wrong backward pass right."""

import inspect
import linecache
import sys

import numpy as np
import pytest

import minireg as mr
from minireg.gradcheck import Booleans, Floats, Integers
from minireg.gradcheck.repairs import find_repairs

from .planted import PLANTED

pytestmark = pytest.mark.host

INPUTS = {
    "x": Floats("N", "D"),
    "w": Floats("D", "H"),
    "b": Floats("D"),
    "labels": Integers("N", below="D"),
    "mask": Booleans("N", "D"),
    "a": Floats("N"),
    "table": Floats("V", "D"),
    "rows": Integers(9, below="V"),
}


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a text as the file of a student."""

    def load_text(text, imports="import numpy as np\n"):
        file = tmp_path / "student.py"
        file.write_text(imports + text, encoding="utf-8")
        linecache.checkcache()
        module = {"__name__": "student"}
        exec(compile(imports + text, str(file), "exec"), module)
        return module

    return load_text


def check(module):
    """Check the functions forward and backward of a module."""
    names = list(inspect.signature(module["forward"]).parameters)
    inputs = {name: INPUTS[name] for name in names}
    if set(names) == {"a", "b"}:
        inputs["b"] = Floats("N")
    if "w" in names and "b" in names:
        inputs["b"] = Floats("H")
    return mr.check_backward(module["forward"], module["backward"], inputs=inputs)


def apply(text, repair):
    """Return the text of a file with a repair."""
    lines, before = text.split("\n"), repair.before.split("\n")
    start = repair.line - 1
    assert lines[start : start + len(before)] == before
    return "\n".join(lines[:start] + repair.after.split("\n") + lines[start + len(before) :])


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_on_its_line(load, name):
    text = PLANTED[name]
    report = check(load(text))
    assert report.verdict == "fail"
    lines = [repair.line for repair in report.repairs]
    assert lines[:1] == [text[: text.index("# <-")].count("\n") + 2]


@pytest.mark.parametrize("name", PLANTED)
def test_each_repair_makes_the_check_pass(load, name):
    text = "import numpy as np\n" + PLANTED[name]
    repairs = check(load(text, "")).repairs
    assert 1 <= len(repairs) <= 3
    for repair in repairs:
        assert check(load(apply(text, repair), "")).verdict == "pass"


def test_the_text_of_a_line_keeps_its_format(load):
    [repair] = check(load(PLANTED["mean for sum"])).repairs
    assert repair.before == "    db = upstream.mean(axis = 0)  # <-"
    assert repair.after == "    db = upstream.sum(axis = 0)  # <-"


def test_a_repair_asks_a_question_and_states_a_rule(load):
    [repair] = check(load(PLANTED["wrong axis"])).repairs
    assert (
        repair.question
        == "Over which axis does the forward pass go, and over which the backward pass?"
    )
    assert "axis of the forward pass" in repair.rule
    assert repair.cause == "wrong-axis"


def test_a_right_backward_pass_has_no_repairs():
    report = mr.check_backward(np.sin, lambda u, x: u * np.cos(x), np.array([1.0, 2.0]))
    assert (report.verdict, report.repairs) == ("pass", ())


def test_a_missing_line_is_shown_before_the_next_one(load):
    repair = check(load(PLANTED["missing line"])).repairs[0]
    assert repair.before == "    return upstream * d / len(labels)  # <-"
    assert repair.after.split("\n") == [
        "    d[np.arange(len(labels)), labels] -= 1",
        "    return upstream * d / len(labels)  # <-",
    ]


SIDE_EFFECTS = """
calls, total, store = [], 0, np.zeros(3)

def count(x):
    global total
    calls.append(x)
    total += 1
    store[0] += 1

def forward(x):
    return x**2

def backward(upstream, x, seen=[]):
    count(x)
    seen.append(1)
    print("called", np.random.rand())
    return upstream * x
"""


def test_nothing_that_candidates_do_stays(load, capsys):
    module = load(SIDE_EFFECTS)
    x = np.array([1.0, 2.0, 3.0])
    report = mr.check_backward(module["forward"], module["backward"], x)
    seen = module["backward"].__defaults__[0]
    capsys.readouterr()

    def observe():
        state = np.random.get_state()[1].tolist()  # noqa: NPY002
        return len(module["calls"]), module["total"], module["store"][0], len(seen), state

    before, tracer = observe(), sys.gettrace()
    [repair] = report.repairs
    assert repair.after == "    return upstream * 2 * x" or "2" in repair.after
    assert observe() == before
    assert sys.gettrace() is tracer
    assert capsys.readouterr() == ("", "")
    assert x.tolist() == [1.0, 2.0, 3.0]


def test_a_while_loop_without_end_is_left(load):
    module = load("""
def forward(x):
    return 2 * x

def backward(upstream, x):
    grad = np.zeros_like(x)
    i = 0
    while i < len(x):
        grad[i] = 3 * upstream[i]
        i += 1
    return grad
""")
    [first, *_] = mr.check_backward(module["forward"], module["backward"], np.ones(4)).repairs
    assert first.after == "        grad[i] = 2 * upstream[i]"


def test_a_closure_keeps_its_values(load):
    module = load("""
def make(factor):
    def forward(x):
        return factor * x

    def backward(upstream, x):
        return upstream / factor
    return forward, backward
""")
    forward, backward = module["make"](3.0)
    [repair] = mr.check_backward(forward, backward, np.array([1.0, 2.0])).repairs
    assert (repair.line, repair.after) == (8, "        return upstream * factor")


def test_a_method_may_be_repaired(load):
    module = load("""
class Scale:
    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, upstream, x):
        return upstream * self.x
""")
    layer = module["Scale"]()
    repairs = mr.check_backward(layer.forward, layer.backward, np.array([1.0, 2.0])).repairs
    assert {repair.line for repair in repairs} == {9}


ITSELF = """
if True:
    def backward(upstream, x):
        if x.ndim == 9:
            return backward(upstream[0], x[0])
        return upstream * np.sin(x)
"""


@pytest.mark.parametrize("text", [ITSELF, ITSELF.replace("if True:", "").replace("\n    ", "\n")])
def test_a_function_that_names_itself_is_repaired(load, text):
    [repair] = mr.check_backward(np.sin, load(text)["backward"], np.array([1.0, 2.0])).repairs
    assert repair.after.strip() == "return upstream * np.cos(x)"


@pytest.mark.parametrize("error", ["SystemExit", "BaseException"])
def test_a_candidate_that_exits_is_left(load, error):
    module = load(f"""
error = {error}

def backward(upstream, x):
    if x.size != 2:
        raise error
    return upstream * np.sin(x)
""")
    [repair] = mr.check_backward(np.sin, module["backward"], np.array([1.0, 2.0])).repairs
    assert repair.line == 8


def test_lambdas_on_one_line_are_told_apart(load):
    module = load("forward, backward = lambda x: np.sin(x), lambda u, x: u * np.sin(x)\n")
    [repair] = mr.check_backward(
        module["forward"], module["backward"], np.array([1.0, 2.0])
    ).repairs
    assert repair.after == "forward, backward = lambda x: np.sin(x), lambda u, x: u * np.cos(x)"


def test_without_source_there_are_no_repairs():
    module = {"np": np}
    exec("def backward(u, x): return u * np.sin(x)", module)
    report = mr.check_backward(np.sin, module["backward"], np.array([1.0, 2.0]))
    assert (report.verdict, report.repairs) == ("fail", ())
    report = mr.check_backward(np.sin, np.multiply, np.array([1.0, 2.0]))
    assert (report.verdict, report.repairs) == ("fail", ())


def test_what_cannot_be_copied_is_not_tried(load):
    module = load("""
from threading import Lock

def forward(x):
    return np.sin(x), (x, Lock())

def backward(upstream, cache):
    return upstream * np.sin(cache[0])
""")
    report = mr.check_backward(module["forward"], module["backward"], np.array([1.0, 2.0]))
    assert (report.verdict, report.repairs) == ("fail", ())


def test_a_file_that_has_changed_since_has_no_repairs(load):
    module = load(PLANTED["mean for sum"])
    load(PLANTED["swapped"])
    assert check(module).repairs == ()


def test_no_call_of_the_function_is_evaluated_alone(load):
    module = load("""
import sys

called = []

def forward(x):
    return np.sin(x)

def leave(x):
    called.append(1)
    sys.exit(3)

def backward(upstream, x):
    if x.size == 0:
        return leave(x) + sys.exit(3) + called.pop()[0]
    return upstream * np.sin(x)
""")
    module["called"].append([0])
    report = mr.check_backward(module["forward"], module["backward"], np.array([1.0, 2.0]))
    assert [repair.after.strip() for repair in report.repairs] == ["return upstream * np.cos(x)"]
    assert module["called"] == [[0]]


def test_a_limit_of_candidates_holds(load):
    report = check(load(PLANTED["missing line"]))
    assert find_repairs(report.evidence, limit=5) == ()
    assert find_repairs(report.evidence, limit=5000) == report.repairs


def test_the_same_evidence_gives_the_same_repairs(load):
    evidence = check(load(PLANTED["missing factor"])).evidence
    assert find_repairs(evidence) == find_repairs(evidence)


LOSS = """
def loss(w):
    value = (x @ w - 1)**2
    return value.mean() + 0.1 * (w**2).sum(), {"w": 2 * x.T @ (x @ w - 1) / len(x) + 0.2 * w}

x = np.sin(np.arange(30.0)).reshape(6, 5)
"""


def test_the_gradient_of_a_loss_is_repaired_and_not_its_value(load):
    text, w = "import numpy as np\n" + LOSS, np.ones((5, 2))
    module = load(text, "")
    repairs = mr.check_loss(module["loss"], w).repairs
    assert repairs
    for repair in repairs:
        assert repair.line == 5
        repaired = load(apply(text, repair), "")["loss"]
        assert repaired(w)[0] == module["loss"](w)[0]
        assert mr.check_loss(repaired, w).verdict == "pass"


def test_a_line_has_one_repair_for_each_mistake(load):
    report = check(
        load("def forward(x):\n    return 2 * x\ndef backward(u, x):\n    return -2 * u\n")
    )
    places = [(repair.line, repair.cause) for repair in report.repairs]
    assert len(places) == len(set(places))
    assert report.repairs[0].after == "    return 2 * u"


def test_a_missing_upstream_gradient_is_put_in_by_its_name(load):
    text = "def backward(u, a, b):\n    da = u.copy()\n    db = b.copy()\n    return da, db\n"
    report = check(load("def forward(a, b):\n    return a + b\n" + text))
    assert report.repairs[0].after == "    db = u.copy()"
    assert [cause.name for cause in report.causes] == ["upstream-ignored"]
