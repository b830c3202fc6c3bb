"""Penalties on outputs: their values and gradients, and how outputs are recorded."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError

KINDS = {
    "ActivityL1": (reg.ActivityL1, lambda a: np.abs(a).sum() / len(a)),
    "ActivityL2": (reg.ActivityL2, lambda a: (a * a).sum() / len(a)),
    "ConfidencePenalty": (
        reg.ConfidencePenalty,
        lambda z: -entropy(np.exp(z), axis=-1).sum() / len(z),
    ),
}
every_kind = pytest.mark.parametrize(("kind", "truth"), KINDS.values(), ids=KINDS)
strengths = st.floats(1e-6, 10)
shapes = st.lists(st.integers(1, 4), min_size=1, max_size=2).map(lambda sizes: (*sizes, 3))
seeds = st.integers(0, 2**32 - 1)


def outputs_of(shape, seed):
    """Normal numbers, at least 0.01 from the kink."""
    a = np.random.default_rng(seed).normal(size=shape)
    return a + 0.01 * np.sign(a)


@every_kind
@given(strength=strengths, shape=shapes, seed=seeds)
def test_the_value_is_the_closed_form(backend, kind, truth, strength, shape, seed):
    a = mr.tensor(outputs_of(shape, seed))
    expected = strength * truth(a.numpy())
    for value in (kind(strength).value(a).item(), backend.to_host(kind(strength).value(a.data))):
        np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14)


@every_kind
@given(strength=strengths, shape=shapes, seed=seeds)
def test_the_gradient_is_that_of_finite_differences(kind, truth, strength, shape, seed):
    a, h = outputs_of(shape, seed), 1e-5
    found = mr.tensor(kind(strength).gradient(mr.tensor(a).data)).numpy()
    for index in np.ndindex(a.shape):
        step = np.zeros_like(a)
        step[index] = h
        numeric = strength * (truth(a + step) - truth(a - step)) / (2 * h)
        np.testing.assert_allclose(found[index], numeric, rtol=1e-6, atol=1e-8 * strength)


@every_kind
@given(strength=strengths, shape=shapes, seed=seeds)
def test_autograd_finds_the_explicit_gradient(backend, kind, truth, strength, shape, seed):
    a = mr.tensor(outputs_of(shape, seed), requires_grad=True)
    term = kind(strength)
    term([a]).backward()
    expected = backend.to_host(term.gradient(a.data))
    np.testing.assert_allclose(backend.to_host(a.grad), expected, rtol=1e-10, atol=1e-13)


@pytest.mark.host
@every_kind
@given(strength=strengths, shape=shapes, seed=seeds)
def test_second_derivatives_pass_the_check(kind, truth, strength, shape, seed):
    report = mr.check_gradients(kind(strength).value, outputs_of(shape, seed), order=2)
    assert report, report


@every_kind
def test_the_gradient_at_zero_is_zero(backend, kind, truth):
    a = mr.tensor(np.zeros((2, 3)), requires_grad=True)
    kind(0.5)([a]).backward()
    for g in (a.grad, kind(0.5).gradient(a.data)):
        np.testing.assert_allclose(backend.to_host(g), 0, atol=1e-16)


@every_kind
def test_logits_of_any_size_give_finite_numbers(backend, kind, truth):
    z = mr.tensor(np.array([[1e4, -1e4, 0.0], [3.0, 3.0, 3.0]]))
    assert np.isfinite(kind(0.5).value(z).item())
    assert np.isfinite(backend.to_host(kind(0.5).gradient(z.data))).all()


@given(strength=strengths, shape=shapes, seed=seeds)
def test_classes_with_logit_minus_infinity_count_nothing(backend, strength, shape, seed):
    z, term = outputs_of(shape, seed), reg.ConfidencePenalty(strength)
    masked = mr.tensor(np.insert(z, 0, -np.inf, axis=-1), requires_grad=True)
    term([masked]).backward()
    assert term.value(masked).item() == pytest.approx(term.value(z), rel=1e-12)
    expected = np.insert(term.gradient(z), 0, 0, axis=-1)
    for g in (masked.grad, term.gradient(masked.data)):
        np.testing.assert_allclose(backend.to_host(g), expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("shape", [(5,), (5, 1), ()])
def test_confidence_in_a_single_class_is_refused(shape):
    for use in (reg.ConfidencePenalty(0.1).value, reg.ConfidencePenalty(0.1).gradient):
        with pytest.raises(ArgumentError, match=rf"two classes, got shape {re.escape(str(shape))}"):
            use(np.ones(shape))


@every_kind
def test_a_single_precision_output_stays_one(kind, truth):
    a = mr.tensor(np.ones((2, 3), np.float32))
    assert kind(np.float64(0.5)).value(a).dtype == np.float32
    assert kind(np.float64(0.5)).gradient(a.data).dtype == np.float32


@pytest.mark.host
@pytest.mark.parametrize("name", ["L1", "L2"])
@given(strength=strengths, seed=seeds)
def test_activity_terms_are_those_of_keras(name, strength, seed):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    a = outputs_of((5, 3), seed)
    theirs = getattr(keras.regularizers, name)(strength)
    layer = keras.layers.Activation("linear", activity_regularizer=theirs, dtype="float64")
    layer(keras.ops.convert_to_tensor(a, dtype="float64"))
    found = getattr(reg, f"Activity{name}")(strength).value(a)
    # Keras gives the loss of a layer in float32, of whatever dtype the layer is.
    np.testing.assert_allclose(found, float(layer.losses[0]), rtol=3e-7)


# -- recording -------------------------------------------------------------------------------------


def network():
    return nn.Sequential(
        nn.Linear(2, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 4), nn.ReLU()), nn.Linear(4, 3)
    )


X = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("selectors", "paths"),
    [
        ((), [""]),
        ((nn.ReLU,), ["1", "2.1"]),
        (("1", "3"), ["1", "3"]),
        (("2.*",), ["2.0", "2.1"]),
        ((lambda path, module: getattr(module, "out_features", 0) == 3,), ["3"]),
    ],
    ids=["the model", "a class", "paths", "a pattern", "a function"],
)
def test_a_term_records_the_outputs_of_selected_modules(selectors, paths):
    net, x = network(), mr.tensor(X)
    term = reg.ActivityL1(0.1).on(*selectors) if selectors else reg.ActivityL1(0.1)
    assert [path for path, _ in term.select(net)] == paths
    inner = net[:2](x), net[2][0](net[:2](x))
    all_of_them = {"": net(x), "1": inner[0], "2.0": inner[1], "2.1": net[:3](x), "3": net(x)}
    with term.record(net) as outputs:
        z = net(x)
    np.testing.assert_array_equal(z.numpy(), net(x).numpy())
    assert len(outputs) == len(paths)  # the calls after the block are not among them
    for output, path in zip(outputs, paths):
        np.testing.assert_array_equal(output.numpy(), all_of_them[path].numpy())


def test_chained_selections_narrow_the_choice():
    term = reg.ActivityL1(0.1).on(nn.ReLU).on("2.*")
    assert [path for path, _ in term.select(network())] == ["2.1"]
    assert repr(term) == "ActivityL1(0.1).on(ReLU).on('2.*')"


def test_blocks_within_blocks_record_the_same_layer():
    net, term, x = network(), reg.ActivityL1(0.1).on("1"), mr.tensor(X)
    with term.record(net) as outer:
        net(x)
        with term.record(net) as inner:
            net(x)
        net(x)
    net(x)
    assert (len(outer), len(inner)) == (3, 1)
    assert "forward" not in vars(net[1])


def test_an_error_in_the_block_leaves_the_model_as_it_was():
    net = network()
    with pytest.raises(ZeroDivisionError), reg.ActivityL1(0.1).on(nn.ReLU).record(net):
        raise ZeroDivisionError
    assert all("forward" not in vars(module) for module in net.modules())


def test_a_layer_called_twice_counts_twice():
    relu, x, term = nn.ReLU(), mr.tensor(X), reg.ActivityL2(0.1).on(nn.ReLU)
    with term.record(nn.ModuleList([relu])) as outputs:
        relu(x)
        relu(2 * x)
    expected = 5 * 0.1 * (np.maximum(X, 0) ** 2).sum() / 5
    assert term(outputs).item() == pytest.approx(expected, rel=1e-5)


# -- refused ---------------------------------------------------------------------------------------


@every_kind
@pytest.mark.host
def test_a_strength_below_zero_or_not_a_number_raises(kind, truth):
    for wrong in (-1e-9, float("nan"), "0.1"):
        with pytest.raises((ArgumentError, ArgumentTypeError), match="strength must be"):
            kind(wrong)


def test_a_selection_that_matches_nothing_lists_the_modules():
    with pytest.raises(ArgumentError, match=r"selects no module.*There are 0, 1, 2, 2\.0, 2\.1, 3"):
        reg.ActivityL1(0.1).on("fc").select(network())


def test_what_is_not_a_module_has_no_outputs():
    for term in (reg.ActivityL1(0.1), reg.ActivityL1(0.1).on("fc")):
        with pytest.raises(ArgumentTypeError, match=r"must be an nn\.Module, got None"):
            term.select(None)


def test_a_term_of_no_outputs_is_refused():
    a = mr.ones((2, 3))
    for outputs, came in (
        ([], "none"), ([(1, 2)], r"\(1, 2\)"), (None, "None"), (a, r"float32 \(2, 3\)"),
        ([a, mr.tensor(1.0)], r"float32 \(2, 3\), float32 \(\)"),
        ([mr.ones((0, 3))], r"float32 \(0, 3\)"),
    ):  # fmt: skip
        with pytest.raises(ArgumentTypeError, match=f"recorded while.*got {came}"):
            reg.ActivityL1(0.1)(outputs)
