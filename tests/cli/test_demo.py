"""`minireg demo --quick`, on fewer digits, as a user runs it, and what it leaves behind."""

from __future__ import annotations

import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import minireg as mr
from minireg import data
from minireg.cli.demo_output import show_results
from minireg.cli.terminal import new_console
from minireg.demo import QUICK, Recipe, Watcher, experiment, results

pytestmark = pytest.mark.host

HOME = Path(mr.__file__).parents[1]
METHODS = ["none", "L1", "L2", "dropout", "augmentation", "early stopping", "all"]
PICTURES = {
    "accuracy-curves.png", "augmentation.png", "dropout.png", "gap.png", "loss-curves.png",
    "memorised.png", "mislabelled.png", "weights.png",
}  # fmt: skip
FEWER = {"train_size": 100, "validation_size": 100, "hidden": 32, "epochs": 4}
PROGRAM = f"""
from dataclasses import replace
from minireg.cli import main
from minireg.demo import study
study.QUICK = replace(study.QUICK, **{FEWER})
main()
"""


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The folder and the printed text of one run, on a terminal with ASCII only."""
    out = tmp_path_factory.mktemp("demo") / "out"
    out.mkdir()
    (out / "report.html").write_text("of an earlier run", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "demo", "--quick", "--seed", "3", "--out", str(out)],
        capture_output=True,
        cwd=HOME,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "COLUMNS": "80"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return out, done.stdout.decode("ascii")


@pytest.fixture(scope="module")
def found(quick):
    return json.loads((quick[0] / "results.json").read_text(encoding="utf-8"))


def test_it_leaves_the_report_pictures_and_numbers_only(quick):
    assert {path.name for path in quick[0].iterdir()} == PICTURES | {"report.html", "results.json"}


def test_its_output_fits_eighty_columns_of_ascii(quick):
    lines = quick[1].splitlines()
    folder = str(quick[0])
    assert max(len(line) for line in lines if folder not in line) <= 80
    assert "\x1b" not in quick[1]
    for method in METHODS:
        assert any(re.match(rf"{method} +\| +\d", line) for line in lines)
    assert "+/-" in quick[1]
    assert str(quick[0] / "report.html") in quick[1]


def test_the_numbers_are_all_there(found):
    assert found["format"] == "minireg-demo/1"
    assert found["minireg"] == mr.__version__
    assert set(found) == {
        "format", "minireg", "headline", "sentences", "methods", "chosen", "grid", "runs",
        "settings", "seeds", "environment", "seconds",
    }  # fmt: skip
    assert found["seeds"] == [3000, 3001, 3002, 3003, 3004]
    assert list(found["methods"]) == list(found["runs"]) == METHODS
    for name, runs in found["runs"].items():
        assert [run["seed"] for run in runs] == found["seeds"]
        for run in runs:
            assert {len(curve) for curve in run["curves"].values()} == {run["epochs"]}
            watched = run["curves"]["validation_loss"]
            assert run["best_epoch"] == 1 + watched.index(min(watched))
            if name not in ("early stopping", "all"):
                assert run["epochs"] == found["settings"]["epochs"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_figure_is_cut_off_at_any_width(found, width):
    output = io.StringIO()
    show_results(new_console(file=output, width=width), found)
    shown = " ".join(output.getvalue().split())
    assert "…" not in shown
    for entry in found["methods"].values():
        for name in ("train_accuracy", "gap", "wrong_labels_reproduced", "test_accuracy"):
            assert f"{100 * entry[name]['mean']:.1f}".replace("-", "−") in shown
        assert entry.get("effect", "") in shown


def test_gains_are_paired_differences(found):
    none = [run["test_accuracy"] for run in found["runs"]["none"]]
    for method in METHODS:
        entry = found["methods"][method]
        test = [run["test_accuracy"] for run in found["runs"][method]]
        assert entry["test_accuracy"]["mean"] == pytest.approx(np.mean(test), abs=2e-6)
        if method == "none":
            assert "gain" not in entry
            continue
        differences = np.subtract(test, none)
        error = differences.std(ddof=1) / math.sqrt(len(test))
        # Six digits are written, so that is how exactly they agree.
        assert entry["gain"]["mean"] == pytest.approx(differences.mean(), abs=2e-6)
        assert entry["gain"]["standard_error"] == pytest.approx(error, abs=2e-6)
        assert entry["gain"]["mean"] == pytest.approx(
            entry["test_accuracy"]["mean"] - found["methods"]["none"]["test_accuracy"]["mean"],
            abs=2e-6,
        )
        clear = abs(differences.mean()) > 2 * error
        assert (entry["effect"] != "no clear effect") == clear
        assert f"{100 * differences.mean():+.1f}".replace("-", "−") in found["sentences"][method]


def test_the_gap_is_training_minus_validation(found):
    for method, runs in found["runs"].items():
        gaps = [run["train_accuracy"] - run["validation_accuracy"] for run in runs]
        assert found["methods"][method]["gap"]["mean"] == pytest.approx(np.mean(gaps), abs=2e-6)


def test_the_chosen_strength_is_the_best_of_its_grid(found):
    for method, trials in found["grid"].items():
        means = [np.mean(trial["validation_accuracy"]) for trial in trials]
        chosen = [trial["chosen"] for trial in trials]
        assert chosen.index(True) == int(np.argmax(means))
        assert chosen.count(True) == 1
        assert trials[chosen.index(True)]["recipe"] == found["chosen"][method]


def test_the_network_overfits_and_memorises_labels():
    """The point of the demo; by a margin that no seed comes near."""
    pool, _ = data.load_mnist5k()
    digits = experiment.draw_digits(pool, QUICK, 3000)
    run = experiment.train_network(QUICK, "none", Recipe(), digits, Watcher())
    assert run.train_accuracy > 0.8
    assert run.wrong_labels_reproduced > 0.5
    assert run.gap > 0.25


class Resources(HTMLParser):
    """Everything that a page would load, and the text of its tables."""

    def __init__(self):
        super().__init__()
        self.images, self.loaded, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "img":
            self.images.append(values["src"])
            assert values["alt"]
        elif tag in ("script", "link", "iframe", "object", "embed", "source", "video"):
            self.loaded.append(tag)
        self.loaded += [v for k, v in attributes if k in ("href", "srcset", "action") and v]
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_report_needs_nothing_but_itself(quick):
    page = (quick[0] / "report.html").read_text(encoding="utf-8")
    parser = Resources()
    parser.feed(page)
    assert not parser.loaded
    assert not parser.open
    assert len(parser.images) == len(PICTURES)
    assert all(source.startswith("data:image/png;base64,") for source in parser.images)
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_report_shows_the_numbers_of_the_results(quick, found):
    page = (quick[0] / "report.html").read_text(encoding="utf-8")
    for sentence in found["sentences"].values():
        assert sentence in page
    for method in METHODS:
        test = found["methods"][method]["test_accuracy"]["mean"]
        assert f"<td>{100 * test:.1f}</td>" in page
    for trials in found["grid"].values():
        for trial in trials:
            assert trial["described"] in page
    assert "$" not in page
    assert f"minireg demo --quick --seed 3 --backend {found['environment']['backend']}" in page


def test_every_picture_is_a_png(quick):
    for name in PICTURES:
        content = (quick[0] / name).read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert content.endswith(b"IEND\xaeB`\x82")


def test_the_same_seed_gives_the_same_results(found):
    settings, (pool, test) = replace(QUICK, **FEWER), data.load_mnist5k()
    with threadpool_limits(1, user_api="blas"):
        again = experiment.draw_digits(pool, settings, found["seeds"][0])
        run = experiment.train_network(settings, "none", Recipe(), again, Watcher())
    first = found["runs"]["none"][0]
    curves = {name: run.history[name] for name in results.CURVES}
    assert results.round_floats(curves) == first["curves"]
    assert (
        results.round_floats(experiment.measure_accuracy(run.model, test)) == first["test_accuracy"]
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_results_can_be_shown_in_other_encodings(quick, found, encoding):
    program = (
        "import json, sys\n"
        "from minireg.cli import demo_output, terminal\n"
        "terminal.prepare_streams()\n"
        "console = terminal.new_console()\n"
        "demo_output.show_results(console, json.load(open(sys.argv[1], encoding='utf-8')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(quick[0] / "results.json")],
        capture_output=True,
        cwd=HOME,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        check=True,
    )
    shown = done.stdout.decode(encoding)
    assert "±" in shown
    gains = [entry["gain"]["mean"] for entry in found["methods"].values() if "gain" in entry]
    assert ("−" in shown) == (encoding == "utf-8" and min(gains) < 0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_leaves_no_files(tmp_path):
    out = tmp_path / "out"
    command = [sys.executable, "-u", "-m", "minireg", "demo", "--out", str(out)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOME
    ) as process:
        assert process.stdout.readline()  # the introduction: training begins
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint.strip() == b"interrupted"
    assert list(out.iterdir()) == []
