"""Metrics: the values of scikit-learn, over any batches, without reading from the device."""

import numpy as np
import pytest
import sklearn.metrics as theirs
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import metrics, nn
from minireg.errors import ArgumentError, ArgumentTypeError, MiniregError
from minireg.training.evaluation import Totals
from minireg.training.metric_names import as_metrics
from tests.guarded import counting
from tests.training.problems import blobs, network


@st.composite
def classifications(draw):
    """(N, K) outputs with many ties and (N,) labels; often some classes never occur."""
    classes, n = draw(st.integers(1, 5)), draw(st.integers(1, 30))
    row = st.lists(st.integers(-2, 2), min_size=classes, max_size=classes)
    outputs = np.array(draw(st.lists(row, min_size=n, max_size=n)), dtype=np.float32)
    highest = draw(st.integers(0, classes - 1))
    labels = draw(st.lists(st.integers(0, highest), min_size=n, max_size=n))
    return outputs, np.array(labels, dtype=np.int64)


@st.composite
def regressions(draw):
    n, columns = draw(st.integers(2, 20)), draw(st.integers(1, 3))
    numbers = st.integers(-3, 3).map(float) | st.floats(-1e3, 1e3, width=32)
    size = n * columns
    predictions, targets = (
        np.array(draw(st.lists(numbers, min_size=size, max_size=size)), dtype=np.float32)
        for _ in range(2)
    )
    offset = draw(st.sampled_from([0.0, 1e5]))
    return predictions.reshape(n, columns) + offset, targets.reshape(n, columns) + offset


def in_batches(metric, outputs, labels, size):
    """The value of a metric over batches of up to `size` examples."""
    totals = Totals(list(as_metrics(metric)))
    for first in range(0, len(labels), size):
        part = slice(first, first + size)
        totals.add(mr.tensor(outputs[part]).data, mr.tensor(labels[part]).data)
    (value,) = totals.read().values()
    return value


@given(data=classifications(), size=st.integers(1, 30))
def test_accuracy_and_confusion_matrix_equal_scikit_learn(data, size):
    outputs, labels = data
    predicted = outputs.argmax(axis=1)
    expected = theirs.accuracy_score(labels, predicted)
    assert in_batches("accuracy", outputs, labels, size) == pytest.approx(expected, rel=1e-15)
    matrix = in_batches("confusion_matrix", outputs, labels, size)
    assert matrix.shape == (outputs.shape[1], outputs.shape[1])
    if len(matrix) > 1:  # of a single class scikit-learn warns
        counts = theirs.confusion_matrix(labels, predicted, labels=range(outputs.shape[1]))
        np.testing.assert_array_equal(matrix, counts)


@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
@given(data=classifications(), size=st.integers(1, 30))
def test_precision_recall_and_f1_equal_scikit_learn(name, data, size):
    outputs, labels = data
    predicted, classes = outputs.argmax(axis=1), range(outputs.shape[1])
    score = getattr(theirs, f"{name}_score")
    for average in ("macro", "micro", "weighted"):
        expected = score(labels, predicted, average=average, zero_division=0)
        value = in_batches(f"{name}_{average}", outputs, labels, size)
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-15)
    each = in_batches(getattr(metrics, name)(average=None), outputs, labels, size)
    expected = score(labels, predicted, labels=classes, average=None, zero_division=0)
    np.testing.assert_allclose(each, expected, rtol=1e-12)


@given(data=classifications(), size=st.integers(1, 30))
def test_top_k_accuracy_equals_scikit_learn_up_to_ties(data, size):
    outputs, labels = data
    classes = outputs.shape[1]
    for k in range(1, classes):
        # Of equal scores scikit-learn takes the higher class first: count them backwards.  With two
        # classes its result is another one, so there is a third class that is never chosen.
        mirrored = np.column_stack([np.full(len(labels), -9.0), outputs[:, ::-1]])
        expected = theirs.top_k_accuracy_score(
            classes - labels, mirrored, k=k, labels=range(classes + 1)
        )
        assert in_batches(f"top{k}", outputs, labels, size) == pytest.approx(expected, rel=1e-15)
    assert in_batches("top1", outputs, labels, size) == in_batches("accuracy", outputs, labels, 30)
    assert in_batches(metrics.top_k_accuracy(classes + 3), outputs, labels, size) == 1.0


