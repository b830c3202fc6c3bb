"""Training on mixed images, whose labels are rows of probabilities."""

import numpy as np
import pytest

import minireg as mr
from minireg import Batch, nn, optim
from minireg.augment import CutMix, MixUp
from minireg.data import Dataset
from minireg.errors import ArgumentError
from tests.training.problems import still

IGNORED = -100


def striped_images(n=60):
    """Images of three classes: bright rows at the top, in the middle or at the bottom."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, n)
    images = rng.integers(0, 100, (n, 1, 6, 6))
    for image, label in zip(images, labels):
        image[:, 2 * label : 2 * label + 2] += 100
    return images.astype(np.uint8), labels


def linear():
    return nn.Sequential(nn.Flatten(), nn.Linear(36, 3))


@pytest.mark.parametrize("kind", [MixUp, CutMix])
def test_accuracy_is_measured_on_the_plain_images(backend, kind):
    x, y = striped_images()
    model = linear()
    history = mr.fit(
        model, (x, y), (x, y), epochs=30, transform=kind(num_classes=3), progress=False,
        optimizer=optim.Adam(model.parameters(), lr=0.05), metrics=("accuracy", "f1"),
    )  # fmt: skip
    assert history.train_accuracy == history.validation_accuracy
    assert history.train_f1 == history.validation_f1
    assert history.train_accuracy[-1] == 1.0
    assert (
        history.validation_loss[-1] < history.loss[-1]
    )  # mixed labels have an entropy of their own


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("class_weights", [None, [1.0, 2.0, 0.5]])
def test_the_loss_of_a_step_is_that_of_pytorch(backend, smoothing, class_weights):
    torch = pytest.importorskip("torch")
    (x, y), model = striped_images(), linear()
    t = MixUp(num_classes=3, generator=mr.Generator(1))
    history = mr.fit(
        model, (x, y), epochs=1, batch_size=60, transform=t, class_weights=class_weights,
        criterion=nn.CrossEntropyLoss(label_smoothing=smoothing), optimizer=still(model),
        progress=False,
    )  # fmt: skip
    mixed = t(Batch(x, y, np.arange(60)))
    expected = torch.nn.functional.cross_entropy(
        torch.tensor(mr.predict(model, mixed.x)), torch.tensor(mixed.y), label_smoothing=smoothing,
        weight=None if class_weights is None else torch.tensor(class_weights),
    ).item()  # fmt: skip
    assert history.loss[0] == pytest.approx(expected, rel=1e-5)


def test_examples_that_the_dataset_ignores_are_never_mixed(backend):
    x, y = striped_images()
    kept, ignored = y != 2, np.where(y == 2, IGNORED, y)
    losses = []
    for data in (Dataset(x, ignored, ignore_index=IGNORED), Dataset(x[kept], y[kept])):
        mr.seed(0)
        model = linear()
        history = mr.fit(
            model, data, epochs=2, transform=MixUp(num_classes=3), progress=False,
            generator=mr.Generator(0),
        )  # fmt: skip
        losses.append(history.loss)
    assert losses[0] == losses[1]


def test_a_loss_that_ignores_labels_takes_no_mixed_ones(backend):
    x, y = striped_images()
    criterion = nn.CrossEntropyLoss(ignore_index=IGNORED)
    with pytest.raises(ArgumentError, match="Leave examples without a label out") as raised:
        mr.fit(
            linear(), (x, y), transform=MixUp(num_classes=3), criterion=criterion, progress=False
        )
    assert raised.value.argument == "ignore_index"


def test_too_few_classes_for_the_model_are_refused(backend):
    with pytest.raises(ArgumentError, match=r"\(32, 3\) rows for logits .* got \(32, 4\)"):
        mr.fit(linear(), striped_images(), transform=MixUp(num_classes=4), progress=False)


def test_targets_of_a_regression_are_mixed_alike(backend):
    x, y = striped_images()
    targets = np.stack([y, -y], axis=1).astype(np.float32)
    t, model = MixUp(generator=mr.Generator(1)), nn.Sequential(nn.Flatten(), nn.Linear(36, 2))
    history = mr.fit(
        model, (x, targets), epochs=1, batch_size=60, transform=t, criterion=nn.MSELoss(),
        optimizer=still(model), progress=False, metrics="mse",
    )  # fmt: skip
    mixed = t(Batch(x, targets, np.arange(60)))
    expected = np.mean((mr.predict(model, mixed.x) - mixed.y) ** 2)
    assert history.loss[0] == pytest.approx(expected, rel=1e-5)
    plain = np.mean((mr.predict(model, x) - targets) ** 2)
    assert history.train_mse[0] == pytest.approx(plain, rel=1e-5)


def test_mixed_images_train_to_the_bits_of_a_resumed_run(backend, tmp_path):
    results = []
    for epochs in ([3], [1, 3]):
        file = tmp_path / f"{len(epochs)}.npz"
        for end in epochs:
            mr.seed(0)
            model = linear()
            mr.fit(
                model, striped_images(), epochs=end, transform=CutMix(num_classes=3), resume=True,
                checkpoint=file, progress=False,
            )  # fmt: skip
        results.append(model[1].weight.numpy().copy())
    np.testing.assert_array_equal(*results)
