"""fit: what it minimises, what it reports, and when it stops."""

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import minireg as mr
from minireg import data, nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError, MiniregError
from tests.guarded import counting


def blobs(n=60, classes=3, seed=0, spread=1.0):
    """Points around `classes` centres in the plane."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    centres = 3 * rng.normal(size=(classes, 2))
    return (centres[labels] + spread * rng.normal(size=(n, 2))).astype(np.float32), labels


def network(dropout=0.0, hidden=8):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, 3))


def weights(model):
    return [p.numpy().copy() for p in model.parameters()]


def test_training_lowers_the_loss_and_raises_the_accuracy():
    history = mr.fit(network(), blobs(spread=0.3), epochs=20, progress=False)
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert history.train_accuracy[-1] > 0.9


def test_the_same_seed_gives_bit_identical_weights():
    results = []
    for _ in range(2):
        mr.seed(5)
        model = network(dropout=0.5)
        mr.fit(model, blobs(), epochs=3, progress=False)
        results.append(weights(model))
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_softmax_regression_with_l2_ends_at_the_solution_of_scikit_learn():
    x, y = blobs(90, spread=2.0)
    x = x / x.std(axis=0)
    strength = 0.05
    model = nn.Linear(2, 3)
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    mr.fit(
        model, (x, y), epochs=1500, batch_size=90, optimizer=optimizer,
        penalty=reg.L2(strength), progress=False,
    )  # fmt: skip
    # scikit-learn minimises Σ loss + 1/(2C) Σw²: our mean loss + λ/2 Σw² times n = 90.
    theirs = LogisticRegression(C=1 / (strength * 90), tol=1e-7, solver="newton-cg").fit(x, y)
    np.testing.assert_allclose(model.weight.numpy(), theirs.coef_, atol=2e-5)  # float32
    biases = model.bias.numpy() - model.bias.numpy().mean()
    np.testing.assert_allclose(biases, theirs.intercept_ - theirs.intercept_.mean(), atol=2e-4)


def test_the_penalty_is_reported_apart_from_the_data_loss():
    penalty, x = reg.L2(0.1), blobs(32)
    mr.seed(1)
    model = network()
    before = penalty(model).item()
    plain = nn.CrossEntropyLoss()(model(mr.tensor(x[0])), mr.tensor(x[1])).item()
    # One batch with a learning rate of 0: what is reported is the value at the initial weights.
    optimizer = optim.SGD(model.parameters(), lr=0.0)
    history = mr.fit(
        model, x, epochs=1, batch_size=32, optimizer=optimizer, penalty=penalty, progress=False
    )
    assert history.penalty == [pytest.approx(before, rel=1e-6)]
    assert history.loss == [pytest.approx(plain, rel=1e-6)]


def test_the_mean_of_an_epoch_weighs_a_smaller_last_batch_by_its_size():
    x, y = blobs(50)
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=0.0)
    history = mr.fit(model, (x, y), epochs=1, batch_size=32, optimizer=optimizer, progress=False)
    assert history.loss[0] == pytest.approx(mr.evaluate(model, (x, y))["loss"], rel=1e-5)


def test_a_penalty_on_all_weights_takes_the_steps_of_weight_decay():
    results = []
    for decay, penalty in ((0.05, None), (0.0, reg.L2(0.05))):
        mr.seed(2)
        model = nn.Linear(2, 3, bias=False)
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=decay)
        mr.fit(model, blobs(), epochs=5, optimizer=optimizer, penalty=penalty, progress=False)
        results.append(model.weight.numpy())
    np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-6)


def test_half_mean_gets_the_size_of_the_training_set_not_of_the_batch():
    model, penalty = network(), reg.L2(3.0, scale="half_mean")
    optimizer = optim.SGD(model.parameters(), lr=0.0)
    history = mr.fit(
        model, blobs(60), epochs=1, batch_size=20, optimizer=optimizer, penalty=penalty,
        progress=False,
    )  # fmt: skip
    expected = reg.L2(3.0, scale="half_mean", samples=60)(model).item()
    assert history.penalty[0] == pytest.approx(expected, rel=1e-6)
    assert penalty.samples is None  # the caller's penalty stays as it was


def test_the_proximal_step_of_l1_gives_exact_zeros_and_the_loss_term_does_not():
    zeros = {}
    for proximal in (True, False):
        mr.seed(3)
        model = network()
        optimizer = optim.SGD(model.parameters(), lr=0.05)
        mr.fit(
            model, blobs(), epochs=30, optimizer=optimizer, penalty=reg.L1(0.05),
            proximal=proximal, progress=False,
        )  # fmt: skip
        zeros[proximal] = sum(int((w == 0).sum()) for w in weights(model) if w.ndim == 2)
    assert zeros[True] > 5
    assert zeros[False] == 0


def test_accuracy_is_measured_without_dropout_and_every_mode_is_restored():
    model = network(dropout=0.9)
    model[2].eval()  # a user may have frozen one layer
    optimizer = optim.SGD(model.parameters(), lr=0.0)
    history = mr.fit(model, blobs(), epochs=2, optimizer=optimizer, progress=False)
    assert history.train_accuracy[0] == history.train_accuracy[1]
    assert model.training
    assert not model[2].training
    assert mr.evaluate(model, blobs()) == mr.evaluate(model, blobs())


def test_a_transform_sees_training_batches_only():
    seen = []

    def transform(images):
        seen.append(len(images))
        return images

    x = np.zeros((10, 1, 2, 2), dtype=np.uint8)
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    mr.fit(
        model, (x, np.arange(10) % 2), (x, np.arange(10) % 2), epochs=2, batch_size=5,
        transform=transform, progress=False,
    )  # fmt: skip
    assert seen == [5, 5, 5, 5]


def test_regression_has_losses_and_no_accuracy():
    x = np.linspace(-1, 1, 20)[:, None]
    model = nn.Linear(1, 1)
    history = mr.fit(
        model, (x, 2 * x + 1), (x, 2 * x + 1), epochs=100, criterion=mr.mse_loss, progress=False
    )
    assert history.validation_loss[-1] < 1e-3
    assert history.train_accuracy == [None] * 100
    assert model.weight.item() == pytest.approx(2, abs=0.1)


def test_an_epoch_reads_back_only_its_report():
    model, (x, y) = network(dropout=0.5), blobs(60)
    reads = {}
    for size in (60, 6):  # one step and ten steps an epoch
        with counting() as counts:
            mr.fit(
                model, (x, y), (x, y), epochs=1, batch_size=size, penalty=reg.L1(1e-3),
                progress=False,
            )  # fmt: skip
        reads[size] = counts.host_reads
    assert reads[60] == reads[6] <= 6


# -- stopping --------------------------------------------------------------------------------------


class Scripted(nn.Module):
    """A model whose validation loss after epoch e is `losses[e]`, whatever is trained."""

    def __init__(self, losses):
        self.weight = nn.Parameter(mr.zeros(1))
        self.losses = losses
        self.epoch = -1

    def forward(self, x):
        return x[:, :1] * 0 + self.weight


def scripted_run(losses, **options):
    model = Scripted(losses)

    def criterion(outputs, targets):
        if model.training:  # a step of 1: the weight after epoch e is e + 1
            model.epoch += 1
            return -outputs.mean()
        return mr.tensor(losses[model.epoch])

    x = np.zeros((4, 1), dtype=np.float32)
    history = mr.fit(
        model, (x, x), (x, x), epochs=len(losses), batch_size=4, criterion=criterion,
        optimizer=optim.SGD(model.parameters(), lr=1.0), progress=False, **options,
    )  # fmt: skip
    return model, history


LOSSES = [0.9, 0.5, 0.6, 0.4, 0.41, 0.42, 0.43, 0.1]


def test_early_stopping_waits_for_its_patience_and_restores_the_best_weights():
    model, history = scripted_run(LOSSES, early_stopping=3)
    assert len(history) == 7
    assert history.stopped_early
    assert history.best_epoch == 4
    assert model.weight.item() == 4.0


def test_without_restore_best_the_last_weights_stay():
    model, _ = scripted_run(LOSSES, early_stopping=mr.EarlyStopping(3, restore_best=False))
    assert model.weight.item() == 7.0


def test_min_delta_is_what_counts_as_better():
    model, history = scripted_run(LOSSES, early_stopping=mr.EarlyStopping(3, min_delta=0.2))
    assert len(history) == 5  # 0.5 was better by 0.4; 0.4 is not better than 0.5 by 0.2
    assert model.weight.item() == 2.0


def test_a_run_that_ends_before_its_patience_restores_the_best_weights_too():
    model, history = scripted_run([0.9, 0.1, 0.2], early_stopping=5)
    assert not history.stopped_early
    assert model.weight.item() == 2.0


def test_one_early_stopping_object_serves_several_runs():
    stopping = mr.EarlyStopping(3)
    for _ in range(2):
        model, history = scripted_run(LOSSES, early_stopping=stopping)
        assert (len(history), model.weight.item()) == (7, 4.0)


def test_ctrl_c_returns_what_is_known_so_far():
    def interrupt(history):
        if len(history) == 2:
            raise KeyboardInterrupt

    model = network()
    history = mr.fit(model, blobs(), epochs=10, progress=interrupt)
    assert history.interrupted
    assert len(history) == 2
    assert "interrupted" in str(history)


def test_a_loss_that_explodes_says_in_which_epoch_and_what_to_try():
    model = nn.Linear(1, 1)
    x = np.full((8, 1), 100.0)
    optimizer = optim.SGD(model.parameters(), lr=10.0)
    with (
        np.errstate(all="ignore"),
        pytest.raises(MiniregError, match=r"became .* in epoch \d+.*smaller learning rate"),
    ):
        mr.fit(model, (x, x), epochs=60, criterion=mr.mse_loss, optimizer=optimizer, progress=False)


# -- history and evaluation ------------------------------------------------------------------------


def test_a_history_has_one_entry_an_epoch_in_every_column_and_json_can_hold_it():
    history = mr.fit(network(), blobs(), blobs(seed=1), epochs=3, progress=False)
    table = json.loads(json.dumps(history.as_dict()))
    assert table["epoch"] == [1, 2, 3]
    assert all(len(column) == 3 for column in table.values() if isinstance(column, list))
    assert history[-1]["loss"] == history["loss"][2]
    assert history.best_epoch == 1 + int(np.argmin(history.validation_loss))
    with pytest.raises(KeyError, match="no column 'accuracy'"):
        history["accuracy"]


def test_evaluate_is_the_mean_over_all_examples_for_any_batch_size():
    model, (x, y) = network(), blobs(50)
    logits = model(mr.tensor(x))
    whole = mr.cross_entropy(logits, mr.tensor(y)).item()
    right = float((logits.numpy().argmax(axis=1) == y).mean())
    for size in (1, 7, 50, 1000):
        scores = mr.evaluate(model, (x, y), batch_size=size)
        assert scores["loss"] == pytest.approx(whole, rel=1e-5)
        assert scores["accuracy"] == pytest.approx(right)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"epochs": 0}, ArgumentError, "epochs must be at least 1, got 0"),
        ({"epochs": 1.5}, ArgumentTypeError, "epochs must be a whole number"),
        ({"batch_size": 0}, ArgumentError, "batch_size must be at least 1"),
        ({"early_stopping": 3}, ArgumentError, "there is no validation set"),
        ({"early_stopping": "soon"}, ArgumentTypeError, "early_stopping must be a number"),
        ({"early_stopping": 0}, ArgumentError, "patience must be at least 1"),
        ({"penalty": 0.1}, ArgumentTypeError, r"regularizers.L2\(1e-4\), got 0.1"),
        ({"optimizer": "sgd"}, ArgumentTypeError, "optimizer must be one of minireg.optim"),
        (
            {"optimizer": optim.SGD(nn.Linear(1, 1).parameters())},
            ArgumentError,
            "holds none of the model's parameters",
        ),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_before_anything_is_trained(
    options, error, sentence
):
    model = network()
    before = weights(model)
    with pytest.raises(error, match=sentence):
        mr.fit(model, blobs(), progress=False, **options)
    for old, new in zip(before, weights(model)):
        np.testing.assert_array_equal(old, new)


def test_what_is_no_model_or_no_data_is_refused():
    with pytest.raises(ArgumentTypeError, match=r"must be an nn.Module, got \[1\]"):
        mr.fit([1], blobs())
    with pytest.raises(data.dataset.DataError, match="at least one"):
        mr.fit(network(), (np.zeros((0, 2)), np.zeros(0, dtype=int)))
    with pytest.raises(ArgumentError, match="labels of 4 classes and the model has 3 outputs"):
        mr.fit(network(), (np.zeros((5, 2)), np.array([0, 1, 2, 3, 3])), progress=False)
