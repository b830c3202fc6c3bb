"""Freed arrays stay with the process, unless its user has configured malloc."""

import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from minireg.backend.memory import keep_freed_memory

pytestmark = pytest.mark.host

ROOT = Path(__file__).parents[2]

# Page faults for each repetition: one for each 4 kB of five arrays of 2 MB, or none.
PROGRAM = """
import resource
import numpy as np
import minireg

def repeat(times):
    for _ in range(times):
        arrays = [np.ones(250_000) for _ in range(5)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

print((-repeat(5) + repeat(20)) / 20)
"""


def without_malloc(environment):
    """The environment without the variables that configure malloc."""
    return {
        name: value
        for name, value in environment.items()
        if name != "GLIBC_TUNABLES" and not name.startswith("MALLOC_")
    }


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps memory")
@pytest.mark.parametrize("length", [0, 4000])
def test_freed_arrays_are_used_again_without_faults(length):
    environment = without_malloc(os.environ) | {"PYTHONPATH": str(ROOT), "PADDING": "x" * length}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert float(done.stdout) <= 50


@pytest.fixture
def calls(monkeypatch):
    """The calls of a C library on Linux whose M_MMAP_THRESHOLD is at most `calls.limit` bytes."""
    made = SimpleNamespace(limit=1 << 31, list=[])

    def mallopt(number, value):
        accepted = number != -3 or value <= made.limit
        made.list += [(number, value)] * accepted
        return int(accepted)

    for name in os.environ.keys() - without_malloc(os.environ).keys():
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(mallopt=mallopt))
    return made


@pytest.mark.parametrize(("limit", "kept"), [(1 << 31, 1 << 30), (1 << 25, 1 << 25)])
def test_arrays_are_kept_up_to_the_limit_of_the_library(calls, limit, kept):
    calls.limit = limit
    assert keep_freed_memory()
    assert calls.list == [(-3, kept), (-1, 1 << 30)]


def test_a_refused_threshold_leaves_the_other_alone(calls):
    calls.limit = 0
    assert not keep_freed_memory()
    assert calls.list == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MALLOC_TRIM_THRESHOLD_", "131072"),
        ("MALLOC_ARENA_MAX", "2"),
        ("GLIBC_TUNABLES", "glibc.cpu.x86_ibt=on:glibc.malloc.check=1"),
    ],
)
def test_a_configured_malloc_is_left_alone(calls, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert not keep_freed_memory()
    assert calls.list == []


def test_tunables_of_other_subjects_change_nothing(calls, monkeypatch):
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.cpu.x86_ibt=on")
    assert keep_freed_memory()


def test_nothing_is_called_on_other_systems(calls, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not keep_freed_memory()
    assert calls.list == []


def test_a_library_without_mallopt_is_no_error(calls, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    assert not keep_freed_memory()
