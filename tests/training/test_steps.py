"""The training step over several batches is the step over one large batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.training.problems import blobs, in_double, network, weights


def trained(n, batch_size, accumulate, momentum=0.9, **options):
    mr.seed(3)
    model = in_double(network())
    history = mr.fit(
        model, blobs(n), epochs=2, batch_size=batch_size, accumulate=accumulate,
        optimizer=optim.SGD(model.parameters(), lr=0.1, momentum=momentum),
        generator=mr.Generator(1), progress=False, **options,
    )  # fmt: skip
    return history, weights(model)


@given(n=st.integers(1, 40), batch_size=st.integers(1, 9), accumulate=st.integers(1, 5))
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"penalty": reg.L1(0.01) + reg.L2(0.1)},
        {"penalty": reg.L1(0.01), "proximal": True, "momentum": 0.0},
        {"class_weights": [1.0, 5.0, 0.2]},
        {"penalty": reg.L2(0.1), "clip_norm": 0.2},
    ],
    ids=["plain", "penalty", "proximal", "class weights", "clip_norm"],
)
def test_accumulating_takes_the_steps_of_the_large_batch(options, n, batch_size, accumulate):
    _, y = blobs(n)
    if "class_weights" in options and len(set(y)) < 3:
        return
    small, large = (
        trained(n, batch_size, accumulate, **options),
        trained(n, batch_size * accumulate, 1, **options),
    )
    for first, second in zip(small[1], large[1]):
        np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)
    for column in ("loss", "penalty", "train_accuracy"):
        np.testing.assert_allclose(small[0][column], large[0][column], rtol=1e-9)


@pytest.mark.backends("guarded")
@pytest.mark.parametrize("accumulate", [1, 3])
def test_with_every_option_a_step_reads_and_uploads_nothing(accumulate):
    reads, uploads = {}, {}
    for size in (60, 6):
        model = network(dropout=0.5)
        with counting() as counts:
            mr.fit(
                model, blobs(60), blobs(60), epochs=1, batch_size=size, accumulate=accumulate,
                penalty=reg.L2(1e-3), class_weights="balanced", metrics=("accuracy", "f1"),
                clip_norm=0.1,
                callbacks=[mr.callbacks.BestModel()], early_stopping=2, progress=False,
            )  # fmt: skip
        reads[size], uploads[size] = counts.host_reads, counts.uploads
    assert reads[60] == reads[6] <= 8, counts.where()  # loss, penalty; loss and 2 metrics twice
    assert uploads[60] == uploads[6]


@pytest.mark.parametrize("clip_norm", [0.01, 1e6])
def test_clipping_takes_the_steps_of_a_loop_by_hand(clip_norm):
    x, y = blobs(50)
    penalty, results = reg.L2(0.1), []
    for by_hand in (False, True):
        mr.seed(6)
        model = in_double(network())
        optimizer, generator = optim.Adam(model.parameters()), mr.Generator(1)
        if by_hand:
            loader = mr.data.DataLoader((x, y), 16, shuffle=True, generator=generator)
            for _ in range(2):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    (mr.cross_entropy(model(inputs), labels) + penalty(model)).backward()
                    optim.clip_grad_norm_(model.parameters(), clip_norm)
                    optimizer.step()
        else:
            mr.fit(
                model, (x, y), epochs=2, batch_size=16, optimizer=optimizer, penalty=penalty,
                clip_norm=clip_norm, generator=generator, progress=False,
            )  # fmt: skip
        results.append(weights(model))
    for first, second in zip(*results):
        np.testing.assert_allclose(first, second, rtol=1e-12)


@pytest.mark.host
def test_a_wrong_clip_norm_is_refused():
    for value, error in ((0.0, ArgumentError), ("1", ArgumentTypeError), (-1, ArgumentError)):
        with pytest.raises(error, match="clip_norm must be"):
            mr.fit(network(), blobs(), clip_norm=value)


@pytest.mark.host
def test_a_wrong_number_of_batches_is_refused():
    for value, error in ((0, ArgumentError), (1.5, ArgumentTypeError)):
        with pytest.raises(error, match="accumulate must be"):
            mr.fit(network(), blobs(), accumulate=value)


# -- gradients that are asked for a second time ----------------------------------------------------


class Twice(optim.SGD):
    """Asks for the gradients a second time at the same weights, and expects the same ones."""

    def step(self, again=None):
        params = [p for group in self.param_groups for p in group["params"]]
        first = [mr.tensor(p.grad).numpy().copy() for p in params]
        again()
        for p, g in zip(params, first):
            np.testing.assert_array_equal(mr.tensor(p.grad).numpy(), g)
        super().step()


def with_everything():
    """Dropout, running statistics, and a stream in the model itself."""
    mr.seed(5)
    return nn.Sequential(
        nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3)
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"accumulate": 3, "class_weights": [1.0, 5.0, 0.2]},
        {"penalty": reg.L1(0.01) + reg.L2(0.1), "clip_norm": 0.2},
        {"penalty": reg.L1(0.01), "proximal": True, "momentum": 0.0},
    ],
    ids=["plain", "accumulate", "penalty", "proximal"],
)
def test_a_second_pass_has_the_same_masks_and_no_trace(options):
    ends, options = [], dict(options)
    momentum = options.pop("momentum", 0.9)
    for kind in (optim.SGD, Twice):
        model = with_everything()
        history = mr.fit(
            model, blobs(50), blobs(20, seed=1), epochs=2, batch_size=8,
            optimizer=kind(model.parameters(), lr=0.1, momentum=momentum),
            generator=mr.Generator(1), progress=False, **options,
        )  # fmt: skip
        state = {name: mr.tensor(array).numpy() for name, array in model.state_dict().items()}
        rows = [{**row, "seconds": 0} for row in history]
        ends.append((state, rows, model[3].generator.state))
    np.testing.assert_equal(*ends)


class Ahead(optim.SGD):
    """w ← w − lr · ∇L(w + ρ ∇L(w))."""

    def step(self, again=None):
        params = [p for group in self.param_groups for p in group["params"]]
        moves = [0.5 * p.grad for p in params]
        for p, move in zip(params, moves):
            p.data += move
        self.losses.append(mr.tensor(again()).item())
        for p, move in zip(params, moves):
            p.data -= move
        super().step()


def test_gradients_at_other_weights_equal_a_manual_loop():
    (x, y), penalty = blobs(30), reg.L2(0.3)
    mr.seed(2)
    model = in_double(network())
    optimizer = Ahead(model.parameters(), lr=0.1)
    optimizer.losses = []
    mr.seed(2)
    other = in_double(network())
    mr.fit(
        model, (x, y), epochs=3, batch_size=30, optimizer=optimizer, penalty=penalty,
        clip_norm=0.4, progress=False,
    )  # fmt: skip
    losses = []
    for _ in range(3):
        start = [p.data.copy() for p in other.parameters()]

        def gradients():
            other.zero_grad()
            loss = mr.cross_entropy(other(mr.tensor(x)), mr.tensor(y)) + penalty(other)
            loss.backward()
            optim.clip_grad_norm_(other.parameters(), 0.4)  # the second gradient makes the step
            return loss.item()

        gradients()
        for p in other.parameters():
            p.data += 0.5 * p.grad
        losses.append(gradients())
        for p, w in zip(other.parameters(), start):
            p.data[...] = w - 0.1 * p.grad
    np.testing.assert_allclose(optimizer.losses, losses, rtol=1e-9)
    for ours, theirs in zip(weights(model), weights(other)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_a_proximal_step_comes_before_the_schedule():
    model = in_double(nn.Linear(2, 2, bias=False))
    before, x = weights(model)[0], np.zeros((4, 2))  # the gradients are zero
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    halving = mr.callbacks.Schedule(optim.lr_scheduler.ExponentialLR(optimizer, 0.5), every="step")
    mr.fit(
        model, (x, np.zeros((4, 2))), epochs=1, batch_size=2, optimizer=optimizer,
        criterion=mr.mse_loss, penalty=reg.L2(2.0), proximal=True, schedule=halving,
        progress=False,
    )  # fmt: skip
    np.testing.assert_allclose(
        weights(model)[0], before / (1 + 1.0 * 2) / (1 + 0.5 * 2), rtol=1e-15
    )
