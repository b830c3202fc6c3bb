"""The experiment: one small network, few and partly wrong labels, seven recipes.

For each seed, a few digits are drawn and some of their labels are replaced by wrong ones.  The same
network is then trained without regularization, with each method alone, and with all of them.  Each
time, it starts from the same weights and sees the examples in the same order, so differences
between recipes are paired.

Strengths are chosen on validation digits whose labels are as unreliable as those of the training
digits, as they would be in practice.  The test digits, with true labels, are used once, when all
networks are trained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import augment, nn, optim, regularizers
from ..data import Dataset
from ..random import Generator
from ..training import History, evaluate, fit
from .recipes import Recipe, Settings, combine


@dataclass
class Digits:
    """The digits of one repetition."""

    seed: int
    train: Dataset  # some of the labels are wrong: `train.noisy`
    true_labels: np.ndarray  # the labels of `train` before some were replaced
    validation: Dataset  # the same share of the labels is wrong


@dataclass
class Run:
    """One trained network and its accuracies, from 0 to 1."""

    method: str
    recipe: Recipe
    seed: int
    model: nn.Module
    history: History
    train_accuracy: float  # on the labels it was given, some of which are wrong
    validation_accuracy: float
    wrong_labels_reproduced: float  # the accuracy on the training digits with a wrong label
    test_accuracy: float = math.nan  # measured at the very end

    @property
    def gap(self) -> float:
        return self.train_accuracy - self.validation_accuracy


@dataclass
class Outcome:
    """All results of the experiment."""

    settings: Settings
    digits: list[Digits]  # one for each repetition
    trials: dict[str, list[list[Run]]]  # for each method, recipe of its grid, and tuning seed
    chosen: dict[str, Recipe]
    runs: dict[str, list[Run]]  # for each method and repetition
    test_size: int


class Watcher:
    """The experiment calls these methods while it runs; a progress bar overrides them."""

    def begin(self, settings: Settings) -> None:
        """The experiment begins."""

    def start(self, purpose: str, method: str, recipe: Recipe, repetition: int) -> None:
        """A network begins to learn."""

    def epoch(self, history: History) -> None:
        """The network has finished an epoch."""

    def finish(self, run: Run) -> None:
        """The network is trained; early stopping may have left out some epochs."""

    def chose(self, method: str, recipe: Recipe) -> None:
        """The strength of a method is chosen."""

    def compared(self, method: str, runs: list[Run]) -> None:
        """A method has been trained with every seed."""


def draw_digits(pool: Dataset, settings: Settings, seed: int) -> Digits:
    """Draw disjoint training and validation digits for one repetition, both with wrong labels."""
    generator = Generator(seed)
    train, rest = pool.split(settings.train_size / len(pool), generator=generator)
    validation = rest.sample(settings.validation_size, generator=generator)
    return Digits(
        seed,
        train.with_label_noise(settings.noise, generator=generator),
        train.y,
        validation.with_label_noise(settings.noise, generator=generator),
    )


class Streams:
    """The random numbers of one training, each kind from a stream of its own.

    So a recipe without dropout has the same initial weights and the same batches as one with it.
    """

    def __init__(self, seed: int) -> None:
        source = Generator(seed)
        self.weights, self.order, self.masks, self.angles, self.shifts = (
            source.spawn() for _ in range(5)
        )


def build_network(hidden: int, dropout: float, streams: Streams) -> nn.Sequential:
    """Build 784 → hidden → 10 with ReLU, and dropout of hidden units."""
    layers: list[nn.Module] = [
        nn.Flatten(),
        nn.Linear(784, hidden, generator=streams.weights),
        nn.ReLU(),
        nn.Linear(hidden, 10, generator=streams.weights),
    ]
    if dropout:
        layers.insert(3, nn.Dropout(dropout, generator=streams.masks))
    return nn.Sequential(*layers)


def make_transform(recipe: Recipe, streams: Streams) -> Any:
    """Return rotations and shifts, or None.  No flips: the mirror image of a 2 is not a digit."""
    if not recipe.rotation and not recipe.shift:
        return None
    return augment.Compose(
        [
            augment.RandomRotation(recipe.rotation, generator=streams.angles),
            augment.RandomCrop(28, padding=recipe.shift, generator=streams.shifts),
        ]
    )


def train_network(
    settings: Settings, method: str, recipe: Recipe, digits: Digits, watcher: Watcher
) -> Run:
    """Train one network and measure it on the digits it was trained and chosen with."""
    streams = Streams(digits.seed)
    model, penalty = build_network(settings.hidden, recipe.dropout, streams), make_penalty(recipe)
    history = fit(
        model,
        digits.train,
        digits.validation,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        optimizer=optim.SGD(model.parameters(), lr=settings.learning_rate),
        penalty=penalty,
        proximal=penalty is not None,
        transform=make_transform(recipe, streams),
        early_stopping=recipe.patience or None,
        generator=streams.order,
        progress=watcher.epoch,
    )
    if history.interrupted:  # fit returns what it has, but half an experiment is of no use
        raise KeyboardInterrupt
    run = Run(
        method=method,
        recipe=recipe,
        seed=digits.seed,
        model=model,
        history=history,
        train_accuracy=measure_accuracy(model, digits.train),
        validation_accuracy=measure_accuracy(model, digits.validation),
        wrong_labels_reproduced=measure_accuracy(model, digits.train.subset(digits.train.noisy)),
    )
    watcher.finish(run)
    return run


def measure_accuracy(model: nn.Module, dataset: Dataset) -> float:
    """Return the share of the dataset's labels that the model predicts."""
    return evaluate(model, dataset)["accuracy"]


