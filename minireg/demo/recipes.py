"""What the study trains: a recipe for each network, and how large the experiment is."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """The strength of each method in one training; zero means that it is not used."""

    l1: float = 0.0  # λ of λ Σ|w|
    l2: float = 0.0  # λ of λ/2 Σw²
    dropout: float = 0.0  # the probability of dropping a hidden unit
    rotation: float = 0.0  # images are turned by up to this many degrees, either way
    shift: int = 0  # and moved by up to this many pixels
    patience: int = 0  # stop after this many epochs without a better validation loss

    def describe(self) -> str:
        """The strengths in words: `dropout p = 0.5`."""
        parts = []
        if self.l1:
            parts.append(f"L1 λ = {self.l1:g}")
        if self.l2:
            parts.append(f"L2 λ = {self.l2:g}")
        if self.dropout:
            parts.append(f"dropout p = {self.dropout:g}")
        if self.rotation or self.shift:
            parts.append(f"rotation ±{self.rotation:g}°, shift ±{self.shift} px")
        if self.patience:
            parts.append(f"patience {self.patience} epochs")
        return ", ".join(parts) or "nothing"


@dataclass(frozen=True)
class Settings:
    """The size of the experiment.

    `tuning_seeds` of the `seeds` repetitions are used to choose the strengths from the `grids`,
    which go from weak to strong.  "all" combines the chosen ones; because together they would be
    too strong, its penalties and its dropout are scaled by one of `all_factors`, chosen in the same
    way.
    """

    grids: dict[str, list[Recipe]]
    all_factors: tuple[float, ...]
    train_size: int = 1000
    validation_size: int = 1000
    noise: float = 0.3
    hidden: int = 128
    epochs: int = 40
    batch_size: int = 50
    learning_rate: float = 0.2
    seeds: int = 5
    tuning_seeds: int = 2

    @property
    def methods(self) -> list[str]:
        return [*self.grids, "all"]

    def count_epochs(self) -> int:
        """Return the largest possible number of epochs; no network is trained twice."""
        extra = sum(len(grid) - 1 for grid in (*self.grids.values(), self.all_factors))
        return self.epochs * (len(self.methods) * self.seeds + extra * self.tuning_seeds)


FULL = Settings(
    grids={
        "none": [Recipe()],
        "L1": [Recipe(l1=x) for x in (5e-4, 1e-3, 2e-3, 4e-3)],
        "L2": [Recipe(l2=x) for x in (1e-2, 2e-2, 4e-2, 8e-2)],
        "dropout": [Recipe(dropout=p) for p in (0.5, 0.7, 0.8, 0.9)],
        "augmentation": [Recipe(rotation=5 * k, shift=k) for k in (1, 2, 3)],
        "early stopping": [Recipe(patience=5)],
    },
    all_factors=(0.03, 0.1, 0.3, 1.0),
)
QUICK = Settings(
    grids={
        "none": [Recipe()],
        "L1": [Recipe(l1=x) for x in (1e-3, 4e-3)],
        "L2": [Recipe(l2=x) for x in (1e-2, 4e-2)],
        "dropout": [Recipe(dropout=p) for p in (0.5, 0.7)],
        "augmentation": [Recipe(rotation=10, shift=2)],
        "early stopping": [Recipe(patience=3)],
    },
    all_factors=(0.1,),
    train_size=500,
    validation_size=500,
    epochs=16,
    batch_size=25,
    learning_rate=0.25,
    tuning_seeds=1,
)


def combine(chosen: dict[str, Recipe], factor: float) -> Recipe:
    """Combine all chosen strengths; `factor` scales the penalties and the dropout."""
    return replace(
        chosen["augmentation"],
        l1=factor * chosen["L1"].l1,
        l2=factor * chosen["L2"].l2,
        dropout=factor * chosen["dropout"].dropout,
        patience=chosen["early stopping"].patience,
    )
