"""Each kind of edit changes one place and leaves the formatting as it is."""

from __future__ import annotations

import ast

import pytest

from .edits import list_edits
from .source import Code, Edit

pytestmark = pytest.mark.host
KINDS = {
    "g": "float 2",
    "x": "float 2",
    "w": "float 2",
    "m": "mask 2",
    "d": "float 2",
    "n": "length",
}
CASES = [
    ("operator", "return  g*(x>0)", "return  g/(x>0)"),
    ("operator", "return g ** 2", "return g * 2"),
    ("factor-dropped", "return (x + g) * w", "return x + g"),
    ("factor-dropped", "return (x + g) / x.shape[0] * w", "return (x + g) * w"),
    ("factor-dropped", "return -(g * np.exp(x))", "return -(g)"),
    ("factor-added", "return g @ w.T, x + w", "return g @ w.T, (x + w) / n"),
    ("factor-added", "d = g - x", "d = (g - x) * g.shape[0]"),
    ("upstream-dropped", "return g * np.cos(x)", "return np.cos(x)"),
    ("upstream-dropped", "return g.sum()", "return np.ones_like(g).sum()"),
    ("mask-dropped", "return g * m", "return g"),
    ("mask-dropped", "return np.where(m, g, 0)", "return g"),
    ("mask-dropped", "d[m] = 0", ""),
    ("mask-inverted", "return g * m", "return g * ~m"),
    ("mask-inverted", "return np.where(m, g, 0)", "return np.where(m, 0, g)"),
    ("term-dropped", "return g - x * w", "return -(x * w)"),
    ("term-dropped", "return 2 * (g - x)", "return 2 * (g)"),
    ("sign", "return -g", "return g"),
    ("sign", "return g - x", "return -(g - x)"),
    ("transposed", "return g @ w.T", "return g @ w"),
    ("transposed", "return g @ w", "return g.T @ w"),
    ("transposed", "return np.transpose(g, (0, 2, 1))", "return g"),
    ("axis", "return g.sum(axis=0, keepdims=True)", "return g.sum(axis=1, keepdims=True)"),
    ("axis", "return np.sum(g, axis=(0, 2, 3))", "return np.sum(g, axis=(0, 2,))"),
    ("axis", "return g.transpose(0, 2, 1)", "return g.transpose(0, 1, 2)"),
    ("keepdims-dropped", "return g.sum(axis=0, keepdims=True)", "return g.sum(axis=0)"),
    ("reduction", "return np.sum(g, axis=0)", "return np.mean(g, axis=0)"),
    ("name", "return g @ w", "return g @ x"),
    ("comparison", "return g * (x >= 0)", "return g * (x <= 0)"),
    ("constant", "return 2 * g", "return 3 * g"),
    ("constant", "return 0.5 * g", "return 1.0 * g"),
    ("returned-exchanged", "return g @ w.T, x.T @ g", "return x.T @ g, g @ w.T"),
    ("map-dropped", "return g / np.sqrt(x + 1)", "return g / (x + 1)"),
    ("assignment", "d[n] += g", "d[n] = g"),
    ("assignment", "d[n] = g", "d[n] += g"),
    ("assignment", "np.add.at(d, n, g)", "d[n] += g"),
    ("index", "return g[:, 1:]", "return g[:, 2:]"),
    ("index", "return g[::-1]", "return g[:]"),
    ("name", "return g * ä + x", "return g * ä + w"),
]


def edits_of(statement: str) -> list[Edit]:
    text = f"def backward(g, x, w, m, n, d, ä):\n    {statement}\n"
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    return list_edits(Code(text, function, KINDS))


@pytest.mark.parametrize(("kind", "before", "after"), CASES)
def test_edits_of_a_statement(kind: str, before: str, after: str):
    found = [(edit.kind, edit.after.strip()) for edit in edits_of(before)]
    assert (kind, after) in found


@pytest.mark.parametrize("statement", sorted({before for _, before, _ in CASES}))
def test_each_edit_is_another_text(statement: str):
    edits = edits_of(statement)
    assert len({edit.after for edit in edits} | {edits[0].before}) == len(edits) + 1


def test_a_change_over_several_lines_is_left_out():
    assert "term-dropped" not in [edit.kind for edit in edits_of("return (g\n        + x)")]
