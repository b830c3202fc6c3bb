"""The optimizer and the schedule that settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import optim
from ..errors import ArgumentError
from ..optim import lr_scheduler
from ..training.callbacks import Schedule

if TYPE_CHECKING:
    from .settings import Settings

# For each optimizer in the settings: its class in `optim`, and its default options.
OPTIMIZERS: dict[str, tuple[str, dict[str, float]]] = {
    "adagrad": ("Adagrad", {"lr": 0.01, "weight_decay": 0.0}),
    "adam": ("Adam", {"lr": 0.001, "weight_decay": 0.0}),
    "adamw": ("AdamW", {"lr": 0.001, "weight_decay": 0.01, "independent_decay": False}),
    "rmsprop": ("RMSprop", {"lr": 0.001, "momentum": 0.0, "weight_decay": 0.0}),
    "sgd": ("SGD", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.0}),
    "sgdw": (
        "SGDW", {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.01, "independent_decay": False},
    ),
}  # fmt: skip

SCHEDULES = ("none", "step", "cosine", "one-cycle", "plateau")

STEP_FACTOR, STEPS = 0.1, 3  # the rate falls to a tenth after each third of the epochs
PLATEAU_FACTOR, PLATEAU_PATIENCE = 0.3, 3
WARMUP_START = 0.1  # the share of the rate with which a warm-up begins


def optimizer_options(settings: Settings) -> dict[str, float]:
    """Return the keyword arguments of the optimizer.

    >>> from minireg.models import Settings
    >>> optimizer_options(Settings(optimizer="sgd", lr=0.5))
    {'lr': 0.5, 'momentum': 0.9, 'weight_decay': 0.0}
    """
    defaults = OPTIMIZERS[settings.optimizer][1]
    given = {name: getattr(settings, name) for name in defaults}
    return {name: defaults[name] if value is None else value for name, value in given.items()}


def check_optimizer_options(settings: Settings) -> None:
    """Refuse options that the optimizer does not have, and independent decay of an unknown λ."""
    for option in ("momentum", "independent_decay"):
        if getattr(settings, option) and option not in OPTIMIZERS[settings.optimizer][1]:
            able = ", ".join(name for name, (_, takes) in OPTIMIZERS.items() if option in takes)
            raise ArgumentError(
                f"{option} is an option of {able}, not of {settings.optimizer}.", argument=option
            )
    if settings.independent_decay and settings.weight_decay is None:
        raise ArgumentError(
            "independent_decay=True lets every step take the share weight_decay of the weights: "
            "give it, too, such as weight_decay=1e-5.",
            argument="independent_decay",
        )


def build_optimizer(settings: Settings, model: Any) -> Any:
    """An optimizer of the model's parameters."""
    kind = getattr(optim, OPTIMIZERS[settings.optimizer][0])
    return kind(model.parameters(), **optimizer_options(settings))


def check_warmup(settings: Settings) -> None:
    """Refuse a warm-up that does not fit the schedule."""
    refused = {
        "one-cycle": "The one-cycle schedule begins with a warm-up of its own: leave warmup out.",
        "plateau": "warmup cannot be followed by the plateau schedule, which begins where the loss "
        "stops falling. Use another schedule, such as cosine.",
    }  # fmt: skip
    message = refused.get(settings.schedule)
    if message is None and settings.warmup >= settings.epochs:
        message = f"A warm-up of {settings.warmup} epochs is too long: epochs is {settings.epochs}."
    if settings.warmup and message:
        raise ArgumentError(message, argument="warmup")


def build_schedule(settings: Settings, optimizer: Any, steps_per_epoch: int) -> Any:
    """The schedule as `fit` takes it, or None."""
    if settings.schedule == "one-cycle":
        cycle = lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=optimizer_options(settings)["lr"],
            total_steps=settings.epochs * steps_per_epoch,
            # A momentum that the user has chosen stays constant.
            cycle_momentum=settings.optimizer in ("sgd", "sgdw", "adam", "adamw")
            and settings.momentum is None,
        )
        return Schedule(cycle, every="step")
    if settings.schedule == "plateau":
        return lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=PLATEAU_FACTOR, patience=PLATEAU_PATIENCE
        )
    warmup, left = settings.warmup, settings.epochs - settings.warmup
    parts: list[Any] = []
    if warmup:
        parts.append(lr_scheduler.LinearLR(optimizer, WARMUP_START, total_iters=warmup))
    if settings.schedule == "step":
        parts.append(lr_scheduler.StepLR(optimizer, max(1, -(-left // STEPS)), STEP_FACTOR))
    if settings.schedule == "cosine":
        parts.append(lr_scheduler.CosineAnnealingLR(optimizer, left))
    if len(parts) == 2:
        return lr_scheduler.SequentialLR(optimizer, parts, [warmup])
    return parts[0] if parts else None


def describe_optimizer(settings: Settings) -> str:
    """The optimizer and its schedule in one line.

    >>> from minireg.models import Settings
    >>> describe_optimizer(Settings(schedule="cosine", warmup=2))
    'adam, lr 0.001, cosine schedule after 2 epochs of warm-up'
    """
    options = optimizer_options(settings)
    parts = [
        name.replace("_", " ") + f" {value:g}" * (value is not True)
        for name, value in options.items()
        if value
    ]
    schedule, warmup = settings.schedule, settings.warmup
    phases = [f"{schedule} schedule"] if schedule != "none" else []
    phases += [f"{warmup} epoch{'s' * (warmup != 1)} of warm-up"] if warmup else []
    return ", ".join(filter(None, [settings.optimizer, *parts, " after ".join(phases)]))
