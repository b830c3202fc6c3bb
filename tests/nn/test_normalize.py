"""Normalize standardises what it was made from, and travels with the model."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

import minireg as mr
from minireg import data, nn
from minireg.errors import ArgumentError, ArgumentTypeError, DataError, MiniregError

TABLES = st.tuples(st.integers(1, 20), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-1e3, 1e3))
)


@given(x=TABLES, repeats=st.sampled_from([1, 300]))
def test_features_come_out_as_from_scikit_learn(x, repeats):
    spread = x.std(axis=0)  # what float32 cannot tell apart is refused
    assume(((spread == 0) | (abs(x.mean(axis=0)) * 1e-5 < spread)).all())
    x = np.tile(x, (repeats, 1))  # more than are looked at in one go
    layer = nn.Normalize.of(data.Dataset(x, np.zeros(len(x), dtype=int)))
    scaler = StandardScaler().fit(x)
    np.testing.assert_allclose(layer.mean.numpy(), scaler.mean_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(layer.std.numpy(), scaler.scale_, rtol=1e-6)


def test_a_constant_feature_is_shifted_and_not_scaled():
    x = np.full((7, 2), 0.1)
    layer = nn.Normalize.of(data.Dataset(x, np.zeros(7, dtype=int)))
    assert layer.std.tolist() == [1, 1]
    np.testing.assert_allclose(layer(mr.tensor(x)).numpy(), 0, atol=1e-7)


def test_values_that_float32_cannot_tell_apart_get_a_sentence():
    x = np.stack([np.arange(50.0), 1.7e9 + np.arange(50.0)], axis=1)
    with pytest.raises(
        DataError, match=r"Feature number 1 lies around 1.7e\+09 with a spread of 14"
    ):
        nn.Normalize.of(data.Dataset(x, np.zeros(50, dtype=int)))


def test_images_are_standardised_by_channel_in_the_units_that_a_loader_hands_out():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (50, 3, 4, 5)).astype(np.uint8)
    images[:, 1] //= 4
    dataset = data.Dataset(images, np.zeros(50, dtype=int))
    (batch, _), = data.DataLoader(dataset, batch_size=50)  # fmt: skip
    y = nn.Normalize.of(dataset)(batch).numpy()
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), 1, rtol=1e-5)


def test_it_is_the_same_in_training_and_evaluation_and_its_numbers_are_in_the_state():
    layer = nn.Normalize([1.0, 2.0], [3.0, 4.0])
    x = mr.tensor([[1.0, 6.0]])
    assert layer.train()(x).tolist() == layer.eval()(x).tolist() == [[0, 1]]
    other = nn.Normalize([0.0, 0.0], [1.0, 1.0])
    other.load_state_dict(layer.state_dict())
    assert other(x).tolist() == [[0, 1]]
    assert list(layer.parameters()) == []


@pytest.mark.parametrize(
    ("do", "error", "sentence"),
    [
        (lambda: nn.Normalize([0.0], [0.0]), ArgumentError, "an std above 0"),
        (lambda: nn.Normalize([0.0, 1.0], [1.0]), ArgumentError, r"shapes \(2,\) and \(1,\)"),
        (lambda: nn.Normalize.of([[1.0]]), ArgumentTypeError, "takes the training data"),
        (lambda: nn.Normalize([0.0], [1.0])(mr.zeros((2, 3))), MiniregError, r"got \(2, 3\)"),
    ],
)
def test_bad_input_gets_a_sentence(do, error, sentence):
    with pytest.raises(error, match=sentence):
        do()
