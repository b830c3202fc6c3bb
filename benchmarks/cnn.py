"""The same small CNN on the shipped digits in minireg and in PyTorch: accuracy and time.

Both start from the same weights and see the same batches, so their figures pair up: what differs is
rounding, and what training makes of it.

    python benchmarks/cnn.py [--seeds 5] [--epochs 5]
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import torch
from timing import describe_machine

import minireg as mr

BATCH, RATE = 32, 1e-3


def make_cnn(nn):
    """The network, in the names that both libraries share."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 7 * 7, 10),
    )


def train(model, optimizer, loss, tensor, x, y, orders):
    """Train in the given orders of the examples."""
    model.train()
    for order in orders:
        for first in range(0, len(order), BATCH):
            ids = order[first : first + BATCH]
            optimizer.zero_grad()
            loss(model(tensor(x[ids])), tensor(y[ids])).backward()
            optimizer.step()
    model.eval()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    (x, y), (x_test, y_test) = ((d.x.astype(np.float32) / 255, d.y) for d in mr.data.load_mnist5k())
    rows = []
    for seed in range(arguments.seeds):
        mr.seed(seed)
        ours, theirs = make_cnn(mr.nn), make_cnn(torch.nn)
        start = {name: torch.tensor(a) for name, a in ours.state_dict().items()}
        theirs.load_state_dict(start)
        rng = np.random.default_rng(seed)
        orders = [rng.permutation(len(x)) for _ in range(arguments.epochs)]

        begin = time.perf_counter()
        optimizer = mr.optim.Adam(ours.parameters(), lr=RATE)
        train(ours, optimizer, mr.nn.CrossEntropyLoss(), mr.tensor, x, y, orders)
        middle = time.perf_counter()
        optimizer = torch.optim.Adam(theirs.parameters(), lr=RATE)
        train(theirs, optimizer, torch.nn.CrossEntropyLoss(), torch.tensor, x, y, orders)
        end = time.perf_counter()

        with mr.no_grad(), torch.no_grad():
            found = ours(mr.tensor(x_test)).numpy().argmax(axis=1)
            expected = theirs(torch.tensor(x_test)).numpy().argmax(axis=1)
        accuracies = [100 * (labels == y_test).mean() for labels in (found, expected)]
        rows.append((*accuracies, middle - begin, end - middle))
        print(
            f"seed {seed}: minireg {rows[-1][0]:.1f} %, PyTorch {rows[-1][1]:.1f} %; "
            f"{rows[-1][2]:.1f} s and {rows[-1][3]:.1f} s"
        )

    a, b, ours_time, theirs_time = map(np.array, zip(*rows))
    error = statistics.stdev(a - b) / len(a) ** 0.5 if len(a) > 1 else float("nan")
    ratio = np.median(ours_time / theirs_time)
    print(
        f"{len(rows)} paired seeds, {arguments.epochs} epochs of 4000 digits, test on 1000.  "
        f"{describe_machine()}\nminireg {a.mean():.2f} %, PyTorch {b.mean():.2f} %; difference "
        f"{(a - b).mean():+.2f} ± {error:.2f} points; time {ratio:.2f} of PyTorch "
        f"(one thread each)"
    )


if __name__ == "__main__":
    main()
