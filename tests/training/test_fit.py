"""fit: what it minimises, what it reports, and what it does not change."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import minireg as mr
from minireg import augment, nn, optim
from minireg import regularizers as reg
from minireg.models import Settings
from minireg.models.optimization import build_optimizer
from tests.guarded import counting
from tests.training.problems import blobs, in_double, network, still, weights


def test_training_lowers_the_loss_and_raises_the_accuracy():
    model = network()
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    history = mr.fit(
        model, blobs(spread=0.3), epochs=20, optimizer=optimizer, progress=False
    )  # fmt: skip
    assert history.loss[-1] < 0.5 * history.loss[0]
    assert history.train_accuracy[-1] > 0.9


def test_the_default_optimizer_is_adam_as_in_the_command():
    results = []
    for given in (False, True):
        mr.seed(4)
        model = network()
        optimizer = build_optimizer(Settings(), model) if given else None
        mr.fit(model, blobs(), epochs=2, optimizer=optimizer, progress=False)
        results.append(weights(model))
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_fit_takes_the_steps_of_a_loop_by_hand():
    x, y = blobs(50)
    results = []
    for by_hand in (False, True):
        mr.seed(6)
        model = network(dropout=0.3)
        optimizer = optim.Adam(model.parameters(), lr=0.01)
        generator = mr.Generator(1)
        if by_hand:
            loader = mr.data.DataLoader((x, y), 16, shuffle=True, generator=generator)
            criterion = nn.CrossEntropyLoss()
            for _ in range(3):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    criterion(model(inputs), labels).backward()
                    optimizer.step()
        else:
            mr.fit(
                model, (x, y), epochs=3, batch_size=16, optimizer=optimizer, generator=generator,
                progress=False,
            )  # fmt: skip
        results.append(weights(model))
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_l2_softmax_regression_ends_where_scikit_learn_does():
    x, y = blobs(90, spread=2.0)
    x = x / x.std(axis=0)
    strength = 0.05
    model = in_double(nn.Linear(2, 3))
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    mr.fit(
        model, (x, y), epochs=1500, batch_size=90, optimizer=optimizer,
        penalty=reg.L2(strength), progress=False,
    )  # fmt: skip
    # scikit-learn minimises Σ loss + 1/(2C) Σw²: our mean loss + λ/2 Σw² times n = 90.
    tolerance = 1e-7  # of its gradient
    theirs = LogisticRegression(
        C=1 / (strength * 90), tol=tolerance, solver="newton-cg", max_iter=1000
    ).fit(x.astype(np.float64), y)
    # A gradient of 1e-7 where the curvature is at least λ: the weights are off by 1e-7 / λ at most.
    np.testing.assert_allclose(model.weight.numpy(), theirs.coef_, atol=tolerance / strength)
    # Softmax does not see a constant added to all biases.
    biases = model.bias.numpy() - model.bias.numpy().mean()
    np.testing.assert_allclose(
        biases, theirs.intercept_ - theirs.intercept_.mean(), atol=tolerance / strength
    )


def test_regression_ends_at_the_least_squares_solution():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2)).astype(np.float32)
    y = (x @ [[2.0], [-1.0]] + 0.5 + rng.normal(size=(40, 1))).astype(np.float32)
    model = in_double(nn.Linear(2, 1))
    history = mr.fit(
        model, (x, y), (x, y), epochs=300, batch_size=40, criterion=mr.mse_loss,
        optimizer=optim.SGD(model.parameters(), lr=0.2), progress=False,
    )  # fmt: skip
    design = np.column_stack([x, np.ones(40)]).astype(np.float64)
    solution, residual, _, _ = np.linalg.lstsq(design, y.astype(np.float64)[:, 0])
    np.testing.assert_allclose(model.weight.numpy()[0], solution[:2], rtol=1e-9)
    assert history.validation_loss[-1] == pytest.approx(residual[0] / 40, rel=1e-12)
    assert history.train_accuracy == history.validation_accuracy == [None] * 300


# -- what is reported ------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 7, 32, 50])
def test_the_loss_of_an_epoch_weighs_batches_by_size(batch_size):
    data, model = blobs(50), in_double(network())
    history = mr.fit(
        model, data, epochs=1, batch_size=batch_size, optimizer=still(model), progress=False
    )
    assert history.loss[0] == pytest.approx(mr.evaluate(model, data)["loss"], rel=1e-12)


def test_the_history_equals_evaluate():
    train, validation = blobs(50), blobs(30, seed=1)
    model = network(dropout=0.5)

    def compare(history):
        row = history[-1]
        assert row["train_accuracy"] == mr.evaluate(model, train)["accuracy"]
        assert row["validation_loss"] == mr.evaluate(model, validation)["loss"]
        assert row["validation_accuracy"] == mr.evaluate(model, validation)["accuracy"]

    mr.fit(model, train, validation, epochs=3, progress=compare)


def test_accuracy_is_measured_without_dropout():
    model = network(dropout=0.9)
    history = mr.fit(model, blobs(), epochs=3, optimizer=still(model), progress=False)
    assert len(set(history.train_accuracy)) == 1
    assert len(set(history.loss)) == 3  # of the training, with dropout


def test_a_random_transform_sees_training_batches_only():
    seen = []

    class Recorder(mr.augment.Transform):
        def generators(self):
            return [mr.Generator()]  # random, and therefore not measured

        def transform(self, batch):
            seen.append((len(batch), batch.epoch))
            return batch

    x, y = np.zeros((10, 1, 2, 2), dtype=np.uint8), np.arange(10) % 2
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    mr.fit(
        model, (x, y), (x, y), epochs=2, batch_size=5, transform=Recorder(), progress=False
    )  # fmt: skip
    assert seen == [(5, 0), (5, 0), (5, 1), (5, 1)]


# -- transforms in training and in measurement -----------------------------------------------------


def measured(transform, x, y):
    """What `fit` measures of a model that stays as it is."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2, generator=mr.Generator(3)))
    history = mr.fit(
        model, (x, y), (x, y), epochs=1, batch_size=10, transform=transform,
        optimizer=still(model), progress=False,
    )  # fmt: skip
    return model, history


