"""The documentation is true: commands, code blocks, and the tests that conventions.md names."""

import ast
import doctest
import linecache
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import minireg as mr
from minireg.augment.names import NAMES
from minireg.augment.operations import OPERATIONS
from minireg.cli.app import commands

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


PAGES = sorted(page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```python\n(?P<source>.*?)^```", flags=re.DOTALL | re.MULTILINE)


def shown_output(source: str) -> str:
    """The output that a block claims: its lines that begin with `#> `."""
    return "".join(f"{line}\n" for line in re.findall(r"^#> ?(.*)$", source, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if BLOCK.search((ROOT / page).read_text("utf-8"))]
)
def test_the_python_of_a_page_prints_what_it_shows(page, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    names = {"__name__": "page"}
    for block in BLOCK.finditer(text):
        source = block["source"]
        if re.search("^import torch$", source, flags=re.MULTILINE) and find_spec("torch") is None:
            continue
        line = text[: block.start("source")].count("\n")  # a traceback names this line of the page
        whole, file = "\n" * line + source, str(ROOT / page)
        # As IPython does for a cell: the source of its functions can be read.
        linecache.cache[file] = (len(whole), None, whole.splitlines(keepends=True), file)
        exec(compile(whole, file, "exec"), names)
        expected, printed = shown_output(source), capsys.readouterr().out
        same = doctest.OutputChecker().check_output(
            expected, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        )
        assert same, f"{page}, the block at line {line}, shows\n{expected}and prints\n{printed}"


def test_lines_after_an_arrow_are_the_claimed_output():
    assert shown_output("x = 1\nprint(x)\n#> 2\n# a comment\n#> 3\n") == "2\n3\n"


def shown_commands() -> list[str]:
    """Every line `minireg …` in the shell blocks of the pages, without its comment."""
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", "\n".join(texts), flags=re.DOTALL | re.MULTILINE)
    shell = "".join(source for language, source in blocks if not language)
    lines = re.findall(r"^minireg .*$", shell, flags=re.MULTILINE)
    return sorted({line.partition("  #")[0].strip() for line in lines})


@pytest.mark.parametrize("line", shown_commands())
def test_every_command_of_a_page_is_understood(line):
    """Parsed with all its options and arguments, and not run."""
    _, name, *arguments = shlex.split(line)
    command = commands.get_command(None, name)
    assert command is not None, name
    command.make_context(name, arguments)


LINKING = ["CONTRIBUTING.md", "README.md", "tutorials/README.md", *PAGES]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a Markdown text."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", prose, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", LINKING)
def test_every_relative_link_leads_to_a_file_and_a_heading(document):
    place = ROOT / document
    prose = re.sub(r"^```.*?^```", "", place.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):  # https: leads out of the repository
            continue
        path, _, anchor = link.partition("#")
        target = (place.parent / path).resolve() if path else place
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


def test_the_readme_shows_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "python -m pip install -e . && minireg demo",
        'python -m pip install -e ".[test]" && pytest',
    ):
        assert f"\n{command}\n" in text


def named_tests(text: str) -> list[tuple[str, str]]:
    """The pairs (file, test) of every link `[test](../tests/….py "test_…")` in a text."""
    return re.findall(r'\[test\]\(\.\./(tests/[\w/]+\.py) "(test_\w+)"\)', text)


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


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_transforms_has_every_transform(name):
    text = (ROOT / "docs" / "transforms.md").read_text(encoding="utf-8")
    assert f"`{name}`" in text
    assert f"**`{NAMES[name].__name__}(" in text


def test_the_page_of_transforms_has_every_operation():
    text = (ROOT / "docs" / "transforms.md").read_text(encoding="utf-8")
    table = text.partition("| operation |")[2].partition("\n\n")[0]
    assert {name for name in OPERATIONS if f"`{name}`" in table} == set(OPERATIONS)


def test_what_replaces_torchvision_runs():
    text = (ROOT / "docs" / "transforms.md").read_text(encoding="utf-8")
    table = text.partition("| torchvision | here |")[2].partition("\n\n")[0]
    calls = [
        code for row in table.split("\n")[2:] for code in re.findall("`(.*?)`", row.split("|")[2])
    ]
    train = mr.data.load_mnist5k()[0]
    a = b = t = mr.augment.RandomHorizontalFlip()
    known = vars(mr.augment) | {"mr": mr, "train": train, "x": train.x[:9], "y": train.y[:9],
                                "a": a, "b": b, "t": t, "f": abs}  # fmt: skip
    assert len(calls) > 9
    for call in calls:
        assert eval(call, known) is not None


# Base classes, which their subclasses show; and `load`, which the example of `save` shows.
WITHOUT_EXAMPLE = {"Geometric", "Run", "load"}
PACKAGES = [
    mr, mr.augment, mr.callbacks, mr.data, mr.metrics, mr.nn, mr.nn.init, mr.optim,
    mr.optim.lr_scheduler, mr.ops, mr.regularizers,
]  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_name_has_an_example(package):
    names = getattr(package, "__all__", [name for name in vars(package) if name[0] != "_"])
    without = []
    for name in names:
        thing = getattr(package, name)
        ours = getattr(thing, "__module__", "").startswith("minireg")
        if ours and callable(thing) and ">>>" not in (thing.__doc__ or ""):
            without.append(name)
    assert set(without) <= WITHOUT_EXAMPLE
