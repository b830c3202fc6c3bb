"""A training from settings: `prepare(settings)` checks everything, `.train()` trains."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import training
from ..backend import current_backend, use_backend
from ..data import DataLoader
from ..errors import ArgumentError
from ..files import as_path, write_file
from ..training import History, evaluate
from ..training.callbacks import Run
from .architecture import build_model, choose_architecture
from .folder import (
    CHECKPOINT,
    CONFIG,
    FILES,
    HISTORY,
    PICTURE,
    KeepRun,
    check_same,
    read_run_settings,
)
from .inputs import Parts, read_parts
from .optimization import build_optimizer, build_schedule
from .regularization import Streams, build_penalty, build_transform
from .saved import NAME, SavedModel
from .settings import Settings


@dataclass
class Result:
    """What a training came to.

    Attributes:
        model: that of the best epoch; None if no epoch was finished.
        history: what was measured after each epoch.
        test: the scores of the best model on the data's own test part, if it was not used to
            choose this model; otherwise None.
    """

    model: SavedModel | None
    history: History
    test: dict[str, Any] | None


def train(
    settings: Settings | None = None,
    out: Any = "minireg-run",
    *,
    resume: bool = False,
    overwrite: bool = False,
    progress: Any = True,
) -> Result:
    """Train what `minireg train` trains: the same settings give the same model, bit by bit.

    Args:
        settings: what is trained; to resume they may be left out, and only `epochs` may differ.
        out: the folder for the model of the best epoch, the settings, the history and a checkpoint.
        resume: go on with the run in the folder.
        overwrite: replace the run in the folder.
        progress: as for `fit`.

    Raises:
        ArgumentError, DataError: data that cannot be used, settings that contradict them or each
            other, or a run in the folder; nothing was trained or written.

    See `load_model` for an example.
    """
    options: dict[str, Any] = {"resume": resume, "overwrite": overwrite, "progress": progress}
    return prepare(settings, out, **options).train()


def prepare(
    settings: Settings | None = None,
    out: Any = "minireg-run",
    *,
    resume: bool = False,
    overwrite: bool = False,
    progress: Any = True,
) -> Training:
    """Read the data, build the network and check everything: `.train()` trains.

    The arguments are those of `train`.  The folder has been made, with the settings in it.
    """
    folder = as_path(out)
    if resume and overwrite:
        raise ArgumentError(
            "resume goes on with a run, overwrite replaces it: choose one.", argument="overwrite"
        )
    stored = read_run_settings(folder) if resume else None
    settings = stored if settings is None else settings
    if settings is None or settings.data is None:
        raise ArgumentError("Give the path of a file or a folder.", argument="data")
    # So that config.toml works from everywhere.
    labels = settings.labels and settings.labels.resolve()
    settings = replace(settings, data=settings.data.resolve(), labels=labels)
    if stored is not None:
        check_same(stored, settings, folder)
    elif not overwrite and any((folder / name).exists() for name in FILES):
        raise ArgumentError(
            f"The folder {str(folder)!r} holds a run already. Go on with it by resume, replace it "
            f"by overwrite, or choose another folder.",
            argument="out",
        )
    with use_backend(settings.backend or current_backend().name):
        parts = read_parts(settings)
        check_task(settings, parts)
        streams, shape = Streams(settings.seed), parts.train.x.shape[1:]
        architecture = choose_architecture(settings, shape, parts.outputs, parts.regression)
        saved = SavedModel(
            model=build_model(architecture, streams.network, parts.train),
            architecture=architecture,
            classes=parts.train.classes,
            schema=parts.schema,
            reading={name: value for name in ("x", "y") if (value := getattr(settings, name))},
            pixels=bool(parts.train.x.dtype == np.uint8),
            label_smoothing=settings.label_smoothing,
        )
        keeper = KeepRun(folder, saved)
        run = prepare_run(settings, parts, streams, keeper, resume, progress)
    if not resume:
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
    write_file(folder / CONFIG, settings.to_toml().encode("utf-8"))
    return Training(settings, parts, saved, run, keeper)


@dataclass
class Training:
    """A training that has been checked.

    Attributes:
        settings: what is trained.
        parts: the data.
        saved: the model, with fresh weights; after the training with those of the best epoch.
        run: the loop.
        keeper: writes into the folder.
    """

    settings: Settings
    parts: Parts
    saved: SavedModel
    run: Run
    keeper: KeepRun

    def train(self) -> Result:
        """Train; what is worth keeping goes to the folder."""
        folder, test = self.keeper.folder, None
        with use_backend(self.settings.backend or current_backend().name), limit_threads():
            history = self.run.train()
            if self.keeper.epoch is None:
                return Result(None, history, None)
            self.saved.model.eval()
            best = self.keeper.score_model(history)
            # Ctrl-C may have come between two of the files.
            best.save(folder / NAME)
            history.to_csv(folder / HISTORY)
            history.plot(folder / PICTURE)
            if self.parts.test is not None:
                measured = best.model, self.parts.test, best.criterion
                test = evaluate(*measured, metrics=history.metrics)
        return Result(best, history, test)


def prepare_run(
    settings: Settings,
    parts: Parts,
    streams: Streams,
    keeper: KeepRun,
    resume: bool,
    progress: Any,
) -> Run:
    """The loop that trains the network."""
    model = keeper.saved.model
    optimizer = build_optimizer(settings, model)
    batches = DataLoader(
        parts.train, settings.batch_size, drop_last=settings.drop_last,
        min_last=1 + settings.batch_norm, generator=streams.order,
    )  # fmt: skip
    return training.prepare(
        model,
        parts.train,
        parts.validation,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        drop_last=settings.drop_last,
        optimizer=optimizer,
        criterion=keeper.saved.criterion,
        penalty=build_penalty(settings),
        proximal=settings.proximal,
        transform=build_transform(settings, parts.train.x.shape[1:], streams),
        early_stopping=settings.early_stopping,
        metrics=settings.metrics or (("mse", "r2") if parts.regression else ("accuracy",)),
        class_weights=settings.class_weights,
        schedule=build_schedule(settings, optimizer, -(-len(batches) // settings.accumulate)),
        accumulate=settings.accumulate,
        clip_norm=settings.clip_norm,
        callbacks=[keeper],
        checkpoint=keeper.folder / CHECKPOINT,
        resume=resume,
        generator=streams.order,
        progress=progress,
    )


def check_task(settings: Settings, parts: Parts) -> None:
    """Refuse settings that do not fit the data."""
    for name in ("class_weights", "label_smoothing"):
        if parts.regression and getattr(settings, name):
            raise ArgumentError(
                f"{name} is for classes, and the targets here are numbers. (If they are classes, "
                f"choose the task classification.)",
                argument=name,
            )
    shape = parts.train.x.shape[1:]
    for name in ("flip", "rotate", "crop"):
        if getattr(settings, name) and len(shape) != 3:
            raise ArgumentError(
                f"{name} is for images (channels, height, width), and an example here has shape "
                f"{shape}.",
                argument=name,
            )


def limit_threads() -> AbstractContextManager[Any]:
    """One thread for matrix products, or as many as OPENBLAS_NUM_THREADS asks for.

    The products are small: a second thread makes them a little faster on an idle machine; on a busy
    one threads wait for each other in a loop, and training takes thirty times as long.  And with
    one thread the results do not depend on how many cores a machine has.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  `import minireg` loads NumPy only

    if os.environ.get("OPENBLAS_NUM_THREADS"):
        return nullcontext()
    return threadpool_limits(1, user_api="blas")
