"""A run that may be killed at any moment.

It uses everything that has a state: dropout, batch order, augmentation, Adam, L2, early stopping,
the best model, a log.  The folder has the checkpoint and, at the end, the final weights.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import minireg as mr
from minireg import augment, nn, optim, regularizers
from minireg.files import remove_leftovers
from minireg.training.callbacks import BestModel, CSVLog

EPOCHS = 30


def problem():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 120)
    images = rng.integers(0, 120, (120, 1, 6, 6)).astype(np.uint8)
    images[np.arange(120), 0, labels, :] += 90
    return (images[:90], labels[:90]), (images[90:], labels[90:])


def train(folder: Path, epochs: int = EPOCHS, **options):
    """The run, from its checkpoint if there is one."""
    mr.seed(7)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(36, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 3)
    )
    training, validation = problem()
    history = mr.fit(
        model,
        training,
        validation,
        epochs=epochs,
        batch_size=16,
        optimizer=optim.Adam(model.parameters(), lr=3e-3),
        penalty=regularizers.L2(1e-4),
        transform=augment.Compose(
            [augment.RandomHorizontalFlip(), augment.RandomRotation((-9, 9))]
        ),
        early_stopping=mr.EarlyStopping(patience=EPOCHS),
        callbacks=[BestModel(folder / "best", restore=False), CSVLog(folder / "log.csv")],
        checkpoint=folder / "checkpoint",
        resume=True,
        progress=False,
        **options,
    )
    return model, history


def train_and_save(folder: Path) -> None:
    model, history = train(folder)
    remove_leftovers(folder / "final")  # of a run that was killed right here
    mr.save({"weights": model.state_dict(), "loss": history.validation_loss}, folder / "final")
