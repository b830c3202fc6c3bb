"""Dataset: what it accepts, and how it is divided.  Everything happens on the host."""

from __future__ import annotations

import copy
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import Generator
from minireg.data import Dataset
from minireg.errors import ArgumentError, ArgumentTypeError, DataError, IndexRangeError

pytestmark = pytest.mark.host

seeds = st.integers(0, 2**64 - 1)
label_lists = st.lists(st.integers(0, 4), min_size=2, max_size=60)


def numbered(labels: list[int], classes: int | None = 5) -> Dataset:
    """A dataset whose example i is the number i, so that it can be recognised anywhere."""
    return Dataset(np.arange(len(labels))[:, None], labels, classes)


def numbers(data: Dataset) -> list[int]:
    return data.x.ravel().tolist()


# -- what it holds ---------------------------------------------------------------------------------


def test_arrays_are_kept_as_they_are_without_a_copy():
    x = np.zeros((3, 1, 2, 2), np.uint8)
    data = Dataset(x, [0, 1, 0])
    assert data.x is x
    assert data.y.dtype == np.int64


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int32, np.uint64])
def test_labels_of_any_integer_dtype_become_int64(dtype):
    data = Dataset(np.zeros((2, 1)), np.array([0, 1], dtype))
    assert data.y.dtype == np.int64
    assert data.y.tolist() == [0, 1]


def test_lists_and_tensors_are_taken():
    data = Dataset(mr.tensor([[1.0], [2.0]]), mr.tensor([0, 1]))
    assert isinstance(data.x, np.ndarray)
    assert data.x.tolist() == [[1.0], [2.0]]
    assert data.num_classes == 2


def test_subclasses_of_arrays_become_plain_arrays():
    x = np.arange(4.0).reshape(2, 2)
    for array in (x.view(np.matrix), np.ma.array(x), np.ma.array(x, mask=False)):
        data = Dataset(array, np.ma.array([0, 1]))
        assert (type(data.x), type(data.y)) == (np.ndarray, np.ndarray)
        assert data.x.tolist() == x.tolist()


@pytest.mark.parametrize(
    "shape", [(2, 3, 32, 32), (2, 1, 9, 3), (2, 4, 4, 4), (2, 8, 3, 3), (2, 16, 9, 5)]
)
def test_channels_first_are_never_taken_for_last(shape):
    assert Dataset(np.zeros(shape), [0, 1]).x.shape == shape


def test_float_targets_mean_regression():
    data = Dataset(np.zeros((3, 2)), np.array([0.5, 1.0, 2.0]))
    assert data.num_classes is None
    assert data.classes == ()
    assert data.class_counts.tolist() == []
    assert repr(data) == "Dataset(3 examples, x: float64 (2,), y: float64 ())"


def test_classes_can_be_named_counted_or_left_out():
    x, y = np.zeros((2, 1)), [0, 2]
    assert Dataset(x, y).classes == ("0", "1", "2")
    assert Dataset(x, y, 4).class_counts.tolist() == [1, 0, 1, 0]
    assert Dataset(x, y, ["a", "b", "c"]).classes == ("a", "b", "c")
    assert Dataset(x, y, np.array(["a", "b", "c"])).classes == ("a", "b", "c")


def test_many_classes_are_accepted_if_they_are_given():
    assert Dataset(np.zeros((2, 1)), [0, 5000], classes=6000).num_classes == 6000


def test_every_part_keeps_the_names_and_the_schema():
    schema = object()
    data = Dataset(
        np.arange(24.0).reshape(12, 2), [0, 1] * 6, feature_names=["length", "width"],
        target_name="kind", schema=schema, ignore_index=-1,
    )  # fmt: skip
    parts = [
        data, data[2:], data.subset([0, 5]), data.sample(4), *data.split(0.5),
        *next(data.folds(3)), data.with_label_noise(0.5), copy.copy(data),
    ]  # fmt: skip
    for part in parts:
        assert part.feature_names == ("length", "width")
        assert part.target_name == "kind"
        assert part.schema is schema
        assert part.ignore_index == -1
    plain = Dataset([[1.0]], [0])
    assert (plain.feature_names, plain.target_name, plain.schema) == (None, None, None)


