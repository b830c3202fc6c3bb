"""detect_anomaly names operation and line of the first NaN, and of arrays changed too early."""

import functools
import math

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import AnomalyError


def tensor(*values):
    return mr.tensor(np.array(values), requires_grad=True)


def test_the_first_nan_is_named_with_its_line():
    x = tensor(1.0, -1.0, -2.0)
    with mr.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        mr.log(x).sum()  # the line in question
    text = str(caught.value)
    assert "log gave nan in 2 of 3 entries, first at (1,), from (float64 (3,))." in text
    assert text.endswith(": mr.log(x).sum()  # the line in question")
    assert f"{__file__}, line " in text


def test_an_infinity_counts_unless_it_is_allowed():
    x = tensor(0.0, 1.0)
    with mr.detect_anomaly(), pytest.raises(AnomalyError, match="divide gave inf in 1 of 2"):
        1 / x
    with mr.detect_anomaly(infinities=False):
        1 / x
        with pytest.raises(AnomalyError, match="subtract gave nan in 1 of 2"):
            1 / x - 1 / x


def test_a_nan_in_an_argument_is_reported_as_such():
    x = tensor(math.nan, 1.0)
    with mr.detect_anomaly(), pytest.raises(AnomalyError, match="Argument 2 already held such"):
        2 * x


def test_an_infinite_derivative_is_named_with_its_line():
    x = tensor(0.0, 4.0)
    with mr.detect_anomaly():
        y = mr.sqrt(x)  # recorded here
        with pytest.raises(AnomalyError) as caught:
            y.sum().backward()
    text = str(caught.value)
    assert "The derivative of sqrt with respect to argument 1 gave inf in 1 of 2 entries" in text
    assert "upstream gradient float64 (2,)." in text
    assert text.endswith("y = mr.sqrt(x)  # recorded here")
    assert x.grad is None


def test_a_nan_in_the_upstream_gradient_is_reported():
    x = tensor(1.0, 2.0)
    with mr.detect_anomaly():
        y = x * 2
        with pytest.raises(AnomalyError, match="which already held such values"):
            y.backward(mr.tensor(np.array([math.nan, 1.0])))


@pytest.mark.parametrize("changed", ["argument 1", "argument 2"])
def test_a_saved_array_that_was_changed_is_named(changed):
    a, b = tensor(1.0, 2.0), tensor(3.0, 4.0)
    with mr.detect_anomaly():
        y = a * b
        (a if changed == "argument 1" else b).data += 1
        sentence = rf"multiply saved {changed}, float64 \(2,\), .* changed in place before backward"
        with pytest.raises(AnomalyError, match=sentence):
            y.sum().backward()


def test_a_changed_result_is_named():
    x = tensor(1.0, 2.0)
    with mr.detect_anomaly():
        y = mr.exp(x)
        y.data *= 2
        with pytest.raises(AnomalyError, match="exp saved its result"):
            y.sum().backward()


def test_what_no_derivative_needs_may_be_changed():
    a, b = tensor(1.0, 2.0), tensor(3.0, 4.0)
    with mr.detect_anomaly():
        y = a + b
        a.data += 1
        y.sum().backward()
    assert mr.Tensor(a.grad).tolist() == [1, 1]


def test_arrays_in_closures_and_tuples_are_watched():
    @mr.primitive
    def scaled(x, factors):
        pair = (factors, x.shape)

        def scale(g):
            return g * pair[0]

        return x * factors, lambda g, needs: (scale(g), None)

    x, factors = tensor(1.0, 2.0), mr.tensor(np.array([2.0, 3.0]))
    with mr.detect_anomaly():
        y = scaled(x, factors)
        y.sum().backward(retain_graph=True)
        factors.data += 1
        with pytest.raises(AnomalyError, match="scaled saved argument 2"):
            y.sum().backward()


def test_arrays_in_partials_are_watched():
    def scale(kept, g):
        return g * kept["factors"]

    @mr.primitive
    def scaled(x, factors):
        return x * factors, (functools.partial(scale, {"factors": factors}),)

    x, factors = tensor(1.0, 2.0), mr.tensor(np.array([2.0, 3.0]))
    with mr.detect_anomaly():
        y = scaled(x, factors)
        factors.data += 1
        with pytest.raises(AnomalyError, match="scaled saved argument 2"):
            y.sum().backward()


def test_a_clean_step_gives_the_same_gradients():
    x, y = mr.tensor(np.random.default_rng(0).normal(size=(5, 4))), mr.tensor([0, 1, 2, 0, 1])
    gradients = []
    for watched in (False, True):
        mr.seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
        if watched:
            with mr.detect_anomaly():
                mr.cross_entropy(model(x), y).backward()
        else:
            mr.cross_entropy(model(x), y).backward()
        gradients.append([mr.Tensor(p.grad).numpy() for p in model.parameters()])
    for a, b in zip(*gradients):
        np.testing.assert_array_equal(a, b)


def test_arguments_that_are_not_numbers_are_skipped():
    x = tensor(1.0, math.nan)
    with mr.detect_anomaly(), pytest.raises(AnomalyError, match=r"getitem gave nan.* Argument 1 a"):
        x[None, [0, 1]]


def test_second_derivatives_are_watched():
    x = tensor(0.0)
    with mr.detect_anomaly():
        first = mr.grad((x**1.5).sum(), x, create_graph=True)
        with pytest.raises(AnomalyError, match="power"):
            mr.grad(first.sum(), x)


def test_watching_ends_even_after_an_error():
    with pytest.raises(AnomalyError), mr.detect_anomaly():
        mr.log(tensor(-1.0))
    with np.errstate(all="ignore"):
        assert math.isnan(mr.log(tensor(-1.0)).item())
