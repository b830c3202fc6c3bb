"""Functions with backward passes, right and wrong: what a student's gradient checker must judge.

They are source text, which becomes functions where the student's checker runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import Any

import numpy as np

from .markers import Function


@dataclass(frozen=True)
class BackwardPass:
    """A function with a backward pass.

    Args:
        title: what the function is.
        forward: the body of `forward(x)`.
        backward: the body of `backward(upstream, x)`.
        point: x, as lists of numbers.
        question: leads to the mistake of a checker that judges it wrongly.
        mistake: what `backward` does wrong; empty if it is right.
    """

    title: str
    forward: str
    backward: str
    point: list
    question: str
    mistake: str = ""

    @property
    def x(self) -> np.ndarray:
        return np.array(self.point, dtype=np.float64)

    @property
    def functions(self) -> tuple[Function, Function]:
        """Forward and backward, as arguments of a student's function."""
        forward = f"def forward(x):\n{indent(self.forward, '    ')}"
        backward = f"def backward(upstream, x):\n{indent(self.backward, '    ')}"
        return Function(forward, "forward"), Function(backward, "backward")

    def draw_upstream(self) -> Any:
        """An upstream gradient of the shape of the result, with entries of both signs."""
        shape = np.shape(self.functions[0].make()(self.x))
        sizes = np.random.default_rng(0).uniform(0.5, 2, shape)
        upstream = sizes * np.resize([1, -1], shape)
        return upstream if shape else float(upstream)

    def __str__(self) -> str:
        sources = "\n\n".join(function.source for function in self.functions)
        return f"{indent(sources, '    ')}\n\n    x = {self.point}"


SMOOTH = (
    BackwardPass(
        "100 + sin(5x)",
        "return 100 + np.sin(5 * x)",
        "return upstream * 5 * np.cos(5 * x)",
        [[0.1, 0.5, -0.2], [1.3, -0.7, 0.05]],
        "Take f at x + h and at x - h: the error of such a central difference is of the order h**2 "
        "plus 1e-14 / h here. For which h are both small? Is all of it computed in float64?",
    ),
    BackwardPass(
        "the norm of each row",
        "return np.sqrt((x * x).sum(axis=1))",
        "return (upstream / np.sqrt((x * x).sum(axis=1)))[:, None] * x",
        [[3.0, -4.0, 1.0, 0.5], [0.2, 0.1, -0.3, 2.0], [1.0, 1.0, -1.0, 2.0]],
        "f(x) has fewer entries than x. Change one entry of x at a time, multiply by upstream, and "
        "add up all entries. Which shape has the gradient?",
    ),
    BackwardPass(
        "a quadratic form",
        "a = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.5, 0.0, 1.0]])\nreturn x @ a @ x",
        "a = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.5, 0.0, 1.0]])\n"
        "return upstream * (a + a.T) @ x",
        [2.0, -1.0, 3.0],
        "f(x) is a single number here. What do you do with it?",
    ),
    BackwardPass(
        "x in reverse order",
        "return x[::-1]",
        "return upstream[::-1].copy()",
        [1.0, 2.0, -3.0],
        "f(x) is a view of x: when you change x later, it changes, too. Is what you subtract still "
        "what f returned?",
    ),
)

TRAPS = (
    BackwardPass(
        "a product with some zeros",
        "return x * np.array([2.0, 0.0, -3.0, 0.0])",
        "return upstream * np.array([2.0, 0.0, -3.0, 0.0])",
        [1.0, 2.0, 3.0, 4.0],
        "Some entries of both gradients are exactly 0. What does your check do with 0 / 0?",
    ),
    BackwardPass(
        "rounding down",
        "return np.floor(x)",
        "return np.zeros_like(x)",
        [0.3, 1.6, -0.4],
        "Both gradients are exactly 0 everywhere. What does your check divide by?",
    ),
    BackwardPass(
        "clipping to [-1, 1]",
        "return np.clip(x, -1, 1)",
        "return upstream * (np.abs(x) < 1)",
        [0.9995, 1.0005, -0.3, -1.0005],
        "Kinks are 0.0005 away from entries of x. Does your step lead across one?",
    ),
    BackwardPass(
        "100 + 0.01 log(cosh(x))",
        "return 100 + 0.01 * np.log(np.cosh(x))",
        "return upstream * 0.01 * np.tanh(x)",
        [1.5, -0.7, 2.0],
        "The values are large and the gradient is small. Rounding changes f(x) by 1e-14. By how "
        "much does this change your numeric gradient, and does your tolerance allow for that?",
    ),
    BackwardPass(
        "log(cosh(x)) far from 0",
        "size = np.abs(x)\nreturn size + np.log1p(np.exp(-2 * size)) - np.log(2)",
        "return upstream * np.tanh(x)",
        [1000.0, -1000.0, 1003.0],
        "What is (x + h) - x for x = 1000 and your h?",
    ),
    BackwardPass(
        "exp(-x**2 / 2)",
        "return np.exp(-x * x / 2)",
        "return -upstream * x * np.exp(-x * x / 2)",
        [0.5, 6.5, -1.0],
        "One entry of the gradient is 1e9 times smaller than the others, so that rounding of the "
        "others hides it. An error that is tiny beside the largest entry is rounding. Or subtract "
        "f(x - h) from f(x + h) before you add up: what did not change, cancels exactly.",
    ),
)

