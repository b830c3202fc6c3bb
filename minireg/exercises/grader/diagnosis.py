"""Diagnosis: the line of a mistake, searched for once for each cluster.

The search edits the source of a submission and runs the edits, so it has a process of its own, with
the same limits.  This process can see minireg.  What it finds is shown to the teacher, and gives no
points.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

from ...gradcheck.repairs import Repair
from .behaviour import Cluster
from .frames import MAX_ERROR, FrameError, decode, encode
from .process import Ended, Limits, Process

PACKAGE = str(Path(__file__).parents[2])
SECONDS = 60.0  # of one search
SHOWN = 3


def find_repairs(clusters: Sequence[Cluster], seed: int, memory: int) -> None:
    """Store in each cluster of wrong gradients the edits that make the first of them right."""
    wrong = [x for x in clusters if x.outcome.verdict == "fail" and x.outcome.report is not None]
    limits = Limits(SECONDS, SECONDS, memory)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for cluster, repairs in zip(wrong, pool.map(lambda x: diagnose(x, seed, limits), wrong)):
            cluster.repairs = repairs


def diagnose(cluster: Cluster, seed: int, limits: Limits) -> tuple[Repair, ...]:
    """Return the edits for one cluster; none if the process ends before it has found some."""
    load = {"exercise": cluster.exercise, "file": cluster.file, "source": cluster.source}
    search = {"exercise": cluster.exercise, "check": cluster.outcome.name, "seed": seed}
    process = Process(limits, time.monotonic() + 2 * limits.submission, PACKAGE)
    try:
        process.wait_until_ready()
        process.ask(encode({"do": "load", **load, "functions": []}), limits.call)
        reply = decode(process.ask(encode({"do": "diagnose", **search}), limits.call))
        return read_repairs(reply)
    except (Ended, FrameError):
        return ()
    finally:
        process.close()


def read_repairs(reply: Any) -> tuple[Repair, ...]:
    """Return the repairs of a reply, of which every field is checked."""
    found = reply.get("repairs") if type(reply) is dict else None
    kinds = {field.name: str for field in fields(Repair)} | {"line": int, "gradients": tuple}
    repairs = []
    for item in found[:SHOWN] if type(found) is list else ():
        if type(item) is not dict or item.keys() != kinds.keys():
            raise FrameError("is not a repair.")
        if any(type(x) is not kinds[name] or len(str(x)) > MAX_ERROR for name, x in item.items()):
            raise FrameError("is not a repair.")
        repairs.append(Repair(**item))
    return tuple(repairs)
