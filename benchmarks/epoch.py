"""One epoch of the network that `minireg train` builds by default, and of the same in PyTorch.

    python benchmarks/epoch.py [--images 60000] [--rounds 2]

Two convolutions, pooling and two linear layers, Adam, batches of 32; one thread each.  `minireg
train` also measures loss and accuracy on the training examples after the epoch; "without measuring"
leaves this out, as the loop in PyTorch does.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from timing import describe_machine, run_rounds


def make_images(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, count)
    patterns = rng.integers(0, 128, (10, 28, 28), dtype=np.uint8)
    return patterns[labels] + rng.integers(0, 128, (count, 28, 28), dtype=np.uint8), labels


def minireg(count: int, measures_train: bool = True) -> float:
    """Seconds of an epoch of `minireg train`."""
    from threadpoolctl import threadpool_limits

    import minireg as mr

    threadpool_limits(1)
    x, y = make_images(count)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "images.npz"
        np.savez(data, x=x, y=y)
        settings = mr.Settings(data=str(data), validation=0.0, epochs=1)
        training = mr.models.Training(settings, Path(folder) / "run", progress=False)
        training.run.measures_train = measures_train
        return training.train().history[-1]["seconds"]


def without_measuring(count: int) -> float:
    return minireg(count, measures_train=False)


def pytorch(count: int) -> float:
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(1)
    x, y = make_images(count)
    images = torch.tensor(x[:, None] / np.float32(255))
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10),
    )  # fmt: skip
    criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = DataLoader(TensorDataset(images, torch.tensor(y)), batch_size=32, shuffle=True)
    start = time.perf_counter()
    for batch, labels in loader:
        optimizer.zero_grad()
        criterion(model(batch), labels).backward()
        optimizer.step()
    return time.perf_counter() - start


CANDIDATES = {
    "minireg train": minireg, "without measuring": without_measuring, "PyTorch": pytorch,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--candidate", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--task", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.candidate:
        print(json.dumps(CANDIDATES[options.candidate](options.task)))
        return
    rounds = run_rounds(__file__, list(CANDIDATES), str(options.images), options.rounds)
    best = {name: min(seconds) for name, seconds in rounds.items()}
    print(f"One epoch of {options.images} images of 28 × 28.  {describe_machine()}")
    for name, seconds in best.items():
        print(f"{name:<18} {seconds:>6.1f} s   {seconds / best['PyTorch']:.2f} of PyTorch")


if __name__ == "__main__":
    main()
