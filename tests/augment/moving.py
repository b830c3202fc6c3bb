"""Images and parameters to try, and transforms with given parameters."""

import numpy as np
from hypothesis import strategies as st
from scipy import ndimage

from minireg.augment import Draw, RandomAffine

DTYPES = st.sampled_from([np.uint8, np.float32, np.float64])
SCIPY = {"constant": "grid-constant", "edge": "nearest", "reflect": "mirror",
         "symmetric": "reflect"}  # fmt: skip


def random_images(shape, dtype=np.float64, seed=0):
    images = np.random.default_rng(seed).random(shape)
    return np.rint(255 * images).astype(dtype) if dtype == np.uint8 else images.astype(dtype)


SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 9), st.integers(1, 9))
SQUARES = SHAPES.map(lambda shape: (*shape[:3], shape[2]))
IMAGES = st.builds(random_images, SHAPES, DTYPES, st.integers(0, 99))
SQUARE_IMAGES = st.builds(random_images, SQUARES, DTYPES, st.integers(0, 99))
PARAMETERS = st.fixed_dictionaries(
    {
        "degrees": st.floats(-180, 180),
        "right": st.floats(-1, 1),
        "down": st.floats(-1, 1),
        "scale": st.floats(0.3, 3),
        "shear_x": st.floats(-60, 60),
        "shear_y": st.floats(-60, 60),
    }
)

NEUTRAL = {"degrees": 0.0, "right": 0.0, "down": 0.0, "scale": 1.0, "shear_x": 0.0, "shear_y": 0.0}


def affine(**options):
    """A transform that draws all these parameters."""
    return RandomAffine(180, 1, (0.3, 3), (-60, 60, -60, 60), **options)


def moved(backend, t, images):
    """On the host: what `t` makes of these images."""
    return backend.to_host(t(backend.asarray(images)))


def applied(backend, t, images, **values):
    """On the host: what `t` makes of images that all get these parameters."""
    drawn = {name: np.full(len(images), value) for name, value in values.items()}
    draw = Draw(type(t).__name__, len(images), drawn)
    return backend.to_host(t.apply(backend.asarray(images), draw))


def assert_close(ours, expected):
    """Equal, to rounding in the dtype.

    Half a level of grey may be rounded up or down, and matrices that are whole to 1e-9 are whole.
    """
    atol = {"uint8": 0.5 + 1e-3, "float32": 3e-5, "float64": 1e-7}[str(ours.dtype)]
    np.testing.assert_allclose(ours, expected, rtol=0, atol=atol)


def warp_by_scipy(image, matrix, fill=0.0, mode="constant", order=1):
    """One plane (H, W), in float64."""
    plane = image.astype(np.float64)
    return ndimage.affine_transform(
        plane, matrix[:2, :2], matrix[:2, 2], mode=SCIPY[mode], cval=fill, order=order
    )
