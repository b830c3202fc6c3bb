"""Dropout: p is the probability of dropping, True in the mask means kept, scaling is inverted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError

# -- what it computes ------------------------------------------------------------------------------


@given(
    shape=st.lists(st.integers(0, 5), min_size=1, max_size=3).map(tuple),
    p=st.floats(0, 0.99),
    seed=st.integers(0, 2**64 - 1),
)
def test_output_is_mask_times_x_over_one_minus_p(backend, shape, p, seed):
    layer = nn.Dropout(p, generator=mr.Generator(seed))
    x = np.random.default_rng(0).normal(size=shape)
    y = layer(mr.tensor(x)).numpy()
    if p == 0:
        np.testing.assert_array_equal(y, x)
        return
    mask = backend.to_host(layer.mask)
    assert mask.dtype == bool
    assert mask.shape == shape
    np.testing.assert_array_equal(y == 0, ~mask)
    np.testing.assert_allclose(y[mask], x[mask] / (1 - p), rtol=1e-15)


def test_gradient_is_scaled_as_the_output_is(backend):
    layer = nn.Dropout(0.75, generator=mr.Generator(1))
    x = mr.ones((8, 9), requires_grad=True)
    g = np.arange(72, dtype=np.float32).reshape(8, 9)
    layer(x).backward(mr.tensor(g))
    np.testing.assert_array_equal(backend.to_host(x.grad), g * backend.to_host(layer.mask) * 4)


def test_dtype_is_kept():
    for dtype in (np.float32, np.float64):
        assert nn.Dropout(0.3)(mr.tensor(np.ones(5, dtype))).dtype == dtype


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_number_of_dropped_entries_is_binomial(backend, p):
    binomial = pytest.importorskip("scipy.stats").binom
    layer, n = nn.Dropout(p, generator=mr.Generator(0)), 100_000
    layer(mr.ones(n))
    mask = backend.to_host(layer.mask)
    # A right generator leaves these exact bounds for one seed in 10⁹.
    assert binomial.ppf(2.5e-10, n, p) <= (~mask).sum() <= binomial.ppf(1 - 2.5e-10, n, p)
    # Neighbours are independent: both of a pair are dropped with probability p².
    pairs = (~mask[0::2] & ~mask[1::2]).sum()
    low, high = binomial.ppf([2.5e-10, 1 - 2.5e-10], n // 2, p * p)
    assert low <= pairs <= high


def test_the_expected_output_is_the_input():
    p, n = 0.4, 200_000
    y = nn.Dropout(p, generator=mr.Generator(2))(mr.tensor(np.ones(n))).numpy()
    standard_error = np.sqrt(p / (1 - p) / n)
    assert abs(y.mean() - 1) < 6.2 * standard_error  # false for one seed in 10⁹


# -- evaluation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0, 0.5, 0.99])
def test_in_evaluation_it_is_the_identity_and_draws_nothing(p):
    layer = nn.Dropout(p).eval()
    x = mr.ones((3, 4))
    before = layer.generator.position
    assert layer(x) is x
    assert layer.generator.position == before
    assert layer.mask is None


def test_p_zero_is_the_identity_in_training():
    x = mr.ones((3, 4))
    assert nn.Dropout(0)(x) is x


def test_evaluation_does_not_change_later_masks(backend):
    def masks(evaluates):
        layer, found = nn.Dropout(0.5, generator=mr.Generator(5)), []
        for _ in range(3):
            layer.train()(mr.ones(50))
            found.append(backend.to_host(layer.mask).tolist())
            if evaluates:
                layer.eval()(mr.ones(50))
        return found

    assert masks(True) == masks(False)


# -- the probability -------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("p", [1, 1.0, -0.1, 1.5, float("nan"), float("inf")])
def test_a_p_outside_its_range_raises(p):
    with pytest.raises(ArgumentError, match=r"the probability of dropping, must be in \[0, 1\)"):
        nn.Dropout(p)


@pytest.mark.host
@pytest.mark.parametrize("p", ["0.5", None, True, [0.5]])
def test_a_p_that_is_not_a_number_raises(p):
    with pytest.raises(ArgumentTypeError, match=r"the probability of dropping, must be a number"):
        nn.Dropout(p)


# -- streams ---------------------------------------------------------------------------------------


def test_two_layers_never_share_masks(backend):
    layers = [nn.Dropout(0.5) for _ in range(20)]
    seen = set()
    for _ in range(10):
        for layer in layers:
            layer(mr.ones(64))
            seen.add(backend.to_host(layer.mask).tobytes())
    assert len(seen) == 200  # a coincidence has the probability 2⁻⁴⁹


def test_masks_do_not_depend_on_draws_of_another_layer(backend):
    def masks(extra_draws):
        mr.seed(0)
        one, other = nn.Dropout(0.5), nn.Dropout(0.5)
        for _ in range(extra_draws):
            one(mr.ones(7))
        other(mr.ones(64))
        return backend.to_host(other.mask).tolist()

    assert masks(0) == masks(3)


def test_two_layers_on_one_generator_share_no_mask(backend):
    own = mr.Generator(0)
    one, other = nn.Dropout(0.5, generator=own), nn.Dropout(0.5, generator=own)
    one(mr.ones(64))
    other(mr.ones(64))
    assert backend.to_host(one.mask).tolist() != backend.to_host(other.mask).tolist()


def test_a_new_mask_is_drawn_for_every_call(backend):
    layer = nn.Dropout(0.5)
    layer(mr.ones(64))
    first = backend.to_host(layer.mask).tolist()
    layer(mr.ones(64))
    assert backend.to_host(layer.mask).tolist() != first


def run(seed, **options):
    """The outputs of two steps of a net with two dropout layers, drawn after `mr.seed(seed)`."""
    mr.seed(seed)
    net = nn.Sequential(nn.Dropout(0.5, **options), nn.Dropout(0.5, **options))
    return [net(mr.ones((5, 7))).tolist() for _ in range(2)]


def test_masks_are_those_of_the_seed():
    assert run(3) == run(3)
    assert run(3) != run(4)


def test_a_given_generator_ignores_the_default_seed():
    def with_own(seed):
        return run(seed, generator=mr.Generator(9))

    assert with_own(3) == with_own(4)


@pytest.mark.host
def test_masks_are_bit_identical_on_every_backend():
    with mr.use_backend("guarded"):
        guarded = run(3)
    assert guarded == run(3)


@pytest.mark.host
def test_masks_of_a_seed_never_change_between_versions():
    # Worked out by hand from the definition of splitmix64's finalizer, in Python integers.
    def mix(z):
        z &= 2**64 - 1
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & (2**64 - 1)
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & (2**64 - 1)
        return z ^ (z >> 31)

    key = mix(mix(11) ^ 0)
    expected = []
    for j in range(16):
        z = mix(key + 0x9E3779B97F4A7C15 * (j + 1))
        expected += [z % 2**32 < 0.7 * 2**32, z >> 32 < 0.7 * 2**32]
    layer = nn.Dropout(0.3, generator=mr.Generator(11))
    layer(mr.ones(32))
    assert layer.mask.tolist() == expected
