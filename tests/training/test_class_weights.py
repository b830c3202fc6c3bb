"""Class weights: those of scikit-learn, in the loss of the training only."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

import minireg as mr
from minireg import nn, optim
from minireg.errors import ArgumentError, DataError
from minireg.training.class_weights import balanced_weights
from tests.training.problems import blobs, in_double, network, still

RARE = np.repeat([0, 1, 2], [40, 12, 8])


def unequal():
    x, _ = blobs(60, spread=2.0)
    return x, RARE


@pytest.mark.host
def test_balanced_weights_are_those_of_scikit_learn():
    expected = compute_class_weight("balanced", classes=np.arange(3), y=RARE)
    np.testing.assert_allclose(balanced_weights(np.bincount(RARE)), expected, rtol=1e-15)
    # A class without examples has no part in it.
    np.testing.assert_allclose(
        balanced_weights(np.array([40, 0, 12, 8])), np.insert(expected, 1, 1)
    )


def test_balanced_training_ends_where_scikit_learn_does():
    x, y = unequal()
    x = x / x.std(axis=0)
    model, strength = in_double(nn.Linear(2, 3)), 0.05
    mr.fit(
        model, (x, y), epochs=1500, batch_size=60, class_weights="balanced",
        optimizer=optim.SGD(model.parameters(), lr=0.5), penalty=mr.regularizers.L2(strength),
        progress=False,
    )  # fmt: skip
    theirs = LogisticRegression(
        C=1 / (strength * 60), tol=1e-7, solver="newton-cg", max_iter=1000, class_weight="balanced"
    ).fit(x.astype(np.float64), y)
    np.testing.assert_allclose(model.weight.numpy(), theirs.coef_, atol=1e-7 / strength)


@pytest.mark.parametrize("batch_size", [7, 60])
def test_the_reported_loss_is_the_weighted_mean(batch_size):
    x, y = unequal()
    model, weights = in_double(network()), np.array([1.0, 2.0, 7.0])
    losses = mr.cross_entropy(model(mr.tensor(x)), mr.tensor(y), reduction="none").numpy()
    history = mr.fit(
        model, (x, y), (x, y), epochs=1, batch_size=batch_size, class_weights=weights,
        optimizer=still(model), progress=False,
    )  # fmt: skip
    expected = (weights[y] * losses).sum() / weights[y].sum()
    assert history.loss[0] == pytest.approx(expected, rel=1e-12)
    assert history.validation_loss[0] == pytest.approx(losses.mean(), rel=1e-12)  # unweighted
    criterion = nn.CrossEntropyLoss(mr.tensor(weights))
    weighted = mr.evaluate(model, (x, y), criterion, batch_size=batch_size)["loss"]
    assert weighted == pytest.approx(expected, rel=1e-12)


def test_label_smoothing_of_the_criterion_is_kept():
    model, (x, y) = in_double(network()), unequal()
    history = mr.fit(
        model, (x, y), epochs=1, class_weights=[1.0, 1.0, 1.0], optimizer=still(model),
        criterion=nn.CrossEntropyLoss(label_smoothing=0.3), progress=False,
    )  # fmt: skip
    expected = mr.cross_entropy(model(mr.tensor(x)), mr.tensor(y), label_smoothing=0.3).item()
    assert history.loss[0] == pytest.approx(expected, rel=1e-12)


def test_a_schedule_of_label_smoothing_acts_beside_weights():
    model, (x, y) = in_double(network()), unequal()
    criterion, weights = nn.CrossEntropyLoss(), [1.0, 2.0, 7.0]
    schedule = mr.callbacks.ValueSchedule(criterion, "label_smoothing", lambda epoch: 0.1 * epoch)
    history = mr.fit(
        model, (x, y), epochs=3, class_weights=weights, criterion=criterion, progress=False,
        optimizer=still(model), callbacks=[schedule],
    )  # fmt: skip
    expected = [
        mr.evaluate(model, (x, y), nn.CrossEntropyLoss(weights, label_smoothing=smoothing))["loss"]
        for smoothing in (0.1, 0.2, 0.3)
    ]
    np.testing.assert_allclose(history.loss, expected, rtol=1e-6)


def test_a_cross_entropy_of_your_own_is_the_one_that_is_weighed():
    class Doubled(nn.CrossEntropyLoss):
        def forward(self, logits, labels):
            return 2 * super().forward(logits, labels)

    losses = []
    for criterion in (nn.CrossEntropyLoss(), Doubled()):
        model = in_double(network())
        for p in model.parameters():
            p.data[...] = 0.1
        losses += mr.fit(
            model, unequal(), epochs=1, class_weights="balanced", criterion=criterion,
            optimizer=still(model), progress=False,
        ).loss  # fmt: skip
    assert losses[1] == pytest.approx(2 * losses[0], rel=1e-12)


@pytest.mark.host
@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"class_weights": "equal"}, ArgumentError, "must be 'balanced' or a list .* got 'equal'"),
        ({"class_weights": [1.0, 2.0]}, ArgumentError, "each of the 3 classes, got"),
        ({"class_weights": [1.0, 2.0, 0.0]}, ArgumentError, "one positive number"),
        ({"class_weights": [1.0, 2.0, np.nan]}, DataError, "class_weights holds 1 values"),
        (
            {"class_weights": {0: 1.0}},
            ArgumentError,
            r"a list of one positive .* got \{0",
        ),
        (
            {"class_weights": "balanced", "criterion": nn.CrossEntropyLoss(np.ones(3))},
            ArgumentError,
            "without its own weights",
        ),
    ],
)
def test_what_cannot_weigh_classes_is_refused(options, error, sentence):
    with pytest.raises(error, match=sentence):
        mr.fit(network(), blobs(), progress=False, **options)


@pytest.mark.host
def test_float_targets_have_no_class_weights():
    with pytest.raises(ArgumentError, match="the targets are floats"):
        mr.fit(network(), (np.zeros((5, 2)), np.zeros((5, 3))), class_weights="balanced")
