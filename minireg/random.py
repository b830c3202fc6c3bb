"""Random numbers that are the same on every backend.

NumPy's and CuPy's own generators give different numbers for the same seed (CuPy's even depend on
the GPU model), so a dropout mask would change with the machine.  Here value i of a stream is a
hash of (seed, stream, i): the finalizer of splitmix64, integer arithmetic only, bit-identical
everywhere, and any part of a stream can be computed without the rest.

Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .backend import Array, current_backend, namespace
from .checks import check_count, check_probability
from .errors import ArgumentError, ArgumentTypeError

GOLDEN = 0x9E3779B97F4A7C15  # 2⁶⁴ / golden ratio, odd: counters spread over all 64 bits
MIX_1, MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
MASK = 2**64 - 1


def mix(z: int) -> int:
    """The finalizer of splitmix64 on one Python integer; a bijection of 64-bit integers."""
    z &= MASK
    z = (z ^ (z >> 30)) * MIX_1 & MASK
    z = (z ^ (z >> 27)) * MIX_2 & MASK
    return z ^ (z >> 31)


def mix_array(z: Array) -> Array:
    """`mix` on an array of uint64, in place.  64-bit products wrap around, as intended."""
    u64 = np.uint64
    z ^= z >> u64(30)
    z *= u64(MIX_1)
    z ^= z >> u64(27)
    z *= u64(MIX_2)
    z ^= z >> u64(31)
    return z


class Generator:
    """A reproducible stream of random numbers.

    Value i depends on (seed, stream, i) only: not on the backend, not on how many are drawn at a
    time.  `spawn()` gives a generator of the same seed with its own stream, so that two dropout
    layers never share masks.

    Args:
        seed: any integer from 0 to 2⁶⁴ − 1.

    >>> g = Generator(0)
    >>> g.bernoulli((2, 3), p=0.5).tolist() == Generator(0).bernoulli((2, 3), p=0.5).tolist()
    True
    >>> Generator(0).spawn().uniform(2).tolist() == Generator(0).uniform(2).tolist()
    False
    """

    def __init__(self, seed: int = 0) -> None:
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        """Start again as `Generator(seed)`."""
        seed = check_count("seed", seed, minimum=0)
        if seed > MASK:
            raise ArgumentError(f"seed must be below 2**64, got {seed}.")
        self.seed, self.stream, self.position, self._spawned = seed, 0, 0, 0
        self._host: np.random.Generator | None = None

    def spawn(self) -> Generator:
        """A generator of the same seed with a new stream."""
        self._spawned += 1
        child = Generator(self.seed)
        child.stream = mix(self.stream + GOLDEN * self._spawned)
        return child

    @property
    def host(self) -> np.random.Generator:
        """A NumPy generator for what is drawn on the host: initial weights and shuffling."""
        if self._host is None:
            self._host = np.random.default_rng([self.seed, self.stream])
        return self._host

    @property
    def state(self) -> dict[str, Any]:
        """Everything needed to continue from here, as plain numbers (JSON can hold them)."""
        return {
            "seed": self.seed,
            "stream": self.stream,
            "position": self.position,
            "spawned": self._spawned,
            "host": self.host.bit_generator.state,
        }

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        needed = {"seed", "stream", "position", "spawned", "host"}
        missing = needed - set(state) if isinstance(state, dict) else needed
        if missing:
            raise ArgumentError(f"This is not the state of a Generator: {sorted(missing)} missing.")
        stream, position, spawned = (
            check_count(name, state[name], minimum=0) for name in ("stream", "position", "spawned")
        )
        if max(stream, position, spawned) > MASK:
            raise ArgumentError("stream, position and spawned must be below 2**64.")
        host = np.random.default_rng()
        try:
            host.bit_generator.state = state["host"]
        except (KeyError, TypeError, ValueError) as error:
            raise ArgumentError(f"'host' is not a state of NumPy's PCG64: {error}") from error
        self.reseed(state["seed"])
        self.stream, self.position, self._spawned, self._host = stream, position, spawned, host

    # Each 64-bit hash holds two values: value 2j is its lower half, value 2j + 1 its upper half.
    # Hash j is output j of splitmix64 started at mix(mix(seed) ^ stream): it hashes the state
    # after j + 1 steps.  (Hashing the state before the step would make the first output of seed 0
    # zero, as mix(0) = 0.)

    @property
    def _key(self) -> int:
        return (mix(mix(self.seed) ^ self.stream) + GOLDEN) & MASK

    def bits(self, count: int, like: Array | None = None) -> Array:
        """The next `count` values as uint32, on the backend of `like` or the current one."""
        count = check_count("count", count, minimum=0)
        xp = current_backend() if like is None else namespace(like)
        first, last = self.position // 2, -(-(self.position + count) // 2)
        z = xp.arange(first, last, dtype=xp.uint64)
        z *= np.uint64(GOLDEN)
        z += np.uint64(self._key)
        start = self.position - 2 * first
        self.position += count
        return mix_array(z).view(xp.uint32)[start : start + count]

    def bits_at(self, index: Array) -> Array:
        """The values at the positions `index` (uint64) of the stream, which does not advance."""
        u64 = np.uint64
        z = (index >> u64(1)) * u64(GOLDEN)
        z += u64(self._key)
        z = mix_array(z) >> ((index & u64(1)) << u64(5))
        return z.astype(namespace(index).uint32)

    def bernoulli(self, shape: int | tuple[int, ...], p: float, like: Array | None = None) -> Array:
        """A boolean array; each entry is True with probability `p` (to 2⁻³²).

        Args:
            shape: the shape of the result.
            p: in [0, 1].
            like: an array; the result is on its backend, by default on the current one.

        >>> bool(Generator(1).bernoulli(10, p=1.0).all())
        True
        """
        p = check_probability("p", p)
        threshold = round(p * 2**32)  # compare integers: no rounding can differ between backends
        bits = self.bits(count_entries(shape), like)
        drawn = bits < np.uint32(threshold) if threshold < 2**32 else bits >= np.uint32(0)
        return drawn.reshape(shape)

    def uniform(self, shape: int | tuple[int, ...], like: Array | None = None) -> Array:
        """float32 in [0, 1): multiples of 2⁻²⁴, all equally likely."""
        return to_unit_interval(self.bits(count_entries(shape), like)).reshape(shape)

    def normal(
        self, shape: int | tuple[int, ...], dtype: Any = "float32", like: Array | None = None
    ) -> Array:
        """Standard normal numbers √(−2 log u) cos(2π v), each from two values u, v of the stream.

        The bits of u and v are the same everywhere; the results agree to rounding, because
        libraries round log and cos differently.

        Args:
            shape: the shape of the result.
            dtype: float32 or float64.
            like: an array; the result is on its backend, by default on the current one.

        Box, Muller (1958), "A note on the generation of random normal deviates".

        >>> Generator(0).normal((2, 3)).shape
        (2, 3)
        """
        dtype = np.dtype(dtype)
        if dtype not in (np.float32, np.float64):
            raise ArgumentError(f"Normal numbers are float32 or float64, not {dtype}.")
        return to_normal(self.bits(2 * count_entries(shape), like), dtype).reshape(shape)

    def uniform_at(self, index: Array) -> Array:
        """`uniform`, but the values at the positions `index` (an array of uint64) of the stream.

        >>> g = Generator(3)
        >>> bool((g.uniform_at(np.arange(5, dtype=np.uint64)) == g.uniform(5)).all())
        True
        """
        return to_unit_interval(self.bits_at(index))


def count_entries(shape: int | tuple[int, ...]) -> int:
    """The number of entries of an array of this shape."""
    lengths = shape if isinstance(shape, (tuple, list)) else (shape,)
    return math.prod(check_count("each length of shape", n, minimum=0) for n in lengths)


def to_unit_interval(bits: Array) -> Array:
    """uint32 to float32 in [0, 1): the upper 24 bits are exact in a float32."""
    xp = namespace(bits)
    return (bits >> np.uint32(8)).astype(xp.float32) * np.float32(2**-24)


def to_normal(bits: Array, dtype: Any) -> Array:
    """Pairs of uint32 along the last axis to standard normal numbers, by Box and Muller."""
    xp = namespace(bits)
    u = (bits[..., 0::2].astype(dtype) + 0.5) * 2**-32  # never 0
    v = bits[..., 1::2].astype(dtype) * 2**-32
    return xp.sqrt(-2 * xp.log(u)) * xp.cos(2 * math.pi * v)


# -- dense noise: keys are drawn on the host, the numbers of a key hashed where the images are -----


def hash_bits(key: Array, count: int) -> Array:
    """The first `count` values of each key's own stream, (N, count) uint32 on the backend of `key`.

    Output j of splitmix64 started at a key holds its values 2j (lower half) and 2j + 1 (upper).

    Args:
        key: N random uint64, of any shape.

    >>> hash_bits(np.zeros(1, np.uint64), 2).tolist() == [Generator(0).bits(2).tolist()]
    True
    """
    xp = namespace(key)
    z = xp.arange(1, (count + 1) // 2 + 1, dtype=xp.uint64)
    z = z * np.uint64(GOLDEN) + key.reshape(-1, 1)
    return mix_array(z).view(xp.uint32)[:, :count]


def hash_uniform(key: Array, shape: tuple[int, ...]) -> Array:
    """(N, *shape) float32 in [0, 1), multiples of 2⁻²⁴; row i depends on key i only.

    >>> hash_uniform(np.array([5, 7], np.uint64), (3, 4)).shape
    (2, 3, 4)
    """
    bits = hash_bits(key, math.prod(shape))
    return to_unit_interval(bits).reshape(len(bits), *shape)


def hash_normal(key: Array, shape: tuple[int, ...], dtype: Any = "float32") -> Array:
    """(N, *shape) standard normal numbers; row i depends on key i only.  See `Generator.normal`.

    >>> hash_normal(np.array([5, 7], np.uint64), (3, 4)).shape
    (2, 3, 4)
    """
    bits = hash_bits(key, 2 * math.prod(shape))
    return to_normal(bits, dtype).reshape(len(bits), *shape)


_default = Generator(0)


def default_generator() -> Generator:
    """The generator that is used where no other one is given.

    >>> mr.seed(3)
    >>> mr.default_generator().seed
    3
    """
    return _default


def as_generator(generator: Generator | None) -> Generator:
    """Return `generator`; for None, a new stream of the default generator."""
    if generator is None:
        return default_generator().spawn()
    if not isinstance(generator, Generator):
        raise ArgumentTypeError(
            f"generator must be a minireg generator, got {generator!r}. "
            f"Make one from a seed: mr.Generator(0).",
            argument="generator",
        )
    return generator


def seed(n: int) -> None:
    """Start all randomness of minireg again from `n`: initial weights, shuffling, masks.

    Modules take their random stream when they are built: call `seed` before building the model.

    >>> seed(0)
    """
    _default.reseed(n)
