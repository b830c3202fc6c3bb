"""Moving pixels by a matrix, rotations too: compared with SciPy, PyTorch and plain indexing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

import minireg as mr
from minireg.augment import rotation_matrix, warp
from minireg.augment.resampling import copy_pixels
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.guarded import counting

SEEDS = st.integers(0, 2**32)


def affine_matrices(rng, count):
    """Out → in matrices of moderate camera moves, for (row, column)."""
    a = np.zeros((count, 3, 3))
    a[:, :2, :2] = np.eye(2) + rng.normal(0, 0.4, (count, 2, 2))
    a[:, :2, 2] = rng.normal(0, 3, (count, 2))
    a[:, 2, 2] = 1
    return a


def scipy_warp(images, matrices, fill, size):
    """The same by SciPy, one image and one channel after the other, in float64."""
    return np.array(
        [
            [
                ndimage.affine_transform(
                    channel,
                    a[:2, :2],
                    offset=a[:2, 2],
                    output_shape=size,
                    order=1,
                    mode="grid-constant",
                    cval=fill,
                )
                for channel in image.astype(np.float64)
            ]
            for image, a in zip(images, matrices)
        ]
    )


def warped(backend, images, matrices, *args, function=warp):
    """`warp` on the test's backend, from the host and back to it."""
    return backend.to_host(function(backend.asarray(images), backend.asarray(matrices), *args))


@given(seed=SEEDS, fill=st.sampled_from([0.0, 0.3, 1.0]))
def test_warp_equals_scipy_with_a_constant_grid(backend, seed, fill):
    rng = np.random.default_rng(seed)
    n, c, height, width = rng.integers(1, 7, 4)
    images, matrices = rng.random((n, c, height, width)), affine_matrices(rng, n)
    size = tuple(int(k) for k in rng.integers(1, 9, 2))
    theirs = scipy_warp(images, matrices, fill, size)
    ours = warped(backend, images, matrices, fill, size)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    # float32 colours: each of the three blends rounds twice, to 2⁻²⁴ of numbers up to 1.
    ours = warped(backend, images.astype(np.float32), matrices, fill, size)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=8 * 2**-24)


def test_warp_equals_interpolating_at_each_point(backend):
    rng = np.random.default_rng(0)
    image, a = rng.random((6, 9)), affine_matrices(rng, 1)
    i, j = np.mgrid[:5, :7]
    row, column, _ = np.tensordot(a[0], np.stack([i, j, np.ones_like(i)]), axes=1)
    theirs = ndimage.map_coordinates(
        image, [row, column], order=1, mode="grid-constant", cval=0.2, prefilter=False
    )
    ours = warped(backend, image[None, None], a, 0.2, (5, 7))
    np.testing.assert_allclose(ours[0, 0], theirs, rtol=0, atol=1e-12)


def test_warp_equals_grid_sample_of_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    images, a = rng.random((4, 2, 5, 7)), affine_matrices(rng, 4)
    size = (6, 4)

    def normalised(height, width):  # (x, y, 1) of pixels → [−1, 1], whose ends are pixels' borders
        return np.array([[2 / width, 0, 1 / width - 1], [0, 2 / height, 1 / height - 1], [0, 0, 1]])

    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])  # (row, column) ↔ (x, y)
    theta = normalised(5, 7) @ (swap @ a @ swap) @ np.linalg.inv(normalised(*size))
    grid = torch.nn.functional.affine_grid(
        torch.tensor(theta[:, :2]), (4, 2, *size), align_corners=False
    )
    theirs = torch.nn.functional.grid_sample(torch.tensor(images), grid, align_corners=False)
    ours = warp(mr.tensor(images), mr.tensor(a), size=size)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=0, atol=1e-12)


def test_a_positive_angle_turns_counter_clockwise(backend):
    image = np.zeros((1, 1, 5, 5))
    image[0, 0, 2, 4] = 1  # a marker in the middle of the right border
    expected = np.zeros((1, 1, 5, 5))
    expected[0, 0, 0, 2] = 1  # goes to the top
    np.testing.assert_array_equal(warped(backend, image, rotation_matrix(90, 5, 5)), expected)


