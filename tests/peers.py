"""Libraries that minireg is compared with."""

import importlib

import pytest


def import_torchvision(part="transforms.v2"):
    """Return this part of torchvision; skip the test if it or PyTorch is not installed."""
    torch = pytest.importorskip("torch")
    try:
        pytest.importorskip("torchvision")
    except RuntimeError:  # its compiled part, not needed here, is for another build of PyTorch
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor boxes, Tensor scores, float limit) -> Tensor")
        library.define("qnms(Tensor boxes, Tensor scores, float limit) -> Tensor")
    return importlib.import_module(f"torchvision.{part}")
