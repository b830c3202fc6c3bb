"""What `fit` warns about: a penalty without effect, and one that counts twice."""

import warnings

import pytest

import minireg as mr
from minireg import optim
from minireg import regularizers as reg
from tests.training.problems import blobs, network


def warned(model, optimizer, penalty, **options):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        mr.fit(
            model, blobs(50), epochs=2, optimizer=optimizer, penalty=penalty, progress=False,
            **options,
        )  # fmt: skip
    return [str(w.message) for w in found]


def test_a_penalty_on_nothing_that_is_trained_is_named():
    model = network()
    optimizer = optim.SGD([model[0].bias, *model[3].parameters()], lr=0.1)
    (message,) = warned(model, optimizer, reg.L1(0.1).on("0.*"))
    assert "L1(0.1).on('0.*') has no effect" in message
    assert warned(model, optimizer, reg.L1(0.1)) == []
    model[3].weight.requires_grad = False
    (message,) = warned(model, optimizer, reg.L1(0.1))
    assert "acts on no parameter that the optimizer trains" in message


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW])
@pytest.mark.parametrize("scale", ["sum", "half", "half_mean"])
def test_l2_beside_weight_decay_is_named_with_both(kind, scale):
    model = network()
    optimizer = kind(
        [
            {"params": model[0].parameters(), "weight_decay": 0.25},
            {"params": model[3].parameters(), "weight_decay": 0.0},
        ],
        lr=0.1,
    )
    c = {"sum": 1.0, "half": 0.5, "half_mean": 0.01}[scale]
    assert warned(model, optimizer, reg.L1(0.1) + reg.L2(0.5, scale)) == [
        f"Squares are penalized twice: 0.weight has {c:g}/2 Σw² in the penalty and "
        f"weight_decay=0.25 in {kind.__name__}. Leave one of them out."
    ]


def make_late():
    """The trap of closures: each of them selects the last layer."""
    return sum(reg.L1(0.1).on(lambda path, p: path[0] == str(i)) for i in (0, 3))  # noqa: B023


@pytest.mark.parametrize(
    ("own", "penalty", "name"),
    [
        (reg.L2(0.1), reg.L2(0.2, "half_mean"), "0.weight"),
        (reg.GroupLasso(0.1), reg.GroupLasso(0.2).on("0.*"), "0.weight"),
        (None, make_late(), "3.weight"),
    ],
    ids=["squares", "groups", "closures"],
)
def test_two_terms_of_one_kind_on_a_weight_are_named(own, penalty, name):
    model = network()
    model[0].regularizer = own
    (message,) = warned(model, optim.SGD(model.parameters(), lr=0.1), penalty)
    assert message.startswith(f"Two terms add up on {name}: ")
    assert message.endswith("If only one was meant, leave the other out.")


def test_terms_of_different_kinds_may_meet_on_a_weight():
    model = network()
    model[0].regularizer = reg.L1L2(0.0, 0.1)  # its L1 is 0
    groups = reg.GroupLasso(0.1) + reg.GroupLasso(0.1, axis=1)
    total = reg.L1(0.1) + groups + reg.L2(0.1).on("3.*") + reg.MaxNorm()
    assert warned(model, optim.SGD(model.parameters(), lr=0.1), total) == []


@pytest.mark.parametrize("penalty", [reg.L1(0.1), reg.L2(0.1).on("3.*"), reg.L2(0.0), None])
def test_without_squares_on_decayed_weights_nothing_is_said(penalty):
    model = network()
    optimizer = optim.SGD(
        [{"params": model[0].parameters(), "weight_decay": 0.1}, {"params": [model[3].weight]}],
        lr=0.1,
    )
    assert warned(model, optimizer, penalty) == []