def make_penalty(recipe: Recipe) -> Any:
    """Return L1, L2, both or None."""
    terms: list[Any] = []
    if recipe.l1:
        terms.append(regularizers.L1(recipe.l1))
    if recipe.l2:
        terms.append(regularizers.L2(recipe.l2))
    return sum(terms) or None


def run_experiment(
    settings: Settings,
    pool: Dataset,
    test: Dataset,
    seed: int,
    watcher: Watcher | None = None,
) -> Outcome:
    """Choose the strength of each method, train each method with every seed, then measure on test.

    Args:
        settings: the size of the experiment.
        pool: the digits from which training and validation digits are drawn.
        test: the digits that are used once, at the end.
        seed: not negative; repetition i uses the seed 1000 · seed + i.
        watcher: its methods are called during the experiment.

    >>> from dataclasses import replace
    >>> from minireg import data, demo
    >>> tiny = replace(demo.QUICK, train_size=20, validation_size=20, epochs=1, seeds=2)
    >>> outcome = run_experiment(tiny, *data.load_mnist5k(), seed=0)
    >>> list(outcome.runs)
    ['none', 'L1', 'L2', 'dropout', 'augmentation', 'early stopping', 'all']
    """
    watcher = watcher or Watcher()
    digits = [draw_digits(pool, settings, 1000 * seed + i) for i in range(settings.seeds)]
    known: dict[tuple[str, Recipe, int], Run] = {}

    def train_once(purpose: str, method: str, recipe: Recipe, repetition: int) -> Run:
        key = (method, recipe, repetition)
        if key not in known:
            watcher.start(purpose, method, recipe, repetition)
            known[key] = train_network(settings, method, recipe, digits[repetition], watcher)
        return known[key]

    watcher.begin(settings)
    trials: dict[str, list[list[Run]]] = {}
    chosen: dict[str, Recipe] = {}
    for method in settings.methods:
        grid = settings.grids.get(method) or [combine(chosen, f) for f in settings.all_factors]
        if len(grid) == 1:
            chosen[method] = grid[0]
            continue
        trials[method] = [
            [train_once("choosing", method, recipe, i) for i in range(settings.tuning_seeds)]
            for recipe in grid
        ]
        # Grids go from weak to strong and max takes the first of equals: the weaker one.
        best = max(trials[method], key=lambda runs: sum(run.validation_accuracy for run in runs))
        chosen[method] = best[0].recipe
        watcher.chose(method, chosen[method])

    runs: dict[str, list[Run]] = {}
    for method, recipe in chosen.items():
        runs[method] = [train_once("training", method, recipe, i) for i in range(settings.seeds)]
        watcher.compared(method, runs[method])
    for own in runs.values():
        for run in own:
            run.test_accuracy = measure_accuracy(run.model, test)
    return Outcome(settings, digits, trials, chosen, runs, len(test))
