"""Normal numbers: Box and Muller's formula on the bits of the stream."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minireg.errors import ArgumentError
from minireg.random import Generator
from tests.guarded import counting

seeds = st.integers(0, 2**64 - 1)


@given(seed=seeds, shape=st.tuples(st.integers(0, 3), st.integers(0, 5)))
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-13), ("float32", 2e-5)])
def test_normal_numbers_follow_from_the_bits(backend, dtype, tolerance, seed, shape):
    drawn = backend.to_host(Generator(seed).normal(shape, dtype))
    u, v = backend.to_host(Generator(seed).bits(2 * drawn.size)).reshape(-1, 2).T / 2.0**32
    radius = np.sqrt(-2 * np.log(u + 2.0**-33))
    expected = (radius * np.cos(2 * np.pi * v)).reshape(shape)
    assert drawn.dtype == dtype
    np.testing.assert_allclose(drawn, expected, atol=tolerance)


@given(seed=seeds, parts=st.lists(st.integers(0, 7), max_size=6))
def test_any_chunking_gives_the_same_normal_numbers(backend, seed, parts):
    one, other = Generator(seed), Generator(seed)
    chunks = [backend.to_host(one.normal(n)) for n in parts]
    whole = backend.to_host(other.normal(sum(parts)))
    np.testing.assert_array_equal(np.concatenate([*chunks, np.zeros(0)]), whole)
    assert one.position == other.position == 2 * sum(parts)


def test_normal_numbers_need_no_host_read_and_no_upload(backend):
    generator = Generator(0)
    with counting() as counts:
        generator.normal((3, 5))
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()


@pytest.mark.host
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normal_numbers_are_normal_and_uncorrelated(dtype):
    z = Generator(5).normal(100_000, dtype)
    # A right generator fails for one seed in 10⁹.
    assert stats.kstest(z, stats.norm.cdf).pvalue > 5e-10
    assert abs(np.corrcoef(z[:-1], z[1:])[0, 1]) * np.sqrt(len(z)) < stats.norm.isf(2.5e-10)


@pytest.mark.host
@pytest.mark.parametrize(("bits", "size"), [(0, 6.764), (2**32 - 1, 0.0)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_first_and_the_last_bits_give_finite_numbers(dtype, bits, size):
    generator = Generator(0)
    generator.bits = lambda count, like: np.full(count, bits, np.uint32)
    np.testing.assert_allclose(generator.normal(1, dtype), size, atol=1e-3)


@pytest.mark.host
@pytest.mark.parametrize("dtype", ["float16", "int64", bool])
def test_normal_numbers_of_another_dtype_are_refused(dtype):
    generator = Generator(0)
    with pytest.raises(ArgumentError, match="are float32 or float64, not"):
        generator.normal(3, dtype)
    assert generator.position == 0