# -- what it refuses -------------------------------------------------------------------------------

GOOD = np.zeros((3, 2))


@pytest.mark.parametrize(
    ("x", "y", "classes", "sentence"),
    [
        (np.zeros((0, 2)), [], None, "needs at least one example"),
        (np.zeros((3, 0)), [0, 1, 0], None, "needs at least one example"),
        (np.float32(3), [0], None, r"got shape \(\)"),
        ([1.0, 2.0], [0, 1], None, r"x\[:, None\]"),
        (GOOD, [0, 1], None, "x has 3 examples, y has shape"),
        (GOOD, 1, None, "x has 3 examples, y has shape"),
        ([[1.0], [1.0, 2.0]], [0, 1], None, "cannot be read as one array"),
        (np.array([[1j]] * 3), [0, 1, 0], None, "real numbers, got dtype complex128"),
        (np.array([["a"]] * 3), [0, 1, 0], None, "real numbers, got dtype <U1"),
        (GOOD, ["cat", "dog", "cat"], None, "return_inverse"),
        (GOOD, [0, 1, -1], None, "count from 0 upwards, got -1"),
        (GOOD, np.array([0, 1, 2**63], np.uint64), None, "count from 0 upwards"),
        (GOOD, [[0], [1], [0]], None, r"y.ravel\(\)"),
        (GOOD, [0, 1, 2], 2, "from 0 to 1 for 2 classes, got 2"),
        (GOOD, [0, 1, 2], ["a", "b"], "from 0 to 1 for 2 classes, got 2"),
        (GOOD, [0, 250_000, 310_000], None, "Regression targets must be floats"),
        (GOOD, [0.0, 1.0, 0.0], 2, r"y.astype\(int\)"),
        (GOOD, [0.0, np.nan, 1.0], None, "y holds 1 values that are masked, NaN"),
        (np.float64("nan"), [0], None, "x holds 1 values"),
        (GOOD.astype(object), [0, 1, 0], None, "real numbers, got dtype object"),
        (GOOD, [None, 1, 0], None, "y must hold numbers, got dtype object"),
        (GOOD, np.ma.array([0, 99, 1], mask=[0, 1, 0]), None, "the first is example 1"),
        (np.ma.array(GOOD, mask=[[0, 0], [0, 0], [1, 0]]), [0, 1, 0], None, "is example 2"),
        (np.zeros((3, 32, 40, 3), np.uint8), [0, 1, 0], None, r"np.moveaxis\(x, -1, 1\)"),
        (np.zeros((3, 28, 28, 1)), [0, 1, 0], None, "with the channels last"),
    ],
)
def test_unusable_data_is_refused_with_a_sentence(x, y, classes, sentence):
    with pytest.raises(DataError, match=sentence):
        Dataset(x, y, classes)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_examples_with_nan_or_infinity_are_named(dtype, value):
    x = np.zeros((4, 3), dtype)
    x[2, 1] = value
    with pytest.raises(DataError, match="the first is example 2"):
        Dataset(x, [0, 1, 0, 1])


def test_a_float64_too_large_for_float32_is_refused():
    largest = float(np.finfo(np.float32).max)
    Dataset([[largest], [-largest]], [0, 1])
    with pytest.raises(DataError, match="too large for float32"):
        Dataset([[largest], [-1e39]], [0, 1])


@pytest.mark.parametrize("classes", [2.5, "ab", True, {"a", "b"}, np.array("ab"), b"ab"])
def test_classes_of_the_wrong_kind_are_refused(classes):
    with pytest.raises(ArgumentTypeError):
        Dataset(GOOD, [0, 1, 0], classes)


