"""One training step of 784-128-10 with SGD and L2: minireg, hand-written NumPy, PyTorch eager.

    python benchmarks/step.py            prints milliseconds and ratios
    python benchmarks/step.py --json     the same for programs

The hand-written loop is what a careful NumPy programmer writes for exactly this network, updating
in place; a general engine cannot be faster than that by much.  PyTorch uses two threads.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import compare_times, describe_machine, print_median

BATCHES = (32, 256, 2048)
LEARNING_RATE, DECAY = 0.01, 1e-3


def make_batch(size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((size, 784), dtype=np.float32), rng.integers(0, 10, size)


def hand_written(size: int) -> Callable[[], object]:
    x, labels = make_batch(size)
    rng, rows = np.random.default_rng(1), np.arange(size)
    w1 = rng.uniform(-1 / 28, 1 / 28, (784, 128)).astype(np.float32)
    w2 = rng.uniform(-0.09, 0.09, (128, 10)).astype(np.float32)
    b1, b2 = np.zeros(128, np.float32), np.zeros(10, np.float32)

    def step():
        h = x @ w1
        h += b1
        np.maximum(h, 0, out=h)
        z = h @ w2
        z += b2
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = (np.log(total[:, 0]) - z[rows, labels]).mean()
        p /= total
        p[rows, labels] -= 1
        p *= 1 / size
        gh = p @ w2.T
        gh *= h > 0
        for w, g in ((w2, h.T @ p), (w1, x.T @ gh), (b2, p.sum(axis=0)), (b1, gh.sum(axis=0))):
            w *= 1 - LEARNING_RATE * DECAY
            w -= LEARNING_RATE * g
        return loss

    return step


def minireg(size: int) -> Callable[[], object]:
    import minireg as mr
    from minireg import nn, optim

    return framework(nn, optim, *map(mr.tensor, make_batch(size)))


def pytorch(size: int) -> Callable[[], object]:
    import torch
    from torch import nn, optim

    torch.set_num_threads(2)
    return framework(nn, optim, *map(torch.from_numpy, make_batch(size)))


def framework(nn: Any, optim: Any, x: Any, labels: Any) -> Callable[[], object]:
    """The same lines for both."""
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss

    return step


CANDIDATES = {"minireg": minireg, "hand-written": hand_written, "pytorch": pytorch}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.candidate:
        size = int(options.task)
        step = CANDIDATES[options.candidate](size)
        print_median(step, warm_up=20, repetitions=max(10, 15000 // size))
        return

    results = {
        size: compare_times(__file__, list(CANDIDATES), str(size), options.rounds)
        for size in BATCHES
    }
    if options.json:
        print(json.dumps({"machine": describe_machine(), "seconds": results}))
        return
    print(f"One step of 784-128-10, SGD + L2, float32.  {describe_machine()}")
    print(f"{'batch':>6} {'minireg':>10} {'hand-written':>13} {'pytorch':>10}   ratios of minireg")
    for size, seconds in results.items():
        ours, theirs, torchs = (seconds[name] * 1e3 for name in CANDIDATES)
        print(
            f"{size:>6} {ours:>7.3f} ms {theirs:>10.3f} ms {torchs:>7.3f} ms   "
            f"{ours / theirs:.2f} of hand-written, {ours / torchs:.2f} of PyTorch"
        )


if __name__ == "__main__":
    main()
