"""predict: outputs, probabilities or classes as NumPy arrays, and nothing is changed."""

import numpy as np
import pytest
from scipy.special import softmax

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from tests.training.problems import blobs, network, weights


@pytest.mark.parametrize("batch_size", [1, 7, 1000])
def test_predict_keeps_the_order_of_the_examples(batch_size):
    model, (x, _) = network(dropout=0.5), blobs(30)
    logits = mr.predict(model, x, batch_size=batch_size)
    expected = model.eval()(mr.tensor(x)).numpy()
    assert type(logits) is np.ndarray
    np.testing.assert_allclose(logits, expected, rtol=1e-6, atol=1e-6)
    probabilities = mr.predict(model, x, batch_size=batch_size, output="probabilities")
    np.testing.assert_allclose(probabilities, softmax(expected, axis=1), rtol=1e-5)
    classes = mr.predict(model, x, batch_size=batch_size, output="classes")
    np.testing.assert_array_equal(classes, expected.argmax(axis=1))
    assert (logits.shape, classes.shape, classes.dtype) == ((30, 3), (30,), np.int64)


def test_its_classes_are_those_of_evaluate():
    model, (x, y) = network(), blobs(40)
    share = np.mean(mr.predict(model, x, output="classes") == y)
    assert share == mr.evaluate(model, (x, y))["accuracy"]


def test_predict_takes_arrays_datasets_and_pairs():
    model, (x, y) = network(), blobs(8)
    first = mr.predict(model, x)
    for other in (x.tolist(), mr.tensor(x), mr.data.Dataset(x, y), (x, y)):
        np.testing.assert_array_equal(mr.predict(model, other), first)


def test_pixels_are_divided_by_255_as_in_training():
    pixels = np.array([[[[0, 255]]]], dtype=np.uint8)
    np.testing.assert_array_equal(mr.predict(nn.Flatten(), pixels), [[0.0, 1.0]])


def test_predict_changes_nothing():
    model, before = network(dropout=0.9), mr.default_generator().state
    model[0].eval()
    modes, kept = [module.training for module in model.modules()], weights(model)
    position = model[2].generator.state
    mr.predict(model, blobs()[0])
    assert [module.training for module in model.modules()] == modes
    assert all(p.grad is None for p in model.parameters())
    assert (mr.default_generator().state, model[2].generator.state) == (before, position)
    for old, new in zip(kept, weights(model)):
        np.testing.assert_array_equal(old, new)


def test_what_cannot_be_predicted_is_refused():
    x = np.zeros((2, 2))
    with pytest.raises(ArgumentTypeError, match=r"must be an nn\.Module, got 3"):
        mr.predict(3, x)
    with pytest.raises(ArgumentError, match=r"must be 'logits', .* or 'classes', got 'labels'"):
        mr.predict(network(), x, output="labels")
    with pytest.raises(DataError, match="at least one example"):
        mr.predict(network(), np.zeros((0, 2)))
    with pytest.raises(DataError, match="x must be"):
        mr.predict(network(), 3.0)
    with pytest.raises(ArgumentError, match=r"classes need \(N, K\) outputs.* gave \(2, 1, 2\)"):
        mr.predict(nn.Sequential(), x[:, None], output="classes")
