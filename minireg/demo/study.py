"""The whole study in one call, and the files that it writes."""

from __future__ import annotations

import json
import time
from typing import Any

from ..backend import current_backend
from ..data import load_mnist5k
from ..files import as_path, check_folder, write_files
from .experiment import Watcher, run_experiment
from .figures import draw_figures
from .recipes import FULL, QUICK
from .report import render_report
from .results import as_results


def run(
    *, quick: bool = False, seed: int = 0, out: Any = None, watcher: Watcher | None = None
) -> dict[str, Any]:
    """Train all networks and compare them, as `minireg demo` does, on the current backend.

    Args:
        quick: fewer digits and epochs: seconds instead of a minute, with larger errors.
        seed: not negative; the same seed gives the same results.
        out: the folder for report.html, its pictures and results.json, where files of an earlier
            study are replaced; None writes nothing.
        watcher: its methods are called during the study.

    Returns:
        The content of results.json: numbers and sentences; accuracies are shares from 0 to 1.

    Raises:
        ArgumentError: the folder cannot be made or written into; nothing is trained then.
    """
    # Matrix products are small here.  A second thread helps little on an idle machine, and can make
    # training thirty times slower on a busy one.  One gives the same on any number of cores.
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  only training needs it

    began = time.perf_counter()
    backend = current_backend().name  # raises an error for an unknown MINIREG_BACKEND
    folder = None if out is None else as_path(out)
    if folder is not None:
        check_folder(folder, "out")
    with threadpool_limits(1, user_api="blas"):
        outcome = run_experiment(QUICK if quick else FULL, *load_mnist5k(), seed, watcher)
    results = as_results(outcome, seed=seed, quick=quick, backend=backend)
    pictures = {} if folder is None else draw_figures(outcome)
    results["seconds"] = round(time.perf_counter() - began, 1)
    if folder is not None:
        page = render_report(results, pictures)
        text = json.dumps(results, indent=1) + "\n"
        files = {"results.json": text.encode(), "report.html": page.encode("utf-8")}
        write_files(folder, pictures | files)
    return results