RIGHT = SMOOTH + TRAPS

WRONG = (
    BackwardPass(
        "softsign, x / (1 + |x|)",
        "return x / (1 + np.abs(x))",
        "return 1 / (1 + np.abs(x)) ** 2",
        [0.5, -1.5, 2.0],
        "Which upstream do you use? Both gradients need the one that is given, not ones.",
        "it ignores upstream",
    ),
    BackwardPass(
        "shares of the total",
        "return x / x.sum()",
        "return np.zeros_like(x)",
        [1.0, 2.0, 5.0],
        "The entries of f(x) always add up to 1. With which upstream do zeros look right?",
        "it returns zeros",
    ),
    BackwardPass(
        "log(cosh(x))",
        "return np.log(np.cosh(x))",
        "return -upstream * np.tanh(x)",
        [0.3, -1.2, 2.0],
        "Do you compare the gradients themselves, or their sizes only?",
        "its sign is wrong",
    ),
    BackwardPass(
        "swish, x * sigmoid(x)",
        "return x / (1 + np.exp(-x))",
        "return upstream / (1 + np.exp(-x))",
        [0.0, 1.0, -2.0],
        "The first entry is right by chance. Do you look at all entries of x?",
        "the product rule has two terms, and one is missing",
    ),
    BackwardPass(
        "x * |x|",
        "return x * np.abs(x)",
        "return upstream * 2 * x",
        [1.0, 0.5, 2.0, -0.7],
        "Only the last entry is wrong. Do you look at all entries of x?",
        "it is wrong for negative x",
    ),
    BackwardPass(
        "the cosine of the angle between x and a vector",
        "v = np.array([1.0, -2.0, 2.0]) / 3\nreturn x @ v / np.sqrt(x @ x)",
        "v = np.array([1.0, -2.0, 2.0]) / 3\nreturn upstream * v / np.sqrt(x @ x)",
        [2.0, 1.0, 0.5],
        "f(x) is a single number here. Do you change each entry of x?",
        "it forgets that the length of x changes, too",
    ),
    BackwardPass(
        "the norm of each row",
        "return np.sqrt((x * x).sum(axis=1))",
        "return (np.abs(upstream) / np.sqrt((x * x).sum(axis=1)))[:, None] * x",
        [[3.0, -4.0], [0.2, 0.1], [1.0, -1.0]],
        "Which entries of x, and which signs of upstream, does your check see?",
        "it loses the sign of upstream",
    ),
    BackwardPass(
        "1e-7 x**3",
        "return 1e-7 * x**3",
        "return upstream * 6e-7 * x**2",
        [1.0, -0.8, 1.5],
        "The gradient is small, and so is its error. Is your tolerance relative to the gradient?",
        "it is twice too large",
    ),
    BackwardPass(
        "weighted squares",
        "return np.array([1e3, 8e2, 1e-4]) * x * x / 2",
        "return upstream * np.array([1e3, 8e2, 2e-4]) * x",
        [0.01, 0.02, 0.01],
        "Beside the two large entries, the error is small. What happens to it in a norm of all? "
        "How large is it beside its own entry?",
        "one small entry is twice too large",
    ),
    BackwardPass(
        "softplus, log(1 + exp(x))",
        "return np.log1p(np.exp(x))",
        "return 1.0001 * upstream / (1 + np.exp(-x))",
        [0.5, -1.0, 2.0],
        "How large is your tolerance, and how exact is your numeric gradient?",
        "it is off by 0.01 %",
    ),
    BackwardPass(
        "sin(x) / x, and 1 at x = 0",
        "return np.sinc(x / np.pi)",
        "return upstream * (x * np.cos(x) - np.sin(x)) / x**2",
        [1.0, 0.0, -2.0],
        "What is nan > 1e-5, and what is nan <= 1e-5? Which of the two does your check ask?",
        "it is nan at x = 0, where the derivative is 0",
    ),
    BackwardPass(
        "the sum of each column",
        "return x.sum(axis=0)",
        "return upstream",
        [[1.0, 2.0], [3.0, -1.0], [0.5, 0.0]],
        "NumPy subtracts arrays of different shapes, too. Do you compare the shapes?",
        "it has the shape of upstream, not of x",
    ),
)
