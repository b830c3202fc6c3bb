"""conv2d against SciPy, and in special cases with a known result; see also `cases.py`."""

import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.errors import ArgumentError, ArgumentTypeError
from tests.ops.drawing_images import convolved, pair


def convolution(x, weight, bias=None, **options):
    arrays = [None if a is None else mr.tensor(a) for a in (x, weight, bias)]
    return mr.conv2d(*arrays, **options).numpy()


@given(data=st.data())
def test_it_is_the_correlation_of_scipy(data):
    signal = pytest.importorskip("scipy.signal")
    arrays, options = convolved(data.draw)
    x, w = arrays[:2]
    dilation, stride, groups = options["dilation"], pair(options["stride"]), options["groups"]
    # A dilated kernel is one with zeros between its entries.
    down, across = pair(dilation)
    wide = np.zeros((*w.shape[:2], *(d * (k - 1) + 1 for d, k in zip((down, across), w.shape[2:]))))
    wide[:, :, ::down, ::across] = w
    if options["padding"] == "same":
        total = [n - 1 for n in wide.shape[2:]]
        widths = [(n // 2, n - n // 2) for n in total]
    else:
        widths = [(n, n) for n in pair(options["padding"])]
    margin = np.pad(x, ((0, 0), (0, 0), *widths))

    found = convolution(*arrays, **options)
    for n, o in np.ndindex(found.shape[:2]):
        first = o // (w.shape[0] // groups) * w.shape[1]
        planes = [
            signal.correlate2d(margin[n, first + c], wide[o, c], mode="valid")
            for c in range(w.shape[1])
        ]
        expected = sum(planes)[:: stride[0], :: stride[1]]
        if len(arrays) == 3:
            expected = expected + arrays[2][o]
        np.testing.assert_allclose(found[n, o], expected, rtol=1e-12, atol=1e-12)


def test_a_one_pixel_kernel_is_linear_on_the_channels():
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3)), rng.normal(size=6)
    expected = mr.linear(mr.tensor(np.moveaxis(x, 1, -1)), mr.tensor(w), mr.tensor(b)).numpy()
    found = convolution(x, w[:, :, None, None], b)
    np.testing.assert_allclose(np.moveaxis(found, 1, -1), expected, rtol=1e-13, atol=1e-14)


def test_groups_are_separate_convolutions():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 6, 4, 4)), rng.normal(size=(9, 2, 3, 3))
    parts = [
        convolution(x[:, 2 * i : 2 * i + 2], w[3 * i : 3 * i + 3], padding=1) for i in range(3)
    ]
    found = convolution(x, w, padding=1, groups=3)
    np.testing.assert_allclose(found, np.concatenate(parts, axis=1), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("kernel_size", [1, 2, 3, (4, 5)])
@pytest.mark.parametrize("dilation", [1, 2, (3, 1)])
def test_same_keeps_the_size_and_valid_is_no_margin(kernel_size, dilation):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 1, 11, 12)), rng.normal(size=(1, 1, *pair(kernel_size)))
    assert convolution(x, w, padding="same", dilation=dilation).shape == x.shape
    valid = convolution(x, w, padding="valid", dilation=dilation)
    assert valid.tolist() == convolution(x, w, dilation=dilation).tolist()


def test_moving_the_image_moves_the_output():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(1, 2, 8, 8)), rng.normal(size=(3, 2, 3, 3))
    moved = convolution(np.roll(x, (2, 1), axis=(2, 3)), w)
    np.testing.assert_allclose(moved[:, :, 2:, 1:], convolution(x, w)[:, :, :-2, :-1], rtol=1e-12)


