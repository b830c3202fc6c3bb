"""Binary focal loss of logits: the mean of -(1 - q)^gamma log q, q the probability of the truth."""

import numpy as np

from minireg.gradcheck import Floats, Integers

INPUTS = {"z": Floats("N"), "t": Integers("N", below=2), "gamma": 2.0}


def forward(z, t, gamma):
    s = 2 * t - 1
    q = 1 / (1 + np.exp(-s * z))
    return np.mean((1 - q) ** gamma * np.log1p(np.exp(-s * z)))


def backward(up, z, t, gamma):
    s = 2 * t - 1
    q = 1 / (1 + np.exp(-s * z))
    log_q = -np.log1p(np.exp(-s * z))
    dz = s * (1 - q) ** gamma * (gamma * q * log_q - (1 - q))
    return up * dz / len(z)


def weight_is_a_constant(up, z, t, gamma):
    s = 2 * t - 1
    q = 1 / (1 + np.exp(-s * z))
    weight = (1 - q) ** gamma
    dz = -weight * s * (1 - q)  # <- statistics-held-constant | missing-chain-factor
    return up * dz / len(z)


def sign_of_negatives_lost(up, z, t, gamma):
    q = np.where(t == 1, 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z)))
    dq = gamma * (1 - q) ** (gamma - 1) * np.log(q) - (1 - q) ** gamma / q
    dq_dz = q * (1 - q)  # <- sign-flipped
    return up * dq * dq_dz / len(z)


def gamma_not_in_front(up, z, t, gamma):
    s = 2 * t - 1
    q = 1 / (1 + np.exp(-s * z))
    first = (1 - q) ** (gamma - 1) * np.log(q)  # <- constant-factor
    second = -((1 - q) ** gamma) / q
    return up * (first + second) * s * q * (1 - q) / len(z)
