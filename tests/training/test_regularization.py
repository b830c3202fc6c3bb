"""The penalty in a training step: how it is reported, and which steps it takes."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from tests.training.problems import blobs, in_double, network, still, weights


@pytest.mark.parametrize("proximal", [False, True])
def test_the_penalty_is_reported_apart_from_the_data_loss(proximal):
    penalty, (x, y) = reg.L1(0.1) + reg.L2(0.1), blobs(32)
    model = in_double(network())
    cost = penalty(model).item()
    plain = mr.cross_entropy(model(mr.tensor(x)), mr.tensor(y)).item()
    history = mr.fit(
        model, (x, y), epochs=1, batch_size=10, optimizer=still(model), penalty=penalty,
        proximal=proximal, progress=False,
    )  # fmt: skip
    assert history.penalty == [pytest.approx(cost, rel=1e-12)]
    assert history.loss == [pytest.approx(plain, rel=1e-12)]


def test_without_a_penalty_its_column_is_zero():
    assert mr.fit(network(), blobs(), epochs=2, progress=False).penalty == [0.0, 0.0]


def test_l2_on_all_weights_equals_weight_decay():
    results = []
    for decay, penalty in ((0.05, None), (0.0, reg.L2(0.05))):
        mr.seed(2)
        model = in_double(nn.Linear(2, 3, bias=False))
        optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=decay)
        mr.fit(model, blobs(), epochs=5, optimizer=optimizer, penalty=penalty, progress=False)
        results.append(model.weight.numpy())
    np.testing.assert_allclose(*results, rtol=1e-12)


def test_half_mean_gets_the_size_of_the_training_set():
    model, penalty = in_double(network()), reg.L2(3.0, scale="half_mean")
    history = mr.fit(
        model, blobs(60), epochs=1, batch_size=20, optimizer=still(model), penalty=penalty,
        progress=False,
    )  # fmt: skip
    expected = reg.L2(3.0, scale="half_mean", samples=60)(model).item()
    assert history.penalty[0] == pytest.approx(expected, rel=1e-12)
    assert penalty.samples is None  # the caller's penalty stays as it was


# -- proximal steps --------------------------------------------------------------------------------


def test_a_proximal_step_follows_the_step_of_the_optimizer():
    x, y = blobs(20)
    rate, l1, l2 = 0.1, 0.3, 0.5
    model = in_double(nn.Linear(2, 3))
    before = model.weight.numpy().copy()
    mr.cross_entropy(model(mr.tensor(x)), mr.tensor(y)).backward()
    u = before - rate * mr.tensor(model.weight.grad).numpy()
    mr.fit(
        model, (x, y), epochs=1, batch_size=20,
        optimizer=optim.SGD(model.parameters(), lr=rate),
        penalty=reg.L1(l1) + reg.L2(l2), proximal=True, progress=False,
    )  # fmt: skip
    expected = np.sign(u) * np.maximum(np.abs(u) - rate * l1, 0) / (1 + rate * l2)
    np.testing.assert_allclose(model.weight.numpy(), expected, rtol=1e-12, atol=1e-15)


def test_each_group_takes_proximal_steps_of_its_own_length():
    model = nn.Sequential(*(in_double(nn.Linear(2, 2, bias=False)) for _ in range(3)))
    before = weights(model)
    optimizer = optim.SGD(
        [{"params": model[0].parameters(), "lr": 0.5}, {"params": model[1].parameters()}], lr=0.1
    )
    x = np.zeros((4, 2))  # the gradients of all weights are zero
    mr.fit(
        model, (x, np.zeros_like(x)), epochs=1, batch_size=4, optimizer=optimizer,
        criterion=mr.mse_loss, penalty=reg.L2(2.0), proximal=True, progress=False,
    )  # fmt: skip
    # The third layer belongs to no optimizer and stays, as it would with a loss term.
    for old, new, step in zip(before, weights(model), (0.5, 0.1, 0.0)):
        np.testing.assert_allclose(new, old / (1 + step * 2.0), rtol=1e-15)


def test_only_the_proximal_step_of_l1_gives_exact_zeros():
    zeros = {}
    for proximal in (True, False):
        mr.seed(3)
        model = network()
        optimizer = optim.SGD(model.parameters(), lr=0.05)
        mr.fit(
            model, blobs(), epochs=30, optimizer=optimizer, penalty=reg.L1(0.05),
            proximal=proximal, progress=False,
        )  # fmt: skip
        zeros[proximal] = sum(int((w == 0).sum()) for w in weights(model) if w.ndim == 2)
    assert zeros[True] > 5
    assert zeros[False] == 0


def test_only_penalized_trained_weights_take_proximal_steps():
    model = network()
    stranger = mr.tensor([1.0, -2.0], requires_grad=True)  # of another model
    groups = [
        {"params": [model[0].weight]},
        {"params": [model[0].bias, model[3].bias]},
        {"params": [model[3].weight, stranger]},
    ]
    optimizer = optim.SGD(groups, lr=0.1)
    model[0].weight.requires_grad = False
    x = np.zeros((4, 2))  # with biases of zero the other gradients vanish, too
    for layer in (model[0], model[3]):
        layer.bias.data[...] = 0
    before = weights(model)
    mr.fit(
        model, (x, np.zeros((4, 3))), epochs=1, batch_size=4, optimizer=optimizer,
        criterion=mr.mse_loss, penalty=reg.L1(0.1), proximal=True, progress=False,
    )  # fmt: skip
    after = weights(model)
    for i in (0, 1, 3):
        np.testing.assert_array_equal(after[i], before[i])
    shrunk = np.sign(before[2]) * np.maximum(np.abs(before[2]) - 0.1 * 0.1, 0)
    np.testing.assert_allclose(after[2], shrunk, rtol=1e-6, atol=1e-7)  # float32
    assert stranger.tolist() == [1.0, -2.0]
