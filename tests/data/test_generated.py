"""Generated examples lie on the curves their docstrings state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minireg import Generator
from minireg.data import polynomial_regression, spirals, two_moons
from minireg.errors import ArgumentError, ArgumentTypeError

pytestmark = pytest.mark.host

seeds = st.integers(0, 2**32)


@given(st.integers(2, 50), seeds)
def test_moons_without_noise_are_those_of_scikit_learn(n, seed):
    datasets = pytest.importorskip("sklearn.datasets")
    theirs, labels = datasets.make_moons(n, shuffle=False)
    ours = two_moons(n, noise=0, generator=Generator(seed))
    assert ours.y.sum() == labels.sum()
    for k in (0, 1):
        # Along both half circles the first coordinate is monotone: sorted, they are comparable.
        mine, other = ours.x[ours.y == k], theirs[labels == k]
        mine, other = mine[np.argsort(mine[:, 0])], other[np.argsort(other[:, 0])]
        np.testing.assert_allclose(mine, other, atol=1e-6)


@given(st.integers(5, 60), st.integers(1, 5), st.floats(-3, 3), seeds)
def test_spirals_without_noise_lie_on_their_curves(n, classes, turns, seed):
    data = spirals(n, noise=0, generator=Generator(seed), classes=classes, turns=turns)
    assert data.class_counts.max() - data.class_counts.min() <= 1
    points = data.x[:, 0].astype(complex) + 1j * data.x[:, 1]
    t = abs(points)
    expected = t * np.exp(2j * np.pi * (turns * t + data.y / classes))
    np.testing.assert_allclose(points, expected, atol=1e-5)
    for k, count in enumerate(data.class_counts):
        np.testing.assert_allclose(np.sort(t[data.y == k]), np.arange(1, count + 1) / count, 1e-5)


@given(st.integers(1, 40), st.lists(st.floats(-5, 5), min_size=1, max_size=6), seeds)
def test_a_polynomial_without_noise_is_exact(n, coefficients, seed):
    data = polynomial_regression(
        n, coefficients, noise=0, generator=Generator(seed), low=-2, high=1
    )
    assert data.x.shape == data.y.shape == (n, 1)
    assert data.x.min() >= -2
    assert data.x.max() <= 1
    expected = sum(c * data.x.astype(np.float64) ** i for i, c in enumerate(coefficients))
    np.testing.assert_allclose(data.y, expected, rtol=1e-6, atol=1e-4)


MAKERS = {
    "moons": lambda noise, **options: two_moons(4000, noise, **options),
    "spirals": lambda noise, **options: spirals(4000, noise, classes=3, **options),
    "polynomial": lambda noise, **options: polynomial_regression(4000, [1, 2], noise, **options),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_seed_gives_one_dataset_in_float32(make):
    first, again, other = (make(0.1, generator=Generator(seed)) for seed in (3, 3, 4))
    assert first.x.dtype == np.float32
    assert (first.x == again.x).all()
    assert (first.y == again.y).all()
    assert (first.x != other.x).any()


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_noise_has_the_stated_standard_deviation(make):
    # the generators draw the same points for both
    quiet, noisy = (make(noise, generator=Generator(5)) for noise in (0, 0.2))
    moved = noisy.y - quiet.y if quiet.num_classes is None else noisy.x - quiet.x
    # The standard deviation of m normal values varies by σ / √(2m); 5 times that.
    assert abs(moved.std() - 0.2) < 5 * 0.2 / (2 * moved.size) ** 0.5
    assert abs(moved.mean()) < 5 * 0.2 / moved.size**0.5


@pytest.mark.parametrize("make", list(MAKERS.values())[:2], ids=["moons", "spirals"])
def test_classes_come_in_random_order(make):
    y = make(0).y
    assert len(set(y[:20].tolist())) > 1


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: two_moons(1, 0), ArgumentError),
        (lambda: two_moons(10, -0.1), ArgumentError),
        (lambda: two_moons(10, float("nan")), ArgumentError),
        (lambda: two_moons(10, 0, generator=0), ArgumentTypeError),
        (lambda: spirals(2, 0, classes=3), ArgumentError),
        (lambda: polynomial_regression(10, [], 0), ArgumentError),
        (lambda: polynomial_regression(10, None, 0), ArgumentTypeError),
        (lambda: polynomial_regression(10, 2.5, 0), ArgumentTypeError),
        (lambda: polynomial_regression(10, [[1.0]], 0), ArgumentTypeError),
        (lambda: polynomial_regression(10, [1], 0, low=1, high=1), ArgumentError),
    ],
)
def test_impossible_examples_are_refused(make, error):
    with pytest.raises(error):
        make()