@given(degrees=st.floats(-720, 720), seed=st.integers(0, 2**32))
def test_rotation_is_that_of_scipy(backend, degrees, seed):
    image = np.random.default_rng(seed).random((7, 5))
    theirs = ndimage.rotate(
        image, degrees, reshape=False, order=1, mode="grid-constant", cval=0.3, prefilter=False
    )
    ours = warped(backend, image[None, None], rotation_matrix(degrees, 7, 5), 0.3)
    np.testing.assert_allclose(ours[0, 0], theirs, rtol=0, atol=1e-12)


@given(seed=SEEDS, fill=st.integers(0, 255))
def test_uint8_is_scipys_result_rounded(backend, seed, fill):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (3, 2, 6, 5), dtype=np.uint8)
    matrices = affine_matrices(rng, 3)
    ours = warped(backend, images, matrices, fill)
    assert ours.dtype == np.uint8
    # Half a grey level for rounding to uint8, 8 · 2⁻²⁴ · 255 for blending in float32.
    distance = np.abs(ours - scipy_warp(images, matrices, fill, (6, 5)))
    assert distance.max() <= 0.5 + 8 * 2**-24 * 255


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
@given(seed=SEEDS)
def test_a_constant_image_with_the_same_fill_stays_constant(backend, dtype, seed):
    rng = np.random.default_rng(seed)
    value = rng.integers(0, 256) if dtype == np.uint8 else dtype(rng.random())
    images = np.full((3, 1, 6, 5), value, dtype=dtype)
    ours = warped(backend, images, affine_matrices(rng, 3), float(value))
    np.testing.assert_array_equal(ours, images)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
def test_far_away_everything_is_the_fill(backend, dtype):
    images = np.ones((2, 1, 3, 4), dtype=dtype)
    away = np.array([[[1, 0, 1e300], [0, 1, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, -5], [0, 0, 1]]])
    fill = 7 if dtype == np.uint8 else 0.1
    for function in (warp, copy_pixels):
        ours = warped(backend, images, away, fill, function=function)
        np.testing.assert_array_equal(ours, np.full((2, 1, 3, 4), fill, dtype=dtype))


@pytest.mark.parametrize("function", [warp, copy_pixels])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@given(seed=SEEDS)
def test_flips_and_shifts_are_slices_of_a_padded_image(backend, function, dtype, seed):
    rng = np.random.default_rng(seed)
    n, c, height, width = (int(k) for k in rng.integers(1, 6, 4))
    images = rng.integers(0, 256, (n, c, height, width)).astype(dtype)
    images, fill = (images, 7) if dtype == np.uint8 else (images / dtype(255), 0.5)
    size = tuple(int(k) for k in rng.integers(1, 7, 2))
    pad = 8
    padded = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=fill)
    matrices, expected = np.tile(np.eye(3), (n, 1, 1)), []
    for k in range(n):
        top, left = rng.integers(-3, 4, 2)
        window = padded[k, :, top + pad :, left + pad :][:, : size[0], : size[1]]
        matrices[k, :2, 2] = top, left
        if rng.random() < 0.5:  # output column j shows column (left + width − 1) − j
            window = window[:, :, ::-1]
            matrices[k, 1, 1:] = -1, left + size[1] - 1
        if rng.random() < 0.5:
            window = window[:, ::-1]
            matrices[k, 0, [0, 2]] = -1, top + size[0] - 1
        expected.append(window)
    ours = warped(backend, images, matrices, fill, size, function=function)
    assert ours.dtype == dtype
    np.testing.assert_array_equal(ours, np.array(expected))


@pytest.mark.parametrize("function", [warp, copy_pixels])
def test_results_lie_in_memory_as_images_do(backend, function):
    result = function(backend.zeros((4, 3, 5, 6)), backend.asarray(np.eye(3)))
    assert result.flags.c_contiguous


@pytest.mark.parametrize("channels", [1, 3])
def test_an_image_looks_the_same_in_a_large_batch_and_alone(backend, channels):
    rng = np.random.default_rng(0)
    images = rng.random((90, channels, 28, 28), dtype=np.float32)  # more than one block
    matrices = affine_matrices(rng, 90)
    together = warped(backend, images, matrices)
    for k in (0, 41, 42, 89):
        alone = warped(backend, images[k : k + 1], matrices[k : k + 1])
        np.testing.assert_array_equal(together[k], alone[0])


def test_one_matrix_is_for_all_images(backend):
    rng = np.random.default_rng(0)
    images, a = rng.random((3, 2, 4, 5)), affine_matrices(rng, 1)
    ours = warped(backend, images, a[0])
    np.testing.assert_array_equal(ours, warped(backend, images, np.repeat(a, 3, axis=0)))


