"""Images read at points, against SciPy and `np.pad`; bad input."""

import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.backend import blocks
from minireg.errors import ArgumentError, ArgumentTypeError
from minireg.ops.gather import Reading
from tests.guarded import counting

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
    return np.array(channels)


def assert_close(found, expected, x):
    """Equal to rounding: of coordinates to float32 unless x is float64, and of values to uint8."""
    assert found.dtype == x.dtype
    atol = {"float64": 1e-12, "float32": 1e-5, "uint8": 0.501}[x.dtype.name]
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
        patch.setattr(blocks, "MOST", block)
        patch.setattr(blocks, "GPU", block)
        np.testing.assert_array_equal(
            mr.affine_sample(x, matrices, (5, 6), mode=mode).numpy(), whole
        )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mode", SCIPY)
@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", "float64"])
def test_points_of_any_size_show_a_pixel_or_the_fill(mode, dtype):
    far = [[9e29, 1e300], [-1e300, 1]]
    images = mr.ones((1, 1, 3, 4)).astype(dtype)
    y = mr.grid_sample(images, mr.tensor(np.array([[far]])), mode=mode, fill=1)
    assert y.numpy().ravel().tolist() == [1, 1]
    moved = mr.affine_sample(images, mr.tensor(np.diag([1e300, -1e300, 1])), mode=mode, fill=1)
    assert moved.numpy().ravel().tolist() == [1] * 12


@pytest.mark.parametrize("mode", SCIPY)
def test_just_before_a_pixel_no_digit_is_lost(mode):
    x, points = np.array([[[[2.0, 4.0, 8.0]]]]), np.array([[[[0, -1e-10], [0, 4 - 1e-10]]]])
    y = mr.grid_sample(mr.tensor(x), mr.tensor(points), mode=mode, fill=1)
    np.testing.assert_allclose(y.numpy(), read_by_scipy(x, points, mode, 1, 1), rtol=1e-14)


def test_a_batch_of_no_images_is_read():
    assert mr.affine_sample(mr.zeros((0, 2, 4, 4)), mr.ones((3, 3)), 3).shape == (0, 2, 3, 3)


@pytest.mark.backends("guarded", "cupy")
def test_matrices_may_be_on_the_host(backend):
    x = backend.asarray(np.arange(4.0).reshape(1, 1, 2, 2))
    assert backend.to_host(Reading(x, np.eye(3), (2, 2)).read()).ravel().tolist() == [0, 1, 2, 3]


@pytest.mark.backends("numpy")
def test_memory_is_that_of_the_result_and_a_few_blocks():
    x = mr.tensor(np.ones((48, 3, 128, 128), dtype=np.float32))
    matrices = mr.tensor(np.eye(3) + 0.01)
    tracemalloc.start()
    mr.affine_sample(x, matrices)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * x.data.nbytes


def test_nothing_waits_for_the_device():
    x = mr.tensor(np.ones((2, 3, 4, 4)), requires_grad=True)
    a = mr.tensor(np.eye(3), requires_grad=True)
    with counting() as counts:
        mr.affine_sample(x, a, mode="reflect", fill=(0.1, 0.2, 0.3)).sum().backward()
    assert counts.host_reads == 0, counts.where()


# -- bad input -------------------------------------------------------------------------------------


class Foreign:
    """An array of a library whose dtypes are not those of NumPy."""

    dtype, shape, ndim = "torch.float32", (2, 3, 5, 6), 4


IMAGES, EYE, POINTS = np.zeros((2, 3, 5, 6)), np.eye(3), np.zeros((2, 4, 4, 2))


@pytest.mark.host
@pytest.mark.parametrize(
    ("operation", "x", "places", "options", "error", "words"),
    [
        ("affine", IMAGES[0], EYE, {}, ArgumentError, "images must be (N, C, H, W)"),
        ("affine", IMAGES.astype(int), EYE, {}, ArgumentTypeError, "uint8 or floating-point"),
        ("affine", IMAGES.tolist(), EYE, {}, ArgumentTypeError, "uint8 or floating-point"),
        ("affine", IMAGES, EYE[:2], {}, ArgumentError, "(2, 3, 3), or (3, 3) for all of them"),
        ("affine", IMAGES, [EYE], {}, ArgumentTypeError, "matrices must be numbers in a Tensor"),
        ("affine", IMAGES, EYE > 0, {}, ArgumentTypeError, "matrices must be numbers"),
        ("affine", IMAGES, EYE * np.nan, {}, ArgumentError, "matrices must be finite"),
        ("affine", IMAGES, EYE, {"size": (3, 0)}, ArgumentError, "size must be at least 1"),
        ("affine", IMAGES, EYE, {"mode": "wrap"}, ArgumentError, "'reflect' or 'symmetric'"),
        ("affine", IMAGES, EYE, {"interpolation": 3}, ArgumentError, "'bilinear' or 'nearest'"),
        ("affine", IMAGES, EYE, {"fill": (1, 2)}, ArgumentError, "a number or 3 numbers"),
        ("affine", IMAGES, EYE, {"fill": "red"}, ArgumentTypeError, "fill must be a number"),
        ("affine", IMAGES.astype("uint8"), EYE, {"fill": 256}, ArgumentError, "from 0 to 255"),
        ("affine", IMAGES.astype("uint8"), EYE, {"fill": 0.5}, ArgumentError, "from 0 to 255"),
        ("grid", IMAGES, POINTS[..., :1], {}, ArgumentError, "points of shape (2, h, w, 2)"),
        ("grid", IMAGES, POINTS[0], {}, ArgumentError, "points of shape (2, h, w, 2)"),
        ("grid", IMAGES, POINTS[:1], {}, ArgumentError, "points of shape (2, h, w, 2)"),
        ("grid", IMAGES, POINTS + np.inf, {}, ArgumentError, "points must be finite"),
        ("grid", IMAGES, None, {}, ArgumentTypeError, "points must be numbers"),
        ("grid", IMAGES, np.zeros((2, 0, 4, 2)), {}, ArgumentError, "need points of shape"),
        ("affine", IMAGES, EYE, {"size": 10**9}, ArgumentError, "size must be at most 16384"),
        ("affine", Foreign(), EYE, {}, ArgumentTypeError, "uint8 or floating-point, got torch"),
        ("affine", IMAGES, Foreign(), {}, ArgumentTypeError, "matrices must be numbers"),
    ],
)
def test_bad_input_gets_its_sentence(operation, x, places, options, error, words):
    sample = {"affine": mr.affine_sample, "grid": mr.grid_sample}[operation]
    with pytest.raises(error, match=re.escape(words)):
        sample(x, places, **options)


@pytest.mark.host
def test_feature_maps_may_have_any_sides():
    x = np.random.default_rng(0).random((2, 16, 8, 3))  # images with channels last look like this
    np.testing.assert_array_equal(mr.affine_sample(mr.tensor(x), np.eye(3)).numpy(), x)
