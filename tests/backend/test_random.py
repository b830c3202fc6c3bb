"""Random numbers: a function of (seed, stream, i) only, the same on every backend."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg.errors import ArgumentError, ArgumentTypeError, MiniregError
from minireg.random import Generator, default_generator
from tests.guarded import counting

seeds = st.integers(0, 2**64 - 1)


def splitmix64(state):
    """The generator of Steele, Lea and Flood, in Python integers: the next state and its output."""
    state = (state + 0x9E3779B97F4A7C15) % 2**64
    z = state
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return state, z ^ (z >> 31)


def finalizer(z):
    """The output of splitmix64 for its state after a step."""
    return splitmix64((z - 0x9E3779B97F4A7C15) % 2**64)[1]


def expected_bits(seed, stream, count):
    """splitmix64 started at the key of the stream; of each output first the lower 32 bits."""
    state = finalizer(finalizer(seed) ^ stream)
    values = []
    while len(values) < count:
        state, output = splitmix64(state)
        values += [output % 2**32, output >> 32]
    return values[:count]


def host(backend, array):
    return backend.to_host(array)


# -- which numbers ---------------------------------------------------------------------------------


PUBLISHED = {  # the first outputs of splitmix64, as the tests of many implementations list them
    0: [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC],
    1234567: [0x599ED017FB08FC85, 0x2C73F08458540FA5, 0x883EBCE5A3F27C77, 0x3FBEF740E9177B3F],
}


@pytest.mark.host
@pytest.mark.parametrize(("state", "expected"), PUBLISHED.items())
def test_the_reference_gives_the_published_numbers(state, expected):
    outputs = []
    for _ in expected:
        state, output = splitmix64(state)
        outputs.append(output)
    assert outputs == expected


def test_seed_0_gives_the_published_numbers_of_splitmix64(backend):
    # A change here would give every user different masks for the same seed.
    halves = [half for output in PUBLISHED[0] for half in (output % 2**32, output >> 32)]
    assert host(backend, Generator(0).bits(8)).tolist() == halves


@given(seed=seeds, stream=seeds, count=st.integers(0, 9))
def test_bits_are_those_of_splitmix64(backend, seed, stream, count):
    generator = Generator(seed)
    generator.stream = stream
    bits = host(backend, generator.bits(count))
    assert bits.dtype == np.uint32
    assert bits.tolist() == expected_bits(seed, stream, count)


@given(seed=seeds, parts=st.lists(st.integers(0, 7), max_size=6))
def test_any_chunking_gives_the_same_values(backend, seed, parts):
    whole = host(backend, Generator(seed).bits(sum(parts)))
    generator = Generator(seed)
    pieces = [host(backend, generator.bits(count)) for count in parts]
    assert np.concatenate([np.zeros(0, np.uint32), *pieces]).tolist() == whole.tolist()
    assert generator.position == sum(parts)


@given(seed=seeds, index=st.lists(st.integers(0, 2**63), max_size=8))
def test_any_value_is_computed_without_the_others(backend, seed, index):
    generator = Generator(seed)
    at = host(backend, generator.bits_at(backend.asarray(np.array(index, dtype=np.uint64))))
    assert generator.position == 0
    for i, value in zip(index, at.tolist(), strict=True):
        jumped = Generator(seed)
        jumped.position = i
        assert host(backend, jumped.bits(1)).tolist() == [value]


def test_uniform_at_gives_the_values_of_uniform(backend):
    generator = Generator(3)
    index = backend.arange(100, dtype=np.uint64)
    at = host(backend, generator.uniform_at(index))
    assert at.tolist() == host(backend, generator.uniform(100)).tolist()


@given(seed=seeds, p=st.floats(0, 1), shape=st.tuples(st.integers(0, 3), st.integers(0, 5)))
def test_masks_and_uniform_numbers_follow_from_the_bits(backend, seed, p, shape):
    bits = np.array(expected_bits(seed, 0, 2 * shape[0] * shape[1]), dtype=np.int64)
    first, second = bits.reshape(2, *shape)
    generator = Generator(seed)
    mask = host(backend, generator.bernoulli(shape, p))
    assert mask.dtype == np.bool_
    assert mask.tolist() == (first < round(p * 2**32)).tolist()
    uniform = host(backend, generator.uniform(shape))
    assert uniform.dtype == np.float32
    assert uniform.tolist() == ((second >> 8) / 2**24).tolist()


def test_drawing_needs_no_host_read_and_no_upload(backend):
    with counting() as counts:
        Generator(0).bernoulli((3, 4), 0.5)
        Generator(0).uniform(5)
    assert counts.events == [], counts.where()


# -- streams ---------------------------------------------------------------------------------------


@given(seed=seeds)
def test_streams_of_one_seed_are_distinct(backend, seed):
    root = Generator(seed)
    children = [root.spawn() for _ in range(5)]
    grandchildren = [child.spawn() for child in children]
    drawn = [tuple(host(backend, g.bits(4)).tolist()) for g in (root, *children, *grandchildren)]
    assert len(set(drawn)) == 11


@pytest.mark.host
def test_spawning_does_not_depend_on_what_was_drawn():
    a, b = Generator(5), Generator(5)
    a.bits(7)
    assert [a.spawn().stream, a.spawn().stream] == [b.spawn().stream, b.spawn().stream]


@pytest.mark.host
def test_no_seed_starts_with_zeros():
    first = np.array([Generator(seed).bits(2) for seed in range(100)])
    assert (first > 0).all(), "the chance of a 0 among 200 values of 32 bits is 5e-8"


def test_like_chooses_the_backend(backend):
    there = mr.tensor([1.0]).to("guarded").data
    assert isinstance(Generator(0).bernoulli(3, 0.5, like=there), type(there))
    assert isinstance(Generator(0).uniform(3, like=backend.ones(1)), backend.array_type)


@pytest.mark.host
def test_neighbouring_streams_and_seeds_are_uncorrelated():
    root = Generator(0)
    generators = [Generator(n) for n in range(4)] + [root.spawn() for _ in range(4)]
    correlations = np.corrcoef([g.uniform(4000) for g in generators])[np.triu_indices(8, 1)]
    # 28 coefficients with standard deviation 1/√4000: |r| > 5σ has a chance of 2e-5 altogether.
    assert np.abs(correlations).max() < 5 / np.sqrt(4000)


@given(seed=seeds)
def test_the_host_generator_belongs_to_its_stream(seed):
    assert Generator(seed).host.random() == Generator(seed).host.random()
    assert Generator(seed).host.random() != Generator(seed).spawn().host.random()


def test_seed_starts_everything_again(backend):
    mr.seed(7)
    first = host(backend, default_generator().bits(3)).tolist(), default_generator().host.random()
    mr.seed(7)
    again = host(backend, default_generator().bits(3)).tolist(), default_generator().host.random()
    assert first == again
    mr.seed(8)
    assert host(backend, default_generator().bits(3)).tolist() != first[0]


# -- distributions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.0, 2**-32, 0.001, 0.1, 0.3, 0.5, 0.8, 0.999, 1.0])
def test_bernoulli_follows_the_binomial_distribution(backend, p):
    n = 20_000
    hits = int(host(backend, Generator(11).bernoulli(n, p)).sum())
    # Two exact binomial tails of 1e-6: a correct generator fails in one of 500 000 cases.
    low, high = stats.binom.ppf(1e-6, n, p), stats.binom.isf(1e-6, n, p)
    assert max(low, 0) <= hits <= high
    if p in (0, 1):
        assert hits == n * p


@pytest.mark.host
def test_bernoulli_has_the_variance_of_independent_draws():
    rows = Generator(1).bernoulli((2000, 50), 0.3).sum(axis=1)
    # Σ over rows of (k − np)² / (np(1 − p)) is χ² with 2000 degrees of freedom.
    statistic = ((rows - 15.0) ** 2 / (50 * 0.3 * 0.7)).sum()
    assert 1e-6 < stats.chi2.sf(statistic, 2000) < 1 - 1e-6


@pytest.mark.host
def test_uniform_numbers_are_uniform():
    u = Generator(2).uniform(100_000).astype(np.float64)
    assert u.min() >= 0
    assert u.max() < 1
    n = len(u)
    # Mean ½ ± 1/√(12n), mean square ⅓ ± √(4/45 n); five standard deviations each.
    assert abs(u.mean() - 0.5) < 5 / np.sqrt(12 * n)
    assert abs((u * u).mean() - 1 / 3) < 5 * np.sqrt(4 / 45 / n)
    counts = np.bincount((u * 256).astype(np.int64), minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-6
    pairs = np.bincount((u[::2] * 16).astype(int) * 16 + (u[1::2] * 16).astype(int), minlength=256)
    assert stats.chisquare(pairs).pvalue > 1e-6


@pytest.mark.host
def test_every_bit_is_set_half_of_the_time():
    bits = Generator(4).bits(20_000)
    ones = ((bits[:, None] >> np.arange(32, dtype=np.uint32)) & 1).sum(axis=0)
    low, high = stats.binom.ppf([1e-7, 1 - 1e-7], 20_000, 0.5)
    assert ((low <= ones) & (ones <= high)).all()


# -- state -----------------------------------------------------------------------------------------


@given(seed=seeds, drawn=st.integers(0, 9), spawned=st.integers(0, 3))
def test_a_restored_state_continues_the_stream(backend, seed, drawn, spawned):
    generator = Generator(seed).spawn()
    generator.bits(drawn)
    generator.host.random(drawn)
    for _ in range(spawned):
        generator.spawn()
    state = json.loads(json.dumps(generator.state))

    def future(g):
        bits = host(backend, g.bits(5)).tolist()
        return bits, g.host.random(2).tolist(), g.spawn().stream, g.position

    expected = future(generator)
    restored = Generator(1)
    restored.state = state
    assert future(restored) == expected
    assert state == json.loads(json.dumps(state)), "the state itself does not change"


@pytest.mark.host
def test_taking_the_state_changes_nothing():
    a, b = Generator(3), Generator(3)
    _ = a.state
    assert a.host.random() == b.host.random()
    assert a.bits(3).tolist() == b.bits(3).tolist()


@pytest.mark.host
@pytest.mark.parametrize("missing", ["seed", "stream", "position", "spawned", "host"])
def test_an_incomplete_state_is_refused_and_changes_nothing(missing):
    generator = Generator(3)
    before = generator.state
    state = {key: value for key, value in Generator(4).state.items() if key != missing}
    sentence = rf"not the state of a Generator: \['{missing}'\] missing"
    with pytest.raises(ArgumentError, match=sentence):
        generator.state = state
    assert generator.state == before


@pytest.mark.host
@pytest.mark.parametrize("state", [None, "state", [1], {}])
def test_what_is_not_a_state_gets_a_sentence(state):
    with pytest.raises(ArgumentError, match="not the state of a Generator"):
        Generator(0).state = state


@pytest.mark.host
@pytest.mark.parametrize(
    "damage",
    [
        {"seed": -1},
        {"seed": "0"},
        {"seed": 2**64},
        {"stream": -1},
        {"stream": 2**64},
        {"stream": None},
        {"position": -1},
        {"position": 0.5},
        {"spawned": "many"},
        {"host": {}},
        {"host": None},
        {"host": {"bit_generator": "MT19937"}},
    ],
    ids=str,
)
def test_a_damaged_state_raises_and_changes_nothing(damage):
    generator = Generator(3)
    before = generator.state
    with pytest.raises(MiniregError):
        generator.state = Generator(4).state | damage
    assert generator.state == before


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("seed", "error", "sentence"),
    [
        (-1, ArgumentError, "seed must be at least 0, got -1"),
        (2**64, ArgumentError, r"seed must be below 2\*\*64, got 18446744073709551616"),
        (1.5, ArgumentTypeError, "seed must be a whole number, got 1.5"),
        ("0", ArgumentTypeError, "seed must be a whole number, got '0'"),
        (True, ArgumentTypeError, "seed must be a whole number, got True"),
        (None, ArgumentTypeError, "seed must be a whole number, got None"),
    ],
)
def test_a_bad_seed_gets_a_sentence(seed, error, sentence):
    for use in (Generator, mr.seed, Generator(0).reseed):
        with pytest.raises(error, match=sentence):
            use(seed)


@pytest.mark.host
def test_a_numpy_integer_is_a_seed():
    assert Generator(np.int64(3)).bits(4).tolist() == Generator(3).bits(4).tolist()


@pytest.mark.host
@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan"), "half", None])
def test_a_bad_probability_raises_and_draws_nothing(p):
    generator = Generator(0)
    with pytest.raises(MiniregError, match="p must be"):
        generator.bernoulli(3, p)
    assert generator.position == 0


@pytest.mark.host
@pytest.mark.parametrize("shape", [-1, (2, -1), (2.5,), "3", None])
def test_a_bad_shape_gets_a_sentence_and_draws_nothing(shape):
    generator = Generator(0)
    for draw in (generator.uniform, lambda s: generator.bernoulli(s, 0.5)):
        with pytest.raises(MiniregError):
            draw(shape)
    assert generator.position == 0
