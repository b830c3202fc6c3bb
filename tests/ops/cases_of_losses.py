"""The table of losses: see `cases.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.ops.case import Case, functional, with_arrays
from tests.ops.drawing import SHAPES, generator

REDUCTION = st.sampled_from(["mean", "sum", "none"])


def labelled(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, n, k = generator(draw), draw(st.integers(1, 4)), draw(st.integers(2, 4))
    labels: np.ndarray = rng.integers(0, k, n)
    if draw(st.booleans()):
        labels = rng.dirichlet(np.ones(k), n)
    options = {
        "labels": labels,
        "reduction": draw(st.sampled_from(["mean", "sum", "none"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.2])),
        "weight": rng.uniform(0.5, 2, k) if draw(st.booleans()) else None,
    }
    return [rng.uniform(-3, 3, (n, k))], options


def pair(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, shape = generator(draw), draw(SHAPES)
    arrays = [np.asarray(rng.uniform(-3, 3, shape)) for _ in range(2)]
    return arrays, {"reduction": draw(st.sampled_from(["mean", "sum", "none"]))}


def pair_apart(*distances: float, **options: Any) -> Any:
    """Two arrays of one shape whose entries do not differ by nearly one of the distances."""

    def drawn(draw):
        rng, shape = generator(draw), draw(SHAPES)
        target = np.asarray(rng.uniform(-3, 3, shape))
        steps = np.asarray(rng.uniform(-3, 3, shape))
        for distance in distances:
            near = abs(abs(steps) - distance) < 0.05
            steps = np.where(near, steps + 0.11 * np.where(steps < 0, -1, 1), steps)
        chosen = {name: draw(strategy) for name, strategy in options.items()}
        return [np.asarray(target + steps), target], {"reduction": draw(REDUCTION)} | chosen

    return drawn


def log_probabilities(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    return np.log(rng.dirichlet(np.ones(k), n) + 0.01)


def hard_labelled(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, n, k = generator(draw), draw(st.integers(1, 4)), draw(st.integers(2, 4))
    options = {
        "labels": rng.integers(0, k, n),
        "weight": rng.uniform(0.5, 2, k) if draw(st.booleans()) else None,
        "reduction": draw(REDUCTION),
    }
    return [log_probabilities(rng, n, k)], options


def binary_targets(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, n, k = generator(draw), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    options = {
        "reduction": draw(REDUCTION),
        "weight": rng.uniform(0.5, 2, (n, k)) if draw(st.booleans()) else None,
        "pos_weight": rng.uniform(0.5, 3, k) if draw(st.booleans()) else None,
    }
    return [rng.uniform(-3, 3, (n, k)), rng.uniform(0, 1, (n, k))], options


def distributions(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    rng, n, k = generator(draw), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    log_target = draw(st.booleans())
    q = rng.dirichlet(np.ones(k), n) + 0.1
    options = {
        "reduction": draw(st.sampled_from(["mean", "sum", "none", "batchmean"])),
        "log_target": log_target,
    }
    return [log_probabilities(rng, n, k), np.log(q) if log_target else q], options


def margins(draw: Any) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Scores whose products with their targets are not near 1."""
    (products, _), options = pair_apart()(draw)
    products = np.where(abs(products - 1) < 0.05, products + 0.11, products)
    target = np.asarray(generator(draw).choice([-1.0, 1.0], products.shape))
    return [np.asarray(products * target)], {"target": target} | options


def with_torch_arrays(name: str, *keys: str) -> Any:
    """PyTorch's functional loss, with the arrays among its options as tensors."""

    def call(torch, tensors, options):
        made = {
            k: torch.tensor(v) if k in keys and v is not None else v for k, v in options.items()
        }
        labels = [made.pop("labels")] if "labels" in made else []
        return getattr(torch.nn.functional, name)(*tensors, *labels, **made)

    return call


def torch_kl_div(torch, tensors, options):
    """PyTorch's "mean" warns that it is not the divergence."""
    if options["reduction"] != "mean":
        return torch.nn.functional.kl_div(*tensors, **options)
    return torch.nn.functional.kl_div(*tensors, **options | {"reduction": "none"}).mean()


def torch_hinge(torch, tensors, options):
    losses = (1 - torch.tensor(options["target"]) * tensors[0]).clamp(min=0)
    return {"mean": losses.mean, "sum": losses.sum, "none": lambda: losses}[options["reduction"]]()


LOSSES = {
    "binary_cross_entropy_with_logits": Case(
        binary_targets,
        call=with_arrays("binary_cross_entropy_with_logits", "weight", "pos_weight"),
        torch=with_torch_arrays("binary_cross_entropy_with_logits", "weight", "pos_weight"),
    ),
    "cross_entropy": Case(
        labelled,
        call=with_arrays("cross_entropy", "labels", "weight"),
        torch=with_torch_arrays("cross_entropy", "labels", "weight"),
    ),
    "hinge": Case(margins, call=with_arrays("hinge", "target"), torch=torch_hinge),
    "huber_loss": Case(pair_apart(0.7, delta=st.just(0.7)), torch=functional("huber_loss")),
    "kl_div": Case(distributions, torch=torch_kl_div),
    "l1_loss": Case(pair_apart(0.0), torch=functional("l1_loss")),
    "mse_loss": Case(pair_apart(), torch=functional("mse_loss")),
    "nll_loss": Case(
        hard_labelled,
        call=with_arrays("nll_loss", "labels", "weight"),
        torch=with_torch_arrays("nll_loss", "labels", "weight"),
    ),
    "smooth_l1_loss": Case(
        pair_apart(0.0, 1.5, beta=st.sampled_from([0.0, 1.5])), torch=functional("smooth_l1_loss")
    ),
}
