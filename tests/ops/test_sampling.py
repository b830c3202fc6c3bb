"""Images read at points: values against SciPy and NumPy, derivatives at and away from kinks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.ops import gather
from minireg.ops.gather import Reading

ndimage = pytest.importorskip("scipy.ndimage")

SCIPY = {
    "constant": "grid-constant",
    "edge": "nearest",
    "reflect": "mirror",
    "symmetric": "reflect",
}
ORDERS = {"bilinear": 1, "nearest": 0}
EVERY_WAY = pytest.mark.parametrize(
    ("mode", "interpolation"), [(mode, order) for mode in SCIPY for order in ORDERS]
)


@st.composite
def pictures(draw, dtypes=("float64", "float32", "uint8")):
    """(N, C, H, W) of any small size, 1×1 and oblong ones included."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *(draw(SIDE) for _ in range(2)))
    rng = np.random.default_rng(draw(SEED))
    x = rng.integers(0, 256, shape)
    dtype = draw(st.sampled_from(dtypes))
    return x.astype(dtype) if dtype == "uint8" else (x / 255).astype(dtype)


SEED, SIDE = st.integers(0, 2**32 - 1), st.integers(1, 7)


def read_by_scipy(x, points, mode, order, fill):
    """The same by `map_coordinates`, one channel of one image at a time."""
    channels = [
        [
            ndimage.map_coordinates(
                channel.astype(np.float64), np.moveaxis(p, -1, 0), None, order, SCIPY[mode], fill
            )
            for channel in image
        ]
        for image, p in zip(x, points)
    ]
    y = np.array(channels)
    return np.rint(y) if x.dtype == np.uint8 else y


def assert_close(found, expected, x):
    """Equal to rounding: coordinates of float32 images are rounded to float32, uint8 to one."""
    assert found.dtype == x.dtype
    atol = {"float64": 1e-12, "float32": 1e-5, "uint8": 1}[x.dtype.name]
    np.testing.assert_allclose(found.astype(np.float64), expected, rtol=0, atol=atol)


@EVERY_WAY
@given(x=pictures(), seed=SEED, size=st.tuples(SIDE, SIDE))
def test_points_are_read_as_scipy_reads_them(mode, interpolation, x, seed, size):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-15, 20, (len(x), *size, 2))
    if interpolation == "nearest":  # float32 must round as float64 does
        points = np.floor(points) + rng.uniform(-0.49, 0.49, points.shape)
    fill = 1
    y = mr.grid_sample(
        mr.tensor(x), mr.tensor(points), mode=mode, interpolation=interpolation, fill=fill
    )
    assert_close(y.numpy(), read_by_scipy(x, points, mode, ORDERS[interpolation], fill), x)


@EVERY_WAY
@given(x=pictures(dtypes=("float64",)), seed=SEED, size=st.tuples(SIDE, SIDE), shared=st.booleans())
def test_matrices_move_as_scipys_affine_transform(mode, interpolation, x, seed, size, shared):
    rng = np.random.default_rng(seed)
    matrices = np.tile(np.eye(3), (len(x), 1, 1))
    matrices[:, :2] += rng.normal(size=(len(x), 2, 3))
    if shared:
        matrices[:] = matrices[0]
    y = mr.affine_sample(
        mr.tensor(x),
        mr.tensor(matrices[0] if shared else matrices),
        size,
        mode=mode,
        interpolation=interpolation,
        fill=0.5,
    ).numpy()
    for n, c in np.ndindex(x.shape[:2]):
        expected = ndimage.affine_transform(
            x[n, c], matrices[n], 0, size, None, ORDERS[interpolation], SCIPY[mode], 0.5
        )
        np.testing.assert_allclose(y[n, c], expected, rtol=0, atol=1e-12)


@given(x=pictures(), mode=st.sampled_from(list(SCIPY)), order=st.sampled_from(list(ORDERS)))
def test_whole_points_show_the_padded_image_exactly(x, mode, order):
    height, width = x.shape[2:]
    rows, columns = np.arange(-9, height + 9), np.arange(-9, width + 9)
    points = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)
    points = np.broadcast_to(points, (len(x), *points.shape)).astype(np.float64)
    expected = np.pad(x, ((0, 0), (0, 0), (9, 9), (9, 9)), mode)
    y = mr.grid_sample(mr.tensor(x), mr.tensor(points), mode=mode, interpolation=order)
    np.testing.assert_array_equal(y.numpy(), expected)


@given(x=pictures(), seed=SEED)
def test_a_constant_image_with_equal_fill_stays_constant(x, seed):
    x = np.full_like(x, 7)
    matrices = np.random.default_rng(seed).normal(size=(len(x), 3, 3))
    y = mr.affine_sample(mr.tensor(x), mr.tensor(matrices), (5, 6), fill=7)
    np.testing.assert_array_equal(y.numpy(), np.full((*x.shape[:2], 5, 6), 7))


def test_each_channel_has_its_own_fill():
    y = mr.grid_sample(
        mr.zeros((1, 3, 2, 2)), mr.tensor(np.full((1, 1, 1, 2), 9.0)), fill=(1, 2, 3)
    )
    assert y.numpy().ravel().tolist() == [1, 2, 3]


def test_nearest_rounds_halves_up_everywhere():
    image = mr.tensor(np.arange(6.0).reshape(1, 1, 1, 6))
    columns = np.arange(-0.5, 6)
    points = mr.tensor(np.stack([np.zeros(7), columns], axis=-1)[None, None])
    y = mr.grid_sample(image, points, interpolation="nearest", fill=-1)
    assert y.numpy().ravel().tolist() == [0, 1, 2, 3, 4, 5, -1]


@given(x=pictures(), seed=SEED, mode=st.sampled_from(list(SCIPY)), block=st.integers(1, 40))
def test_blocks_give_the_same_bits_as_the_whole(x, seed, mode, block):
    matrices = np.random.default_rng(seed).normal(size=(len(x), 3, 3))
    x, matrices = mr.tensor(x), mr.tensor(matrices)
    whole = mr.affine_sample(x, matrices, (5, 6), mode=mode).numpy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "CACHE", block)
        patch.setattr(gather, "GPU", block)
        np.testing.assert_array_equal(
            mr.affine_sample(x, matrices, (5, 6), mode=mode).numpy(), whole
        )


def test_a_batch_of_no_images_is_read():
    assert mr.affine_sample(mr.zeros((0, 2, 4, 4)), mr.ones((3, 3)), 3).shape == (0, 2, 3, 3)


@pytest.mark.backends("guarded", "cupy")
def test_matrices_may_be_on_the_host(backend):
    x = backend.asarray(np.arange(4.0).reshape(1, 1, 2, 2))
    assert backend.to_host(Reading(x, np.eye(3), (2, 2)).read()).ravel().tolist() == [0, 1, 2, 3]
