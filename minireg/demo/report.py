"""`report.html`: one file that needs nothing else, neither from the network nor from the disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from statistics import fmean
from string import Template
from typing import Any

from .experiment import Outcome
from .results import HELPED, HURT, format_percent, format_points

CLASSES = {HELPED: "helped", HURT: "hurt"}


def render_report(
    outcome: Outcome, results: Mapping[str, Any], pictures: Mapping[str, bytes]
) -> str:
    """The page as HTML.

    Args:
        outcome: for the sizes of the experiment.
        results: as `as_results` makes it.
        pictures: PNG files by name; `gap.png` takes the place `$gap` of the template.
    """
    settings = results["settings"]
    noise, seeds = format_percent(settings["noise"]), len(results["seeds"])
    places = {
        "headline": escape_text(results["headline"]),
        "setup": escape_text(
            f"A network of 784, {settings['hidden']} and 10 units with ReLU, "
            f"{settings['train_size']} digits to learn from, {noise} of their labels wrong, "
            f"{settings['epochs']} epochs; each training repeated with {seeds} seeds."
        ),
        "cards": render_cards(results),
        "sentences": "".join(f"<li>{escape(text)}</li>" for text in results["sentences"].values()),
        "results": "".join(
            render_result(name, entry) for name, entry in results["methods"].items()
        ),
        "grid": "".join(render_grid(name, trials) for name, trials in results["grid"].items()),
        "fixed": escape(describe_fixed_strengths(outcome)),
        "settings": render_settings(results),
        "noise": escape_text(noise),
        "noise_sentence": (
            f"{escape_text(noise)} of them, drawn at random, carry the label of another digit, "
            f"drawn at random as well."
        ),
        "seeds": str(seeds),
        "train_size": str(settings["train_size"]),
        "test_size": str(settings["test_size"]),
        "tuning": format_count(settings["tuning_seeds"], "seed"),
        "patience": str(outcome.chosen["early stopping"].patience),
        "augmentation_strength": escape(outcome.chosen["augmentation"].describe()),
        "command": escape(write_command(settings, results["environment"]["backend"])),
    }
    for name, content in pictures.items():
        place = name.removesuffix(".png").replace("-", "_")
        places[place] = "data:image/png;base64," + b64encode(content).decode("ascii")
    template = files(__package__).joinpath("report_template.html").read_text(encoding="utf-8")
    return Template(template).substitute(places)


def format_count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def escape_text(text: str) -> str:
    """A text for HTML, in which no line breaks between a number and its percent sign."""
    return escape(text).replace(" %", "&nbsp;%")


def render_cards(results: Mapping[str, Any]) -> str:
    """The three numbers to remember."""
    methods = results["methods"]
    none = methods["none"]
    best = max(
        (name for name in methods if name != "none"),
        key=lambda name: methods[name]["test_accuracy"]["mean"],
    )
    best_label = "all methods" if best == "all" else best
    entries = [
        (none["test_accuracy"], "of new digits are read correctly without regularization"),
        (methods[best]["test_accuracy"], f"with {best_label}, the best"),
        (
            none["wrong_labels_reproduced"],
            "of the wrong labels are memorised without regularization",
        ),
        (methods[best]["wrong_labels_reproduced"], f"of them are reproduced with {best_label}"),
    ]
    return "".join(
        f'<div class="card"><b>{escape_text(format_percent(share))}</b>'
        f"<span>{escape(text)}</span></div>"
        for share, text in entries
    )


def render_result(name: str, entry: Mapping[str, Any]) -> str:
    columns = (
        "train_accuracy", "validation_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy",
    )  # fmt: skip
    cells = "".join(f"<td>{format_percent(entry[column], 1)[:-2]}</td>" for column in columns)
    if "gain" in entry:
        gain = format_points(entry["gain"])
        effect = entry["effect"]
        cells += f'<td>{gain}</td><td class="{CLASSES.get(effect, "unclear")}">{effect}</td>'
    else:
        cells += "<td></td><td></td>"
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def render_grid(name: str, trials: list[Mapping[str, Any]]) -> str:
    rows = []
    for trial in trials:
        mean = format_percent(fmean(trial["validation_accuracy"]), 1)
        mark = ' class="chosen"' if trial["chosen"] else ""
        note = " (chosen)" if trial["chosen"] else ""
        rows.append(
            f"<tr><td>{escape(name)}</td><td{mark}>{escape(trial['described'])}{note}</td>"
            f"<td{mark}>{mean}</td></tr>"
        )
        name = ""
    return "".join(rows)


def describe_fixed_strengths(outcome: Outcome) -> str:
    """A sentence about each method whose strength was not searched for, as in a quick run."""
    return " ".join(
        f"The strength of “{method}” was not searched for: {recipe.describe()}."
        for method, recipe in outcome.chosen.items()
        if method not in outcome.trials and method not in ("none", "early stopping")
    )


def render_settings(results: Mapping[str, Any]) -> str:
    settings, environment = results["settings"], results["environment"]
    entries = {
        "Digits": (
            f"{settings['train_size']} to train, {settings['validation_size']} to validate, drawn "
            f"for each seed from the 4000 of mnist5k; {settings['test_size']} to test"
        ),
        "Training": (
            f"SGD without momentum, learning rate {settings['learning_rate']:g}, batches of "
            f"{settings['batch_size']}, {settings['epochs']} epochs; penalties as proximal steps"
        ),
        "Seeds": (
            ", ".join(map(str, results["seeds"]))
            + f" (the first {settings['tuning_seeds']} to choose strengths)"
        ),
        "Versions": (
            f"minireg {results['minireg']}, NumPy {environment['numpy']}, Python "
            f"{environment['python']}, backend {environment['backend']}, {environment['system']}"
        ),
        "Data": "LeCun, Bottou, Bengio, Haffner (1998), MNIST; CC BY-SA 3.0",
    }
    return "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(text)}</td></tr>" for name, text in entries.items()
    )


def write_command(settings: Mapping[str, Any], backend: str) -> str:
    """What to type to get the same numbers again."""
    quick = " --quick" if settings["quick"] else ""
    return f"minireg demo{quick} --seed {settings['seed']} --backend {backend}"
