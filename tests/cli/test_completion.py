"""`minireg completion`: each shell can read its script, and gets the right completions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import minireg as mr
from minireg.cli import app

pytestmark = pytest.mark.host

HOME = Path(mr.__file__).parents[1]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_read_by_its_shell_and_says_how_to_install(shell, capsys, tmp_path):
    assert app.run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert script.startswith("# Completion for minireg.  To install:\n")
    assert f"# minireg completion {shell} > " in script
    assert "_MINIREG_COMPLETE" in script
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} here to read the script")
    path = tmp_path / "script"
    path.write_text(script, encoding="utf-8")
    subprocess.run([program, "-n", str(path)], check=True, timeout=30)


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("minireg tr", {"train"}),
        ("minireg augment --co", {"--color", "--columns"}),
        ("minireg train --model ", {"cnn", "linear", "mlp"}),
        ("minireg train --bat", {"--batch-norm", "--batch-size"}),
    ],
)
def test_commands_options_and_values_are_completed(words, completions):
    done = subprocess.run(
        [sys.executable, "-c", "from minireg.cli import main; main()"],
        capture_output=True,
        cwd=HOME,
        env=os.environ
        | {
            "_MINIREG_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        timeout=30,
        check=True,
    )
    found = {line.split(",", 1)[1] for line in done.stdout.decode().splitlines()}
    assert found == completions


def test_another_shell_is_refused(capsys):
    assert app.run(["completion", "tcsh"]) == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in capsys.readouterr().err
