"""The pictures of the study: take the data from the networks, and draw them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import nn, plots
from ..autograd import no_grad
from ..backend import namespace
from ..batch import Batch
from ..ops import tensor
from ..training import predict
from .charts import draw_gaps, draw_memorised
from .dropout import draw_dropout
from .experiment import Digits, Outcome, Run, Streams, make_transform
from .results import compare, format_percent

SHOWN = 16  # mislabelled digits
EPOCHS_SHOWN, ORIGINALS_SHOWN = 8, 4  # in the picture of augmented digits


def draw_figures(outcome: Outcome) -> dict[str, bytes]:
    """Draw all pictures; return PNG files by name."""
    runs, summary = outcome.runs, compare(outcome.runs)
    right = 1 - outcome.settings.noise
    ceiling = right, f"{format_percent(right)} % of the labels are right"

    def draw_curves(train: str, validation: str, **options: Any) -> Any:
        columns = (
            {method: [run.history[name] for run in own] for method, own in runs.items()}
            for name in (train, validation)
        )
        return plots.learning_curves(*columns, reference="none", **options)

    figures = {
        "accuracy-curves.png": draw_curves(
            "train_accuracy", "validation_accuracy", ceiling=ceiling
        ),
        "loss-curves.png": draw_curves("loss", "validation_loss", quantity="loss", percent=False),
        "gap.png": draw_gaps(summary, ceiling),
        "memorised.png": draw_memorised(summary),
        # The first four methods, so that their colours are those of the other pictures.
        "weights.png": plots.plot_weights(
            {name: collect_weights(runs[name]) for name in ("none", "L1", "L2", "dropout")}
        ),
        "dropout.png": draw_dropped_units(runs["dropout"][0], outcome.digits[0]),
        "augmentation.png": draw_augmented_digits(runs["augmentation"][0], outcome.digits[0]),
        "mislabelled.png": draw_mislabelled_digits(outcome),
    }
    return {name: plots.png_bytes(figure) for name, figure in figures.items()}


def collect_weights(runs: list[Run]) -> np.ndarray:
    """Return the weights of the first layer, all seeds together."""
    return np.concatenate([next(run.model.parameters()).numpy().ravel() for run in runs])


def draw_dropped_units(run: Run, digits: Digits) -> Any:
    """Draw the hidden units for one digit, in evaluation and in two training steps."""
    image = digits.validation.x[:1]
    flatten, linear, relu, dropout, _ = run.model.children()
    assert isinstance(dropout, nn.Dropout)
    with no_grad():
        units = relu(linear(flatten(tensor(image.astype(np.float32) / 255))))
        masks = []
        for _ in range(2):
            dropout.train()(units)
            masks.append(namespace(dropout.mask).to_host(dropout.mask)[0])
        dropout.eval()
    return draw_dropout(image[0], units.numpy()[0], masks, run.recipe.dropout)


def draw_augmented_digits(run: Run, digits: Digits) -> Any:
    """Draw some training digits, and how the network saw them in its first epochs."""
    transform = make_transform(run.recipe, Streams(run.seed))
    images = digits.train.x[:ORIGINALS_SHOWN]
    x, ids = tensor(images).data, np.arange(len(images))
    seen = [
        namespace(x).to_host(transform(Batch(x, ids=ids, epoch=epoch)).x)
        for epoch in range(EPOCHS_SHOWN)
    ]
    titles = "original", f"in epochs 1 to {EPOCHS_SHOWN}"
    return plots.image_rows(images, np.stack(seen, axis=1), titles=titles)


def draw_mislabelled_digits(outcome: Outcome) -> Any:
    """Draw training digits with wrong labels, and what two networks predict for them."""
    digits, runs = outcome.digits[0], outcome.runs
    wrong = np.flatnonzero(digits.train.noisy)[:SHOWN]
    images = digits.train.x[wrong]
    best = max(list(runs)[1:], key=lambda name: sum(run.validation_accuracy for run in runs[name]))
    answers = [predict(runs[name][0].model, images, output="classes") for name in ("none", best)]
    captions = [
        f"is {truth}\nnone: {first}\n{best}: {second}"
        for truth, first, second in zip(digits.true_labels[wrong], *answers, strict=True)
    ]
    titles = [f"labelled {label}" for label in digits.train.y[wrong]]
    return plots.image_grid(images, captions, titles)
