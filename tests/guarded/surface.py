"""What CuPy offers: its names, and the arguments each of them takes.

`cupy_surface.json` is recorded from the real CuPy, which can be imported without a GPU:

    python -m tests.guarded        # writes the file again, after an update of CuPy

A signature is written as Python would, with `...` for every default value: whether an argument
exists and must be given is what matters here.
"""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("cupy_surface.json")


def words(text: str) -> set[str]:
    """The names in a text."""
    return set(text.split())


@cache
def recorded() -> dict[str, Any]:
    """The surface in `cupy_surface.json`."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def signature(parameters: str) -> inspect.Signature:
    """The signature written as `"a, axis=..., *, out=..."`."""
    return inspect.signature(eval(f"lambda {parameters}: None"))


# -- recording -------------------------------------------------------------------------------------


def record(cupy: Any) -> dict[str, Any]:
    """The surface of this CuPy."""
    names = [name for name in dir(cupy) if not name.startswith("_")]
    functions, ufuncs, objects = {}, {}, []
    for name in names:
        value = getattr(cupy, name)
        if isinstance(value, cupy.ufunc):
            ufuncs[name] = {"inputs": value.nin, "outputs": value.nout, "methods": methods(value)}
        elif inspect.ismodule(value):
            continue
        elif (parameters := parameters_of(value)) is not None:
            functions[name] = parameters
        else:
            objects.append(name)
    array = cupy.ndarray
    array_names = [name for name in dir(array) if not name.startswith("_")]
    return {
        "cupy": cupy.__version__,
        "functions": functions,
        "linalg": module(cupy.linalg),
        "stride_tricks": module(cupy.lib.stride_tricks),
        "ufuncs": ufuncs,
        "objects": objects,
        "methods": {
            name: parameters
            for name in array_names
            if (parameters := parameters_of(getattr(array, name))) is not None
        },
        "attributes": [name for name in array_names if not callable(getattr(array, name))],
        "operators": sorted(name for name in dir(array) if name in OPERATORS),
    }


def module(source: Any) -> dict[str, str]:
    """The functions of a submodule that are its own."""
    return {
        name: parameters
        for name in sorted(vars(source))
        if not name.startswith("_")
        and callable(getattr(source, name))
        and (parameters := parameters_of(getattr(source, name))) is not None
    }


def methods(ufunc: Any) -> list[str]:
    """Which of `at`, `reduce` and `accumulate` this ufunc has: CuPy says so before it looks at the
    arguments."""
    found = []
    for name, arguments in (("accumulate", 1), ("at", 2), ("reduce", 1)):
        try:
            getattr(ufunc, name)(*[None] * arguments)
        except NotImplementedError:
            continue
        except AttributeError:  # None is no array, but the method would have gone on
            found.append(name)
    return found


def parameters_of(value: Any) -> str | None:
    """The parameters of a function; None for a type or anything that does not tell."""
    if not callable(value) or inspect.isclass(value):
        return None
    if (getattr(value, "__module__", None) or "").split(".")[0] == "numpy":
        return None  # NumPy's own function under CuPy's name: its signature is NumPy's affair
    try:
        return described(inspect.signature(value))
    except (ValueError, TypeError):
        return documented_parameters(value)


def described(signature: inspect.Signature) -> str:
    """`a, axis=..., *, out=...`: the names, the stars and which of them have a default."""
    found: list[str] = []
    before = None
    for p in signature.parameters.values():
        if before is p.POSITIONAL_ONLY and p.kind is not before:
            found.append("/")
        if p.kind is p.KEYWORD_ONLY and before not in (p.KEYWORD_ONLY, p.VAR_POSITIONAL):
            found.append("*")
        stars = "*" if p.kind is p.VAR_POSITIONAL else "**" if p.kind is p.VAR_KEYWORD else ""
        found.append(stars + p.name + ("" if p.default is p.empty else "=..."))
        before = p.kind
    if before is inspect.Parameter.POSITIONAL_ONLY:
        found.append("/")
    return without_self(found)


def documented_parameters(value: Any) -> str | None:
    """Cython writes the signature of a method into the first line of its docstring:
    `_ndarray_base.sort(self, int axis=-1, kind=None)`."""
    first_line = (value.__doc__ or "").partition("\n")[0]
    match = re.match(r"[\w.]+\((.*)\)( ->.*)?$", first_line)
    if match is None:
        return None
    found = []
    for part in match[1].split(", ") if match[1] else []:
        name, equals, _ = part.partition("=")
        found.append(name.split()[-1] + ("=..." if equals else ""))
    return without_self(found)


def without_self(parameters: list[str]) -> str:
    return ", ".join(parameters[1:] if parameters[:1] == ["self"] else parameters)


OPERATORS = {
    f"__{prefix}{name}__"
    for name in words("""
        add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod
        lt le eq ne gt ge neg pos abs invert
        len iter bool int float complex index contains getitem setitem
        array array_namespace copy deepcopy format
    """)
    for prefix in ("", "r", "i")
}


def written(surface: dict[str, Any]) -> str:
    """The text of `cupy_surface.json`: sorted, one name a line."""
    return json.dumps(surface, indent=1, sort_keys=True) + "\n"
