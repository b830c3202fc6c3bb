"""The table of sums of products and singular values: see `cases.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import minireg as mr
from tests.ops.case import Case
from tests.ops.drawing import generator, stacked_matrices

# Equations, and the shapes of their tensors.
EQUATIONS = {
    "ij,jk->ik": [(2, 3), (3, 4)],
    "ij,jk": [(2, 3), (3, 4)],
    "ba,ac": [(2, 3), (3, 4)],
    "ij->ji": [(2, 3)],
    "ji": [(2, 3)],
    "ij->": [(2, 3)],
    "ii": [(3, 3)],
    "ii->i": [(3, 3)],
    "iij->j": [(3, 3, 2)],
    "iii->i": [(2, 2, 2)],
    "ijij->ij": [(2, 3, 2, 3)],
    "i,j->ij": [(2,), (3,)],
    "i,i->": [(3,), (3,)],
    "i,i,i->i": [(3,), (3,), (3,)],
    "bij,bjk,bk->bi": [(2, 3, 4), (2, 4, 2), (2, 2)],
    "ij,kl->": [(2, 3), (2, 2)],
    "ij,k->k": [(2, 3), (4,)],
    "...ij,...jk->...ik": [(2, 1, 3, 4), (5, 4, 2)],
    "...i,i": [(2, 3), (3,)],
    "i...,i...->...": [(3, 2), (3, 2)],
    "...->...": [(2, 3)],
    "ij,ij->ij": [(3, 1), (3, 4)],
    ",i->i": [(), (3,)],
    "ij,ij": [(2, 0), (2, 0)],
    # Axes of length 1 that are stretched.
    "i,i": [(2,), (1,)],
    "ij,jk->ki": [(2, 3), (1, 4)],
    "ij,kj->ik": [(2, 1), (4, 3)],
    "ij,j->i": [(2, 3), (1,)],
    "ij,ij->i": [(2, 3), (2, 1)],
    "ji,ji->": [(2, 3), (1, 1)],
    "...i,i->...": [(2, 3, 1), (4,)],
    "nd,nn->d": [(3, 2), (1, 1)],
    "i,i,i->": [(1,), (3,), (1,)],
}


def equations(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    equation = draw(st.sampled_from(list(EQUATIONS)))
    rng = generator(draw)
    arrays = [np.asarray(rng.uniform(-1, 1, shape)) for shape in EQUATIONS[equation]]
    return arrays, {"equation": equation}


def pairs_of_axes(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    a, b, axes = draw(
        st.sampled_from(
            [
                ((2, 3, 4), (3, 4, 2), 2),
                ((2, 3), (4,), 0),
                ((2, 3, 4), (4, 5), 1),
                ((2, 3, 4), (4, 2, 3), ([1, 0], [2, 1])),
                ((2, 3, 4), (2, 3), ([-3], [0])),
                ((3,), (3,), 1),
            ]
        )
    )
    rng = generator(draw)
    return [rng.uniform(-1, 1, a), rng.uniform(-1, 1, b)], {"axes": axes}


def two_vectors(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng = generator(draw)
    return [rng.uniform(-3, 3, draw(st.integers(0, 4))) for _ in range(2)], {}


def rows_of_vectors(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    shapes = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3)).input_shapes
    rng, n = generator(draw), draw(st.integers(1, 3))
    return [rng.uniform(0.2, 3, (*shape, n)) for shape in shapes], {"axis": -1}


def curve_spectrum(library: Any, u: Any, s: Any, vt: Any) -> Any:
    """U sinh(σ) Vᵀ, which does not depend on the signs of singular vectors."""
    return (u * library.sinh(s)[..., None, :]) @ vt


CONTRACTIONS = {
    "cosine_similarity": Case(
        rows_of_vectors,
        torch=lambda t, x, o: t.nn.functional.cosine_similarity(*x, dim=o["axis"]),
    ),
    "einsum": Case(
        equations,
        call=lambda *xs, equation: mr.einsum(equation, *xs),
        torch=lambda t, x, o: t.einsum(o["equation"], *x),
    ),
    "outer": Case(two_vectors, torch=lambda t, x, o: t.outer(*x)),
    "singular_values": Case(stacked_matrices, torch=lambda t, x, o: t.linalg.svdvals(*x)),
    "svd": Case(
        stacked_matrices,
        call=lambda x: curve_spectrum(mr, *mr.svd(x)),
        torch=lambda t, x, o: curve_spectrum(t, *t.linalg.svd(*x, full_matrices=False)),
    ),
    "tensordot": Case(pairs_of_axes, torch=lambda t, x, o: t.tensordot(x[0], x[1], dims=o["axes"])),
    "vecdot": Case(rows_of_vectors, torch=lambda t, x, o: t.linalg.vecdot(*x, dim=o["axis"])),
}
