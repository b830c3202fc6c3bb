"""Activations as modules: PyTorch's values and gradients, defaults, names of options."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError

# ours, PyTorch's spelling of it
LAYERS = {
    "Identity": ("Identity()", "Identity()"),
    "ReLU": ("ReLU()", "ReLU()"),
    "LeakyReLU": ("LeakyReLU()", "LeakyReLU()"),
    "LeakyReLU(0.3)": ("LeakyReLU(negative_slope=0.3)", "LeakyReLU(negative_slope=0.3)"),
    "ELU": ("ELU()", "ELU()"),
    "ELU(0.5)": ("ELU(alpha=0.5)", "ELU(alpha=0.5)"),
    "SELU": ("SELU()", "SELU()"),
    "Softplus": ("Softplus()", "Softplus(threshold=1000)"),  # ours needs no threshold
    "Softplus(2)": ("Softplus(beta=2)", "Softplus(beta=2, threshold=1000)"),
    "GELU": ("GELU()", "GELU()"),
    "GELU(tanh)": ("GELU(approximate='tanh')", "GELU(approximate='tanh')"),
    "SiLU": ("SiLU()", "SiLU()"),
    "Sigmoid": ("Sigmoid()", "Sigmoid()"),
    "Tanh": ("Tanh()", "Tanh()"),
    "Hardtanh": ("Hardtanh()", "Hardtanh()"),
    "Hardtanh(-2, 0.5)": ("Hardtanh(min_val=-2, max_val=0.5)", "Hardtanh(-2, 0.5)"),
    "Softmax": ("Softmax()", "Softmax(dim=-1)"),
    "Softmax(0)": ("Softmax(axis=0)", "Softmax(dim=0)"),
    "LogSoftmax": ("LogSoftmax()", "LogSoftmax(dim=-1)"),
    "LogSoftmax(1)": ("LogSoftmax(axis=1)", "LogSoftmax(dim=1)"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_value_and_gradient_are_those_of_pytorch(backend, name):
    torch = pytest.importorskip("torch")
    ours, theirs = LAYERS[name]
    rng = np.random.default_rng(0)
    values, upstream = 2 * rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 4, 5))
    x = mr.tensor(values, requires_grad=True)
    y = eval(f"nn.{ours}")(x)
    y.backward(mr.tensor(upstream))
    their_x = torch.tensor(values, requires_grad=True)
    their_y = eval(f"torch.nn.{theirs}")(their_x)
    their_y.backward(torch.tensor(upstream))
    close = {"rtol": 1e-12, "atol": 1e-14}
    np.testing.assert_allclose(y.numpy(), their_y.detach().numpy(), **close)
    np.testing.assert_allclose(backend.to_host(x.grad), their_x.grad.numpy(), **close)


def test_every_activation_has_no_state_and_keeps_float32():
    x = mr.tensor(np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32))
    for ours, _ in LAYERS.values():
        layer = eval(f"nn.{ours}")
        assert layer.state_dict() == {}
        assert layer(x).dtype == np.float32, ours


def test_relu_has_slope_zero_at_its_kink(backend):
    x = mr.tensor([-2.0, -0.0, 0.0, 3.0], requires_grad=True)
    y = nn.ReLU()(x)
    y.sum().backward()
    assert y.tolist() == [0.0, 0.0, 0.0, 3.0]
    assert backend.to_host(x.grad).tolist() == [0.0, 0.0, 0.0, 1.0]


def test_identity_gives_its_input_itself():
    x = mr.ones(3)
    assert nn.Identity()(x) is x


@pytest.mark.host
def test_options_are_shown_and_checked():
    assert repr(nn.LeakyReLU()) == "LeakyReLU(negative_slope=0.01)"
    assert repr(nn.GELU()) == "GELU(approximate='none')"
    assert repr(nn.Hardtanh()) == "Hardtanh(min_val=-1, max_val=1)"
    assert repr(nn.Softmax()) == "Softmax(axis=-1)"
    assert repr(nn.Tanh()) == "Tanh()"
    with pytest.raises(ArgumentTypeError, match="negative_slope must be a number"):
        nn.LeakyReLU("0.1")
    with pytest.raises(ArgumentError, match="beta must be greater than 0"):
        nn.Softplus(beta=0)
    with pytest.raises(ArgumentError, match="approximate must be 'none' or 'tanh', got 'erf'"):
        nn.GELU("erf")
    with pytest.raises(ArgumentError, match="max_val must be greater than 1"):
        nn.Hardtanh(1, -1)
