"""Every penalty with random settings, and weights with zeros."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minireg import regularizers as reg

strengths = st.just(0.0) | st.floats(1e-3, 5)
ratios = st.floats(0, 1)
axes = st.integers(0, 1)
PENALTIES = {
    "L1": st.builds(reg.L1, strengths),
    "L2": st.builds(reg.L2, strengths, st.sampled_from(["sum", "half"])),
    "L1L2": st.builds(reg.L1L2, strengths, strengths),
    "ElasticNet": st.builds(reg.ElasticNet, strengths, ratios),
    "Norm": st.builds(reg.Norm, strengths),
    "GroupLasso": st.builds(reg.GroupLasso, strengths, axes),
    "SparseGroupLasso": st.builds(reg.SparseGroupLasso, strengths, ratios, axes),
    "Orthogonal": st.builds(reg.Orthogonal, strengths),
    "Spectral": st.builds(reg.Spectral, strengths),
    "Nuclear": st.builds(reg.Nuclear, strengths),
}
shapes = st.sampled_from([(1, 1), (3, 2), (2, 4), (3, 3), (2, 1, 2, 2)])
seeds = st.integers(0, 2**32 - 1)


def draw_weights(shape, seed, zeros=0.2):
    """Normal numbers, with some zero entries and some zero rows."""
    rng = np.random.default_rng(seed)
    rows = (len(shape) - 1) * (1,)
    kept = (rng.uniform(size=shape) >= zeros) & (rng.uniform(size=(shape[0], *rows)) >= zeros)
    return rng.normal(size=shape) * kept
