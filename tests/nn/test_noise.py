"""Layers with continuous noise: their moments, and the gradient of concrete dropout in k."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.random import Generator

PROBABILITIES = st.floats(0.01, 0.95)


@given(p=PROBABILITIES)
def test_gaussian_dropout_has_the_moments_of_dropout(p):
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)  # exact for polynomials up to degree 9
    weights = weights / weights.sum()
    y = mr.gaussian_dropout(mr.tensor(np.full(5, -2.0)), mr.tensor(nodes), p).numpy()
    mean = weights @ y
    both = mr.dropout(mr.tensor([-2.0, -2.0]), mr.tensor([False, True]), p).numpy()
    np.testing.assert_allclose(mean, [p, 1 - p] @ both, rtol=1e-6)
    np.testing.assert_allclose(weights @ (y - mean) ** 2, [p, 1 - p] @ (both + 2) ** 2, rtol=1e-6)


@pytest.mark.host
@pytest.mark.parametrize("sigma", [0.1, 3.0])
def test_gaussian_noise_has_standard_deviation_sigma(sigma):
    y = nn.GaussianNoise(sigma, Generator(0))(mr.tensor(np.full(20_000, 5.0))).numpy()
    # A right layer leaves these exact bounds with probability 1e-9.
    low, high = stats.chi2.ppf([5e-10, 1 - 5e-10], 20_000)
    assert low < (((y - 5) / sigma) ** 2).sum() < high


@pytest.mark.host
@pytest.mark.parametrize(("sigma", "error"), [(-1, ArgumentError), ("1", ArgumentTypeError)])
def test_a_sigma_that_is_not_possible_raises(sigma, error):
    with pytest.raises(error, match="sigma must be"):
        nn.GaussianNoise(sigma)


@pytest.mark.host
@given(k=st.floats(-3, 3), temperature=st.floats(0.3, 2), seed=st.integers(0, 99))
def test_concrete_dropout_has_a_right_gradient_in_k(k, temperature, seed):
    rng = np.random.default_rng(seed)
    u = mr.tensor(rng.uniform(0.1, 0.9, 6))

    def function(x, k):
        return mr.concrete_dropout(x, k, u, temperature)

    report = mr.check_gradients(function, rng.normal(size=6), np.array(k), order=2)
    # The terms of the derivative in k may cancel: it is then too small to be compared.
    assert report.verdict == "pass" or "hidden by rounding" in str(report), report


@given(p=PROBABILITIES, seed=st.integers(0, 99))
def test_concrete_masks_become_bernoulli_as_t_falls(p, seed):
    u = np.random.default_rng(seed).uniform(size=50)
    u = u[abs(u - (1 - p)) > 0.001]
    k, x = mr.tensor(np.log(p / (1 - p))), mr.tensor(np.ones(len(u)))
    y = mr.concrete_dropout(x, k, mr.tensor(u), 1e-5).numpy()
    np.testing.assert_allclose(y, (u < 1 - p) / (1 - p), rtol=1e-6, atol=1e-12)


@given(p=PROBABILITIES)
def test_entropy_is_that_of_a_bernoulli_variable(backend, p):
    layer = nn.ConcreteDropout(p)
    assert not layer.k.regularize  # a penalty on weights leaves p alone
    layer.entropy().backward()
    k = np.log(p / (1 - p))
    np.testing.assert_allclose(layer.p.item(), p, rtol=1e-6)
    np.testing.assert_allclose(layer.entropy().item(), stats.bernoulli(p).entropy(), rtol=1e-5)
    # dH/dp = log((1 − p)/p) = −k and dp/dk = p (1 − p)
    np.testing.assert_allclose(layer.k.grad.item(), -k * p * (1 - p), rtol=1e-4, atol=1e-6)


def test_concrete_dropout_learns_its_p():
    layer = nn.ConcreteDropout(0.2, generator=Generator(0))
    optimizer, target = mr.optim.Adam(layer.parameters(), lr=0.1), mr.ones((100, 20))
    found = []
    for strength in (0.0, 100.0):  # only the loss: p → 0; only the entropy: p → ½
        for _ in range(60):
            optimizer.zero_grad()
            loss = mr.mse_loss(layer(mr.ones((100, 20))), target) - strength * layer.entropy()
            loss.backward()
            optimizer.step()
        found.append(layer.p.item())
    assert found[0] < 0.02
    assert 0.4 < found[1] < 0.6


@pytest.mark.host
def test_a_noise_of_zero_gives_finite_gradients():
    layer, x = nn.ConcreteDropout(0.3), mr.ones(3, requires_grad=True)
    layer.generator.uniform = lambda shape, like: np.zeros(shape, np.float32)
    layer(x).sum().backward()
    np.testing.assert_allclose(x.grad, 1 / 0.7, rtol=1e-6)
    assert np.isfinite(layer.k.grad)


@pytest.mark.host
@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"p": 0}, "p must be greater than 0"), ({"temperature": 0}, "temperature must be greater")],
)
def test_concrete_dropout_refuses_p_0_and_temperature_0(options, sentence):
    with pytest.raises(ArgumentError, match=sentence):
        nn.ConcreteDropout(**options)


@pytest.mark.parametrize("kind", [nn.GaussianNoise, nn.GaussianDropout, nn.ConcreteDropout])
def test_noise_of_another_dtype_keeps_the_dtype_of_x(kind):
    layer = kind(0.5)
    with nn.replay(layer, {"": np.array([0.5, 0.25])}):
        assert layer(mr.ones(2)).dtype == np.float32
