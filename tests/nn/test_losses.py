"""Losses as modules: PyTorch's values and gradients; weights are buffers."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError

RNG = np.random.default_rng(0)
LABELS, WEIGHT, FACTORS = np.array([2, 0, 3]), RNG.uniform(0.5, 2, 4), RNG.uniform(0.5, 2, (3, 4))
P, Q, Y = RNG.dirichlet(np.ones(4), 3), RNG.dirichlet(np.ones(4), 3), RNG.normal(size=(3, 4))
IGNORED = np.array([2, -100, 3])
Q_WITH_ZEROS = np.array([[1.0, 0, 0, 0], [0.5, 0, 0.5, 0], [0.1, 0.2, 0.3, 0.4]])

# class, options (arrays become tensors), input, target
LOSSES = {
    "mse": ("MSELoss", {}, P, Y),
    "l1": ("L1Loss", {}, P, Y),
    "huber": ("HuberLoss", {}, P, Y),
    "huber_delta": ("HuberLoss", {"delta": 0.3}, P, Y),
    "smooth_l1": ("SmoothL1Loss", {}, P, Y),
    "smooth_l1_beta": ("SmoothL1Loss", {"beta": 0.3}, P, Y),
    "smooth_l1_without_bend": ("SmoothL1Loss", {"beta": 0}, P, Y),
    "bce": ("BCEWithLogitsLoss", {}, Y, Q),
    "bce_weight": ("BCEWithLogitsLoss", {"weight": FACTORS}, Y, Q),
    "bce_pos_weight": ("BCEWithLogitsLoss", {"weight": WEIGHT, "pos_weight": 2 * WEIGHT}, Y, Q),
    "nll": ("NLLLoss", {}, np.log(P), LABELS),
    "nll_weight": ("NLLLoss", {"weight": WEIGHT}, np.log(P), LABELS),
    "nll_ignore": ("NLLLoss", {"ignore_index": -100}, np.log(P), IGNORED),
    "nll_weight_ignore": ("NLLLoss", {"weight": WEIGHT, "ignore_index": 2}, np.log(P), LABELS),
    "kl_div": ("KLDivLoss", {}, np.log(P), Q_WITH_ZEROS),
    "kl_div_log_target": ("KLDivLoss", {"log_target": True}, np.log(P), np.log(Q)),
    "cross_entropy_weight": ("CrossEntropyLoss", {"weight": WEIGHT}, Y, LABELS),
    "cross_entropy_ignore": (
        "CrossEntropyLoss",
        {"weight": WEIGHT, "ignore_index": -100, "label_smoothing": 0.2},
        Y,
        IGNORED,
    ),
}


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")  # PyTorch's, of its kl_div
@pytest.mark.parametrize("reduction", ["mean", "sum", "none", "batchmean"])
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_are_those_of_pytorch(backend, name, reduction):
    torch = pytest.importorskip("torch")
    kind, options, values, target = LOSSES[name]
    if reduction == "batchmean" and kind != "KLDivLoss":
        with pytest.raises(ArgumentError, match="reduction must be 'mean', 'sum' or 'none'"):
            getattr(nn, kind)(reduction=reduction)
        return

    def run(library, tensor):
        ready = {n: tensor(v) if isinstance(v, np.ndarray) else v for n, v in options.items()}
        criterion = getattr(library, kind)(reduction=reduction, **ready)
        x = tensor(values)
        x.requires_grad = True
        loss = criterion(x, tensor(target))
        (loss * loss).sum().backward()
        return loss, x.grad, criterion

    loss, gradient, criterion = run(nn, mr.tensor)
    their_loss, their_gradient, theirs = run(torch.nn, torch.tensor)
    close = {"rtol": 1e-12, "atol": 1e-13}
    np.testing.assert_allclose(loss.numpy(), their_loss.detach().numpy(), **close)
    np.testing.assert_allclose(backend.to_host(gradient), their_gradient.numpy(), **close)
    assert list(criterion.state_dict()) == list(theirs.state_dict())


def test_weights_of_a_loss_move_with_it(backend):
    criterion = nn.BCEWithLogitsLoss(mr.ones(2), pos_weight=mr.tensor([1.0, 2.0]))
    criterion.to("numpy")
    assert [(n, b.backend) for n, b in criterion.named_buffers()] == [
        ("weight", "numpy"),
        ("pos_weight", "numpy"),
    ]
    criterion.to(backend.name)
    criterion(mr.zeros((3, 2)), mr.ones((3, 2)))


def test_weights_take_the_dtype_of_the_logits():
    x, t = mr.tensor(Y), mr.tensor(Q)
    for weight in (0.1, [0.1] * 4):
        as_given = nn.BCEWithLogitsLoss(weight)(x, t)
        as_tensor = nn.BCEWithLogitsLoss(mr.tensor(np.array(weight)))(x, t)
        assert as_given.item() == as_tensor.item()
    assert nn.BCEWithLogitsLoss(0.1)(mr.ones(2), mr.ones(2)).dtype == np.float32


@pytest.mark.host
def test_wrong_options_raise_when_the_module_is_made():
    with pytest.raises(ArgumentError, match="delta must be greater than 0"):
        nn.HuberLoss(delta=0)
    with pytest.raises(ArgumentError, match="beta must be at least 0"):
        nn.SmoothL1Loss(beta=-1)
    with pytest.raises(ArgumentError, match="'batchmean', 'mean', 'sum' or 'none', got 'avg'"):
        nn.KLDivLoss(reduction="avg")


# -- what a mean was divided by --------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "bce_pos_weight"])
def test_means_times_their_divisors_add_up_to_the_whole(name):
    kind, options, values, target = LOSSES[name]
    ready = {n: mr.tensor(v) if isinstance(v, np.ndarray) else v for n, v in options.items()}
    if name == "bce_weight":
        ready["weight"] = mr.tensor(WEIGHT)  # for every batch size
    criterion = getattr(nn, kind)(**ready)

    def mean(part):
        labels = mr.tensor(target[part])
        return criterion(mr.tensor(values[part]), labels).item(), criterion.divisor(labels)

    cut = 2 if "ignore" in name else 1  # every part has a label that counts
    (whole, divisor), parts = mean(slice(3)), [mean(slice(cut)), mean(slice(cut, 3))]
    assert sum(float(d) for _, d in parts) == pytest.approx(float(divisor), rel=1e-12)
    assert sum(m * float(d) for m, d in parts) == pytest.approx(whole * float(divisor), rel=1e-12)


def test_the_divisor_is_the_sum_of_the_weights_of_the_labels():
    labels = mr.tensor(LABELS)
    for kind in (nn.CrossEntropyLoss, nn.NLLLoss):
        assert kind().divisor(labels) == 3
        for weight in (WEIGHT.tolist(), mr.tensor(WEIGHT)):
            divisor = kind(weight).divisor(labels)
            assert float(divisor) == pytest.approx(WEIGHT[LABELS].sum(), rel=1e-15)
    assert nn.CrossEntropyLoss(mr.tensor(WEIGHT)).divisor(mr.tensor(P)) == 3  # rows


def test_ignored_labels_are_left_out_of_the_divisor():
    labels = mr.tensor(IGNORED)
    for kind in (nn.CrossEntropyLoss, nn.NLLLoss):
        assert float(kind(ignore_index=-100).divisor(labels)) == 2
        weighted = kind(WEIGHT.tolist(), ignore_index=-100).divisor(labels)
        assert float(weighted) == pytest.approx(WEIGHT[[2, 3]].sum(), rel=1e-15)


@pytest.mark.host
def test_repr_shows_the_options():
    assert repr(nn.HuberLoss(delta=0.5)) == "HuberLoss(delta=0.5, reduction='mean')"
    assert repr(nn.NLLLoss([1.0, 2.0])) == (
        "NLLLoss(weight=[1.0, 2.0], ignore_index=None, reduction='mean')"
    )
