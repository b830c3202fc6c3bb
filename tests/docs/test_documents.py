"""The words for users are true: commands, code blocks, and the tests that conventions name."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import minireg as mr

pytestmark = pytest.mark.host

ROOT = Path(__file__).parents[2]
CONVENTIONS = (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")


def python_blocks(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(python_blocks("README.md"))))
def test_every_python_block_of_the_readme_runs(number, capsys):
    source = python_blocks("README.md")[number]
    exec(compile(source, f"README.md, block {number + 1}", "exec"), {"__name__": "readme"})


def test_the_readme_shows_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "python -m pip install -e . && minireg demo",
        'python -m pip install -e ".[test]" && pytest',
    ):
        assert f"\n{command}\n" in text


def named_tests(text: str) -> list[tuple[str, str]]:
    """The pairs (file, test) of every `tests/….py::test_…` in a text."""
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)


def promises() -> list[str]:
    """The lines of conventions.md that promise something: list items and rows of tables."""
    return [
        line
        for line in CONVENTIONS.splitlines()
        if re.match(r"\* |\| ", line) and not line.startswith(("| |", "| scale"))
    ]


@pytest.mark.parametrize("line", promises(), ids=lambda line: line[:50])
def test_every_convention_names_tests_that_exist(line):
    tests = named_tests(line)
    assert tests, "this promise has no test"
    for file, name in tests:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in defined, f"{file} has no test {name}"


def test_contributing_points_to_files_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for path in set(re.findall(r"`((?:minireg|tests)/[\w/]+\.py)`", text)):
        assert (ROOT / path).is_file(), path


def test_the_page_of_operations_is_what_the_docstrings_say():
    command = [sys.executable, "tools/primitives.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# What a class of one's own is made from and is shown by its subclasses; and what `save` shows.
WITHOUT_EXAMPLE = {"Geometric", "RandomTransform", "Run", "Transform", "load"}
PACKAGES = [
    mr, mr.augment, mr.callbacks, mr.data, mr.metrics, mr.nn, mr.nn.init, mr.optim,
    mr.optim.lr_scheduler, mr.ops, mr.regularizers,
]  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_function_and_class_has_an_example_that_runs(package):
    names = getattr(package, "__all__", [name for name in vars(package) if name[0] != "_"])
    without = []
    for name in names:
        thing = getattr(package, name)
        ours = getattr(thing, "__module__", "").startswith("minireg")
        if ours and callable(thing) and ">>>" not in (thing.__doc__ or ""):
            without.append(name)
    assert set(without) <= WITHOUT_EXAMPLE
