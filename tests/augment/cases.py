"""Every transform, for the contracts that hold for all of them."""

from minireg import Generator, augment


def chain(generator):
    return augment.Compose(
        [
            augment.RandomHorizontalFlip(generator=generator.spawn()),
            augment.RandomRotation(20, generator=generator.spawn()),
            augment.RandomCrop(20, padding=3, generator=generator.spawn()),
        ]
    )


# Random transforms by name: how to make one that draws from a generator.
RANDOM = {
    "flip": lambda g: augment.RandomHorizontalFlip(generator=g),
    "vertical flip": lambda g: augment.RandomVerticalFlip(generator=g),
    "quarter turn": lambda g: augment.RandomQuarterTurn(generator=g),
    "rotation": lambda g: augment.RandomRotation(20, generator=g),
    "translation": lambda g: augment.RandomTranslation((0.2, 0.1), generator=g),
    "scale": lambda g: augment.RandomScale((0.7, 1.4), generator=g),
    "shear": lambda g: augment.RandomShear((-10, 10, -10, 10), generator=g),
    "affine": lambda g: augment.RandomAffine(20, (0.1, 0.1), (0.8, 1.2), 10, generator=g),
    "crop": lambda g: augment.RandomCrop(20, padding=3, generator=g),
    "crop of the same size": lambda g: augment.RandomCrop(28, padding=3, generator=g),
    "resized crop": lambda g: augment.RandomResizedCrop((20, 24), generator=g),
    "brightness": lambda g: augment.RandomBrightness(0.5, generator=g),
    "contrast": lambda g: augment.RandomContrast(0.5, generator=g),
    "jitter": lambda g: augment.ColorJitter(0.5, 0.5, 0.5, generator=g),
    "noise": lambda g: augment.GaussianNoise(generator=g),
    "blur": lambda g: augment.GaussianBlur(3, generator=g),
    "erasing": lambda g: augment.RandomErasing(generator=g),
    "erasing by noise": lambda g: augment.RandomErasing(value="random", generator=g),
    "cutout": lambda g: augment.Cutout(9, generator=g),
    "elastic": lambda g: augment.ElasticTransform(34, 4, generator=g),
    "mixup": lambda g: augment.MixUp(num_classes=10, generator=g),
    "cutmix": lambda g: augment.CutMix(num_classes=10, generator=g),
    "one of": lambda g: augment.OneOf(
        [augment.RandomRotation(20, generator=g.spawn()), augment.Cutout(9, generator=g.spawn())],
        generator=g.spawn(),
    ),
    "one of two mixtures": lambda g: augment.OneOf(
        [
            augment.MixUp(num_classes=10, generator=g.spawn()),
            augment.CutMix(num_classes=10, generator=g.spawn()),
        ],
        generator=g.spawn(),
    ),
    "sometimes": lambda g: augment.Sometimes(
        augment.RandomRotation(20, generator=g.spawn()), generator=g.spawn()
    ),
    "trivial": lambda g: augment.TrivialAugment(generator=g),
    "chain": chain,
}
# Those with few different results: how many there are of one image.
FEW = {"flip": 2, "vertical flip": 2, "quarter turn": 4}
# Those that act in evaluation too, because they change the size.
CENTERED = {"crop", "resized crop", "chain"}


def make(name, seed=0):
    return RANDOM[name](Generator(seed))
