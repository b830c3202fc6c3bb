"""Measure the gradient checker on GradBugs, and print what it refuses, names and locates.

python -m tests.gradcheck.gradbugs.measure [typed|held_out|automatic|automatic_held_out]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import count, islice
from statistics import median
from textwrap import fill
from typing import Any

import minireg as mr

from . import PARTS, Bug, Operation, load_automatic, load_bugs, load_operations

MEASURED = (*PARTS, "automatic", "automatic_held_out")
REQUIRED = {"typed": ("named", 0.95), "automatic": ("located", 0.90)}
SETTINGS = 1000  # of right backward passes
LISTED = 20  # at most so many single outcomes


@dataclass(frozen=True)
class Outcome:
    """What the checker says about a wrong backward pass."""

    bug: Bug
    verdict: str  # "noted" for a pass that tells of integers; "raised" if the checker did
    causes: tuple[str, ...]
    lines: tuple[int, ...]
    seconds: float
    error: str

    @property
    def refused(self) -> bool:
        return self.verdict in ("fail", "noted")

    @property
    def named_first(self) -> bool:
        return bool(set(self.causes[:1]) & set(self.bug.causes))

    @property
    def named(self) -> bool:
        """True if a marked cause is among the first two."""
        return bool(set(self.causes[:2]) & set(self.bug.causes))

    @property
    def located(self) -> bool:
        """True if one of the first three repairs is on the marked line."""
        return self.bug.line in self.lines[:3]


@cache
def read_part(part: str) -> list[Bug]:
    """Return the wrong backward passes of a part, or the automatic ones."""
    if part in PARTS:
        return load_bugs(part)
    return list(load_automatic(held_out=part == "automatic_held_out"))


def check(operation: Operation, backward: Callable, seed: int = 0) -> Any:
    return mr.check_backward(operation.forward, backward, inputs=operation.inputs, seed=seed)


def measure(bug: Bug, locate: bool = True) -> Outcome:
    """Run the checker on a wrong backward pass; to find repairs takes most of the time."""
    start = time.perf_counter()
    try:
        report = check(bug.operation, bug.function)
        causes = tuple(cause.name for cause in report.causes)
        lines = tuple(repair.line for repair in report.repairs) if locate else ()
        verdict, error = report.verdict, ""
        if report and any(note.startswith("integer-input: ") for note in report.notes):
            verdict, causes = "noted", ("integer-input",)  # right for floats
    except Exception as raised:
        verdict, error, causes, lines = "raised", repr(raised), (), ()
    return Outcome(bug, verdict, causes, lines, time.perf_counter() - start, error)


def measure_one(part: str, k: int) -> tuple[Any, ...]:
    """Measure one of a part, and return the outcome without the bug, which cannot be sent."""
    _, *rest = vars(measure(read_part(part)[k])).values()
    return tuple(rest)


def measure_part(part: str, workers: Executor) -> list[Outcome]:
    """Measure all of a part in several processes."""
    bugs = read_part(part)
    outcomes = workers.map(partial(measure_one, part), range(len(bugs)), chunksize=8)
    return [Outcome(bug, *rest) for bug, rest in zip(bugs, outcomes)]


def measure_right(settings: int = SETTINGS) -> Counter[str]:
    """Run the checker on right backward passes with several seeds, and count the verdicts."""
    operations = [operation for part in PARTS for operation in load_operations(part)]
    drawn = ((operation, seed) for seed in count() for operation in operations)
    verdicts: Counter[str] = Counter()
    for operation, seed in islice(drawn, settings):
        try:
            verdicts[check(operation, operation.backward, seed).verdict] += 1
        except Exception as error:
            verdicts[f"{operation.name}, seed {seed}, raised {error!r}"] += 1
    return verdicts


def find_shortfalls(part: str, outcomes: Sequence[Outcome]) -> list[str]:
    """Return what a part does not reach: all refused, no error raised, enough named or located."""
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    found = [
        f"{part}: {n} with verdict {v}" for v, n in verdicts.items() if v not in ("fail", "noted")
    ]
    if part in REQUIRED:
        name, least = REQUIRED[part]
        reached = sum(getattr(outcome, name) for outcome in outcomes) / len(outcomes)
        if reached < least:
            found.append(f"{part}: {reached:.1%} {name}, {least:.0%} required")
    return found


def format_tables(part: str, outcomes: Sequence[Outcome]) -> str:
    """Return the tables of a part: rows are marked causes, or kinds of automatic edits."""
    groups: dict[str, list[Outcome]] = {}
    for x in outcomes:
        groups.setdefault(x.bug.kind or x.bug.causes[0], []).append(x)
    columns = f"{'n':>6}{'refused':>9}{'first':>7}{'first two':>11}{'line':>6}"
    rows = [f"GradBugs, {part}", "", f"{'marked':30}{columns}"]
    for label, group in sorted(groups.items()):
        rows.append(format_row(label, group))
        first = Counter(x.causes[0] if x.causes else "none" for x in group)
        named = ", ".join(f"{cause} {n}" for cause, n in first.most_common())
        indent = " " * 4
        rows.append(
            fill(f"first: {named}", 79, initial_indent=indent, subsequent_indent=indent * 2)
        )
    rows += [format_row("all", outcomes), format_row("all, in percent", outcomes, percent=True)]
    times = sorted(x.seconds for x in outcomes)
    rows += ["", f"seconds: median {median(times):.3f}, 19 of 20 below "]
    rows[-1] += f"{times[len(times) * 19 // 20]:.3f}, longest {times[-1]:.3f}"
    rows.append(f"errors raised by the checker: {sum(x.verdict == 'raised' for x in outcomes)}")
    if "held_out" not in part:  # what is held out is only counted
        others = [f"    {x.bug}: {x.verdict} {x.error}"[:79] for x in outcomes if not x.refused]
        rows += others[:LISTED]
    return "\n".join(rows)


def format_row(label: str, outcomes: Sequence[Outcome], percent: bool = False) -> str:
    marked = [x for x in outcomes if x.bug.causes]

    def share(name: str, of: Sequence[Outcome]) -> str:
        n = sum(getattr(x, name) for x in of)
        return "-" if not of else f"{100 * n / len(of):.1f}" if percent else str(n)

    return (
        f"{label:30}{len(outcomes):>6}{share('refused', outcomes):>9}"
        f"{share('named_first', marked):>7}{share('named', marked):>11}"
        f"{share('located', outcomes):>6}"
    )


def main(parts: Sequence[str]) -> None:
    if unknown := set(parts) - set(MEASURED):
        raise SystemExit(f"There is no part {', '.join(unknown)}. Parts: {', '.join(MEASURED)}.")
    shortfalls = []
    with ProcessPoolExecutor() as workers:
        right = None if parts else workers.submit(measure_right)
        for part in parts or MEASURED:
            outcomes = measure_part(part, workers)
            print(format_tables(part, outcomes), end="\n\n", flush=True)
            shortfalls += find_shortfalls(part, outcomes)
    if right:
        verdicts = right.result()
        shown = ", ".join(f"{verdict} {n}" for verdict, n in verdicts.most_common())
        print(fill(f"Right backward passes in {SETTINGS} settings: {shown}", 79), end="\n\n")
        shortfalls += [f"right ones: {v} {n}" for v, n in verdicts.items() if v != "pass"]
    if shortfalls:
        raise SystemExit("Not reached:\n    " + "\n    ".join(shortfalls))


if __name__ == "__main__":
    main(sys.argv[1:])
