"""The table of what acts on each parameter."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError


def model_of_two_layers():
    net = nn.Sequential(nn.Linear(2, 1), nn.ReLU(), nn.Linear(1, 1))
    for i, values in ((0, [[3.0, 4.0]]), (2, [[5.0]])):
        net[i].weight.data[...] = mr.tensor(values).data
    return net


def cells(text):
    """The rows of the table, split at two spaces."""
    return [[cell.strip() for cell in line.split("  ") if cell] for line in text.splitlines()[2:]]


def test_each_scaling_is_that_of_the_same_penalty():
    w = mr.tensor([3.0, 4.0])
    text = reg.describe([w], reg.L2(0.3) + reg.L2(0.05, "sum"), samples=20)
    by_sum, by_half, by_mean = map(float, cells(text)[0][3:6])
    value = (reg.L2(0.3) + reg.L2(0.05, "sum"))(w).item()
    for same in (
        reg.L2(by_sum, "sum"),
        reg.L2(by_half),
        reg.L2(by_mean, "half_mean", samples=20),
    ):
        assert same(w).item() == pytest.approx(value, rel=1e-6)


def test_shares_are_those_of_the_penalty_today():
    net, penalty = model_of_two_layers(), reg.L1(1.0).on("0.*") + reg.L2(1.0).on("2.*")
    text = reg.describe(net, penalty)
    assert text.startswith(f"{penalty!r} = 19.5\n")
    assert [row[-1] for row in cells(text)] == [
        f"{7 / 19.5:.1%}",
        "0.0%",
        f"{12.5 / 19.5:.1%}",
        "0.0%",
    ]


def test_without_the_size_of_the_set_m_stays_in_the_table():
    assert cells(reg.describe(model_of_two_layers(), reg.L2(0.3)))[0][5] == "0.3·m"
    with pytest.raises(ArgumentError, match="needs m"):
        reg.describe(model_of_two_layers(), reg.L2(0.3, "half_mean"))


def test_each_parameter_has_the_weight_decay_of_its_group():
    net = model_of_two_layers()
    optimizer = optim.SGD(
        [{"params": net[0].parameters(), "weight_decay": 0.5}, {"params": [net[2].weight]}], lr=0.1
    )
    text = reg.describe(net, reg.L1(0.1), optimizer)
    assert [row[-2] for row in cells(text)] == ["0.5", "0.5", "0", "0"]


def test_by_default_the_penalties_of_layers_are_described():
    net = nn.Linear(2, 1, regularizer=reg.L1(0.1))
    assert reg.describe(net).startswith("L1(0.1).on('weight') = ")
    with pytest.raises(ArgumentTypeError, match=r"needs a penalty on weights.*got ActivityL1"):
        reg.describe(net, reg.ActivityL1(0.1))
    with pytest.raises(ArgumentTypeError, match=r"one of minireg.optim, got 0\.1"):
        reg.describe(net, optimizer=0.1)


def test_without_any_penalty_weight_decay_is_described():
    w = nn.Parameter(mr.ones((2, 1)))
    for model in (nn.Sequential(nn.Linear(2, 1, bias=False)), [w]):
        parameters = model if isinstance(model, list) else list(model.parameters())
        text = reg.describe(model, optimizer=optim.AdamW(parameters, weight_decay=0.25))
        assert text.startswith("no penalty = 0\n")
        assert cells(text)[0][2:] == ["not penalized", "0", "0", "0", "0.25", "0.0%"]


def test_a_penalty_of_zero_has_shares_of_zero():
    assert cells(reg.describe(model_of_two_layers(), reg.L1(0.0)))[0][-1] == "0.0%"


def test_the_penalty_on_each_parameter_is_its_terms():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(4, 3), nn.Linear(3, 2))
    penalty = reg.L2(0.2).on(nn.Conv2d) + reg.L1(0.1).on("[01].*") + reg.NonNegative().on("1.*")
    assert [row[:3] for row in cells(reg.describe(net, penalty))] == [
        ["0.weight", "(2, 1, 3, 3)", "0.2/2 Σw² + 0.1 Σ|w|"],
        ["0.bias", "(2,)", "not penalized"],
        ["1.weight", "(3, 4)", "0.1 Σ|w| + (w ≥ 0)"],
        ["1.bias", "(3,)", "not penalized"],
        ["2.weight", "(2, 3)", "not penalized"],
        ["2.bias", "(2,)", "not penalized"],
    ]


def test_a_penalty_of_your_own_is_described_by_its_repr():
    class Quartic(reg.Penalty):
        def value(self, w):
            return (w * w * w * w).sum()

    text = reg.describe(mr.tensor([1.0, 2.0]), Quartic())
    assert cells(text) == [["0", "(2,)", "Quartic()", "0", "0", "0", "100.0%"]]


def test_a_model_without_parameters_has_no_rows():
    text = reg.describe(nn.ReLU(), reg.L1(0.5))
    assert text.startswith("L1(0.5) = 0\n")
    assert cells(text) == []


# -- constraints -----------------------------------------------------------------------------------


def nearest_distance(name, w):
    """The distance from w to the nearest weights of the constraint, by their closed forms."""
    norms = np.linalg.norm(w, axis=1)
    return {
        "NonNegative": np.linalg.norm(np.minimum(w, 0)),
        "MaxNorm": np.linalg.norm(np.maximum(norms - 1.5, 0)),
        "UnitNorm": np.linalg.norm(norms - 1),
    }[name]


CONSTRAINTS = {
    "NonNegative": reg.NonNegative(), "MaxNorm": reg.MaxNorm(1.5), "UnitNorm": reg.UnitNorm(),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRAINTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_constraint_holds_or_is_violated_by_its_distance(name, dtype):
    w = np.random.default_rng(3).normal(size=(5, 4)).astype(dtype)
    w[2] = 0
    leaf, constraint = mr.tensor(w, requires_grad=True), CONSTRAINTS[name]
    share = cells(reg.describe(leaf, constraint))[0][-1]
    assert float(share.removeprefix("violated by ")) == pytest.approx(
        nearest_distance(name, w), rel=1e-5
    )
    constraint.apply_proximal(leaf, 0.1)
    leaf.data[2] = abs(leaf.data[0])  # UnitNorm leaves a unit of 0 as it is
    assert cells(reg.describe(leaf, constraint))[0][-1] == "holds"


def test_beside_a_penalty_a_constraint_follows_the_share():
    net, penalty = model_of_two_layers(), reg.L1(1.0) + reg.MaxNorm(5.0).on("0.*")
    shares = [row[-1] for row in cells(reg.describe(net, penalty))]
    assert shares == [f"{7 / 12:.1%}, holds", "0.0%", f"{5 / 12:.1%}", "0.0%"]


def test_weights_that_are_not_numbers_hold_no_constraint():
    text = reg.describe(mr.tensor([np.nan, 1.0]), reg.MaxNorm(2.0))
    assert cells(text)[0][-1] == "violated by nan"
