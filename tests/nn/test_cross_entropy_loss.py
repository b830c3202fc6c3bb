"""CrossEntropyLoss: the module passes its options on and checks them early."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting


@given(
    n=st.integers(1, 6),
    classes=st.integers(1, 5),
    weighted=st.booleans(),
    smoothing=st.sampled_from([0.0, 0.1, 1.0]) | st.floats(0, 1),
    reduction=st.sampled_from(["mean", "sum", "none"]),
    soft=st.booleans(),
    ignored=st.sampled_from([None, 0, -100]),
    seed=st.integers(0, 2**32 - 1),
)
def test_value_and_gradient_are_those_of_pytorch(
    backend, n, classes, weighted, smoothing, reduction, soft, ignored, seed
):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    logits = 3 * rng.normal(size=(n, classes))
    labels = rng.dirichlet(np.ones(classes), size=n) if soft else rng.integers(0, classes, n)
    weight = rng.uniform(0.1, 2, classes) if weighted else None
    upstream = rng.normal(size=n if reduction == "none" else ())
    options = {"label_smoothing": smoothing, "reduction": reduction}
    if ignored is not None and not soft:
        labels[rng.random(n) < 0.5] = ignored
        labels[0] = classes - 1
        if classes == 1 and ignored == 0:
            return  # no example counts
        options["ignore_index"] = ignored

    x = mr.tensor(logits, requires_grad=True)
    criterion = nn.CrossEntropyLoss(None if weight is None else mr.tensor(weight), **options)
    loss = criterion(x, mr.tensor(labels))
    loss.backward(mr.tensor(upstream))

    theirs = torch.tensor(logits, requires_grad=True)
    their_weight = None if weight is None else torch.tensor(weight)
    their_loss = torch.nn.CrossEntropyLoss(their_weight, **options)(theirs, torch.tensor(labels))
    their_loss.backward(torch.tensor(upstream))

    close = {"rtol": 1e-12, "atol": 1e-13}
    np.testing.assert_allclose(loss.numpy(), their_loss.detach().numpy(), **close)
    np.testing.assert_allclose(backend.to_host(x.grad), theirs.grad.numpy(), **close)


def test_gradient_of_the_mean_is_p_minus_onehot_over_n(backend):
    logits = np.random.default_rng(0).normal(size=(6, 4))
    labels = np.array([0, 3, 1, 1, 2, 0])
    x = mr.tensor(logits, requires_grad=True)
    nn.CrossEntropyLoss()(x, mr.tensor(labels)).backward()
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = (p - np.eye(4)[labels]) / 6
    np.testing.assert_allclose(backend.to_host(x.grad), expected, rtol=1e-13, atol=1e-16)


def test_no_number_of_an_ignored_row_matters(backend):
    rows = np.array([[1.0, 2.0], [-np.inf, 5.0]])
    for options in ({}, {"weight": [0.5, 2.0]}, {"label_smoothing": 0.1}):
        x = mr.tensor(rows, requires_grad=True)
        loss = mr.cross_entropy(x, mr.tensor([1, -1]), ignore_index=-1, **options)
        loss.backward()
        alone = mr.tensor(rows[:1], requires_grad=True)
        expected = mr.cross_entropy(alone, mr.tensor([1]), **options)
        expected.backward()
        assert loss.item() == expected.item()
        np.testing.assert_array_equal(backend.to_host(x.grad)[1], 0)
        np.testing.assert_array_equal(backend.to_host(x.grad)[:1], backend.to_host(alone.grad))


def test_ignoring_labels_needs_no_transfer():
    criterion = nn.CrossEntropyLoss(mr.tensor([1.0, 2.0]), ignore_index=-1)
    x, labels = mr.zeros((3, 2), requires_grad=True), mr.tensor([0, -1, 1])
    with counting() as counts:
        criterion(x, labels).backward()
        criterion.divisor(labels)
    assert counts.host_reads == 0, counts.where()


def test_it_has_no_parameters_and_ignores_the_mode():
    criterion = nn.CrossEntropyLoss()
    assert list(criterion.parameters()) == []
    logits, labels = mr.tensor([[1.0, 2.0]]), mr.tensor([1])
    assert criterion(logits, labels).item() == criterion.eval()(logits, labels).item()


@pytest.mark.host
def test_wrong_options_raise_when_the_module_is_made():
    with pytest.raises(ArgumentError, match="reduction must be 'mean', 'sum' or 'none', got 'avg'"):
        nn.CrossEntropyLoss(reduction="avg")
    with pytest.raises(ArgumentError, match=r"label_smoothing must be in \[0, 1\], got 1\.5"):
        nn.CrossEntropyLoss(label_smoothing=1.5)
    with pytest.raises(ArgumentTypeError, match="label_smoothing must be a number"):
        nn.CrossEntropyLoss(label_smoothing="a")


def test_labels_that_do_not_fit_raise_with_both_shapes():
    criterion = nn.CrossEntropyLoss()
    with pytest.raises(ArgumentError, match=r"\(3,\) integers or \(3, 2\) rows .* got \(2,\)"):
        criterion(mr.zeros((3, 2)), mr.tensor([0, 1]))
    with pytest.raises(ArgumentError, match="weight must have one entry for each of the 2 classes"):
        nn.CrossEntropyLoss(mr.ones(3))(mr.zeros((3, 2)), mr.tensor([0, 1, 1]))
    with pytest.raises(ArgumentError, match="class labels must be integers"):
        criterion(mr.zeros((3, 2)), mr.tensor([0.0, 1.0, 1.0]))
