"""The table of what acts on each parameter."""

from __future__ import annotations

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
    assert cells(reg.describe(model_of_two_layers(), reg.NonNegative()))[0][-1] == "0.0%"
