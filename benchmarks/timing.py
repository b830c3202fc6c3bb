"""Times of several programs on a small, noisy machine, side by side.

Each round of a candidate is a process of its own (PyTorch's threads spin for a while after their
work and would slow down the next one in the same process).  Rounds are interleaved, A B C A B C …,
with a pause between two of them; a round gives the median time of its repetitions, and a
candidate's figure is its best round, because slow phases of the machine hit some rounds of every
candidate.  Environments of several lengths take turns: the length moves the heap, and arrays in
another place can take another time.  The garbage collector stays on everywhere, and each candidate
keeps its freed memory as minireg does.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import cycle
from typing import Any

from minireg.backend.memory import keep_freed_memory

ENVIRONMENT_LENGTHS = (0, 100, 1000, 4000)  # bytes more than in the environment of the caller


def compare_times(
    script: str, candidates: Sequence[str], task: str, rounds: int, pause: float = 0.1
) -> dict[str, float]:
    """Seconds per repetition of `task` for each candidate: the best of its rounds."""
    results = run_rounds(script, candidates, task, rounds, pause)
    return {name: min(results[name]) for name in candidates}


def run_rounds(
    script: str, candidates: Sequence[str], task: str, rounds: int, pause: float = 0.1
) -> dict[str, list[Any]]:
    """What the process of each candidate printed, as JSON, in each round of `task`."""
    results: dict[str, list[Any]] = {name: [] for name in candidates}
    for _, length in zip(range(rounds), cycle(ENVIRONMENT_LENGTHS)):
        for name in candidates:
            done = subprocess.run(
                [sys.executable, script, "--candidate", name, "--task", task],
                env=os.environ | {"PADDING": "x" * length},
                stdout=subprocess.PIPE,
            )
            if done.returncode:
                raise SystemExit(f"{name} ended with an error in task {task}.")
            results[name].append(json.loads(done.stdout))
            time.sleep(pause)
    return results


def print_median(function: Callable[[], object], warm_up: int, repetitions: int) -> None:
    """What a candidate's process does: measure `function()` after `warm_up` calls."""
    keep_freed_memory()
    measure_median(function, warm_up)
    print(measure_median(function, repetitions))


def measure_median(
    function: Callable[[], object],
    repetitions: int,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The median of `repetitions` timings of `function()`."""
    times = []
    for _ in range(repetitions):
        start = clock()
        function()
        times.append(clock() - start)
    return statistics.median(times)


def describe_machine() -> str:
    """What the figures were measured on."""
    parts = [f"Python {platform.python_version()}"]
    for package in ("numpy", "torch"):
        try:
            parts.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return f"{platform.machine()}, {os.cpu_count()} cores; " + ", ".join(parts)
