"""evaluate: means over all examples, in evaluation mode, and nothing is changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import augment, nn
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.training.problems import blobs, in_double, network, weights


@pytest.mark.parametrize("batch_size", [1, 7, 50, 1000])
def test_evaluate_is_the_mean_for_any_batch_size(batch_size):
    model, (x, y) = in_double(network()), blobs(50)
    logits = model(mr.tensor(x)).numpy()
    log_sum = np.log(np.exp(logits).sum(axis=1))
    scores = mr.evaluate(model, (x, y), batch_size=batch_size)
    assert scores["loss"] == pytest.approx((log_sum - logits[range(50), y]).mean(), rel=1e-12)
    assert scores["accuracy"] == (logits.argmax(axis=1) == y).sum() / 50


def test_random_transforms_cost_no_upload_in_evaluation():
    data = np.zeros((9, 1, 4, 4), dtype=np.uint8), np.arange(9) % 2
    transforms = [None, augment.Compose([augment.RandomRotation(9), augment.MixUp(num_classes=2)])]
    costs, scores = [], []
    with mr.use_backend("guarded"):
        model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2))
        for t in transforms:
            with counting() as counts:
                scores.append(mr.evaluate(model, data, batch_size=3, transform=t))
            costs.append((counts.uploads, counts.host_reads))
    assert costs[0] == costs[1]
    assert scores[0] == scores[1]


@given(
    n=st.integers(1, 30),
    batch_size=st.integers(1, 31),
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["CrossEntropyLoss", "NLLLoss"]),
)
def test_weighted_losses_equal_pytorch_for_any_batch_size(n, batch_size, seed, kind):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, 2)), rng.integers(0, 3, n)
    factors = rng.uniform(0.1, 5, 3)
    mr.seed(seed)
    model = in_double(nn.Sequential(nn.Linear(2, 3), *[nn.LogSoftmax()] * (kind == "NLLLoss")))
    found = mr.evaluate(
        model, (x, y), getattr(nn, kind)(mr.tensor(factors)), batch_size=batch_size
    )["loss"]
    outputs = torch.tensor(mr.predict(model, x))
    theirs = getattr(torch.nn, kind)(torch.tensor(factors))(outputs, torch.tensor(y)).item()
    assert found == pytest.approx(theirs, rel=1e-12), (n, batch_size, seed, kind)


def test_a_custom_loss_may_have_a_divisor():
    class Weighted(nn.Module):
        """Σ y (ŷ − y)² / Σ y: examples count by their targets."""

        def forward(self, outputs, targets):
            return (targets * (outputs - targets) ** 2).sum() / targets.sum()

        def divisor(self, targets):
            return targets.data.sum()

    x = np.arange(1.0, 8.0).reshape(-1, 1)
    model = in_double(nn.Linear(1, 1))
    losses = [mr.evaluate(model, (x, x), Weighted(), batch_size=size)["loss"] for size in (2, 7)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)


def test_evaluate_changes_nothing():
    model, before = network(dropout=0.9), mr.default_generator().state
    model[0].eval()
    modes = [module.training for module in model.modules()]
    kept = weights(model)
    assert mr.evaluate(model, blobs()) == mr.evaluate(model, blobs())
    assert [module.training for module in model.modules()] == modes
    assert all(p.grad is None for p in model.parameters())
    for old, new in zip(kept, weights(model)):
        np.testing.assert_array_equal(old, new)
    assert mr.default_generator().state == before


def test_evaluate_records_no_graph():
    seen = []

    def criterion(outputs, labels):
        seen.append(outputs.requires_grad)
        return mr.cross_entropy(outputs, labels)

    mr.evaluate(network(), blobs(50), criterion, batch_size=25)
    assert seen == [False, False]


def test_the_mode_comes_back_when_the_model_raises():
    model = network()
    with pytest.raises(ArgumentError):
        mr.evaluate(model, (np.zeros((5, 7)), np.zeros(5, dtype=int)))
    assert model.training


def test_regression_has_a_loss_and_no_accuracy():
    model = nn.Linear(1, 1)
    x = np.ones((6, 1))
    prediction = model(mr.ones((1, 1))).item()
    scores = mr.evaluate(model, (x, 3 * x), criterion=mr.mse_loss)
    assert scores == {"loss": pytest.approx((prediction - 3) ** 2, rel=1e-6), "accuracy": None}


class Pair(nn.Module):
    """A model with two outputs."""

    def forward(self, x):
        return x, x


@pytest.mark.parametrize(
    ("model", "criterion", "error", "sentence"),
    [
        (len, None, ArgumentTypeError, "must be an nn.Module, got <built-in function len>"),
        (Pair(), None, ArgumentTypeError, "must return one Tensor, got tuple"),
        (nn.Flatten(), None, ArgumentError, "labels of 3 classes, .* gave \\(60, 2\\)"),
        (nn.Flatten(), mr.mse_loss, ArgumentError, "make them floats"),
        (nn.Linear(2, 3), "mse", ArgumentTypeError, "criterion must be a function .* got 'mse'"),
        (
            nn.Linear(2, 3),
            nn.CrossEntropyLoss(reduction="none"),
            ArgumentError,
            r"a Tensor with one number, .* got shape \(60,\)",
        ),
        (nn.Linear(2, 3), lambda outputs, labels: 1.0, ArgumentError, "one number, .* got float"),
    ],
)
@pytest.mark.host
def test_what_does_not_fit_together_is_refused(model, criterion, error, sentence):
    with pytest.raises(error, match=sentence):
        mr.evaluate(model, blobs(), criterion)
