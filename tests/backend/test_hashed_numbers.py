"""Numbers hashed from keys: each row is a stream of its own, the same on every backend."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minireg.random import GOLDEN, MASK, hash_bits, hash_normal, hash_uniform, mix
from tests.guarded import counting

keys = st.lists(st.integers(0, 2**64 - 1), max_size=3)
shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)


def upload(backend, numbers):
    return backend.asarray(np.array(numbers, dtype=np.uint64))


@given(numbers=keys, count=st.integers(0, 7))
def test_hashed_bits_are_splitmix64_started_at_the_key(backend, numbers, count):
    bits = backend.to_host(hash_bits(upload(backend, numbers), count))
    assert bits.dtype == np.uint32
    assert bits.shape == (len(numbers), count)
    for key, row in zip(numbers, bits.tolist(), strict=True):
        outputs = [mix((key + GOLDEN * (j + 1)) & MASK) for j in range(count)]
        assert row == [half for z in outputs for half in (z % 2**32, z >> 32)][:count]


@given(numbers=keys, shape=shapes)
def test_hashed_uniform_numbers_are_their_upper_24_bits(backend, numbers, shape):
    u = backend.to_host(hash_uniform(upload(backend, numbers), shape))
    bits = backend.to_host(hash_bits(upload(backend, numbers), int(np.prod(shape))))
    assert u.dtype == np.float32
    assert u.shape == (len(numbers), *shape)
    np.testing.assert_array_equal(u, (bits >> 8).reshape(u.shape) / 2.0**24)


@given(numbers=keys, shape=shapes)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-13), ("float32", 2e-5)])
def test_hashed_normal_numbers_follow_box_muller(backend, dtype, tolerance, numbers, shape):
    z = backend.to_host(hash_normal(upload(backend, numbers), shape, dtype))
    bits = backend.to_host(hash_bits(upload(backend, numbers), 2 * int(np.prod(shape))))
    u, v = bits[:, 0::2] / 2.0**32 + 2.0**-33, bits[:, 1::2] / 2.0**32
    expected = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    assert z.dtype == dtype
    np.testing.assert_allclose(z, expected.reshape(len(numbers), *shape), atol=tolerance)


def test_a_row_depends_on_its_own_key_only(backend):
    together = backend.to_host(hash_normal(upload(backend, [[5], [2**64 - 1]]), (2, 3)))
    alone = backend.to_host(hash_normal(upload(backend, [2**64 - 1]), (2, 3)))
    np.testing.assert_array_equal(alone[0], together[1])
    assert (together[0] != together[1]).all()


def test_hashing_needs_no_host_read_and_no_upload(backend):
    key = upload(backend, [1, 2])
    with counting() as counts:
        hash_uniform(key, (3, 4))
        hash_normal(key, (3, 4))
    assert counts.events == [], counts.where()


@pytest.mark.host
def test_hashed_numbers_are_normal_and_independent():
    key = np.random.default_rng(0).integers(2**64, size=100, dtype=np.uint64)
    z = hash_normal(key, (1000,), "float64")
    # Each of the three fails for one choice of keys in 10⁹, if all numbers are independent.
    assert stats.kstest(z.ravel(), stats.norm.cdf).pvalue > 1e-9
    for one, other in ((z[:, 1:], z[:, :-1]), (z[1:], z[:-1])):
        mean = (one * other).mean() * np.sqrt(one.size)
        assert abs(mean) < stats.norm.isf(5e-10)
