"""The class report: which mistakes occurred how often, and who made the same one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..result import Outcome, wrap_text
from .behaviour import Cluster
from .grading import SubmissionGrade

SHOWN = 10  # names of a cluster
MESSAGE = 8  # lines


def list_causes(outcome: Outcome) -> list[str]:
    """Return the names of the causes that the gradient checker found, the best first."""
    return [] if outcome.report is None else [cause.name for cause in outcome.report.causes]


def report_class(grades: Sequence[SubmissionGrade], clusters: Sequence[Cluster]) -> str:
    """Return a text of 79 columns for the teacher."""
    parts = [list_points(grades), list_exercises(grades)]
    failed = [cluster for cluster in clusters if cluster.outcome.verdict == "fail"]
    causes: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    for cluster in failed:
        times = len(cluster.members)
        causes.update({cause: times for cause in list_causes(cluster.outcome)[:1]})
        repairs.update({repair.rule: times for repair in cluster.repairs[:1]})
    for title, counts in (
        ("Causes of wrong gradients, and how often", causes),
        ("Rules that a repaired line breaks, and how often", repairs),
    ):
        rows = [f"{count:5}  {what}" for what, count in counts.most_common()]
        parts += ["\n".join([title, *rows])] if rows else []
    if flagged := list_flags(grades):
        parts.append("\n".join(["To be read", *flagged]))
    parts += [describe(x) for x in sorted(failed, key=lambda x: -len(x.members))]
    return wrap_text(clean("\n\n".join(parts)))


def clean(text: str) -> str:
    """Escape characters that a terminal obeys, or that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def list_points(grades: Sequence[SubmissionGrade]) -> str:
    width = max(len(grade.name) for grade in grades)
    rows = [f"{grade.name:{width}}  {grade.points:4} of {grade.max_points}" for grade in grades]
    return "\n".join(["Points", *rows])


def list_exercises(grades: Sequence[SubmissionGrade]) -> str:
    """For each exercise how many solved it, and how many handed it in."""
    lines = ["Exercises: solved, handed in"]
    for column in zip(*(grade.exercises for grade in grades)):
        solved = sum(grade.points == len(grade.outcomes) for grade in column)
        handed = sum(bool(grade.clusters) for grade in column)
        lines.append(f"{solved:5} {handed:5}  {column[0].exercise}")
    return "\n".join(lines)


def list_flags(grades: Sequence[SubmissionGrade]) -> list[str]:
    lines = []
    for grade in grades:
        lines += [f"  {grade.name}: tried and was ended: {what}" for what in grade.refused]
        for exercise in grade.exercises:
            lines += [f"  {grade.name}, {exercise.exercise}: {flag}" for flag in exercise.flags]
    return lines


def describe(cluster: Cluster) -> str:
    """Return what the submissions of a cluster have in common."""
    names = sorted(cluster.members)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    lines = cluster.outcome.message.splitlines()
    shown = [f"  {line}" for line in lines[:MESSAGE]]
    return "\n".join(
        [
            f"{cluster.exercise}, {cluster.outcome.name}",
            f"  {len(names)} times: {', '.join(names[:SHOWN])}{more}",
            *shown,
            *(f"  Line {x.line}, repaired: {x.after.strip()}" for x in cluster.repairs[:1]),
        ]
    )
