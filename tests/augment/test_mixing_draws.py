"""What MixUp and CutMix draw: who is mixed with whom, and how much."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minireg import Batch
from minireg.augment import CutMix, MixUp
from tests.augment.test_mixing import BOTH, IDS, make, plain_images

RARE = 1e-6  # the false-alarm rate of each test of a distribution


# -- who with whom ---------------------------------------------------------------------------------


@BOTH
@given(ids=IDS, seed=st.integers(0, 99))
def test_a_batch_and_its_reversal_agree(backend, kind, ids, seed):
    t = make(kind, seed, num_classes=12)
    values, labels = np.random.default_rng(seed).random(len(ids)), np.arange(len(ids))

    def mixed(order):
        images, y = plain_images(backend, values[order]), backend.asarray(labels[order])
        return t(Batch(images, y, np.array(ids)[order], epoch=5))

    order = np.random.default_rng(seed).permutation(len(ids))
    one, other = mixed(labels), mixed(order)
    for a, b in ((one.x, other.x), (one.y, other.y)):
        np.testing.assert_array_equal(backend.to_host(a)[order], backend.to_host(b))


@pytest.mark.host
@given(ids=IDS)
def test_the_partners_form_one_cycle(ids):
    partner, at, visited = make(MixUp).sample(ids)["partner"], 0, []
    for _ in ids:
        visited.append(at)
        at = partner[at]
    assert sorted(visited) == list(range(len(ids)))


@pytest.mark.host
def test_every_other_image_is_equally_often_the_partner():
    t = make(MixUp)
    partners = [t.sample(range(6), epoch)["partner"][2] for epoch in range(6000)]
    counts = np.bincount(partners, minlength=6)
    assert counts[2] == 0
    assert stats.chisquare(np.delete(counts, 2)).pvalue > RARE


@pytest.mark.host
def test_copies_of_an_image_follow_each_other():
    once, twice = (make(MixUp).sample(ids)["partner"] for ids in ([4, 7, 9], [4, 7, 9, 7]))
    assert twice[1] == 3  # the second copy comes after the first,
    assert twice[3] == once[1]  # and before the partner of the only one
    assert twice[np.flatnonzero(once == 1)] == 1
    many = make(MixUp).sample([4, 7, 9] * 100)["partner"]
    np.testing.assert_array_equal(many[:-3], np.arange(3, 300))


@BOTH
def test_a_batch_of_one_stays_as_it_is(backend, kind):
    image, y = backend.asarray(np.random.default_rng(0).random((1, 1, 4, 4))), backend.asarray([2])
    mixed = make(kind, num_classes=3)(Batch(image, y, [5]))
    np.testing.assert_allclose(backend.to_host(mixed.x), backend.to_host(image), rtol=1e-15)
    np.testing.assert_allclose(backend.to_host(mixed.y), [[0, 0, 1]], rtol=1e-6)


@BOTH
def test_images_without_ids_are_mixed_anew(backend, kind):
    images, t = plain_images(backend, range(8)), make(kind)
    first, second = backend.to_host(t(images)), backend.to_host(t(images))
    assert (first != second).any()
    np.testing.assert_array_equal(backend.to_host(make(kind)(images)), first)


# -- how much --------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("alpha", [0.05, 0.2, 0.5, 1.0, 2.5, 20.0])
def test_lam_is_distributed_as_beta(alpha):
    n = 200_000
    lam = make(MixUp, alpha=alpha).sample(n)["lam"]
    truth = stats.beta(alpha, alpha)
    x = truth.ppf(np.linspace(0.002, 0.5, 200))
    # Dvoretzky, Kiefer, Wolfowitz (1956) and Massart (1990): P(sup |Fₙ − F| > ε) ≤ 2 exp(−2nε²).
    tolerance = np.sqrt(np.log(4 / RARE) / (2 * n))
    for shares, places in ((lam, x), (1 - lam, x[x > 1e-9])):  # float64 has fewer numbers near 1
        empirical = np.searchsorted(np.sort(shares), places, side="right") / n
        assert np.abs(empirical - truth.cdf(places)).max() < tolerance


@pytest.mark.host
def test_lam_does_not_depend_on_the_batch():
    for t in (make(MixUp), make(CutMix)):
        together = t.sample(range(50), epoch=3, size=(28, 28))["lam"]
        np.testing.assert_array_equal(t.sample([31, 7], 3, (28, 28))["lam"], together[[31, 7]])
        assert len(np.unique(together)) > 25


@pytest.mark.host
def test_cutmix_boxes_have_their_centre_anywhere():
    # A point is covered if the centre, in each direction, is at most half a side away.  For the
    # middle of the image this has probability E[1 − λ] = 1/2, for a corner E[1 − λ]/4 = 1/8.
    n = 20_000
    box = make(CutMix).sample(n, size=(1001, 1001))["box"]
    for point, probability in (([500, 500], 1 / 2), ([0, 0], 1 / 8), ([0, 1000], 1 / 8)):
        place = np.array(point)
        covered = ((box[:, :, 0] <= place) & (place < box[:, :, 1])).all(axis=1).sum()
        assert stats.binomtest(int(covered), n, probability).pvalue > RARE


@pytest.mark.host
def test_cutmix_boxes_are_rounded_without_a_shift():
    box = make(CutMix).sample(20_000, size=(3, 4))["box"][:, 1]
    pasted = box[:, 0] < box[:, 1]
    first, last = box[pasted, 0] == 0, box[pasted, 1] == 4
    only_one = first ^ last  # if it touches one border alone, each with probability 1/2
    assert stats.binomtest(int(first[only_one].sum()), int(only_one.sum())).pvalue > RARE


@pytest.mark.host
def test_p_is_the_share_of_mixed_images():
    lam = make(MixUp, p=0.3).sample(10_000)["lam"]
    mixed = lam[lam < 1]
    assert stats.binomtest(len(mixed), 10_000, 0.3).pvalue > RARE
    assert stats.kstest(mixed, "uniform").pvalue > RARE  # Beta(1, 1), as without p
