"""Frames: values as bytes, between the grader and the process of a submission.

A frame is the length of its content (8 bytes), the token of the request (8 bytes), and the content:
the length of a text (8 bytes), this text (JSON), and the bytes of all arrays.  Nothing in it is
evaluated, and there is no pickle.  What comes from the other side is not trusted: `decode` accepts
only what `encode` can write, within the limits below.

This file needs NumPy only: it is used in both processes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

MAX_BYTES = 2 * 2**20  # of a frame
MAX_REPLY = 2**18  # bytes; the grader keeps replies, to compare them
MAX_ITEMS = 50_000  # all values of a frame together
MAX_DEPTH = 20
MAX_ERROR = 10_000  # characters of a text about a mistake
MAX_AXES = 16
KINDS = "biufc"  # of arrays: booleans and numbers
NUMBERS = frozenset(np.sctypeDict.values())
DTYPES = {
    dtype.str: dtype
    for number in NUMBERS
    if (dtype := np.dtype(number).newbyteorder("<")).kind in KINDS and dtype.itemsize <= 16
}
LENGTH = 8


class FrameError(Exception):
    """A value that cannot be sent, or bytes that are not a frame."""


class Coder:
    """One pass over a value, which counts its parts."""

    def __init__(self) -> None:
        self.items = 0

    def count(self, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise FrameError(f"is nested more than {MAX_DEPTH} times.")
        if self.items > MAX_ITEMS:
            raise FrameError(f"has more than {MAX_ITEMS} parts.")


class Encoder(Coder):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self.size, self.limit = 0, limit
        self.arrays: list[bytes] = []

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Return a value as a tree for JSON, of exact types: subclasses are refused."""
        self.count(depth)
        kind = type(value)
        if value is None or kind in (bool, float, str):
            return value
        if kind is int and value.bit_length() < 64:
            return value
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind in (list, tuple):
            return {kind.__name__: [self.encode(item, depth + 1) for item in value]}
        if kind is dict:
            pairs = [[self.encode(x, depth + 1) for x in pair] for pair in value.items()]
            return {"dict": pairs}
        if kind is np.ndarray or kind in NUMBERS:
            return self.encode_array(value)
        raise FrameError(f"is something of the type {kind.__name__}, or too large.")

    def add(self, size: int) -> None:
        self.size += size
        if self.size > self.limit:
            raise FrameError(f"is too large: at most {self.limit // 1000} kB can be returned.")

    def encode_array(self, value: Any) -> dict[str, Any]:
        name = "array" if type(value) is np.ndarray else "number"
        little = value.dtype.newbyteorder("<")
        if little.str not in DTYPES:
            raise FrameError(f"has an array of {value.dtype}; arrays of numbers are expected.")
        self.add(value.nbytes)
        if not fits(value.shape):
            raise FrameError("has an array with too many or too long axes.")
        self.arrays.append(np.asarray(value).astype(little, copy=False).tobytes())
        return {name: [little.str, list(value.shape)]}


class Decoder(Coder):
    def __init__(self, data: memoryview) -> None:
        super().__init__()
        self.data, self.place = data, 0

    def decode(self, tree: Any, depth: int = 0) -> Any:
        self.count(depth)
        if tree is None or type(tree) in (bool, float, str):
            return tree
        if type(tree) is int and tree.bit_length() < 64:
            return tree
        if type(tree) is dict and len(tree) == 1:
            ((kind, content),) = tree.items()
            if type(content) is list:
                return self.decode_parts(kind, content, depth + 1)
        raise FrameError("has a part of an unknown kind.")

    def decode_parts(self, kind: str, parts: list[Any], depth: int) -> Any:
        if kind in ("list", "tuple"):
            items = (self.decode(part, depth) for part in parts)
            return list(items) if kind == "list" else tuple(items)
        if kind == "dict":
            pairs = [self.decode_pair(pair, depth) for pair in parts]
            return dict(pairs)
        if kind == "complex" and [type(part) for part in parts] == [float, float]:
            return complex(*parts)
        if kind in ("array", "number") and len(parts) == 2:
            array = self.decode_array(*parts)
            if kind == "array":
                return array
            if array.shape == ():
                return array[()]
        raise FrameError("has a part of an unknown kind.")

    def decode_pair(self, pair: Any, depth: int) -> tuple[Any, Any]:
        if type(pair) is not list or len(pair) != 2:
            raise FrameError("has a dictionary without pairs.")
        key, value = (self.decode(part, depth) for part in pair)
        if type(key) not in (str, int, bool, float, type(None)):
            raise FrameError("has a dictionary whose keys are neither names nor numbers.")
        return key, value

    def decode_array(self, name: Any, shape: Any) -> np.ndarray:
        if type(shape) is not list or any(type(n) is not int for n in shape) or not fits(shape):
            raise FrameError("has an array without a shape.")
        if type(name) is not str or name not in DTYPES:
            raise FrameError("has an array that is not of numbers.")
        size = DTYPES[name].itemsize * math.prod(shape)
        if size > len(self.data) - self.place:
            raise FrameError("has an array whose bytes are missing.")
        part = self.data[self.place : self.place + size]
        self.place += size
        return np.frombuffer(part, DTYPES[name]).reshape(shape).copy()


def fits(shape: Sequence[int]) -> bool:
    """Whether NumPy can make an array of this shape; axes of length 0 leave the others as long."""
    product = math.prod(max(n, 1) for n in shape)
    return len(shape) <= MAX_AXES and all(n >= 0 for n in shape) and product <= MAX_BYTES


def encode(value: Any, limit: int = MAX_BYTES) -> bytes:
    """Return a value as the content of a frame, of at most `limit` bytes.

    Raises:
        FrameError: it is not made of arrays, numbers, texts, None, tuples, lists and dictionaries,
            or is too large.
    """
    encoder = Encoder(limit)
    text = json.dumps(encoder.encode(value)).encode()
    encoder.add(LENGTH + len(text))
    return b"".join([len(text).to_bytes(LENGTH, "big"), text, *encoder.arrays])


def decode(content: bytes) -> Any:
    """Return the value that is the content of a frame.

    Raises:
        FrameError: `encode` does not write such bytes.
    """
    length = int.from_bytes(content[:LENGTH], "big")
    text = content[LENGTH : LENGTH + length]
    if len(content) < LENGTH + length:
        raise FrameError("ends too early.")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise FrameError("is not JSON.") from None
    decoder = Decoder(memoryview(content)[LENGTH + length :])
    value = decoder.decode(tree)
    if decoder.place != len(decoder.data):
        raise FrameError("has bytes that belong to no array.")
    return value


def make_frame(token: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH, "big") + token + content


def read_frame(read: Callable[[int], bytes], limit: int = MAX_BYTES) -> tuple[bytes, bytes] | None:
    """Read a frame with a function that returns at most n bytes, and return token and content.

    The content has at most `limit` bytes.  None means that the other side ended.

    Raises:
        FrameError: it writes something else.
    """
    head = read_exactly(read, 2 * LENGTH)
    length = int.from_bytes(head[:LENGTH], "big")
    if len(head) < 2 * LENGTH:
        return None
    if length > limit:
        raise FrameError("has no length.")
    content = read_exactly(read, length)
    return (head[LENGTH:], content) if len(content) == length else None


def read_exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts, left = [], size
    while left and (part := read(min(left, 2**16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
