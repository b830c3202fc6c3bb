"""DataLoader: every example once, in a reproducible order, without waiting for the device."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.augment import Transform
from minireg.backend import namespace
from minireg.data import DataLoader, Dataset
from minireg.errors import ArgumentError, ArgumentTypeError, DataError
from tests.guarded import counting


def numbered(n: int) -> Dataset:
    """Example i is the number i, and so is its label."""
    return Dataset(np.arange(n)[:, None], np.arange(n), classes=max(n, 1))


def epoch_order(loader: DataLoader) -> list[int]:
    """The examples of one epoch, after checking that inputs and labels belong together."""
    order: list[int] = []
    for inputs, labels in loader:
        assert inputs.numpy().ravel().tolist() == labels.tolist()
        order += labels.tolist()
    return order


# -- batches and order -----------------------------------------------------------------------------


@given(
    n=st.integers(1, 50),
    batch_size=st.integers(1, 60),
    shuffle=st.booleans(),
    drop_last=st.booleans(),
    min_last=st.integers(1, 12),
)
def test_every_example_comes_exactly_once_an_epoch(n, batch_size, shuffle, drop_last, min_last):
    drop_last = drop_last and batch_size <= n
    loader = DataLoader(
        numbered(n), batch_size, shuffle=shuffle, drop_last=drop_last, min_last=min_last
    )
    expected = [batch_size] * (n // batch_size)
    if n % batch_size and not drop_last:
        expected.append(n % batch_size)
    if expected[-1] < min_last and len(expected) > 1 and not drop_last:
        expected[-2:] = [sum(expected[-2:])]
    for _ in range(2):
        assert [len(batch) for batch in loader] == expected
        assert len(loader) == len(expected)
        order = epoch_order(loader)
        assert len(set(order)) == len(order) == sum(expected)


def test_a_single_last_example_joins_the_batch_before_it():
    assert [len(batch) for batch in DataLoader(numbered(33), 32, min_last=2)] == [33]
    assert [len(batch) for batch in DataLoader(numbered(1), 32, min_last=2)] == [1]


def test_without_shuffling_the_order_is_the_dataset_s_own():
    assert epoch_order(DataLoader(numbered(10), batch_size=4)) == list(range(10))


@given(seed=st.integers(0, 2**64 - 1))
def test_a_seed_fixes_the_order_of_each_epoch(seed):
    def three_epochs() -> list[list[int]]:
        loader = DataLoader(numbered(30), 7, shuffle=True, generator=mr.Generator(seed))
        return [epoch_order(loader) for _ in range(3)]

    orders = three_epochs()
    assert orders == three_epochs()
    # Two of 30! orders are equal with a probability of 4e-33.
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_each_loader_has_its_own_stream_set_by_mr_seed():
    def two_loaders() -> list[list[int]]:
        mr.seed(5)
        return [epoch_order(DataLoader(numbered(30), 8, shuffle=True)) for _ in range(2)]

    orders = two_loaders()
    assert orders == two_loaders()
    assert orders[0] != orders[1]


def test_the_order_does_not_depend_on_the_batch_size():
    def order(batch_size: int) -> list[int]:
        return epoch_order(
            DataLoader(numbered(30), batch_size, shuffle=True, generator=mr.Generator(1))
        )

    assert order(3) == order(8) == order(100)


def test_a_loader_goes_on_from_epoch_and_generator_state():
    first = DataLoader(numbered(20), shuffle=True, generator=mr.Generator(1))
    epoch_order(first)
    second = DataLoader(numbered(20), shuffle=True)
    second.epoch, second.generator.state = first.epoch, first.generator.state
    assert epoch_order(second) == epoch_order(first)
    assert second.epoch == first.epoch == 2


def test_two_iterations_at_a_time_do_not_disturb_each_other():
    loader = DataLoader(numbered(9), 3)
    pairs = zip(loader, loader, strict=True)
    assert [(a.tolist(), b.tolist()) for (_, a), (_, b) in pairs] == [
        ([k, k + 1, k + 2], [k, k + 1, k + 2]) for k in (0, 3, 6)
    ]


# -- what comes out --------------------------------------------------------------------------------


def test_pixels_leave_as_float32_divided_by_255():
    images = np.arange(256, dtype=np.uint8).reshape(256, 1, 1, 1)
    inputs, labels = next(iter(DataLoader((images, np.zeros(256, int)), 256)))
    assert inputs.dtype == np.float32
    assert inputs.shape == (256, 1, 1, 1)
    assert labels.dtype == np.int64
    expected = (np.arange(256) / 255).astype(np.float32)  # the float32 nearest to v / 255
    assert (inputs.numpy().ravel() == expected).all()


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int64, np.float16, np.float32, np.float64])
def test_other_features_leave_as_the_same_float32_values(dtype):
    x = np.array([[0], [1]], dtype)
    inputs, _ = next(iter(DataLoader((x, [0, 1]))))
    assert inputs.dtype == np.float32
    assert inputs.tolist() == [[0.0], [1.0]]


def test_float_targets_leave_as_float32():
    _, targets = next(iter(DataLoader((np.zeros((2, 1)), np.array([[0.5], [1.5]])))))
    assert targets.dtype == np.float32
    assert targets.tolist() == [[0.5], [1.5]]


def test_batches_are_on_the_backend_without_gradient(backend):
    for x in next(iter(DataLoader(numbered(3)))):
        assert isinstance(x, mr.Tensor)
        assert x.backend == backend.name
        assert not x.requires_grad


def test_one_loader_serves_every_backend():
    loader = DataLoader(numbered(3))
    here = epoch_order(loader)
    with mr.use_backend("numpy"):
        inputs, _ = next(iter(loader))
        assert inputs.backend == "numpy"
        assert epoch_order(loader) == here


def test_a_loader_takes_a_pair_or_an_object_with_x_and_y():
    x, y = np.zeros((3, 2)), np.array([0, 1, 1])
    for source in ((x, y), SimpleNamespace(x=x, y=y), Dataset(x, y)):
        assert DataLoader(source).dataset.class_counts.tolist() == [1, 2]


def test_changing_a_batch_does_not_change_the_dataset(backend):
    data = Dataset(np.ones((4, 2), np.float32), np.ones(4))
    for shuffle in (False, True):
        for inputs, targets in DataLoader(data, 4, shuffle=shuffle):
            inputs.data[...] = 7
            targets.data[...] = 7
    assert (data.x == 1).all()
    assert (data.y == 1).all()
    inputs, _ = next(iter(DataLoader(data, 4)))
    assert (inputs.numpy() == 1).all()


def test_an_epoch_uploads_its_order_and_reads_nothing(backend):
    data = Dataset(np.zeros((20, 1, 4, 4), np.uint8), np.arange(20) % 3)

    flip = mr.augment.RandomHorizontalFlip()
    loader = DataLoader(data, 6, shuffle=True, min_last=3, transform=flip)
    for uploads in (6, 4, 4):  # x, y and the order, then the order; the matrices of each batch
        with counting() as counts:
            list(loader)
        assert counts.host_reads == 0, counts.where()
        assert counts.uploads == (uploads if backend.name == "guarded" else 0), counts.where()


# -- transforms ------------------------------------------------------------------------------------


class Apply(Transform):
    """The transform of a function of a Batch."""

    def __init__(self, function):
        self.transform = function


def test_a_function_sees_the_raw_pixels(backend):
    seen = []

    def record(images):
        seen.append((namespace(images), images.dtype, images.shape))
        return images

    data = Dataset(np.full((5, 1, 2, 2), 255, np.uint8), np.zeros(5, int))
    batches = [inputs.numpy().ravel()[0] for inputs, _ in DataLoader(data, 3, transform=record)]
    assert seen == [(backend, np.uint8, (3, 1, 2, 2)), (backend, np.uint8, (2, 1, 2, 2))]
    assert batches == [1.0, 1.0]


def test_a_transform_gets_the_arrays_with_ids_and_epoch(backend):
    seen = []

    def record(batch):
        assert isinstance(batch.ids, np.ndarray)  # on the host
        for array in (batch.x, batch.y):
            assert namespace(array) is backend
            assert backend.to_host(array).ravel().tolist() == batch.ids.tolist()
        seen.append(batch.epoch)
        return batch

    loader = DataLoader(numbered(7), 4, shuffle=True, transform=Apply(record))
    for _ in range(3):
        epoch_order(loader)
    assert seen == [0, 0, 1, 1, 2, 2]


def test_a_batch_has_its_ids_and_epoch(backend):
    loader = DataLoader(numbered(7), 4, shuffle=True)
    for epoch in range(2):
        for batch in loader:
            assert batch.ids.tolist() == batch.y.tolist()
            assert batch.epoch == epoch


def test_a_transform_may_return_rows_of_probabilities(backend):
    def soften(batch):
        rows = batch.y[:, None] == namespace(batch.y).arange(5)
        return replace(batch, y=rows.astype(np.float64) / 2)

    for _, labels in DataLoader(numbered(5), 3, transform=Apply(soften)):
        assert labels.dtype == np.float32
        assert labels.shape == (len(labels), 5)
        assert (labels.numpy().sum(axis=1) == 0.5).all()


def test_a_transform_may_return_floats_or_a_tensor(backend):
    data = Dataset(np.full((2, 1, 1, 1), 51, np.uint8), [0, 1])

    def as_float(images):
        return mr.Tensor(images.astype(np.float64) / 102)

    inputs, _ = next(iter(DataLoader(data, transform=as_float)))
    assert inputs.dtype == np.float32
    assert inputs.numpy().ravel().tolist() == [0.5, 0.5]


def test_writing_to_a_batch_leaves_the_dataset_unchanged():
    data = Dataset(np.ones((3, 1, 2, 2), np.uint8), [0, 1, 0])

    def blank(images):
        images[...] = 0
        return images

    for _ in range(2):
        list(DataLoader(data, transform=blank))
    inputs, _ = next(iter(DataLoader(data)))
    assert (data.x == 1).all()
    assert (inputs.numpy() > 0).all()


@pytest.mark.parametrize("result", [None, 3.0, "images"])
def test_a_transform_that_returns_other_things_is_refused(result):
    with pytest.raises(ArgumentTypeError, match="transform must return an array of 4 images"):
        list(DataLoader(numbered(4), transform=lambda images: result))
    with pytest.raises(ArgumentTypeError, match=r"Apply.transform must return a Batch, got"):
        list(DataLoader(numbered(4), transform=Apply(lambda batch: result)))


def test_pixels_that_are_other_integers_are_refused():
    data = np.zeros((4, 1, 2, 2), dtype=np.uint8), np.zeros(4, dtype=int)
    with pytest.raises(ArgumentTypeError, match="uint8 pixels from 0 to 255, or floats, got int64"):
        list(DataLoader(data, transform=lambda images: images + np.int64(1)))


def test_a_transform_that_drops_examples_is_refused():
    with pytest.raises(ArgumentTypeError, match=r"array of 4 images .* of shape \(3, 1\)"):
        list(DataLoader(numbered(4), transform=lambda images: images[1:]))
    fewer = Apply(lambda batch: replace(batch, y=batch.y[1:]))
    with pytest.raises(ArgumentTypeError, match=r"array of 4 labels .* of shape \(3,\)"):
        list(DataLoader(numbered(4), transform=fewer))


# -- what it refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"batch_size": 0}, ArgumentError, "batch_size must be at least 1, got 0"),
        ({"batch_size": 2.5}, ArgumentTypeError, "batch_size must be a whole number"),
        ({"batch_size": 5, "drop_last": True}, ArgumentError, "would drop all 4 examples"),
        ({"shuffle": "no"}, ArgumentTypeError, "shuffle must be True or False, got 'no'"),
        ({"drop_last": None}, ArgumentTypeError, "drop_last must be True or False"),
        ({"transform": 3}, ArgumentTypeError, "transform must be a Transform or"),
        ({"generator": 3}, ArgumentTypeError, r"mr\.Generator\(0\)"),
    ],
)
def test_impossible_arguments_are_refused(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        DataLoader(numbered(4), **arguments)


@pytest.mark.parametrize(
    ("source", "error", "sentence"),
    [
        ((np.zeros((0, 2)), []), DataError, "at least one example"),
        ((np.zeros((3, 2)), [0, 1]), DataError, "x has 3 examples"),
        (([[np.nan]], [0]), DataError, "NaN"),
        (np.zeros((3, 2)), ArgumentTypeError, r"as a pair \(x, y\)"),
        ([1, 2, 3], ArgumentTypeError, "a pair"),
        (SimpleNamespace(x=np.zeros((3, 2))), ArgumentTypeError, "attributes x and y"),
    ],
)
def test_a_source_that_is_not_a_dataset_is_refused(source, error, sentence):
    with pytest.raises(error, match=sentence):
        DataLoader(source)


def test_repr_and_length():
    loader = DataLoader(numbered(10), batch_size=4)
    assert len(loader) == 3
    assert repr(loader).startswith("DataLoader(3 batches of 4 from Dataset(10 examples")
