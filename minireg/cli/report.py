"""`report.html`: one file that needs nothing else, neither from the network nor from the disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from .experiment import Outcome
from .results import HELPED, HURT, points

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
    noise, seeds = percent(settings["noise"]), len(results["seeds"])
    places = {
        "headline": escape(results["headline"]).replace(" %", "&nbsp;%"),
        "setup": escape(
            f"A network of 784, {settings['hidden']} and 10 units with ReLU, "
            f"{settings['train_size']} digits to learn from, {noise} of their labels wrong, "
            f"{settings['epochs']} epochs; each training repeated with {seeds} seeds."
        ),
        "cards": cards(results),
        "sentences": "".join(f"<li>{escape(text)}</li>" for text in results["sentences"].values()),
        "results": "".join(result_row(name, entry) for name, entry in results["methods"].items()),
        "grid": "".join(grid_rows(name, trials) for name, trials in results["grid"].items()),
        "fixed": escape(fixed_strengths(outcome)),
        "settings": setting_rows(results),
        "noise": noise,
        "noise_sentence": (
            f"{noise} of them, drawn at random, carry the label of another digit, drawn at random, "
            f"too."
        ),
        "seeds": str(seeds),
        "train_size": str(settings["train_size"]),
        "test_size": str(settings["test_size"]),
        "tuning": count(settings["tuning_seeds"], "seed"),
        "patience": str(outcome.chosen["early stopping"].patience),
        "augmentation_strength": escape(outcome.chosen["augmentation"].described()),
        "command": escape(command_line(settings, results["environment"]["backend"])),
    }
    for name, content in pictures.items():
        place = name.removesuffix(".png").replace("-", "_")
        places[place] = "data:image/png;base64," + b64encode(content).decode("ascii")
    template = files(__package__).joinpath("report_template.html").read_text(encoding="utf-8")
    return Template(template).substitute(places)


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def tenths(quantity: Mapping[str, float]) -> str:
    """A mean in percent with one decimal, and a true minus sign."""
    return f"{100 * quantity['mean']:.1f}".replace("-", "−")


def cards(results: Mapping[str, Any]) -> str:
    """The three numbers to remember."""
    methods = results["methods"]
    none = methods["none"]
    best = max((name for name in methods if name != "none"), key=lambda name: tested(methods[name]))
    entries = [
        (percent(tested(none)), "of new digits are read correctly without regularization"),
        (
            percent(tested(methods[best])),
            f"with {'all methods' if best == 'all' else best}, the best",
        ),
        (
            percent(none["wrong_labels_reproduced"]["mean"]),
            "of the wrong labels are learned by heart without regularization",
        ),
        (
            percent(methods[best]["wrong_labels_reproduced"]["mean"]),
            f"of them are reproduced with {'all methods' if best == 'all' else best}",
        ),
    ]
    return "".join(
        f'<div class="card"><b>{number}</b><span>{escape(text)}</span></div>'
        for number, text in entries
    )


def tested(entry: Mapping[str, Any]) -> float:
    return entry["test_accuracy"]["mean"]


def result_row(name: str, entry: Mapping[str, Any]) -> str:
    columns = (
        "train_accuracy", "validation_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy",
    )  # fmt: skip
    cells = "".join(f"<td>{tenths(entry[column])}</td>" for column in columns)
    if "gain" in entry:
        gain = points(entry["gain"]["mean"], entry["gain"]["standard_error"])
        effect = entry["effect"]
        cells += f'<td>{gain}</td><td class="{CLASSES.get(effect, "unclear")}">{effect}</td>'
    else:
        cells += "<td></td><td></td>"
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def grid_rows(name: str, trials: list[Mapping[str, Any]]) -> str:
    rows = []
    for trial in trials:
        scores = trial["validation_accuracy"]
        mean = f"{100 * sum(scores) / len(scores):.1f} %"
        mark = ' class="chosen"' if trial["chosen"] else ""
        note = " (chosen)" if trial["chosen"] else ""
        rows.append(
            f"<tr><td>{escape(name)}</td><td{mark}>{escape(trial['described'])}{note}</td>"
            f"<td{mark}>{mean}</td></tr>"
        )
        name = ""
    return "".join(rows)


def fixed_strengths(outcome: Outcome) -> str:
    """A sentence about each method whose strength was not searched for, as in a quick run."""
    return " ".join(
        f"The strength of “{method}” was not searched for: {recipe.described()}."
        for method, recipe in outcome.chosen.items()
        if method not in outcome.trials and method not in ("none", "early stopping")
    )


def setting_rows(results: Mapping[str, Any]) -> str:
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


def command_line(settings: Mapping[str, Any], backend: str) -> str:
    """What to type to get the same numbers again."""
    quick = " --quick" if settings["quick"] else ""
    return f"minireg demo{quick} --seed {settings['seed']} --backend {backend}"
