"""The training step over several batches is the step over one large batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.training.problems import blobs, in_double, network, weights


def trained(n, batch_size, accumulate, **options):
    mr.seed(3)
    model = in_double(network())
    history = mr.fit(
        model, blobs(n), epochs=2, batch_size=batch_size, accumulate=accumulate,
        optimizer=optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        generator=mr.Generator(1), progress=False, **options,
    )  # fmt: skip
    return history, weights(model)


@given(n=st.integers(1, 40), batch_size=st.integers(1, 9), accumulate=st.integers(1, 5))
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"penalty": reg.L1(0.01) + reg.L2(0.1)},
        {"penalty": reg.L1(0.01), "proximal": True},
        {"class_weights": [1.0, 5.0, 0.2]},
        {"penalty": reg.L2(0.1), "clip_norm": 0.2},
    ],
    ids=["plain", "penalty", "proximal", "class weights", "clip_norm"],
)
def test_accumulating_takes_the_steps_of_the_large_batch_also_at_the_end(
    options, n, batch_size, accumulate
):
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
def test_clipping_takes_the_steps_of_the_loop_that_everybody_writes(clip_norm):
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
def test_what_is_no_norm_is_refused():
    for value, error in ((0.0, ArgumentError), ("1", ArgumentTypeError), (-1, ArgumentError)):
        with pytest.raises(error, match="clip_norm must be"):
            mr.fit(network(), blobs(), clip_norm=value)


@pytest.mark.host
def test_what_is_no_number_of_batches_is_refused():
    for value, error in ((0, ArgumentError), (1.5, ArgumentTypeError)):
        with pytest.raises(error, match="accumulate must be"):
            mr.fit(network(), blobs(), accumulate=value)
