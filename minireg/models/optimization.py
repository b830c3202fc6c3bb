"""The optimizer and the schedule that the options ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import optim
from ..errors import ArgumentError
from ..optim import lr_scheduler
from ..training.callbacks import Schedule

# By the names of the options: the class in `optim`, and what the options stand for if not given.
OPTIMIZERS: dict[str, tuple[str, dict[str, float]]] = {
    "adagrad": ("Adagrad", {"lr": 0.01, "weight_decay": 0.0}),
    "adam": ("Adam", {"lr": 0.001, "weight_decay": 0.0}),
    "adamw": ("AdamW", {"lr": 0.001, "weight_decay": 0.01}),
    "rmsprop": ("RMSprop", {"lr": 0.001, "momentum": 0.0, "weight_decay": 0.0}),
    "sgd": ("SGD", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.0}),
}

SCHEDULES = ("none", "step", "cosine", "one-cycle", "plateau")

STEP_FACTOR, STEPS = 0.1, 3  # the rate falls to a tenth after each third of the epochs
PLATEAU_FACTOR, PLATEAU_PATIENCE = 0.3, 3
WARMUP_START = 0.1  # the share of the rate with which a warm-up begins


def optimizer_options(settings: Mapping[str, Any]) -> dict[str, float]:
    """The keywords of the optimizer.

    >>> optimizer_options({"optimizer": "sgd", "lr": 0.5})
    {'lr': 0.5, 'momentum': 0.9, 'weight_decay': 0.0}
    """
    name = settings["optimizer"]
    defaults = OPTIMIZERS[name][1]
    if settings.get("momentum") and "momentum" not in defaults:
        able = " and ".join(n for n, (_, takes) in OPTIMIZERS.items() if "momentum" in takes)
        raise ArgumentError(f"--momentum belongs to {able}; {name} has none that could be chosen.")
    given = {key: settings.get(key) for key in defaults}
    return {key: defaults[key] if value is None else value for key, value in given.items()}


def new_optimizer(settings: Mapping[str, Any], model: Any) -> Any:
    """An optimizer of the model's parameters."""
    kind = getattr(optim, OPTIMIZERS[settings["optimizer"]][0])
    return kind(model.parameters(), **optimizer_options(settings))


def check_schedule(settings: Mapping[str, Any]) -> None:
    """Say so if the warm-up does not fit the schedule."""
    name, warmup, epochs = (settings[key] for key in ("schedule", "warmup", "epochs"))
    if not warmup:
        return
    if name == "one-cycle":
        raise ArgumentError(
            "--schedule one-cycle begins with a warm-up of its own: leave --warmup out."
        )
    if name == "plateau":
        raise ArgumentError(
            "--warmup cannot be followed by --schedule plateau, which begins where the loss "
            "stops falling. Use another schedule, such as cosine."
        )
    if warmup >= epochs:
        raise ArgumentError(
            f"--warmup {warmup} leaves none of the {epochs} epochs. Give more --epochs."
        )


def new_schedule(settings: Mapping[str, Any], optimizer: Any, steps_per_epoch: int) -> Any:
    """The schedule as `fit` takes it, or None.

    Args:
        settings: the values of the options.
        optimizer: whose learning rate moves.
        steps_per_epoch: how often the optimizer steps in an epoch.
    """
    check_schedule(settings)
    name, warmup, epochs = (settings[key] for key in ("schedule", "warmup", "epochs"))
    if name == "one-cycle":
        cycle = lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=optimizer_options(settings)["lr"],
            total_steps=epochs * steps_per_epoch,
            # A momentum that was asked for stays as it is.
            cycle_momentum=settings["optimizer"] in ("sgd", "adam", "adamw")
            and settings.get("momentum") is None,
        )
        return Schedule(cycle, every="step")
    if name == "plateau":
        return lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=PLATEAU_FACTOR, patience=PLATEAU_PATIENCE
        )
    left = epochs - warmup
    parts: list[Any] = []
    if warmup:
        parts.append(lr_scheduler.LinearLR(optimizer, WARMUP_START, total_iters=warmup))
    if name == "step":
        parts.append(lr_scheduler.StepLR(optimizer, max(1, -(-left // STEPS)), STEP_FACTOR))
    if name == "cosine":
        parts.append(lr_scheduler.CosineAnnealingLR(optimizer, left))
    if len(parts) == 2:
        return lr_scheduler.SequentialLR(optimizer, parts, [warmup])
    return parts[0] if parts else None


def described(settings: Mapping[str, Any]) -> str:
    """The optimizer and its schedule in one line.

    >>> described({"optimizer": "adam", "schedule": "cosine", "warmup": 2})
    'adam, lr 0.001, cosine schedule after 2 epochs of warm-up'
    """
    texts = {"lr": "lr", "momentum": "momentum", "weight_decay": "weight decay"}
    options = optimizer_options(settings)
    parts = [settings["optimizer"], *(f"{texts[k]} {v:g}" for k, v in options.items() if v)]
    warmup = settings.get("warmup", 0)
    after = f"{warmup} epoch{'s' * (warmup != 1)} of warm-up" if warmup else ""
    if settings["schedule"] != "none":
        parts.append(f"{settings['schedule']} schedule" + (f" after {after}" if after else ""))
    elif after:
        parts.append(after)
    return ", ".join(parts)
