"""The proximal step of a sum of penalties is the true minimum, for all terms."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError

strengths = st.floats(0.01, 2)
TERMS = {
    "l1": st.builds(reg.L1, strengths),
    "l1 again": st.builds(reg.L1, strengths),
    "l2": st.builds(reg.L2, strengths, st.sampled_from(["sum", "half"])),
    "orthant": st.just(reg.NonNegative()),
    "group": st.builds(reg.GroupLasso, strengths),
    "ball": st.builds(reg.MaxNorm, strengths),
}
SUMS = [names for n in (2, 3, 6) for names in combinations(TERMS, n)]
rows = st.lists(st.floats(-4, 4), min_size=2, max_size=2).map(lambda row: np.array([row]))
steps = st.floats(0.05, 2)


def feasible(terms, u):
    """Which of the points u (…, 2) satisfy all constraints."""
    ok = np.ones(u.shape[:-1], dtype=bool)
    for term in terms:
        if isinstance(term, reg.NonNegative):
            ok &= (u >= 0).all(axis=-1)
        if isinstance(term, reg.MaxNorm):
            ok &= np.linalg.norm(u, axis=-1) <= term.max_norm * (1 + 1e-15)
    return ok


def objective(terms, w, step, u):
    """½‖u − w‖² + step · Σ values for points u (…, 2), with independent formulas."""
    total = 0.5 * ((u - w) ** 2).sum(axis=-1)
    for term in terms:
        if isinstance(term, reg.L1):
            total = total + step * term.strength * np.abs(u).sum(axis=-1)
        if isinstance(term, reg.L2):
            factor = 1 if term.scale == "sum" else 0.5
            total = total + step * factor * term.strength * (u * u).sum(axis=-1)
        if isinstance(term, reg.GroupLasso):
            total = total + step * term.strength * np.sqrt(2) * np.linalg.norm(u, axis=-1)
    return np.where(feasible(terms, u), total, np.inf)


AXIS = np.linspace(-4, 4, 321)
GRID = np.stack(np.meshgrid(AXIS, AXIS), axis=-1)


@pytest.mark.host
@pytest.mark.parametrize("names", SUMS, ids=[" + ".join(names) for names in SUMS])
@settings(max_examples=8)
@given(data=st.data(), w=rows, step=steps, seed=st.integers(0, 2**32 - 1))
def test_no_point_is_lower_than_the_proximal_step(names, data, w, step, seed):
    terms = data.draw(st.permutations([data.draw(TERMS[name]) for name in names]))
    u = sum(terms).proximal(w, step)
    assert feasible(terms, u).all()
    lowest = objective(terms, w, step, u).item()
    assert objective(terms, w, step, GRID).min() >= lowest - 1e-12
    rng = np.random.default_rng(seed)
    for size in (1e-1, 1e-3, 1e-5):
        neighbours = u + size * rng.normal(size=(2000, 2))
        assert objective(terms, w, step, neighbours).min() >= lowest - 1e-14


@pytest.mark.host
def test_a_group_before_an_orthant_is_not_the_minimum():
    """Why `ORDER` has the orthant first: the norm must not count what is cut off."""
    group = reg.GroupLasso(1 / np.sqrt(2))  # ‖row‖
    w, terms = np.array([[3.0, -4.0]]), [group, reg.NonNegative()]
    right = sum(terms).proximal(w, 1.0)
    np.testing.assert_allclose(right, [[2.0, 0.0]], rtol=1e-15)  # |(3, 0)| - 1
    other = reg.NonNegative().project(group.proximal(w, 1.0))
    np.testing.assert_allclose(other, [[2.4, 0.0]], rtol=1e-15)  # 3 (1 - 1/5)
    assert objective(terms, w, 1.0, right) < objective(terms, w, 1.0, other) - 0.05


# -- matrices --------------------------------------------------------------------------------------

MATRIX_TERMS = {
    **TERMS,
    "elastic net": st.builds(reg.ElasticNet, strengths, st.floats(0, 1)),
    "columns": st.builds(reg.GroupLasso, strengths, axis=st.just(1)),
    "ball of columns": st.builds(reg.MaxNorm, strengths, axis=st.just(1)),
    "sparse groups": st.builds(reg.SparseGroupLasso, strengths, st.floats(0, 1)),
    "norm": st.builds(reg.Norm, strengths),
    "nuclear": st.builds(reg.Nuclear, strengths),
    "spectral": st.builds(reg.Spectral, strengths),
    "unit": st.just(reg.UnitNorm()),
}
MATRIX_SUMS = [
    ("group",), ("columns",), ("norm",), ("sparse groups",), ("nuclear",), ("spectral",), ("unit",),
    ("ball",), ("l1", "norm"), ("l1", "columns"), ("l1", "ball"), ("l2", "nuclear"),
    ("l2", "spectral"), ("orthant", "norm"), ("orthant", "sparse groups"), ("l2", "unit"),
    ("columns", "ball of columns"), ("elastic net", "orthant", "group", "ball"),
    ("elastic net", "orthant", "columns"), ("l2", "sparse groups", "ball"),
]  # fmt: skip


def make_feasible(term, u):
    """Points u (…, 3, 2) moved to where the term is finite."""
    if isinstance(term, reg.NonNegative):
        return np.abs(u)
    if isinstance(term, (reg.MaxNorm, reg.UnitNorm)):
        norms = np.linalg.norm(u, axis=-1 - term.axis, keepdims=True)
        longest = getattr(term, "max_norm", 0)
        return u * (longest or 1) / np.maximum(norms, longest)
    return u


@pytest.mark.host
@pytest.mark.parametrize("names", MATRIX_SUMS, ids=" + ".join)
@settings(max_examples=8)
@given(data=st.data(), step=steps, seed=st.integers(0, 2**32 - 1))
def test_no_neighbour_is_lower_for_matrices(names, data, step, seed):
    total = sum(data.draw(st.permutations([data.draw(MATRIX_TERMS[name]) for name in names])))
    rng = np.random.default_rng(seed)
    w = 2 * rng.normal(size=(3, 2))
    u = total.proximal(w, step)

    def objective(point):
        return 0.5 * ((point - w) ** 2).sum() + step * total.value(point)

    for term in total.split():
        np.testing.assert_allclose(make_feasible(term, u), u, rtol=1e-15)
    for size in (1, 1e-1, 1e-2, 1e-4):
        for neighbour in u + size * rng.normal(size=(100, 3, 2)):
            for term in total.split():
                neighbour = make_feasible(term, neighbour)
            assert objective(neighbour) >= objective(u) - 1e-13


def test_a_penalty_of_your_own_adds_to_l2_on_a_model(backend):
    class Distance(reg.Penalty):
        """λ ‖W‖, a penalty that the library does not know under this name."""

        order = "group"

        def proximal(self, w, step):
            xp = mr.namespace(w)
            return w * xp.maximum(1 - step * 0.5 / xp.sqrt(xp.sum(w * w)), 0)

    layer = nn.Linear(4, 3)
    before = layer.weight.numpy().copy()
    (Distance() + reg.L2(0.1)).apply_proximal(layer, 0.2)
    w = before / (1 + 0.2 * 0.1)
    expected = w * np.maximum(1 - (0.2 / 1.02) * 0.5 / np.linalg.norm(w), 0)
    np.testing.assert_allclose(layer.weight.numpy(), expected, rtol=1e-6)


@pytest.mark.host
@given(
    w=st.lists(st.floats(-4, 4), min_size=1, max_size=6).map(np.array), step=steps,
    a=strengths, b=strengths, c=strengths,
)  # fmt: skip
def test_several_l1_and_l2_are_one_of_each(w, step, a, b, c):
    """soft(w, step·λ1) / (1 + step·λ2), to the rounding of w."""
    soft = np.sign(w) * np.maximum(np.abs(w) - step * (a + b), 0)
    expected = soft / (1 + step * c)
    found = (reg.L1(a) + reg.L2(c / 3) + reg.L1(b) + reg.L2(c / 3, "sum")).proximal(w, step)
    assert (np.abs(found - expected) <= 1e-15 * np.abs(w)).all()


@pytest.mark.host
def test_a_penalty_of_unknown_order_composes_with_l2_only():
    class Shift(reg.Penalty):
        def proximal(self, w, step):
            return w - step

    w = np.array([4.0])
    assert (reg.L2(1.0) + Shift()).proximal(w, 1.0).tolist() == [1.5]  # 4/2 − 1/2
    for other in (reg.L1(0.1), reg.NonNegative(), reg.GroupLasso(0.1), Shift()):
        with pytest.raises(ArgumentError, match=r"No proximal step is known .* do not compose"):
            (Shift() + other).proximal(w, 1.0)


@pytest.mark.host
@pytest.mark.parametrize(
    "total",
    [
        reg.GroupLasso(0.1) + reg.L2(0.1) + reg.GroupLasso(0.1),
        reg.GroupLasso(0.1) + reg.Norm(0.1),
        reg.SparseGroupLasso(0.1) + reg.GroupLasso(0.1, axis=1),
        reg.Nuclear(0.1) + reg.L1(0.1),
        reg.NonNegative() + reg.Nuclear(0.1),
        reg.Spectral(0.1) + reg.MaxNorm(),
        reg.Spectral(0.1) + reg.Nuclear(0.1),
        reg.MaxNorm() + reg.UnitNorm(),
        reg.GroupLasso(0.1, axis=1) + reg.MaxNorm(),
        reg.MaxNorm(axis=1) + reg.GroupLasso(0.1),
        reg.Norm(0.1) + reg.MaxNorm(),
    ],
    ids=str,
)
def test_what_does_not_compose_is_refused(total):
    with pytest.raises(ArgumentError, match="do not compose; use it as a loss term"):
        total.proximal(np.ones((2, 2)), 0.1)


@pytest.mark.host
def test_columns_before_a_ball_of_rows_are_no_minimum():
    """Why `MaxNorm` follows only groups of its own axis."""
    w, group, ball = np.array([[5.0], [0.5]]), reg.GroupLasso(0.5, axis=1), reg.MaxNorm(1.0)

    def objective(u):
        return 0.5 * ((u - w) ** 2).sum() + group.value(u)

    composed = ball.project(group.proximal(w, 1.0))
    other = composed - np.array([[0.0], [0.1]])
    assert ball.project(other).tolist() == other.tolist()
    assert objective(other) < objective(composed) - 0.01


def test_one_parameter_without_a_step_changes_nothing():
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 2))
    before = [p.tolist() for p in net.parameters()]
    group = reg.GroupLasso(0.1).on("1.*")
    with pytest.raises(ArgumentError, match="do not compose"):
        (reg.L1(0.1) + group + group).apply_proximal(net, 0.1)
    assert [p.tolist() for p in net.parameters()] == before


@pytest.mark.host
def test_sum_of_a_list_is_the_sum_and_a_number_is_refused():
    terms = [reg.L1(0.1), reg.L2(0.2), reg.NonNegative()]
    assert repr(sum(terms)) == "L1(0.1) + L2(0.2, scale='half') + NonNegative()"
    for wrong in (1, 0.5, mr.tensor(0.0), mr.tensor([0.0, 1.0]), np.float64(1)):
        with pytest.raises(ArgumentTypeError, match=r"write loss \+ penalty\(model\)"):
            wrong + reg.L1(0.1)


@pytest.mark.host
def test_a_sum_has_no_strength_and_refuses_one():
    """A number set on a sum would change nothing, without a word."""
    for penalty in (reg.L1L2(0.1, 0.2), reg.L1(0.1) + reg.L2(0.1)):
        assert not hasattr(penalty, "strength")
        with pytest.raises(AttributeError, match=r"has no strength, its terms have"):
            penalty.strength = 0.5
    total = reg.ElasticNet(0.1)
    total.terms[0].strength = 0.5
    assert repr(total) == "L1(0.5) + L2(0.05, scale='half')"
