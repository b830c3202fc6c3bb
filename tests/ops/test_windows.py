"""Windows and overlap-add: where entries come from, and that each is the adjoint of the other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.ops.drawing_images import image_windows


@given(data=st.data())
def test_every_entry_is_the_pixel_that_the_formula_names(data):
    (x,), options = image_windows(data.draw)
    (stride, dilation) = (np.broadcast_to(options[name], 2) for name in ("stride", "dilation"))
    y = mr.windows(mr.tensor(x), **options).numpy()
    for n, c, i, j, p, q in np.ndindex(y.shape):
        row = p * stride[0] + i * dilation[0]
        column = q * stride[1] + j * dilation[1]
        assert y[n, c, i, j, p, q] == x[n, c, row, column]


@given(data=st.data())
def test_no_further_window_would_fit(data):
    (x,), options = image_windows(data.draw)
    y = mr.windows(mr.tensor(x), **options)
    for axis in (0, 1):
        kernel_size, stride, dilation = (
            np.broadcast_to(options[name], 2)[axis]
            for name in ("kernel_size", "stride", "dilation")
        )
        last = (y.shape[4 + axis] - 1) * stride + (kernel_size - 1) * dilation
        assert last < x.shape[2 + axis] <= last + stride


@given(data=st.data())
def test_overlap_add_is_the_adjoint_of_windows(data):
    """⟨windows(x), y⟩ = ⟨x, overlap_add(y)⟩ for all x and y, so each is the vjp of the other."""
    (x,), options = image_windows(data.draw)
    seen = mr.windows(mr.tensor(x), **options).numpy()
    y = np.random.default_rng(0).normal(size=seen.shape)
    options.pop("kernel_size")
    added = mr.overlap_add(mr.tensor(y), x.shape[2:], **options).numpy()
    np.testing.assert_allclose((seen * y).sum(), (x * added).sum(), rtol=1e-12, atol=1e-12)


def test_windows_share_no_memory_with_the_images(backend):
    x = mr.tensor(np.ones((1, 1, 3, 3)))
    for kernel_size in (1, 2, 3):
        y = mr.windows(x, kernel_size)
        y.data[...] = 0
    assert x.numpy().min() == 1


def test_whole_numbers_stay_whole_numbers():
    x = mr.tensor(np.arange(6, dtype=np.uint8).reshape(1, 1, 2, 3))
    y = mr.windows(x, 2)
    assert y.dtype == np.uint8
    assert y.numpy().reshape(4, 2).T.tolist() == [[0, 1, 3, 4], [1, 2, 4, 5]]


def test_an_empty_batch_has_windows_of_the_same_size():
    assert mr.windows(mr.zeros((0, 2, 4, 5)), 3).shape == (0, 2, 3, 3, 2, 3)


@pytest.mark.parametrize("shape", [(4, 5), (2, 4, 5), (1, 1, 1, 4, 5), (2, 0, 4, 5), (2, 1, 0, 5)])
def test_what_is_not_a_batch_of_images_raises(shape):
    with pytest.raises(ArgumentError, match=r"images must be \(N, C, H, W\)") as raised:
        mr.windows(mr.zeros(shape), 1)
    assert str(shape) in str(raised.value)


def test_a_window_larger_than_the_images_raises():
    message = r"\(2, 3\) with dilation \(1, 2\) covers \(2, 5\) .* images of size \(4, 4\)"
    with pytest.raises(ArgumentError, match=message):
        mr.windows(mr.zeros((1, 1, 4, 4)), (2, 3), dilation=(1, 2))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kernel_size": 0}, ArgumentError, "kernel_size must be at least 1, got 0"),
        ({"kernel_size": (1, 2, 3)}, ArgumentError, r"two, \(vertical, horizontal\), got \(1, 2, "),
        ({"kernel_size": 1.5}, ArgumentTypeError, "kernel_size must be a whole number, got 1.5"),
        ({"kernel_size": 1, "stride": 0}, ArgumentError, "stride must be at least 1, got 0"),
        ({"kernel_size": 1, "dilation": -1}, ArgumentError, "dilation must be at least 1, got -1"),
    ],
)
def test_settings_that_are_not_sizes_raise(options, error, message):
    with pytest.raises(error, match=message):
        mr.windows(mr.zeros((1, 1, 4, 4)), **options)


def test_overlap_add_says_how_many_windows_the_images_have():
    with pytest.raises(ArgumentError, match=r"have \(3, 3\) windows .*, and y has \(3, 2\)"):
        mr.overlap_add(mr.zeros((1, 1, 2, 2, 3, 2)), (4, 4))
    with pytest.raises(ArgumentError, match=r"y must be \(N, C, height, width, rows, columns\)"):
        mr.overlap_add(mr.zeros((1, 1, 4, 4)), (4, 4))
