"""Derivatives of images read at points: away from kinks and at them, against PyTorch.

(Finite differences, and second derivatives, are compared in `test_derivatives.py`.)
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr

PYTORCH = {
    "constant": "zeros",
    "edge": "border",
    "reflect": "reflection",  # with align_corners=True
    "symmetric": "reflection",
}
SEED, SIDE = st.integers(0, 2**32 - 1), st.integers(1, 7)


@st.composite
def pictures(draw):
    """(N, C, H, W) of any small size, 1×1 and oblong ones included."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(SIDE), draw(SIDE))
    return np.random.default_rng(draw(SEED)).uniform(size=shape)


def gradients_of(sample, *arrays, upstream):
    xs = [mr.tensor(a, requires_grad=True) for a in arrays]
    return [g.numpy() for g in mr.grad(sample(*xs), xs, mr.tensor(upstream))]


def theta_of(torch, matrices, size_of_input, size):
    """What `affine_grid` takes, in the order (x, y) and in units of half an image."""

    def normal(height, width):
        rows = [[2 / width, 0, 1 / width - 1], [0, 2 / height, 1 / height - 1], [0, 0, 1]]
        return torch.tensor(rows, dtype=torch.float64)

    exchange = torch.tensor([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]], dtype=torch.float64)
    moved = normal(*size_of_input) @ exchange @ matrices @ exchange
    return (moved @ torch.linalg.inv(normal(*size)))[:, :2]


@pytest.mark.backends("numpy", "cupy")
@pytest.mark.parametrize("mode", ["constant", "edge", "symmetric"])
@given(x=pictures(), seed=SEED, size=st.tuples(SIDE, SIDE), zoom=st.floats(0.3, 3))
def test_matrices_get_the_gradients_of_pytorch(mode, x, seed, size, zoom):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    matrices = np.tile(np.eye(3), (len(x), 1, 1))
    matrices[:, :2] = zoom * rng.normal(size=(len(x), 2, 3))
    g = rng.normal(size=(*x.shape[:2], *size))

    images, a = (torch.tensor(value, requires_grad=True) for value in (x, matrices))
    shape = [*x.shape[:2], *size]
    theta = theta_of(torch, a, x.shape[2:], size)
    grid = torch.nn.functional.affine_grid(theta, shape, align_corners=False)
    y = torch.nn.functional.grid_sample(
        images, grid, padding_mode=PYTORCH[mode], align_corners=False
    )
    found = gradients_of(
        lambda x, a: mr.affine_sample(x, a, size, mode=mode), x, matrices, upstream=g
    )
    for ours, theirs in zip(found, torch.autograd.grad(y, [images, a], torch.tensor(g))):
        expected = theirs.numpy().copy()
        if expected.shape[1:] == (3, 3):
            expected[:, 2] = 0  # their last row takes part in products, and is not used
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.backends("numpy", "cupy")
@pytest.mark.parametrize("mode", PYTORCH)
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@given(x=pictures(), seed=SEED, size=st.tuples(SIDE, SIDE))
def test_points_get_the_gradients_of_pytorch(mode, interpolation, x, seed, size):
    torch = pytest.importorskip("torch")
    corners = mode == "reflect"
    if corners and min(x.shape[2:]) == 1:
        return  # PyTorch would divide by 0
    rng = np.random.default_rng(seed)
    points = rng.uniform(-9, 14, (len(x), *size, 2))
    g = rng.normal(size=(*x.shape[:2], *size))

    images, p = (torch.tensor(value, requires_grad=True) for value in (x, points))
    lengths = torch.tensor(x.shape[2:])
    grid = p * 2 / (lengths - 1) - 1 if corners else (2 * p + 1) / lengths - 1
    y = torch.nn.functional.grid_sample(
        images, grid.flip(-1), interpolation, padding_mode=PYTORCH[mode], align_corners=corners
    )
    found = gradients_of(
        lambda x, p: mr.grid_sample(x, p, mode=mode, interpolation=interpolation),
        x,
        points,
        upstream=g,
    )
    for ours, theirs in zip(found, torch.autograd.grad(y, [images, p], torch.tensor(g))):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("mode", PYTORCH)
@given(x=pictures())
def test_at_whole_points_the_slope_is_that_from_above(mode, x):
    height, width = x.shape[2:]
    grid = np.meshgrid(np.arange(-6, height + 6), np.arange(-6, width + 6), indexing="ij")
    points = np.tile(np.stack(grid, axis=-1).astype(np.float64), (len(x), 1, 1, 1))

    def read(x, points):
        return mr.grid_sample(x, points, mode=mode, fill=0.3)

    y = read(mr.tensor(x), mr.tensor(points)).numpy()
    _, found = gradients_of(read, x, points, upstream=np.ones(y.shape))
    for axis in (0, 1):  # linear up to the next whole point: a difference is the slope
        further = points + 0.5 * np.eye(2)[axis]
        slope = (read(mr.tensor(x), mr.tensor(further)).numpy() - y) / 0.5
        np.testing.assert_allclose(found[..., axis], slope.sum(axis=1), atol=1e-12)


def test_inside_the_slope_at_a_whole_point_is_that_of_pytorch():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(1, 2, 4, 8))  # PyTorch's coordinates are exact
    points = np.stack(np.mgrid[1:3, 1:7], axis=-1)[None].astype(np.float64)
    p = torch.tensor(points, requires_grad=True)
    grid = ((2 * p + 1) / torch.tensor([4, 8]) - 1).flip(-1)
    y = torch.nn.functional.grid_sample(torch.tensor(x), grid, align_corners=False)
    (expected,) = torch.autograd.grad(y.sum(), [p])
    _, found = gradients_of(mr.grid_sample, x, points, upstream=np.ones(y.shape))
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-12)


@pytest.mark.parametrize("mode", ["constant", "edge"])
def test_points_far_outside_get_no_gradient(mode):
    x = np.random.default_rng(0).normal(size=(1, 1, 3, 4))
    points = np.array([[[[-7.3, 1.5], [9.2, 1.5], [1.5, -6.6], [1.5, 30.5]]]])
    _, found = gradients_of(
        lambda x, p: mr.grid_sample(x, p, mode=mode), x, points, upstream=np.ones((1, 1, 1, 4))
    )
    assert [found[0, 0, k, k // 2] for k in range(4)] == [0, 0, 0, 0]


def test_one_matrix_for_all_images_gets_the_sum():
    rng = np.random.default_rng(0)
    x, a, g = rng.normal(size=(3, 2, 4, 5)), rng.normal(size=(3, 3)), rng.normal(size=(3, 2, 4, 5))
    _, shared = gradients_of(mr.affine_sample, x, a, upstream=g)
    _, each = gradients_of(mr.affine_sample, x, np.tile(a, (3, 1, 1)), upstream=g)
    np.testing.assert_allclose(shared, each.sum(axis=0), atol=1e-12)
    assert not shared[2].any()


def test_uint8_images_have_no_gradient():
    a = mr.tensor(np.eye(3), requires_grad=True)
    y = mr.affine_sample(mr.tensor(np.full((1, 1, 2, 2), 200, dtype=np.uint8)), a)
    assert y.dtype == np.uint8
    assert not y.requires_grad
