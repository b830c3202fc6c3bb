"""A training from settings: `Training(settings)` checks everything, `.train()` trains."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import training
from ..backend import current_backend, use_backend
from ..data import DataLoader
from ..errors import ArgumentError
from ..files import as_path, lock_folder, write_file
from ..training import History, evaluate
from ..training.callbacks import Run
from .architecture import build_model, choose_architecture
from .folder import CHECKPOINT, CONFIG, FILES, HISTORY, PICTURE, KeepRun, resolve_settings
from .inputs import Parts, read_parts
from .optimization import build_optimizer, build_schedule
from .regularization import Streams, build_penalty, build_terms, build_transform
from .saved import NAME, SavedModel
from .settings import Settings


@dataclass
class Result:
    """The result of a training.

    Attributes:
        model: the model of the best epoch; None if no epoch was finished.
        history: what was measured after each epoch.
        test: the scores of the best model on the data's own test part, if it was not used to
            choose this model; otherwise None.
        zeros: after proximal steps or with non-negative weights, how many of the weights that they
            act on are exactly 0, and how many there are; otherwise None.
    """

    model: SavedModel | None
    history: History
    test: dict[str, Any] | None
    zeros: tuple[int, int] | None = None


def train(settings: Settings | None = None, out: Any = "minireg-run", **options: Any) -> Result:
    """Train as `minireg train` does; short for `Training(settings, out, **options).train()`.

    The same settings give the same model, bit for bit.  See `load_model` for an example.
    """
    return Training(settings, out, **options).train()


class Training:
    """A training that is ready to run: the data are read, the network is built, the folder is made.

    Args:
        settings: what is trained; with `resume` they are optional, and only `epochs` may differ.
        out: the folder for the model of the best epoch, the settings, the history and a checkpoint.
        resume: go on with the run in the folder.
        overwrite: replace the run in the folder.
        progress: as for `fit`.

    Attributes:
        settings: what is trained.
        parts: the data.
        saved: the model, first with initial weights, after the training with the best ones.

    Raises:
        ArgumentError, DataError: the data cannot be used, settings contradict them or each other,
            the folder holds a run, or another process trains in it.  Nothing is written then.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        out: Any = "minireg-run",
        *,
        resume: bool = False,
        overwrite: bool = False,
        progress: Any = True,
    ) -> None:
        self.folder = as_path(out)
        with lock_folder(self.folder, "out"):
            self.build(settings, resume, overwrite, progress)

    def build(
        self, settings: Settings | None, resume: bool, overwrite: bool, progress: Any
    ) -> None:
        """Read the data, build the network and begin the files of the run."""
        self.settings = settings = resolve_settings(settings, self.folder, resume, overwrite)
        self.backend = settings.backend or current_backend().name
        with use_backend(self.backend):
            self.parts = parts = read_parts(settings)
            check_task(settings, parts)
            streams, shape = Streams(settings.seed), parts.train.x.shape[1:]
            architecture = choose_architecture(settings, shape, parts.outputs, parts.regression)
            self.saved = SavedModel(
                model=build_model(architecture, streams.network, parts.train),
                architecture=architecture,
                classes=parts.train.classes,
                schema=parts.schema,
                reading={name: value for name in ("x", "y") if (value := getattr(settings, name))},
                pixels=bool(parts.train.x.dtype == np.uint8),
                label_smoothing=settings.label_smoothing,
            )
            self.keeper = KeepRun(self.folder, self.saved)
            self.run = self.prepare(streams, resume, progress)
        if not resume:
            for name in FILES:
                (self.folder / name).unlink(missing_ok=True)
        write_file(self.folder / CONFIG, settings.to_toml(self.folder).encode("utf-8"))

    def prepare(self, streams: Streams, resume: bool, progress: Any) -> Run:
        """Return the loop that trains the network."""
        settings, parts, model = self.settings, self.parts, self.saved.model
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
            criterion=self.saved.criterion,
            penalty=build_penalty(settings),
            proximal=settings.proximal,
            terms=build_terms(settings),
            transform=build_transform(settings, parts.train, streams),
            early_stopping=settings.early_stopping,
            metrics=settings.metrics or (("mse", "r2") if parts.regression else ("accuracy",)),
            class_weights=settings.class_weights,
            schedule=build_schedule(settings, optimizer, -(-len(batches) // settings.accumulate)),
            accumulate=settings.accumulate,
            clip_norm=settings.clip_norm,
            callbacks=[self.keeper],
            checkpoint=self.folder / CHECKPOINT,
            resume=resume,
            generator=streams.order,
            progress=progress,
        )

    def train(self) -> Result:
        """Train, and write the best model, the history and its picture to the folder."""
        test = None
        with lock_folder(self.folder, "out"), use_backend(self.backend), limit_threads():
            history = self.run.train()
            if self.keeper.epoch is None:
                return Result(None, history, None)
            self.saved.model.eval()
            best = self.keeper.score_model(history)
            # Written again, since Ctrl-C may have come between two of the files.
            best.save(self.folder / NAME)
            history.to_csv(self.folder / HISTORY)
            history.plot(self.folder / PICTURE)
            if self.parts.test is not None:
                measured = best.model, self.parts.test, best.criterion
                test = evaluate(*measured, metrics=history.metrics)
        return Result(best, history, test, self.count_zeros())

    def count_zeros(self) -> tuple[int, int] | None:
        """The exact zeros among the weights with proximal steps or signs, and these weights."""
        regularization = self.run.regularization
        if regularization is None or not (self.settings.proximal or self.settings.non_negative):
            return None
        weights = [p for p, _ in regularization.moved]
        return sum(int((p.data == 0).sum()) for p in weights), sum(p.size for p in weights)


def check_task(settings: Settings, parts: Parts) -> None:
    """Refuse settings that do not fit the data."""
    for name in ("class_weights", "label_smoothing", "confidence_penalty"):
        if parts.regression and getattr(settings, name):
            raise ArgumentError(
                f"{name} is for classes, but the targets here are numbers. (If they are classes, "
                f"choose task='classification'.)",
                argument=name,
            )
    shape = parts.train.x.shape[1:]
    if settings.augment and len(shape) != 3:
        raise ArgumentError(
            f"augment is for images (channels, height, width), but an example here has shape "
            f"{shape}.",
            argument="augment",
        )


def limit_threads() -> AbstractContextManager[Any]:
    """Limit matrix products to one thread, unless OPENBLAS_NUM_THREADS is set.

    The products are small.  A second thread makes them a little faster on an idle machine, but on a
    busy one threads wait for each other in a loop, and training takes thirty times as long.  With
    one thread, the results also do not depend on the number of cores.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  `import minireg` loads NumPy only

    if os.environ.get("OPENBLAS_NUM_THREADS"):
        return nullcontext()
    return threadpool_limits(1, user_api="blas")