@pytest.mark.parametrize("function", [warp, copy_pixels])
def test_tensors_give_constants_and_arrays_give_arrays(backend, function):
    images = mr.tensor(np.ones((2, 1, 3, 3)), requires_grad=True)
    identity = backend.asarray(np.eye(3))
    result = function(images, mr.tensor(np.eye(3)))
    assert isinstance(result, mr.Tensor)
    assert not result.requires_grad
    assert isinstance(function(images.data, identity), backend.array_type)


@pytest.mark.parametrize("function", [warp, copy_pixels])
@pytest.mark.parametrize("shape", [(0, 1, 4, 4), (2, 0, 4, 4), (2, 1, 0, 4)])
def test_empty_batches_are_warped_to_empty_batches(backend, function, shape):
    ours = warped(backend, np.zeros(shape), np.eye(3), 0.5, (3, 2), function=function)
    np.testing.assert_array_equal(ours, np.full((*shape[:2], 3, 2), 0.5))


@pytest.mark.parametrize("function", [warp, copy_pixels])
def test_arguments_are_not_changed_and_nothing_is_read_back(backend, function):
    host = np.random.default_rng(0).integers(0, 256, (3, 1, 5, 5), dtype=np.uint8)
    images, matrices = backend.asarray(host.copy()), backend.asarray(np.tile(np.eye(3), (3, 1, 1)))
    with counting() as counts:
        result = function(images, matrices, 3)
        result += 1  # a copy, even where nothing moves
    assert (counts.host_reads, counts.uploads) == (0, 0), counts.where()
    np.testing.assert_array_equal(backend.to_host(images), host)
    np.testing.assert_array_equal(backend.to_host(matrices), np.tile(np.eye(3), (3, 1, 1)))


@pytest.mark.parametrize(
    ("images", "error", "sentence"),
    [
        (np.zeros((28, 28)), ArgumentError, r"\(N, C, H, W\), got \(28, 28\).*images\[None\]"),
        (np.zeros((9, 28, 28)), ArgumentError, r"without a channel axis images\[:, None\]"),
        (np.zeros((1, 1, 2, 2), dtype=np.int64), ArgumentTypeError, r"in \[0, 1\], got int64"),
        ([[1.0]], ArgumentTypeError, "uint8 from 0 to 255 or floating-point.*got list"),
    ],
)
@pytest.mark.host
def test_arrays_that_are_not_images_are_refused(images, error, sentence):
    with pytest.raises(error, match=sentence):
        warp(images, np.eye(3))


BYTES, FLOATS = np.zeros((2, 1, 2, 2), dtype=np.uint8), np.zeros((2, 1, 2, 2))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((BYTES, np.zeros((3, 3, 3))), ArgumentError, r"2 images need .* \(2, 3, 3\).*\(3, 3, 3\)"),
        ((BYTES, [[1, 0, 0]]), ArgumentTypeError, "must be an array on the numpy backend.*list"),
        ((BYTES, np.full((3, 3), np.nan)), ArgumentError, "matrices must be finite"),
        ((BYTES, np.eye(3), 0.5), ArgumentError, "a whole number from 0 to 255 .* got 0.5"),
        ((BYTES, np.eye(3), 256), ArgumentError, "a whole number from 0 to 255 .* got 256"),
        ((BYTES[:0], np.eye(3), 256), ArgumentError, "a whole number from 0 to 255"),
        ((FLOATS, np.eye(3), 255), ArgumentError, r"in \[0, 1\] .* got 255.*divided by 255"),
        ((FLOATS, np.eye(3), np.inf), ArgumentError, "fill must be finite"),
        ((FLOATS, np.eye(3), None), ArgumentTypeError, "fill must be a number"),
        ((FLOATS, np.eye(3), 0, (2, 2, 2)), ArgumentError, r"\(height, width\) or one number"),
        ((FLOATS, np.eye(3), 0, 0), ArgumentError, "size must be at least 1"),
    ],
)
@pytest.mark.host
def test_unusable_matrices_fills_and_sizes_are_refused(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        warp(*arguments)


@pytest.mark.backends("guarded", "cupy")
def test_matrices_of_the_host_are_refused_on_a_device(backend):
    with pytest.raises(ArgumentTypeError, match=f"an array on the {backend.name} backend"):
        warp(backend.zeros((1, 1, 2, 2)), np.eye(3))
