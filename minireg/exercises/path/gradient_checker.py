"""gradient_checker: numeric gradients, and what they tell about a backward pass."""

from collections.abc import Sequence

import numpy as np

from ..backward_passes import RIGHT, SMOOTH, WRONG, BackwardPass
from ..checks import Property
from ..comparing import compare
from ..exercise import Exercise
from ..student import Student, StudentError, describe, is_number


def numeric_gradient_agrees_with_formulas(student: Student) -> str | None:
    for case in SMOOTH:
        forward, backward = case.functions
        upstream = case.draw_upstream()
        found = student.call("numeric_gradient", forward, case.x, upstream)
        expected = backward.make()(upstream, case.x)
        if difference := compare(found, expected, {"x": case.x}):
            where = student.locate("numeric_gradient")
            return f"numeric_gradient{where}, for {case.title}:\n{difference}\n\n{case.question}"
    return None


def check_tells_right_from_wrong(student: Student) -> str | None:
    missed = [case for case in WRONG if ask(student, case)]
    alarms = [case for case in RIGHT if not ask(student, case)]
    if not missed and not alarms:
        return None
    caught = len(WRONG) - len(missed)
    score = (
        f"check{student.locate('check')}: the score is {caught - len(alarms)} of {len(WRONG)}. It "
        f"refuses {caught} of {len(WRONG)} wrong backward passes, and {len(alarms)} of "
        f"{len(RIGHT)} right ones."
    )
    if missed:
        return f"{score}\n{show('The first wrong one that it accepts', missed)}"
    return f"{score}\n{show('The first right one that it refuses', alarms)}"


def ask(student: Student, case: BackwardPass) -> bool:
    """Return what the student's check says about a backward pass."""
    found = student.call("check", *case.functions, case.x, case.draw_upstream())
    if not is_number(found) or np.shape(found) or found not in (True, False):
        where = student.locate("check")
        raise StudentError(
            f"check{where} must return True or False. It returned {describe(found)}."
        )
    return bool(found)


def show(what: str, cases: Sequence[BackwardPass]) -> str:
    case = cases[0]
    mistake = f" Here {case.mistake}." if case.mistake else ""
    return f"{what} is {case.title}.{mistake}\n\n{case}\n\n{case.question}"


EXERCISE = Exercise(
    title="A gradient checker",
    statement="""
Is a backward pass right? A gradient checker finds out without knowing the
formula. It changes each entry of x a little, and measures how

    L(x) = sum over all entries of (upstream * f(x))

changes. The slope of a central difference is nearly dL/dx:

    dL/dx[i] = (L(x + h at entry i) - L(x - h at entry i)) / (2 * h)

Its error is of the order h**2. Rounding adds an error of the order
1e-16 * (size of L) / h, so h must be neither too large nor too small.

    x                      an array of any shape, float64
    f(x), forward(x)       an array of any shape, or a number
    upstream               has the shape of f(x)
    backward(upstream, x)  should return dL/dx, of the shape of x

Write two functions. numeric_gradient returns dL/dx by central differences,
with an error of at most 1e-7 of each entry. check returns True if backward
is right, and False if it is wrong. Both are given functions: call them.

check is tried on right backward passes and on wrong ones. The score is the
number of wrong ones caught, minus the number of false alarms. Every wrong one
has an entry that is off by 0.01 % of itself or more, or has a wrong shape.
""",
    stub='''
def numeric_gradient(f, x, upstream):
    """Return dL/dx by central differences."""
    return ...  # replace this line


def check(forward, backward, x, upstream):
    """Return whether backward(upstream, x) is dL/dx."""
    return ...  # replace this line
''',
    checks=(
        Property(numeric_gradient_agrees_with_formulas),
        Property(check_tells_right_from_wrong),
    ),
    hints=(
        "For one entry of x: make a copy of x that has h more at this entry, and one that has h "
        "less. What is L of each? np.ndindex(x.shape) gives the places of all entries.",
        "gradient[i] = np.sum(upstream * (f(plus) - f(minus))) / (2 * h). With h = 1e-5, both "
        "errors are small if x and f(x) are not far from 1.",
        "check compares backward(upstream, x) with numeric_gradient(forward, x, upstream). First "
        "the shapes: np.shape(a) == x.shape. Then every entry: may it deviate by the same amount "
        "if it is 1000, and if it is 0.001?",
        "Let an entry deviate by 1e-5 of itself plus a very small part of the largest one. Write "
        "it so that nan is wrong: np.all(np.abs(a - n) <= 1e-5 * np.abs(n) + 1e-9 * largest), "
        "where largest = np.abs(n).max().",
    ),
)
