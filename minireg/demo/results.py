"""Turn trained networks into numbers, and into sentences that report the outcome."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from .. import __version__
from .experiment import Outcome, Run

FORMAT = "minireg-demo/1"  # changes when a field of results.json changes its name or meaning

# The quantities that are summarized for each method; all but the gap are also listed for each run.
QUANTITIES = (
    "train_accuracy", "validation_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy",
)  # fmt: skip
# The columns of the training history that are kept: all but the seconds.
CURVES = ("loss", "penalty", "train_accuracy", "validation_loss", "validation_accuracy")

HELPED, UNCLEAR, HURT = "helped", "no clear effect", "hurt"


def summarize(values: Any) -> dict[str, float]:
    """Return the mean of independent values and its standard error s/√n, s² = Σ(x − mean)²/(n − 1).

    >>> summarize([1.0, 3.0])
    {'mean': 2.0, 'standard_error': 1.0}
    """
    row = np.asarray(values, dtype=float)
    error = row.std(ddof=1) / math.sqrt(len(row))
    return {"mean": float(row.mean()), "standard_error": float(error)}


def judge_effect(gain: float, error: float) -> str:
    """Return the effect that may be claimed: a gain must be more than two standard errors from 0.

    >>> judge_effect(0.03, 0.01), judge_effect(0.03, 0.02), judge_effect(-0.03, 0.01)
    ('helped', 'no clear effect', 'hurt')
    """
    if abs(gain) <= 2 * error:
        return UNCLEAR
    return HELPED if gain > 0 else HURT


def compare(runs: Mapping[str, list[Run]]) -> dict[str, dict[str, Any]]:
    """Return for each method the means over the seeds, and its paired gain over "none"."""
    summary = {}
    for method, own in runs.items():
        entry: dict[str, Any] = {
            name: summarize([getattr(run, name) for run in own]) for name in QUANTITIES
        }
        if method != "none":
            pairs = zip(own, runs["none"], strict=True)
            entry["gain"] = summarize(
                [run.test_accuracy - none.test_accuracy for run, none in pairs]
            )
            entry["effect"] = judge_effect(*entry["gain"].values())
        summary[method] = entry
    return summary


def find_best(summary: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the method with the best mean accuracy on the test digits."""
    others = [method for method in summary if method != "none"]
    return max(others, key=lambda method: summary[method]["test_accuracy"]["mean"])


def write_headline(summary: Mapping[str, Mapping[str, Any]], noise: float) -> str:
    """Summarize the whole experiment in two sentences."""
    none, best = summary["none"], find_best(summary)
    first = (
        f"Without regularization the network fits {format_percent(none['train_accuracy'])} % of "
        f"its training labels, {format_percent(noise)} % of which are wrong, and reads "
        f"{format_percent(none['test_accuracy'])} % of new digits."
    )
    if summary[best]["effect"] != HELPED:
        return f"{first} No method helped clearly."
    label = "All methods together help" if best == "all" else f"{best.capitalize()} helps"
    return f"{first} {label} most: {format_percent(summary[best]['test_accuracy'])} %."


def write_sentence(method: str, entry: Mapping[str, Any]) -> str:
    """Return, for example, `Dropout helped: +10.8 ± 0.9 points of test accuracy.`"""
    label = "All together" if method == "all" else method.capitalize()
    claim = {HELPED: "helped", UNCLEAR: "had no clear effect", HURT: "hurt"}[entry["effect"]]
    return f"{label} {claim}: {format_gain(entry['gain'])} points of test accuracy."


def format_percent(share: float | Mapping[str, float], form: str = ".0f") -> str:
    """Format a share, or the mean of a summary, in percent, with a true minus sign."""
    mean = share["mean"] if isinstance(share, Mapping) else share
    return f"{100 * mean:{form}}".replace("-", "−")


def format_gain(gain: Mapping[str, float]) -> str:
    """Format a gain in percentage points with its standard error: `+10.8 ± 0.9`."""
    return f"{format_percent(gain, '+.1f')} ± {format_percent(gain['standard_error'], '.1f')}"


def as_results(outcome: Outcome, *, seed: int, quick: bool, backend: str) -> dict[str, Any]:
    """Return all results, ready for JSON.  Accuracies are shares from 0 to 1.

    The same seed on the same machine gives the same dictionary.
    """
    settings = asdict(outcome.settings)
    del settings["grids"], settings["all_factors"]
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
                    "validation_accuracy": [run.validation_accuracy for run in runs],
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
                    **{name: getattr(run, name) for name in QUANTITIES if name != "gap"},
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
    """Round floats to six digits: further digits show only rounding errors."""
    return json.loads(json.dumps(value), parse_float=lambda text: round(float(text), 6))
