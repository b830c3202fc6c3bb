"""Values and gradients of penalties, and the three scales of L2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import nn
from minireg import regularizers as reg
from minireg.errors import ArgumentError, ArgumentTypeError

strengths = st.just(0.0) | st.floats(1e-6, 10)
samples = st.integers(1, 10**6)
l1s = st.builds(reg.L1, strengths)
l2s = st.builds(reg.L2, strengths, st.sampled_from(["sum", "half", "half_mean"]), samples=samples)
single = l1s | l2s
penalties = single | st.builds(lambda a, b: a + b, single, single)
shapes = st.lists(st.integers(1, 4), max_size=3).map(tuple)
seeds = st.integers(0, 2**32 - 1)


def weights(shape, seed):
    """Normal numbers with some exact zeros among them."""
    rng = np.random.default_rng(seed)
    return np.array(rng.normal(size=shape) * (rng.uniform(size=shape) < 0.8))


# -- closed forms ----------------------------------------------------------------------------------

W = np.array([[3.0, -4.0, 0.0], [0.5, 0.0, -2.0]])
SQUARES, ABSOLUTES = 29.25, 9.5
CLOSED_FORMS = {
    "L1": (reg.L1(0.1), 0.1 * ABSOLUTES, 0.1 * np.sign(W)),
    "L2 sum": (reg.L2(0.1, "sum"), 0.1 * SQUARES, 0.2 * W),
    "L2 half": (reg.L2(0.1, "half"), 0.05 * SQUARES, 0.1 * W),
    "L2 half is the default": (reg.L2(0.1), 0.05 * SQUARES, 0.1 * W),
    "L2 half_mean": (reg.L2(0.1, "half_mean", samples=20), 0.0025 * SQUARES, 0.005 * W),
    "a sum": (
        reg.L1(0.1) + reg.L2(0.2, "sum"),
        0.1 * ABSOLUTES + 0.2 * SQUARES,
        0.1 * np.sign(W) + 0.4 * W,
    ),
    "a sum of three": (
        reg.L1(0.1) + reg.L2(0.2) + reg.L1(0.3),
        0.4 * ABSOLUTES + 0.1 * SQUARES,
        0.4 * np.sign(W) + 0.2 * W,
    ),
}
every_form = pytest.mark.parametrize(
    ("penalty", "value", "gradient"), CLOSED_FORMS.values(), ids=CLOSED_FORMS
)


@every_form
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_value_and_gradient_are_the_closed_form(backend, penalty, value, gradient, dtype):
    rtol = 1e-14 if dtype is np.float64 else 4e-7
    w = mr.tensor(W.astype(dtype))
    of_array, of_tensor = backend.to_host(penalty.value(w.data)), penalty.value(w)
    np.testing.assert_allclose(of_array, value, rtol=rtol)
    np.testing.assert_allclose(of_tensor.item(), value, rtol=rtol)
    assert of_tensor.dtype == dtype
    explicit = backend.to_host(penalty.gradient(w.data))
    assert explicit.dtype == dtype
    np.testing.assert_allclose(explicit, gradient, rtol=rtol)
    np.testing.assert_allclose(penalty(w).item(), value, rtol=rtol)


def test_the_penalty_of_a_model_is_the_sum_over_its_weights():
    net = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 4))
    for p in net.parameters():
        p.data = p.data.astype(np.float64)
    penalty = reg.L1(0.3) + reg.L2(0.2)
    expected = sum(
        0.3 * np.abs(w).sum() + 0.1 * (w * w).sum()
        for w in (net[0].weight.numpy(), net[1].weight.numpy())
    )
    np.testing.assert_allclose(penalty(net).item(), expected, rtol=1e-14)


@given(strength=st.floats(1e-6, 10), m=samples, shape=shapes, seed=seeds)
def test_the_scales_convert_as_promised(backend, strength, m, shape, seed):
    """sum λ = half 2λ = half_mean 2λm, in value, gradient and proximal step."""
    w = mr.tensor(weights(shape, seed)).data
    same = [
        reg.L2(strength, "sum"),
        reg.L2(2 * strength, "half"),
        reg.L2(2 * strength * m, "half_mean", samples=m),
    ]
    for look in (
        lambda p: p.value(w),
        lambda p: p.gradient(w),
        lambda p: p.proximal(w, 0.1),
    ):
        first, *others = (backend.to_host(look(p)) for p in same)
        for other in others:
            np.testing.assert_allclose(other, first, rtol=1e-14)


# -- gradients -------------------------------------------------------------------------------------


@given(penalty=penalties, shape=shapes, seed=seeds)
def test_loss_term_and_add_gradients_give_the_same_gradient(backend, penalty, shape, seed):
    start = weights(shape, seed)
    target = np.random.default_rng(seed + 1).normal(size=shape)
    by_autograd, by_formula = (mr.tensor(start, requires_grad=True) for _ in range(2))

    def data_loss(w):
        return ((w - mr.tensor(target)) ** 2).sum()

    (data_loss(by_autograd) + penalty(by_autograd)).backward()
    data_loss(by_formula).backward()
    penalty.add_gradients(by_formula)
    found, expected = backend.to_host(by_formula.grad), backend.to_host(by_autograd.grad)
    assert found.dtype == expected.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)


@given(penalty=penalties, seed=seeds)
def test_both_ways_give_a_model_the_same_gradients(backend, penalty, seed):
    x = mr.tensor(np.random.default_rng(seed).normal(size=(5, 4)).astype(np.float32))

    def gradients(explicit):
        mr.seed(seed)
        net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
        data_loss = (net(x) ** 2).mean()
        (data_loss if explicit else data_loss + penalty(net)).backward()
        if explicit:
            penalty.add_gradients(net)
        return {name: backend.to_host(p.grad) for name, p in net.named_parameters()}

    found, expected = gradients(True), gradients(False)
    assert list(found) == list(expected)
    for name, g in found.items():
        assert g.dtype == np.float32
        # a few roundings of float32 numbers no larger than the largest gradient
        scale = np.abs(expected[name]).max() + 1
        np.testing.assert_allclose(g, expected[name], rtol=0, atol=1e-6 * scale, err_msg=name)


@given(penalty=penalties, shape=shapes, seed=seeds)
def test_the_gradient_is_that_of_finite_differences(backend, penalty, shape, seed):
    w = weights(shape, seed)
    w = np.where(np.abs(w) < 1e-3, 0.5, w)
    analytic = backend.to_host(penalty.gradient(mr.tensor(w).data))
    # Both terms are piecewise quadratic, where central differences have no truncation error.
    # What is left is the rounding of the value: ε |value| / h.
    h = 1e-4

    def value(array):
        return float(backend.to_host(penalty.value(mr.tensor(array).data)))

    bound = 20 * np.finfo(float).eps * (abs(value(w)) + 1) / h
    for index in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[index] = h
        numeric = (value(w + step) - value(w - step)) / (2 * h)
        assert abs(analytic[index] - numeric) <= bound


@given(penalty=penalties)
def test_the_gradient_at_zero_is_zero_both_ways(backend, penalty):
    w = mr.tensor(np.array([0.0, -0.0, 1.0]), requires_grad=True)
    penalty(w).backward()
    for g in (backend.to_host(w.grad), backend.to_host(penalty.gradient(w.data))):
        assert g[0] == 0
        assert g[1] == 0


@given(strength=st.floats(1e-3, 10), l1=strengths, seed=seeds)
def test_the_second_derivative_is_the_decay(strength, l1, seed):
    net, rng = nn.Linear(3, 2), np.random.default_rng(seed)
    net.weight.data = net.weight.data.astype(np.float64)
    penalty = reg.L2(strength, "sum") + reg.L1(l1)
    first = mr.grad(penalty(net), net.weight, create_graph=True)
    direction = rng.normal(size=(2, 3))
    second = mr.grad((first * mr.tensor(direction)).sum(), net.weight)
    np.testing.assert_allclose(second.numpy(), 2 * strength * direction, rtol=1e-13)


def test_add_gradients_adds_every_time(backend):
    w = mr.tensor([1.0, -2.0], requires_grad=True)
    reg.L2(0.5).add_gradients(w)
    assert backend.to_host(w.grad).tolist() == [0.5, -1.0]
    reg.L2(0.5).add_gradients(w)
    assert backend.to_host(w.grad).tolist() == [1.0, -2.0]


def test_add_gradients_leaves_a_held_array_as_it_is(backend):
    w = mr.tensor([1.0, -2.0], requires_grad=True)
    w.grad = held = backend.asarray(np.array([1.0, 1.0], np.float32))
    reg.L1(0.5).add_gradients(w)
    assert backend.to_host(held).tolist() == [1.0, 1.0]
    assert backend.to_host(w.grad).tolist() == [1.5, 0.5]
    assert w.tolist() == [1.0, -2.0]


# -- weight decay ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda params, decay: mr.optim.SGD(params, lr=0.1, weight_decay=decay),
        lambda params, decay: mr.optim.SGD(params, lr=0.1, momentum=0.9, weight_decay=decay),
        lambda params, decay: mr.optim.Adam(params, lr=0.1, weight_decay=decay),
    ],
    ids=["sgd", "momentum", "adam"],
)
@pytest.mark.parametrize("way", ["loss term", "add_gradients"])
def test_l2_half_takes_the_steps_of_coupled_weight_decay(make, way):
    decay, x = 0.3, mr.tensor(np.random.default_rng(0).normal(size=(6, 4)))

    def train(penalty, weight_decay):
        net = nn.Linear(4, 3, bias=False, generator=mr.Generator(0))
        net.weight.data = net.weight.data.astype(np.float64)
        optimizer = make(net.parameters(), weight_decay)
        for _ in range(10):
            loss = (net(x) ** 3).mean()
            optimizer.zero_grad()
            (loss + penalty(net) if penalty and way == "loss term" else loss).backward()
            if penalty and way == "add_gradients":
                penalty.add_gradients(net)
            optimizer.step()
        return net.weight.numpy()

    np.testing.assert_allclose(train(reg.L2(decay), 0.0), train(None, decay), rtol=1e-12)


# -- half_mean -------------------------------------------------------------------------------------


def test_half_mean_without_samples_raises_where_it_is_used():
    open_one, w = reg.L2(0.1, scale="half_mean"), mr.tensor([1.0], requires_grad=True)
    for penalty in (open_one, reg.L1(0.1) + open_one):
        for use in (
            lambda p: p.value(w),
            lambda p: p.gradient(w.data),
            lambda p: p.proximal(w.data, 0.1),
            lambda p: p(w),
            lambda p: p.add_gradients(w),
            lambda p: p.apply_proximal(w, 0.1),
        ):
            with pytest.raises(ArgumentError, match=r"needs m, the size of the training set"):
                use(penalty)
    assert w.grad is None
    assert w.tolist() == [1.0]


@pytest.mark.host
def test_with_samples_fills_in_only_what_is_missing():
    w = np.array([2.0])
    open_one = reg.L2(0.5, scale="half_mean")
    filled = open_one.with_samples(10)
    assert filled.value(w) == pytest.approx(0.5 / 20 * 4, rel=1e-15)
    assert open_one.samples is None  # a copy was filled in
    assert filled.with_samples(99).samples == 10
    assert reg.L2(0.5, "half_mean", samples=5).with_samples(10).samples == 5
    for other in (reg.L2(0.5), reg.L2(0.5, "sum"), reg.L1(0.5)):
        assert other.with_samples(10).value(w) == other.value(w)
    total = (reg.L1(0.5) + open_one + reg.L2(1.0)).with_samples(10)
    assert total.value(w) == pytest.approx(0.5 * 2 + 0.5 / 20 * 4 + 0.5 * 4, rel=1e-15)


@pytest.mark.host
@pytest.mark.parametrize(
    ("wrong", "error"), [(0, ArgumentError), (-3, ArgumentError), (1.5, ArgumentTypeError)]
)
def test_a_size_that_is_not_a_count_raises(wrong, error):
    with pytest.raises(error, match="samples must be"):
        reg.L2(0.1, "half_mean", samples=wrong)
    with pytest.raises(error, match="samples must be"):
        reg.L2(0.1, "half_mean").with_samples(wrong)


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.host
@pytest.mark.parametrize("kind", [reg.L1, reg.L2])
def test_a_strength_below_zero_or_not_a_number_raises(kind):
    for wrong in (-1e-9, float("nan"), float("inf")):
        with pytest.raises(ArgumentError, match="strength must be"):
            kind(wrong)
    for wrong in ("0.1", None, True):
        with pytest.raises(ArgumentTypeError, match="strength must be a number"):
            kind(wrong)
    assert kind(0).value(np.ones(2)) == 0


@pytest.mark.host
def test_a_strength_with_a_gradient_to_lose_is_refused():
    learned = mr.tensor(0.1, requires_grad=True)
    for make in (reg.L1, reg.MaxNorm, reg.ElasticNet, nn.Dropout, nn.GaussianNoise):
        assert make(learned.detach()) is not None
        with pytest.raises(ArgumentTypeError, match=r"must be a number.* requires_grad=True"):
            make(learned)


@pytest.mark.host
def test_an_unknown_scale_raises_and_names_the_known_ones():
    with pytest.raises(ArgumentError, match="'sum', 'half' or 'half_mean', got 'mean'"):
        reg.L2(0.1, scale="mean")


@pytest.mark.host
def test_only_penalties_can_be_added_to_a_penalty():
    for wrong in (0.1, mr.tensor(1.0), None):
        with pytest.raises(ArgumentTypeError, match=r"loss \+ penalty\(model\)"):
            reg.L1(0.1) + wrong


@pytest.mark.host
def test_a_strength_of_numpy_does_not_widen_float32():
    penalty = reg.L1(np.float64(0.1)) + reg.L2(np.float64(0.1))
    w = mr.tensor(np.ones(3, np.float32), requires_grad=True)
    assert penalty(w).dtype == np.float32
    assert penalty.gradient(w.data).dtype == np.float32
    assert penalty.proximal(w.data, 0.1).dtype == np.float32
    penalty.apply_proximal(w, np.float64(0.1))
    assert w.dtype == np.float32
