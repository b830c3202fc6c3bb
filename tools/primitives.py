"""Write docs/primitives.md: every operation with its formula, its derivative and its source file.

    python tools/primitives.py            writes the page
    python tools/primitives.py --check    exits with 1 if the page is not up to date

Everything on the page comes from the docstrings, so that it cannot contradict the code.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "primitives.md"

sys.path.insert(0, str(ROOT))

from minireg import ops  # noqa: E402
from minireg.catalogue import examples  # noqa: E402

DIFFERENTIABLE = {example.name for example in examples()}

HEAD = """\
# Operations

Every operation of `minireg`, by family: what it computes and its derivative. Both are side by
side in the family's file. `g` is the upstream gradient dL/dy. If the derivative is *composed*,
the function is made of other operations, and the chain rule does the rest.

This page is generated from the docstrings (`python tools/primitives.py`); `help(mr.exp)`, for
example, shows one of them in full.
"""

# A docstring's first paragraph: what is computed, then the derivative, which begins like this.
DERIVATIVE = re.compile(
    r"\s(?=(?:d/d|∂/∂|dL/d|Its gradient|The gradient|Each of the|Each gets|Each one's gradient"
    r"|Each derivative|Entry i |Constant almost))"
)


def list_families() -> dict[str, list[str]]:
    """Return the public operations of each module, in the order of the file."""
    found: dict[str, list[str]] = {}
    for name in sorted(ops.__all__, key=find_line):
        found.setdefault(getattr(ops, name).__module__, []).append(name)
    return dict(sorted(found.items()))


def find_line(name: str) -> int:
    return inspect.getsourcelines(inspect.unwrap(getattr(ops, name)))[1]


def describe(name: str) -> tuple[str, str]:
    """Return what the operation computes, and its derivative."""
    text = inspect.getdoc(getattr(ops, name)) or ""
    body = text.partition("\n\nArgs:")[0].partition("\n\n>>>")[0].partition("\n\nRaises")[0]
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n")]
    first = DERIVATIVE.split(paragraphs[0] + " ", maxsplit=1)
    derivative = first[1] if len(first) == 2 else ""
    for part in paragraphs[1:]:
        if not derivative and DERIVATIVE.match(" " + part):
            derivative = part
    if not derivative:
        if name not in DIFFERENTIABLE:
            derivative = "none"
        elif hasattr(getattr(ops, name), "body"):
            sys.exit(f"The first lines of the docstring of {name} must give its derivative.")
        else:
            derivative = "composed"
    return first[0].strip(), derivative.strip()


def build_page() -> str:
    """Return the page as text."""
    parts = [HEAD]
    for module, names in list_families().items():
        file = Path(sys.modules[module].__file__ or "").relative_to(ROOT).as_posix()
        title = (sys.modules[module].__doc__ or "").split("\n")[0].split(".  ")[0].rstrip(".")
        source = f"[{Path(file).stem}](../{file})"
        table = "| operation | computes | derivative |\n|---|---|---|"
        parts.append(f"## {title}\n\nSource: {source}\n\n{table}")
        for name in names:
            computes, derivative = (cell.replace("|", "\\|") for cell in describe(name))
            parts.append(f"| `{name}` | {computes} | {derivative} |")
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only compare, and exit with 1")
    if parser.parse_args().check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != build_page():
            sys.exit(f"{PAGE.relative_to(ROOT)} is not up to date: run python tools/primitives.py")
    else:
        PAGE.write_text(build_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
