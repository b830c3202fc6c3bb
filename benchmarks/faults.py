"""Minor page faults and processor time of a training step, with environments of several lengths.

    python benchmarks/faults.py

An MLP (784-128-10) at three batch sizes and a CNN (16 and 32 channels, batch 64), in fresh
interpreters: with freed memory kept, and as the C library does it by itself (with a variable
MALLOC_… minireg changes nothing, and MALLOC_PERTURB_=0 is the default).  The mean number of faults
and the fastest of 50 steps, after 10 others, on one thread; the arrays of the examples stay alive,
as in a program that owns its data.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

import numpy as np
from timing import ENVIRONMENT_LENGTHS, describe_machine

BATCHES = {"MLP 32": 32, "MLP 256": 256, "MLP 2048": 2048, "CNN 64": 64}
SETTINGS = {"kept": {}, "returned": {"MALLOC_PERTURB_": "0"}}
ONE_THREAD = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
STEPS = 50


def measure(task: str) -> None:
    """Print the faults and milliseconds of a step, and the largest memory of the process."""
    import minireg as mr
    from minireg import nn, optim

    rng, size = np.random.default_rng(0), BATCHES[task]
    images = rng.random((size, 1, 28, 28), dtype=np.float32)
    labels = rng.integers(0, 10, size)
    if task.startswith("MLP"):
        model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    else:
        model = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 10),
        )  # fmt: skip
    x, y = mr.tensor(images), mr.tensor(labels)
    criterion, optimizer = nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.01)

    def step() -> float:
        start = time.process_time()
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return time.process_time() - start

    for _ in range(10):
        step()
    before = count_faults()
    fastest = min(step() for _ in range(STEPS))
    faults = (count_faults() - before) / STEPS
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{faults:>9.1f} {fastest * 1e3:>8.2f} ms {megabytes:>6.0f} MB")


def count_faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def main() -> None:
    print(f"Faults and time of a step, largest memory of the process.  {describe_machine()}")
    print(
        f"{'network':<10} {'memory':<9} {'environment':>12} {'faults':>9} {'time':>11} {'peak':>9}"
    )
    for task in BATCHES:
        for setting, variables in SETTINGS.items():
            for length in ENVIRONMENT_LENGTHS:
                print(f"{task:<10}{setting:<10}{length:>+10} B", end=" ", flush=True)
                environment = ONE_THREAD | variables | {"PADDING": "x" * length}
                subprocess.run([sys.executable, __file__, task], check=True, env=environment)


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
