"""The text form of a pipeline: what is read, what is written, and what is refused."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import minireg as mr
from minireg import augment
from minireg.augment import parse
from minireg.augment.names import NAMES
from minireg.errors import ArgumentError, ArgumentTypeError

pytestmark = pytest.mark.host

# -- pipelines of any kind -------------------------------------------------------------------------

SHARES = st.floats(0, 1)
LENGTHS = st.integers(1, 40)
SIZES = LENGTHS | st.tuples(LENGTHS, LENGTHS)
DEGREES = st.floats(-80, 80)


def intervals(ends):
    return st.tuples(ends, ends).map(sorted).map(tuple)


POSITIVE = intervals(st.floats(1e-6, 1e6))
FACTORS = SHARES | POSITIVE
FILLS = SHARES | st.tuples(SHARES) | st.tuples(SHARES, SHARES, SHARES)
MODES = st.sampled_from(["constant", "edge", "reflect", "symmetric"])
MOVED = {"interpolation": st.sampled_from(["bilinear", "nearest"]), "fill": FILLS,
         "padding_mode": MODES}  # fmt: skip
PADDING = st.integers(0, 9)
PADDINGS = PADDING | st.tuples(PADDING, PADDING) | st.tuples(*[PADDING] * 4)
ERASED = {"value": SHARES | st.tuples(SHARES, SHARES) | st.just("random")}
TRANSLATE = SHARES | st.tuples(SHARES, SHARES)
BOTH = st.tuples(intervals(DEGREES), intervals(DEGREES)).map(lambda pair: pair[0] + pair[1])
SHEAR = st.floats(0, 80) | intervals(DEGREES) | BOTH
HUE = intervals(st.floats(-0.5, 0.5))
MIXED = {"alpha": st.floats(0.01, 10), "num_classes": st.none() | LENGTHS, "p": SHARES}

# For each name: arguments that are needed, and others.
ARGUMENTS = {
    "flip": ({}, {"p": SHARES}),
    "vflip": ({}, {"p": SHARES}),
    "turn": ({}, {"turns": st.lists(st.integers(0, 5), min_size=1, max_size=4).map(tuple)}),
    "rotate": ({"degrees": st.floats(0, 360) | intervals(DEGREES)}, MOVED),
    "translate": ({"translate": TRANSLATE}, MOVED),
    "scale": ({"scale": POSITIVE}, MOVED),
    "shear": ({"shear": SHEAR}, MOVED),
    "affine": (
        {"degrees": st.none() | intervals(DEGREES)},
        MOVED | {"translate": TRANSLATE, "scale": POSITIVE, "shear": SHEAR},
    ),
    "crop": (
        {"size": SIZES},
        {"padding": PADDINGS, "fill": FILLS, "padding_mode": MODES, "pad_if_needed": st.booleans()},
    ),
    "centercrop": ({"size": SIZES}, {"fill": FILLS}),
    "resizedcrop": ({"size": SIZES}, {"scale": intervals(st.floats(0.01, 1)), "ratio": POSITIVE}),
    "resize": ({"size": SIZES}, {"antialias": st.booleans()}),
    "pad": ({"padding": PADDINGS}, {"fill": FILLS, "padding_mode": MODES}),
    "elastic": ({}, MOVED | {"alpha": SHARES | POSITIVE, "sigma": st.floats(0.1, 9)}),
    "erase": ({}, ERASED | {"p": SHARES, "scale": intervals(SHARES), "ratio": POSITIVE}),
    "cutout": ({"size": LENGTHS}, ERASED | {"p": SHARES}),
    "brightness": ({"brightness": FACTORS}, {}),
    "contrast": ({"contrast": FACTORS}, {}),
    "saturation": ({"saturation": FACTORS}, {}),
    "jitter": ({}, {"brightness": FACTORS, "contrast": FACTORS, "hue": HUE}),
    "noise": ({}, {"mean": DEGREES, "sigma": FACTORS, "clip": st.booleans()}),
    "blur": ({"kernel_size": st.sampled_from([1, 3, 9])}, {"sigma": POSITIVE}),
    "normalize": (
        {"mean": SHARES, "std": st.floats(0.1, 1) | st.tuples(*[st.floats(0.1, 1)] * 3)}, {},
    ),
    "totensor": ({}, {}),
    "mixup": ({}, MIXED),
    "cutmix": ({}, MIXED),
    "trivial": ({}, {"operations": st.just(("rotate",)) | st.just(("blur", "erase"))}),
}  # fmt: skip


@st.composite
def transforms(draw, names=tuple(ARGUMENTS)):
    name = draw(st.sampled_from(names))
    needed, others = ARGUMENTS[name]
    return NAMES[name](**draw(st.fixed_dictionaries(needed, optional=others)))


def groups(inside):
    """Pipelines, and choices from them."""
    pipelines = st.lists(inside, min_size=1, max_size=3).map(augment.Compose)
    one = inside | pipelines
    weights = st.tuples(st.floats(0.1, 9), st.floats(0, 1))
    return (
        pipelines
        | st.builds(augment.Sometimes, one, SHARES)
        | st.builds(augment.OneOf, st.lists(one, min_size=1, max_size=3))
        | st.builds(augment.OneOf, st.lists(one, min_size=2, max_size=2), weights)
    )


SINGLE = [name for name in ARGUMENTS if name not in ("mixup", "cutmix")]
PIPELINES = st.lists(
    transforms() | st.recursive(transforms(SINGLE), groups, max_leaves=6), min_size=1, max_size=4
)


def test_the_arguments_of_every_name_are_tested():
    assert ARGUMENTS.keys() | {"oneof", "sometimes"} == NAMES.keys()


@given(PIPELINES)
@example([augment.ColorJitter(hue=(-0.0, 0.0))])
def test_a_pipeline_is_read_back_from_its_text(steps):
    pipeline = augment.Compose(steps)
    again = parse(str(pipeline))
    assert repr(again) == repr(pipeline)
    assert str(again) == str(pipeline)


@pytest.mark.parametrize("name", ARGUMENTS)
@given(data=st.data())
def test_every_transform_is_read_back_exactly(name, data):
    t = data.draw(transforms([name]))
    (again,) = parse(str(t)).transforms
    assert type(again) is type(t)
    assert again.arguments() == t.arguments()


# -- single texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written", "steps"),
    [
        ("flip", "flip", [augment.RandomHorizontalFlip()]),
        (" flip ,rotate : 10 ", "flip, rotate:10", [augment.RandomHorizontalFlip(),
                                                   augment.RandomRotation(10)]),
        ("rotate:-5..20", "rotate:-5..20", [augment.RandomRotation((-5, 20))]),
        ("rotate:-20..-5", "rotate:-20..-5", [augment.RandomRotation((-20, -5))]),
        ("rotate:-1e1..+.5", "rotate:-10..0.5", [augment.RandomRotation((-10, 0.5))]),
        ("rotate:degrees=3", "rotate:3", [augment.RandomRotation(3)]),
        ("crop:28x28:2", "crop:28:2", [augment.RandomCrop(28, 2)]),
        ("crop:28x24:padding_mode=edge", "crop:28x24:padding_mode=edge",
         [augment.RandomCrop((28, 24), padding_mode="edge")]),
        ("affine:none:scale=0.8..1.2", "affine:none:scale=0.8..1.2",
         [augment.RandomAffine(None, scale=(0.8, 1.2))]),
        ("affine:5:0.1/0.2", "affine:5:0.1/0.2", [augment.RandomAffine(5, (0.1, 0.2))]),
        ("jitter:0.5:saturation=1..1:hue=-0.1..0.1", "jitter:0.5:hue=0.1",
         [augment.ColorJitter(0.5, hue=0.1)]),
        ("noise:0:0.1..0.1, blur:3:2..2, translate:0.1/0.1", "noise, blur:3:2, translate:0.1",
         [augment.GaussianNoise(), augment.GaussianBlur(3, 2), augment.RandomTranslation(0.1)]),
        ("brightness:0.5..3", "brightness:0.5..3", [augment.RandomBrightness((0.5, 3))]),
        ("resize:8x8", "resize:8x8", [augment.Resize((8, 8))]),
        ("resize:8:antialias=false", "resize:8:antialias=false",
         [augment.Resize(8, antialias=False)]),
        ("pad:1:fill=0.5/", "pad:1:fill=0.5/", [augment.Pad(1, fill=(0.5,))]),
        ("turn:0/2", "turn:0/2", [augment.RandomQuarterTurn((0, 2))]),
        ("trivial:rotate/blur", "trivial:rotate/blur",
         [augment.TrivialAugment(["rotate", "blur"])]),
        ("sometimes:0.3(flip, pad:1)", "sometimes:0.3(flip, pad:1)",
         [augment.Sometimes(augment.Compose([augment.RandomHorizontalFlip(), augment.Pad(1)]),
                            0.3)]),
        ("oneof(flip|pad:0)", "oneof(flip | pad:0)",
         [augment.OneOf([augment.RandomHorizontalFlip(), augment.Pad(0)])]),
        ("oneof:1/3(flip|(pad:0))", "oneof:1/3(flip | (pad:0))",
         [augment.OneOf([augment.RandomHorizontalFlip(), augment.Compose([augment.Pad(0)])],
                        (1, 3))]),
        ("(flip)", "(flip)", [augment.Compose([augment.RandomHorizontalFlip()])]),
        ("oneof(flip)", "oneof(flip)", [augment.OneOf([augment.RandomHorizontalFlip()])]),
        ("oneof((flip, pad:0))", "oneof((flip, pad:0))",
         [augment.OneOf([augment.Compose([augment.RandomHorizontalFlip(), augment.Pad(0)])])]),
        ("trivial:rotate", "trivial:rotate/", [augment.TrivialAugment(["rotate"])]),
    ],
)  # fmt: skip
def test_a_text_and_its_pipeline(text, written, steps):
    pipeline = parse(text)
    assert repr(pipeline) == repr(augment.Compose(steps))
    assert str(pipeline) == written


def test_what_has_no_name_is_written_as_its_repr():
    class Own(augment.ImageTransform):
        pass

    assert str(augment.Compose([augment.RandomHorizontalFlip(), Own()])) == "flip, Own()"


# -- streams ---------------------------------------------------------------------------------------

TEXT = "flip, sometimes(rotate:10), oneof(noise | blur:3), trivial:rotate/blur"


def test_the_streams_follow_from_the_generator_alone():
    first, again, other = (parse(TEXT, generator=mr.Generator(seed)) for seed in (3, 3, 4))
    images = np.random.default_rng(0).integers(0, 256, (40, 1, 9, 9)).astype(np.uint8)
    batch = mr.Batch(images, ids=np.arange(40))
    np.testing.assert_array_equal(first(batch).x, again(batch).x)
    assert (first(batch).x != other(batch).x).any()
    assert len({g.stream for g in first.generators()}) == len(first.generators()) == 9


def test_without_a_generator_the_seed_decides():
    mr.seed(5)
    first = parse(TEXT).sample(range(9), size=(9, 9))
    mr.seed(5)
    assert repr(parse(TEXT).sample(range(9), size=(9, 9))) == repr(first)


def test_labels_are_mixed_with_the_classes_of_the_data():
    mixtures = parse("mixup, oneof(cutmix:2 | mixup:num_classes=7)", num_classes=5).transforms
    assert mixtures[0].num_classes == mixtures[1].transforms[0].num_classes == 5
    assert mixtures[1].transforms[1].num_classes == 7


# -- bad texts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'' is not a pipeline: at the beginning the name of a transform was expected, got the "
             "end. Write it like 'flip, rotate:10'."),
        (" ", "got the end"),
        ("flip,", "after ',' the name of a transform was expected, got the end"),
        (",flip", "the name of a transform was expected, got ','"),
        ("flip rotate:10", "after 'flip' ',' or ':' was expected, got 'rotate'"),
        ("(flip", "after 'flip' ')' was expected, got the end"),
        ("flip)", "got ')'"),
        ("flip(rotate:3)", "after 'flip' ',' or ':' was expected, got '('"),
        ("rotate(10", "rotate: arguments stand after colons: write rotate:10."),
        ("crop(28, padding=2), flip", "crop: arguments stand after colons: write "
                                      "crop:28:padding=2."),
        ("crop:28(2)", "after '28' ',' or ':' was expected, got '('"),
        ("flip()", "after 'flip' ',' or ':' was expected, got '('"),
        ("()", "got ')'"),
        ("sometimes", "after 'sometimes' '(' was expected, got the end"),
        ("sometimes(flip | rotate:3)", "after 'flip' ')' was expected, got '|'"),
        ("oneof(flip |)", "after '|' the name of a transform was expected"),
        ("rotate:", "after ':' a value was expected, got the end"),
        ("rotate:10:fill=", "after '=' a value was expected, got the end"),
        ("pad:1:fill=0:fill=1", "after '=' another argument than 'fill', which came before, was"),
        ("(" * 10_000, "nested too deeply"),
        ("rotte:10", "There is no transform 'rotte'. Did you mean 'rotate'? Known names: affine, "
                     "blur, brightness, "),
        ("FLIP", "Did you mean 'flip'?"),
        ("RandomRotation(10)", "Did you mean 'rotate'?"),
        ("randomcrop:28", "Did you mean 'crop'?"),
        ("RandomApply(flip)", "Did you mean 'sometimes'?"),
        ("RandomResizeCrop:28", "Did you mean 'resizedcrop'?"),
        ("zzz", "There is no transform 'zzz'. Known names: affine, "),
        ("rotate", "rotate: missing a required argument: 'degrees'. It is written "
                   "rotate:DEGREES:interpolation=bilinear:fill=0:padding_mode=constant."),
        ("flip:0.5:3", "flip: too many positional arguments. It is written flip:p=0.5."),
        ("flip:q=3", "flip: got an unexpected keyword argument 'q'"),
        ("flip:generator=3", "flip: got an unexpected keyword argument 'generator'"),
        ("flip:0.5:p=1", "flip: multiple values for argument 'p'"),
        ("flip:1.5", "flip: p must be in [0, 1], got 1.5."),
        ("rotate:a", "rotate: degrees must be a number, got 'a'."),
        ("rotate:nan", "rotate: degrees must be a number, got 'nan'."),
        ("rotate:5..-5", "rotate: degrees=(a, b) needs a ≤ b, got "),
        ("rotate:1e999", "rotate: degrees must be finite, got inf."),
        ("crop:0", "crop: size must be at least 1, got 0."),
        ("crop:28x", "crop: size must be a whole number, got '28x'."),
        ("crop:" + "9" * 5000, "crop: "),
        ("scale:-1..2", "scale: scale "),
        ("scale:0.5", "scale: scale must be (a, b), got 0.5. In a text, an interval is written "
                      "0.8..1.2, a size 28x24, any other tuple 1/2/3 or 1/."),
        ("turn:2", "turns must be whole numbers such as (0, 2), got 2. In a text, "),
        ("oneof(flip, pad:1)", "oneof chooses one of several: write | between them, as in "
                               "oneof(a | b, c)."),
        ("trivial:rotate/rotte", "trivial: operations must be "),
        ("sometimes:2(flip)", "sometimes: p must be in [0, 1], got 2.0."),
        ("sometimes(mixup)", "sometimes: Sometimes cannot choose between transforms that mix"),
        ("oneof:1(flip | pad:1)", "oneof: p must be a weight for each of the 2 transforms, got 1."),
    ],
)  # fmt: skip
def test_a_bad_text_gets_one_sentence(text, words):
    with pytest.raises(ArgumentError, match=re.escape(words)) as caught:
        parse(text)
    assert caught.value.argument == "text"


@pytest.mark.parametrize("given_", [None, 3, ["flip"], augment.RandomHorizontalFlip()])
def test_only_texts_are_parsed(given_):
    with pytest.raises(ArgumentTypeError, match="is a text such as 'flip, rotate:10'"):
        parse(given_)


@given(st.text(alphabet="fliprotae(),|:=.x/-0123456789 ", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        pipeline = parse(text)
    except ArgumentError:
        return
    assert repr(parse(str(pipeline))) == repr(pipeline)
