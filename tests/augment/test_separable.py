"""Two products with weights: compared with PyTorch, torchvision, Pillow, SciPy, the other paths."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from minireg import affine_sample
from minireg.augment import Draw, RandomResizedCrop
from minireg.augment.exact import copy_pixels
from minireg.augment.separable import resample_separable
from tests.guarded import counting
from tests.peers import import_torchvision

MODES = ("constant", "edge", "reflect", "symmetric")
SCIPY = dict(zip(MODES, ("grid-constant", "nearest", "mirror", "reflect")))
SEEDS = st.integers(0, 2**32)
SIDES = st.sampled_from([1, 2, 3, 6, 7, 28, 65, 90])  # larger than 64: multiplied in bands


def resampled(backend, images, matrices, size, **options):
    """`resample_separable` on the test's backend, from the host and back to it."""
    return backend.to_host(resample_separable(backend.asarray(images), matrices, size, **options))


def resize_matrices(boxes, size):
    """Matrices that show boxes (N, 2, 2), [[top, bottom], [left, right]], in outputs of `size`."""
    matrices = np.tile(np.eye(3), (len(boxes), 1, 1))
    for axis in (0, 1):
        first, end = boxes[:, axis].T
        scale = (end - first) / size[axis]
        matrices[:, axis, axis] = scale
        matrices[:, axis, 2] = first + scale / 2 - 0.5
    return matrices


def whole(images):
    """The boxes of whole images."""
    height, width = images.shape[2:]
    return np.tile([[0.0, height], [0, width]], (len(images), 1, 1))


def draw_boxes(rng, images):
    """Random boxes of whole pixels."""
    boxes = whole(images)
    for box in boxes.reshape(-1, 2):
        box[:] = np.sort(rng.choice(int(box[1]) + 1, 2, replace=False))
    return boxes


def zooms(rng, count):
    """Random matrices that zoom in and out, shift and flip."""
    matrices = np.tile(np.eye(3), (count, 1, 1))
    for axis in (0, 1):
        matrices[:, axis, axis] = rng.uniform(0.3, 2, count) * rng.choice([-1, 1], count)
        matrices[:, axis, 2] = rng.uniform(-3, 9, count)
    return matrices


# PyTorch 2.13 antialiases outputs of one column wrongly; `test_antialiased_boxes…` has those.
@pytest.mark.parametrize("antialias", [False, True])
@given(
    seed=SEEDS,
    height=SIDES,
    width=SIDES,
    new_height=SIDES,
    new_width=SIDES.filter(lambda side: side > 1),
)
def test_resizes_are_those_of_pytorch(
    backend, antialias, seed, height, width, new_height, new_width
):
    torch = pytest.importorskip("torch")
    images, size = (
        np.random.default_rng(seed).random((3, 2, height, width)),
        (new_height, new_width),
    )
    theirs = torch.nn.functional.interpolate(
        torch.tensor(images), size, mode="bilinear", antialias=antialias
    )
    boxes = whole(images)
    ours = resampled(
        backend, images, resize_matrices(boxes, size), size, antialias=antialias, window=boxes
    )
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.fixture(scope="module")
def torchvision_functions():
    return pytest.importorskip("torch"), import_torchvision("transforms.v2.functional")


@pytest.mark.parametrize("antialias", [False, True])
@given(seed=SEEDS, height=SIDES, width=SIDES)
def test_resized_crops_are_those_of_torchvision(
    backend, torchvision_functions, antialias, seed, height, width
):
    torch, functions = torchvision_functions
    rng = np.random.default_rng(seed)
    images, size = rng.random((4, 3, height, width)), (12, 9)
    boxes = draw_boxes(rng, images)
    theirs = [
        functions.resized_crop(
            torch.tensor(image), top, left, bottom - top, right - left, size, antialias=antialias
        )
        for image, ((top, bottom), (left, right)) in zip(images, boxes.astype(int).tolist())
    ]
    ours = resampled(
        backend, images, resize_matrices(boxes, size), size, antialias=antialias, window=boxes
    )
    np.testing.assert_allclose(ours, np.array(theirs), rtol=0, atol=1e-12)


