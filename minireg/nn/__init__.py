"""Floor 4: modules, the parts of a network.

>>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
>>> model(mr.zeros((5, 1, 28, 28))).shape
(5, 10)
"""
# ruff: noqa: F403, F405

from . import init
from .activations import *
from .containers import ModuleDict, ModuleList, Sequential
from .convolution import Conv2d
from .dropout import (
    AlphaDropout,
    DropBlock2d,
    DropConnect,
    Dropout,
    Dropout1d,
    Dropout2d,
    StochasticDepth,
)
from .embedding import Embedding
from .layers import Flatten, Linear
from .losses import *
from .masked_layer import MaskedLayer, masks, replay
from .module import Module
from .noise import ConcreteDropout, GaussianDropout, GaussianNoise
from .normalization import BatchNorm1d, BatchNorm2d, LayerNorm
from .parameter import Buffer, Parameter
from .pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from .standardize import Normalize, StandardizedMSE, Unstandardize

__all__ = [
    "ELU", "GELU", "SELU", "AdaptiveAvgPool2d", "AlphaDropout", "AvgPool2d",
    "BCEWithLogitsLoss", "BatchNorm1d", "BatchNorm2d", "Buffer", "ConcreteDropout", "Conv2d",
    "CrossEntropyLoss", "DropBlock2d", "DropConnect", "Dropout", "Dropout1d", "Dropout2d",
    "Embedding", "Flatten", "GaussianDropout", "GaussianNoise", "Hardtanh", "HuberLoss",
    "Identity", "KLDivLoss", "L1Loss", "LayerNorm", "LeakyReLU", "Linear", "LogSoftmax",
    "MSELoss", "MaskedLayer", "MaxPool2d", "Module", "ModuleDict", "ModuleList", "NLLLoss",
    "Normalize", "Parameter", "ReLU", "Sequential", "SiLU", "Sigmoid", "SmoothL1Loss",
    "Softmax", "Softplus", "StandardizedMSE", "StochasticDepth", "Tanh", "Unstandardize",
    "masks", "replay",
]  # fmt: skip
