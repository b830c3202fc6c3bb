"""From trained networks to numbers, and to sentences that say what happened, whatever it was."""

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


def summarize(values: Any) -> dict[str, float]:
    """The mean of independent values and its standard error s/√n, with s² = Σ(x − mean)²/(n − 1).

    >>> summarize([1.0, 3.0])
    {'mean': 2.0, 'standard_error': 1.0}
    """
    row = np.asarray(values, dtype=float)
    error = row.std(ddof=1) / math.sqrt(len(row))
    return {"mean": float(row.mean()), "standard_error": float(error)}


def judge_effect(gain: float, error: float) -> str:
    """What may be claimed: an effect must be more than two standard errors from zero.

    >>> judge_effect(0.03, 0.01), judge_effect(0.03, 0.02), judge_effect(-0.03, 0.01)
    ('helped', 'no clear effect', 'hurt')
    """
    if abs(gain) <= 2 * error:
        return UNCLEAR
    return HELPED if gain > 0 else HURT


def compare(runs: dict[str, list[Run]]) -> dict[str, dict[str, Any]]:
    """For each method the means over the seeds, and its paired gain over "none"."""
    tested = {method: np.array([run.test for run in own], float) for method, own in runs.items()}
    summary = {}
    for method, own in runs.items():
        entry: dict[str, Any] = {
            "train_accuracy": summarize([run.train for run in own]),
            "validation_accuracy": summarize([run.validation for run in own]),
            "gap": summarize([run.train - run.validation for run in own]),
            "wrong_labels_reproduced": summarize([run.memorised for run in own]),
            "test_accuracy": summarize(tested[method]),
        }
        if method != "none":
            entry["gain"] = summarize(tested[method] - tested["none"])
            entry["effect"] = judge_effect(*entry["gain"].values())
        summary[method] = entry
    return summary


def write_headline(summary: dict[str, dict[str, Any]], noise: float) -> str:
    """The whole experiment in two sentences."""
    none = summary["none"]
    others = {name: entry for name, entry in summary.items() if name != "none"}
    best = max(others, key=lambda name: others[name]["test_accuracy"]["mean"])
    first = (
        f"Without regularization the network fits {format_percent(none['train_accuracy'])} of its "
        f"training labels, {format_percent(noise)} of which are wrong, and reads "
        f"{format_percent(none['test_accuracy'])} of new digits."
    )
    if others[best]["effect"] != HELPED:
        return f"{first} No method helped clearly."
    label = "All methods together help" if best == "all" else f"{capitalize(best)} helps"
    return f"{first} {label} most: {format_percent(others[best]['test_accuracy'])}."


def write_sentence(method: str, entry: dict[str, Any]) -> str:
    """`Dropout helped: +10.8 ± 0.9 points of test accuracy.`"""
    label = "All together" if method == "all" else capitalize(method)
    claim = {HELPED: "helped", UNCLEAR: "had no clear effect", HURT: "hurt"}[entry["effect"]]
    return f"{label} {claim}: {format_points(entry['gain'])} points of test accuracy."


def format_percent(share: Any, digits: int = 0) -> str:
    """A share, or the mean of a summary, in percent: `70 %`."""
    share = share["mean"] if isinstance(share, dict) else share
    return f"{100 * share:.{digits}f} %".replace("-", "−")


def format_points(gain: dict[str, float]) -> str:
    """A gain in percentage points: `+10.8 ± 0.9`."""
    mean, error = gain["mean"], gain["standard_error"]
    return f"{100 * mean:+.1f} ± {100 * error:.1f}".replace("-", "−")


def capitalize(text: str) -> str:
    """The first letter as a capital; the others stay as they are."""
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
        "headline": write_headline(summary, outcome.settings.noise),
        "sentences": {
            name: write_sentence(name, entry) for name, entry in summary.items() if name != "none"
        },
        "methods": summary,
        "chosen": {name: asdict(recipe) for name, recipe in outcome.chosen.items()},
        "grid": {
            name: [
                {
                    "recipe": asdict(runs[0].recipe),
                    "described": runs[0].recipe.describe(),
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
    return round_floats(results)


def round_floats(value: Any) -> Any:
    """Floats to six digits: further ones show only the rounding of the arithmetic."""
    if isinstance(value, dict):
        return {key: round_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [round_floats(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value
