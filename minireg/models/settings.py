"""Settings: everything that decides what `minireg train` trains.

A setting has one name everywhere: `Settings(batch_size=64)`, `--batch-size 64` on the command line,
`batch-size = 64` in a configuration file.  The command line makes its options from the fields here.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import ArgumentError, MiniregError
from ..files import as_path
from ..serialization import as_data_error
from .architecture import ACTIVATIONS, DROPOUTS, MODELS
from .kinds import Choice, Column, Count, Flag, Location, Number, Pipeline, Several, Shape, Text
from .optimization import OPTIMIZERS, SCHEDULES, check_optimizer_options, check_warmup
from .regularization import check_penalties

DATA, MODEL, TRAINING = "Data", "Model", "Training"
REGULARIZATION, AUGMENTATION, RUN = "Regularization", "Augmentation (images)", "This run"

POSITIVE, SHARE = Number(min_open=True), Number(0, 1, max_open=True)


def setting(
    section: str, default: Any, kind: Any, meaning: str = "", metavar: str | None = None
) -> Any:
    """Return a field of `Settings`: its section in the help, its default and its kind of value."""
    metadata = {"section": section, "kind": kind, "meaning": meaning, "metavar": metavar}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that decides what `minireg train` trains; None means a suitable default.

    A value may also be the text that is typed on the command line: `Settings(hidden="128,64")`.
    `dataclasses.replace(settings, seed=1)` gives the same settings with another seed.

    Raises:
        ArgumentError, ArgumentTypeError: a value outside its range, or two that contradict each
            other; `error.argument` is the name of the setting.

    >>> settings = Settings(data="photos", size=(32, 32), dropout=0.3, augment="flip")
    >>> settings.dropout, settings.optimizer, settings.epochs
    (0.3, 'adam', 20)
    """

    # fmt: off
    data: Path | None = setting(DATA, None, Location(),  # noqa: RUF009
        "A folder of images with a subfolder for each class, a table, an .npz, or an IDX file.")
    validation: float | None = setting(DATA, None, SHARE,
        "Share of the examples to validate with; 0 for none.  [default: the data's own test part, "
        "or 0.2]", "FRACTION")
    target: str | int | None = setting(DATA, None, Column(),
        "Table: what to predict, a name or a position.  [default: the last column]")
    drop: tuple[str | int, ...] | None = setting(DATA, None, Several(Column()),
        "Table: columns to leave out, such as an identifier.")
    categorical: tuple[str | int, ...] | None = setting(DATA, None, Several(Column()),
        "Table: columns whose values are categories, whatever they look like.")
    missing: str | None = setting(DATA, None, Choice(("drop", "mean")),
        "Table: leave out rows with missing values, or fill in the mean.  [default: refuse them]")
    task: str | None = setting(DATA, None, Choice(("classification", "regression")),
        "Table: what kind of target.  [default: decimal numbers mean regression]")
    delimiter: str | None = setting(DATA, None, Text(),
        "Table: what separates columns.  [default: detected]", "SIGN")
    header: bool | None = setting(DATA, None, Flag(),
        "Table: whether the first line holds names.  [default: detected]")
    encoding: str | None = setting(DATA, None, Text(),
        "Table: encoding of the text, such as cp1252.  [default: utf-8]")
    size: tuple[int, ...] | None = setting(DATA, None, Shape(),
        "Images: resize to this height and width.")
    color: str | None = setting(DATA, None, Choice(("rgb", "grey")),
        "Images: channels.  [default: grey if every image is]")
    x: str | None = setting(DATA, None, Text(),
        ".npz: the array of the examples.  [default: x]")
    y: str | None = setting(DATA, None, Text(),
        ".npz: the array of the targets.  [default: y]")
    labels: Path | None = setting(DATA, None, Location(),  # noqa: RUF009
        "IDX: the file of the labels.  [default: the one beside the images]", "FILE")
    normalize: bool = setting(DATA, True, Flag(),
        "Bring inputs (and numbers to predict) to mean 0 and spread 1, as measured on the training "
        "part.")

    model: str | None = setting(MODEL, None, Choice(MODELS),
        "[default: cnn for images, mlp for tables]")
    hidden: tuple[int, ...] | None = setting(MODEL, None, Several(Count()),
        "Widths of the hidden layers.  [default: 128; cnn: 64]")
    channels: tuple[int, ...] | None = setting(MODEL, None, Several(Count()),
        "cnn: channels of the convolutions; each halves the image.  [default: 16,32]")
    activation: str = setting(MODEL, "relu", Choice(tuple(ACTIVATIONS)), "After each hidden layer.")
    batch_norm: bool = setting(MODEL, False, Flag(), "Normalise each hidden layer.")

    optimizer: str = setting(TRAINING, "adam", Choice(tuple(OPTIMIZERS)))
    lr: float | None = setting(TRAINING, None, POSITIVE,
        "Learning rate.  [default: 0.001; sgd, sgdw: 0.05; adagrad: 0.01]")
    momentum: float | None = setting(TRAINING, None, SHARE,
        "For sgd, sgdw and rmsprop.  [default: sgd, sgdw: 0.9; rmsprop: 0]")
    weight_decay: float | None = setting(TRAINING, None, Number(),
        "Weight decay of the optimizer.  [default: 0; adamw, sgdw: 0.01]")
    independent_decay: bool = setting(TRAINING, False, Flag(),
        "For adamw and sgdw: weight decay times lr / (its first value), not times lr.")
    schedule: str = setting(TRAINING, "none", Choice(SCHEDULES), "How the learning rate changes.")
    warmup: int = setting(TRAINING, 0, Count(0),
        "First let the learning rate rise for this many epochs.", "EPOCHS")
    epochs: int = setting(TRAINING, 20, Count())
    batch_size: int = setting(TRAINING, 32, Count())
    drop_last: bool = setting(TRAINING, False, Flag(),
        "Leave out the last batch of an epoch if it is smaller.")
    accumulate: int = setting(TRAINING, 1, Count(), "Batches per step of the optimizer.")
    clip_norm: float | None = setting(TRAINING, None, POSITIVE,
        "Largest norm of a step's gradient; a longer one is shortened.")
    metrics: tuple[str, ...] | None = setting(TRAINING, None, Several(Text()),
        "accuracy, f1, precision, recall, top5, mse, mae, r2.  [default: accuracy; regression: "
        "mse,r2]")
    seed: int = setting(TRAINING, 0, Count(0, 2**32 - 1), "The same seed gives the same model.")

    l1: float = setting(REGULARIZATION, 0.0, Number(), "Strength of an L1 penalty.")
    l2: float = setting(REGULARIZATION, 0.0, Number(), "Strength of an L2 penalty.")
    l2_scale: str = setting(REGULARIZATION, "half", Choice(("half", "sum", "half_mean")),
        "What L2 means: X/2, X or X/(2m) times the sum of squares.")
    elastic_net: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of an elastic net: L1 of strength X R, and L2 (half) of X (1 - R).")
    l1_ratio: float = setting(REGULARIZATION, 0.5, Number(0, 1),
        "elastic-net, sparse-group-lasso: the share of L1.", "R")
    group_lasso: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of a group lasso; a group is the incoming weights of a unit or channel.")
    sparse_group_lasso: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of a sparse group lasso: L1 of strength X R, and a group lasso of X (1 - R).")
    norm: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of the norm, not squared, of each weight matrix.")
    nuclear: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of the sum of singular values of each weight matrix.")
    spectral: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of half the square of the largest singular value of each weight matrix.")
    orthogonal: float = setting(REGULARIZATION, 0.0, Number(),
        "How strongly the columns of each weight matrix are drawn to be orthonormal.")
    max_norm: float | None = setting(REGULARIZATION, None, POSITIVE,
        "Largest norm of the incoming weights of a unit or channel, after every step.")
    unit_norm: bool = setting(REGULARIZATION, False, Flag(),
        "Give the incoming weights of a unit or channel the norm 1, after every step.")
    non_negative: bool = setting(REGULARIZATION, False, Flag(),
        "Set negative weights to 0, after every step.")
    proximal: bool = setting(REGULARIZATION, False, Flag(),
        "Apply penalties as proximal steps; L1 then gives exact zeros.")
    activity_l1: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of L1 on the outputs of the hidden layers.")
    activity_l2: float = setting(REGULARIZATION, 0.0, Number(),
        "Strength of L2, X times the sum of squares, on the outputs of the hidden layers.")
    confidence_penalty: float = setting(REGULARIZATION, 0.0, Number(),
        "How much the entropy of the predicted classes is rewarded.")
    dropout: float = setting(REGULARIZATION, 0.0, SHARE,
        "Probability of dropping a hidden unit, or what dropout-kind drops.", "P")
    dropout_kind: str = setting(REGULARIZATION, "dropout", Choice(tuple(DROPOUTS)),
        "dropout, original (scaled in evaluation), gaussian, alpha (for selu) act on hidden units; "
        "drop-connect on their weights; spatial (channels), drop-block on convolutions.", "KIND")
    block_size: int = setting(REGULARIZATION, 3, Count(), "drop-block: the edge of a block.")
    gaussian_noise: float = setting(REGULARIZATION, 0.0, Number(),
        "Standard deviation of noise on the standardised inputs, in training.", "SIGMA")
    label_smoothing: float = setting(REGULARIZATION, 0.0, SHARE,
        "Share of each label that is spread over all classes.")
    early_stopping: int | None = setting(REGULARIZATION, None, Count(),
        "Stop after this many epochs without a better validation loss.", "EPOCHS")
    class_weights: str | None = setting(REGULARIZATION, None, Choice(("balanced",)),
        "Let rare classes count as much as frequent ones.")

    augment: str | None = setting(AUGMENTATION, None, Pipeline(),
        'Changes of each image, drawn anew in every epoch: "flip, rotate:10, crop:28:2".')

    backend: str | None = setting(RUN, None, Choice(("numpy", "cupy", "auto")),
        "Where to compute.  [default: MINIREG_BACKEND or numpy]")
    # fmt: on

    def __post_init__(self) -> None:
        for own in fields(self):
            value = getattr(self, own.name)
            if value is not None or own.default is not None:
                object.__setattr__(self, own.name, own.metadata["kind"].read(own.name, value))
        check_optimizer_options(self)
        check_warmup(self)
        check_penalties(self)
        if self.early_stopping and self.validation == 0:
            raise ArgumentError(
                "early_stopping needs a validation loss, and validation=0 leaves none.",
                argument="early_stopping",
            )

    @classmethod
    def from_toml(cls, path: Any, **changes: Any) -> Settings:
        """Read settings from a TOML file, such as `minireg-run/config.toml`; `changes` override it.

        Raises:
            ArgumentError: the file does not exist, is not TOML, or names a setting that does not
                exist; also whatever `Settings` raises.
        """
        return cls(**read_settings(path) | changes)

    def to_toml(self, folder: Any = ".") -> str:
        """Return all settings that have a value as the text of a TOML file.

        Args:
            folder: where the file will be.  Paths in it are relative to this folder, so that it can
                be moved together with the data; on Windows only if both are on one drive.

        >>> print(Settings(hidden=(8, 8)).to_toml())  # doctest: +ELLIPSIS
        # minireg ...; again: minireg train --config config.toml
        <BLANKLINE>
        # Data
        normalize = true
        ...
        """
        from tomli_w import dumps  # noqa: PLC0415  `import minireg` loads NumPy only

        sections: dict[str, dict[str, Any]] = {}
        for own in fields(self):
            value = getattr(self, own.name)
            if value is not None:
                value = relate(value, folder) if isinstance(value, Path) else value
                section = sections.setdefault(own.metadata["section"], {})
                section[own.name.replace("_", "-")] = value
        parts = [f"# minireg {__version__}; again: minireg train --config config.toml\n"]
        parts += [f"# {title}\n{dumps(values)}" for title, values in sections.items()]
        text = "\n".join(parts)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ArgumentError(
                f"{error.object[error.start - 20 : error.end]!r} in a setting cannot be written as "
                f"UTF-8. Rename the file or folder.", argument="data",
            ) from error  # fmt: skip
        return text


