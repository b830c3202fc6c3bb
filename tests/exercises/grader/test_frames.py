"""Values survive the way as bytes, and damaged or forged bytes are refused."""

from __future__ import annotations

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg.exercises.grader.frames import (
    LENGTH,
    MAX_BYTES,
    FrameError,
    decode,
    encode,
    make_frame,
    read_frame,
)

pytestmark = pytest.mark.host
PLAIN = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text()
ARRAYS = st.builds(
    lambda kind, shape: np.arange(np.prod(shape)).reshape(shape).astype(kind),
    st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16", "f2", ">f8", ">i4"]),
    st.lists(st.integers(0, 4), max_size=3).map(tuple),
)
VALUES = st.recursive(
    PLAIN | st.complex_numbers() | ARRAYS | st.builds(np.float32, st.integers(0, 9)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(0, 9), inner, max_size=3)
    ),
    max_leaves=8,
)


def is_same(a, b):
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(is_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(is_same, a.values(), b.values()))
    if isinstance(a, (np.ndarray, np.generic)):
        same = a.dtype.newbyteorder("<") == b.dtype.newbyteorder("<") and a.shape == b.shape
        return type(a) is type(b) and same and bool((a == b).all())
    return type(a) is type(b) and repr(a) == repr(b)


@given(VALUES)
def test_a_value_survives(value):
    assert is_same(decode(encode(value)), value)


@given(VALUES, st.data())
def test_damaged_bytes_are_a_value_or_refused(value, data):
    content = bytearray(encode(value))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    for damaged in (bytes(content), bytes(content[:place])):
        with suppress(FrameError):
            encode(decode(damaged))


@given(st.binary())
def test_any_bytes_are_a_value_or_refused(content):
    with suppress(FrameError):
        decode(content)


def content_of(tree, data=b""):
    text = json.dumps(tree).encode()
    return len(text).to_bytes(LENGTH, "big") + text + data


DTYPES = st.text("<>|=,0123456789fiubc?OSVUm ", max_size=4) | st.sampled_from(["<f8", "|b1"])
SHAPES = st.lists(st.integers(-1, 3) | st.integers(0, 2**70), max_size=3)
TREES = st.recursive(
    st.fixed_dictionaries({"array": st.tuples(DTYPES, SHAPES)}) | PLAIN,
    lambda inner: st.dictionaries(
        st.sampled_from(["list", "tuple", "dict", "complex", "number"]),
        st.lists(inner | st.tuples(inner, inner), max_size=3),
        max_size=1,
    ),
    max_leaves=4,
)


@given(TREES, st.binary(max_size=16))
def test_any_tree_is_a_value_or_refused(tree, data):
    with suppress(FrameError):
        encode(decode(content_of(tree, data)))


@pytest.mark.parametrize(
    "tree",
    [
        {"array": ["|O", [1]]},
        {"array": ["|O8", [1]]},
        {"array": ["<f8", [2**62]]},
        {"array": ["<f8", [2**40, 2**40]]},
        {"array": ["<f8", [-1]]},
        {"array": ["<f8", [True]]},
        {"array": ["<f8", 1]},
        {"array": ["<f8", [1] * 40]},
        {"array": ["<f9", [1]]},
        {"array": [",f4", [1]]},
        {"array": ["2f4", [1]]},
        {"array": ["<f8", [0, 2**40]]},
        {"array": ["<f8", [0, 10**30]]},
        {"array": ["<M8", [1]]},
        {"array": ["f8,f8", [1]]},
        {"array": [["<f8"], [1]]},
        {"array": ["<f8"]},
        {"number": ["<f8", [1]]},
        {"complex": [1.0, "2"]},
        {"dict": [[{"list": []}, 1]]},
        {"dict": [[1, 2, 3]]},
        {"dict": [1]},
        {"set": []},
        {"list": [], "tuple": []},
        [],
        2**70,
        {"list": [None] * 200_000},
    ],
    ids=str,
)
def test_forged_values_are_refused(tree):
    with pytest.raises(FrameError):
        decode(content_of(tree, bytes(16)))


def test_bytes_without_an_array_are_refused():
    with pytest.raises(FrameError, match="belong to no array"):
        decode(content_of(None, bytes(8)))


def test_deep_trees_are_refused():
    tree = None
    for _ in range(100):
        tree = {"list": [tree]}
    with pytest.raises(FrameError, match="nested"):
        decode(content_of(tree))
    text = b"[" * 100_000
    with pytest.raises(FrameError):
        decode(len(text).to_bytes(LENGTH, "big") + text)


class Subclass(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1, 2},
        np.array([None]),
        np.array(["text"]),
        np.zeros(2).view(Subclass),
        type("Float", (float,), {})(1),
        type("Number", (np.float64,), {})(1),
        10**100,
        -(2**64 - 1),
        np.zeros((0, 2**40)),
        np.zeros(MAX_BYTES),
        [0] * 200_000,
    ],
    ids=lambda x: type(x).__name__,
)
def test_what_cannot_be_sent_is_refused(value):
    with pytest.raises(FrameError):
        encode(value)


def test_frames_are_read_one_after_the_other():
    frames = [(bytes([i]) * LENGTH, encode(i)) for i in range(3)]
    stream = b"".join(make_frame(*frame) for frame in frames)
    place = 0

    def read(size):
        nonlocal place
        part = stream[place : place + min(size, 3)]
        place += len(part)
        return part

    assert [read_frame(read) for _ in range(4)] == [*frames, None]


def test_a_frame_that_is_too_long_is_refused():
    with pytest.raises(FrameError):
        read_frame(lambda size: b"\xff" * size)
