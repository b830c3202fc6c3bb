"""Settings as a TOML file: read with `tomllib`, written here, as Python has no writer.

Only what settings consist of is written: a flat table of texts, numbers, booleans and lists.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError


def read_configuration(path: Path) -> dict[str, Any]:
    """The table in a TOML file.

    Raises:
        ArgumentError: there is no such file, or it is no TOML; the message says where.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ArgumentError(f"There is no configuration file {str(path)!r}.") from error
    except OSError as error:
        raise ArgumentError(f"{str(path)!r} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ArgumentError(f"{str(path)!r} is not UTF-8 text: save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ArgumentError(
            f"{str(path)!r} is no TOML file: {error}. A line of it looks like this: epochs = 20"
        ) from error


def written(sections: Mapping[str, Mapping[str, Any]], heading: str = "") -> str:
    """A TOML file of one flat table; the names of the sections become comments.

    Args:
        sections: settings by section.  None, which TOML lacks, is left out.
        heading: comment lines for the top.

    >>> print(written({"Data": {"data": "my images", "validation": 0.2, "drop": None}}))
    # Data
    data = "my images"
    validation = 0.2
    """
    parts = [as_comment(heading)] if heading else []
    for title, settings in sections.items():
        lines = [
            f"{toml_key(name)} = {toml_value(value)}"
            for name, value in settings.items()
            if value is not None
        ]
        if lines:
            parts.append("\n".join([as_comment(title), *lines]))
    return "\n\n".join(parts) + "\n"


def as_comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())


def toml_key(name: str) -> str:
    bare = name.replace("-", "").replace("_", "")
    return name if bare.isascii() and bare.isalnum() else toml_text(name)


def toml_value(value: Any) -> str:
    """One value.

    >>> toml_value('C:\\\\data'), toml_value(1e-05), toml_value([128, 64]), toml_value(True)
    ('"C:\\\\\\\\data"', '1e-05', '[128, 64]', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if not math.isnan(value) else "nan"
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    raise ArgumentTypeError(f"Settings are texts, numbers, booleans and lists, got {value!r}.")


def toml_text(text: str) -> str:
    """A text in quotes.  JSON escapes what TOML wants escaped, but for DEL."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArgumentError(
            f"{text!r} is no text that can be written as UTF-8. Rename the file or folder."
        ) from error
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def check_names(names: Iterable[str], known: Iterable[str], source: str) -> None:
    """Refuse a name that is no option, and name the nearest one."""
    known = list(known)
    for name in names:
        if name in known:
            continue
        close = get_close_matches(name.replace("_", "-"), known, n=1, cutoff=0.5)
        hint = f"Did you mean {close[0]!r}?" if close else f"Known names: {', '.join(known)}."
        raise ArgumentError(f"{source}: there is no option {name!r}. {hint}")
