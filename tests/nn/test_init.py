"""nn.init: distributions by Kolmogorov and Smirnov, exact orthogonality, PyTorch's gains."""

from __future__ import annotations

import numpy as np
import pytest

import minireg as mr
from minireg import nn
from minireg.errors import ArgumentError, ArgumentTypeError

LINEAR, KERNEL = (80, 50), (16, 8, 5, 3)  # fans (50, 80) and (120, 240)


def fresh(shape=LINEAR):
    return nn.Parameter(mr.tensor(np.full(shape, np.nan, np.float32)))


# filler, its options, shape, (distribution, its arguments) as SciPy names them
CASES = {
    "uniform": (nn.init.uniform_, {"a": -2, "b": 3}, LINEAR, ("uniform", (-2, 5))),
    "normal": (nn.init.normal_, {"mean": 1, "std": 3}, LINEAR, ("norm", (1, 3))),
    "trunc_normal": (nn.init.trunc_normal_, {}, LINEAR, ("truncnorm", (-2, 2))),
    "trunc_normal_off_centre": (
        nn.init.trunc_normal_,
        {"mean": 1, "std": 2, "a": 0, "b": 2},
        LINEAR,
        ("truncnorm", (-0.5, 0.5, 1, 2)),
    ),
    "xavier_normal": (nn.init.xavier_normal_, {}, LINEAR, ("norm", (0, np.sqrt(2 / 130)))),
    "xavier_normal_kernel": (
        nn.init.xavier_normal_,
        {"gain": 2},
        KERNEL,
        ("norm", (0, 2 * np.sqrt(2 / 360))),
    ),
    "kaiming_normal": (nn.init.kaiming_normal_, {}, LINEAR, ("norm", (0, np.sqrt(2 / 50)))),
    "kaiming_normal_out_kernel": (
        nn.init.kaiming_normal_,
        {"mode": "fan_out", "nonlinearity": "tanh"},
        KERNEL,
        ("norm", (0, 5 / 3 / np.sqrt(240))),
    ),
    "kaiming_normal_leaky": (
        nn.init.kaiming_normal_,
        {"a": 0.5},
        KERNEL,
        ("norm", (0, np.sqrt(2 / 1.25 / 120))),
    ),
    "xavier_uniform": (
        nn.init.xavier_uniform_,
        {},
        LINEAR,
        ("uniform", (-np.sqrt(6 / 130), 2 * np.sqrt(6 / 130))),
    ),
    "kaiming_uniform": (
        nn.init.kaiming_uniform_,
        {"a": 5**0.5},
        LINEAR,
        ("uniform", (-(50**-0.5), 2 * 50**-0.5)),  # PyTorch's Linear: ±1/√in
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_values_have_the_distribution_of_the_formula(backend, name):
    stats = pytest.importorskip("scipy.stats")
    fill, options, shape, (distribution, arguments) = CASES[name]
    p = fresh(shape)
    array = p.data
    assert fill(p, generator=mr.Generator(1), **options) is p
    assert p.data is array  # in place: an optimizer may hold it
    values = p.numpy().astype(np.float64).ravel()
    low, high = getattr(stats, distribution)(*arguments).support()
    assert (values >= low - 1e-6).all()
    assert (values <= high + 1e-6).all()
    assert stats.kstest(values, distribution, arguments).pvalue > 0.01
    again = fill(fresh(shape), generator=mr.Generator(1), **options)
    np.testing.assert_array_equal(again.numpy(), p.numpy())


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 3, 2, 2), (20, 3, 2, 2)])
def test_orthogonal_matrices_are_orthogonal(shape):
    p = nn.Parameter(mr.zeros(shape, dtype=mr.float64))
    w = nn.init.orthogonal_(p, gain=3.0).numpy().reshape(shape[0], -1)
    product = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, 9 * np.eye(len(product)), atol=1e-13)


def test_orthogonal_matrices_follow_the_haar_measure():
    stats = pytest.importorskip("scipy.stats")
    generator, p = mr.Generator(0), nn.Parameter(mr.zeros((2, 2), dtype=mr.float64))
    drawn = np.array(
        [nn.init.orthogonal_(p, generator=generator).numpy().copy() for _ in range(2000)]
    )
    angles = np.arctan2(drawn[:, 1, 0], drawn[:, 0, 0])
    assert stats.kstest(angles, "uniform", (-np.pi, 2 * np.pi)).pvalue > 0.01
    reflections = int((np.linalg.det(drawn) < 0).sum())
    assert stats.binomtest(reflections, 2000).pvalue > 0.01


def test_constants_and_the_identity_are_written():
    assert nn.init.constant_(fresh((2, 2)), 1.5).tolist() == [[1.5, 1.5], [1.5, 1.5]]
    assert nn.init.zeros_(fresh((2,))).tolist() == [0.0, 0.0]
    assert nn.init.ones_(fresh(())).tolist() == 1.0
    assert nn.init.eye_(fresh((2, 3))).tolist() == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.mark.host
def test_gains_are_those_of_pytorch():
    gain = pytest.importorskip("torch").nn.init.calculate_gain
    for name in ("linear", "conv2d", "conv_transpose3d", "sigmoid", "tanh", "relu", "selu"):
        assert nn.init.calculate_gain(name) == gain(name)
    for slope in (None, 0, 0.2, -1.5):
        assert nn.init.calculate_gain("leaky_relu", slope) == gain("leaky_relu", slope)


def test_by_default_the_seed_of_minireg_decides():
    def drawn():
        mr.seed(7)
        return nn.init.normal_(fresh()).tolist()

    assert drawn() == drawn()


@pytest.mark.host
def test_bad_input_gets_a_sentence_and_writes_nothing():
    p = nn.init.ones_(fresh((3, 3)))
    for kind, match, call in [
        (
            ArgumentError,
            "nonlinearity must be one of .*, got 'mish'",
            lambda: nn.init.calculate_gain("mish"),
        ),
        (ArgumentError, "at least two axes", lambda: nn.init.xavier_normal_(fresh((3,)))),
        (ArgumentError, "mode must be 'fan_in'", lambda: nn.init.kaiming_normal_(p, mode="fan")),
        (ArgumentError, "std must be at least 0", lambda: nn.init.normal_(p, std=-1)),
        (ArgumentError, "b must be at least 2", lambda: nn.init.uniform_(p, 2, 1)),
        (ArgumentError, "Choose a wider interval", lambda: nn.init.trunc_normal_(p, a=8, b=9)),
        (ArgumentError, "eye_ needs a matrix", lambda: nn.init.eye_(fresh((2, 2, 2)))),
        (ArgumentError, "orthogonal_ needs a matrix", lambda: nn.init.orthogonal_(fresh((2,)))),
        (ArgumentTypeError, "value must be a number", lambda: nn.init.constant_(p, "1")),
        (ArgumentTypeError, "into a Tensor, .* ndarray", lambda: nn.init.zeros_(np.ones(2))),
    ]:
        with pytest.raises(kind, match=match):
            call()
    assert p.tolist() == [[1.0] * 3] * 3
