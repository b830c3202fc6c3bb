"""The progress bar: one line in any terminal, nothing in a pipe."""

import io
import os
import subprocess
import sys

import pytest

import minireg as mr
from minireg import regularizers as reg
from minireg.training.progress import summarize
from tests.training.problems import blobs, network

pytestmark = pytest.mark.host


class Terminal(io.TextIOWrapper):
    """A text stream that looks like a terminal with one encoding."""

    def __init__(self, encoding):
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self):
        return True

    def text(self):
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def plain_environment(monkeypatch):
    """Remove the settings that a user may have made for the terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return monkeypatch


def run(**options):
    return mr.fit(network(), blobs(), blobs(seed=1), epochs=3, penalty=reg.L2(0.1), **options)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("columns", [5, 20, 40, 80, 160])
def test_any_terminal_shows_the_line(encoding, columns, plain_environment):
    plain_environment.setenv("COLUMNS", str(columns))
    terminal = Terminal(encoding)
    plain_environment.setattr(sys, "stdout", terminal)
    history = run()
    last = terminal.text().splitlines()[-2]
    assert "epoch 3/3" in last or columns < 40
    if columns >= 80:
        assert f"loss {history.loss[-1]:.4f}, penalty {history.penalty[-1]:.4f}" in last
        assert f"train {history.train_accuracy[-1]:.1%}" in last
        assert f"validation {history.validation_accuracy[-1]:.1%}" in last
    assert terminal.text().count("\n") <= 2  # it is one line


def test_a_pipe_shows_nothing(capsys):
    run(progress=True)
    run(progress=False)
    assert capsys.readouterr() == ("", "")


def test_a_program_without_a_console_can_train(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert len(run()) == 3


def test_false_shows_nothing_in_a_terminal(plain_environment):
    terminal = Terminal("utf-8")
    plain_environment.setattr(sys, "stdout", terminal)
    run(progress=False)
    assert terminal.text() == ""


def test_progress_may_be_a_function_of_the_history():
    seen = []
    history = run(progress=lambda history: seen.append((len(history), history[-1]["epoch"])))
    assert seen == [(1, 1), (2, 2), (3, 3)]
    assert len(history) == 3


def test_of_several_metrics_the_line_shows_the_first():
    history = mr.fit(
        network(), blobs(), blobs(seed=1), epochs=1, metrics=("f1", "accuracy"), progress=False
    )
    text = f"train f1 {history.train_f1[0]:.4f}, validation f1 {history.validation_f1[0]:.4f}"
    assert summarize(history[-1]) == f"loss {history.loss[0]:.4f}, {text}"
    history = mr.fit(network(), blobs(), blobs(seed=1), epochs=1, metrics=(), progress=False)
    losses = history.loss[0], history.validation_loss[0]
    assert summarize(history[-1]) == "loss {:.4f}, validation loss {:.4f}".format(*losses)


SCRIPT = """
import sys
import minireg as mr
from minireg import nn, regularizers

x, y = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]

def run():
    model = nn.Linear(1, 2)
    mr.fit(model, (x, y), (x, y), epochs=2, penalty=regularizers.L1(0.01))

run()
assert "rich" not in sys.modules, "a pipe needs no progress bar"
if sys.argv[1] == "terminal":
    sys.stdout.isatty = lambda: True
    run()
print("trained")
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize(
    "where",
    [
        "pipe",
        pytest.param(
            "terminal",
            marks=pytest.mark.skipif(
                sys.platform == "win32", reason="rich asks Windows itself, not the stream"
            ),
        ),
    ],
)
def test_a_program_survives_its_terminals_encoding(where, encoding, plain_environment):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "60"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, where],
        env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert ("epoch 2/2" in text) == (where == "terminal")
    assert text.splitlines()[-1] == "trained" or where == "terminal"


def test_huge_errors_are_shown_in_few_digits():
    row = {"loss": 0.5, "penalty": 0.0, "train_mse": 2.05085306e8, "validation_loss": 0.5}
    assert summarize(row | {"validation_mse": 3.0}).endswith(
        "train mse 2.051e+08, validation mse 3.0000"
    )
