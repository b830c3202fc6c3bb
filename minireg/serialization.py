"""save and load: states of models, optimizers and runs as safetensors files.  No pickle anywhere.

A safetensors file holds named arrays and a little text.  A flat dictionary of arrays, such as
`model.state_dict()`, is written without text: PyTorch can read such files, and minireg can read
PyTorch's.  For nested states, the text describes the nesting and holds the plain values, and a
checksum of everything tells a damaged file from a whole one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

from .autograd import Tensor
from .autograd.tensor import raw
from .backend import namespace
from .errors import ArgumentError, ArgumentTypeError, DataError, MiniregError
from .files import as_path, write_file

STRUCTURE = "minireg"  # the key of the text that describes the nesting
PLAIN = (bool, int, float, str, type(None))

# What content of a wrong form raises in code that was written for content of the right form.
WRONG_FORM = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def save(state: Any, path: Any) -> None:
    """Write a state to a safetensors file, completely or not at all.

    Args:
        state: `model.state_dict()`, or nested dictionaries, lists and tuples of arrays, Tensors,
            numbers, strings, booleans and None.
        path: the file; an existing file is replaced.

    Raises:
        ArgumentError, ArgumentTypeError: the state or the file cannot be written; no file changed.

    >>> import pathlib, tempfile
    >>> model = mr.nn.Linear(2, 1)
    >>> optimizer = mr.optim.SGD(model.parameters(), lr=0.1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "run.safetensors"
    ...     mr.save({"model": model.state_dict(), "epoch": 3}, path)
    ...     state = mr.load(path)
    >>> state["epoch"], sorted(state["model"])
    (3, ['bias', 'weight'])
    """
    from safetensors.numpy import save as serialize  # noqa: PLC0415

    path = as_path(path)
    arrays: dict[str, np.ndarray] = {}
    try:
        structure = json.dumps(flatten_state(state, "", arrays))
        text = None
        if not is_flat(state):
            text = {STRUCTURE: f"{compute_checksum(structure, arrays)} {structure}"}
        content = serialize(arrays, metadata=text)
    except RecursionError as error:
        raise ArgumentError("save: the state contains itself, or is nested too deeply.") from error
    except UnicodeEncodeError as error:
        raise ArgumentError(f"save: a name in the state is not text: {error.object!r}.") from error
    write_file(path, content)


def load(path: Any) -> Any:
    """Return what `save` wrote, with NumPy arrays, or the dictionary in PyTorch's safetensors file.

    Pass its parts to `model.load_state_dict` and `optimizer.load_state_dict`.

    Raises:
        DataError: the file does not exist, is damaged or is of another kind.

    See `save` for an example.
    """
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    path = as_path(path)
    try:
        with safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            text = file.metadata() or {}
    except FileNotFoundError as error:
        raise DataError(f"There is no file {str(path)!r}.") from error
    except OSError as error:
        raise DataError(f"{str(path)!r} cannot be read: {error.strerror or error}.") from error
    except (SafetensorError, TypeError, KeyError, AttributeError) as error:
        raise DataError(
            f"{str(path)!r} is damaged, or not a safetensors file that NumPy can read ({error}). "
            f"Pickles are never read: from PyTorch, write "
            f"safetensors.torch.save_file(model.state_dict(), path)."
        ) from error
    if STRUCTURE not in text:
        return arrays
    checksum, _, structure = text[STRUCTURE].partition(" ")
    if checksum != compute_checksum(structure, arrays):
        raise DataError(f"{str(path)!r} is damaged: its content does not match its checksum.")
    with as_data_error(f"{str(path)!r} is damaged: its text does not describe nested arrays."):
        return restore_state(json.loads(structure), arrays)


@contextmanager
def as_data_error(sentence: str) -> Iterator[None]:
    """A `with` block in which content of a wrong form is reported with this sentence.

    Errors that have a sentence of their own, those of minireg, stay as they are.
    """
    try:
        yield
    except MiniregError:
        raise
    except WRONG_FORM as error:
        raise DataError(sentence) from error


def matches(x: Any, kind: Any) -> bool:
    """Whether x has the type of an annotation: of plain types, tuples, dictionaries, unions, or a
    dataclass with fields of these.

    >>> matches((1, 2), tuple[int, ...]), matches((1, 2.5), tuple[int, ...]), matches(None, int)
    (True, False, False)
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(matches(x, part) for part in parts)
    if origin is tuple:
        return type(x) is tuple and all(matches(part, parts[0]) for part in x)
    if origin is dict:
        return type(x) is dict and all(
            matches(key, parts[0]) and matches(value, parts[1]) for key, value in x.items()
        )
    if is_dataclass(kind):
        hints = get_type_hints(kind).items()
        return type(x) is kind and all(matches(getattr(x, name), hint) for name, hint in hints)
    return kind is Any or type(x) is kind


def compute_checksum(structure: str, arrays: dict[str, np.ndarray]) -> str:
    """Return the CRC-32 of the text and of all arrays with their names, dtypes and shapes."""
    total = zlib.crc32(structure.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total = zlib.crc32(f"{name} {array.dtype} {array.shape}".encode(), total)
        total = zlib.crc32(array.data, total)
    return f"{total:08x}"


def is_flat(state: Any) -> bool:
    """Whether the state is a dictionary of named arrays and nothing else."""
    return isinstance(state, dict) and all(
        isinstance(name, str) and hasattr(value, "shape") for name, value in state.items()
    )


def flatten_state(x: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """Return x in a form for JSON; its arrays are put into `arrays` and replaced by their names."""
    if isinstance(x, np.generic):
        return x.item()
    if isinstance(x, PLAIN):
        return x
    if isinstance(x, dict):
        for key in x:
            if not isinstance(key, (str, int)) or isinstance(key, bool):
                raise ArgumentTypeError(
                    f"save: the keys of {name or 'the state'} must be str or int, got {key!r}."
                )
        inner = f"{name}." if name else ""
        return {"pairs": [[k, flatten_state(v, f"{inner}{k}", arrays)] for k, v in x.items()]}
    if isinstance(x, (list, tuple)):
        kind = "list" if isinstance(x, list) else "tuple"
        return {kind: [flatten_state(part, f"{name}.{i}", arrays) for i, part in enumerate(x)]}
    array = raw(x)
    if not isinstance(x, Tensor) and not hasattr(array, "dtype"):
        raise ArgumentTypeError(
            f"save: {name or 'the state'} is a {type(x).__name__}. A state holds arrays, numbers, "
            f"strings, booleans, None, and dictionaries, lists and tuples of these."
        )
    host = namespace(array).to_host(array)
    if host.dtype.kind not in "fiub" or host.dtype.itemsize > 8:
        raise ArgumentTypeError(
            f"save: {name or 'the state'} holds {host.dtype}, but only numbers of up to 64 bits "
            f"can be saved."
        )
    if name == "__metadata__":
        raise ArgumentError("save: the format reserves the name '__metadata__'.")
    if name in arrays:
        raise ArgumentError(f"save: two arrays of the state would be called {name!r}.")
    # The bytes are written in their memory order, and they are read in C order.
    arrays[name] = np.ascontiguousarray(host).reshape(host.shape)
    return {"array": name}


def restore_state(x: Any, arrays: dict[str, np.ndarray]) -> Any:
    """The inverse of `flatten_state`."""
    if isinstance(x, PLAIN):
        return x
    ((kind, value),) = x.items()
    if kind == "array":
        return arrays[value]
    if kind == "pairs":
        return {key: restore_state(part, arrays) for key, part in value}
    if not isinstance(value, list):
        raise TypeError(f"{kind} of a {type(value).__name__}")
    return {"list": list, "tuple": tuple}[kind](restore_state(part, arrays) for part in value)
