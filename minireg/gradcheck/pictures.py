"""The arrays that the figure of a report shows; `minireg.plots` draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ArgumentError
from ..plots.figure import new_figure
from ..plots.gradients import plot_error_maps, plot_step_errors, plot_taylor_remainders
from .differences import take_central
from .finding import Finding

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .report import Report

STEPS = np.geomspace(1e-12, 1e-1, 23)
DISTANCES = np.geomspace(1e-7, 1e-1, 13)
DIRECTIONS = 3

Function = Callable[[np.ndarray], float]


def draw_report(report: Report) -> Figure:
    """Draw the errors of each gradient, the error of the step size, and Taylor remainders."""
    failing = [f for f in report.findings if f.verdict == "fail"]
    shown = [f for f in failing or report.findings if f.comparable and f.size]
    given = [f.values.ravel() for f in report.findings]
    points = [
        e for e in report.evidence if np.array_equal(e.z, np.concatenate([np.empty(0), *given]))
    ]
    if not shown or not points:
        raise ArgumentError(
            "There is nothing to draw: no wrong gradient has the shape of its input, or the report "
            "was stored, which leaves its functions out. print(report) shows what was found."
        )
    evidence = points[0]
    claimed = np.full(evidence.z.size, np.nan)
    for finding in report.findings:
        if finding.yours is not None and finding.comparable:
            claimed[finding.input.part] = finding.yours.ravel()

    def function(z: np.ndarray) -> float:
        return float(evidence.upstream @ evidence.subject.value(z))

    with evidence.subject, np.errstate(all="ignore"):
        steps = measure_step_errors(function, evidence.z, shown[0])
        random = np.random.default_rng(report.seed)
        remainders = measure_remainders(function, evidence.z, claimed, random)
    figure = new_figure(max(9.6, 3.2 * len(shown)), 6.2)
    grid = figure.add_gridspec(2, 2)
    plot_error_maps({f.name: find_errors(f) for f in shown}, figure.add_subfigure(grid[0, :]))
    plot_step_errors(STEPS, steps, figure.add_subfigure(grid[1, 0]))
    plot_taylor_remainders(DISTANCES, remainders, figure.add_subfigure(grid[1, 1]))
    return figure


def find_errors(finding: Finding) -> np.ndarray:
    """Return by how much each entry is above or below the valid values; 0 for right ones."""
    slopes, yours = finding.slopes, finding.claimed
    outside = np.maximum(yours - slopes.high, 0) + np.minimum(yours - slopes.low, 0)
    return finding.spread(np.where(finding.is_wrong, outside, 0))


def measure_step_errors(
    function: Function, z: np.ndarray, finding: Finding
) -> dict[str, np.ndarray]:
    """Return how far central differences in the worst entry are from both gradients, by step."""
    slopes = finding.slopes
    order = [*finding.worst, *np.argsort(-np.abs(slopes.value))]
    smooth = [k for k in order if np.isfinite(finding.claimed[k]) and not slopes.kink[k]]
    k = int([*smooth, order[0]][0])
    place = finding.places[k]
    differences = np.array([take_central(function, z, place, 1, h) for h in STEPS])
    entry = finding.list_entries(np.array([k]))[0]
    name = finding.name + (str(list(entry.index)) if finding.shape else "")
    return {
        f"g = numeric slope of {name}": np.abs(differences - slopes.value[k]),
        "g = yours": np.abs(differences - finding.claimed[k]),
    }


def measure_remainders(
    function: Function, z: np.ndarray, gradient: np.ndarray, random: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return |f(z + h v) - f(z) - h <g, v>| by h, for random directions v of length 1.

    Inputs whose gradient is unknown (NaN) are not moved.
    """
    known, remainders = np.isfinite(gradient), {}
    for i in range(DIRECTIONS):
        v = np.where(known, random.normal(size=z.size), 0)
        v /= np.linalg.norm(v) or 1
        slope = float(np.where(known, gradient, 0) @ v)
        remainders[f"direction {i + 1}"] = np.array(
            [abs(function(z + h * v) - function(z) - h * slope) for h in DISTANCES]
        )
    return remainders
