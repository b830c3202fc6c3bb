"""The frame of the command line: exit codes, sentences, encodings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import minireg as mr
from minireg.cli import app, terminal
from minireg.errors import ArgumentError

pytestmark = pytest.mark.host

HOME = Path(mr.__file__).parents[1]  # where `python -m minireg` finds the package


def minireg(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """`python -m minireg …` as a user runs it; its output as bytes."""
    return subprocess.run(
        [sys.executable, "-m", "minireg", *arguments],
        capture_output=True,
        cwd=HOME,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )


def test_version_is_the_version_of_the_package(capsys):
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"minireg {mr.__version__}\n"


def test_help_shows_examples_and_all_commands(capsys):
    assert app.run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "minireg demo --quick" in shown
    assert all(f"\n  {command} " in shown for command in app.commands.commands)
    assert app.run([]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("command", sorted(app.commands.commands))
def test_every_help_fits_eighty_columns(command, capsys):
    assert app.run([command, "--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_help_loads_neither_matplotlib_nor_rich():
    program = (
        "import sys\n"
        "from minireg.cli.app import run\n"
        "assert run(['--help']) == run(['demo', '--help']) == run(['train', '--help']) == 0\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'matplotlib', 'rich', 'safetensors'}, loaded\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=HOME, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dmeo"], "No such command 'dmeo'"),
        (["--colour"], "No such option"),
        (["demo", "--seed", "-1"], "-1 is not in the range"),
        (["demo", "--seed", "one"], "'one' is not a valid integer"),
        (["demo", "--seed", "99999999999999999999"], "is not in the range"),
        (["demo", "--backend", "jax"], "'jax' is not one of 'numpy', 'cupy', 'auto'"),
        (["demo", "digits"], "unexpected extra argument"),
        (["demo", "--out"], "requires an argument"),
        (["gradcheck", "rleu"], "Did you mean 'relu' or "),
        (["gradcheck", "xyzzy"], "Nothing in the catalogue is called 'xyzzy'. Without a name, "),
        (["backends", "numpy"], "unexpected extra argument"),
    ],
)
def test_a_mistake_gives_one_sentence_and_exit_code_2(arguments, words, capsys):
    assert app.run(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_unwritable_folder_is_said_before_the_training(tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    for out in (file, file / "below"):
        assert app.run(["demo", "--out", str(out)]) == 2
        captured = capsys.readouterr()
        assert f"Cannot write into the folder {str(out)!r}" in captured.err
        assert "--out" in captured.err
        assert captured.out == ""
    assert file.read_text(encoding="utf-8") == "not a folder"


def test_an_unknown_backend_in_the_environment_is_said(tmp_path):
    done = minireg("demo", "--out", str(tmp_path / "out"), MINIREG_BACKEND="jax")
    assert done.returncode == 2
    assert b"No backend is called 'jax'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_errors_of_the_library_and_interrupts_end_a_command(monkeypatch, capsys):
    def ending(error):
        @click.command("fall")
        def fall():
            raise error

        monkeypatch.setitem(app.commands.commands, "fall", fall)
        return app.run(["fall"]), capsys.readouterr().err.strip()

    assert ending(ArgumentError("λ is negative.")) == (2, "Error: λ is negative.")
    assert ending(KeyboardInterrupt()) == (130, "interrupted")
    assert ending(click.Abort()) == (130, "interrupted")


def test_a_bug_keeps_its_traceback(monkeypatch):
    @click.command("fall")
    def fall():
        raise ZeroDivisionError

    monkeypatch.setitem(app.commands.commands, "fall", fall)
    with pytest.raises(ZeroDivisionError):
        app.run(["fall"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no true to close the pipe")
@pytest.mark.parametrize("arguments", ["backends", "gradcheck relu"])
def test_a_reader_that_goes_away_is_not_a_traceback(arguments):
    command = f"{sys.executable} -m minireg {arguments} | true"
    done = subprocess.run(
        command, shell=True, capture_output=True, cwd=HOME, timeout=60, check=False
    )
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [(">&-", 0, b""), (">/dev/full", 2, b"Error: No space left on device: the output\n")],
)
def test_an_output_that_is_closed_or_full_is_not_a_traceback(redirection, code, said):
    command = f"{sys.executable} -m minireg gradcheck relu {redirection}"
    done = subprocess.run(
        command, shell=True, capture_output=True, cwd=HOME, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (code, said)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(36, "File name too long", "x.csv"), "Error: File name too long: x.csv"),
        (MemoryError("Unable to allocate 1 TiB"), "not enough memory. Unable to allocate 1 TiB"),
    ],
)
def test_what_the_computer_cannot_do_is_said(error, said, monkeypatch, capsys):
    @click.command("fall")
    def fall():
        raise error

    monkeypatch.setitem(app.commands.commands, "fall", fall)
    assert app.run(["fall"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("arguments", [["--help"], ["backends"], ["gradcheck", "relu", "dropout"]])
def test_output_fits_the_encoding_of_the_terminal(encoding, arguments):
    done = minireg(*arguments, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(encoding)
    assert done.stderr == b""


def test_messages_fit_the_encoding_of_the_terminal():
    done = minireg("gradcheck", "λ", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert done.stderr.decode("ascii").startswith(
        "Error: Nothing in the catalogue is called 'lambda'."
    )


def test_what_an_encoding_lacks_is_spelled_out():
    assert "±5 → λ ✓".encode("ascii", "minireg") == b"+/-5 -> lambda ?"
    assert "±5 → λ".encode("cp1252", "minireg").decode("cp1252") == "±5 -> lambda"
    assert terminal.replace_signs("plain") == "plain"


def test_there_are_no_colours_without_a_terminal():
    done = minireg("gradcheck", "relu")
    assert b"\x1b" not in done.stdout


def test_backends_says_what_works_and_why_the_rest_does_not():
    done = minireg("backends")
    assert done.returncode == 0
    shown = done.stdout.decode()
    assert shown.startswith("numpy ")
    assert "works" in shown.splitlines()[0]
    assert "cupy" in shown
    usable = "cupy: not usable here" not in shown
    assert ("auto takes cupy" in shown) == usable
    if not usable:
        assert "pip install" in shown or "nvidia-smi" in shown


def test_an_error_about_an_argument_names_the_option(monkeypatch, capsys):
    @click.command("fall")
    @click.option("--batch-size")
    @click.argument("model")
    def fall(model, batch_size):
        raise ArgumentError("it is wrong.", argument=model)

    monkeypatch.setitem(app.commands.commands, "fall", fall)
    for argument, said in (
        ("batch_size", "Error: --batch-size: it is wrong."),
        ("model", "Error: it is wrong."),
        ("other", "Error: it is wrong."),
    ):
        assert app.run(["fall", argument]) == 2
        assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize(
    ("message", "argument", "said"),
    [
        ("Choose resume=True or lr=0.5.", None, "Choose --resume or --lr 0.5."),
        ("Use resume=False.", None, "Use no --resume."),
        ("Use model='mlp', please.", None, "Use --model mlp, please."),
        ("Use batch_size, or a model.", None, "Use --batch-size, or a model."),
        ("lr must be finite.", "lr", "--lr must be finite."),
        ("It is large.", "lr", "--lr: It is large."),
        ("The file 'batch_size.csv' in my/batch_size.", None, None),
        ("L2(scale=1) of normal=3 at lrs=4.", None, None),
        ("Save numpy.savez('data.npz', x=np.stack(images), y=labels).", None, None),
        ("fit(size=3) is a call.", None, None),
        ("Save numbers (x=…).", None, "Save numbers (--x …)."),
    ],
)
def test_arguments_in_a_message_are_named_as_typed(message, argument, said):
    assert app.spell_options(message, ["train"], argument) == (said or message)
