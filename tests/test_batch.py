"""Batch and Transform, the parts between a loader and a training step."""

from dataclasses import replace

import numpy as np
import pytest

import minireg as mr
from minireg import Batch, nn
from minireg.augment import Compose, ImageTransform, RandomCrop, RandomRotation, Transform
from minireg.data import DataLoader, Dataset
from minireg.errors import ArgumentTypeError


class MixUp(ImageTransform):
    """x ← λ x + (1 − λ) x[π] and the same with one-hot labels; λ uniform, π the reversal."""

    draws = 1
    keeps_dtype = False

    def __init__(self, classes, **options):
        super().__init__(**options)
        self.classes = classes

    def draw_parameters(self, u, size):
        return {"share": u[:, 0]}

    def change(self, batch, draw):
        rows = batch.y[:, None] == mr.namespace(batch.y).arange(self.classes)
        mixed = []
        for values in (batch.x / 255, rows.astype(np.float64)):
            weight = draw.read("share", values)
            mixed.append(weight * values + (1 - weight) * values[::-1])
        return replace(batch, x=mixed[0], y=mixed[1])


class Negative(Transform):
    def transform(self, batch):
        return replace(batch, x=255 - batch.x)


IMAGES = np.arange(5 * 16, dtype=np.uint8).reshape(5, 1, 4, 4)
LABELS = np.array([0, 2, 1, 1, 0])


def test_iterating_a_batch_gives_inputs_and_targets():
    batch = Batch(IMAGES, LABELS)
    x, y = batch
    assert x is IMAGES
    assert y is LABELS
    assert len(batch) == 5


def test_a_batch_gives_a_batch_and_images_give_images(backend):
    images, t = backend.asarray(IMAGES), Negative()
    batch = Batch(images, backend.asarray(LABELS), epoch=3)
    result = t(batch)
    assert isinstance(result, Batch)
    assert result.y is batch.y
    assert result.epoch == 3
    np.testing.assert_array_equal(backend.to_host(result.x), 255 - IMAGES)
    np.testing.assert_array_equal(backend.to_host(t(images)), 255 - IMAGES)
    assert isinstance(t(mr.tensor(IMAGES)), mr.Tensor)


def test_a_transform_mixes_images_and_labels_alike(backend):
    # Image i is the number i everywhere, so its pixels must be the sum of i times its labels.
    numbers = np.arange(12, dtype=np.uint8)
    data = Dataset(np.tile(numbers[:, None, None, None], (1, 1, 2, 2)), numbers)
    mixup = MixUp(12, generator=mr.Generator(1))
    chain = Compose([mixup, RandomCrop(2)])
    for transform in (mixup, chain):
        for x, y in DataLoader(data, 5, shuffle=True, transform=transform):
            assert y.shape == (len(x), 12)
            values = y.numpy() @ np.arange(12)
            expected = np.broadcast_to(values[:, None, None, None], x.shape) / 255
            np.testing.assert_allclose(x.numpy(), expected, rtol=1e-5)
            np.testing.assert_allclose(y.numpy().sum(axis=1), 1, rtol=1e-6)


def test_mixed_labels_train_with_cross_entropy():
    mr.seed(0)
    data = Dataset(np.repeat(IMAGES, 4, axis=0), np.repeat(LABELS, 4))
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
    inputs, labels = next(iter(DataLoader(data, 7, transform=MixUp(3))))
    loss = nn.CrossEntropyLoss()(model(inputs), labels)
    loss.backward()
    assert model[1].weight.grad.shape == (3, 16)


def test_only_random_transforms_stop_in_evaluation(backend):
    images = backend.asarray(IMAGES)
    turn, negative = RandomRotation(90).eval(), Negative().eval()
    assert turn(images) is images
    batch = Batch(images)
    assert turn(batch) is batch
    expected = 255 - IMAGES
    np.testing.assert_array_equal(backend.to_host(negative(images)), expected)
    negative.stream = mr.Generator(0)  # now it draws random numbers
    assert negative(images) is images
    del negative.stream
    both = Compose([turn, negative]).eval()
    np.testing.assert_array_equal(backend.to_host(both(images)), expected)


def test_generators_are_the_random_streams_of_all_parts():
    turn, mixup = RandomRotation(5), MixUp(3)
    chain = Compose([turn, Negative(), np.copy, Compose([mixup])])
    assert turn.generators() == [turn.generator]
    assert chain.generators() == [turn.generator, mixup.generator]
    assert Negative().generators() == []


@pytest.mark.host
def test_a_transform_that_returns_an_array_is_refused():
    class Wrong(Transform):
        def transform(self, batch):
            return batch.x

    with pytest.raises(ArgumentTypeError, match=r"Wrong.transform must return a Batch.*replace"):
        Wrong()(IMAGES)


@pytest.mark.host
def test_a_transform_shows_its_parameters():
    assert repr(Negative()) == "Negative()"
    assert repr(Compose([Negative(), RandomCrop(2)])) == (
        "Compose([Negative(), RandomCrop(size=(2, 2), padding=0)])"
    )
