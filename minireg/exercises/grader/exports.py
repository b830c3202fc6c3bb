"""Results as files: JSON, JUnit, marks for nbgrader, results for Gradescope."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

from .behaviour import Cluster
from .grading import ExerciseGrade, SubmissionGrade
from .tally import clean, list_causes

VERSION = 1  # of the JSON: fields may be added; none is renamed or removed within a version

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def as_json(grades: Sequence[SubmissionGrade], clusters: Sequence[Cluster], seed: int) -> str:
    """Return all results as JSON; docs/grading.md describes the fields."""
    numbers = {id(cluster): number for number, cluster in enumerate(clusters, 1)}
    found = {
        "version": VERSION,
        "seed": seed,
        "submissions": [describe_submission(grade, numbers) for grade in grades],
        "clusters": [describe_cluster(x, number) for number, x in enumerate(clusters, 1)],
    }
    return json.dumps(found, indent=1) + "\n"


def describe_submission(grade: SubmissionGrade, numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "name": grade.name,
        "points": grade.points,
        "max_points": grade.max_points,
        "printed": grade.printed,
        "refused": list(grade.refused),
        "exercises": [describe_exercise(x, numbers) for x in grade.exercises],
    }


def describe_exercise(grade: ExerciseGrade, numbers: dict[int, int]) -> dict[str, Any]:
    checks = [
        {
            "name": outcome.name,
            "verdict": outcome.verdict,
            "points": int(outcome.passed),
            "message": outcome.message,
            "cluster": cluster and numbers[id(cluster)],
        }
        for outcome, cluster in zip_longest(grade.outcomes, grade.clusters)
    ]
    return {
        "name": grade.exercise,
        "points": grade.points,
        "max_points": len(grade.outcomes),
        "flags": list(grade.flags),
        "checks": checks,
    }


def describe_cluster(cluster: Cluster, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "exercise": cluster.exercise,
        "check": cluster.outcome.name,
        "verdict": cluster.outcome.verdict,
        "message": cluster.outcome.message,
        "causes": list_causes(cluster.outcome),
        "repairs": [asdict(repair) for repair in cluster.repairs],
        "members": sorted(cluster.members),
    }


def as_junit(grades: Sequence[SubmissionGrade]) -> str:
    """Return all results as JUnit XML: a suite for each submission, a case for each check."""
    root = ElementTree.Element("testsuites")
    for grade in grades:
        failed = grade.max_points - grade.points
        suite = ElementTree.SubElement(
            root, "testsuite", name=clean(grade.name), tests=str(grade.max_points),
            failures=str(failed), errors="0",
        )  # fmt: skip
        for exercise in grade.exercises:
            for outcome in exercise.outcomes:
                case = ElementTree.SubElement(
                    suite, "testcase", classname=exercise.exercise, name=outcome.name
                )
                if not outcome.passed:
                    found = ElementTree.SubElement(case, "failure", type=outcome.verdict)
                    found.text = clean(outcome.message)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def as_marks(grades: Sequence[SubmissionGrade]) -> str:
    """Return marks in the columns of nbgrader's CSV export: a row for each exercise of a student.

    https://nbgrader.readthedocs.io/en/stable/user_guide/managing_assignment_files.html
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for grade in grades:
        for exercise in grade.exercises:
            points, most = exercise.points, len(exercise.outcomes)
            student = without_formula(clean(grade.name))
            writer.writerow(
                [exercise.exercise, "", "", student, "", "", "", points, 0.0, points, most]
            )
    return out.getvalue()


def without_formula(text: str) -> str:
    """Return a name that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@") else text


def as_gradescope(grade: SubmissionGrade) -> str:
    """Return the results of one submission in the format of Gradescope's `results.json`.

    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    tests = [
        {
            "name": f"{exercise.exercise}: {outcome.name}",
            "number": f"{i}.{j}",
            "score": int(outcome.passed),
            "max_score": 1,
            "status": "passed" if outcome.passed else "failed",
            "output": outcome.message,
            "output_format": "text",
            "visibility": "visible",
        }
        for i, exercise in enumerate(grade.exercises, 1)
        for j, outcome in enumerate(exercise.outcomes, 1)
    ]
    found = {"score": grade.points, "stdout_visibility": "hidden", "tests": tests}
    return json.dumps(found, indent=1) + "\n"
