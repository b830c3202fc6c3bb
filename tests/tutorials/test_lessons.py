"""The lessons run, state their numbers first, and explain what is wrong with a wrong solution."""

import os
import re
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from minireg.lessons import BEGIN, END, list_lessons, make_notebook

pytestmark = pytest.mark.host

ROOT = Path(__file__).parents[2]
LESSONS = {lesson.name[:2]: lesson for lesson in list_lessons()}
EXERCISES = [
    (number, cell.id)
    for number, lesson in LESSONS.items()
    for cell in make_notebook(lesson).cells
    if cell.id.startswith("exercise-")
]
each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


@each_lesson
def test_a_lesson_runs_without_a_warning(lesson, tmp_path):
    environment = {**os.environ, "MPLBACKEND": "agg", "PYTHONPATH": str(ROOT)}
    # With a screen, matplotlib warns that agg draws nowhere, which the lesson cannot change.
    command = [sys.executable, "-W", "ignore:FigureCanvasAgg:UserWarning", str(lesson)]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=300
    )
    assert run.returncode == 0, run.stderr
    assert "Warning" not in run.stderr


@each_lesson
def test_a_lesson_has_12_to_25_cells(lesson):
    assert 12 <= len(make_notebook(lesson).cells) <= 25


@each_lesson
def test_a_lesson_states_its_numbers_first(lesson):
    cells = make_notebook(lesson).cells
    confirming = [
        i
        for i, cell in enumerate(cells)
        if cell.cell_type == "code" and "assert " in cell.source and not is_check(cell)
    ]
    assert confirming
    for i in confirming:
        assert cells[i - 1].cell_type == "markdown", cells[i].source
        assert "**Expect" in cells[i - 1].source, cells[i].source


def is_check(cell):
    return cell.id.startswith("check-")


@each_lesson
def test_an_exercise_has_a_hint_and_a_check(lesson):
    cells = make_notebook(lesson).cells
    exercises = [i for i, cell in enumerate(cells) if cell.id.startswith("exercise-")]
    assert exercises
    for i in exercises:
        assert "<details><summary>Hint</summary>" in cells[i - 1].source
        assert is_check(cells[i + 1])
        assert "assert " in cells[i + 1].source


@each_lesson
def test_student_notebooks_hold_no_line_of_a_solution(lesson):
    text = lesson.read_text(encoding="utf-8")
    solutions = re.findall(rf"{BEGIN}\n(.*?)\n *{END}", text, flags=re.DOTALL)
    lines = {line.strip() for solution in solutions for line in solution.splitlines()}
    student = "\n".join(cell.source for cell in make_notebook(lesson).cells)
    assert lines
    assert [line for line in lines if line in student] == []


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_an_open_exercise_says_what_to_do(number, exercise):
    expected = f"Exercise {exercise[-1]} is still open: write your code"
    with pytest.raises(NotImplementedError, match=expected):
        attempt(number, exercise)


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_the_solution_passes_its_check(number, exercise, capsys):
    cells = {cell.id: cell for cell in make_notebook(LESSONS[number], solutions=True).cells}
    namespace = dict(before(number, exercise))
    exec(cells[exercise].source, namespace)
    capsys.readouterr()  # what earlier cells printed
    exec(cells[exercise.replace("exercise", "check")].source, namespace)
    assert capsys.readouterr().out.startswith("pass")


ROUNDED = """
slopes = np.zeros_like(x)
for i in np.ndindex(x.shape):
    kept = x[i]
    x[i] = kept + h
    right = f(x)
    x[i] = kept - h
    left = f(x)
    x[i] = kept
    slopes[i] = (right - left) / (2 * h)
return slopes"""
ZEROS_LIKE_X = """
slopes = np.zeros_like(x)
for i in np.ndindex(x.shape):
    step = np.zeros(x.shape)
    step[i] = h
    slopes[i] = (f(x + step) - f(x - step)) / (2 * h)
return slopes"""
NOT_PUT_BACK = """
slopes = np.zeros(x.shape)
for i in np.ndindex(x.shape):
    x[i] += h
    right = f(x)
    x[i] -= 2 * h
    slopes[i] = (right - f(x)) / (2 * h)
return slopes"""
ONE_SIDED = """
slopes = np.zeros(x.shape)
for i in np.ndindex(x.shape):
    step = np.zeros(x.shape)
    step[i] = h
    slopes[i] = (f(x + step) - f(x)) / h
return slopes"""

