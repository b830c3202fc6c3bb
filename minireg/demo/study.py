"""The whole study in one call, and the files that it leaves."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..backend import current_backend
from ..data import load_mnist5k
from ..files import as_path, check_folder, write_files
from .experiment import Outcome, Watcher, run_experiment
from .figures import draw_figures
from .recipes import FULL, QUICK
from .report import render_report
from .results import as_results


@dataclass
class Study:
    """What a study found out.

    Attributes:
        outcome: the trained networks.
        results: its numbers and sentences, ready for JSON; accuracies are shares from 0 to 1.
    """

    outcome: Outcome
    results: dict[str, Any]

    def write(self, folder: Any) -> Path:
        """Write report.html, its pictures and results.json; files of an earlier study are replaced.

        Returns:
            The path of the report.

        Raises:
            ArgumentError: the folder cannot be made or written into.
        """
        folder = as_path(folder)
        check_folder(folder)
        pictures = draw_figures(self.outcome)
        page = render_report(self.outcome, self.results, pictures)
        text = json.dumps(self.results, indent=1) + "\n"
        write_files(
            folder, {**pictures, "results.json": text.encode(), "report.html": page.encode("utf-8")}
        )
        return folder / "report.html"


def run(*, quick: bool = False, seed: int = 0, watcher: Watcher | None = None) -> Study:
    """Train all networks and compare them: what `minireg demo` does, on the current backend.

    Args:
        quick: fewer digits and epochs: seconds in place of a minute, with larger errors.
        seed: not negative; the same seed gives the same results.
        watcher: is told how the study goes on.

    `run(quick=True).write("minireg-demo")` leaves the report in a folder.
    """
    # Matrix products are small here.  A second thread helps little on an idle machine and can slow
    # a busy one thirtyfold; with one, results do not depend on how many cores there are.
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  only training needs it

    began = time.perf_counter()
    with threadpool_limits(1, user_api="blas"):
        outcome = run_experiment(QUICK if quick else FULL, *load_mnist5k(), seed, watcher)
    results = as_results(outcome, seed=seed, quick=quick, backend=current_backend().name)
    results["seconds"] = round(time.perf_counter() - began, 1)
    return Study(outcome, results)
