"""The memory of a call, the result included, is at most three times that of the batch."""

import tracemalloc

import numpy as np
import pytest

import minireg as mr
from minireg import augment

TRANSFORMS = {
    "flip": augment.RandomHorizontalFlip(),
    "padded crop": augment.RandomCrop(28, padding=4),
    "quarter turn": augment.RandomQuarterTurn(),
    "rotation": augment.RandomRotation(10),
    "nearest": augment.RandomRotation(10, interpolation="nearest"),
    "resized crop": augment.RandomResizedCrop(28, (0.5, 1)),
    "elastic": augment.ElasticTransform(34, 4),
    "noise": augment.GaussianNoise(),
    "blur": augment.GaussianBlur(5),
    "jitter": augment.ColorJitter(0.2, 0.2),
    "erasing": augment.RandomErasing(),
    "mixup": augment.MixUp(),
    "cutmix": augment.CutMix(),
    "half": augment.Sometimes(augment.RandomRotation(10)),
}


@pytest.mark.host
@pytest.mark.parametrize("size", [(256, 1, 28, 28), (32, 3, 128, 128)], ids=str)
@pytest.mark.parametrize("name", TRANSFORMS)
def test_three_times_the_batch_is_enough(name, size):
    x, t = np.full(size, 0.5, dtype=np.float32), TRANSFORMS[name]
    t(mr.Batch(x[:2]))
    tracemalloc.start()
    t(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * x.nbytes
