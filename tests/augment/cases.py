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
    "rotation": lambda g: augment.RandomRotation(20, generator=g),
    "crop": lambda g: augment.RandomCrop(20, padding=3, generator=g),
    "chain": chain,
}
# Those with few different results: how many there are of one image.
FEW = {"flip": 2}
# Those that act in evaluation too, because they change the size.
CENTERED = {"crop", "chain"}


def make(name, seed=0):
    return RANDOM[name](Generator(seed))
