"""The pictures of the demo: what is taken from the networks, and how `plots` draws it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import Batch, namespace, nn, no_grad, plots, tensor
from .experiment import Digits, Outcome, Run, Streams, transform_of

SHOWN = 16  # mislabelled digits
EPOCHS_SHOWN, ORIGINALS_SHOWN = 8, 4  # of the augmented ones


def draw_figures(outcome: Outcome) -> dict[str, bytes]:
    """All pictures as PNG files, by name."""
    runs = outcome.runs
    right = 1 - outcome.settings.noise
    ceiling: dict[str, Any] = {
        "ceiling": right,
        "ceiling_label": f"{right:.0%} of the labels are right".replace("%", " %"),
    }

    def curves(name: str) -> dict[str, list[Any]]:
        return {method: [run.history[name] for run in own] for method, own in runs.items()}

    def scores(name: str) -> dict[str, list[float]]:
        return {method: [getattr(run, name) for run in own] for method, own in runs.items()}

    figures = {
        "accuracy-curves.png": plots.learning_curves(
            curves("train_accuracy"), curves("validation_accuracy"), **ceiling
        ),
        "loss-curves.png": plots.learning_curves(
            curves("loss"), curves("validation_loss"), quantity="loss", percent=False
        ),
        "gap.png": plots.gap_chart(
            scores("train"), scores("validation"), scores("test"), **ceiling
        ),
        "memorised.png": plots.memorised_chart(scores("memorised")),
        "weights.png": plots.weight_histograms(first_weights(runs)),
        "dropout.png": dropout_picture(runs["dropout"][0], outcome.digits[0]),
        "augmentation.png": augmented_digits(runs["augmentation"][0], outcome.digits[0]),
        "mislabelled.png": mislabelled_digits(outcome),
    }
    return {name: plots.png_bytes(figure) for name, figure in figures.items()}


def first_weights(runs: dict[str, list[Run]]) -> dict[str, np.ndarray]:
    """The weights of the first layer, all seeds together."""
    return {
        name: np.concatenate([weight_of(run).ravel() for run in runs[name]])
        for name in ("none", "L1", "L2", "dropout")
    }


def weight_of(run: Run) -> np.ndarray:
    return next(iter(run.model.parameters())).numpy()


def dropout_picture(run: Run, digits: Digits) -> Any:
    """What the hidden units make of one digit in evaluation and in two training steps."""
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
    return plots.dropout_picture(image[0], units.numpy()[0], masks, run.recipe.dropout)


def augmented_digits(run: Run, digits: Digits) -> Any:
    """Some training digits, and what the network saw of them in its first epochs."""
    transform = transform_of(run.recipe, Streams(run.seed))
    ids = np.arange(ORIGINALS_SHOWN, dtype=np.uint64)
    originals = tensor(digits.train.x[:ORIGINALS_SHOWN]).data
    ids = tensor(ids).data
    seen = [
        namespace(originals).to_host(transform(Batch(originals, ids=ids, epoch=epoch)).x)
        for epoch in range(EPOCHS_SHOWN)
    ]
    return plots.image_rows(
        digits.train.x[:ORIGINALS_SHOWN],
        np.stack(seen, axis=1),
        titles=("original", f"in epochs 1 to {EPOCHS_SHOWN}"),
    )


def mislabelled_digits(outcome: Outcome) -> Any:
    """Training digits with wrong labels, and what two networks say to them."""
    digits = outcome.digits[0]
    wrong = np.flatnonzero(digits.train.noisy)[:SHOWN]
    images = digits.train.x[wrong]
    best = max(
        (method for method in outcome.runs if method != "none"),
        key=lambda method: sum(run.validation for run in outcome.runs[method]),
    )
    shown = (outcome.runs["none"][0], outcome.runs[best][0])
    said = [(run.method, answers(run, images)) for run in shown]
    captions = [
        "\n".join([f"is {digits.true_labels[i]}", *(f"{name}: {says[k]}" for name, says in said)])
        for k, i in enumerate(wrong)
    ]
    labels = [f"labelled {digits.train.y[i]}" for i in wrong]
    return plots.image_grid(images, captions, labels)


def answers(run: Run, images: np.ndarray) -> np.ndarray:
    """The digit that the network takes each image for."""
    run.model.eval()
    with no_grad():
        return run.model(tensor(images.astype(np.float32) / 255)).numpy().argmax(axis=1)
