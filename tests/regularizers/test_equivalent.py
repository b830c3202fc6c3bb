"""What docs/strengths.md says is what `reg.equivalent` gives, and mistakes get their sentence.

The last cell of a row links to the test that compares it with the library.
"""

from __future__ import annotations

import ast
import re
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.regularizers.equivalent import DECOUPLED, ENTRIES, NAMES
from tests.regularizers.strengths import (
    BATCH,
    FEATURES,
    LINK,
    OTHERS,
    PAGE,
    PENALTIES,
    ROWS,
    SIZES,
    SYMBOLS,
    M,
    X,
    Y,
    evaluate,
    find_theirs,
    row_losses,
    with_rows,
)  # fmt: skip

pytestmark = pytest.mark.host

RIDGE = "sklearn.linear_model.Ridge"
LOGISTIC = "sklearn.linear_model.LogisticRegression"


@pytest.fixture(autouse=True)
def keras_runs_on_pytorch(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")


def parts_of(penalty):
    """a and b of L1(a) + L2(b), which is a + b/2 at 1 and 2a + 2b at 2."""
    one, two = (penalty.value(np.array([w])) for w in (1.0, 2.0))
    return 2 * one - two / 2, two - 2 * one


def test_the_page_has_a_row_for_every_known_name():
    assert {row.name for row in ROWS} == set(NAMES)


def test_losses_of_the_page_are_those_of_the_entry():
    for name, (losses, _) in ENTRIES.items():
        shown = [loss for row in PENALTIES if row.name == name for loss in row_losses(row)]
        assert set(shown) == set(losses or [None])


def test_every_row_names_a_test_that_exists():
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| there |", "| library |")):
            ((file, test),) = LINK.findall(line)
            tree = ast.parse((Path(__file__).parent / f"{file}.py").read_text(encoding="utf-8"))
            assert test in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("name", [name for name in ENTRIES if not name.startswith("ng.")])
def test_settings_and_defaults_are_those_of_the_library(name):
    if name.endswith("LogisticRegression"):
        pytest.importorskip("sklearn", minversion="1.8")
    theirs = signature(find_theirs(name)).parameters
    for setting, parameter in signature(ENTRIES[name][1]).parameters.items():
        if setting not in SIZES:
            assert setting in theirs
            assert parameter.default in (parameter.empty, theirs[setting].default)


@pytest.mark.parametrize(
    ("names", "settings"),
    [
        (("mse", "mse_loss", "MSELoss"), {"name": RIDGE, "alpha": 0.3}),
        (("cross_entropy", "CrossEntropyLoss"), {"name": LOGISTIC, "C": 0.3}),
        (("binary_cross_entropy_with_logits", "BCEWithLogitsLoss"), {"name": LOGISTIC, "C": 0.3}),
    ],
)
def test_a_loss_has_the_names_of_its_function_and_module(names, settings):
    assert len({repr(reg.equivalent(**settings, samples=9, loss=name)) for name in names}) == 1


def test_pytorch_and_keras_add_to_any_loss():
    for name in ("mse", "half_mse", "cross_entropy", "hinge"):
        assert repr(reg.equivalent("keras.regularizers.L2", l2=0.5, loss=name)) == repr(reg.L2(1))


@with_rows(PENALTIES)
def test_penalties_of_the_page_are_those_of_equivalent(row):
    assert row.codes(1)
    for code in row.codes(1):
        np.testing.assert_allclose(
            parts_of(evaluate(code)), parts_of(row.equivalent()), rtol=1e-14, err_msg=code
        )


@with_rows(PENALTIES)
def test_the_objective_is_a_multiple_of_loss_plus_penalty(row):
    (objective,) = row.codes(0)
    for loss in row_losses(row):
        penalty, ratios = row.equivalent(loss), []
        for w in np.random.default_rng(1).normal(size=(5, FEATURES)):
            errors = (Y - X @ w)[: BATCH if "B" in objective else M]
            squares = loss in ("half_mse", "mse")
            losses = errors**2 / 2 if squares else np.log1p(np.exp(-errors))  # any, one per example
            mean = losses.mean()
            theirs = evaluate(objective, w=w, e=errors, ℓ=losses, loss=mean)
            ratios.append(theirs / ((2 if loss == "mse" else 1) * mean + penalty.value(w)))
        np.testing.assert_allclose(ratios, ratios[0], rtol=1e-13)


@with_rows(PENALTIES)
def test_the_way_back_gives_the_setting_of_the_library(row):
    (code,) = row.codes(3)
    back = row.read(code)
    kinds = {"L1": "a" in re.findall(r"\w+", code), "L2": "b" in re.findall(r"\w+", code)}
    expected = [SYMBOLS[s] * kinds[kind] for kind, s in (("L1", "a"), ("L2", "b"))]
    found = reg.equivalent(row.name, **SIZES, loss=row.losses[0], **back)
    np.testing.assert_allclose(parts_of(found), expected, rtol=1e-14, atol=1e-15)


@with_rows(OTHERS)
def test_what_is_no_penalty_names_what_is_the_same(row):
    with pytest.raises(ArgumentError) as caught:
        reg.equivalent(row.name, **row.settings)
    message, here = str(caught.value), row.codes(1)
    assert row.name in message
    if row.name in DECOUPLED:
        assert here == ([DECOUPLED[row.name]] if DECOUPLED[row.name] else [])
        assert (here or ["No optimizer here"])[0] in message
    else:
        assert "reg.Orthogonal(λ) is λ/4 ‖WᵀW − I‖²" in message


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"alpha": 1.0, "loss": "mse"}, ArgumentError, "a size: pass samples=, the number"),
        ({"alpha": 1.0, "loss": "mse", "samples": 0}, ArgumentError, "samples must be at least 1"),
        ({"alpha": -1.0, "loss": "mse", "samples": 9}, ArgumentError, "alpha must be at least 0"),
        ({"alpha": 1.0, "samples": 9}, ArgumentError, "loss must be 'half_mse' or 'mse', got None"),
        ({"alpha": 1.0, "samples": 9, "loss": "hinge"}, ArgumentError, "'half_mse' or 'mse', got"),
        ({"samples": 9, "loss": "mse"}, ArgumentTypeError, "Missing: alpha; unknown: nothing"),
        (
            {"alpha": 1.0, "l2": 1.0, "samples": 9, "loss": "mse"}, ArgumentTypeError,
            "The settings of sklearn.linear_model.Ridge are alpha. Missing: nothing; unknown: l2",
        ),
        ({"alpha": "1", "samples": 9, "loss": "mse"}, ArgumentTypeError, "alpha must be a number"),
        ({"name": "sklearn.linear_model.SGDClassifier", "alpha": 1, "penalty": "l3",
          "loss": "hinge"}, ArgumentError, "penalty must be 'l2', 'l1' or 'elasticnet'"),
        ({"name": "sklearn.linear_model.LogisticRegression", "C": 0, "samples": 9,
          "loss": "cross_entropy"}, ArgumentError, "C must be greater than 0"),
        ({"name": "sklearn.linear_model.ElasticNet", "alpha": 1, "l1_ratio": 2, "loss": "mse"},
         ArgumentError, "l1_ratio must be in [0, 1], got 2"),
        ({"name": "sklearn.neural_network.MLPRegressor", "alpha": 1.0, "samples": 9,
          "loss": "mse"}, ArgumentError, "depends on a size: pass batch_size="),
        ({"name": "Rigde"}, ArgumentError, "'Rigde'. Did you mean sklearn.linear_model.Ridge? The"),
        ({"name": "numpy"}, ArgumentError, "about 'numpy'. The known names are sklearn.linear"),
        ({"name": nn.Linear}, ArgumentTypeError, "name must be a string such as 'sklearn.lin"),
        ({"name": "torch.optim.SGD", "weight_decay": 1, "loss": "mae"}, ArgumentError, "loss must"),
    ],
)  # fmt: skip
def test_a_mistake_gets_its_sentence(arguments, error, message):
    with pytest.raises(error, match=re.escape(message)) as caught:
        reg.equivalent(**{"name": RIDGE, **arguments})
    assert caught.value.argument in str(caught.value)


def test_a_strength_of_zero_is_a_penalty_of_zero():
    assert repr(reg.equivalent("keras.regularizers.L1", l1=0.0)) == "L2(0, scale='half')"
    assert repr(reg.equivalent("keras.regularizers.L1L2", l1=0.5)) == "L1(0.5)"
