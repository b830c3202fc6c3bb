"""Predictions with dropout: the mean and the spread of many passes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from ..autograd import no_grad
from ..backend import use_backend
from ..checks import check_choice, check_count
from ..errors import ArgumentError
from ..nn.masked_layer import find_masked
from ..random import Generator, as_generator
from .evaluation import check_model, compute_output, find_backend, load_features
from .modes import set_mode


class MCPrediction(NamedTuple):
    """The mean and the standard deviation of the outputs over all passes, as NumPy arrays."""

    mean: np.ndarray
    std: np.ndarray


def mc_predict(
    model: Any,
    x: Any,
    *,
    samples: int = 50,
    batch_size: int = 1000,
    output: str = "logits",
    generator: Generator | None = None,
) -> MCPrediction:
    """Return mean and standard deviation of the outputs over passes with new dropout masks.

    Only the dropout layers (`nn.MaskedLayer`) are in training mode; batch norm uses its running
    values.  Modes, weights and the layers' own random streams stay unchanged.

    Args:
        model: a Module with dropout layers.
        x: examples, as in `predict`.
        samples: how many passes.
        batch_size: how many examples at a time; other masks are drawn for another size.
        output: "logits" or "probabilities", as in `predict`: what is averaged.
        generator: draws the masks; by default `Generator(0)`: the same masks at every call.

    Returns:
        (mean, std), each of the shape that `predict` gives; the variance is divided by `samples`.

    Raises:
        ArgumentError, ArgumentTypeError: as in `predict`; or no dropout layer draws masks.

    Gal, Ghahramani (2016), "Dropout as a Bayesian approximation", ICML, section 4.

    >>> model = nn.Sequential(nn.Dropout(0.5), nn.Linear(1, 1, bias=False))
    >>> model[1].weight.data[...] = 1
    >>> mean, std = mc_predict(model, [[3.0]], samples=1000)      # 0 or 6
    >>> mean.round(), std.round()
    (array([[3.]], dtype=float32), array([[3.]], dtype=float32))
    """
    check_model(model)
    samples = check_count("samples", samples)
    check_choice("output", output, ("logits", "probabilities"))
    generator = Generator() if generator is None else as_generator(generator)
    parts = []
    with use_backend(find_backend(model)) as xp, no_grad(), dropping(model, generator) as streams:
        before = [stream.state for stream in streams]
        for inputs, _ in load_features(x, batch_size):
            mean: Any = 0
            squares: Any = 0  # Σ (y − mean)² of the passes so far, as in Welford (1962)
            for i in range(1, samples + 1):
                y = compute_output(model, inputs, output)
                change = y - mean
                mean = mean + change / i
                squares = squares + change * (y - mean)
            if [stream.state for stream in streams] == before:
                raise ArgumentError(
                    "Every pass gives the same: no dropout layer (nn.MaskedLayer) of the model "
                    "draws masks. There is none, its p is 0, or nn.replay gives its mask. Use "
                    "predict.",
                    argument="model",
                )
            parts.append((xp.to_host(mean), xp.to_host((squares / samples) ** 0.5)))
    means, stds = zip(*parts)
    return MCPrediction(np.concatenate(means), np.concatenate(stds))


@contextmanager
def dropping(model: Any, generator: Generator) -> Iterator[list[Generator]]:
    """A `with` block in which only dropout acts, with a stream of `generator` for each layer."""
    layers = list(find_masked(model).values())
    before = [(layer.generator, layer.mask) for layer in layers]
    with set_mode(model, training=False):
        try:
            for layer in layers:
                layer.training, layer.generator = True, generator.spawn()
            yield [layer.generator for layer in layers]
        finally:
            for layer, (own, mask) in zip(layers, before):
                layer.generator, layer.mask = own, mask