STOP = """
best = {start}
for epoch, loss in enumerate(losses, start=1):
    if loss {better} losses[{other}]:
        best = epoch
    if epoch - best {over} patience:
        return epoch, best
return len(losses), best"""
RIGHT = {"start": 1, "better": "<", "other": "best - 1", "over": ">="}
COUNTED_ON = """
best, waited = 1, 0
for epoch, loss in enumerate(losses, start=1):
    if loss < losses[best - 1]:
        best = epoch
    elif epoch > 1:
        waited += 1
    if waited == patience:
        return epoch, best
return len(losses), best"""
FROM_ZERO = """
best = 0
for epoch, loss in enumerate(losses):
    if loss < losses[best]:
        best = epoch
    if epoch - best >= patience:
        return epoch, best
return len(losses) - 1, best"""
AFTER_THE_LAST = """
best = 1
for epoch, loss in enumerate(losses, start=1):
    if loss < losses[best - 1]:
        best = epoch
    if epoch - best >= patience:
        return epoch, best"""
GAP = "return train_accuracy - new_accuracy, np.sqrt(new_accuracy * (1 - new_accuracy) / n)"
SLOPE = "g = x.T @ (x @ w - y) / len(y)\n"
NEW_MASK_IN_BACKWARD = """
random = np.random.default_rng()
return dropout(upstream, draw_mask(random, upstream.shape, p), p)"""
LINEAR = "return upstream @ w.T, x.T @ upstream, upstream"
CROSS_ENTROPY = """
n, rows = len(labels), np.arange(len(labels))
{shift}
p = np.exp(scores) / np.exp(scores).sum(axis={axis}, keepdims=True)
loss = {loss}
gradient = p.copy()
{subtract}
return {returned}"""
PARTS = {
    "shift": "scores = scores - scores.max(axis=1, keepdims=True)",
    "axis": 1,
    "loss": "-(scores[rows, labels] - np.log(np.exp(scores).sum(axis=1))).mean()",
    "subtract": "gradient[rows, labels] -= 1",
    "returned": "loss, gradient / n",
}
NETWORK = """
dactive, dw2, db2 = linear_backward({upstream}, {active}, w2, b2)
dhidden = {dhidden}
_, dw1, db1 = linear_backward(dhidden, x, w1, b1)
return loss, {{"w1": {w1}, "b1": {b1}, "w2": dw2 + {decay} * w2, {b2}: db2}}"""
LAYERS = {
    "upstream": "dscores",
    "active": "active",
    "dhidden": "relu_backward(dactive, hidden)",
    "w1": "dw1 + strength * w1",
    "b1": "db1",
    "decay": "strength",
    "b2": '"b2"',
}


def cross_entropy(**changed):
    return CROSS_ENTROPY.format(**PARTS | changed)


def network(**changed):
    return NETWORK.format(**LAYERS | changed)


STANDARDIZE = """
s = np.sqrt(x.var(axis=0) + EPS)
return (x - x.mean(axis=0)) / s, s"""
BATCH_NORM_BACKWARD = """
h = gamma * upstream
dx = (h - h.mean(axis=0) - x_hat * (h * x_hat).mean(axis=0)) / s
return dx, (upstream * x_hat).sum(axis=0), upstream.sum(axis=0)"""
BATCH_NORM_LAYER = """
if not training:
    return gamma * (x - running_mean) / np.sqrt(running_var + EPS) + beta, running_mean, running_var
n = len(x)
mean = 0.9 * running_mean + 0.1 * x.mean(axis=0)
var = 0.9 * running_var + 0.1 * x.var(axis=0) * n / (n - 1)
return batch_norm(x, gamma, beta)[0], mean, var"""