@given(data=regressions(), size=st.integers(1, 20))
def test_mse_mae_and_r2_are_those_of_scikit_learn(data, size):
    predictions, targets = data
    for name, score in (
        ("mse", theirs.mean_squared_error),
        ("mae", theirs.mean_absolute_error),
        ("r2", theirs.r2_score),
    ):
        expected = score(targets.astype(np.float64), predictions.astype(np.float64))
        value = in_batches(name, predictions, targets, size)
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-12), name


@given(data=classifications(), seed=st.integers(0, 2**32 - 1))
def test_an_ignored_label_is_masked_as_for_scikit_learn(data, seed):
    outputs, labels = data
    ignored = np.random.default_rng(seed).random(len(labels)) < 0.3
    ignored[0] = False
    masked, predicted = np.where(ignored, -100, labels), outputs.argmax(axis=1)
    outputs = mr.tensor(outputs)
    for metric, expected in (
        (metrics.accuracy(), theirs.accuracy_score(labels[~ignored], predicted[~ignored])),
        (
            metrics.f1(),
            theirs.f1_score(
                labels[~ignored], predicted[~ignored], average="macro", zero_division=0
            ),
        ),
    ):
        value = metric(outputs, mr.tensor(masked), ignore_index=-100)
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-15)
    counts = metrics.confusion_matrix()(outputs, mr.tensor(masked), ignore_index=-100)
    assert counts.sum() == (~ignored).sum()


@pytest.mark.host
@pytest.mark.parametrize(
    ("outputs", "labels", "sentence"),
    [
        ([[1j, 2.0]], [0], "outputs must be an array of real numbers"),
        ([["a", "b"]], [0], "outputs must be an array of real numbers"),
        (np.ones((1, 2), object), [0], r"got object \(1, 2\)"),
        (None, [0], "got None"),
        ([[1.0, 2.0], [1.0]], [0, 1], "outputs cannot be read as one array"),
        ([[1.0, 2.0]] * 2, np.ma.array([0, 1], mask=[0, 1]), "labels must .* none of them masked"),
        ([[1.0, 2.0]], 0, "labels must be an array"),
        (np.ones((0, 2)), np.ones(0, int), "at least one example, got none"),
    ],
)
@pytest.mark.parametrize("name", ["accuracy", "f1", "mse", "r2"])
def test_outputs_and_labels_must_be_arrays_of_numbers(name, outputs, labels, sentence):
    with pytest.raises(MiniregError, match=sentence):
        getattr(metrics, name)()(outputs, labels)


@pytest.mark.host
def test_r2_of_constant_targets_is_one_or_zero():
    flat = np.full(4, 0.1)
    assert metrics.r2()(flat, flat) == 1.0
    assert metrics.r2()(np.append(flat[1:], 1.0), flat) == 0.0


@pytest.mark.backends("guarded")
def test_metrics_read_the_device_once_at_the_end():
    names = ("accuracy", "f1", "precision", "recall_micro", "confusion_matrix", "top2", "top3")
    x, y = blobs(60)
    reads = {}
    for batch_size in (5, 60):
        model = network()
        with counting() as counts:
            mr.evaluate(model, (x, y), metrics=names, batch_size=batch_size)
        reads[batch_size] = counts.host_reads
    assert reads[5] == reads[60] == 4  # loss, hits, one confusion matrix, ranks


def test_a_metric_function_is_called_once_with_everything():
    calls = []

    def area(outputs, labels):
        calls.append((outputs, labels))
        return theirs.roc_auc_score(labels == 0, outputs[:, 0])

    model, (x, y) = network(), blobs(50)
    scores = mr.evaluate(model, (x, y), metrics=(area, "accuracy"), batch_size=20)
    (outputs, labels) = calls[0]
    assert len(calls) == 1
    np.testing.assert_allclose(outputs, model(mr.tensor(x)).numpy(), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(labels, y)
    assert scores["area"] == theirs.roc_auc_score(y == 0, outputs[:, 0])
    assert list(scores) == ["loss", "area", "accuracy"]


@pytest.mark.host
def test_a_value_that_is_not_finite_counts_as_not_measured():
    assert metrics.Metric("nan", lambda outputs, labels: np.nan)([[1.0]], [0]) is None


@pytest.mark.host
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("f1", ["f1"]),
        (("top5", "top_3", "top_2_accuracy"), ["top5", "top_3", "top_2_accuracy"]),
        ((metrics.f1, metrics.top_k_accuracy), ["f1", "top_5_accuracy"]),
        ([metrics.f1("weighted"), metrics.precision("micro")], ["f1_weighted", "precision_micro"]),
        ((), []),
    ],
)
def test_metrics_go_by_names_functions_and_objects(asked, names):
    assert [metric.name for metric in as_metrics(asked)] == names


