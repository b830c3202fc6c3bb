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
    "translation": lambda g: augment.RandomTranslation((0.1, 0.2), generator=g),
    "scale": lambda g: augment.RandomScale((0.5, 2), generator=g),
    "shear": lambda g: augment.RandomShear((-20, 20, -9, 9), generator=g),
    "affine": lambda g: augment.RandomAffine(20, 0.1, (0.8, 1.2), 10, generator=g),
    "crop": lambda g: augment.RandomCrop(20, padding=3, generator=g),
    "chain": chain,
}
# Those with few different results: how many there are of one image.
FEW = {"flip": 2, "vertical flip": 2, "quarter turn": 4}
# Those that act in evaluation too, because they change the size.
CENTERED = {"crop", "chain"}


def make(name, seed=0):
    return RANDOM[name](Generator(seed))