def relate(path: Path, folder: Any) -> str:
    """Return the path relative to the folder, if there is one between them."""
    with suppress(ValueError):  # on different drives of Windows
        path = Path(os.path.relpath(path.resolve(), Path(folder).resolve()))
    return path.as_posix()


# Settings of earlier versions, as they are written in `augment`.
REPLACED = {"flip": "flip", "rotate": "rotate:{}", "crop": "crop:HEIGHTxWIDTH:{}"}


def read_settings(path: Any) -> dict[str, Any]:
    """Return the values in a TOML file by the names of their settings.

    A relative path in the file is one from the folder of the file.
    """
    import tomllib  # noqa: PLC0415

    path = as_path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ArgumentError(f"There is no configuration file {str(path)!r}.") from error
    except OSError as error:
        raise ArgumentError(f"{str(path)!r} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ArgumentError(f"{str(path)!r} is not UTF-8 text: save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise ArgumentError(
            f"{str(path)!r} is not a TOML file: {error}. A line of it looks like this: epochs = 20"
        ) from error
    known = {own.name.replace("_", "-"): own for own in fields(Settings)}
    found = {}
    for name, value in table.items():
        if name in REPLACED:
            steps = [form.format(table[old]) for old, form in REPLACED.items() if table.get(old)]
            hint = f'write augment = "{", ".join(steps)}" instead' if steps else "leave them out"
            raise ArgumentError(f"{path}: flip, rotate and crop are not settings; {hint}.")
        if name not in known:
            close = get_close_matches(name.replace("_", "-"), known, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]!r}?" if close else f"Known names: {', '.join(known)}."
            raise ArgumentError(f"{path}: there is no setting {name!r}. {hint}")
        try:
            with as_data_error(f"{name} is nested too deeply."):
                value = known[name].metadata["kind"].read(name, value)
        except MiniregError as error:
            raise ArgumentError(f"{path}: {error}") from error
        found[known[name].name] = path.parent / value if isinstance(value, Path) else value
    return found
