"""Times of several programs on a small, noisy machine, side by side.

Each candidate runs in a process of its own (PyTorch's threads spin for a while after their work and
would slow down the next one in the same process).  Rounds are interleaved, A B C A B C …, with a
pause between two of them; a round gives the median time of its repetitions, and a candidate's
figure is its best round, because slow phases of the machine hit some rounds of every candidate.
The garbage collector stays on everywhere.
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


def compare_times(
    script: str, candidates: Sequence[str], task: str, rounds: int, pause: float = 0.1
) -> dict[str, float]:
    """Seconds per repetition of `task` for each candidate: the best of its rounds."""
    return compare_tasks(script, candidates, [task], rounds, pause)[task]


def compare_tasks(
    script: str, candidates: Sequence[str], tasks: Sequence[str], rounds: int, pause: float = 0.1
) -> dict[str, dict[str, float]]:
    """The same for several tasks, in one process for each candidate; it reads the task's name."""
    processes = {
        name: subprocess.Popen(
            [sys.executable, script, "--candidate", name, "--task", tasks[0]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in candidates
    }
    results = {}
    try:
        for task in tasks:
            times: dict[str, list[float]] = {name: [] for name in candidates}
            for _ in range(rounds):
                for name, process in processes.items():
                    process.stdin.write(f"{task}\n")
                    process.stdin.flush()
                    line = process.stdout.readline()
                    if not line:
                        raise SystemExit(f"{name} ended with an error in task {task}.")
                    times[name].append(json.loads(line))
                    time.sleep(pause)
            results[task] = {name: min(rounds_of) for name, rounds_of in times.items()}
    finally:
        for process in processes.values():
            process.stdin.close()
            process.wait()
    return results


def serve(one_round: Callable[[], float]) -> None:
    """What a candidate's process does: a round for each line that it reads; prints its median."""
    for _ in sys.stdin:
        print(json.dumps(one_round()), flush=True)


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