@given(seed=SEEDS, height=SIDES, width=SIDES, size=st.tuples(SIDES, SIDES))
def test_antialiased_boxes_are_those_of_pillow(backend, seed, height, width, size):
    rng = np.random.default_rng(seed)
    images = rng.random((3, 1, height, width), dtype=np.float32)
    boxes = np.sort(rng.integers(0, 256 * whole(images)[..., 1:], (3, 2, 2)), axis=2) / 256
    boxes[..., 1] += 1 / 256  # Pillow keeps bounds in float32: these are exact
    theirs = [
        Image.fromarray(image[0]).resize(
            size[::-1], Image.Resampling.BILINEAR, box=(left, top, right, bottom)
        )
        for image, ((top, bottom), (left, right)) in zip(images, boxes.tolist())
    ]
    ours = resampled(  # Pillow sees pixels outside the box, but none outside the image
        backend, images, resize_matrices(boxes, size), size, antialias=True, window=whole(images)
    )
    np.testing.assert_allclose(ours[:, 0], np.array(theirs), rtol=0, atol=1e-6)


@pytest.mark.parametrize("antialias", [False, True])
@given(seed=SEEDS)
def test_nothing_outside_a_window_is_seen(backend, antialias, seed):
    rng = np.random.default_rng(seed)
    images = rng.random((3, 2, 9, 11))
    window = np.sort(rng.uniform(0, 9, (3, 2, 2)), axis=2)
    window[..., 1] = np.minimum(window[..., 1] + 1, 9)
    matrices = zooms(rng, 3)
    changed = np.full_like(images, 1e6)
    for image, other, ((top, bottom), (left, right)) in zip(images, changed, window):
        inside = (
            slice(None),
            slice(int(top), int(np.ceil(bottom))),
            slice(int(left), int(np.ceil(right))),
        )
        other[inside] = image[inside]
    options = {"antialias": antialias, "window": window}
    ours = resampled(backend, images, matrices, (6, 7), **options)
    np.testing.assert_allclose(resampled(backend, changed, matrices, (6, 7), **options), ours)


@pytest.mark.parametrize("mode", MODES)
@given(seed=SEEDS, height=SIDES, width=SIDES)
def test_without_antialias_it_is_scipys_bilinear_gather(backend, mode, seed, height, width):
    rng = np.random.default_rng(seed)
    images, matrices = rng.random((3, 2, height, width)), zooms(rng, 3)
    fill = rng.random(2)
    theirs = np.array(
        [
            [
                ndimage.affine_transform(
                    channel, a, output_shape=(8, 5), order=1, mode=SCIPY[mode], cval=value
                )
                for channel, value in zip(image, fill)
            ]
            for image, a in zip(images, matrices)
        ]
    )
    ours = resampled(backend, images, matrices, (8, 5), fill=fill, mode=mode)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    # float32 colours: weights, products and sums round to 2⁻²⁴ of numbers up to 1.
    ours = resampled(backend, images.astype(np.float32), matrices, (8, 5), fill=fill, mode=mode)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=16 * 2**-24)


@pytest.mark.parametrize("mode", MODES)
@given(seed=SEEDS, height=st.integers(1, 9), width=st.integers(1, 9))
def test_a_border_is_seen_as_a_padded_image_is(backend, mode, seed, height, width):
    rng = np.random.default_rng(seed)
    images, matrices = rng.random((3, 1, height, width)), zooms(rng, 3)
    pad = 30
    options = {"constant_values": 0.3} if mode == "constant" else {}
    padded = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode, **options)
    shifted = matrices.copy()
    shifted[:, :2, 2] += pad
    expected = resampled(backend, padded, shifted, (6, 7), antialias=True, window=whole(padded))
    ours = resampled(backend, images, matrices, (6, 7), fill=0.3, mode=mode, antialias=True)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
@given(seed=SEEDS, antialias=st.booleans())
def test_a_constant_image_with_the_same_fill_stays_constant(backend, dtype, seed, antialias):
    rng = np.random.default_rng(seed)
    value = rng.integers(0, 256) if dtype == np.uint8 else dtype(rng.random())
    images = np.full((3, 1, 6, 5), value, dtype=dtype)
    ours = resampled(backend, images, zooms(rng, 3), (6, 5), fill=value, antialias=antialias)
    np.testing.assert_array_equal(ours, images)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@given(seed=SEEDS, height=SIDES, width=SIDES)
def test_the_three_paths_agree_on_flips_and_whole_shifts(backend, dtype, seed, height, width):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (4, 2, height, width)).astype(dtype)
    images = images if dtype == np.uint8 else images / dtype(256)
    matrices = np.tile(np.eye(3), (4, 1, 1))
    matrices[:, [0, 1], [0, 1]] = rng.choice([-1, 1], (4, 2))
    matrices[:, :2, 2] = rng.integers(-3, 9, (4, 2))
    copies = backend.to_host(copy_pixels(backend.asarray(images), matrices, (8, 7)))
    np.testing.assert_array_equal(resampled(backend, images, matrices, (8, 7)), copies)
    gathered = affine_sample(backend.asarray(images), backend.asarray(matrices), (8, 7)).data
    np.testing.assert_array_equal(backend.to_host(gathered), copies)