def small_images(size=4):
    x = np.random.default_rng(0).integers(0, 256, (20, 1, size, size)).astype(np.uint8)
    return x, np.arange(20) % 2


def test_fit_measures_what_it_trains_on_without_chance():
    x, y = small_images()
    t = augment.parse("rotate:30, totensor, normalize:0.5:0.25")
    model, history = measured(t, x, y)
    by_hand = mr.evaluate(model, ((x / 255 - 0.5) / 0.25, y))
    assert history.validation_loss[0] == pytest.approx(by_hand["loss"], rel=1e-5)
    assert mr.evaluate(model, (x, y), transform=t)["loss"] == history.validation_loss[0]
    again = measured(augment.parse("totensor, normalize:0.5:0.25"), x, y)[1]
    assert again.train_accuracy == history.train_accuracy
    assert again.loss == pytest.approx(history.validation_loss, rel=1e-5)  # of equal pixels


def test_a_random_crop_is_measured_in_the_middle():
    x, y = small_images(6)
    t = augment.RandomCrop(4)
    model, history = measured(t, x, y)
    middle = augment.CenterCrop(4)(x)
    assert history.validation_loss[0] == mr.evaluate(model, (middle, y))["loss"]
    assert (mr.predict(model, x, transform=t) == mr.predict(model, middle)).all()


def test_functions_and_random_transforms_are_not_measured():
    x, y = small_images()
    plain = measured(None, x, y)[1]
    for t in (lambda images: 255 - images, augment.CutMix(num_classes=2)):
        assert measured(t, x, y)[1].validation_loss == plain.validation_loss


def test_measuring_restores_the_mode_of_each_transform():
    frozen = augment.RandomRotation(10).eval()
    t = augment.Compose([frozen, augment.RandomCrop(3), augment.Resize(4)])
    modes = []

    class Look(nn.Module):
        def forward(self, inputs):
            modes.append(t.transforms[1].training)
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        mr.evaluate(Look(), small_images(), transform=t)
    assert modes == [False]
    assert [t.training, *(part.training for part in t.transforms)] == [True, False, True, True]


# -- what is not changed ---------------------------------------------------------------------------


@pytest.mark.parametrize("generator", [False, True])
def test_the_same_seed_gives_bit_identical_weights(generator):
    results = []
    for _ in range(2):
        mr.seed(5)
        model = network(dropout=0.5)
        mr.fit(
            model, blobs(), epochs=3, generator=mr.Generator(7) if generator else None,
            progress=False,
        )  # fmt: skip
        results.append(weights(model))
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_measuring_changes_nothing_in_what_follows():
    results = []
    for measure in (False, True):
        mr.seed(5)
        model = network()
        if measure:
            mr.evaluate(model, blobs())
        mr.fit(model, blobs(), blobs(seed=1) if measure else None, epochs=2, progress=False)
        layer = nn.Dropout(0.5)  # takes the next random stream
        mr.fit(model, blobs(), epochs=2, progress=False)
        results.append([*weights(model), layer(mr.ones(50)).numpy()])
    for first, second in zip(*results):
        np.testing.assert_array_equal(first, second)


def test_each_module_ends_in_the_mode_it_came_in():
    model = network(dropout=0.9)
    model[2].eval()  # a user may have switched one layer off
    mr.fit(model, blobs(), epochs=2, progress=False)
    assert model.training
    assert not model[2].training
    mr.fit(model.eval(), blobs(), epochs=2, progress=False)
    assert not any(module.training for module in model.modules())


def test_batches_go_to_the_backend_of_the_model(backend):
    other = "guarded" if backend.name == "numpy" else "numpy"
    model = network().to(other)
    mr.fit(
        model, blobs(), blobs(), epochs=1, optimizer=optim.SGD(model.parameters()),
        penalty=reg.L1(1e-3), proximal=True, progress=False,
    )  # fmt: skip
    assert {p.backend for p in model.parameters()} == {other}
    assert mr.evaluate(model, blobs())["accuracy"] > 0
    assert mr.zeros(1).backend == backend.name


# -- what crosses between host and device ----------------------------------------------------------


@pytest.mark.backends("guarded")
@pytest.mark.parametrize("proximal", [False, True])
def test_a_step_reads_and_uploads_nothing(proximal):
    model, (x, y) = network(dropout=0.5), blobs(60)
    reads, uploads = {}, {}
    for size in (60, 6):  # one step and ten steps an epoch
        with counting() as counts:
            mr.fit(
                model, (x, y), (x, y), epochs=1, batch_size=size,
                optimizer=optim.SGD(model.parameters()), penalty=reg.L1(1e-3),
                proximal=proximal, early_stopping=1, progress=False,
            )  # fmt: skip
        reads[size], uploads[size] = counts.host_reads, counts.uploads
    assert reads[60] == reads[6] <= 6  # loss and penalty; loss and accuracy of both sets
    assert uploads[60] == uploads[6]


@pytest.mark.backends("guarded")
def test_an_epoch_uploads_only_its_order():
    uploads = []
    for epochs in (1, 3):
        with counting() as counts:
            mr.fit(network(hidden=2), blobs(), epochs=epochs, progress=False)
        uploads.append(counts.uploads)
    weights_of_the_model = 4
    assert uploads == [weights_of_the_model + 2 + 1, weights_of_the_model + 2 + 3]
