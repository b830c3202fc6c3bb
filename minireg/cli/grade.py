"""`minireg exercise grade`: points for the submissions of a class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def out(name: str, what: str) -> Callable[[Any], Any]:
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(f"--{name}", metavar="FILE", type=kind, help=f"Write {what} to FILE.")


@click.command()
@click.argument("folder", metavar="FOLDER")
@out("json", "all results as JSON")
@out("junit", "all results as JUnit XML")
@out("nbgrader", "the marks as CSV, in the columns of nbgrader,")
@out("gradescope", "results.json of Gradescope; FOLDER is one submission. Results")
@out("gradescope-zip", "an autograder for Gradescope, which runs this command,")
@click.option("--repairs", is_flag=True, help="Search the line of each wrong gradient.")
@click.option("--only", "names", multiple=True, metavar="NAME", help="Grade only this exercise.")
@click.option("--seed", default=0, show_default=True, help="The seed of all inputs that are drawn.")
@click.option(
    "--call-seconds", default=5.0, show_default=True, help="The time limit of a single call."
)
@click.option(
    "--seconds", default=120.0, show_default=True, help="The time limit of a whole submission."
)
@click.option("--memory", default=2048, show_default=True, help="Memory of a submission in MiB.")
@click.option("--workers", type=int, help="Submissions at the same time; by default 2 per core.")
def grade(
    folder: str,
    json: Path | None,
    junit: Path | None,
    nbgrader: Path | None,
    gradescope: Path | None,
    gradescope_zip: Path | None,
    repairs: bool,
    names: tuple[str, ...],
    seed: int,
    call_seconds: float,
    seconds: float,
    memory: int,
    workers: int | None,
) -> None:
    """Grade the submissions in FOLDER and print a report on the class.

    Each submission is a folder with the files of `minireg exercise start`, or with notebooks, or a
    single .py or .ipynb file.  Each check is worth a point.  The code of a submission runs in a
    process of its own, which sees NumPy and neither minireg nor solutions.
    """
    from ..exercises.grader import Grader, Limits, list_submissions  # noqa: PLC0415  --help is fast
    from ..exercises.grader.diagnosis import find_repairs  # noqa: PLC0415
    from ..exercises.grader.exports import (  # noqa: PLC0415
        as_gradescope,
        as_json,
        as_junit,
        as_marks,
    )
    from ..exercises.grader.gradescope import make_zip  # noqa: PLC0415
    from ..exercises.grader.submissions import one_submission  # noqa: PLC0415
    from ..exercises.grader.tally import report_class  # noqa: PLC0415
    from ..exercises.path import ORDER, get_exercise  # noqa: PLC0415
    from ..files import write_file  # noqa: PLC0415

    chosen = tuple(get_exercise(name).name for name in names) or ORDER
    grader = Grader(chosen, seed, Limits(call_seconds, seconds, memory * 2**20))
    submissions = [one_submission(folder)] if gradescope else list_submissions(folder)
    grades = grader.grade_all(submissions, workers)
    clusters = grader.clusters
    if repairs:
        find_repairs(clusters, seed, grader.limits.memory)
    written = {
        json: lambda: as_json(grades, clusters, seed),
        junit: lambda: as_junit(grades),
        nbgrader: lambda: as_marks(grades),
        gradescope: lambda: as_gradescope(grades[0]),
    }
    for path, make in written.items():
        if path is not None:
            write_file(path, make().encode())
    if gradescope_zip is not None:
        write_file(gradescope_zip, make_zip())
    print(report_class(grades, clusters))
