"""Penalties on outputs in `fit`."""

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting
from tests.training.problems import blobs, in_double, network, still, weights

TERMS = [reg.ActivityL1(0.1).on(nn.ReLU), reg.ConfidencePenalty(0.3), reg.ActivityL2(0.2).on("0")]


def value_of(terms, model, x):
    total = 0.0
    for term in terms:
        with term.record(model) as outputs:
            model(mr.tensor(x))
        total += term(outputs).item()
    return total


@pytest.mark.parametrize("accumulate", [1, 2])
def test_terms_are_reported_with_the_penalty(accumulate):
    model, (x, y) = in_double(network()), blobs(50)
    history = mr.fit(
        model, (x, y), epochs=1, batch_size=20, accumulate=accumulate, optimizer=still(model),
        penalty=reg.L1(0.1), terms=TERMS, progress=False,
    )  # fmt: skip
    expected = reg.L1(0.1)(model).item() + value_of(TERMS, model, x)
    assert history.penalty == [pytest.approx(expected, rel=1e-10)]


def test_fit_takes_the_steps_of_a_loop_with_the_terms():
    x, y = blobs(20)
    found = []
    for by_fit in (True, False):
        mr.seed(1)
        model = in_double(network())
        optimizer = optim.SGD(model.parameters(), lr=0.1)
        if by_fit:
            mr.fit(
                model, (x, y), epochs=3, batch_size=20, optimizer=optimizer, terms=TERMS[0],
                progress=False, generator=mr.Generator(0),
            )  # fmt: skip
        for _ in range(0 if by_fit else 3):
            with TERMS[0].record(model) as outputs:
                z = model(mr.tensor(x))
            loss = mr.cross_entropy(z, mr.tensor(y)) + TERMS[0](outputs)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        found.append(weights(model))
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("class_weights", [None, [1.0, 5.0, 0.2]])
def test_accumulated_batches_weigh_a_term_by_examples(class_weights):
    found = []
    for batch_size, accumulate in ((7, 4), (28, 1)):
        mr.seed(3)
        model = in_double(network())
        history = mr.fit(
            model, blobs(50), epochs=2, batch_size=batch_size, accumulate=accumulate, terms=TERMS,
            optimizer=optim.SGD(model.parameters(), lr=0.1), class_weights=class_weights,
            generator=mr.Generator(1), progress=False,
        )  # fmt: skip
        found.append([*weights(model), history.loss, history.penalty])
    for a, b in zip(*found):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_the_strength_of_a_term_may_have_a_schedule():
    model, term = in_double(network()), reg.ActivityL1(9.0)
    schedule = mr.callbacks.ValueSchedule(term, "strength", lambda epoch: 0.1 * epoch)
    found = mr.fit(
        model, blobs(), epochs=3, optimizer=still(model), terms=term.on(nn.ReLU),
        callbacks=[schedule], progress=False,
    ).penalty  # fmt: skip
    np.testing.assert_allclose(np.divide(found, found[0]), [1, 2, 3], rtol=1e-10)


@pytest.mark.backends("guarded")
def test_terms_read_nothing_in_a_step():
    reads = []
    for size in (60, 6):
        model = network()
        with counting() as counts:
            mr.fit(
                model, blobs(60), epochs=1, batch_size=size, terms=TERMS, metrics=(),
                progress=False,
            )  # fmt: skip
        reads.append(counts.host_reads)
    assert reads[0] == reads[1]


@pytest.mark.parametrize(
    ("terms", "error", "sentence"),
    [
        (reg.L1(0.1), ArgumentTypeError, r"A penalty on weights is given as penalty="),
        ([0.1], ArgumentTypeError, "must be penalties on outputs"),
        (0.1, ArgumentTypeError, "must be penalties on outputs"),
        (reg.ActivityL1(0.1).on(nn.Tanh), ArgumentError, "selects no module"),
    ],
)
def test_terms_that_cannot_act_are_refused(terms, error, sentence):
    with pytest.raises(error, match=sentence):
        mr.fit(network(), blobs(), epochs=1, terms=terms, progress=False)


def test_a_checkpoint_with_other_terms_is_refused(tmp_path):
    model, options = network(), {"checkpoint": tmp_path / "run", "progress": False}
    mr.fit(model, blobs(), epochs=1, terms=TERMS[0], **options)
    with pytest.raises(ArgumentError, match="terms was"):
        mr.fit(model, blobs(), epochs=2, terms=TERMS[1], resume=True, **options)