@given(seed=SEEDS, antialias=st.booleans(), height=SIDES)
def test_uint8_is_the_result_of_float64_rounded(backend, seed, antialias, height):
    rng = np.random.default_rng(seed)
    images, matrices = rng.integers(0, 256, (3, 2, height, 5), dtype=np.uint8), zooms(rng, 3)
    options = {"fill": 255, "antialias": antialias}
    ours = resampled(backend, images, matrices, (6, 5), **options)
    exact = resampled(backend, images.astype(np.float64), matrices, (6, 5), **options)
    assert ours.dtype == np.uint8
    assert np.abs(ours - exact).max() <= 0.5 + 255 * 16 * 2**-24


@pytest.mark.parametrize("shape", [(400, 1, 28, 28), (20, 3, 100, 90)])  # several blocks
@pytest.mark.parametrize("shared", [True, False])
def test_an_image_looks_the_same_in_a_large_batch_and_alone(backend, shape, shared):
    rng = np.random.default_rng(0)
    images, matrices = rng.random(shape), zooms(rng, shape[0])
    if shared:
        matrices[:] = matrices[0]
    together = resampled(backend, images, matrices, (40, 30), antialias=True)
    for k in (0, 7, 8, shape[0] - 1):
        alone = resampled(backend, images[k : k + 1], matrices[k : k + 1], (40, 30), antialias=True)
        np.testing.assert_allclose(together[k], alone[0], rtol=0, atol=1e-14)


@pytest.mark.parametrize("far", [30.0, 1e300])
def test_far_away_everything_is_the_fill_or_the_edge(backend, far):
    images = np.arange(12.0).reshape(1, 1, 3, 4)
    matrices = np.array([[[1, 0, -far], [0, 1, far], [0, 0, 1]]])
    ours = resampled(backend, images, matrices, (2, 2), fill=0.3)
    np.testing.assert_array_equal(ours, np.full((1, 1, 2, 2), 0.3))
    ours = resampled(backend, images, matrices, (2, 2), mode="edge")
    np.testing.assert_array_equal(ours, np.full((1, 1, 2, 2), 3))  # the upper right pixel


@pytest.mark.parametrize("shape", [(0, 1, 4, 4), (2, 0, 4, 4)])
def test_nothing_gives_nothing(backend, shape):
    ours = resampled(backend, np.zeros(shape), np.tile(np.eye(3), (shape[0], 1, 1)), (3, 2))
    assert ours.shape == (*shape[:2], 3, 2)


@pytest.mark.parametrize("has_window", [True, False])
@pytest.mark.parametrize("mode", MODES)
def test_images_are_not_changed_and_there_is_one_upload(backend, has_window, mode):
    rng = np.random.default_rng(0)
    host = rng.random((3, 2, 6, 6), dtype=np.float32)
    images = backend.asarray(host.copy())
    window = whole(host) if has_window else None
    with counting() as counts:
        result = resample_separable(
            images, zooms(rng, 3), (5, 5), fill=0.5, mode=mode, antialias=True, window=window
        )
    uploads = 1 if backend.name == "guarded" else 0
    assert (counts.host_reads, counts.uploads) == (0, uploads), counts.where()
    assert result.flags.c_contiguous
    np.testing.assert_array_equal(backend.to_host(images), host)


@pytest.mark.host
@pytest.mark.parametrize("shape", [(2000, 1, 28, 28), (64, 3, 160, 160)])
def test_resampling_needs_little_memory_beside_its_result(shape):
    images = np.zeros(shape, dtype=np.float32)
    matrices = zooms(np.random.default_rng(0), len(images))
    tracemalloc.start()
    resample_separable(images, matrices, shape[2:], antialias=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 3 * images.nbytes


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_windows_that_keep_their_size_keep_every_bit(backend, dtype):
    # Among windows that are resized, those are products with weights 0 and 1.
    x = (255 * np.random.default_rng(0).random((3, 2, 6, 7))).astype(dtype)
    x = x if dtype == "uint8" else x / 255
    t = RandomResizedCrop((4, 5))
    sides = {"top": [1, 0, 2], "left": [2, 0, 0], "height": [4, 6, 4], "width": [5, 7, 5]}
    y = backend.to_host(t.apply(backend.asarray(x), Draw("RandomResizedCrop", 3, sides)))
    np.testing.assert_array_equal(y[[0, 2]], [x[0, :, 1:5, 2:7], x[2, :, 2:6, :5]])
