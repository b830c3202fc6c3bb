"""SavedModel: a trained network and everything that is needed to use it, in one file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from .. import __version__, nn
from ..data.readers import Schema
from ..errors import ArgumentError, DataError, MiniregError
from ..files import as_path
from ..nn import StandardizedMSE, Unstandardize
from ..serialization import as_data_error, load, matches, save
from ..training import evaluate, predict
from .architecture import AS_ASKED, Architecture, build_model, choose_architecture
from .new_data import read_examples, read_labelled
from .settings import Settings

NAME = "model.safetensors"
FORMAT = "minireg-model/2"  # changes when an entry changes its name or meaning

PLAIN = ("classes", "reading", "pixels", "label_smoothing", "epoch", "scores")

CLASSIFIER_OUTPUTS = ("classes", "probabilities", "logits")


@dataclass
class SavedModel:
    """A trained network that reads files, tables and arrays.

    Attributes:
        model: the network, a Module.
        architecture: the description of the network.
        classes: the names of the classes, in the order of the outputs; () for a regression.
        schema: for a table, what its columns are; otherwise None.
        reading: the names of the arrays x and y in an .npz file, if they were given.
        pixels: whether it was trained on whole-number pixels from 0 to 255.
        label_smoothing: the label smoothing of its loss.
        epoch: the epoch that its weights come from.
        scores: its scores in that epoch.
    """

    model: Any
    architecture: Architecture
    classes: tuple[str, ...] = ()
    schema: Schema | None = None
    reading: dict[str, str] = field(default_factory=dict)
    pixels: bool = False
    label_smoothing: float = 0.0
    epoch: int = 0
    scores: dict[str, float | None] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<SavedModel: {self.architecture}; weights of epoch {self.epoch}>"

    @property
    def criterion(self) -> Any:
        """The loss that the model was trained with."""
        if self.architecture.regression:
            last = list(self.model)[-1]
            return StandardizedMSE(last.std) if isinstance(last, Unstandardize) else nn.MSELoss()
        return nn.CrossEntropyLoss(label_smoothing=self.label_smoothing)

    @property
    def usual_metrics(self) -> tuple[str, ...]:
        """The metrics that `evaluate` measures by default."""
        return ("accuracy", "f1") if self.classes else ("mse", "mae", "r2")

    read, read_labelled = read_examples, read_labelled  # methods: the model is their first argument

    def predict(self, data: Any, output: str | None = None) -> np.ndarray:
        """Return predictions for new examples; targets in `data` are ignored.

        Args:
            data: a path (a picture, a folder of pictures, a table, an .npz or an IDX file), a
                pandas DataFrame, an array (N, ...), a Dataset, or a result of `read`.
            output: for a classifier "classes" (the default), "probabilities" or "logits"; for a
                regression "numbers".

        Returns:
            A NumPy array: (N,) names of classes; (N, K) probabilities or logits, in the order of
            `classes`; (N,) numbers, or (N, K) if the model predicts K for each example.

        Raises:
            DataError: the data cannot be read, or the model does not take such examples.
            ArgumentError: `output` has another value.
        """
        known = ("numbers",) if self.architecture.regression else CLASSIFIER_OUTPUTS
        output = known[0] if output is None else output
        if output not in known:
            raise ArgumentError(
                f"output must be {' or '.join(map(repr, known))} for this model, got {output!r}.",
                argument="output",
            )
        x = self.read(data).x
        if output == "numbers":
            numbers = predict(self.model, x)
            return numbers[:, 0] if numbers.shape[1] == 1 else numbers
        answers = predict(self.model, x, output=output)
        return np.array(self.classes)[answers] if output == "classes" else answers

    def evaluate(self, data: Any, metrics: Any = None) -> dict[str, Any]:
        """Return the loss that was used in training, and metrics, on labelled examples.

        Args:
            data: as for `predict`, with targets; arrays as a pair (x, y), where y may hold the
                names of classes.
            metrics: see `minireg.metrics`; by default accuracy and f1, for a regression mse, mae
                and r2 in the unit of the targets.

        Returns:
            `{"loss": …, "accuracy": …, …}`.

        Raises:
            DataError: the data cannot be read, the model does not take such examples, or it does
                not know one of the classes.
        """
        metrics = self.usual_metrics if metrics is None else metrics
        return evaluate(self.model, self.read_labelled(data), self.criterion, metrics=metrics)

    def save(self, path: Any) -> None:
        """Write the model to a file, completely or not at all."""
        config = {
            "format": FORMAT,
            "minireg": __version__,
            "architecture": asdict(self.architecture),
            "schema": None if self.schema is None else self.schema.as_dict(),
            **{name: getattr(self, name) for name in PLAIN},
        }
        save({"model": self.model.state_dict(), "config": config}, path)


def load_model(path: Any) -> SavedModel:
    """Load a model that `minireg train`, `models.train` or `SavedModel.save` wrote.

    Args:
        path: the file, or the folder of the run.

    Raises:
        DataError: there is no such file, or it is not a model of this version of minireg.

    >>> import tempfile
    >>> train, test = mr.data.load_digits()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/digits.npz", x=train.x, y=train.y)
    ...     settings = mr.Settings(data=f"{folder}/digits.npz", epochs=5)
    ...     result = mr.models.train(settings, f"{folder}/run", progress=False)
    ...     model = load_model(f"{folder}/run")
    >>> model.evaluate(test)["accuracy"] > 0.9, model.predict(test.x[:3]).shape
    (True, (3,))
    """
    path = as_path(path)
    if path.is_dir():
        if not (path / NAME).exists():
            raise DataError(
                f"There is no {NAME} in the folder {str(path)!r}. Name the folder that "
                f"`minireg train --out` wrote, or its {NAME}."
            )
        path = path / NAME
    state = load(path)
    config = state.get("config") if isinstance(state, dict) else None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise DataError(
            f"{str(path)!r} does not hold a model of `minireg train` (it lacks the description "
            f"{FORMAT!r}). Weights alone do not tell which network they belong to."
        )
    damaged = f"{str(path)!r} is damaged: its description and its weights do not belong together."
    with as_data_error(damaged):
        saved = SavedModel(
            None,
            Architecture(**config["architecture"]),
            schema=None if config["schema"] is None else Schema.from_dict(config["schema"]),
            **{name: config[name] for name in PLAIN},
        )
        try:
            check_description(saved, state["model"])
            saved.model = build_model(saved.architecture).eval()
            saved.model.load_state_dict(state["model"])
        except MiniregError as error:
            raise DataError(damaged) from error
    return saved


def check_description(saved: SavedModel, weights: dict[str, np.ndarray]) -> None:
    """Raise an error if `minireg train` cannot have made such a model with these weights.

    This comes before the network is built, which could be too large for the memory.
    """
    a, names = saved.architecture, ("model", "hidden", "channels", *AS_ASKED)
    settings = Settings(
        **{name: getattr(a, name) for name in names}, label_smoothing=saved.label_smoothing
    )
    columns = () if saved.schema is None else saved.schema.columns
    widths = [len(column.feature_names) for column in columns]
    if not (
        matches(saved, SavedModel)
        and min(a.input_shape) > 0
        and a == choose_architecture(settings, a.input_shape, a.outputs, a.regression)
        and a.weight_shapes == [w.shape for w in weights.values() if w.ndim > 1]
        and len(saved.classes) == (0 if a.regression else a.outputs)
        and saved.epoch >= 0
        and widths == [len(column.fill) for column in columns]
        and (saved.schema is None or a.input_shape == (sum(widths),))
    ):
        raise DataError("The description does not fit the weights.")