# Wrong answers of students, and what the report or the error tells them.
WRONG = [
    ("01", 1, "return", "backward must return 2 gradients"),
    ("01", 1, "return upstream / s", "backward must return 2 gradients"),
    ("01", 1, "return upstream / s, -upstream * x / s**2", "not summed over axis 1"),
    ("01", 1, "return upstream / s, (upstream * x / s**2).sum(1, keepdims=True)", "the sign"),
    ("01", 1, "return upstream / s, -(upstream * x / s**2).sum(1)", "reshape it to (5, 1)"),
    ("01", 1, "return upstream / s, -(upstream * x / s**2).sum()", "has the shape ()"),
    ("01", 1, "upstream /= s\nreturn upstream, 0 * s", "changes the upstream gradient in place"),
    ("01", 1, "x /= s\nreturn upstream / s, 0 * s", "changes its input x in place"),
    ("01", 2, "return", "must be an array of shape (5,)"),
    ("01", 2, "return r * r * r", "the upstream gradient is ignored"),
    ("01", 2, "return -g * r * r * r", "the sign is wrong"),
    ("01", 2, "return (g * r * r * r).sum()", "must be an array of shape (5,)"),
    ("01", 2, "g *= r * r * r\nreturn g", "read-only"),
    ("01", 3, "return g", "only the diagonal of the Jacobian is used"),
    ("01", 3, "return g - xp.exp(y)", "is not just multiplied"),
    ("01", 3, "return g - xp.exp(y) * g.sum()", "is wrong in 15 of 15 entries"),
    ("02", 1, "return", "return an array with a slope for each entry, not None"),
    ("02", 1, "return central_difference(f, x, h)", "a slope for each entry"),
    ("02", 1, NOT_PUT_BACK, "x must hold the same values as before"),
    ("02", 1, ONE_SIDED, "but you returned"),
    ("02", 1, ZEROS_LIKE_X, "for the whole numbers [1, 2]"),
    ("02", 1, ROUNDED, "for the whole numbers [1, 2]"),
    ("02", 2, "return upstream", "a mask is missing"),
    ("02", 2, "return upstream * (x > 1)", "a part is missing"),
    ("02", 2, "return 2.0 * upstream * (abs(x) > 1)", "a 2 is too many"),
    ("02", 2, "upstream[abs(x) < 1] = 0\nreturn upstream", "the upstream gradient in place"),
    ("02", 3, "return", "backward must return 3 gradients"),
    ("02", 3, "return upstream @ w, x.T @ upstream, upstream.sum(0)", "it is transposed"),
    ("02", 3, "return upstream @ w, upstream.T @ x, upstream", "not summed over axis 0"),
    ("02", 3, "return upstream @ w, upstream.T @ x, upstream.mean(0)", "1/5"),
    ("02", 3, "return upstream @ w.T, upstream.T @ x, upstream.sum(0)", "size 3 is different from"),
    ("03", 1, "return", "but you returned None"),
    ("03", 1, "return np.sum(logits.argmax(axis=1) == labels)", "the number of right answers"),
    ("03", 1, "return 100 * np.mean(logits.argmax(axis=1) == labels)", "This is a percentage"),
    ("03", 1, "return np.mean(logits.argmax(axis=1) != labels)", "the share of wrong answers"),
    ("03", 1, "return logits.argmax(axis=1) == labels", "take their mean"),
    ("03", 1, "return np.mean(logits.argmax(axis=0) == labels)", "could not be broadcast"),
    ("03", 1, "return np.mean(logits.argmax() == labels)", "the place of the largest number"),
    ("03", 1, "return np.mean(logits.max(axis=1) == labels)", "not the number, in each row"),
    (
        "03",
        1,
        "return np.mean(logits[np.arange(len(labels)), labels] > 0)",
        "Do only logits above 0",
    ),
    ("03", 1, "return np.mean(logits[np.arange(len(labels)), labels] > 0.5)", "no probabilities"),
    ("03", 2, "return", "but you returned None"),
    ("03", 2, "return train_accuracy - new_accuracy", "Return two numbers"),
    ("03", 2, GAP.replace("train_accuracy - new", "new_accuracy - train"), "The sign of the gap"),
    ("03", 2, GAP.replace("np.sqrt", ""), "its root is missing"),
    ("03", 2, GAP.replace(" / n", ""), "where is n?"),
    ("03", 2, GAP.replace(" / n)", ") / n"), "The root of n is missing"),
    ("03", 2, GAP.replace("(new_accuracy * (1 - new", "(train_accuracy * (1 - train"), "is exact"),
    ("03", 2, GAP.replace("/ n", "/ (n - 1)"), "not by n - 1"),
    ("03", 3, "return", "but you returned None"),
    ("03", 3, "return len(losses), 1 + int(np.argmin(losses))", "training never gets to 10"),
    ("03", 3, "return 8, 1 + int(np.argmin(losses))", "is not known then"),
    ("03", 3, FROM_ZERO, "Epochs count from 1"),
    ("03", 3, STOP.format(**RIGHT).replace("epoch, best", "epoch, epoch"), "is not the best one"),
    ("03", 3, STOP.format(**RIGHT).replace("epoch, best", "epoch, min(losses[:epoch])"), "a loss"),
    ("03", 3, STOP.format(**RIGHT | {"over": ">"}), "one too many"),
    ("03", 3, STOP.format(**RIGHT | {"over": "+ 1 >="}), "only two epochs"),
    ("03", 3, STOP.format(**RIGHT | {"better": "<="}), "An equal loss is not an improvement"),
    ("03", 3, STOP.format(**RIGHT | {"other": "epoch - 2"}), "training never gets to 10"),
    ("03", 3, COUNTED_ON, "an improvement starts the count anew"),
    ("03", 3, AFTER_THE_LAST, "but you returned None. (The losses are"),
    ("04", 1, "return", "Its return statement may be missing"),
    ("04", 1, "return upstream * strength * w", "a 2 is missing"),
    ("04", 1, "return upstream * 2 * strength * w", "a 2 is too many"),
    (
        "04",
        1,
        "return upstream * {'sum': 2, 'half': 1, 'half_mean': 1}[scale] * strength * w",
        "= 7 *",
    ),
    ("04", 1, "return 2 * strength * FACTORS[scale](m) * w", "the upstream gradient is ignored"),
    ("04", 1, "return 2 * upstream * strength * FACTORS[scale](m) * np.sum(w)", "has the shape ()"),
    ("04", 1, "return upstream * strength * w / np.sqrt(np.sum(w * w))", "a constant factor"),
    ("04", 1, "w *= 2 * upstream * strength\nreturn w", "in place"),
    ("04", 2, "return", "an array of shape (10,), not None"),
    ("04", 2, "return np.linalg.solve(X.T @ X, X.T @ y)", "The penalty is missing"),
    ("04", 2, "return np.linalg.solve(X.T @ X + strength * np.eye(d), X.T @ y)", "divided by m"),
    ("04", 2, "return np.linalg.solve(X.T @ X + 2 * m * strength * np.eye(d), X.T @ y)", "`sum`"),
    (
        "04",
        2,
        "return np.linalg.solve(X.T @ X + m * strength / 2 * np.eye(d), X.T @ y)",
        "brings a 2",
    ),
    ("04", 2, "return np.linalg.solve(X.T @ X + m * strength, X.T @ y)", "on the diagonal"),
    ("04", 2, "return np.linalg.solve(X @ X.T + m * strength * np.eye(m), y)", "shape (10,)"),
    ("04", 3, "return", "Return one number"),
    ("04", 3, "return (noise * e + prior * c**2) / (e + c) ** 2", "not array"),
    ("04", 3, "return np.sum(noise * e / (e + c) ** 2)", "the errors only"),
    ("04", 3, "return np.sum(prior * c**2 / (e + c) ** 2)", "the shrinking only"),
    ("04", 3, "return np.sum((noise * e - prior * c**2) / (e + c) ** 2)", "Squares add up"),
    ("04", 3, "return np.sum((noise * e + prior * c) / (e + c) ** 2)", "has c²"),
    ("04", 3, "return np.sum((noise * e + prior**2 * c**2) / (e + c) ** 2)", "do not square it"),
    ("04", 3, "return np.sum((noise**2 * e + prior * c**2) / (e + c) ** 2)", "do not square it"),
    ("04", 3, "return np.mean((noise * e + prior * c**2) / (e + c) ** 2)", "not a mean"),
    (
        "04",
        3,
        "return np.sum((noise * e**2 + prior * c**2) / (e + c) ** 2)",
        "standard errors away",
    ),
    ("05", 1, "return", "backward must return 1 gradient"),
    ("05", 1, "return STRENGTH * np.sign(w)", "the upstream gradient is ignored"),
    ("05", 1, "return upstream * np.sign(w)", "yours = 10 * numeric"),
    ("05", 1, "return upstream * STRENGTH * w / np.abs(w)", "nan [-0.1, 0.1]"),
    ("05", 1, "return upstream * 2 * STRENGTH * w", "is wrong in 4 of 6 entries"),
    ("05", 1, "return -upstream * STRENGTH * np.sign(w)", "the sign is wrong"),
    ("05", 1, "return upstream * STRENGTH * np.where(w >= 0, 1, -1)", "at w = 0 the exercise asks"),
    ("05", 2, "return", "return an array of shape (5, 5), not None"),
    ("05", 2, "return np.maximum(u - t, 0)", "u = -3.0, t = 0.0: your w = 0"),
    ("05", 2, "return u - t * np.sign(u)", "u = -0.25, t = 0.5: your w = 0.25"),
    ("05", 2, "return np.where(np.abs(u) > t, u, 0)", "u = -3.0, t = 0.5: your w = -3"),
    ("05", 2, "return u / (1 + t)", "u = -3.0, t = 0.5: your w = -2"),
    ("05", 2, "u[np.abs(u) <= t] = 0\nreturn u - t * np.sign(u)", "u must hold the same values"),
    ("05", 3, "return", "return an array of shape (12,), not None"),
    ("05", 3, f"{SLOPE}return soft_threshold(w - step * g, strength)", "with another strength"),
    ("05", 3, f"{SLOPE}return soft_threshold(w, step * strength) - step * g", "must come last"),
    (
        "05",
        3,
        f"{SLOPE}return w - step * (g + strength * np.sign(w))",
        "not one weight is exactly 0",
    ),
    ("05", 3, f"{SLOPE}return soft_threshold(w - g, strength)", "the steps are too long"),
    ("05", 3, f"{SLOPE}return soft_threshold(w - step * len(y) * g, step * strength)", "by n"),
    ("05", 3, f"{SLOPE}return soft_threshold(w + step * g, step * strength)", "go uphill"),
    ("05", 3, "return soft_threshold(w, step * strength)", "these weights must leave zero"),
    ("06", 1, "return", "return a boolean array of this shape, not None"),
    ("06", 1, "return random.random() < 1 - p", "return a boolean array of this shape, not True"),
    ("06", 1, "return 1.0 * (random.random(shape) < 1 - p)", "not dtype('float64')"),
    ("06", 1, "return random.random(shape) < p", "expected. p is the probability of dropping"),
    ("06", 1, "return random.random(shape[1:]) < 1 - p", "yours is (100,)"),
    (
        "06",
        1,
        "return np.tile(random.random(shape[1]) < 1 - p, (shape[0], 1))",
        "neighbouring rows of your mask",
    ),
    ("06", 1, "return np.random.default_rng().random(shape) < 1 - p", "draw from `random`"),
    ("06", 2, "return", "return an array of shape (3,), not None"),
    ("06", 2, "return x * mask", "that is 0.7 times x"),
    ("06", 2, "return x * mask / p", "that is 2.333 times x"),
    ("06", 2, "return x * mask / (1 - p) ** 2", "that is 1.429 times x"),
    ("06", 2, "return x * ~mask / (1 - p)", "True = kept"),
    ("06", 2, "return x / (1 - p)", "True = kept"),
    ("06", 2, "x *= mask\nreturn x / (1 - p)", "x must hold the same values as before"),
    ("06", 3, "return", "backward must return 1 gradient"),
    ("06", 3, "return upstream", "a mask is missing"),
    ("06", 3, "return upstream / (1 - p)", "a mask is missing"),
    ("06", 3, "return upstream * mask", "yours = 0.7 * numeric"),
    ("06", 3, "return upstream * mask / p", "yours = 2.33333 * numeric"),
    ("06", 3, "return dropout(upstream, mask, p) / (1 - p)", "yours = 1.42857 * numeric"),
    ("06", 3, "return mask / (1 - p)", "the upstream gradient is ignored"),
    ("06", 3, "return dropout(x, mask, p)", "the upstream gradient is ignored"),
    ("06", 3, NEW_MASK_IN_BACKWARD, "it draws random numbers"),
    ("07", 1, "return", "backward must return 3 gradients"),
    ("07", 1, LINEAR, "it is not summed"),
    ("07", 1, f"{LINEAR}.mean(axis=0)", "1/5, where 5"),
    ("07", 1, f"{LINEAR}.sum()", "the sum of all entries is right"),
    ("07", 1, f"{LINEAR}.sum(axis=1)", "it goes over another axis than it should"),
    ("07", 1, f"{LINEAR}.sum(axis=0)".replace("w.T", "w"), "size 7 is different from 3"),
    ("07", 1, f"{LINEAR}.sum(axis=0)".replace("x.T @ upstream", "upstream.T @ x"), "transpose"),
    ("07", 1, "return x.T @ upstream, upstream @ w.T, upstream.sum(axis=0)", "they are swapped"),
    ("07", 2, "return", "must return 1 gradient"),
    ("07", 2, "return 1.0 * (x > 0)", "the upstream gradient is ignored"),
    ("07", 2, "return upstream", "a mask is missing"),
    ("07", 2, "return upstream * relu(x)", "what was returned is upstream * y"),
    ("07", 2, "return relu(upstream)", "the mask depends on the upstream gradient"),
    ("07", 2, "return upstream * (x < 0)", "the mask is inverted"),
    ("07", 2, "upstream[x < 0] = 0\nreturn upstream", "work on a copy, upstream.copy()"),
    ("07", 3, "return", "Return two things: loss, gradient. You return None"),
    ("07", 3, cross_entropy(returned="gradient / n"), "Return two things"),
    ("07", 3, cross_entropy(shift=""), "called with scores = [[1000.0, 0.0,"),
    ("07", 3, cross_entropy(loss="-np.log(p[rows, labels]).mean()"), "Expected is the number 1000"),
    ("07", 3, cross_entropy(loss="-np.log(p[rows, labels])"), "The loss is one number"),
    ("07", 3, cross_entropy(loss="-np.log(p[rows, labels]).sum()"), "mean over the 5 images, not"),
    (
        "07",
        3,
        cross_entropy(loss="np.log(p[rows, labels]).mean()"),
        "the sign of the loss",
    ),
    ("07", 3, cross_entropy(loss="p[rows, labels].mean()"), "its logarithm is missing"),
    (
        "07",
        3,
        cross_entropy(axis=0, loss="-np.log(p[rows, labels]).mean()"),
        "Each row has a softmax of its own",
    ),
    ("07", 3, cross_entropy(returned="loss, gradient"), "5 * numeric, and 5, where 5 is"),
    (
        "07",
        3,
        cross_entropy(returned="loss, gradient / p.size"),
        "0.142857 * numeric, and 1/7",
    ),
    ("07", 3, cross_entropy(returned="loss, -gradient / n"), "yours = -numeric"),
    ("07", 3, cross_entropy(subtract=""), "1 is not subtracted at the label of each row"),
    (
        "07",
        3,
        cross_entropy(subtract="gradient[:, labels] -= 1"),
        "the columns that occur in labels",
    ),
    ("07", 4, "return", "it must return (loss, gradient)"),
    ("07", 4, "return loss, dscores", "must return 4 gradients"),
    ("07", 4, network(w1="dw1"), "the derivative of the penalty is missing"),
    ("07", 4, network(decay="strength / 2"), "right for strength/2 in place of strength"),
    ("07", 4, network(b1="db1 + strength * b1"), "Which parameters does the penalty"),
    ("07", 4, network(w1="dw1 + strength * np.sum(w1)"), "is that of another penalty"),
    ("07", 4, network(dhidden="dactive"), "the gradient of w1 is wrong in 7 of 21 entries"),
    ("07", 4, network(active="hidden"), "the gradient of w2 is wrong in 22 of 33 entries"),
    ("07", 4, network(upstream="scores"), "the gradient of b2 is wrong in 11 of 11"),
    ("07", 4, network(w1="dw1.T + strength * w1"), "with shapes (32,64) (64,32)"),
    ("07", 4, network(b2='"bias"'), "the gradients must have the names of the arguments (w1, b1,"),
    (
        "07",
        4,
        network().replace("return loss,", "made =") + "\nreturn loss, tuple(made.values())",
        "Return them in a dictionary",
    ),
    ("08", 1, "return", "return the pair x_hat, s, not None"),
    ("08", 1, STANDARDIZE.replace(", s", ""), "return the pair x_hat, s, not array"),
    ("08", 1, STANDARDIZE.replace("axis=0", "ddof=1, axis=0", 1), "you divide by N - 1"),
    ("08", 1, STANDARDIZE.replace(" + EPS)", ") + EPS"), "inside the root"),
    ("08", 1, STANDARDIZE.replace(" + EPS", ""), "eps is missing"),
    ("08", 1, STANDARDIZE.replace("np.sqrt", ""), "its root is missing"),
    ("08", 1, STANDARDIZE.replace("axis=0", "axis=1, keepdims=True"), "yours has 4"),
    ("08", 1, STANDARDIZE.replace("axis=0", ""), "yours has 1"),
    ("08", 1, STANDARDIZE.replace("x.mean(axis=0)", "x.mean()"), "the means of x_hat are"),
    ("08", 1, STANDARDIZE.replace(" / s", " / s**2"), "the variances of x_hat are"),
    ("08", 1, "x -= x.mean(axis=0)\nreturn x, x.std(axis=0)", "x must hold the same values"),
    ("08", 2, "return", "backward must return 3 gradients"),
    ("08", 2, "return gamma * upstream / s", "backward must return 3 gradients"),
    (
        "08",
        2,
        "return gamma * upstream / s, (upstream * x_hat).sum(0), upstream.sum(0)",
        "a mean, variance, norm, sum or maximum is treated as a\n    constant",
    ),
    (
        "08",
        2,
        BATCH_NORM_BACKWARD.replace(" - x_hat * (h * x_hat).mean(axis=0)", ""),
        "a mean, variance, norm, sum or maximum is treated as a\n    constant",
    ),
    ("08", 2, BATCH_NORM_BACKWARD.replace("mean(axis=0)", "mean()"), "over another axis"),
    ("08", 2, BATCH_NORM_BACKWARD.replace("mean(axis=0)", "mean(axis=1)"), "(5,7) (5,)"),
    (
        "08",
        2,
        BATCH_NORM_BACKWARD.replace("gamma * ", ""),
        "yours / numeric is one number for each entry",
    ),
    ("08", 2, BATCH_NORM_BACKWARD.replace(" / s", ""), "a factor of the chain rule is missing"),
    ("08", 2, BATCH_NORM_BACKWARD.replace(" - x_hat *", " + x_hat *"), "of one part of the"),
    ("08", 2, BATCH_NORM_BACKWARD.replace("sum(axis=0)", "mean(axis=0)"), "yours = 0.2 * numeric"),
    (
        "08",
        2,
        BATCH_NORM_BACKWARD.replace(".sum(axis=0)", ""),
        "not summed\n    over axis 0",
    ),
    (
        "08",
        2,
        BATCH_NORM_BACKWARD.replace("(upstream * x_hat).sum", "upstream.sum"),
        "it is the\n    gradient of beta",
    ),
    ("08", 2, f"upstream *= gamma{BATCH_NORM_BACKWARD}", "changes the upstream gradient in place"),
    ("08", 3, "return", "return y, running_mean, running_var, not None"),
    ("08", 3, "return batch_norm(x, gamma, beta)", "return three arrays"),
    ("08", 3, BATCH_NORM_LAYER.replace("[0]", ""), "not ['tuple', 'ndarray', 'ndarray']"),
    (
        "08",
        3,
        BATCH_NORM_LAYER.replace("if not training:", "if True:"),
        "with the statistics of the batch",
    ),
    (
        "08",
        3,
        BATCH_NORM_LAYER.replace("0.9 *", "0.1 *", 1).replace("0.1 * x.m", "0.9 * x.m"),
        "is the share of the new value",
    ),
    ("08", 3, BATCH_NORM_LAYER.replace(" * n / (n - 1)", ""), "N / (N - 1) is missing"),
    (
        "08",
        3,
        BATCH_NORM_LAYER.replace("0.9 * running_var", "running_var"),
        "the running variance is 1.56667, yours is [1.66",
    ),
    ("08", 3, BATCH_NORM_LAYER.replace("+ EPS", ""), "minireg gives another y"),
    (
        "08",
        3,
        f"running_mean += 1{BATCH_NORM_LAYER}",
        "you changed the running statistics in place",
    ),
    (
        "08",
        3,
        BATCH_NORM_LAYER.replace("if not training:", "if False:"),
        "in evaluation x = 5 gives 10",
    ),
    (
        "08",
        3,
        BATCH_NORM_LAYER.replace(
            "running_mean, running_var\nn", "0 * running_mean, running_var\nn"
        ),
        "evaluation must not update",
    ),
]


