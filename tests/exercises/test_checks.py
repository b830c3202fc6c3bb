"""What each kind of check refuses, and what it says."""

from __future__ import annotations

import numpy as np
import pytest

from minireg import ops
from minireg.exercises import ORDER, get_exercise
from minireg.exercises.checks import Failure, Gradient, Property, Values
from minireg.exercises.exercise import Exercise
from minireg.exercises.local import LocalStudent
from minireg.exercises.student import Student, StudentError, call_observed
from minireg.gradcheck import Floats, Integers

pytestmark = pytest.mark.host
X = {"x": Floats("N", "D")}


def scale(x, factor):
    return x * factor


def refuse(check, **functions):
    """Return what a check says about functions that are wrong."""
    with pytest.raises((Failure, StudentError)) as caught:
        check.run(LocalStudent(functions))
    return str(caught.value)


def test_values_name_the_first_wrong_entry():
    check = Values(scale, {"x": np.arange(8.0), "factor": 2.0})
    said = refuse(check, scale=lambda x, factor: np.where(x > 3, 0, x * factor))
    assert "wrong in 4 of 8 entries" in said
    assert "First at [4]: yours is 0, expected is 8, where x[4] = 4." in said


def test_values_name_the_part_that_differs():
    def pair(x):
        return {"sum": x.sum(), "parts": (x, 2 * x)}

    said = refuse(Values(pair, {"x": np.ones(7)}), pair=lambda x: {"sum": x.sum(), "parts": (x, x)})
    assert said.splitlines()[1].startswith("item 1 of 'parts' of the result is wrong in 7 of 7")


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (None, "None (is the line with `return` missing?)"),
        (np.zeros(2), "an array of shape (2,) [0.0, 0.0]"),
        (np.array([True, False]), "an array of bool of shape (2,) [True, False]"),
        (np.array([2j, np.nan]), "an array of complex128 of shape (2,) [2j, (nan+0j)]"),
        ((1, 2), "a tuple of 2 (the number 1, the number 2)"),
        ([[], [0, 2]], "the list [[], [0, 2]]"),
        ([12345678] * 9, f"a list of 9 ({'the number 12345678, ' * 6}...)"),
        ("word", "'word'"),
        (True, "True"),
    ],
)
def test_values_describe_what_came(returned, words):
    said = refuse(Values(scale, {"x": np.ones(3), "factor": 2.0}), scale=lambda *_: returned)
    assert f"the result is {words}.\nExpected is an array of shape (3,) [2.0, 2.0, 2.0]." in said


@pytest.mark.parametrize(
    ("constant", "shown"),
    [
        (3.0, "n = 3.0"),
        ((2, 0, 1), "n = (2, 0, 1)"),
        ("word", "n: 'word'"),
        (None, "n = None"),
        (Integers("N", below=1), "n = [0, 0, 0, 0, 0]"),
    ],
)
def test_constants_of_a_call_are_told(constant, shown):
    def take(x, n):
        return x

    said = refuse(Values(take, {**X, "n": constant}), take=lambda x, n: -x)
    assert said.splitlines()[0].endswith(f", {shown}:")


def test_special_values_are_announced():
    said = refuse(Values(np.abs, X, function="size"), size=lambda x: np.where(x == 0, 1, abs(x)))
    assert "special values" in said


def test_a_kink_accepts_every_subgradient():
    def relu(x):
        return np.maximum(x, 0)

    check = Gradient(relu, X, own=ops.relu)
    for at_zero in (0.0, 0.5, 1.0):
        right = LocalStudent({"relu_backward": lambda u, x: u * np.where(x == 0, at_zero, x > 0)})  # noqa: B023
        assert check.run(right)
    said = refuse(check, relu_backward=lambda u, x: u * np.where(x == 0, 2, x > 0))
    assert "special values" in said


def test_each_judge_alone_refuses_a_gradient():
    """A wrong reference does not let a gradient pass, and neither does a wrong operation."""
    wrong = LocalStudent({"double_backward": lambda u, x: 3 * u})
    right = LocalStudent({"double_backward": lambda u, x: 2 * u})

    def double(x):
        return 2 * x

    def triple(x):
        return 3 * x

    assert Gradient(double, X, own=double).run(right)
    for reference, own in ((double, triple), (triple, double)):
        check = Gradient(reference, X, own=own, function="double_backward")
        for student in (right, wrong):
            with pytest.raises(Failure):
                check.run(student)


def test_what_differences_cannot_tell_is_judged_by_the_operation():
    """The reference overflows, so that there is nothing to differentiate."""

    def steep(x):
        return np.exp(x)

    check = Gradient(steep, {"x": np.array([800.0, 1.0])}, own=ops.exp, gradients_of=("x",))
    right, wrong = (
        Exercise("", "", "", (check,), ()).check(LocalStudent({"steep_backward": backward}))
        for backward in (lambda u, x: u * np.exp(x), lambda u, x: 0 * u)
    )
    assert right.outcomes[0].passed
    assert right.outcomes[0].report.verdict == "cannot tell"
    assert "for the gradient of x" in wrong.outcomes[0].message