@pytest.mark.host
@pytest.mark.parametrize(
    ("asked", "error", "sentence"),
    [
        ("f2", ArgumentError, r"No metric is called 'f2'. There are accuracy, .* top3"),
        ("top0", ArgumentError, "k must be at least 1, got 0"),
        (3, ArgumentTypeError, "A metric must be a name, a function .* got 3"),
        ([3], ArgumentTypeError, "a name, a function .* got 3"),
        (["f1", metrics.f1], ArgumentError, r"its own name.* \['f1', 'f1'\]"),
        ([metrics.Metric("loss", max)], ArgumentError, "other than 'loss'"),
        ([lambda outputs, labels: 0], ArgumentError, "no name for its column"),
    ],
)
def test_a_wrong_metric_is_refused(asked, error, sentence):
    with pytest.raises(error, match=sentence):
        as_metrics(asked)


@pytest.mark.host
@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: metrics.Metric("a", None), "a name and a function: .* got 'a' and None"),
        (lambda: metrics.Metric(max, "a"), "a name and a function"),
        (lambda: metrics.Metric("a", max, 3), "got 'a' and <built-in function max> and 3"),
        (lambda: metrics.Metric("a", max, targets="labels"), "targets must be 'classes', "),
        (lambda: metrics.score_classes(None, ("a",)), "counts must be an array"),
        (lambda: metrics.score_classes([[1]], ("a", "b")), r"shape \(2, 2\), got \(1, 1\)"),
        (
            lambda: metrics.accuracy()([[1.0]], [0], ignore_index="a"),
            "ignore_index must be a whole",
        ),
    ],
)
def test_a_metric_that_cannot_be_computed_is_refused(build, sentence):
    with pytest.raises(MiniregError, match=sentence):
        build()


@pytest.mark.host
def test_what_a_metric_cannot_judge_is_refused():
    x, y = blobs(9)
    with pytest.raises(
        ArgumentError, match="'mse' needs numbers, but the targets here are classes"
    ):
        mr.evaluate(network(), (x, y), metrics="mse")
    with pytest.raises(ArgumentError, match=r"'f1' needs classes, .*y\.astype"):
        mr.evaluate(network(), (x, np.zeros((9, 3))), mr.mse_loss, metrics="f1")
    with pytest.raises(ArgumentError, match=r"average must be 'macro', .* or None, got 'binary'"):
        metrics.f1("binary")
    with pytest.raises(ArgumentError, match=r"\(N, K\) outputs and \(N,\) labels, got \(2,\)"):
        metrics.accuracy()([1.0, 2.0], [0, 1])
    with pytest.raises(ArgumentError, match="labels must be from 0 to 1"):
        metrics.f1()([[1.0, 2.0]], [2])
    with pytest.raises(ArgumentError, match=r"same shape, got \(2,\) and \(2, 1\)"):
        metrics.mae()([1.0, 2.0], [[1.0], [2.0]])

    def pair(outputs, labels):
        return [1, 2]

    with pytest.raises(ArgumentTypeError, match=r"'pair' must return one number, got \[1, 2\]"):
        mr.evaluate(network(), (x, y), metrics=pair)


def test_the_accuracy_of_a_regression_is_none():
    model = nn.Linear(1, 1)
    x = np.arange(6.0)[:, None]
    scores = mr.evaluate(model, (x, 3 * x), mr.mse_loss, metrics=("mse", "r2", "accuracy"))
    assert scores["mse"] == pytest.approx(scores["loss"], rel=1e-6)
    assert scores["accuracy"] is None
    assert scores["r2"] == pytest.approx(theirs.r2_score(3 * x, mr.predict(model, x)), rel=1e-6)
