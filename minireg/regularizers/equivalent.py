"""Strengths of other libraries: the penalty that is the same beside a loss of minireg.

Divide a library's objective until its data term is a mean loss of minireg: the rest is the penalty
L1(a) + L2(b).  `ENTRIES` has the formula of (a, b) for each object of a library.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial, reduce
from inspect import signature
from operator import add
from typing import Any

from ..checks import check_choice, check_count, check_number, check_probability
from ..errors import ArgumentError, ArgumentTypeError
from .elementwise import L1, L2
from .penalty import Penalty


def mix(strength: float, l1_ratio: float) -> tuple[float, float]:
    """λ (ρ Σ|w| + (1 − ρ)/2 Σw²)."""
    return strength * l1_ratio, strength * (1 - l1_ratio)


def sgd(alpha: float, penalty: str = "l2", l1_ratio: float = 0.15) -> tuple[float, float]:
    """scikit-learn's SGD: its l1_ratio counts only with penalty="elasticnet"."""
    return mix(alpha, {"l2": 0.0, "l1": 1.0, "elasticnet": l1_ratio}[penalty])


def mlp(alpha: float, batch_size: int) -> tuple[float, float]:
    """scikit-learn's networks: α/(2B) Σw², with the size of the batch."""
    return 0, alpha / batch_size


def coupled(weight_decay: float) -> tuple[float, float]:
    """λ w is added to the gradient, before anything else."""
    return 0, weight_decay


# The data losses that an objective can have.  An entry of SQUARES is beside `half_mse`, half the
# mean of squares; `mse` is twice as large, and then the penalty is, too.
SQUARES = ("half_mse", "mse")
CLASSES = ("cross_entropy", "binary_cross_entropy_with_logits")
MARGINS = ("hinge", "binary_cross_entropy_with_logits")
LOSSES = (*SQUARES, *CLASSES, "hinge")
OTHER_NAMES = {  # of the same losses: functions and modules
    "mse_loss": "mse",
    "MSELoss": "mse",
    "CrossEntropyLoss": "cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
}
THEIRS = ()  # any loss: the one that is minimised there

ENTRIES: dict[str, tuple[tuple[str, ...], Callable[..., tuple[float, float]]]] = {
    "sklearn.linear_model.Ridge": (SQUARES, lambda alpha, samples: (0, alpha / samples)),
    "sklearn.linear_model.Lasso": (SQUARES, lambda alpha: (alpha, 0)),
    "sklearn.linear_model.ElasticNet": (
        SQUARES, lambda alpha, l1_ratio=0.5: mix(alpha, l1_ratio),
    ),
    "sklearn.linear_model.LogisticRegression": (
        CLASSES, lambda C, samples, l1_ratio=0.0: mix(1 / (C * samples), l1_ratio),
    ),
    "sklearn.linear_model.SGDRegressor": (SQUARES, sgd),
    "sklearn.linear_model.SGDClassifier": (MARGINS, sgd),
    "sklearn.neural_network.MLPRegressor": (SQUARES, mlp),
    "sklearn.neural_network.MLPClassifier": (CLASSES, mlp),
    "torch.optim.SGD": (THEIRS, coupled),
    "torch.optim.Adam": (THEIRS, coupled),
    "torch.optim.Adadelta": (THEIRS, coupled),
    "torch.optim.Adagrad": (THEIRS, coupled),
    "torch.optim.Adamax": (THEIRS, coupled),
    "torch.optim.ASGD": (THEIRS, coupled),
    "torch.optim.NAdam": (THEIRS, coupled),
    "torch.optim.RAdam": (THEIRS, coupled),
    "torch.optim.RMSprop": (THEIRS, coupled),
    "keras.regularizers.L1": (THEIRS, lambda l1: (l1, 0)),
    "keras.regularizers.L2": (THEIRS, lambda l2: (0, 2 * l2)),
    "keras.regularizers.L1L2": (THEIRS, lambda l1=0.0, l2=0.0: (l1, 2 * l2)),
    "ng.compute_cost_with_regularization": (
        SQUARES + CLASSES, lambda lambd, samples: (0, lambd / samples),
    ),
}  # fmt: skip

DECOUPLED = {  # weight_decay=, and the optimizer here that is the same
    "torch.optim.AdamW": "optim.AdamW",
    "torch.optim.Adafactor": None,
    "torch.optim.Muon": None,
    "keras.optimizers.SGD": "optim.SGDW",
    "keras.optimizers.Adam": "optim.AdamW",
    "keras.optimizers.AdamW": "optim.AdamW",
    "keras.optimizers.Adadelta": None,
    "keras.optimizers.Adafactor": None,
    "keras.optimizers.Adagrad": None,
    "keras.optimizers.Adamax": None,
    "keras.optimizers.Lamb": None,
    "keras.optimizers.Lion": None,
    "keras.optimizers.Muon": None,
    "keras.optimizers.Nadam": None,
    "keras.optimizers.RMSprop": None,
}
ANOTHER_FORMULA = {
    "keras.regularizers.OrthogonalRegularizer": (
        "the mean of |cos| over pairs of rows or columns; reg.Orthogonal(λ) is λ/4 ‖WᵀW − I‖²"
    ),
}
NAMES = (*ENTRIES, *DECOUPLED, *ANOTHER_FORMULA)

CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "samples": check_count,
    "batch_size": check_count,
    "C": partial(check_number, above=0),
    "l1_ratio": check_probability,
    "penalty": partial(check_choice, choices=("l2", "l1", "elasticnet")),
}
at_least_0 = partial(check_number, minimum=0)
SIZES = {
    "samples": "pass samples=, the number of examples in the training set",
    "batch_size": "pass batch_size=, the number of examples in a batch (solver='lbfgs': in the "
    "training set)",
}


def equivalent(
    name: str,
    *,
    samples: int | None = None,
    batch_size: int | None = None,
    loss: str | None = None,
    **strengths: Any,
) -> Penalty:
    """The penalty that is the same as a setting of another library, L1(a) + L2(b).

    `loss + penalty` has the minimiser of that library's objective.  docs/strengths.md has the
    formulas, the way back, and which biases are penalized.

    Args:
        name: the object there, "sklearn.linear_model.Ridge"; an unknown name raises an error that
            lists the known ones.
        samples: m, the size of the training set, where the data term there is a sum.
        batch_size: where the penalty there is divided by it.
        loss: the loss beside the penalty, by the name of its function or module in minireg, such
            as "mse_loss", "MSELoss" or short "mse"; "half_mse" is 0.5 · `mse_loss`.  What PyTorch
            and Keras add is the same beside any loss: it may be left out.
        strengths: the settings of that object, under the names that they have there.

    Returns:
        A sum of `L1` and `L2` (in the scale "half"), without a term that is 0.

    Raises:
        ArgumentError: no penalty is the same (decoupled weight decay: the message names the
            optimizer that is); a name or a loss is unknown; a strength is out of range; a size is
            missing.
        ArgumentTypeError: a strength is unknown, missing, or not a number.

    >>> from minireg import regularizers as reg
    >>> reg.equivalent("sklearn.linear_model.Ridge", alpha=1.0, samples=50, loss="mse")
    L2(0.04, scale='half')
    >>> reg.equivalent("keras.regularizers.L2", l2=0.01)
    L2(0.02, scale='half')
    """
    losses, formula = find_entry(name)
    sizes = {"samples": samples, "batch_size": batch_size}
    settings = check_settings(name, formula, strengths, sizes)
    loss = OTHER_NAMES.get(str(loss), loss)
    if losses or loss is not None:
        check_choice("loss", loss, losses or LOSSES)
    a, b = formula(**settings)
    factor = 2 if losses and loss == "mse" else 1
    terms = [kind(factor * strength) for kind, strength in ((L1, a), (L2, b)) if strength]
    return reduce(add, terms) if terms else L2(0.0)


def find_entry(name: str) -> tuple[tuple[str, ...], Callable[..., tuple[float, float]]]:
    """The losses and the formula of an object; an error if it is not L1(a) + L2(b)."""
    if not isinstance(name, str):
        raise ArgumentTypeError(
            f"name must be a string such as 'sklearn.linear_model.Ridge', got {name!r}.",
            argument="name",
        )
    if name in ENTRIES:
        return ENTRIES[name]
    if name in DECOUPLED:
        same = DECOUPLED[name]
        message = f"The weight_decay=λ of {name} is decoupled, w ← w − lr λ w: not a penalty. " + (
            f"{same}(weight_decay=λ) is the same." if same else "No optimizer here is the same."
        )
    elif name in ANOTHER_FORMULA:
        message = f"No penalty here is the same as {name}: it is {ANOTHER_FORMULA[name]}."
    else:
        ends = {known.rpartition(".")[2].lower() for known in NAMES}
        close = get_close_matches(name.rpartition(".")[2].lower(), ends)
        meant = [known for known in NAMES if known.rpartition(".")[2].lower() in close]
        message = f"Nothing is known about {name!r}. " + (
            f"Did you mean {' or '.join(meant)}? " if meant else ""
        )
        message += f"The known names are {', '.join(NAMES)}."
    raise ArgumentError(message, argument="name")


def check_settings(
    name: str, formula: Callable[..., Any], strengths: dict[str, Any], sizes: dict[str, Any]
) -> dict[str, Any]:
    """The arguments of the formula, each checked; an error for one too many or too few."""
    expected = signature(formula).parameters
    names = [key for key in expected if key not in sizes]
    unknown = [key for key in strengths if key not in names]
    needed = [key for key in names if expected[key].default is expected[key].empty]
    missing = [key for key in needed if key not in strengths]
    if unknown or missing:
        raise ArgumentTypeError(
            f"The settings of {name} are {', '.join(names)}. "
            f"Missing: {', '.join(missing) or 'nothing'}; "
            f"unknown: {', '.join(unknown) or 'nothing'}.",
            argument=(unknown + missing)[0],
        )
    for key in sizes.keys() & expected.keys():
        if sizes[key] is None:
            raise ArgumentError(
                f"The strength of {name} depends on a size: {SIZES[key]}.", argument=key
            )
    given = strengths | {key: size for key, size in sizes.items() if size is not None}
    checked = {key: CHECKS.get(key, at_least_0)(key, value) for key, value in given.items()}
    return {key: value for key, value in checked.items() if key in expected}
