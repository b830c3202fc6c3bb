"""The graphs of the exercise backward."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.exercises import check, time_limit
from minireg.exercises.path.backward import DIAMOND, DRAWN, LATE, SMALL, find_fault

pytestmark = [
    pytest.mark.host,
    # An interrupt that falls into a callback of the garbage collector is lost, and repeated.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def solve(graph):
    """All gradients as the solution of linear equations: g = e + Aᵀ g, A the matrix of slopes."""
    size = len(graph.parents)
    slopes = np.zeros((size, size))
    for node in range(size):
        np.add.at(slopes[node], graph.parents[node], graph.slopes[node])
    return np.linalg.solve(np.eye(size) - slopes.T, np.eye(size)[graph.output])


@pytest.mark.parametrize("graph", SMALL, ids=str)
def test_gradients_solve_the_linear_equations(graph):
    assert graph.gradients == pytest.approx(solve(graph))


def test_drawn_graphs_have_nodes_that_are_not_needed():
    assert any(len(graph.needed) < len(graph.parents) - 1 for graph in DRAWN)
    assert all(len(graph.needed) >= 2 for graph in DRAWN)


@pytest.mark.parametrize("order", [[3, 1, 2, 0], (3, 2, 1, 0), np.array([3, 2, 1, 0])])
def test_every_order_with_parents_last_is_right(order):
    assert find_fault(order, DIAMOND) == ""


@pytest.mark.parametrize("order", [None, 3, 3.0, [3.0, 2.0, 1.0, 0.0], [[3, 2, 1, 0]], "3210", {}])
def test_what_is_no_order_is_described(order):
    assert "Expected is a list of numbers of nodes" in find_fault(order, DIAMOND)


def test_an_order_by_distance_is_wrong():
    assert "node 1 stands before node 3" in find_fault([0, 1, 2, 3], LATE)


def test_following_every_path_takes_too_long(monkeypatch):
    monkeypatch.setattr(time_limit, "SECONDS", 0.2)

    def backward(parents, slopes, output):
        gradients = [0] * len(parents)

        def visit(node, gradient):
            gradients[node] = gradients[node] + gradient
            for parent, slope in zip(parents[node], slopes[node]):
                visit(parent, gradient * slope)

        visit(output, 1)
        return gradients

    outcomes = {outcome.name: outcome for outcome in check("backward", backward=backward).outcomes}
    assert outcomes["contributions of several paths add up"].passed
    assert "still running" in outcomes["a graph with many paths works"].message