@pytest.mark.parametrize(
    ("x", "options", "error", "sentence"),
    [
        (GOOD, {"feature_names": ["a"]}, DataError, r"got 1 names for \(3, 2\)"),
        (np.zeros((3, 1, 2, 2)), {"feature_names": ["a"]}, DataError, r"got 1 names for \(3, 1"),
        (GOOD, {"feature_names": "ab"}, ArgumentTypeError, "sequence of strings, got 'ab'"),
        (GOOD, {"feature_names": [1, 2]}, ArgumentTypeError, r"sequence of strings, got \[1, 2"),
        (GOOD, {"feature_names": 2}, ArgumentTypeError, "sequence of strings, got 2"),
        (GOOD, {"target_name": 3}, ArgumentTypeError, "target_name must be a string, got 3"),
    ],
)
def test_names_that_do_not_fit_are_refused(x, options, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        Dataset(x, [0, 1, 0], **options)
    assert caught.value.argument == next(iter(options))


@pytest.mark.parametrize(("theirs", "ours"), [("targets", "y"), ("data", "x"), ("labels", "y")])
def test_names_of_other_libraries_get_a_hint(theirs, ours):
    with pytest.raises(AttributeError, match=f"called '{ours}' here"):
        getattr(numbered([0, 1]), theirs)
    assert not hasattr(numbered([0, 1]), "no_such_thing")


# -- reading examples ------------------------------------------------------------------------------


def test_an_integer_index_gives_one_example():
    data = numbered([3, 1, 4, 1])
    x, y = data[-1]
    assert (x.tolist(), y) == ([3], 1)
    assert type(data[np.int64(2)][1]) is int
    assert numbers(data[1:3]) == [1, 2]
    assert numbers(data[::-1]) == [3, 2, 1, 0]
    assert numbers(data[[2, 0, 2]]) == [2, 0, 2]
    assert numbers(data[np.array([True, False, False, True])]) == [0, 3]
    assert numbers(data[mr.tensor([1, 0])]) == [1, 0]
    assert [y for _, y in data] == [3, 1, 4, 1]


@given(label_lists, st.data())
def test_a_subset_agrees_with_numpy_indexing(labels, data):
    whole = numbered(labels).with_label_noise(0.5)
    n = len(labels)
    indices = data.draw(st.lists(st.integers(-n, n - 1), min_size=1))
    part = whole.subset(indices)
    for name in ("x", "y", "noisy"):
        assert getattr(part, name).tolist() == getattr(whole, name)[indices].tolist()
    assert part.classes == whole.classes


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (4, IndexRangeError),
        (-5, IndexRangeError),
        ([0, 4], IndexRangeError),
        ([True, False], IndexRangeError),
        ([], DataError),
        (slice(2, 2), DataError),
        (np.zeros(4, bool), DataError),
        (1.0, ArgumentTypeError),
        ("x", ArgumentTypeError),
        (True, ArgumentTypeError),
        ([[0, 1]], ArgumentTypeError),
    ],
)
def test_an_index_that_names_no_examples_is_refused(index, error):
    with pytest.raises(error):
        numbered([0, 1, 0, 1])[index]


def test_repr_shows_shape_dtype_counts_and_noise():
    data = Dataset(np.zeros((5, 1, 2, 2), np.uint8), [0, 1, 0, 1, 1])
    assert repr(data) == "Dataset(5 examples, x: uint8 (1, 2, 2), 2 classes: 2 to 3 each)"
    assert repr(data.with_label_noise(0.4)).endswith("each, 2 noisy labels)")


def test_a_dataset_can_be_copied():
    assert numbers(copy.deepcopy(numbered([0, 1]))) == [0, 1]


# -- dividing --------------------------------------------------------------------------------------


def largest_remainders(counts: dict[int, int], n: int) -> dict[int, int]:
    """Hamilton's method in exact fractions: the seats of each class."""
    shares = {k: Fraction(n * c, sum(counts.values())) for k, c in counts.items()}
    seats = {k: int(share) for k, share in shares.items()}
    by_remainder = sorted(shares, key=lambda k: (seats[k] - shares[k], k))
    for k in by_remainder[: n - sum(seats.values())]:
        seats[k] += 1
    return {k: seat for k, seat in seats.items() if seat}


@given(label_lists, seeds, st.data())
def test_a_sample_takes_from_each_class_exactly_its_share(labels, seed, data):
    n = data.draw(st.integers(1, len(labels)))
    part = numbered(labels).sample(n, generator=Generator(seed))
    assert len(set(numbers(part))) == n
    assert [labels[i] for i in numbers(part)] == part.y.tolist()
    assert Counter(part.y.tolist()) == largest_remainders(Counter(labels), n)