@pytest.mark.parametrize("form", [tuple, list, lambda g: dict(zip("wb", g))])
def test_gradients_of_a_loss_come_in_any_form(form):
    def loss(x, w, b):
        return ((x * w + b) ** 2).sum()

    def both(x, w, b):
        slope = 2 * (x * w + b)
        return loss(x, w, b), form(((slope * x).sum(axis=0), slope.sum(axis=0)))

    inputs = {"x": Floats("N", "D"), "w": Floats("D"), "b": Floats("D")}
    own = loss
    check = Gradient(loss, inputs, own=own, part=1, gradients_of=("w", "b"))
    assert check.run(LocalStudent({"loss": both}))
    said = refuse(check, loss=lambda x, w, b: (0.0, form((w, b))))
    assert "the gradient of w is wrong" in said
    assert "must return 2 values" in refuse(check, loss=lambda x, w, b: 0.0)


def test_whole_numbers_stay_constant():
    def pick(x, place):
        return x[np.arange(len(x)), place]

    def pick_backward(upstream, x, place):
        gradient = np.zeros_like(x)
        gradient[np.arange(len(x)), place] = upstream
        return gradient

    inputs = {**X, "place": Integers("N", below="D")}
    own = Gradient(pick, inputs, own=lambda x, place: x[np.arange(len(place)), place])
    assert own.run(LocalStudent({"pick_backward": pick_backward}))


def fail_if_negative(student):
    if student.call("f", 1.0) < 0:
        raise Failure("f(1) must be positive.")


def explain_if_negative(student):
    return None if student.call("f", 1.0) > 0 else "f(1) must be positive."


@pytest.mark.parametrize("output_is_positive", [fail_if_negative, explain_if_negative])
def test_a_claim_explains_itself(output_is_positive):
    output_is_positive.__name__ = "output_is_positive"
    check = Property(output_is_positive)
    assert check.name == "output is positive"
    assert check.run(LocalStudent({"f": lambda x: x})) is None
    assert refuse(check, f=lambda x: -x) == "f(1) must be positive."


class Memory:
    calls = 0


def remember(x, factor):
    Memory.calls += 1
    return x * factor + (Memory.calls > 1)


def change(x, factor):
    x *= factor
    return x.copy()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (change, "it changes its argument x in place"),
        (lambda x, factor: x, "its result shares memory with the argument x"),
        (lambda x, factor: np.random.random(3), "two equal calls return different results"),  # noqa: NPY002
        (remember, "two equal calls return different results"),
        (lambda x, factor: (x + 1,) * 2, "two of its results share memory"),
        (lambda x, factor: np.broadcast_to(x[:1], x.shape), "shares memory with the argument x"),
    ],
)
def test_the_contract_is_checked(function, said):
    check = Values(scale, {"x": np.ones(3), "factor": 2.0})
    exercise = Exercise("", "", "def scale(x, factor): ...", (check,), ())
    last = exercise.check(LocalStudent({"scale": function})).outcomes[-1]
    assert last.verdict == "fail"
    assert said in last.message


def test_checks_work_with_any_student():
    """One that answers from elsewhere, as from another process."""

    class Elsewhere(Student):
        def observe(self, function, *arguments):
            assert function == "scale"
            return call_observed(scale, arguments)

    check = Values(scale, {**X, "factor": 3.0})
    assert Exercise("", "", "", (check,), ()).check(Elsewhere())


STRANGE = [
    None, "word", True, 3, 2.5, np.nan, 1j, (), [], {}, [[1.0, 2.0], [3.0]], {"x": None},
    np.zeros(0), np.zeros((5, 7)), np.zeros((5, 7), dtype=np.float32), np.ones(3, dtype=bool),
    (1, 2, 3), ("loss", "gradient"), (0.0, {"w": "word"}), (0.0, None), (0.0, np.full((5, 7), 1j)),
    np.full(3, 1j), np.full(2, np.nan), np.longdouble(1), 10**400, (-(2**64),),
    {np.nan: np.nan}, np.array([2**64 - 1]), np.float16(1), "\udcff\0", [[[]] * 3] * 3, [2**63],
]  # fmt: skip


@pytest.mark.parametrize("name", ORDER)
def test_any_result_is_a_verdict(name):
    """Each exercise gets every seventh value, and seven exercises after each other get all."""
    exercise = get_exercise(name)
    for returned in STRANGE[ORDER.index(name) % 7 :: 7]:
        functions = dict.fromkeys(exercise.functions, lambda *_, returned=returned: returned)
        assert not exercise.check(LocalStudent(functions)), returned


def test_any_result_of_a_claim_is_a_verdict():
    def result_can_be_computed_with(student):
        value = student.call("f")
        return None if value.shape == (2,) and value + value > value[5] else "It is wrong."

    check = Property(result_can_be_computed_with)
    for returned in STRANGE:
        student = LocalStudent({"f": lambda returned=returned: returned})
        assert not Exercise("", "", "", (check,), ()).check(student), returned
