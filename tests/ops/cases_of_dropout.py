"""The cases of the dropout family: a mask or noise that is held fixed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.ops.case import Case, with_arrays
from tests.ops.drawing import SHAPES, generator


def masked(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, shape = generator(draw), draw(SHAPES)
    options = {"mask": np.asarray(rng.random(shape) < 0.6), "p": draw(st.sampled_from([0.0, 0.4]))}
    return [np.asarray(rng.uniform(-3, 3, shape))], options


def only_masked(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, options = masked(draw)
    return arrays, {"mask": options["mask"]}


def noisy(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    arrays, options = masked(draw)
    noise = np.asarray(generator(draw).normal(size=arrays[0].shape))
    return arrays, {"noise": noise, "p": options["p"]}


def concrete(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, shape = generator(draw), draw(SHAPES)
    k_shape = draw(st.sampled_from([(), shape]))
    arrays = [np.asarray(rng.uniform(-3, 3, s)) for s in (shape, k_shape)]
    noise = np.asarray(rng.uniform(0.1, 0.9, shape))
    return arrays, {"noise": noise, "temperature": draw(st.sampled_from([0.5, 1.0]))}


def torch_alpha(torch, tensors, options):
    """The formula and the constant of `torch.nn.functional.alpha_dropout`."""
    p, mask, alpha = options["p"], torch.tensor(options["mask"]), 1.7580993408473766
    a = 1 / math.sqrt((alpha * alpha * p + 1) * (1 - p))
    return tensors[0] * mask * a + ((mask.double() - 1) * alpha * a + alpha * a * p)


def torch_drop_block(torch, tensors, options):
    """As in `torchvision.ops.drop_block2d`."""
    mask = torch.tensor(options["mask"]).double()
    return tensors[0] * mask * (mask.numel() / max(mask.sum(), 1))


def torch_concrete(torch, tensors, options):
    """The mask as PyTorch's relaxed Bernoulli distribution draws it from u."""
    (x, k), u = tensors, torch.tensor(options["noise"])
    z = torch.distributions.RelaxedBernoulli(options["temperature"], logits=k)
    uniform = torch.distributions.transforms.SigmoidTransform()
    logits = (uniform.inv(u) + z.logits) / options["temperature"]
    return x * (1 - uniform(logits)) / (1 - z.probs)


DROPOUT = {
    "alpha_dropout": Case(masked, call=with_arrays("alpha_dropout", "mask"), torch=torch_alpha),
    "concrete_dropout": Case(
        concrete, call=with_arrays("concrete_dropout", "noise"), torch=torch_concrete
    ),
    "drop_block": Case(only_masked, call=with_arrays("drop_block", "mask"), torch=torch_drop_block),
    "dropout": Case(
        masked,
        call=with_arrays("dropout", "mask"),
        torch=lambda t, x, o: x[0] * t.tensor(o["mask"]) / (1 - o["p"]),
    ),
    "gaussian_dropout": Case(
        noisy,
        call=with_arrays("gaussian_dropout", "noise"),
        torch=lambda t, x, o: x[0] * (1 + (o["p"] / (1 - o["p"])) ** 0.5 * t.tensor(o["noise"])),
    ),
}
