"""From trained networks to numbers and to sentences that say what happened, whatever it was."""

from __future__ import annotations

import math
import platform
from dataclasses import asdict
from typing import Any

import numpy as np

from .. import __version__
from .experiment import Outcome, Run

FORMAT = "minireg-demo/1"  # changes when a field of results.json changes its name or meaning

# The columns of the training history that are kept: all but the seconds.
CURVES = ("loss", "penalty", "train_accuracy", "validation_loss", "validation_accuracy")

HELPED, UNCLEAR, HURT = "helped", "no clear effect", "hurt"


def mean_and_error(values: Any) -> tuple[float, float]:
    """The mean of independent values and its standard error s/√n, with s² = Σ(x − mean)²/(n − 1).

    >>> mean_and_error([1.0, 3.0])
    (2.0, 1.0)
    """
    row = np.asarray(values, dtype=float)
    return float(row.mean()), float(row.std(ddof=1) / math.sqrt(len(row)))


def effect_of(gain: float, error: float) -> str:
    """What may be claimed: an effect must be more than two standard errors from zero.

    >>> effect_of(0.03, 0.01), effect_of(0.03, 0.02), effect_of(-0.03, 0.01)
    ('helped', 'no clear effect', 'hurt')
    """
    if abs(gain) <= 2 * error:
        return UNCLEAR
    return HELPED if gain > 0 else HURT


def compare(runs: dict[str, list[Run]]) -> dict[str, dict[str, Any]]:
    """For each method the means over the seeds, and its paired gain over "none"."""
    summary = {}
    tested = {method: np.array([run.test for run in own], float) for method, own in runs.items()}
    for method, own in runs.items():
        entry: dict[str, Any] = {}
        gaps = [run.train - run.validation for run in own]
        for name, values in (
            ("train_accuracy", [run.train for run in own]),
            ("validation_accuracy", [run.validation for run in own]),
            ("gap", gaps),
            ("wrong_labels_reproduced", [run.memorised for run in own]),
            ("test_accuracy", tested[method]),
        ):
            mean, error = mean_and_error(values)
            entry[name] = {"mean": mean, "standard_error": error}
        if method != "none":
            gain, error = mean_and_error(tested[method] - tested["none"])
            entry["gain"] = {"mean": gain, "standard_error": error}
            entry["effect"] = effect_of(gain, error)
        summary[method] = entry
    return summary


def headline(summary: dict[str, dict[str, Any]], noise: float) -> str:
    """The whole experiment in two sentences."""
    none = summary["none"]
    others = {name: entry for name, entry in summary.items() if name != "none"}
    best = max(others, key=lambda name: others[name]["test_accuracy"]["mean"])
    first = (
        f"Without regularization the network fits {percent(none['train_accuracy'])} of its "
        f"training labels, {noise:.0%} of which are wrong, and reads "
        f"{percent(none['test_accuracy'])} of new digits."
    ).replace("%", " %")
    if others[best]["effect"] != HELPED:
        return f"{first} No method helped clearly."
    reads = percent(others[best]["test_accuracy"]).replace("%", " %")
    label = "All methods together help" if best == "all" else f"{capital(best)} helps"
    return f"{first} {label} most: {reads}."


def sentence(method: str, entry: dict[str, Any]) -> str:
    """`Dropout helped: +10.8 ± 0.9 points of test accuracy.`"""
    label = "All together" if method == "all" else capital(method)
    gain, error = entry["gain"]["mean"], entry["gain"]["standard_error"]
    claim = {HELPED: "helped", UNCLEAR: "had no clear effect", HURT: "hurt"}[entry["effect"]]
    return f"{label} {claim}: {points(gain, error)} points of test accuracy."


def percent(quantity: dict[str, float]) -> str:
    return f"{100 * quantity['mean']:.0f}%"


def points(gain: float, error: float) -> str:
    """A gain in percentage points: `+10.8 ± 0.9`."""
    return f"{100 * gain:+.1f} ± {100 * error:.1f}".replace("-", "−")


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def as_results(outcome: Outcome, *, seed: int, quick: bool, backend: str) -> dict[str, Any]:
    """Everything in numbers, ready for JSON.  Accuracies are shares from 0 to 1.

    The same seed on the same machine gives the same dictionary.
    """
    settings = asdict(outcome.settings)
    settings.pop("grids")
    settings.pop("all_factors")
    summary = compare(outcome.runs)
    results = {
        "format": FORMAT,
        "minireg": __version__,
        "headline": headline(summary, outcome.settings.noise),
        "sentences": {
            name: sentence(name, entry) for name, entry in summary.items() if name != "none"
        },
        "methods": summary,
        "chosen": {name: asdict(recipe) for name, recipe in outcome.chosen.items()},
        "grid": {
            name: [
                {
                    "recipe": asdict(runs[0].recipe),
                    "described": runs[0].recipe.described(),
                    "validation_accuracy": [run.validation for run in runs],
                    "chosen": runs[0].recipe == outcome.chosen[name],
                }
                for runs in trials
            ]
            for name, trials in outcome.trials.items()
        },
        "runs": {
            name: [
                {
                    "seed": run.seed,
                    "train_accuracy": run.train,
                    "validation_accuracy": run.validation,
                    "wrong_labels_reproduced": run.memorised,
                    "test_accuracy": run.test,
                    "epochs": len(run.history),
                    "best_epoch": run.history.best_epoch,
                    "curves": {name: run.history[name] for name in CURVES},
                }
                for run in runs
            ]
            for name, runs in outcome.runs.items()
        },
        "settings": {"seed": seed, "quick": quick, "test_size": outcome.test_size, **settings},
        "seeds": [digits.seed for digits in outcome.digits],
        "environment": {
            "backend": backend,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
        },
    }
    return rounded(results)


def rounded(value: Any) -> Any:
    """Floats to six digits: more would only be noise of the arithmetic."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value
