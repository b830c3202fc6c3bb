"""The experiment is fair: paired, chosen without the test digits, the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from minireg import data
from minireg.demo import FULL, QUICK, Recipe, experiment, results
from minireg.demo.experiment import Streams, Watcher

TINY = replace(
    QUICK, train_size=60, validation_size=40, hidden=16, epochs=2, seeds=3, tuning_seeds=2
)


@pytest.fixture(scope="module")
def digits():
    return data.load_mnist5k()


@pytest.fixture(autouse=True)
def as_the_demo_does():
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture
def outcome(digits):
    return experiment.run_experiment(TINY, *digits, seed=7)


def test_the_same_seed_gives_the_same_numbers(digits, outcome):
    again = experiment.run_experiment(TINY, *digits, seed=7)
    first, second = (
        results.as_results(o, seed=7, quick=True, backend="numpy") for o in (outcome, again)
    )
    assert first == second
    other = experiment.run_experiment(TINY, *digits, seed=8)
    assert [run.test_accuracy for run in other.runs["none"]] != [
        run.test_accuracy for run in outcome.runs["none"]
    ]


@pytest.mark.host
def test_repetitions_differ_and_methods_share_them(outcome):
    assert [one.seed for one in outcome.digits] == [7000, 7001, 7002]
    for own in outcome.runs.values():
        assert [run.seed for run in own] == [7000, 7001, 7002]
    assert list(outcome.runs) == TINY.methods == list(outcome.chosen)


@pytest.mark.host
def test_validation_digits_are_others_and_equally_noisy(digits):
    pool, _ = digits
    drawn = experiment.draw_digits(pool, TINY, seed=5)
    seen = {x.tobytes() for x in drawn.train.x}
    assert not seen & {x.tobytes() for x in drawn.validation.x}
    assert drawn.train.noisy.sum() == round(0.3 * 60)
    assert drawn.validation.noisy.sum() == round(0.3 * 40)
    np.testing.assert_array_equal(drawn.train.y != drawn.true_labels, drawn.train.noisy)


@pytest.mark.host
def test_all_recipes_start_from_the_same_weights():
    def weights(dropout, seed):
        model = experiment.build_network(16, dropout, Streams(seed))
        return [p.numpy() for p in model.parameters()]

    for plain, dropped, other in zip(
        weights(0.0, 3), weights(0.5, 3), weights(0.0, 4), strict=True
    ):
        np.testing.assert_array_equal(plain, dropped)
        assert (plain != other).all()


@pytest.mark.host
def test_test_digits_are_read_once_and_at_the_end(digits, monkeypatch):
    pool, test = digits
    read = []
    evaluate = experiment.evaluate

    def watched(model, dataset):
        read.append(dataset is test)
        return evaluate(model, dataset)

    monkeypatch.setattr(experiment, "evaluate", watched)
    outcome = experiment.run_experiment(TINY, pool, test, seed=0)
    networks = sum(map(len, outcome.runs.values()))
    assert sum(read) == networks == 21
    assert all(read[-networks:])


@pytest.mark.host
def test_the_best_validation_accuracy_decides_the_strength(outcome):
    assert set(outcome.trials) == {"L1", "L2", "dropout"}
    for method, trials in outcome.trials.items():
        means = [np.mean([run.validation_accuracy for run in runs]) for runs in trials]
        best = int(np.argmax(means))  # the first, and so the weakest, of equals
        assert outcome.chosen[method] == trials[best][0].recipe


@pytest.mark.host
def test_grids_go_from_weak_to_strong():
    for settings in (FULL, QUICK):
        for grid in settings.grids.values():
            strengths = [(r.l1, r.l2, r.dropout, r.rotation, r.shift) for r in grid]
            assert strengths == sorted(strengths)
        assert list(settings.all_factors) == sorted(settings.all_factors)


@pytest.mark.host
def test_each_recipe_applies_its_methods(outcome):
    first = {method: own[0] for method, own in outcome.runs.items()}
    assert first["none"].recipe == Recipe()
    zeros = {m: np.mean(next(iter(r.model.parameters())).numpy() == 0) for m, r in first.items()}
    assert zeros["L1"] > 0  # exact zeros, from the proximal step
    assert zeros["none"] == zeros["L2"] == zeros["dropout"] == 0
    size = {m: np.abs(next(iter(r.model.parameters())).numpy()).sum() for m, r in first.items()}
    assert size["L2"] < size["none"]
    assert any(type(layer).__name__ == "Dropout" for layer in first["dropout"].model)
    assert not any(type(layer).__name__ == "Dropout" for layer in first["L2"].model)
    combined = outcome.chosen["all"]
    assert 0 < combined.l1 <= outcome.chosen["L1"].l1
    assert 0 < combined.l2 <= outcome.chosen["L2"].l2
    assert 0 < combined.dropout <= outcome.chosen["dropout"].dropout
    assert combined.rotation == outcome.chosen["augmentation"].rotation


@pytest.mark.host
def test_as_many_epochs_are_trained_as_announced(digits):
    class Counter(Watcher):
        announced = done = networks = 0

        def begin(self, settings):
            self.announced = settings.count_epochs()

        def epoch(self, history):
            self.done += 1

        def finish(self, run):
            self.done += TINY.epochs - len(run.history)
            self.networks += 1

    counter = Counter()
    experiment.run_experiment(TINY, *digits, seed=0, watcher=counter)
    assert counter.done == counter.announced == TINY.epochs * counter.networks


@pytest.mark.host
def test_an_interrupt_ends_the_experiment(digits):
    class Impatient(Watcher):
        def epoch(self, history):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        experiment.run_experiment(TINY, *digits, seed=0, watcher=Impatient())


@pytest.mark.host
@pytest.mark.parametrize(
    ("gain", "error", "effect", "words"),
    [
        (0.031, 0.01, "helped", "Dropout helped: +3.1 ± 1.0 points of test accuracy."),
        (-0.031, 0.01, "hurt", "Dropout hurt: −3.1 ± 1.0 points of test accuracy."),
        (
            0.015,
            0.01,
            "no clear effect",
            "Dropout had no clear effect: +1.5 ± 1.0 points of test accuracy.",
        ),
    ],
)
def test_sentences_say_what_happened(gain, error, effect, words):
    assert results.judge_effect(gain, error) == effect
    entry = {"gain": {"mean": gain, "standard_error": error}, "effect": effect}
    assert results.write_sentence("dropout", entry) == words


@pytest.mark.host
def test_the_headline_claims_a_winner_only_if_there_is_one():
    def entry(test, effect=None):
        found = {
            name: {"mean": test, "standard_error": 0.01}
            for name in ("train_accuracy", "test_accuracy")
        }
        return found | ({"effect": effect} if effect else {})

    nothing = {"none": entry(0.7), "L1": entry(0.71, "no clear effect"), "all": entry(0.6, "hurt")}
    assert results.write_headline(nothing, 0.3).endswith("No method helped clearly.")
    something = {"none": entry(0.7), "all": entry(0.9, "helped")}
    assert results.write_headline(something, 0.3).endswith("All methods together help most: 90 %.")


@pytest.mark.host
def test_chance_passes_two_standard_errors_one_time_in_nine():
    stats = pytest.importorskip("scipy.stats")
    seeds = FULL.seeds
    assert seeds == QUICK.seeds == 5
    assert 1 / (2 * stats.t.sf(2, df=seeds - 1)) == pytest.approx(9, abs=0.5)