@given(data=st.data())
def test_parts_of_the_windows_give_the_same_as_the_whole(monkeypatch, data):
    arrays, options = convolved(data.draw)
    xs = [mr.tensor(a, requires_grad=True) for a in arrays]
    module, results = sys.modules["minireg.ops.windows"], []
    settings = ((2**20, 10**6, 10**9), (1, 10**6, 10**9), (2**20, 300, 10**9))
    for cache, small, piece in (*settings, (2**20, 10**6, 0), (1, 10**6, 0)):
        monkeypatch.setattr(module, "CACHE", cache)
        monkeypatch.setattr(module, "SMALL", small)
        monkeypatch.setattr(module, "PIECE", piece)
        y = mr.conv2d(*xs, **options)
        results.append([y, *mr.grad((y * y).sum(), xs)])
    for whole, *parts in zip(*results):
        for part in parts:
            np.testing.assert_allclose(whole.numpy(), part.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.host
@pytest.mark.parametrize("shape", [(8, 16, 64, 64), (256, 32, 8, 8)])
def test_memory_stays_within_three_times_input_and_output(shape):
    x = mr.tensor(np.ones(shape, np.float32), requires_grad=True)
    w = mr.tensor(np.ones((shape[1], shape[1], 3, 3), np.float32), requires_grad=True)
    tracemalloc.start()
    try:
        y = mr.conv2d(x, w, padding=1)
        y.backward(np.ones(y.shape, np.float32))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert x.data.nbytes + peak < 3 * (x.data.nbytes + y.data.nbytes)


@pytest.mark.parametrize("channels", [2, 16])
def test_an_empty_batch_has_zero_gradients(backend, channels):
    x, w = mr.zeros((0, channels, 5, 5)), mr.ones((3, channels, 3, 3), requires_grad=True)
    y = mr.conv2d(x, w)
    assert y.shape == (0, 3, 3, 3)
    y.sum().backward()
    assert backend.to_host(w.grad).tolist() == np.zeros((3, channels, 3, 3)).tolist()


def test_a_convolution_is_the_sum_over_its_channels(backend):
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=(3, 16, 5, 5)), rng.normal(size=(4, 16, 3, 3))
    x, w = (mr.tensor(a, requires_grad=True) for a in arrays)
    parts = [mr.conv2d(x[:, i : i + 1], w[:, i : i + 1], padding=1) for i in range(16)]
    y, expected = mr.conv2d(x, w, padding=1), sum(parts)
    found = [y, *mr.grad((y * y).sum(), (x, w))]
    for a, b in zip(found, [expected, *mr.grad((expected * expected).sum(), (x, w))]):
        np.testing.assert_allclose(
            backend.to_host(a.data), backend.to_host(b.data), rtol=1e-12, atol=1e-12
        )


def call(x=(2, 4, 5, 5), weight=(6, 4, 3, 3), bias=None, **options):
    bias = None if bias is None else mr.zeros(bias)
    return mr.conv2d(mr.zeros(x), mr.zeros(weight), bias, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": (4, 5, 5)}, r"images must be \(N, C, H, W\).*got shape \(4, 5, 5\)"),
        ({"weight": (4, 3, 3)}, r"weight must be .*, got shape \(4, 3, 3\)"),
        ({"weight": (1, 4, 3, 3, 3)}, r"weight must be .*, got shape \(1, 4, 3, 3, 3\)"),
        ({"weight": (6, 3, 3, 3)}, r"shape \(6, 3, 3, 3\) does not fit .*\(2, 4, 5, 5\).* be 4"),
        ({"groups": 2}, r"with groups=2: its second length must be 2"),
        ({"groups": 4}, "4 input and 6 output channels cannot be divided into 4 equal groups"),
        ({"groups": 3}, "4 input and 6 output channels cannot be divided into 3 equal groups"),
        ({"groups": 0}, "groups must be at least 1, got 0"),
        ({"bias": (4,)}, r"the bias must have shape \(6,\), got \(4,\)"),
        ({"weight": (6, 4, 7, 3)}, r"\(7, 3\).* does not fit into images of size \(5, 5\)"),
        ({"weight": (6, 4, 0, 3)}, "kernel_size must be at least 1, got 0"),
        ({"dilation": 3}, r"covers \(7, 7\) pixels .* images of size \(5, 5\)"),
        ({"stride": 0}, "stride must be at least 1, got 0"),
        ({"padding": -1}, "padding must be at least 0, got -1"),
        ({"padding": "full"}, "'valid' or 'same', got 'full'"),
        ({"padding": "same", "stride": 2}, "padding='same' .* stride must be 1, got 2"),
    ],
)
def test_arguments_that_do_not_fit_get_their_sentence(options, message):
    with pytest.raises(ArgumentError, match=f"conv2d: .*{message}"):
        call(**options)


def test_a_fractional_stride_raises():
    with pytest.raises(ArgumentTypeError, match=r"stride must be a whole number, got 1\.5"):
        call(stride=1.5)
