"""Mistakes that nobody had when the rules were written: what the report says of them."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.gradcheck import Floats, Integers, check_backward

pytestmark = pytest.mark.host


def test_a_number_of_the_forward_pass_is_tried_as_a_factor():
    """(x**3)' = 3 x**2 inside of the approximated GELU."""

    def gelu(x):
        return 0.5 * x * (1 + np.tanh(0.8 * (x + 0.0447 * x**3)))

    def backward(upstream, x):
        t = np.tanh(0.8 * (x + 0.0447 * x**3))
        inner = 0.8 * (1 + 0.0447 * x**2)
        return upstream * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner)

    report = check_backward(gelu, backward, inputs={"x": Floats("N", "D")})
    assert report.causes[0].name == "constant-factor"
    assert [repair.after.strip() for repair in report.repairs] == [
        "inner = 0.8 * (1 + 0.0447 * x**2 * 3)"
    ]


def test_labels_of_other_rows_are_told():
    """The order of mixup is undone where it must be applied."""
    order, share = np.array([1, 2, 0, 4, 3]), 0.7

    def log_softmax(z):
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def loss(z, y):
        log_p, rows = log_softmax(z), np.arange(len(y))
        return -np.mean(share * log_p[rows, y] + (1 - share) * log_p[rows, y[order]])

    def backward(upstream, z, y):
        one_hot = np.eye(z.shape[1])[y]
        mixed = share * one_hot
        mixed[order] += (1 - share) * one_hot
        return upstream * (np.exp(log_softmax(z)) - mixed) / len(y)

    report = check_backward(loss, backward, inputs={"z": Floats(5, 5), "y": Integers(5, below=5)})
    assert report.causes[0].name == "labels-shifted"


def test_the_label_of_all_wrong_entries_is_told():
    """The weight of the positive examples acts on the negative ones, too."""

    def loss(z, t, w):
        return np.mean(w * t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z))

    def backward(upstream, z, t, w):
        dz = w * (1 / (1 + np.exp(-z)) - t)
        dw = (t * np.logaddexp(0, -z)).sum(axis=0)
        return upstream * dz / z.size, upstream * dw / z.size

    inputs = {
        "z": Floats("N", "K"),
        "t": Integers("N", "K", below=2),
        "w": Floats("K", low=0.5, high=3.0),
    }
    report = check_backward(loss, backward, inputs=inputs)
    assert report["w"].verdict == "pass"
    assert "every wrong entry has t = 0" in str(report.causes[0])
