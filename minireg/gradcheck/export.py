"""A report as plain values, for JSON."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .text import SHOWN

if TYPE_CHECKING:
    from .report import Report


def as_dictionary(report: Report) -> dict[str, Any]:
    """Return dictionaries, lists, texts, numbers and None only."""
    return make_plain(
        {
            "verdict": report.verdict,
            "function": report.function,
            "why": report.why,
            "causes": [asdict(cause) for cause in report.causes],
            "repairs": [asdict(repair) for repair in report.repairs],
            "findings": [
                {
                    "name": finding.name,
                    "verdict": finding.verdict,
                    "why": finding.why,
                    "shape": finding.shape,
                    "size": finding.size,
                    "checked": finding.checked,
                    "max_error": finding.max_error,
                    "wrong": len(finding.wrong),
                    "worst": [asdict(entry) for entry in finding.wrong[:SHOWN]],
                }
                for finding in report.findings
            ],
            "notes": report.notes,
            "seed": report.seed,
        }
    )


def make_plain(value: Any) -> Any:
    """Return tuples as lists, and numbers that JSON does not have as texts."""
    if isinstance(value, dict):
        return {key: make_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [make_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
