"""Inputs and targets are standardised by the training split, inside the model."""

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
    spread = x.std(axis=0)  # values that float32 cannot distinguish are refused
    assume(((spread == 0) | (np.maximum(abs(x.mean(axis=0)) * 1e-5, 1e-37) < spread)).all())
    x = np.tile(x, (repeats, 1))  # more than one chunk
    layer = nn.Normalize.of(data.Dataset(x, np.zeros(len(x), dtype=int)))
    scaler = StandardScaler().fit(x)
    np.testing.assert_allclose(layer.mean.numpy(), scaler.mean_, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(layer.std.numpy(), scaler.scale_, rtol=1e-6)


def test_a_constant_feature_is_shifted_and_not_scaled():
    x = np.full((7, 2), 0.1)
    layer = nn.Normalize.of(data.Dataset(x, np.zeros(7, dtype=int)))
    assert layer.std.tolist() == [1, 1]
    np.testing.assert_allclose(layer(mr.tensor(x)).numpy(), 0, atol=1e-7)


@pytest.mark.parametrize(
    ("feature", "found"),
    [
        (1.7e9 + np.arange(50), r"mean 1.7e\+09 and standard deviation 14"),
        (1e-40 * np.arange(50), "mean 2.45e-39 and standard deviation 1.44e-39"),
        (1e-117 * np.arange(50), "mean 2.45e-116 and standard deviation 1.44e-116"),
    ],
)
def test_values_too_close_for_float32_get_a_sentence(feature, found):
    x = np.stack([np.arange(50.0), feature], axis=1)
    with pytest.raises(DataError, match=f"Feature number 1 has {found}"):
        nn.Normalize.of(data.Dataset(x, np.zeros(50, dtype=int)))


def test_images_are_standardised_by_channel():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (50, 3, 4, 5)).astype(np.uint8)
    images[:, 1] //= 4
    dataset = data.Dataset(images, np.zeros(50, dtype=int))
    (batch, _), = data.DataLoader(dataset, batch_size=50)  # fmt: skip
    y = nn.Normalize.of(dataset)(batch).numpy()
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), 1, rtol=1e-5)


def test_its_numbers_are_saved_and_not_learned():
    layer = nn.Normalize([1.0, 2.0], [3.0, 4.0])
    x = mr.tensor([[1.0, 6.0]])
    assert layer.train()(x).tolist() == layer.eval()(x).tolist() == [[0, 1]]
    other = nn.Normalize([0.0, 0.0], [1.0, 1.0])
    other.load_state_dict(layer.state_dict())
    assert other(x).tolist() == [[0, 1]]
    assert list(layer.parameters()) == []


def targets():
    y = np.random.default_rng(0).normal([2000, -3], [300, 0.01], (16, 2)).astype(np.float32)
    return data.Dataset(y, y)


def test_unstandardize_is_the_inverse_of_normalize():
    dataset = targets()
    there = nn.Normalize.of(dataset)(mr.tensor(dataset.x))
    np.testing.assert_allclose(there.numpy().std(axis=0), 1, rtol=1e-3)
    np.testing.assert_allclose(nn.Unstandardize.of(dataset)(there).numpy(), dataset.x, rtol=1e-5)


def test_learning_does_not_depend_on_the_unit_of_targets():
    dataset = targets()
    x = np.random.default_rng(1).normal(size=(16, 3)).astype(np.float32)
    back = nn.Unstandardize.of(dataset)

    def gradient(model, criterion, y):
        for p in model.parameters():
            p.data[...] = mr.ones(p.shape).data
        criterion(model(mr.tensor(x)), y).backward()
        return mr.Tensor(model[0].weight.grad).numpy()

    raw = gradient(
        nn.Sequential(nn.Linear(3, 2), back), nn.StandardizedMSE(back.std), mr.tensor(dataset.x)
    )
    standardized = mr.tensor(nn.Normalize.of(dataset)(mr.tensor(dataset.x)))
    plain = gradient(nn.Sequential(nn.Linear(3, 2)), mr.mse_loss, standardized)
    np.testing.assert_allclose(raw, plain, rtol=2e-3)


def test_always_giving_the_mean_costs_one():
    dataset = targets()
    mean = np.broadcast_to(dataset.x.mean(axis=0), dataset.x.shape).astype(np.float32)
    loss = nn.StandardizedMSE(nn.Unstandardize.of(dataset).std)(
        mr.tensor(mean), mr.tensor(dataset.x)
    )
    np.testing.assert_allclose(loss.numpy(), 1, rtol=1e-3)


def test_the_numbers_of_the_last_layer_are_saved_too():
    state = nn.Sequential(nn.Unstandardize([2.0], [4.0])).state_dict()
    fresh = nn.Sequential(nn.Unstandardize([0.0], [1.0]))
    fresh.load_state_dict(state)
    assert fresh(mr.tensor([[1.5]])).tolist() == [[8.0]]
    assert not list(fresh.parameters())


@pytest.mark.parametrize(
    ("do", "error", "sentence"),
    [
        (lambda: nn.Normalize([0.0], [0.0]), ArgumentError, "an std above 0"),
        (lambda: nn.Normalize([0.0, 1.0], [1.0]), ArgumentError, r"shapes \(2,\) and \(1,\)"),
        (lambda: nn.Normalize.of([[1.0]]), ArgumentTypeError, "takes the training data"),
        (lambda: nn.Unstandardize([0.0], [0.0]), ArgumentError, "Unstandardize takes a mean"),
        (lambda: nn.Normalize([0.0], [1.0])(mr.zeros((2, 3))), MiniregError, r"got \(2, 3\)"),
    ],
)
def test_bad_input_gets_a_sentence(do, error, sentence):
    with pytest.raises(error, match=sentence):
        do()
