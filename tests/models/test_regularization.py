"""Penalties, dropout and weight decay of the library are reachable from settings."""

from __future__ import annotations

import pytest

from minireg import nn, optim
from minireg import regularizers as reg
from minireg.models import Settings
from minireg.models.architecture import DROPOUTS
from minireg.models.optimization import OPTIMIZERS
from minireg.models.regularization import PENALTIES, build_penalty, build_terms
from minireg.nn.masked_layer import DropLayer

pytestmark = pytest.mark.host


def classes_of(package, *bases):
    """The public classes of a package that are made from one of these."""
    found = {name: getattr(package, name) for name in package.__all__}
    return {name for name, c in found.items() if isinstance(c, type) and issubclass(c, bases)}


@pytest.mark.parametrize(
    ("settings", "penalty"),
    [
        ({"l1": 0.1}, "L1(0.1)"),
        ({"l2": 0.1, "l2_scale": "sum"}, "L2(0.1, scale='sum')"),
        ({"elastic_net": 0.4, "l1_ratio": 0.25}, "L1(0.1) + L2(0.3, scale='half')"),
        ({"sparse_group_lasso": 0.4, "l1_ratio": 0.25}, "L1(0.1) + GroupLasso(0.3, axis=0)"),
        ({"unit_norm": True}, "UnitNorm(axis=0)"),
        ({"max_norm": 2, "non_negative": True}, "MaxNorm(2, axis=0) + NonNegative()"),
        ({"non_negative": False, "l1_ratio": 0.1}, "None"),
    ],
)
def test_settings_give_the_penalty_of_their_names(settings, penalty):
    assert repr(build_penalty(Settings(**settings))) == penalty


def test_every_public_penalty_has_a_setting():
    terms = build_terms(Settings(activity_l1=1, activity_l2=1, confidence_penalty=1))
    reached = {kind for kind, _ in PENALTIES.values()} | {type(term).__name__ for term in terms}
    public = classes_of(reg, reg.Penalty, reg.OutputPenalty)
    # Bases; and the sum of l1 and l2 with l2_scale="sum".
    assert public - reached == {"Penalty", "Constraint", "OutputPenalty", "L1L2"}


def test_every_dropout_layer_for_these_networks_has_a_name():
    reached = {getattr(layer, "func", layer).__name__ for layer, _, _ in DROPOUTS.values()}
    # For sequences, and for residual branches.
    assert classes_of(nn, DropLayer) - reached == {"Dropout1d", "StochasticDepth"}


def test_every_optimizer_has_a_name():
    reached = {kind for kind, _ in OPTIMIZERS.values()}
    assert classes_of(optim, optim.Optimizer) - reached == {"Optimizer"}