@given(label_lists, seeds, st.data())
def test_parts_of_a_split_are_disjoint_complete_stratified(labels, seed, data):
    n = data.draw(st.integers(1, len(labels) - 1))
    first, second = numbered(labels).split(n / len(labels), generator=Generator(seed))
    assert sorted(numbers(first) + numbers(second)) == list(range(len(labels)))
    assert len(first) == n
    assert numbers(first) == numbers(numbered(labels).sample(n, generator=Generator(seed)))
    for k, count in Counter(labels).items():
        # Each part is less than one example away from the exact share of every class.
        assert abs(int(first.class_counts[k]) - Fraction(n * count, len(labels))) < 1
        assert first.class_counts[k] + second.class_counts[k] == count


def draw_everything(data, **options):
    parts = [
        data.sample(7, **options), *data.split((0.3, 0.3, 0.4), **options),
        *next(data.folds(3, **options)), data.with_label_noise(0.5, **options),
    ]  # fmt: skip
    return [(numbers(part), part.y.tolist()) for part in parts]


@given(seeds)
def test_the_same_seed_draws_the_same_parts(seed):
    data = numbered([0, 1, 2] * 10)
    given = draw_everything(data, generator=Generator(seed))
    assert given == draw_everything(data, generator=Generator(seed))
    assert given != draw_everything(data, generator=Generator(seed ^ 1))
    mr.seed(seed)
    by_default = draw_everything(data)
    assert by_default != draw_everything(data)
    mr.seed(seed)
    assert by_default == draw_everything(data)


def test_a_generator_goes_on_from_draw_to_draw():
    data, generator = numbered([0, 1, 2] * 10), Generator(0)
    assert len({tuple(numbers(data.sample(7, generator=generator))) for _ in range(20)}) == 20


def test_examples_of_a_class_are_equally_likely_in_samples():
    data, chosen, repeats = numbered([0] * 8 + [1] * 4), Counter(), 2000
    for seed in range(repeats):
        chosen.update(numbers(data.sample(6, generator=Generator(seed))))
    # Each of the 12 is taken with probability ½: a binomial count, and 5 σ = 5 √(repeats / 4).
    for i in range(12):
        assert abs(chosen[i] - repeats / 2) < 5 * (repeats / 4) ** 0.5


@pytest.mark.parametrize("part", [0, 1])
def test_the_parts_of_a_split_are_in_random_order(part):
    data, repeats = numbered([0] * 20 + [1] * 20, 2), 1000
    # Of each part the first 5 are drawn without replacement from 10 + 10: a hypergeometric count
    # of class 0 with mean 2.5 and variance 5 · ½ · ½ · 15/19, here within 5 σ.
    counts = [
        5 - int(data.split(0.5, generator=Generator(seed))[part].y[:5].sum())
        for seed in range(repeats)
    ]
    variance = 5 / 4 * 15 / 19
    assert abs(np.mean(counts) - 2.5) < 5 * (variance / repeats) ** 0.5
    assert abs(np.var(counts) - variance) < 5 * variance * (2 / repeats) ** 0.5


def test_regression_targets_are_divided_without_strata():
    data = Dataset(np.arange(10)[:, None], np.linspace(0, 1, 10))
    first, second = data.split(0.3, generator=Generator(0))
    assert (len(first), len(second)) == (3, 7)
    assert sorted(numbers(first) + numbers(second)) == list(range(10))


@pytest.mark.parametrize("fraction", [0, 1, 0.01, -0.5, 1.5, float("nan")])
def test_a_split_with_an_empty_part_is_refused(fraction):
    with pytest.raises(ArgumentError):
        numbered([0, 1, 0, 1]).split(fraction)


@pytest.mark.parametrize(
    ("n", "generator", "error"),
    [
        (0, None, ArgumentError),
        (5, None, ArgumentError),
        (2.0, None, ArgumentTypeError),
        (2, 0, ArgumentTypeError),
        (2, np.random.default_rng(0), ArgumentTypeError),
    ],
)
def test_an_impossible_sample_is_refused(n, generator, error):
    with pytest.raises(error):
        numbered([0, 1, 0, 1]).sample(n, generator=generator)


