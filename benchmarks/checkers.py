"""The rules of other gradient checkers, and minireg's, over GradBugs.

    python benchmarks/checkers.py [K]

With K, every K-th wrong backward pass is taken, and every K-th setting of the right ones: 4 takes a
quarter of the time.

A rule says whether it accepts a backward pass at a point.  The wrong backward passes are those of
`tests/gradcheck/gradbugs`; one is caught if its rule refuses it at one of its points, or if it
raises an error.  A false alarm is a right backward pass that is refused at a point.  Every rule
gets the points that minireg draws: ordinary ones, and special ones with exact zeros, ties and
large values, where many functions have kinks.  The steps and tolerances are those of the sources
named at each rule; what is compared is the rule, not a course's choice of inputs.
"""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`

from minireg.gradcheck.inputs import Floats, draw_inputs
from tests.gradcheck.gradbugs import PARTS, Operation, load_bugs, load_operations
from tests.gradcheck.gradbugs.measure import check, measure

try:
    import torch
except ImportError:
    torch = None

SEEDS = 5  # of the points for right backward passes
Arrays = list[np.ndarray]


class Point:
    """An operation at a point: its value, its numeric slopes, and gradients of a backward pass."""

    def __init__(self, operation: Operation, arguments: list[Any], seed: int) -> None:
        self.operation, self.arguments = operation, arguments
        specified = operation.inputs.values()
        self.places = [k for k, x in enumerate(specified) if isinstance(x, Floats)]
        self.floats: Arrays = [np.asarray(arguments[k]) for k in self.places]
        self.random = np.random.default_rng(seed)
        y = self.value(self.floats)
        self.ones, self.normal = np.ones(y.shape), self.random.normal(size=y.shape)
        self.numeric = cache(self.find_slopes)

    def run(self, floats: Arrays) -> tuple[list[Any], Any]:
        arguments = copy.deepcopy(self.arguments)
        for k, x in zip(self.places, floats):
            arguments[k] = x.copy()
        return arguments, self.operation.forward(*arguments)

    def value(self, floats: Arrays) -> np.ndarray:
        y = self.run(floats)[1]
        return np.asarray(y[0] if isinstance(y, tuple) else y)

    def gradients(self, backward: Callable, upstream: np.ndarray, dtype: Any = float) -> Arrays:
        """The gradients of the floats that a backward pass returns."""
        arguments, y = self.run([x.astype(dtype) for x in self.floats])
        rest = (y[1],) if isinstance(y, tuple) else arguments
        u = upstream.astype(dtype) if upstream.shape else float(upstream)
        found = backward(u, *rest)
        gradients = list(found) if isinstance(found, (tuple, list)) else [found]
        if len(gradients) == len(arguments):
            gradients = [gradients[k] for k in self.places]
        if len(gradients) != len(self.places):
            raise ValueError("another number of gradients")
        return [np.asarray(g) for g in gradients]

    def slope(
        self, upstream: np.ndarray, direction: Arrays, step: float, dtype: Any = float
    ) -> Any:
        """The central difference of Σ upstream · y along a direction."""
        ends = []
        for h in (step, -step):
            moved = [(x + h * v).astype(dtype) for x, v in zip(self.floats, direction)]
            ends.append(np.sum(upstream * self.value(moved)))
        return (ends[0] - ends[1]) / (2 * step)

    def find_slopes(self, kind: str, step: float, dtype: Any = float) -> Arrays:
        """The central differences of all entries, with the upstream gradient of that name."""
        slopes = [np.zeros(x.shape) for x in self.floats]
        for k, x in enumerate(self.floats):
            for place in np.ndindex(x.shape):
                direction = [np.zeros(x.shape) for x in self.floats]
                direction[k][place] = 1
                slopes[k][place] = self.slope(getattr(self, kind), direction, step, dtype)
        return slopes

    def along(self, backward: Callable, direction: Arrays) -> float:
        """The slope along a direction, from the gradients of a backward pass."""
        gradients = self.gradients(backward, self.normal)
        if any(g.shape != x.shape for g, x in zip(gradients, self.floats)):
            raise ValueError("a gradient of another shape")
        return sum(float(np.sum(g * v)) for g, v in zip(gradients, direction))

    def draw_direction(self) -> Arrays:
        random = np.random.default_rng(0)
        return [random.normal(size=x.shape) for x in self.floats]


def needle_hw1(point: Point, backward: Callable) -> bool:
    """dlsyscourse/hw1, tests/hw1: ones, step 1e-4, the sum of the norms below 1e-6."""
    found, numeric = point.gradients(backward, point.ones), point.numeric("ones", 1e-4)
    return sum(np.linalg.norm(g - n) for g, n in zip(found, numeric)) < 1e-6


def needle_hw4(point: Point, backward: Callable) -> bool:
    """dlsyscourse/hw4, tests/hw4: float32, a normal upstream gradient, step 1e-5, below 0.42."""
    found = point.gradients(backward, point.normal, np.float32)
    numeric = point.numeric("normal", 1e-5, np.float32)
    return sum(np.linalg.norm(g - n) for g, n in zip(found, numeric)) < 4.2e-1


def minitorch(point: Point, backward: Callable) -> bool:
    """minitorch, grad_check: ones, one random index of each input, step 1e-6, 1e-2."""
    found, numeric = point.gradients(backward, point.ones), point.numeric("ones", 1e-6)
    random = np.random.default_rng(10)
    for g, n in zip(found, numeric):
        place = tuple(int(random.integers(length)) for length in n.shape)
        if not np.allclose(g[place], n[place], 1e-2, 1e-2):
            return False
    return True


def dezero(point: Point, backward: Callable) -> bool:
    """DeZero, gradient_check: ones, step 1e-4, the first argument, 1e-4 and 1e-5."""
    g, n = point.gradients(backward, point.ones)[0], point.numeric("ones", 1e-4)[0]
    return g.shape == n.shape and np.allclose(g, n, 1e-4, 1e-5)


def cs231n(point: Point, backward: Callable) -> bool:
    """CS231n: a normal upstream gradient, step 1e-5, rel_error of each gradient below 1e-5."""

    def relative_error(g: np.ndarray, n: np.ndarray) -> float:
        return np.max(np.abs(g - n) / np.maximum(1e-8, np.abs(g) + np.abs(n)))

    found, numeric = point.gradients(backward, point.normal), point.numeric("normal", 1e-5)
    return all(relative_error(g, n) < 1e-5 for g, n in zip(found, numeric))


def coursera(point: Point, backward: Callable) -> bool:
    """Deep Learning Specialization, course 2, week 1: step 1e-7, the ratio of norms below 2e-7."""
    found, numeric = point.gradients(backward, point.normal), point.numeric("normal", 1e-7)
    g, n = (np.concatenate([x.ravel() for x in given]) for given in (found, numeric))
    return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n)) < 2e-7


def autograd(point: Point, backward: Callable) -> bool:
    """HIPS/autograd, check_vjp: one direction, one cotangent, 1e-6 absolute or relative."""
    direction = point.draw_direction()
    a, b = point.along(backward, direction), point.slope(point.normal, direction, 5e-7)
    return abs(a - b) < 1e-6 or abs(a - b) / abs(a + b) < 1e-6


def jax(point: Point, backward: Callable) -> bool:
    """JAX, check_vjp in float64: one direction, one cotangent, step 1e-4, 1e-5."""
    direction = point.draw_direction()
    a, b = point.along(backward, direction), point.slope(point.normal, direction, 1e-4)
    return np.allclose(a, b, 1e-5, 1e-5)


def chainer(point: Point, backward: Callable) -> bool:
    """Chainer, check_backward: one direction of length 1, step 1e-3, 1e-4 and 1e-5."""
    direction = point.draw_direction()
    length = math.sqrt(sum(np.sum(v**2) for v in direction))
    direction = [v / length for v in direction]
    a, b = point.along(backward, direction), point.slope(point.normal, direction, 1e-3)
    return np.allclose(a, b, 1e-4, 1e-5)


def pytorch(point: Point, backward: Callable) -> bool:
    """torch.autograd.gradcheck itself, with its defaults."""

    class Pair(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, *tensors: Any) -> Any:
            return torch.tensor(point.value([x.detach().numpy() for x in tensors]))

        @staticmethod
        def backward(context: Any, upstream: Any) -> Any:
            found = point.gradients(backward, upstream.numpy())
            return tuple(torch.tensor(g) for g in found)

    tensors = [torch.tensor(x, requires_grad=True) for x in point.floats]
    return torch.autograd.gradcheck(Pair.apply, tensors, raise_exception=False)


RULES = {
    "needle, homework 1": needle_hw1,
    "needle, homework 4": needle_hw4,
    "minitorch": minitorch,
    "DeZero": dezero,
    "Coursera": coursera,
    "CS231n": cs231n,
    "Chainer": chainer,
    "autograd": autograd,
    "JAX": jax,
    "torch.autograd.gradcheck": pytorch,
}


@cache
def list_points(operation: Operation, seed: int = 0) -> list[tuple[bool, Point]]:
    """The points that minireg draws, each with whether it is ordinary."""
    return [
        (drawn.kind != "special", Point(operation, list(drawn.inputs.values()), seed))
        for drawn in draw_inputs(operation.inputs, seed)
    ]


def judge(rule: Callable, operation: Operation, backward: Callable, seed: int = 0) -> list[bool]:
    """Return whether the rule refuses a backward pass: at ordinary points, and at all."""
    refused = [(False, False)]
    for ordinary, point in list_points(operation, seed):
        try:
            accepted = rule(point, backward)
        except Exception:  # of the backward pass, or of the rule: a student sees both
            accepted = False
        refused.append((ordinary and not accepted, not accepted))
    return [any(column) for column in zip(*refused)]


def main(every: int = 1) -> None:
    operations = [operation for part in PARTS for operation in load_operations(part)]
    bugs = [bug for part in PARTS for bug in load_bugs(part)][::every]
    right = [(operation, seed) for operation in operations for seed in range(SEEDS)][::every]
    print(f"{len(bugs)} wrong backward passes of {len(operations)} operations, and the right ones")
    print(f"in {len(right)} settings: caught / false alarms\n")
    print(f"{'rule':26}{'ordinary points':>18}{'special, too':>18}{'named':>8}{'located':>9}")
    with np.errstate(all="ignore"):
        for name, rule in RULES.items():
            if rule is pytorch and torch is None:
                print(f"{name:26}{'not measured: torch is not installed':>36}")
                continue
            caught = zip(*(judge(rule, bug.operation, bug.function) for bug in bugs))
            alarms = zip(*(judge(rule, x, x.backward, seed) for x, seed in right))
            cells = [f"{sum(c)} / {sum(a)}" for c, a in zip(caught, alarms)]
            print(f"{name:26}{cells[0]:>18}{cells[1]:>18}{'0':>8}{'0':>9}", flush=True)
    outcomes = [measure(bug) for bug in bugs]
    alarms = sum(check(x, x.backward, seed).verdict == "fail" for x, seed in right)
    caught = f"{sum(x.refused for x in outcomes)} / {alarms}"
    named, located = (sum(getattr(x, n) for x in outcomes) for n in ("named", "located"))
    print(f"{'minireg':26}{'':>18}{caught:>18}{named:>8}{located:>9}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
