"""Samplers are judged by exact binomial tails."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from minireg.errors import ArgumentError
from minireg.exercises.checks import Failure
from minireg.exercises.local import LocalStudent
from minireg.exercises.markers import Random
from minireg.exercises.statistics import Sampler, find_range

pytestmark = pytest.mark.host


def check(draw, seed=0, shape=(20, 20)):
    arguments = {"shape": shape, "p": 0.3, "random": Random(0)}
    Sampler("draw", arguments, shape=shape, probability=0.7).run(LocalStudent({"draw": draw}), seed)


@pytest.mark.parametrize("probability", [0.7, 0.3, 0.05, 0.58])
@pytest.mark.parametrize("trials", [200, 400, 3000])
def test_the_range_is_that_of_scipy(trials, probability):
    low, high = find_range(trials, probability, 1e-9)
    tails = binom.cdf(low - 1, trials, probability), binom.sf(high, trials, probability)
    assert max(tails) <= 0.5e-9
    wider = binom.cdf(low, trials, probability), binom.sf(high - 1, trials, probability)
    assert min(wider) > 0.5e-9


RIGHT = {
    "not dropped": lambda shape, p, random: random.random(shape) >= p,
    "kept": lambda shape, p, random: random.random(shape) < 1 - p,
    "binomial": lambda shape, p, random: random.binomial(1, 1 - p, shape),
    "choice": lambda shape, p, random: random.choice([0.0, 1.0], shape, p=[p, 1 - p]),
    "uniform": lambda shape, p, random: random.uniform(-p, 1 - p, shape) > 0,
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_sampler_passes(name):
    for seed in range(200):
        check(RIGHT[name], seed)


WRONG = {
    "exchanged": lambda shape, p, random: random.random(shape) < p,
    "one row for all": lambda shape, p, random: np.ones(shape) * (random.random(shape[1:]) >= p),
    "one column for all": lambda shape, p, random: (
        np.ones(shape) * (random.random((shape[0], 1)) >= p)
    ),
    "a seed of its own": lambda shape, p, random: np.random.default_rng(5).random(shape) >= p,
    "all kept": lambda shape, p, random: np.ones(shape, dtype=bool),
    "another shape": lambda shape, p, random: random.random(shape).ravel() < 0.7,
    "scaled": lambda shape, p, random: (random.random(shape) < 0.7) / 0.7,
    "normal": lambda shape, p, random: random.normal(size=shape),
    "a number": lambda shape, p, random: 1,
}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_sampler_fails(name):
    for seed in range(200):
        with pytest.raises(Failure):
            check(WRONG[name], seed)


def test_an_exchange_of_p_is_named():
    with pytest.raises(Failure, match="The two are exchanged"):
        check(WRONG["exchanged"])


@pytest.mark.parametrize(
    ("shape", "probability"), [((20, 10), 0.7), ((30, 20), 0.5), ((30, 20), 1.0)]
)
def test_what_could_miss_an_exchange_is_refused(shape, probability):
    with pytest.raises(ArgumentError):
        Sampler("draw", {}, shape=shape, probability=probability)