@pytest.mark.parametrize(("number", "exercise", "answer", "told"), WRONG)
def test_a_wrong_answer_is_explained(number, exercise, answer, told, capsys):
    with pytest.raises(Exception) as refused:  # noqa: PT011  any error may be shown to a student
        attempt(number, f"exercise-{exercise}", answer)
    shown = f"{capsys.readouterr().out} {refused.value}"
    # A report breaks its lines wherever 79 columns are full.
    assert " ".join(told.split()) in " ".join(shown.split())


def attempt(number, exercise, answer=None):
    """Run an exercise of the student notebook, with `answer` for the stub, then its check."""
    cells = {cell.id: cell for cell in make_notebook(LESSONS[number]).cells}
    source = cells[exercise].source
    if answer is not None:
        source = fill_in(source, answer)
    namespace = dict(before(number, exercise))
    exec(source, namespace)
    exec(cells[exercise.replace("exercise", "check")].source, namespace)


def fill_in(source, answer):
    """The source of an exercise with an answer in place of the stub."""
    stub = re.search(r"^( *)# YOUR CODE HERE\n.*$", source, flags=re.MULTILINE)
    return source.replace(stub[0], textwrap.indent(answer, stub[1]))


@cache
def before(number, exercise):
    """What the cells above an exercise define, with the earlier exercises solved."""
    plt.switch_backend("agg")
    namespace = {"__name__": "lesson"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plt, "show", lambda: plt.close("all"))
        for cell in make_notebook(LESSONS[number], solutions=True).cells:
            if cell.id == exercise:
                return namespace
            if cell.cell_type == "code":
                exec(cell.source, namespace)
    raise AssertionError(f"lesson {number} has no {exercise}")


@each_lesson
@pytest.mark.filterwarnings("default")  # warnings of the kernel itself
def test_a_solved_notebook_passes_in_a_real_kernel(lesson, tmp_path):
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    resources = {"metadata": {"path": str(tmp_path)}}
    solved = make_notebook(lesson, solutions=True)
    nbclient.NotebookClient(solved, kernel_name="python3", resources=resources).execute()
    for cell in solved.cells:
        if is_check(cell):
            assert cell.outputs[0].text.startswith("pass")


def test_a_notebook_shows_the_line_of_a_mistake(tmp_path):
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = make_notebook(LESSONS["07"], solutions=True)
    place = [cell.id for cell in notebook.cells].index("exercise-4")
    open_cell = make_notebook(LESSONS["07"]).cells[place]
    mistake = "relu_backward(dactive, dactive)"
    notebook.cells[place].source = fill_in(open_cell.source, network(dhidden=mistake))
    notebook.cells = notebook.cells[: place + 2]
    resources = {"metadata": {"path": str(tmp_path)}}
    client = nbclient.NotebookClient(
        notebook, kernel_name="python3", resources=resources, allow_errors=True
    )
    client.execute()
    assert f"dhidden = {mistake}\n" in notebook.cells[-1].outputs[0].text