@given(st.lists(st.integers(0, 4), min_size=10, max_size=60), seeds)
def test_three_parts_are_disjoint_complete_and_stratified(labels, seed):
    whole, n = numbered(labels), len(labels)
    parts = whole.split((0.6, 0.2, 0.2), generator=Generator(seed))
    assert sorted(i for part in parts for i in numbers(part)) == list(range(n))
    assert [len(part) for part in parts] == [round(0.6 * n), round(0.8 * n) - round(0.6 * n),
                                             n - round(0.8 * n)]  # fmt: skip
    first, rest = whole.split(0.6, generator=Generator(seed))
    assert numbers(parts[0]) == numbers(first)
    left = Counter(rest.y.tolist())
    assert Counter(parts[1].y.tolist()) == largest_remainders(left, len(parts[1]))


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (0.5, 0.5, 0.1), (1.2, -0.2), (1.0, 0.0), ()])
def test_fractions_that_do_not_divide_the_whole_are_refused(fractions):
    with pytest.raises(ArgumentError):
        numbered([0, 1] * 5).split(fractions)


@given(label_lists, seeds, st.data())
def test_folds_give_the_guarantees_of_scikit_learn(labels, seed, data):
    model_selection = pytest.importorskip("sklearn.model_selection")
    k = data.draw(st.integers(2, len(labels)))
    pairs = list(numbered(labels).folds(k, generator=Generator(seed)))
    everything = list(range(len(labels)))
    assert sorted(i for _, validation in pairs for i in numbers(validation)) == everything
    for train, validation in pairs:
        assert sorted(numbers(train) + numbers(validation)) == everything
    counts = np.array([validation.class_counts for _, validation in pairs])
    assert (np.ptp(counts, axis=0) <= 1).all()
    theirs = [len(held_out) for _, held_out in model_selection.KFold(k).split(labels)]
    assert [len(validation) for _, validation in pairs] == theirs
    # Where scikit-learn is content with the classes, it has the same counts: some order of folds.
    if min(Counter(labels).values()) >= k:
        splits = model_selection.StratifiedKFold(k).split(np.zeros(len(labels)), np.sort(labels))
        expected = [np.bincount(np.sort(labels)[v], minlength=5).tolist() for _, v in splits]
        assert counts.tolist() == expected


def test_folds_of_regression_data_are_random_and_complete():
    data = Dataset(np.arange(10)[:, None], np.linspace(0, 1, 10))
    parts = [numbers(validation) for _, validation in data.folds(3, generator=Generator(0))]
    assert [len(part) for part in parts] == [4, 3, 3]
    assert sorted(i for part in parts for i in part) == list(range(10))
    assert parts != [numbers(validation) for _, validation in data.folds(3, generator=Generator(1))]
    assert parts == [numbers(validation) for _, validation in data.folds(3, generator=Generator(0))]


@pytest.mark.parametrize(("k", "error"), [(1, ArgumentError), (5, ArgumentError), (2.0, TypeError)])
def test_impossible_folds_are_refused_at_the_call(k, error):
    with pytest.raises(error):
        numbered([0, 1, 0, 1]).folds(k)


# -- labels without a class ------------------------------------------------------------------------


@pytest.mark.parametrize("label", [-100, 255, 1])
def test_an_ignored_label_counts_as_no_class(label):
    data = Dataset(np.zeros((4, 1)), [0, label, 2, label], ignore_index=label)
    assert data.num_classes == 3
    assert data.class_counts.tolist() == [1, 0, 1]
    assert data.ignored.tolist() == [False, True, False, True]
    assert data[1][1] == label
    assert repr(data).endswith("3 classes: 0 to 1 each, 2 ignored)")


