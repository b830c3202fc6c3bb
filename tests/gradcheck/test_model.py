"""check_model names the module whose backward pass is wrong, and no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.gradcheck import wrong_layers
from tests.gradcheck.wrong_layers import MODELS, WRONG, WRONG_PARENTS, draw_batch

PLACES = st.integers(0, 40)
# Other wrong layers are also checked on guarded arrays, whose numbers are those of NumPy.
NUMBERS = pytest.mark.backends("numpy", "cupy")


def check(model, shape):
    return mr.check_model(model, mr.cross_entropy, draw_batch(shape), entries=8, directions=1)


def list_wrong(report):
    return [path for path, found in report.reports.items() if found.verdict == "fail"]


@pytest.mark.parametrize("make", MODELS)
@pytest.mark.parametrize("training", [True, False])
def test_right_models_pass_in_both_modes(make, training):
    model, shape = make()
    report = check(model.train(training), shape)
    assert report, report
    assert set(report.reports) == {
        "the loss", "the model", *(path for path, _ in model.named_modules() if path)
    }  # fmt: skip


@NUMBERS
@settings(max_examples=15)
@given(st.sampled_from(MODELS), st.sampled_from(WRONG), PLACES)
def test_a_wrong_layer_is_named_and_no_other(make, wrong, place):
    model, shape = make()
    path = wrong_layers.put(model, place, wrong())
    report = check(model, shape)
    assert report.where == f"{path!r} ({wrong.__name__})"
    assert list_wrong(report) == [path]
    assert report.first is report[path]


@NUMBERS
@settings(max_examples=8)
@given(st.sampled_from(MODELS), st.sampled_from(WRONG_PARENTS), PLACES)
def test_a_wrong_forward_around_right_parts_is_named(make, wrong, place):
    model, shape = make()
    path = wrong_layers.put(model, place, wrong(nn.Tanh(), nn.Identity()))
    report = check(model, shape)
    assert report.where == f"{path!r} ({wrong.__name__})"
    assert list_wrong(report) == [path]
    assert report[f"{path}.branch"]


@pytest.mark.parametrize("make", MODELS)
def test_of_two_wrong_layers_the_later_one_is_first(make):
    model, shape = make()
    model = nn.Sequential(wrong_layers.Scale(), model, wrong_layers.Swish())
    report = check(model, shape)
    assert report.where == "'2' (Swish)"
    assert list_wrong(report) == ["2", "0"]


def test_a_layer_that_is_called_twice_is_checked_twice():
    twice = wrong_layers.Swish()
    report = check(nn.Sequential(twice, nn.Linear(4, 4), twice, nn.Linear(4, 3)), (4,))
    assert report.where == "'0' (Swish), call 2"
    assert list_wrong(report) == ["0, call 2", "0"]


def test_a_wrong_loss_is_named():
    x, _ = draw_batch((4,))
    report = mr.check_model(nn.Linear(4, 1), wrong_layers.wrong_loss, (x, x[:, :1]))
    assert report.where == "the loss (wrong_loss)"
    assert report.first.causes[0].name == "constant-factor"
    assert list_wrong(report) == ["the loss"]


def test_a_penalty_in_the_loss_is_checked():
    model, shape = wrong_layers.mlp()

    def loss(prediction, y):
        return mr.cross_entropy(prediction, y) + 0.1 * (model[0].weight.detach() ** 2).sum()

    report = mr.check_model(model, loss, draw_batch(shape))
    assert report.where == "the loss (loss)"
    wrong = [finding.name for finding in report.first.findings if finding.verdict == "fail"]
    assert wrong == ["0.weight"]


# -- what the gradient that arrives would hide, or show --------------------------------------------


def test_a_mistake_that_batch_norm_hides_is_named():
    """The gradient of a bias before batch norm is 0, and so is any multiple of it."""
    shift = wrong_layers.Shift()
    model = nn.Sequential(nn.Linear(4, 4), shift, nn.BatchNorm1d(4), nn.Linear(4, 3))
    x, y = draw_batch((4,))
    mr.cross_entropy(model(x), y).backward()
    assert abs(shift.shift.grad) < 1e-6
    assert check(model, (4,)).where == "'1' (Shift)"


def test_a_mistake_before_units_that_are_all_off_is_named():
    model = nn.Sequential(wrong_layers.Swish(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 3))
    model[1].bias.data[...] = -100
    assert check(model, (4,)).where == "'0' (Swish)"


def test_a_report_shows_the_gradient_of_a_training_step(backend):
    layer = wrong_layers.Scale()
    model = nn.Sequential(nn.Linear(4, 3), layer)
    report = check(model, (4,))
    x, y = draw_batch((4,))
    mr.cross_entropy(model(x), y).backward()
    yours = report["1"]["scale"].yours
    assert np.isclose(yours, backend.to_host(layer.scale.grad), rtol=1e-5)


class Raising(nn.Module):
    def __init__(self, backward):
        self.raises = mr.primitive(lambda x: (x + 0, (backward,)))

    def forward(self, x):
        return self.raises(x)


def divide_by_zero(g):
    raise ZeroDivisionError("in the backward pass")


@pytest.mark.parametrize(
    "backward", [divide_by_zero, lambda g: g[:1], lambda g: None, lambda g: g * np.nan]
)
def test_a_backward_that_stops_the_backward_pass_is_named(backward):
    report = check(nn.Sequential(nn.Linear(4, 3), Raising(backward), nn.Tanh()), (4,))
    assert report.where == "'1' (Raising)"
    assert list_wrong(report) == ["1"]
    assert report["0"]


def test_the_module_that_raises_an_error_is_named():
    report = check(wrong_layers.Residual(nn.Tanh(), nn.Linear(5, 4)), (4,))
    assert report.where == "'branch.1' (Linear)"
    assert "raised" in report.first.why


def test_a_module_that_leaves_the_graph_is_named():
    class Leaving(nn.Module):
        def forward(self, x):
            return x.detach().numpy()

    class Joined(nn.Module):
        def __init__(self):
            self.leaving, self.linear = Leaving(), nn.Linear(4, 3)

        def forward(self, x):
            return self.linear(mr.tensor(self.leaving(x)))

    report = check(Joined(), (4,))
    assert report.where == "'leaving' (Leaving)"
    assert "must return a Tensor" in report.first.why


def test_a_layer_that_rounds_to_float32_cannot_be_decided():
    class Rounding(nn.Module):
        def forward(self, x):
            return x.astype(mr.float32)

    report = check(nn.Sequential(nn.Linear(4, 3), Rounding(), nn.Tanh()), (4,))
    assert (report.verdict, report.where) == ("cannot tell", "'1' (Rounding)")
    assert report.unchecked == ("the model (Sequential)",)
    assert report["0"]
    assert report["2"]
    assert not report


# -- what modules are called with ------------------------------------------------------------------


def test_whole_numbers_and_frozen_parameters_are_constants():
    model = nn.Sequential(nn.Embedding(7, 4), nn.Flatten(), nn.Linear(8, 3))
    batch = mr.tensor(np.array([[0, 6], [3, 3]])), mr.tensor(np.array([0, 2]))
    report = mr.check_model(model, nn.CrossEntropyLoss(), batch)
    assert report, report
    assert [finding.name for finding in report["0"].findings] == ["weight"]
    model[0].requires_grad_(False)
    report = mr.check_model(model, nn.CrossEntropyLoss(), batch)
    assert report, report
    assert "0" not in report.reports


class Product(nn.Module):
    """Takes and gives Tensors in a tuple, a dictionary and an option."""

    def __init__(self, multiply):
        self.multiply = multiply

    def forward(self, pair, names, scale=None):
        x = self.multiply(pair[0], names["second"])
        return {"product": self.multiply(x, scale), "largest": x.argmax(axis=1)}, pair


class Outer(nn.Module):
    def __init__(self, multiply):
        self.product, self.linear = Product(multiply), nn.Linear(4, 3)

    def forward(self, x):
        found, (again, _) = self.product((x, 2), {"second": x + 1}, scale=mr.exp(x))
        return self.linear(found["product"] + again)


def test_tensors_in_tuples_dictionaries_and_options_are_checked():
    report = check(Outer(mr.multiply), (4,))
    assert report, report
    names = [finding.name for finding in report["product"].findings]
    assert names == ["pair[0]", "names['second']", "scale"]

    wrong = mr.primitive(lambda x, y: (x * y, (lambda g: g * y, lambda g: g * x + g)))
    report = check(Outer(wrong), (4,))
    assert report.where == "'product' (Product)"
    wrong_inputs = [f.name for f in report.first.findings if f.verdict == "fail"]
    assert wrong_inputs == ["names['second']", "scale"]


@pytest.mark.parametrize("source", ["attribute", "global", "default"])
def test_masks_of_any_random_stream_stay_the_same(source):
    class Drop(nn.Module):
        def __init__(self):
            self.random = np.random.default_rng(0)

        def forward(self, x):
            if source == "default":
                mask = mr.default_generator().bernoulli(x.shape, 0.6)
                return mr.dropout(x, mask, 0.4)
            random = self.random if source == "attribute" else np.random
            return x * mr.tensor((random.uniform(size=x.shape) < 0.6) / 0.6)

    model = nn.Sequential(nn.Linear(4, 6), Drop(), nn.Linear(6, 3))
    streams = model[1].random.bit_generator, np.random.mtrand.get_bit_generator()
    before = [str(stream.state) for stream in (*streams, mr.default_generator())]
    report = check(model, (4,))
    assert report, report
    assert [str(stream.state) for stream in (*streams, mr.default_generator())] == before


# -- the report and the call -----------------------------------------------------------------------


def test_the_text_is_ascii_with_the_verdict_first():
    model, shape = wrong_layers.residual()
    path = wrong_layers.put(model, 1, wrong_layers.Swish())
    report = check(model, shape)
    text = str(report)
    head = f"fail: going back from the loss, the first mistake is in {path!r} (Swish)\n"
    assert text.startswith(head)
    assert text.isascii()
    assert text.endswith(str(report.first))
    summary = text.removesuffix(str(report.first)).splitlines()
    assert max(map(len, summary)) <= 79
    assert sum("not checked" in line for line in summary) == len(report.unchecked) == 3


def test_a_batch_of_a_loader_is_taken_as_it_is():
    x, y = draw_batch((4,))
    loader = mr.data.DataLoader((x.numpy().astype(np.float32), y.numpy()), batch_size=3)
    assert mr.check_model(nn.Linear(4, 3), nn.CrossEntropyLoss(), next(iter(loader)))


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((lambda x: x, mr.cross_entropy, ([[0.0]], [0])), {}, "takes an nn.Module"),
        ((nn.Linear(1, 1), "cross_entropy", ([[0.0]], [0])), {}, "criterion as a function"),
        ((nn.Linear(1, 1), mr.cross_entropy, np.zeros((2, 1))), {}, "a pair"),
        ((nn.Linear(1, 1), mr.cross_entropy, ([[0.0]],)), {}, "a pair"),
        ((nn.Linear(1, 1), mr.cross_entropy, ([[0.0]], [0])), {"entries": 0}, "entries"),
    ],
)
def test_a_wrong_call_gets_one_sentence(arguments, options, words):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=words):
        mr.check_model(*arguments, **options)
