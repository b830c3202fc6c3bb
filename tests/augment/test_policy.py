"""OneOf, Sometimes and TrivialAugment: which transform acts on which image.

That they keep the contracts of all transforms is tested in `test_transforms.py`.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minireg import Batch, Generator, Tensor
from minireg.augment import (
    OPERATIONS,
    CenterCrop,
    Compose,
    CutMix,
    Cutout,
    GaussianNoise,
    ImageTransform,
    MixUp,
    OneOf,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomVerticalFlip,
    Sometimes,
    ToTensor,
    TrivialAugment,
)
from minireg.data import load_mnist5k
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting

DIGITS = load_mnist5k()[0]
N = 40


def streams(seed=0):
    """New streams of one generator: `next(g)`."""
    source = Generator(seed)
    while True:
        yield source.spawn()


def batch_of(backend, count=N):
    """Digits with their numbers as targets, and masks."""
    images = DIGITS.x[:count]
    x, y = backend.asarray(images), backend.asarray(np.arange(count))
    return Batch(x, y, np.arange(count), 2, backend.asarray(images // 64))


def assert_frequencies(chosen, p):
    """Exact binomial tails; each choice fails by chance once in ten million."""
    counts = np.bincount(chosen, minlength=len(p))
    for count, share in zip(counts, p, strict=True):
        tails = (
            stats.binom.cdf(count, len(chosen), share),
            stats.binom.sf(count - 1, len(chosen), share),
        )
        assert min(tails) > 5e-8


class Negative(ImageTransform):
    """Exchanges black and white, and the sign of the target."""

    def change(self, batch, draw):
        return Batch(255 - batch.x, -batch.y, batch.ids, batch.epoch, batch.masks)


# -- what is chosen --------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("weights", [None, (1, 2, 5), (0.0, 0.3, 0.0), (1e-9, 1, 1)])
def test_one_of_chooses_with_its_weights(weights):
    t = OneOf([Compose([])] * 3, weights, generator=Generator(0))
    chosen = t.sample(np.arange(30_000))["chosen"]
    p = np.ones(3) if weights is None else np.array(weights)
    assert_frequencies(chosen, p / p.sum())


@pytest.mark.host
@pytest.mark.parametrize("p", [0, 0.01, 0.3, 1])
def test_sometimes_acts_with_its_probability(p):
    t = Sometimes(RandomHorizontalFlip(), p, generator=Generator(0))
    assert_frequencies(t.sample(np.arange(30_000))["chosen"], (1 - p, p))


@pytest.mark.host
def test_the_choice_is_independent_of_what_is_drawn_inside():
    g = streams()
    t = OneOf([RandomRotation(1, generator=next(g))] * 2, generator=next(g))
    draw = t.sample(np.arange(30_000))
    angles = draw.parts[0]["degrees"][draw["chosen"] == 1]
    assert stats.kstest(angles, stats.uniform(-1, 2).cdf).pvalue > 1e-6


# -- what is done ----------------------------------------------------------------------------------


def some_of_each(g, *others):
    """Transforms on all paths: copied, gathered, erased, noisy; with changed targets."""
    return OneOf(
        [
            RandomRotation(30, fill=7, generator=next(g)),
            RandomCrop(28, 2, generator=next(g)),
            Cutout(9, generator=next(g)),
            Compose([GaussianNoise(generator=next(g)), Negative()]),
            *others,
        ],
        generator=next(g),
    )


def geometric(g):
    return OneOf(
        [
            RandomRotation(30, fill=7, generator=next(g)),
            RandomHorizontalFlip(1, generator=next(g)),
            Compose([RandomRotation(9, fill=7, generator=next(g)), RandomHorizontalFlip(1)]),
            RandomCrop(28, 2, fill=7, generator=next(g)),
        ],
        generator=next(g),
    )


def unlike(g):
    """Moves that one move cannot hold."""
    return OneOf(
        [
            RandomRotation(30, fill=7, generator=next(g)),
            RandomRotation(30, interpolation="nearest", generator=next(g)),
            RandomResizedCrop(28, generator=next(g)),
            RandomRotation(30, fill=9, generator=next(g)),
        ],
        generator=next(g),
    )


def windows(g):
    """Moves with a window, which stays with its image, and others."""
    return OneOf(
        [
            RandomHorizontalFlip(1),
            RandomResizedCrop(28, generator=next(g)),
            RandomResizedCrop(28, (0.1, 0.2), generator=next(g)),
            RandomVerticalFlip(1),
        ],
        generator=next(g),
    )


@pytest.mark.parametrize("make", [some_of_each, geometric, unlike, windows])
def test_an_image_gets_what_its_transform_alone_gives(backend, make):
    t, batch, host = make(streams()), batch_of(backend), backend.to_host
    draw = t.sample(batch.ids, 2, (28, 28))
    assert len(set(draw["chosen"].tolist())) == 4
    together = t.apply(batch, draw)
    for i, k in enumerate(draw["chosen"]):
        here = slice(i, i + 1)
        one = Batch(batch.x[here], batch.y[here], batch.ids[here], 2, batch.masks[here])
        alone = t.transforms[k].apply(one, draw.parts[k][here])
        for name in ("x", "y", "masks"):
            ours, theirs = getattr(together, name)[here], getattr(alone, name)
            np.testing.assert_array_equal(host(ours), host(theirs))
    np.testing.assert_array_equal(together.ids, batch.ids)


def test_targets_of_tensors_and_lists_are_accepted(backend):
    batch, t = batch_of(backend), some_of_each(streams())
    expected = backend.to_host(t(batch).y)
    for y in (list(range(N)), Tensor(batch.y)):
        result = t(Batch(batch.x, y, batch.ids, batch.epoch)).y
        result = result.data if isinstance(result, Tensor) else result
        np.testing.assert_array_equal(backend.to_host(result), expected)


def test_an_empty_batch_stays_empty(backend):
    batch = Batch(backend.asarray(DIGITS.x[:0]), None, np.arange(0))
    assert some_of_each(streams())(batch).x.shape == (0, 1, 28, 28)


def test_rotating_back_sometimes_returns_the_images(backend):
    g = streams()
    there = Sometimes(RandomRotation((20, 20), generator=next(g)), generator=next(g))
    back = RandomRotation((-20, -20), generator=next(g))
    t, batch = Compose([there, back]), batch_of(backend)
    draw = t.sample(batch.ids)
    moved = draw.parts[0]["chosen"] == 1
    same = (backend.to_host(t.apply(batch, draw).x) == DIGITS.x[:N]).all(axis=(1, 2, 3))
    np.testing.assert_array_equal(same, moved)


@pytest.mark.backends("guarded")
def test_choosing_uploads_the_order_once_and_reads_nothing(backend):
    t = OneOf([Negative(), Compose([Negative(), Negative()])], generator=Generator(0))
    batch = batch_of(backend)
    t(batch)
    with counting() as counts:
        t(batch)
    assert (counts.host_reads, counts.uploads) == (0, 1), counts.where()


# -- evaluation ------------------------------------------------------------------------------------


def test_in_evaluation_the_first_acts_as_it_does_there(backend):
    crops = OneOf([RandomCrop(20), RandomCrop(20, 3)], generator=Generator(0))
    images = backend.asarray(DIGITS.x[:N])
    seen, expected = crops.eval()(images), CenterCrop(20)(images)
    np.testing.assert_array_equal(backend.to_host(seen), backend.to_host(expected))
    assert crops.generator.position == 0
    assert Sometimes(Negative()).eval()(images) is images


@pytest.mark.host
def test_the_mode_and_the_streams_reach_everything_inside():
    inner = RandomRotation(5)
    t = Compose([OneOf([Sometimes(inner), RandomHorizontalFlip()])])
    assert not t.eval().transforms[0].transforms[0].transforms[1].training
    assert t.train().transforms[0].transforms[0].transforms[1].training
    assert len({g.stream for g in t.generators()}) == 4


# -- mixing ----------------------------------------------------------------------------------------


def test_mixtures_are_chosen_from_whole_mixed_batches(backend):
    g = streams()
    inside = [MixUp(num_classes=N, generator=next(g)), CutMix(num_classes=N, generator=next(g))]
    t, host = OneOf(inside, generator=next(g)), backend.to_host
    whole = batch_of(backend)
    batch = Batch(whole.x, whole.y, whole.ids, 2)
    draw = t.sample(batch.ids, 2, (28, 28))
    mixed = t.apply(batch, draw)
    both = [part.apply(batch, own) for part, own in zip(inside, draw.parts)]
    for i, k in enumerate(draw["chosen"]):
        np.testing.assert_array_equal(host(mixed.x)[i], host(both[k].x)[i])
        np.testing.assert_array_equal(host(mixed.y)[i], host(both[k].y)[i])
    assert set(draw["chosen"].tolist()) == {0, 1}


@pytest.mark.host
@pytest.mark.parametrize(
    "make",
    [
        lambda: OneOf([MixUp(), RandomRotation(5)]),
        lambda: OneOf([RandomRotation(5), Compose([RandomRotation(5), CutMix()])]),
        lambda: Sometimes(MixUp()),
    ],
)
def test_mixing_is_not_chosen_for_single_images(make):
    with pytest.raises(ArgumentError, match="Give it a p of its own"):
        make()


# -- operations ------------------------------------------------------------------------------------

STRONG = [name for name, operation in OPERATIONS.items() if operation.low < operation.high]
IDENTITY = {"scale": 1.0, "brightness": 1.0, "contrast": 1.0, "saturation": 1.0}


@pytest.mark.host
def test_trivial_augment_chooses_one_operation_uniformly():
    t = TrivialAugment(generator=Generator(0))
    chosen = t.sample(np.arange(30_000), size=(28, 28))["chosen"]
    assert_frequencies(chosen, np.full(len(STRONG) + 1, 1 / (len(STRONG) + 1)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_strengths_reach_from_end_to_end(backend, name):
    operation, images = OPERATIONS[name], backend.asarray(DIGITS.x[:1])
    strengths = operation.strengths(5)
    assert (strengths[0], strengths[-1]) == (operation.low, operation.high)
    several = images[backend.asarray(np.zeros(len(strengths), dtype=np.int64))]
    seen = backend.to_host(operation.transform.apply(several, operation.draw(strengths, (28, 28))))
    # 30 degrees, not −30: each strength gives another picture, but grey ones have no saturation
    distinct = len(np.unique(seen.reshape(len(seen), -1), axis=0))
    assert distinct == (1 if name == "saturation" else len(strengths))


@pytest.mark.host
@pytest.mark.parametrize("name", [name for name in STRONG if name != "blur"])
def test_the_strength_that_does_nothing_changes_nothing(name):
    operation, images = OPERATIONS[name], DIGITS.x[:3]
    draw = operation.draw(np.full(3, IDENTITY.get(name, 0.0)), (28, 28))
    np.testing.assert_array_equal(operation.transform.apply(images, draw), images)


@pytest.mark.host
@pytest.mark.parametrize("name", [name for name in STRONG if name != "erase"])
def test_random_strengths_fill_the_stated_range(name):
    operation = OPERATIONS[name]
    draw = operation.build(Generator(0)).sample(np.arange(10_000), size=(28, 28))
    (parameter,) = operation.parameters(np.zeros(1), (28, 28))
    drawn, span = draw[parameter], operation.high - operation.low
    # Outside the inner 99 % in 10,000 draws: missed with probability below 1e-10.
    assert operation.low <= drawn.min() < operation.low + 0.005 * span
    assert operation.high - 0.005 * span < drawn.max() <= operation.high


@pytest.mark.host
def test_strengths_are_spaced_as_they_are_drawn():
    for name in set(STRONG) - {"erase"}:
        operation = OPERATIONS[name]
        (parameter,) = operation.parameters(np.zeros(1), (28, 28))
        drawn = operation.build(Generator(0)).sample(np.arange(10_000), size=(28, 28))[parameter]
        below = np.mean(drawn < operation.strengths(3)[1])
        assert abs(below - 0.5) < 0.03, name  # six standard deviations


@pytest.mark.host
@given(share=st.floats(0, 0.3), height=st.integers(1, 40), width=st.integers(1, 40))
def test_the_erased_area_is_the_strength_of_erase(share, height, width):
    operation, images = OPERATIONS["erase"], np.full((1, 1, height, width), 9, dtype=np.uint8)
    erased = operation.transform.apply(images, operation.draw([share], (height, width))) == 0
    sides = np.sqrt(share) * height, np.sqrt(share) * width
    assert erased.sum() == np.rint(sides[0]) * np.rint(sides[1])


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize(
    ("make", "argument", "words"),
    [
        (lambda: OneOf(Negative()), "transforms", "takes a list of transforms"),
        (lambda: OneOf([]), "transforms", "takes a list of transforms"),
        (lambda: OneOf([abs]), "transforms", r"become one by Compose: Compose\(\[a, b\]\)"),
        (lambda: Sometimes(abs), "transforms", "Sometimes takes transforms of images"),
        (lambda: Sometimes(Negative(), 1.5), "p", r"in \[0, 1\]"),
        (lambda: OneOf([Negative()], 3), "p", "a weight for each of the 1 transforms"),
        (lambda: OneOf([Negative()], (1, 2)), "p", "a weight for each of the 1 transforms"),
        (lambda: OneOf([Negative()], (-1,)), "p", "at least 0"),
        (lambda: OneOf([Negative()], (0,)), "p", "a weight above 0"),
        (lambda: TrivialAugment(3), "operations", "must be names"),
        (lambda: TrivialAugment(["turn"]), "operations", "got 'turn'"),
    ],
)
def test_bad_arguments_get_one_sentence(make, argument, words):
    with pytest.raises((ArgumentError, ArgumentTypeError), match=words) as caught:
        make()
    assert caught.value.argument == argument


@pytest.mark.host
@pytest.mark.parametrize(
    ("t", "words"),
    [
        (OneOf([RandomCrop(20), RandomCrop(21)]), r"images of one size, .* become \(20, 20\), "),
        (Sometimes(CenterCrop(20)), r"become \(28, 28\), \(20, 20\)"),
        (
            OneOf([Negative(), ToTensor()]),
            r"one shape and dtype, got float32 \(1, 28, 28\) and uint8 \(",
        ),
    ],
)
def test_results_that_do_not_fit_together_are_refused(t, words):
    with pytest.raises(ArgumentError, match=words) as caught:
        t(Batch(DIGITS.x[:N], np.arange(N), np.arange(N)))
    assert caught.value.argument == "transforms"
