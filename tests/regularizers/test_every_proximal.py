"""The proximal steps of groups and matrices, against neighbours and a convex solver."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import regularizers as reg
from minireg.errors import ArgumentError
from tests.regularizers.drawing import PENALTIES, draw_weights, seeds, shapes

WITH_PROXIMAL = pytest.mark.parametrize(
    "name", [name for name in PENALTIES if name != "Orthogonal"]
)


@WITH_PROXIMAL
@given(data=st.data(), shape=shapes, seed=seeds, step=st.floats(0.01, 2))
def test_a_proximal_step_is_lower_than_its_neighbours(backend, name, data, shape, seed, step):
    penalty, w = data.draw(PENALTIES[name]), draw_weights(shape, seed)
    u = backend.to_host(penalty.proximal(backend.asarray(w), step))
    rng = np.random.default_rng(seed)

    def objective(point):
        return 0.5 * ((point - w) ** 2).sum() + step * penalty.value(point)

    lowest = objective(u)
    for size in (1, 1e-2, 1e-4):
        for neighbour in u + size * rng.normal(size=(30, *shape)):
            assert objective(neighbour) >= lowest - 1e-13


@WITH_PROXIMAL
@given(data=st.data(), shape=shapes, seed=seeds, step=st.floats(0.01, 2))
def test_a_proximal_step_of_a_tensor_is_that_of_its_array(name, data, shape, seed, step):
    penalty, w = data.draw(PENALTIES[name]), mr.tensor(draw_weights(shape, seed))
    found, expected = penalty.proximal(w, step), mr.Tensor(penalty.proximal(w.data, step))
    np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-14, atol=1e-15)


def solve(cvxpy, penalty_of, w, step):
    """argmin_u ½‖u − w‖² + step · penalty(u), by an interior-point method."""
    u = cvxpy.Variable(w.shape)
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(u - w) / 2 + step * penalty_of(u)))
    tight = {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10}
    problem.solve(solver=cvxpy.CLARABEL, **tight)
    return u.value


@pytest.mark.host
@pytest.mark.parametrize("seed", range(3))
def test_proximal_steps_are_those_of_a_convex_solver(seed):
    cp = pytest.importorskip("cvxpy")
    w, step = 2 * draw_weights((4, 3), seed, zeros=0), 0.5

    def group_lasso(u):
        return 1.2 * np.sqrt(3) * cp.sum(cp.norm(u, 2, axis=1))

    pairs = [
        (reg.GroupLasso(1.2), group_lasso),
        (reg.SparseGroupLasso(2.4), lambda u: 1.2 * cp.sum(cp.abs(u)) + group_lasso(u)),
        (reg.Norm(3.0), lambda u: 3.0 * cp.norm(u, "fro")),
        (reg.Nuclear(3.0), lambda u: 3.0 * cp.normNuc(u)),
        (reg.Spectral(3.0), lambda u: 1.5 * cp.square(cp.sigma_max(u))),
    ]
    for penalty, penalty_of in pairs:
        expected = solve(cp, penalty_of, w, step)
        np.testing.assert_allclose(penalty.proximal(w, step), expected, rtol=0, atol=1e-5)


def test_proximal_steps_zero_groups_and_lower_ranks(backend):
    w = backend.asarray(np.array([[3.0, 4.0], [0.3, 0.4]]))
    rows = backend.to_host(reg.GroupLasso(1 / np.sqrt(2)).proximal(w, 1.0))
    np.testing.assert_allclose(rows, [[2.4, 3.2], [0, 0]], rtol=1e-15)
    assert rows[1].tolist() == [0, 0]
    w = backend.asarray(np.diag([3.0, 2.0, 0.5]))
    found = backend.to_host(reg.Nuclear(1.0).proximal(w, 1.0))
    np.testing.assert_allclose(found, np.diag([2, 1, 0]), atol=1e-15)
    cut = backend.to_host(reg.Spectral(1.0).proximal(w, 1.0))  # c = 5/3 = (3 − c) + (2 − c)
    np.testing.assert_allclose(cut, np.diag([5 / 3, 5 / 3, 0.5]), rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_groups_whose_norm_underflows_become_zero(backend, dtype):
    w = mr.tensor(np.full((2, 3), 1e-200 if dtype == "float64" else 1e-30, dtype)).data
    for penalty in (reg.GroupLasso(0.5), reg.Norm(0.5)):
        np.testing.assert_array_equal(backend.to_host(penalty.proximal(w, 0.1)), 0)


@pytest.mark.host
def test_orthogonal_has_no_proximal_step_and_says_so():
    with pytest.raises(ArgumentError, match=r"No proximal step is known for Orthogonal\(0\.1\)"):
        reg.Orthogonal(0.1).proximal(np.eye(2), 0.1)


@pytest.mark.host
@pytest.mark.parametrize(
    "kind", [reg.GroupLasso, reg.SparseGroupLasso, reg.Norm, reg.Nuclear, reg.Spectral]
)
def test_a_step_for_each_entry_is_refused(kind):
    with pytest.raises(ArgumentError, match=r"needs one step for all entries.*\(2, 2\)") as caught:
        kind(1).proximal(np.eye(2), np.full((2, 2), 0.1))
    assert caught.value.argument == "step"
    kind(1).proximal(np.eye(2), np.array(0.1))  # without axes, it is one


@pytest.mark.host
def test_which_proximal_steps_give_exact_zeros():
    w = np.array([[2.0, -0.1, 1.0], [0.1, 0.05, -0.1]])  # of full rank
    for penalty, zeros in [
        (reg.L1(0.2), w**2 < 0.1),
        (reg.L1L2(0.2, 0.5), w**2 < 0.1),
        (reg.ElasticNet(0.4), w**2 < 0.1),
        (reg.GroupLasso(0.2), [[False] * 3, [True] * 3]),
        (reg.GroupLasso(0.2, axis=1), [[False, True, False]] * 2),
        (reg.SparseGroupLasso(0.4), w**2 < 0.1),
        (reg.Norm(5.0), np.full((2, 3), True)),
        (reg.L2(5.0), np.full((2, 3), False)),
        (reg.Spectral(5.0), np.full((2, 3), False)),
    ]:
        np.testing.assert_array_equal(penalty.proximal(w, 1.0) == 0, zeros, err_msg=repr(penalty))
    ranks = [np.linalg.matrix_rank(kind(0.5).proximal(w, 1.0)) for kind in (reg.Nuclear, reg.L2)]
    assert ranks == [1, 2]
