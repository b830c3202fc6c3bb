"""Labels that the dataset or the loss ignores, as PyTorch and scikit-learn treat them."""

import numpy as np
import pytest
import sklearn.metrics as theirs

import minireg as mr
from minireg import nn, optim
from minireg.data import Dataset
from tests.training.problems import blobs, network

IGNORED = -100


def partly_labelled(n=40):
    """Examples of three classes, every third of them without a class."""
    x, y = blobs(n)
    return x.astype(np.float32), np.where(np.arange(n) % 3 == 1, IGNORED, y)


def ignoring_loss():
    criterion = nn.CrossEntropyLoss()
    criterion.ignore_index = IGNORED
    return criterion


@pytest.mark.parametrize("batch_size", [1, 7, 40])
def test_evaluate_equals_pytorch_and_scikit_learn(backend, batch_size):
    torch = pytest.importorskip("torch")
    (x, y), model = partly_labelled(), network()
    logits = mr.predict(model, x)
    names = ("accuracy", "f1", "confusion_matrix")
    loss = torch.nn.functional.cross_entropy(
        torch.tensor(logits), torch.tensor(y), ignore_index=IGNORED
    ).item()
    there = y != IGNORED
    predicted = logits.argmax(axis=1)[there]
    for data, criterion in (
        (Dataset(x, y, ignore_index=IGNORED), None),
        ((x, y), ignoring_loss()),
        (Dataset(x, y, ignore_index=IGNORED), ignoring_loss()),
    ):
        scores = mr.evaluate(model, data, criterion, metrics=names, batch_size=batch_size)
        assert scores["loss"] == pytest.approx(loss, rel=1e-6)
        assert scores["accuracy"] == theirs.accuracy_score(y[there], predicted)
        assert scores["f1"] == pytest.approx(theirs.f1_score(y[there], predicted, average="macro"))
        expected = theirs.confusion_matrix(y[there], predicted, labels=range(3))
        np.testing.assert_array_equal(scores["confusion_matrix"], expected)


def test_fit_takes_the_step_of_pytorch():
    torch = pytest.importorskip("torch")
    (x, y), model = partly_labelled(), nn.Linear(2, 3)
    twin = torch.nn.Linear(2, 3)
    twin.load_state_dict({name: torch.tensor(v.numpy()) for name, v in model.named_parameters()})
    logits = twin(torch.tensor(x))
    torch.nn.functional.cross_entropy(logits, torch.tensor(y), ignore_index=IGNORED).backward()
    torch.optim.SGD(twin.parameters(), lr=0.1).step()
    history = mr.fit(
        model, (x, y), (x, y), epochs=1, batch_size=len(x), criterion=ignoring_loss(),
        optimizer=optim.SGD(model.parameters(), lr=0.1), progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(model.weight.numpy(), twin.weight.detach(), rtol=1e-5, atol=1e-6)
    assert history.train_accuracy == history.validation_accuracy


def test_class_weights_count_labelled_examples_only():
    data = Dataset(np.eye(6), [0, 0, 0, 1, IGNORED, IGNORED], ignore_index=IGNORED)
    run = mr.training.prepare(nn.Linear(6, 2), data, class_weights="balanced", progress=False)
    np.testing.assert_allclose(run.criterion.weight.numpy(), [4 / (2 * 3), 4 / (2 * 1)])


def test_a_class_that_the_loss_ignores_is_left_out_too():
    (x, y), model, criterion = blobs(30), network(), ignoring_loss()
    criterion.ignore_index = 1
    rest = mr.evaluate(model, (x[y != 1], y[y != 1]))
    for data in ((x, y), Dataset(x, y)):
        assert mr.evaluate(model, data, criterion) == pytest.approx(rest, rel=1e-6)
