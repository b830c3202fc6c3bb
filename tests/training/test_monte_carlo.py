"""mc_predict: mean and spread over passes in which only dropout is in training mode."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import softmax

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.random import Generator
from tests.training.problems import blobs, weights


def network():
    return nn.Sequential(
        nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(), nn.GaussianDropout(0.2),
        nn.Linear(8, 3),
    )  # fmt: skip


def passes(model, x, samples, generator):
    """The outputs of the passes, with numpy's loop."""
    model.eval()
    for layer in (model[2], model[4]):
        layer.train()
        layer.generator = generator.spawn()
    return np.stack([model(mr.tensor(x)).numpy() for _ in range(samples)])


@pytest.mark.parametrize("output", ["logits", "probabilities"])
def test_it_is_mean_and_std_over_passes(output):
    model, (x, _) = network(), blobs(20)
    mean, std = mr.mc_predict(model, x, samples=7, output=output, generator=Generator(4))
    outputs = passes(model, x, 7, Generator(4))
    outputs = softmax(outputs, axis=2) if output == "probabilities" else outputs
    assert type(mean) is type(std) is np.ndarray
    np.testing.assert_allclose(mean, outputs.mean(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(std, outputs.std(axis=0), rtol=1e-4, atol=1e-6)


def test_one_weight_gives_the_binomial_distribution():
    model = nn.Sequential(nn.Dropout(0.3), nn.Linear(1, 1, bias=False))
    model[1].weight.data[...] = 1
    mean, std = mr.mc_predict(model, np.full((1, 1), 0.7), samples=1000)
    kept = mean.item() * 1000  # the outputs are 0 or 1
    # A right mean leaves these exact bounds with probability 1e-9.
    assert stats.binom.ppf(5e-10, 1000, 0.7) <= round(kept) <= stats.binom.ppf(1 - 5e-10, 1000, 0.7)
    np.testing.assert_allclose(std, np.sqrt(mean * (1 - mean)), rtol=1e-4)


def test_nothing_is_changed():
    model = network()
    model(mr.tensor(blobs(20)[0]))
    model[0].eval()

    def state():
        streams = [generator.state for _, generator in model.named_generators()]
        modes = [module.training for module in model.modules()]
        return (
            streams,
            modes,
            mr.default_generator().state,
            {k: id(m) for k, m in nn.masks(model).items()},
        )

    before, kept = state(), [*weights(model), *(b.numpy().copy() for b in model.buffers())]
    mr.mc_predict(model, blobs(20)[0], samples=3)
    assert state() == before
    for old, new in zip(kept, [*weights(model), *(b.numpy() for b in model.buffers())]):
        np.testing.assert_array_equal(old, new)


def test_the_same_masks_are_drawn_at_every_call():
    model, (x, _) = network(), blobs(20)
    first, second = (mr.mc_predict(model, x, samples=3) for _ in range(2))
    np.testing.assert_array_equal(first.mean, second.mean)
    generator = Generator(0)
    third, fourth = (mr.mc_predict(model, x, samples=3, generator=generator) for _ in range(2))
    np.testing.assert_array_equal(first.std, third.std)
    assert not np.array_equal(third.mean, fourth.mean)


def test_batches_are_joined_in_order():
    model, (x, _) = nn.Sequential(nn.GaussianNoise(1e-9), nn.Linear(2, 3)), blobs(20)
    mean, std = mr.mc_predict(model, x, samples=2, batch_size=7)
    np.testing.assert_allclose(mean, mr.predict(model, x), rtol=1e-6)
    np.testing.assert_allclose(std, np.zeros((20, 3)), atol=1e-6)


def test_passes_without_a_random_layer_are_refused():
    class Unused(nn.Module):
        def __init__(self):
            self.drop, self.linear = nn.Dropout(), nn.Linear(2, 2)

        def forward(self, x):
            return self.linear(x)

    for model in (
        nn.Linear(2, 2),
        Unused(),
        nn.Sequential(nn.Dropout(0.0), nn.AlphaDropout(0.0), nn.GaussianNoise(0.0)),
    ):
        with pytest.raises(ArgumentError, match=r"no dropout layer .* draws masks"):
            mr.mc_predict(model, np.zeros((2, 2)))


def test_masks_that_are_replayed_give_no_spread():
    model, x = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5)), np.ones((2, 8))
    model(mr.tensor(x))
    kept = nn.masks(model)
    with nn.replay(model, kept), pytest.raises(ArgumentError, match="Every pass gives the same"):
        mr.mc_predict(model, x)
    with nn.replay(model, {"0": kept["0"]}):
        assert mr.mc_predict(model, x).std.max() > 0


@pytest.mark.parametrize(
    ("model", "options", "error", "sentence"),
    [
        (nn.Dropout(), {"samples": 0}, ArgumentError, "samples must be at least 1"),
        (nn.Dropout(), {"output": "classes"}, ArgumentError, "output must be 'logits' or 'prob"),
        (nn.Dropout(), {"generator": 0}, ArgumentTypeError, "generator must be a minireg gen"),
        (3, {}, ArgumentTypeError, r"must be an nn\.Module, got 3"),
    ],
)
def test_what_cannot_be_predicted_is_refused(model, options, error, sentence):
    with pytest.raises(error, match=sentence):
        mr.mc_predict(model, np.zeros((2, 2)), **options)
