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


@pytest.mark.parametrize("penalty", [reg.L1(0.1), reg.L2(0.1).on("3.*"), reg.L2(0.0), None])
def test_without_squares_on_decayed_weights_nothing_is_said(penalty):
    model = network()
    optimizer = optim.SGD(
        [{"params": model[0].parameters(), "weight_decay": 0.1}, {"params": [model[3].weight]}],
        lr=0.1,
    )
    assert warned(model, optimizer, penalty) == []
