"""The dropout family: what holds for all its layers, and what each one draws."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.random import Generator
from tests.guarded import counting

IMAGES = (3, 2, 4, 5)
LAYERS = {
    "Dropout": (lambda: nn.Dropout(0.4), IMAGES, IMAGES),
    "original": (lambda: nn.Dropout(0.4, inverted=False), IMAGES, IMAGES),
    "Dropout1d": (lambda: nn.Dropout1d(0.4), (3, 2, 4), (3, 2, 1)),
    "Dropout2d": (lambda: nn.Dropout2d(0.4), IMAGES, (3, 2, 1, 1)),
    "AlphaDropout": (lambda: nn.AlphaDropout(0.4), IMAGES, IMAGES),
    "DropConnect": (lambda: nn.DropConnect(4, 2, 0.4), (3, 4), (3, 2, 4)),
    "on_a_stack": (lambda: nn.DropConnect(4, 2, 0.4, bias=False), (3, 5, 4), (3, 5, 2, 4)),
    "per_batch": (lambda: nn.DropConnect(4, 2, 0.4, per_example=False), (3, 4), (2, 4)),
    "StochasticDepth": (lambda: nn.StochasticDepth(0.4), IMAGES, (3, 1, 1, 1)),
    "DropBlock2d": (lambda: nn.DropBlock2d(0.4, 2), IMAGES, IMAGES),
    "GaussianDropout": (lambda: nn.GaussianDropout(0.4), IMAGES, IMAGES),
    "GaussianNoise": (lambda: nn.GaussianNoise(0.4), IMAGES, IMAGES),
    "ConcreteDropout": (lambda: nn.ConcreteDropout(0.4, temperature=0.5), IMAGES, IMAGES),
}
ALL = pytest.mark.parametrize("name", LAYERS)


def made(name, dtype=np.float64):
    make, shape, mask_shape = LAYERS[name]
    return make(), np.random.default_rng(0).normal(size=shape).astype(dtype), mask_shape


def all_masks(shape, p):
    """Every mask of this shape, with its probability."""
    for kept in product([False, True], repeat=int(np.prod(shape))):
        probability = np.prod([1 - p if entry else p for entry in kept])
        yield np.array(kept).reshape(shape), probability


def outputs_of_all_masks(layer, x, shape):
    """The output for every mask, with its probability."""
    for mask, probability in all_masks(shape, layer.p):
        with nn.replay(layer, {"": mr.tensor(mask)}):
            yield layer(mr.tensor(x)).numpy(), probability


# -- all layers ------------------------------------------------------------------------------------


@ALL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_mask_has_its_shape_and_dtype_is_kept(name, dtype):
    layer, x, mask_shape = made(name, dtype)
    if isinstance(layer, nn.DropConnect):
        layer.weight.data = layer.weight.data.astype(dtype)
    y = layer(mr.tensor(x))
    assert (layer.mask.shape, y.dtype) == (mask_shape, dtype)


@ALL
def test_gradients_are_right_with_the_mask_held_fixed(name):
    layer, x, _ = made(name)
    layer(mr.tensor(x))
    with nn.replay(layer, nn.masks(layer)):
        mr.assert_gradients(layer, x, parameters=dict(layer.named_parameters()), order=2)


@ALL
def test_evaluation_draws_nothing_and_keeps_the_mask(name):
    layer, x, _ = made(name)
    layer(mr.tensor(x))
    position, mask = layer.generator.position, layer.mask
    y = layer.eval()(mr.tensor(x)).numpy()
    assert layer.generator.position == position
    assert layer.mask is mask
    if isinstance(layer, nn.DropConnect):
        x = mr.linear(mr.tensor(x), layer.weight, layer.bias).numpy()
    np.testing.assert_array_equal(y, x * 0.6 if name == "original" else x)


@ALL
@pytest.mark.host
def test_masks_are_the_same_on_every_backend(name):
    found = {}
    for backend in ("numpy", "guarded"):
        with mr.use_backend(backend):
            mr.seed(3)
            layer, x, _ = made(name)
            layer(mr.tensor(x))
            found[backend] = mr.Tensor(layer.mask).numpy()
    np.testing.assert_array_equal(found["numpy"], found["guarded"])


@ALL
def test_a_training_step_never_waits_for_the_device(name):
    layer, x, _ = made(name)
    x = mr.tensor(x, requires_grad=True)
    with counting() as counts:
        layer(x).sum().backward()
    assert counts.host_reads == 0, counts.where()


@ALL
def test_a_restored_stream_continues_with_the_same_masks(backend, name):
    layer, x, _ = made(name)
    layer(mr.tensor(x))
    state = layer.generator.state
    masks = []
    for _ in range(2):
        layer.generator.state = state
        layer(mr.tensor(x))
        masks.append(backend.to_host(layer.mask))
    np.testing.assert_array_equal(*masks)
    assert [path for path, _ in layer.named_generators()] == ["generator"]


@pytest.mark.parametrize(
    "name", ["Dropout", "original", "Dropout2d", "DropConnect", "per_batch", "StochasticDepth"]
)
def test_the_expected_output_is_that_of_evaluation(name):
    make, shape, mask_shape = {
        **LAYERS,
        "Dropout": (LAYERS["Dropout"][0], (2, 3), (2, 3)),
        "original": (LAYERS["original"][0], (2, 3), (2, 3)),
        "DropConnect": (lambda: nn.DropConnect(4, 1, 0.4), (2, 4), (2, 1, 4)),
    }[name]
    layer, x = make(), np.random.default_rng(0).normal(size=shape)
    expected = sum(y * probability for y, probability in outputs_of_all_masks(layer, x, mask_shape))
    np.testing.assert_allclose(expected, layer.eval()(mr.tensor(x)).numpy(), rtol=1e-5)


# -- the probability -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LAYERS.keys() - {"ConcreteDropout"}))
@pytest.mark.host
@pytest.mark.parametrize("value", [-0.1, float("nan"), "0.5", None, True])
def test_p_or_sigma_is_checked_when_it_is_set(name, value):
    layer, _, _ = made(name)
    attribute = "sigma" if name == "GaussianNoise" else "p"
    with pytest.raises((ArgumentError, ArgumentTypeError), match=rf"^{attribute}.* must be"):
        setattr(layer, attribute, value)
    assert getattr(layer, attribute) == 0.4


@pytest.mark.host
@pytest.mark.parametrize(
    "make",
    [
        *(nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout, nn.StochasticDepth),
        *(nn.DropBlock2d, nn.GaussianDropout, nn.ConcreteDropout),
        lambda p: nn.DropConnect(2, 2, p),
    ],
)
def test_p_of_1_is_refused(make):
    with pytest.raises(ArgumentError, match=r"p\b.* must be in \[0, 1\), got 1\.0"):
        make(1)


@ALL
def test_integers_have_one_dtype_in_both_modes(name):
    make, shape, _ = LAYERS[name]
    layer, x = make(), mr.ones(shape, dtype="int64")
    assert layer(x).dtype == layer.eval()(x).dtype == np.float32


@pytest.mark.parametrize(
    "make", [nn.Dropout, nn.AlphaDropout, nn.GaussianDropout, nn.ConcreteDropout]
)
def test_a_single_number_may_be_dropped(make):
    layer = make()
    assert layer(mr.tensor(1.0)).shape == layer.mask.shape == ()
    assert type(layer.mask) is type(mr.tensor(1.0).data)


def test_p_may_change_between_steps(backend):
    layer = nn.Dropout(0.0, Generator(0))
    for p in (0.0, 0.999, 0.001):
        layer.p = p
        y = layer(mr.ones(1000)).numpy()
        # At the wrong p, a share between these bounds has a probability below 1e-300.
        assert {0.0: y.all(), 0.999: (y == 0).mean() > 0.9, 0.001: (y == 0).mean() < 0.1}[p]


@pytest.mark.host
@pytest.mark.parametrize(
    ("layer", "shape", "sentence"),
    [
        (nn.Dropout1d(), (3, 2), r"Dropout1d takes \(N, C, L\), got shape \(3, 2\)"),
        (nn.Dropout2d(), (3, 2, 4), r"Dropout2d takes \(N, C, H, W\), got shape"),
        (nn.DropBlock2d(), (3, 2, 4), r"DropBlock2d takes \(N, C, H, W\), got shape"),
        (nn.DropBlock2d(0.1, 5), (1, 1, 9, 4), r"5 × 5 does not fit into images of 9 × 4"),
        (nn.DropConnect(3, 2), (5, 4), r"takes x \(\.\.\., 3\), got shape \(5, 4\)"),
    ],
)
def test_an_input_of_a_wrong_shape_gets_a_sentence(layer, shape, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        layer(mr.ones(shape))


# -- each of them ----------------------------------------------------------------------------------


@given(p=st.floats(0.01, 0.99))
def test_original_gradients_are_1_minus_p_times_inverted(backend, p):
    gradients = []
    for inverted in (True, False):
        layer = nn.Dropout(p, Generator(1), inverted=inverted)
        x = mr.tensor(np.linspace(-1.0, 1.0, 12), requires_grad=True)
        (layer(x) * mr.tensor(np.arange(12.0))).sum().backward()
        gradients.append(backend.to_host(x.grad))
    np.testing.assert_allclose(gradients[1], (1 - p) * gradients[0], rtol=1e-14)


BERNOULLI = {
    "Dropout2d": (nn.Dropout2d, (500, 40, 2, 2)),
    "Dropout1d": (nn.Dropout1d, (500, 40, 2)),
    "AlphaDropout": (nn.AlphaDropout, (500, 40)),
    "StochasticDepth": (nn.StochasticDepth, (20_000, 2)),
    "DropConnect": (lambda p: nn.DropConnect(20, 10, p), (100, 20)),
    "DropBlock2d_of_1": (lambda p: nn.DropBlock2d(p, 1), (20, 10, 10, 10)),
}


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("name", BERNOULLI)
def test_the_number_of_dropped_parts_is_binomial(backend, name, p):
    make, shape = BERNOULLI[name]
    layer = make(p)
    layer(mr.ones(shape))
    mask = backend.to_host(layer.mask)
    assert mask.size == 20_000
    # A right layer leaves these exact bounds with probability 1e-9 at most.
    binomial = stats.binom(mask.size, p)
    assert binomial.ppf(5e-10) <= (~mask).sum() <= binomial.ppf(1 - 5e-10)


@given(p=st.floats(0, 0.99), seed=st.integers(0, 99))
def test_alpha_dropout_keeps_mean_0_and_variance_1(p, seed):
    x = stats.zscore(np.random.default_rng(seed).normal(size=50))
    kept, dropped = (mr.alpha_dropout(mr.tensor(x), mr.tensor(x < at), p).numpy() for at in (9, -9))
    mean = (1 - p) * kept.mean() + p * dropped.mean()  # over all masks, without sampling
    square = (1 - p) * (kept**2).mean() + p * (dropped**2).mean()
    assert abs(mean) < 1e-12
    assert abs(square - 1) < 1e-12


def test_alpha_dropout_keeps_the_moments_of_selu():
    p, n = 0.3, 200_000
    x = mr.selu(mr.tensor(np.random.default_rng(0).normal(size=n)))
    y = nn.AlphaDropout(p, Generator(0))(x).numpy()
    # Bounds that a right layer leaves with probability 1e-9: 6.2 standard errors.
    assert abs(y.mean()) < 6.2 * y.std() / np.sqrt(n)
    assert abs(y.var() - 1) < 6.2 * (y**2).std() / np.sqrt(n)


@given(p=st.floats(0.05, 0.9), seed=st.integers(0, 99))
def test_dropout_acts_as_ridge_on_linear_regression(backend, p, seed):
    rng = np.random.default_rng(seed)
    features, w, y = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)
    masks, probabilities = map(np.array, zip(*all_masks((2, 3), p)))
    inputs = mr.tensor(np.broadcast_to(features, masks.shape))
    layer, weight = nn.Dropout(p), mr.tensor(w, requires_grad=True)
    with nn.replay(layer, {"": mr.tensor(masks)}):
        errors = mr.tensor(y) - layer(inputs) @ weight
    expected_loss = ((errors * errors).sum(axis=1) * mr.tensor(probabilities)).sum()
    expected_loss.backward()

    strengths = p / (1 - p) * (features**2).sum(axis=0)
    residual = y - features @ w
    ridge = (residual**2).sum() + (strengths * w**2).sum()
    gradient = -2 * features.T @ residual + 2 * strengths * w
    np.testing.assert_allclose(expected_loss.item(), ridge, rtol=1e-10)
    np.testing.assert_allclose(backend.to_host(weight.grad), gradient, rtol=1e-9, atol=1e-10)


def test_fit_trains_a_network_of_all_of_them():
    model = nn.Sequential(
        nn.Dropout2d(0.1), nn.DropBlock2d(0.1, 2), nn.StochasticDepth(0.1), nn.GaussianNoise(0.1),
        nn.Flatten(), nn.DropConnect(16, 8, 0.1), nn.SELU(), nn.AlphaDropout(0.1),
        nn.GaussianDropout(0.1), nn.ConcreteDropout(0.1), nn.Dropout(0.1, inverted=False),
        nn.Linear(8, 2),
    )  # fmt: skip
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(64, 1, 4, 4)).astype(np.float32), np.arange(64) % 2
    x[y == 1] += 1
    history = mr.fit(model, (x, y), epochs=30, progress=False)
    assert history.loss[-1] < 0.7 * history.loss[0]
    assert len(nn.masks(model)) == 9


@ALL
def test_whole_numbers_halves_and_arrays_are_taken(name):
    x = np.arange(np.prod(LAYERS[name][1])).reshape(LAYERS[name][1])
    for dtype, expected in ((np.int64, np.float32), (np.float16, np.float16)):
        layer = LAYERS[name][0]()
        if list(layer.parameters()):
            expected = np.float32  # that of W or k
        by_tensor = layer(mr.tensor(x.astype(dtype)))
        assert by_tensor.dtype == expected
        with nn.replay(layer, nn.masks(layer)):
            by_array = layer(mr.tensor(x.astype(dtype)).data)
        assert by_array.tolist() == by_tensor.tolist()
