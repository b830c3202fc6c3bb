"""The rows of docs/strengths.md, for the tests that they name."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from minireg import regularizers as reg
from minireg.regularizers.equivalent import ENTRIES

PAGE = Path(__file__).parents[2] / "docs" / "strengths.md"
LINK = re.compile(r'\[test\]\(\.\./tests/regularizers/(test_\w+)\.py "(test_\w+)"\)')

M, BATCH, FEATURES = 40, 8, 4
rng = np.random.default_rng(0)
X = rng.normal(size=(M, FEATURES))
Y = X @ [2.0, -1.5, 0.5, 0.0] + 1.0 + 0.5 * rng.normal(size=M)
# Dyadic numbers: Keras rounds strengths to float32.
SYMBOLS = {"α": 0.25, "λ": 0.375, "ρ": 0.25, "C": 0.5, "m": M, "B": BATCH, "a": 0.125, "b": 0.5}
KINDS = {name: getattr(reg, name) for name in ("L1", "L2", "L1L2", "ElasticNet")}
FUNCTIONS = {"sum": np.sum, "abs": np.abs}
SIZES = {"samples": M, "batch_size": BATCH}


def evaluate(code, **names):
    return eval(code, {**SYMBOLS, **KINDS, **FUNCTIONS, **names})


class Row:
    """A row of a table whose first cell holds calls such as `torch.optim.SGD(weight_decay=λ)`."""

    def __init__(self, call, cells):
        self.call = call
        self.name, _, arguments = call.partition("(")
        self.settings = self.read(arguments[:-1])
        self.cells = cells[1:-1]
        (self.test,) = LINK.findall(cells[-1])

    def read(self, arguments):
        return evaluate(f"dict({arguments})")

    def __repr__(self):
        return self.call

    def codes(self, column):
        return re.findall("`(.*?)`", self.cells[column])

    @property
    def losses(self):
        return self.codes(2) or [None]

    def equivalent(self, loss=None):
        return reg.equivalent(self.name, **SIZES, loss=loss or self.losses[0], **self.settings)

    def library(self, **options):
        """The library's own object with these settings."""
        return find_theirs(self.name)(**self.settings, **options)


def find_theirs(name):
    package, _, kind = name.rpartition(".")
    pytest.importorskip(package.partition(".")[0])
    return getattr(import_module(package), kind)


def read_rows():
    rows = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| `\w+(\.\w+)+\(", line):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            rows += [Row(call, cells) for call in re.findall("`(.*?)`", cells[0])]
    return rows


ROWS = read_rows()
PENALTIES = [row for row in ROWS if row.name in ENTRIES]
OTHERS = [row for row in ROWS if row.name not in ENTRIES]


def with_rows(rows):
    return pytest.mark.parametrize("row", rows, ids=repr)


def of_this_test(test):
    """Run a test for the rows of the page that name it, beside each loss of the row."""
    cases = [(row, loss) for row in ROWS for loss in row_losses(row) if row.test[1] == test]
    ids = [f"{row.call}-{loss}" for row, loss in cases]
    assert cases, f"no row of the page names {test}"
    return pytest.mark.parametrize(("row", "loss"), cases, ids=ids)


def row_losses(row):
    found = row.losses if row in PENALTIES else [None]
    return [*found, "mse"] if "half_mse" in found else found
