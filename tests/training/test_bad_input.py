"""Arguments that cannot be used are refused before anything is trained."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from tests.training.problems import blobs, network, weights

FLOATS = (np.zeros((5, 2)), np.zeros((5, 3)))


class Misspelled(mr.callbacks.Callback):
    def on_epoch_end(self, run):
        raise AssertionError


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"epochs": 0}, ArgumentError, "epochs must be at least 1, got 0"),
        ({"epochs": 1.5}, ArgumentTypeError, "epochs must be a whole number"),
        ({"batch_size": 0}, ArgumentError, "batch_size must be at least 1"),
        ({"early_stopping": 3}, ArgumentError, "there is no validation set. Split one off"),
        ({"early_stopping": "soon"}, ArgumentTypeError, "must be a number of epochs .*'soon'"),
        ({"early_stopping": True}, ArgumentTypeError, "must be a number of epochs .*True"),
        ({"early_stopping": 0}, ArgumentError, "patience must be at least 1"),
        ({"penalty": 0.1}, ArgumentTypeError, r"regularizers.L2\(1e-4\), got 0.1"),
        ({"optimizer": "sgd"}, ArgumentTypeError, "must be one of minireg.optim, got 'sgd'"),
        (
            {"optimizer": optim.SGD(nn.Linear(1, 1).parameters())},
            ArgumentError,
            "holds none of the model's parameters",
        ),
        ({"criterion": "mse"}, ArgumentTypeError, "criterion must be a function"),
        ({"criterion": nn.CrossEntropyLoss(reduction="none")}, ArgumentError, "one number"),
        ({"transform": 3}, ArgumentTypeError, "transform must be a Transform or"),
        ({"transform": "flip"}, ArgumentTypeError, r"becomes one by augment.parse\(text\)"),
        ({"augment": 3}, ArgumentTypeError, "fit has no argument 'augment'. It is called 'transfo"),
        ({"eppochs": 3}, ArgumentTypeError, "fit has no argument 'eppochs'. Known: model, train, "),
        ({"generator": 3}, ArgumentTypeError, r"Make one from a seed: mr.Generator\(0\)"),
        ({"metrics": "f2"}, ArgumentError, "No metric is called 'f2'"),
        ({"metrics": "mse"}, ArgumentError, "'mse' needs numbers"),
        ({"class_weights": "equal"}, ArgumentError, "must be 'balanced' or a list"),
        ({"schedule": 3}, ArgumentTypeError, "schedule must be an object with a function"),
        ({"accumulate": 0}, ArgumentError, "accumulate must be at least 1, got 0"),
        ({"clip_norm": 0.0}, ArgumentError, "clip_norm must be greater than 0"),
        ({"callbacks": Misspelled()}, ArgumentTypeError, "Misspelled.on_epoch_end would never be"),
        ({"callbacks": print}, ArgumentTypeError, "callbacks must be objects of subclasses"),
        ({"progress": "bar"}, ArgumentTypeError, "True, False or a function of the history"),
        ({"validation": blobs(classes=5)}, ArgumentError, "labels of 5 classes"),
        ({"validation": FLOATS}, ArgumentError, r"int64 \(train\) and float64 \(validation\)"),
        ({"validation": 3}, ArgumentTypeError, "Examples must be a Dataset"),
    ],
)
def test_a_bad_argument_is_refused_before_training(options, error, sentence):
    model = network()
    before = weights(model)
    with pytest.raises(error, match=sentence):
        mr.fit(model, blobs(), **{"progress": False} | options)
    for old, new in zip(before, weights(model)):
        np.testing.assert_array_equal(old, new)


def test_a_wrong_model_is_refused():
    with pytest.raises(ArgumentTypeError, match=r"must be an nn.Module, got \[1\]"):
        mr.fit([1], blobs())
    with pytest.raises(ArgumentError, match="Adam got no parameters"):
        mr.fit(nn.ReLU(), blobs())


def test_a_wrong_training_set_is_refused():
    with pytest.raises(DataError, match="at least one example"):
        mr.fit(network(), (np.zeros((0, 2)), np.zeros(0, dtype=int)))
    with pytest.raises(ArgumentTypeError, match="Pass two arrays as a pair"):
        mr.fit(network(), blobs()[0])


def test_more_classes_than_outputs_are_refused():
    with pytest.raises(ArgumentError, match=r"labels of 4 classes.* \(N, 4\) outputs.* \(5, 3\)"):
        mr.fit(network(), (np.zeros((5, 2)), np.array([0, 1, 2, 3, 3])), progress=False)


def test_a_model_without_anything_to_penalize_is_refused():
    model = nn.Linear(2, 3)
    model.weight.regularize = False
    with pytest.raises(ArgumentError, match="found nothing to penalize"):
        mr.fit(model, blobs(), penalty=reg.L1(0.1), progress=False)


@pytest.mark.parametrize("name", ["drop_last", "proximal", "measure_train", "resume"])
def test_a_flag_is_true_or_false(name):
    with pytest.raises(ArgumentTypeError, match=f"{name} must be True or False, got 'no'"):
        mr.fit(network(), blobs(), progress=False, **{name: "no"})
