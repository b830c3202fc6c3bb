"""Linear: y = x Wᵀ + b, its initial values and its memory layout."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError

# -- the function ----------------------------------------------------------------------------------


@given(
    batch=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    inputs=st.integers(1, 5),
    outputs=st.integers(1, 5),
    bias=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_y_is_x_times_w_transposed_plus_b(batch, inputs, outputs, bias, seed):
    layer = nn.Linear(inputs, outputs, bias=bias, generator=mr.Generator(seed))
    for p in layer.parameters():
        p.data = p.data.astype(np.float64)
    x = np.random.default_rng(seed).normal(size=(*batch, inputs))
    y = layer(mr.tensor(x))
    expected = np.einsum("...i,oi->...o", x, layer.weight.numpy())
    if bias:
        expected = expected + layer.bias.numpy()
    assert y.shape == (*batch, outputs)
    np.testing.assert_allclose(y.numpy(), expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("shape", [(5,), (), (3, 4), (4, 3, 2)])
def test_inputs_that_do_not_fit_raise_and_name_both_shapes(shape):
    layer = nn.Linear(3, 2)
    with pytest.raises(ArgumentError) as raised:
        layer(mr.zeros(shape))
    assert str(shape) in str(raised.value)
    assert "(2, 3)" in str(raised.value)


def test_gradients_are_those_of_the_formula(backend):
    layer = nn.Linear(3, 2)
    x = mr.tensor(np.arange(12.0, dtype=np.float32).reshape(4, 3), requires_grad=True)
    g = np.array([[1, 0], [0, 1], [2, 3], [-1, 1]], np.float32)
    layer(x).backward(mr.tensor(g))
    host = backend.to_host
    np.testing.assert_array_equal(host(layer.weight.grad), g.T @ x.numpy())
    np.testing.assert_array_equal(host(layer.bias.grad), g.sum(axis=0))
    np.testing.assert_allclose(host(x.grad), g @ layer.weight.numpy(), rtol=1e-6)


def test_a_layer_without_bias_has_one_parameter():
    layer = nn.Linear(3, 2, bias=False)
    assert layer.bias is None
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert layer(mr.zeros((1, 3))).tolist() == [[0.0, 0.0]]


@pytest.mark.host
@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (-1, 2)])
def test_sizes_below_one_raise(sizes):
    with pytest.raises(ArgumentError, match=r"(in|out)_features must be at least 1, got"):
        nn.Linear(*sizes)


@pytest.mark.host
@pytest.mark.parametrize("sizes", [(2.0, 2), (2, "3"), (True, 2), (None, 1)])
def test_sizes_that_are_not_whole_numbers_raise(sizes):
    with pytest.raises(ArgumentTypeError, match=r"(in|out)_features must be a whole number, got"):
        nn.Linear(*sizes)


# -- the initial values ----------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", [1, 3, 10, 784])
def test_initial_values_fill_one_over_root_inputs(inputs):
    layer = nn.Linear(inputs, 20_000 // inputs + 1, generator=mr.Generator(0))
    bound = np.float32(1 / math.sqrt(inputs))
    weight = layer.weight.numpy()
    assert weight.dtype == np.float32
    assert np.abs(weight).max() <= bound
    assert np.abs(layer.bias.numpy()).max() <= bound
    # 20 000 uniform values: the largest is below 0.999 of the bound with probability e⁻²⁰.
    assert weight.max() > 0.999 * bound
    assert weight.min() < -0.999 * bound


def test_initial_values_are_uniform():
    stats = pytest.importorskip("scipy.stats")
    layer = nn.Linear(100, 1000, generator=mr.Generator(0))
    for p in (layer.weight, layer.bias):
        values = p.numpy().ravel().astype(np.float64)
        # Kolmogorov-Smirnov: a right generator fails this once in a thousand seeds.
        assert stats.kstest(values, stats.uniform(-0.1, 0.2).cdf).pvalue > 1e-3
        # mean 0 and variance bound²/3, within four standard errors
        n, bound = values.size, 0.1
        assert abs(values.mean()) < 4 * bound / math.sqrt(3 * n)
        fourth_moment_error = bound**2 * math.sqrt((1 / 5 - 1 / 9) / n)
        assert abs((values**2).mean() - bound**2 / 3) < 4 * fourth_moment_error


@pytest.mark.host
def test_initial_values_have_the_distribution_of_pytorch():
    torch = pytest.importorskip("torch")
    stats = pytest.importorskip("scipy.stats")
    torch.manual_seed(0)
    theirs, ours = torch.nn.Linear(300, 100), nn.Linear(300, 100, generator=mr.Generator(0))
    for p, q in ((ours.weight, theirs.weight), (ours.bias, theirs.bias)):
        p, q = p.numpy().ravel(), q.detach().numpy().ravel()
        assert p.shape == q.shape
        assert p.dtype == q.dtype
        assert stats.ks_2samp(p, q).pvalue > 1e-3


def test_initial_values_are_those_of_the_seed():
    def weights(seed):
        mr.seed(seed)
        return nn.Linear(5, 4).weight.tolist()

    assert weights(1) == weights(1)
    assert weights(1) != weights(2)


def test_two_layers_of_one_generator_differ():
    mr.seed(0)
    assert nn.Linear(4, 4).weight.tolist() != nn.Linear(4, 4).weight.tolist()
    own = mr.Generator(0)
    assert nn.Linear(4, 4, generator=own).weight.tolist() != (
        nn.Linear(4, 4, generator=own).weight.tolist()
    )


def test_a_layer_with_a_generator_ignores_the_default_seed():
    mr.seed(1)
    one = nn.Linear(4, 4, generator=mr.Generator(7))
    following = nn.Linear(4, 4)
    mr.seed(1)
    assert following.weight.tolist() == nn.Linear(4, 4).weight.tolist()
    mr.seed(2)
    assert one.weight.tolist() == nn.Linear(4, 4, generator=mr.Generator(7)).weight.tolist()


@pytest.mark.host
def test_initial_values_are_the_same_on_every_backend():
    made = []
    for name in ("numpy", "guarded"):
        with mr.use_backend(name):
            made.append(nn.Linear(6, 5, generator=mr.Generator(3)))
    for p, q in zip(made[0].parameters(), made[1].parameters(), strict=True):
        np.testing.assert_array_equal(p.numpy(), q.numpy())


@pytest.mark.parametrize(("side", "expected"), [(8, 784), (28, 64)])
def test_a_shape_error_of_one_digit_set_names_the_other(side, expected):
    images = mr.zeros((3, 1, side, side))
    with pytest.raises(ArgumentError, match=r"load_digits gives 8 × 8 .*load_mnist5k 28 × 28"):
        nn.Sequential(nn.Flatten(), nn.Linear(expected, 10))(images)
    with pytest.raises(ArgumentError, match=r"does not fit W .*\(10, 100\)\.$"):
        nn.Sequential(nn.Flatten(), nn.Linear(100, 10))(images)


# -- flags and memory ------------------------------------------------------------------------------


def test_penalties_apply_to_the_weight_and_not_to_the_bias():
    layer = nn.Linear(3, 2)
    assert layer.weight.regularize
    assert not layer.bias.regularize


def test_weight_and_gradient_are_stored_by_columns():
    layer = nn.Linear(6, 5)
    layer(mr.ones((4, 6))).sum().backward()
    for array in (layer.weight.data, layer.weight.grad):
        assert array.shape == (5, 6)
        assert array.T.flags.c_contiguous


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_optimizers_and_loading_keep_that_layout(momentum):
    layer = nn.Linear(6, 5)
    optimizers = [
        mr.optim.SGD(layer.parameters(), lr=0.1, momentum=momentum, weight_decay=0.1),
        mr.optim.Adam(layer.parameters(), weight_decay=0.1),
    ]
    for optimizer in optimizers:
        layer.zero_grad()
        layer(mr.ones((4, 6))).sum().backward()
        optimizer.step()
        state = optimizer.state[layer.weight]
        # An update that mixes both orders takes many times as long.
        for array in (value for value in state.values() if hasattr(value, "shape")):
            assert array.T.flags.c_contiguous
    layer.load_state_dict(layer.state_dict())
    assert layer.weight.data.T.flags.c_contiguous
