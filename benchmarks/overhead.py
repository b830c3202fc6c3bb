"""What an operation costs when there is nothing to compute: minireg against PyTorch eager.

    python benchmarks/overhead.py

Each task is a chain of small operations, forward and backward; the figure is microseconds per
operation.  The chain of numbers is also compared with NumPy, which records nothing.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import compare_times, describe_machine, print_median

LENGTH = 10_000


def number(xp: Any, start: Any, w: Any) -> Any:
    """A 0-d number multiplied with a constant, LENGTH times."""
    y = start
    for _ in range(LENGTH):
        y = y * 1.000001
    return y, LENGTH


def elementwise(xp: Any, start: Any, w: Any) -> Any:
    """tanh, +, ×, exp, − on vectors of 16."""
    y = start
    for _ in range(LENGTH // 5):
        y = xp.tanh(y)
        y = y + start
        y = y * 0.5
        y = xp.exp(-y)
    return y.sum(), LENGTH


def layers(xp: Any, start: Any, w: Any) -> Any:
    """x @ w and relu on 8 × 16 matrices."""
    y = start
    for _ in range(LENGTH // 2):
        y = xp.relu(y @ w)
    return y.sum(), LENGTH


TASKS = {"number": (number, ()), "elementwise": (elementwise, (16,)), "layers": (layers, (8, 16))}


def minireg(task: str) -> Callable[[], object]:
    import minireg as mr

    return chain(mr, *TASKS[task], lambda a: mr.tensor(a, requires_grad=True))


def pytorch(task: str) -> Callable[[], object]:
    import torch

    torch.set_num_threads(2)
    return chain(torch, *TASKS[task], lambda a: torch.tensor(a, requires_grad=True))


def chain(xp: Any, build: Any, shape: tuple[int, ...], leaf: Any) -> Callable[[], object]:
    rng = np.random.default_rng(0)
    start = leaf(rng.random(shape))
    w = leaf(np.eye(16) + rng.normal(0, 0.01, (16, 16)))

    def run():
        start.grad = w.grad = None
        y, _ = build(xp, start, w)
        y.backward()

    return run


CANDIDATES = {"minireg": minireg, "pytorch": pytorch}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.candidate:
        print_median(CANDIDATES[options.candidate](options.task), warm_up=1, repetitions=5)
        return

    results = {
        task: compare_times(__file__, list(CANDIDATES), task, options.rounds) for task in TASKS
    }
    if options.json:
        print(json.dumps({"machine": describe_machine(), "seconds": results, "operations": LENGTH}))
        return
    print(f"Per operation, forward and backward, float64.  {describe_machine()}")
    print(f"{'chain':<12} {'minireg':>9} {'pytorch':>9}   ratio")
    for task, seconds in results.items():
        ours, theirs = (seconds[name] / LENGTH * 1e6 for name in CANDIDATES)
        print(f"{task:<12} {ours:>6.2f} µs {theirs:>6.2f} µs   {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
