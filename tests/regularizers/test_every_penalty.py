"""What holds for every penalty: derivatives, both ways of training, dtypes, bad settings."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.regularizers.drawing import PENALTIES, draw_weights, seeds, shapes

EVERY = pytest.mark.parametrize("name", PENALTIES)

# -- closed forms ----------------------------------------------------------------------------------

W = np.array([[3.0, -4.0], [0.0, 0.0], [0.6, 0.8]])
GRAM = W.T @ W
NUMBERS = {
    "L1L2": (reg.L1L2(0.1, 0.2), 0.1 * 8.4 + 0.2 * 26, 0.1 * np.sign(W) + 0.4 * W),
    "ElasticNet": (
        reg.ElasticNet(0.4, l1_ratio=0.25),
        0.4 * (0.25 * 8.4 + 0.375 * 26),
        0.4 * (0.25 * np.sign(W) + 0.75 * W),
    ),
    "Norm": (reg.Norm(0.1), 0.1 * np.sqrt(26), 0.1 * W / np.sqrt(26)),
    "GroupLasso of rows": (
        reg.GroupLasso(0.1),
        0.1 * np.sqrt(2) * 6,
        0.1 * np.sqrt(2) * W / [[5], [np.inf], [1]],
    ),
    "GroupLasso of columns": (
        reg.GroupLasso(0.1, axis=1),
        0.1 * np.sqrt(3) * (np.sqrt(9.36) + np.sqrt(16.64)),
        0.1 * np.sqrt(3) * W / np.sqrt([9.36, 16.64]),
    ),
    "SparseGroupLasso": (
        reg.SparseGroupLasso(0.4, ratio=0.25),
        0.1 * 8.4 + 0.3 * np.sqrt(2) * 6,
        0.1 * np.sign(W) + 0.3 * np.sqrt(2) * W / [[5], [np.inf], [1]],
    ),
    "Orthogonal": (
        reg.Orthogonal(0.4),
        0.1 * np.sum((GRAM - np.eye(2)) ** 2),
        0.4 * W @ (GRAM - np.eye(2)),
    ),
    "Spectral": (reg.Spectral(0.4), 0.2 * np.linalg.eigvalsh(GRAM)[-1], None),
    "Nuclear": (reg.Nuclear(0.4), 0.4 * np.sqrt(np.linalg.eigvalsh(GRAM)).sum(), None),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_value_and_gradient_are_the_closed_form(backend, name):
    penalty, value, gradient = NUMBERS[name]
    w = mr.tensor(W)
    np.testing.assert_allclose(backend.to_host(penalty.value(w.data)), value, rtol=1e-14)
    np.testing.assert_allclose(penalty(w).item(), value, rtol=1e-14)
    if gradient is not None:
        found = backend.to_host(penalty.gradient(w.data))
        np.testing.assert_allclose(found, gradient, rtol=1e-14, atol=1e-15)


def test_gradients_of_singular_values_are_those_of_the_gram():
    """σ₁ u₁ v₁ᵀ = W v₁ v₁ᵀ and U Vᵀ = W (WᵀW)^(−1/2), with the eigenvectors v of WᵀW."""
    eigenvalues, v = np.linalg.eigh(GRAM)
    top = v[:, -1:]
    np.testing.assert_allclose(reg.Spectral(0.4).gradient(W), 0.4 * W @ top @ top.T, atol=1e-14)
    polar = W @ (v / np.sqrt(eigenvalues)) @ v.T
    np.testing.assert_allclose(reg.Nuclear(0.4).gradient(W), 0.4 * polar, atol=1e-14)


def test_a_kernel_is_a_matrix_and_a_vector_a_column():
    kernel, vector = draw_weights((3, 2, 2, 1), 0), np.array([3.0, 4.0])
    for kind in (reg.Orthogonal, reg.Spectral, reg.Nuclear):
        flat = kernel.reshape(3, 4)
        np.testing.assert_allclose(kind(0.3).value(kernel), kind(0.3).value(flat), rtol=1e-15)
        assert kind(0.3).gradient(kernel).shape == kernel.shape
    assert reg.Nuclear(1.0).value(vector) == pytest.approx(5, rel=1e-15)
    assert reg.Spectral(1.0).value(vector) == pytest.approx(12.5, rel=1e-15)
    assert reg.Orthogonal(1.0).value(vector) == pytest.approx(24**2 / 4, rel=1e-15)
    assert reg.GroupLasso(0.5).value(vector) == reg.L1(0.5).value(vector)


def test_a_wide_matrix_only_adds_a_constant():
    w = draw_weights((2, 5), 1)
    penalty = reg.Orthogonal(0.8)
    np.testing.assert_allclose(penalty.value(w), penalty.value(w.T) + 0.2 * 3, rtol=1e-14)
    np.testing.assert_allclose(penalty.gradient(w), penalty.gradient(w.T).T, atol=1e-14)


# -- derivatives -----------------------------------------------------------------------------------


@pytest.mark.host
@EVERY
@given(data=st.data(), shape=shapes, seed=seeds)
def test_the_gradient_passes_the_check_at_kinks_too(name, data, shape, seed):
    penalty, w = data.draw(PENALTIES[name]), draw_weights(shape, seed)
    report = mr.check_backward(penalty.value, lambda g, w: g * penalty.gradient(w), w)
    assert report, report


@pytest.mark.host
@EVERY
@settings(max_examples=8)
@given(data=st.data(), shape=shapes, seed=seeds)
def test_two_derivatives_of_the_loss_term_pass_the_check(name, data, shape, seed):
    penalty, w = data.draw(PENALTIES[name]), draw_weights(shape, seed, zeros=0)
    for order in (1, 2):
        report = mr.check_gradients(penalty, w, order=order)
        assert report, report


@EVERY
@given(data=st.data(), shape=shapes, seed=seeds)
def test_loss_term_and_add_gradients_are_the_same(backend, name, data, shape, seed):
    penalty, start = data.draw(PENALTIES[name]), draw_weights(shape, seed)
    by_autograd, by_formula = (mr.tensor(start, requires_grad=True) for _ in range(2))
    ((by_autograd * 3).sum() + penalty(by_autograd)).backward()
    (by_formula * 3).sum().backward()
    penalty.add_gradients(by_formula)
    expected = backend.to_host(by_autograd.grad)
    np.testing.assert_allclose(backend.to_host(by_formula.grad), expected, rtol=1e-12, atol=1e-14)


@EVERY
@given(data=st.data(), shape=shapes)
def test_the_gradient_at_zero_is_zero_both_ways(backend, name, data, shape):
    penalty, w = data.draw(PENALTIES[name]), mr.tensor(np.zeros(shape), requires_grad=True)
    penalty(w).backward()
    assert not backend.to_host(w.grad).any()
    assert not backend.to_host(penalty.gradient(w.data)).any()


# -- on a model ------------------------------------------------------------------------------------


@EVERY
@given(data=st.data())
def test_float32_stays_float32_without_a_host_read(name, data):
    penalty = data.draw(PENALTIES[name])
    net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Linear(4, 3))
    with counting() as counts:
        cost = penalty(net)
        cost.backward()
        penalty.add_gradients(net)
        if name != "Orthogonal":
            penalty.apply_proximal(net, 0.1)
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
    assert cost.dtype == np.float32
    assert all(layer.weight.grad.dtype == layer.weight.dtype == np.float32 for layer in net)


@pytest.mark.host
@pytest.mark.parametrize(
    ("penalty", "name", "formula"),
    [
        (reg.L1L2(0.1, 0.2), "L1(0.1) + L2(0.2, scale='sum')", "0.1 Σ|w| + 0.2 Σw²"),
        (reg.ElasticNet(0.4, 0.25), "L1(0.1) + L2(0.3, scale='half')", "0.1 Σ|w| + 0.3/2 Σw²"),
        (reg.Norm(0.1), "Norm(0.1)", "0.1 ‖W‖"),
        (reg.GroupLasso(0.1), "GroupLasso(0.1, axis=0)", "0.1 Σ √d ‖w[i]‖"),
        (
            reg.SparseGroupLasso(0.4, 0.25, axis=1),
            "L1(0.1) + GroupLasso(0.3, axis=1)",
            "0.1 Σ|w| + 0.3 Σ √d ‖w[:, i]‖",
        ),
        (reg.Orthogonal(0.1), "Orthogonal(0.1)", "0.1/4 ‖WᵀW − I‖²"),
        (reg.Spectral(0.1), "Spectral(0.1)", "0.1/2 σ₁²"),
        (reg.Nuclear(0.1), "Nuclear(0.1)", "0.1 Σσ"),
        (reg.MaxNorm(2), "MaxNorm(2, axis=0)", "(‖w[i]‖ ≤ 2)"),
        (reg.UnitNorm(axis=1), "UnitNorm(axis=1)", "(‖w[:, i]‖ = 1)"),
    ],
    ids=repr,
)
def test_it_is_described_selected_and_kept_by_samples(penalty, name, formula):
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))
    rows = penalty.on("0.*").select(net)
    assert [(path, terms.formula) for path, _, terms in rows] == [("0.weight", formula)]
    assert repr(penalty) == repr(penalty.with_samples(10)) == name
    assert penalty.on("0.*")(net).item() == pytest.approx(penalty(net[0]).item(), rel=1e-6)


# -- other libraries -------------------------------------------------------------------------------


STRENGTHS = st.integers(0, 2**20).map(lambda n: n / 1024)  # exact in float32, as Keras rounds them


@pytest.mark.host
@given(seed=seeds, a=STRENGTHS, b=STRENGTHS)
def test_values_are_those_of_keras(seed, a, b):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    w = np.random.default_rng(seed).normal(size=(4, 3))
    theirs = keras.ops.convert_to_tensor(w, dtype="float64")
    for ours, other in [
        (reg.L1(a), keras.regularizers.L1(a)),
        (reg.L2(a, scale="sum"), keras.regularizers.L2(a)),
        (reg.L1L2(a, b), keras.regularizers.L1L2(a, b)),
    ]:
        expected = other(theirs).item()
        np.testing.assert_allclose(ours.value(w), expected, rtol=1e-10)


@pytest.mark.host
def test_projections_are_those_of_keras(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    w = np.random.default_rng(0).normal(size=(4, 3))
    theirs = keras.ops.convert_to_tensor(w, dtype="float64")
    # Keras' kernels are (in, out), and its axis is the one that is summed over.
    for ours, other in [
        (reg.MaxNorm(1.5), keras.constraints.MaxNorm(1.5, axis=0)),
        (reg.UnitNorm(), keras.constraints.UnitNorm(axis=0)),
    ]:
        expected = other(theirs).numpy().T
        np.testing.assert_allclose(ours.project(w.T), expected, rtol=1e-6)  # it adds 1e-7 to norms


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("make", "argument", "sentence"),
    [
        (lambda: reg.L1L2(-0.1, 0), "l1", "l1 must be at least 0, got -0.1"),
        (lambda: reg.L1L2(0, -0.1), "l2", "l2 must be at least 0, got -0.1"),
        (lambda: reg.ElasticNet(-1), "strength", "strength must be at least 0, got -1"),
        (lambda: reg.ElasticNet(1, 1.5), "l1_ratio", r"l1_ratio must be in \[0, 1\], got 1.5"),
        (lambda: reg.GroupLasso(-1), "strength", "strength must be at least 0, got -1"),
        (lambda: reg.GroupLasso(1, axis=-1), "axis", "axis must be at least 0, got -1"),
        (lambda: reg.SparseGroupLasso(-1), "strength", "strength must be at least 0, got -1"),
        (lambda: reg.SparseGroupLasso(1, -0.5), "ratio", r"ratio must be in \[0, 1\], got -0.5"),
        (lambda: reg.Norm(-1), "strength", "strength must be at least 0, got -1"),
        (lambda: reg.Orthogonal(float("nan")), "strength", "strength must be finite, got nan"),
        (lambda: reg.GroupLasso(1, 1).value(np.ones(3)), "axis", r"an axis 1, .*\(3,\) has 1 axes"),
        (lambda: reg.Nuclear(1).value(np.array(3.0)), "axis", r"an axis 0.*\(\) has no axes"),
    ],
)  # fmt: skip
def test_bad_settings_get_a_sentence(make, argument, sentence):
    with pytest.raises(ArgumentError, match=sentence) as caught:
        make()
    assert caught.value.argument == argument


@pytest.mark.host
def test_a_setting_that_is_no_number_is_refused():
    for make in (reg.Norm, reg.GroupLasso, reg.ElasticNet, reg.L1L2):
        with pytest.raises(ArgumentTypeError, match="must be a number"):
            make("0.1")
    with pytest.raises(ArgumentTypeError, match="axis must be a whole number"):
        reg.GroupLasso(0.1, axis=(0, 1))