@given(st.lists(st.sampled_from([-1, 0, 1, 2]), min_size=2, max_size=40), seeds)
def test_ignored_labels_leave_the_shares_of_classes_alone(labels, seed):
    whole = Dataset(np.arange(len(labels) + 2)[:, None], [0, *labels, -1], ignore_index=-1)
    n, counts = len(whole), Counter(whole.y.tolist())
    strata = [3 if label == -1 else label for label in whole.y.tolist()]
    first, second = whole.split(0.5, generator=Generator(seed))
    assert sorted(numbers(first) + numbers(second)) == list(range(n))
    expected = largest_remainders(Counter(strata), round(n / 2))
    assert Counter(3 if y == -1 else y for y in first.y.tolist()) == expected
    for _, validation in whole.folds(2, generator=Generator(seed)):
        for label, count in Counter(validation.y.tolist()).items():
            assert abs(count - counts[label] / 2) <= 0.5
    noisy = (
        whole.with_label_noise(1.0, generator=Generator(seed)) if whole.num_classes > 1 else whole
    )
    assert (noisy.ignored == whole.ignored).all()
    assert not noisy.noisy[whole.ignored].any()


@pytest.mark.parametrize(
    ("y", "label", "error", "sentence"),
    [
        ([0, 1, -100], None, DataError, r"got -100.*ignore_index=-100"),
        ([0, 1, -1], -100, DataError, "count from 0 upwards, got -1"),
        ([-1, -1, -1], -1, DataError, "All labels of y are -1, which is ignored"),
        ([0.0, 1.0, -1.0], -1, DataError, "ignore_index= was given, but y holds float64"),
        ([0, 1, -1], -1.0, ArgumentTypeError, "ignore_index must be a whole number"),
        ([0, 1, -1], True, ArgumentTypeError, "ignore_index must be a whole number"),
    ],
)
def test_an_ignored_label_that_does_not_fit_is_refused(y, label, error, sentence):
    with pytest.raises(error, match=sentence):
        Dataset(GOOD, y, ignore_index=label)


# -- label noise -----------------------------------------------------------------------------------


@given(label_lists, st.floats(0, 1), seeds)
def test_label_noise_replaces_an_exact_number_of_labels(labels, rate, seed):
    clean = numbered(labels)
    noisy = clean.with_label_noise(rate, generator=Generator(seed))
    assert noisy.noisy.sum() == round(rate * len(labels))
    assert ((noisy.y != clean.y) == noisy.noisy).all()
    assert noisy.y.min() >= 0
    assert noisy.y.max() < 5
    assert noisy.y.tolist() == clean.with_label_noise(rate, generator=Generator(seed)).y.tolist()
    # The original stays as it was.
    assert clean.y.tolist() == labels
    assert not clean.noisy.any()


def test_all_other_classes_are_equally_likely_wrong_labels():
    n = 30_000
    noisy = numbered([2] * n).with_label_noise(1.0, generator=Generator(0))
    assert noisy.class_counts[2] == 0
    # A binomial count with probability ¼ for each of the four others, 5 σ.
    for k in (0, 1, 3, 4):
        assert abs(noisy.class_counts[k] - n / 4) < 5 * (n * 3 / 16) ** 0.5


def test_noise_is_remembered_by_every_part():
    noisy = numbered([0, 1, 2, 3] * 10).with_label_noise(0.25)
    first, second = noisy.split(0.5)
    assert first.noisy.sum() + second.noisy.sum() == 10
    for part in (first, second, noisy[5:15], noisy.sample(20)):
        assert part.noisy.tolist() == noisy.noisy[part.x.ravel()].tolist()


def test_noise_added_twice_marks_what_either_call_replaced():
    once = numbered([0, 1] * 20, 2).with_label_noise(0.5)
    twice = once.with_label_noise(0.5)
    assert (twice.noisy >= once.noisy).all()
    assert (twice.noisy >= (twice.y != once.y)).all()


@pytest.mark.parametrize(
    ("data", "rate", "error"),
    [
        (numbered([0, 1]), -0.1, ArgumentError),
        (numbered([0, 1]), 1.1, ArgumentError),
        (numbered([0, 1]), "half", ArgumentTypeError),
        (numbered([0, 0], None), 0.5, DataError),
        (Dataset(GOOD, [0.5, 1.5, 2.5]), 0.5, DataError),
    ],
)
def test_impossible_noise_is_refused(data, rate, error):
    with pytest.raises(error):
        data.with_label_noise(rate)
