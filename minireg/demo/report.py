"""`report.html`: one file that needs no others, neither from the internet nor from the disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from statistics import fmean
from string import Template
from typing import Any

from .recipes import Recipe
from .results import QUANTITIES, find_best, format_gain, format_percent


def render_report(results: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """Return the page as HTML.

    Args:
        results: the dictionary of `as_results`.
        pictures: PNG files by name; `loss-curves.png` replaces `$loss_curves` in the template.
    """
    settings, methods, best = results["settings"], results["methods"], find_best(results["methods"])
    texts = {
        **settings,
        **results["environment"],
        "version": results["minireg"],
        "headline": results["headline"],
        "noise": format_percent(settings["noise"]),
        "best": "all methods" if best == "all" else best,
        "none_read": format_percent(methods["none"]["test_accuracy"]),
        "best_read": format_percent(methods[best]["test_accuracy"]),
        "none_memorised": format_percent(methods["none"]["wrong_labels_reproduced"]),
        "best_memorised": format_percent(methods[best]["wrong_labels_reproduced"]),
        "tuning": f"{settings['tuning_seeds']} seed{'s' * (settings['tuning_seeds'] != 1)}",
        "patience": results["chosen"]["early stopping"]["patience"],
        "fixed": describe_fixed_strengths(results),
        "augmentation_strength": Recipe(**results["chosen"]["augmentation"]).describe(),
        "seed_list": ", ".join(map(str, results["seeds"])),
        "quick_option": " --quick" if settings["quick"] else "",
    }
    places = {name: escape(str(text)) for name, text in texts.items()}
    places["sentences"] = "".join(f"<li>{escape(s)}</li>" for s in results["sentences"].values())
    places["results"] = "".join(render_result(*item) for item in methods.items())
    places["grid"] = "".join(render_grid(*item) for item in results["grid"].items())
    for name, content in pictures.items():
        place = name.removesuffix(".png").replace("-", "_")
        places[place] = "data:image/png;base64," + b64encode(content).decode("ascii")
    template = files(__package__).joinpath("report_template.html").read_text(encoding="utf-8")
    # No line breaks between a number and its percent sign.
    return Template(template).substitute(places).replace(" %", "&nbsp;%")


def describe_fixed_strengths(results: Mapping[str, Any]) -> str:
    """Return a sentence for each method whose strength was not searched for, as in a quick run."""
    return " ".join(
        f"The strength of “{method}” was not searched for: {Recipe(**recipe).describe()}."
        for method, recipe in results["chosen"].items()
        if method not in (*results["grid"], "none", "early stopping")
    )


def render_result(method: str, entry: Mapping[str, Any]) -> str:
    """Return the row of a method in the table of results."""
    numbers = [(format_percent(entry[name], ".1f"), "") for name in QUANTITIES]
    gain = format_gain(entry["gain"]) if "gain" in entry else ""
    effect = entry.get("effect", "")  # also the name of its CSS class, which has a colour
    return render_row((method, ""), *numbers, (gain, ""), (effect, effect))


def render_grid(method: str, trials: list[Mapping[str, Any]]) -> str:
    """Return the rows of a method in the table of strengths."""
    rows = []
    for trial in trials:
        mark, note = ("chosen", " (chosen)") if trial["chosen"] else ("", "")
        mean = f"{format_percent(fmean(trial['validation_accuracy']), '.1f')} %"
        rows.append(render_row((method, ""), (trial["described"] + note, mark), (mean, mark)))
        method = ""
    return "".join(rows)


def render_row(*cells: tuple[str, str]) -> str:
    """Return a table row; each cell is a text and its CSS class, which may be empty."""
    tags = (f'<td class="{mark}">' if mark else "<td>" for _, mark in cells)
    row = "".join(f"{tag}{escape(text)}</td>" for tag, (text, _) in zip(tags, cells))
    return f"<tr>{row}</tr>"
