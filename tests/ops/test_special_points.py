"""Kinks, ties, infinities, and other points where the formula alone does not give the result."""

import functools
import math

import numpy as np
import pytest
from scipy import special

import minireg as mr
from minireg.errors import MiniregError


def derivatives(function, values, orders=2):
    """[f(x), f'(x), f''(x), …] at each value of an elementwise function, float64."""
    x = mr.tensor(np.asarray(values, dtype="float64"), requires_grad=True)
    y = function(x)
    found = [y.numpy()]
    for _ in range(orders):
        y = mr.grad(y.sum(), x, create_graph=True) if y.requires_grad else 0 * x
        found.append(y.numpy())
    return found


def gradient(function, values):
    x = mr.tensor(np.asarray(values, dtype="float64"), requires_grad=True)
    return mr.grad(function(x), x).numpy()


# -- kinks and ties --------------------------------------------------------------------------------


def test_relu_has_slope_zero_at_its_kink():
    _, first, second = derivatives(mr.relu, [-1.0, 0.0, 2.0])
    assert first.tolist() == [0, 0, 1]
    assert second.tolist() == [0, 0, 0]


def test_abs_has_slope_zero_at_its_kink():
    _, first, _ = derivatives(mr.abs, [-1.0, 0.0, -0.0, 2.0])
    assert first.tolist() == [-1, 0, 0, 1]
    assert mr.sign(mr.tensor([-3.0, 0.0, 2.0])).tolist() == [-1, 0, 1]


def test_clip_has_slope_one_at_its_bounds():
    _, first, _ = derivatives(lambda x: mr.clip(x, -1, 2), [-1.5, -1.0, 0.0, 2.0, 2.5])
    assert first.tolist() == [0, 1, 1, 1, 0]
    _, first, _ = derivatives(lambda x: mr.clip(x, min=0), [-1.0, 0.0, 9.0])
    assert first.tolist() == [0, 1, 1]
    _, first, _ = derivatives(lambda x: mr.clip(x, max=0), [-1.0, 0.0, 9.0])
    assert first.tolist() == [1, 1, 0]


def test_a_number_at_its_bound_takes_the_whole_slope_of_clip():
    x, low, high = (mr.tensor([value], requires_grad=True) for value in (2.0, 2.0, 2.0))
    mr.clip(x, low, high).backward(x.data * 0 + 1)
    assert [mr.Tensor(p.grad).tolist() for p in (x, low, high)] == [[1], [0], [0]]


def test_leaky_relu_has_its_slope_at_the_kink():
    _, first, _ = derivatives(lambda x: mr.leaky_relu(x, 0.25), [-1.0, 0.0, -0.0, 2.0])
    assert first.tolist() == [0.25, 0.25, 0.25, 1]
    assert mr.leaky_relu(mr.tensor([-2.0, math.inf]), 0.0).tolist() == [0, math.inf]


def test_elu_has_the_slope_of_its_curved_side_at_zero():
    _, first, second = derivatives(lambda x: mr.elu(x, alpha=0.5), [0.0, 1.0])
    assert first.tolist() == [0.5, 1]
    assert second.tolist() == [0.5, 0]


def test_hardtanh_has_slope_one_at_its_bounds():
    _, first, _ = derivatives(mr.hardtanh, [-1.5, -1.0, 0.0, 1.0, 1.5])
    assert first.tolist() == [0, 1, 1, 1, 0]


def test_l1_and_hinge_have_slope_zero_at_their_kinks():
    x = mr.tensor(np.array([1.0, 2.0]), requires_grad=True)
    target = mr.tensor(np.array([1.0, 1.0]))
    assert mr.grad(mr.l1_loss(x, target, reduction="sum"), x).tolist() == [0, 1]
    assert mr.grad(mr.hinge(x, target, reduction="sum"), x).tolist() == [0, 0]


def test_std_has_gradient_zero_where_it_is_zero():
    rows = gradient(lambda x: mr.std(x, axis=1).sum(), [[2.0, 2.0], [0.0, 2.0]])
    assert rows.tolist() == [[0, 0], [-0.5, 0.5]]
    x = mr.tensor(np.ones(3), requires_grad=True)
    first = mr.grad(mr.std(x), x, create_graph=True)
    assert mr.grad((first * first).sum(), x).tolist() == [0, 0, 0]


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, math.inf])
def test_norm_has_gradient_zero_where_it_is_zero(p):
    assert gradient(lambda x: mr.norm(x, p), [0.0, 0.0]).tolist() == [0, 0]
    rows = gradient(lambda x: mr.norm(x, p, axis=1).sum(), [[0.0, 0.0], [3.0, 0.0]])
    np.testing.assert_allclose(rows, [[0, 0], [1, 0]], rtol=1e-15)


def test_norm_is_entrywise_for_matrices_too():
    w = mr.tensor([[3.0, 0.0], [0.0, -4.0]])
    assert [mr.norm(w, p).item() for p in (1, 2, math.inf)] == [7, 5, 4]
    assert mr.norm(w, 3).item() == pytest.approx((27 + 64) ** (1 / 3))


def test_norm_has_the_right_second_derivative_at_zero_entries():
    # H = (I − x xᵀ/‖x‖²)/‖x‖ at x = (2, 0): the derivative along the zero entry is 1/2.
    x = mr.tensor(np.array([2.0, 0.0]), requires_grad=True)
    first = mr.grad(mr.norm(x), x, create_graph=True)
    assert mr.grad(first[1], x).tolist() == [0.0, 0.5]


def test_singular_values_have_slope_zero_at_zero():
    """Also where rounding leaves 1e-16 in place of 0, so that no random vector gets a slope."""
    assert gradient(lambda x: mr.singular_values(x).sum(), np.zeros((2, 3))).any() == 0
    w = np.outer([1.0, 2.0, -1.0], [0.3, 0.1])
    assert mr.singular_values(mr.tensor(w)).tolist()[1] == 0
    found = gradient(lambda x: mr.singular_values(x).sum(), w)
    np.testing.assert_allclose(found, w / np.linalg.norm(w), rtol=0, atol=1e-15)


def test_singular_values_of_what_is_not_finite_are_nan():
    x = np.array([np.eye(2), [[np.inf, 1], [1, 0]], [[np.nan, 1], [1, 0]]])
    found = mr.singular_values(mr.tensor(x)).numpy()
    np.testing.assert_array_equal(found, [[1, 1], [np.nan] * 2, [np.nan] * 2])


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_singular_vectors_have_derivatives_at_any_scale(scale):
    """The squares of these σ are 0 or infinite."""
    w, weights = np.array([[3.0, 1.0], [0.5, 2.0]]), mr.tensor(np.diag([1.0, 2.0]))

    def function(x):
        u, _, vt = mr.svd(x)
        return (u @ vt * weights).sum()

    found = gradient(function, scale * w)
    np.testing.assert_allclose(scale * found, gradient(function, w), rtol=1e-12)


def test_equal_singular_values_have_finite_derivatives():
    # U sinh(σ) Vᵀ at I: the infinite parts of dU and dV are left out, sinh'(1) on the diagonal.
    def function(x):
        u, s, vt = mr.svd(x)
        return ((u * mr.sinh(s)) @ vt * mr.tensor(np.diag([1.0, 2.0]))).sum()

    np.testing.assert_allclose(gradient(function, np.eye(2)), np.diag([1, 2]) * np.cosh(1))
    np.testing.assert_allclose(
        gradient(lambda x: mr.singular_values(x).sum(), np.eye(2)), np.eye(2)
    )


def test_maximum_and_minimum_give_half_to_each_of_a_tie():
    for function, winner in ((mr.maximum, (0, 1)), (mr.minimum, (1, 0))):
        a = mr.tensor([1.0, 2.0], requires_grad=True)
        b = mr.tensor([1.0, 3.0], requires_grad=True)
        ga, gb = mr.grad(function(a, b).sum(), [a, b])
        assert ga.tolist() == [0.5, winner[0]]
        assert gb.tolist() == [0.5, winner[1]]


def test_max_shares_its_gradient_equally_between_ties():
    rows = [[1.0, 5.0, 5.0], [2.0, 0.0, 1.0], [7.0, 7.0, 7.0]]
    shares = gradient(lambda x: x.max(axis=1).sum(), rows)
    np.testing.assert_allclose(shares, [[0, 0.5, 0.5], [1, 0, 0], [1 / 3] * 3])
    assert gradient(mr.max, [2.0, 2.0]).tolist() == [0.5, 0.5]
    assert gradient(mr.min, [2.0, 3.0, 2.0]).tolist() == [0.5, 0, 0.5]
    assert gradient(lambda x: mr.norm(x, math.inf), [-2.0, 2.0]).tolist() == [-0.5, 0.5]


def test_where_blocks_a_nan_of_the_other_branch():
    x = mr.tensor(np.array([0.0, 4.0]), requires_grad=True)
    mr.where(x > 0, mr.log(mr.where(x > 0, x, 1.0)), 0.0).sum().backward()
    assert mr.Tensor(x.grad).tolist() == [0.0, 0.25]


# -- powers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_array", [False, True])
def test_small_powers_are_smooth_at_zero(as_array):
    points = [-1.5, 0.0, 2.0]
    for exponent in (0, 1, 2, 3):
        b = mr.tensor(np.full(3, float(exponent))) if as_array else exponent
        value, first, second = derivatives(lambda x, b=b: x**b, points)
        x = np.array(points)
        n = exponent
        np.testing.assert_allclose(value, x**n)
        np.testing.assert_allclose(first, n * x ** max(n - 1, 0))
        np.testing.assert_allclose(second, n * (n - 1) * x ** max(n - 2, 0))


def test_the_exponent_of_zero_has_derivative_zero():
    _, first, second = derivatives(lambda b: 0.0**b, [0.5, 1.0, 2.0])
    assert first.tolist() == second.tolist() == [0, 0, 0]
    _, first, _ = derivatives(lambda b: 2.0**b, [0.0, 3.0])
    np.testing.assert_allclose(first, [math.log(2), 8 * math.log(2)])


@pytest.mark.parametrize("row", [[0.0, 3.0, 5.0], [0.0, 0.0, 5.0], [0.0, 0.0, 0.0]])
def test_prod_has_the_right_derivatives_at_zero_entries(row):
    x = mr.tensor(np.array(row), requires_grad=True)
    first = mr.grad(mr.prod(x), x, create_graph=True)
    others = [[1, 2], [0, 2], [0, 1]]
    np.testing.assert_array_equal(first.numpy(), [row[i] * row[j] for i, j in others])
    second = np.array([mr.grad(first[i], x, retain_graph=True).numpy() for i in range(3)])
    expected = [[0, row[2], row[1]], [row[2], 0, row[0]], [row[1], row[0], 0]]
    np.testing.assert_array_equal(second, expected)


def test_the_product_of_nothing_has_a_gradient():
    x = mr.tensor(np.ones((2, 0)), requires_grad=True)
    y = mr.prod(x, axis=1)
    assert y.tolist() == [1, 1]
    assert mr.grad(y.sum(), x).shape == (2, 0)


def test_prod_of_bytes_does_not_wrap_and_of_nothing_is_one():
    assert mr.prod(mr.tensor(np.array([16, 16, 2], dtype=np.uint8))).item() == 512
    assert mr.prod(mr.tensor(np.ones((2, 0))), axis=1).tolist() == [1, 1]
    assert mr.prod(mr.tensor(np.ones((2, 0))), axis=1, keepdims=True).shape == (2, 1)
    assert mr.prod(mr.tensor(3.0)).item() == 3


def test_cosine_similarity_of_zeros_is_zero():
    a = mr.tensor(np.array([[0.0, 0.0], [3.0, 4.0]]), requires_grad=True)
    y = mr.cosine_similarity(a, mr.tensor(np.array([[1.0, 0.0], [1.0, 0.0]])))
    assert y.tolist() == [0, 0.6]
    assert np.isfinite(mr.grad(y.sum(), a).numpy()).all()


# -- very large and infinite values ----------------------------------------------------------------


def test_everything_is_finite_at_ten_thousand():
    large = [-1e4, -50.0, 0.0, 50.0, 1e4]
    smooth = (mr.sigmoid, mr.tanh, mr.erf, mr.arctan, mr.softplus, mr.silu, mr.gelu, mr.elu)
    tanh_gelu = functools.partial(mr.gelu, approximate="tanh")
    target = mr.tensor(np.array([0.0, 1.0, 0.5, 1.0, 0.0]))
    binary = functools.partial(
        mr.binary_cross_entropy_with_logits, target=target, reduction="none", pos_weight=3.0
    )
    for function in (*smooth, mr.selu, tanh_gelu, binary):
        for found in derivatives(function, large):
            assert np.isfinite(found).all()
    value, first, _ = derivatives(mr.sigmoid, large)
    assert value.tolist()[::4] == [0, 1]
    assert first.tolist()[::4] == [0, 0]
    assert derivatives(mr.softplus, large)[0].tolist()[::4] == [0, 1e4]
    assert derivatives(mr.gelu, large)[1].tolist()[::4] == [0, 1]
    labels = mr.tensor([4])
    for function in (
        lambda x: mr.logsumexp(x),
        lambda x: mr.log_softmax(x)[0],
        lambda x: mr.softmax(x)[1],
        lambda x: mr.cross_entropy(x.reshape(1, 5), labels),
        lambda x: mr.cross_entropy(x.reshape(1, 5), labels, label_smoothing=0.1),
    ):
        for found in derivatives(function, large):
            assert np.isfinite(found).all()


def test_log_softmax_loses_no_digits_to_a_common_offset():
    small = np.array([0.1, -0.2, 0.3])
    exact = small - np.log(np.exp(small).sum())
    shifted = mr.log_softmax(mr.tensor(small + 2.0**13)).numpy()
    np.testing.assert_allclose(shifted, exact, atol=2e-12)  # what the rounding of 8192.1 costs


def test_logsumexp_of_minus_infinity_has_gradient_zero():
    rows = [[-math.inf, -math.inf], [0.0, -math.inf]]
    x = mr.tensor(np.array(rows), requires_grad=True)
    y = mr.logsumexp(x, axis=1)
    assert y.tolist() == [-math.inf, 0]
    y.backward(mr.tensor([1.0, 1.0]))
    assert mr.Tensor(x.grad).tolist() == [[0, 0], [1, 0]]


def test_a_logit_of_minus_infinity_excludes_a_class():
    logits = [[0.0, -math.inf, 0.0]]
    x = mr.tensor(np.array(logits), requires_grad=True)
    for labels in (mr.tensor([0]), mr.tensor(np.array([[0.5, 0.0, 0.5]]))):
        x.grad = None
        loss = mr.cross_entropy(x, labels)
        loss.backward()
        assert loss.item() == pytest.approx(math.log(2))
        assert np.isfinite(mr.Tensor(x.grad).numpy()).all()
    assert mr.cross_entropy(x, mr.tensor([1])).item() == math.inf


def test_huber_loss_has_slope_delta_at_infinity():
    x = mr.tensor(np.array([math.inf, -math.inf, 1e200]), requires_grad=True)
    zero = mr.tensor(np.zeros(3))
    slope = mr.grad(mr.huber_loss(x, zero, reduction="sum", delta=2.0), x)
    assert slope.tolist() == [2, -2, 2]


def test_a_quotient_of_tiny_or_huge_numbers_has_its_slope():
    for size in (1e-25, 1e25):
        b = mr.tensor(np.array([size]), dtype="float32", requires_grad=True)
        found = mr.grad((mr.tensor(np.array([size]), dtype="float32") / b).sum(), b).item()
        assert found == pytest.approx(-1 / size, rel=1e-5)


def test_elu_keeps_its_small_slopes_far_below_zero():
    _, first, second = derivatives(mr.elu, [-40.0])
    np.testing.assert_allclose([first, second], math.exp(-40), rtol=1e-12)


def test_a_probability_of_zero_in_the_target_costs_nothing():
    log_p = mr.tensor(np.array([[0.0, -math.inf]]), requires_grad=True)
    q = mr.tensor(np.array([[1.0, 0.0]]), requires_grad=True)
    loss = mr.kl_div(log_p, q, reduction="sum")
    assert loss.item() == 0
    assert all(np.isfinite(g.numpy()).all() for g in mr.grad(loss, [log_p, q]))


# -- integers --------------------------------------------------------------------------------------

INTEGER_LOSSES = (
    mr.mse_loss, mr.l1_loss, mr.huber_loss, mr.smooth_l1_loss, mr.kl_div,
    mr.binary_cross_entropy_with_logits,
)  # fmt: skip


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "uint16", "int32", "int64"])
@pytest.mark.parametrize("loss", INTEGER_LOSSES)
def test_losses_of_integers_are_those_of_floats(loss, dtype):
    largest = 1 if dtype == "bool" else 20
    a, b = np.array([0, 1, largest, 1]), np.array([largest, 1, 0, 0])
    if dtype == "int8":
        a, b = a * -6, b * 6  # differences of up to 240
    expected = loss(mr.tensor(a.astype("float64")), mr.tensor(b.astype("float64"))).item()
    for kinds in ((dtype, dtype), (dtype, "float32"), ("float32", dtype), ("float64", dtype)):
        prediction, target = (mr.tensor(x.astype(kind)) for x, kind in zip((a, b), kinds))
        found = loss(prediction, target)
        assert found.dtype == ("float64" if "float64" in kinds else "float32")
        assert found.item() == pytest.approx(expected, rel=1e-5)


def test_integer_scores_of_classes_are_floats():
    scores, labels = np.array([[0, 200], [3, 1]]), mr.tensor([0, 1])
    weight = [0.5, 1.5]
    for loss in (mr.cross_entropy, mr.nll_loss):
        expected = loss(mr.tensor(scores.astype("float32")), labels, weight=weight).item()
        assert loss(mr.tensor(scores.astype("uint8")), labels, weight=weight).item() == expected
    signs = mr.tensor(np.array([1, -1], "int8"))
    hinge = mr.hinge(mr.tensor(np.array([-100, 100], "int8")), signs, reduction="none")
    assert hinge.tolist() == [101, 101]


# -- special functions -----------------------------------------------------------------------------


def test_erf_is_that_of_scipy_to_six_last_units():
    x = np.concatenate([np.linspace(-7, 7, 20001), [1e-300, 1e-20, -0.46875, 0.46875, 1e4]])
    ours = mr.erf(mr.tensor(x)).numpy()
    np.testing.assert_array_max_ulp(ours, special.erf(x), maxulp=6)
    edges = mr.erf(mr.tensor(np.array([math.inf, -math.inf, -0.0, math.nan]))).numpy()
    np.testing.assert_array_equal(edges, [1, -1, -0.0, math.nan])


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sigmoid", special.expit),
        ("gelu", lambda x: x * special.ndtr(x)),
        ("normal_cdf", special.ndtr),
        ("softplus", lambda x: np.logaddexp(0, x)),
        ("silu", lambda x: x * special.expit(x)),
        ("log1p", lambda x: special.log1p(np.abs(x))),
        ("expm1", special.expm1),
    ],
)
def test_special_functions_are_those_of_scipy(name, theirs):
    x = np.concatenate([np.linspace(-30, 30, 2001), [1e-12, -1e-12]])
    ours = getattr(mr, name)(mr.tensor(np.abs(x) if name == "log1p" else x)).numpy()
    np.testing.assert_allclose(ours, theirs(x), rtol=1e-13, atol=3e-16)


def test_gelu_in_float32_keeps_its_digits_far_below_zero():
    x = np.linspace(-9, 9, 20001, dtype="float32")
    exact = x * special.ndtr(x.astype("float64"))
    np.testing.assert_array_max_ulp(mr.gelu(mr.tensor(x)).numpy(), exact.astype("float32"), 6)

    x = np.linspace(-9, -2, 2001, dtype="float32")
    leaf = mr.tensor(x, requires_grad=True)
    first = mr.grad(mr.gelu(leaf).sum(), leaf, create_graph=True)
    second = mr.grad(first.sum(), leaf)
    x = x.astype("float64")
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    np.testing.assert_allclose(first.numpy(), special.ndtr(x) + x * density, rtol=5e-6)
    np.testing.assert_allclose(second.numpy(), (2 - x * x) * density, rtol=5e-6)


def test_sigmoid_keeps_its_digits_far_below_zero():
    x = np.linspace(-700, 0, 2001)
    np.testing.assert_allclose(mr.sigmoid(mr.tensor(x)).numpy(), special.expit(x), rtol=1e-15)


# -- definitions -----------------------------------------------------------------------------------


def test_var_divides_by_n_minus_correction():
    x = mr.tensor([1.0, 2.0, 6.0])
    assert x.var().item() == pytest.approx(14 / 3)
    assert x.var(correction=1).item() == pytest.approx(7)
    with pytest.raises(MiniregError, match="var: 3 values are too few for correction=3"):
        x.var(correction=3)
    assert x.std().item() == pytest.approx(math.sqrt(14 / 3))
    with pytest.raises(MiniregError, match="std: 3 values are too few for correction=3"):
        x.std(correction=3)


@pytest.mark.parametrize("size", [3e38, 3e-38])
def test_std_is_right_where_squares_are_not_finite(size):
    x = mr.tensor(np.array([1.0, -1.0, 0.5]) * size, dtype="float32", requires_grad=True)
    y = mr.std(x)
    exact = mr.tensor(x.numpy().astype("float64"), requires_grad=True)
    assert y.dtype == np.float32
    assert y.item() == pytest.approx(np.std(exact.numpy()), rel=1e-6)
    expected = mr.grad(mr.std(exact / size), exact)
    np.testing.assert_allclose(mr.grad(y, x).numpy() / size, expected.numpy(), rtol=1e-5)


def test_huber_and_smooth_l1_differ_by_a_factor_of_beta():
    a, b = mr.tensor([0.0, 0.5, 3.0]), mr.tensor([0.0, 0.0, 0.0])
    huber = mr.huber_loss(a, b, reduction="none", delta=2.0)
    assert huber.tolist() == [0, 0.125, 4]
    assert mr.smooth_l1_loss(a, b, reduction="none", beta=2.0).tolist() == (huber / 2).tolist()


def test_a_new_axis_is_the_first_by_default():
    rows = [mr.tensor([1, 2]), mr.tensor([3, 4])]
    assert mr.stack(rows).tolist() == [[1, 2], [3, 4]]
    assert mr.expand_dims(rows[0]).tolist() == [[1, 2]]


def test_cumulative_sum_begins_with_zero_only_if_asked():
    x = np.arange(6.0).reshape(2, 3) + 1
    for axis in (0, 1):
        sums = mr.cumulative_sum(mr.tensor(x), axis)
        np.testing.assert_array_equal(sums.numpy(), np.cumsum(x, axis))
        sums = mr.cumulative_sum(mr.tensor(x), axis, include_initial=True)
        expected = np.insert(np.cumsum(x, axis), 0, 0, axis)
        np.testing.assert_array_equal(sums.numpy(), expected)
    slopes = gradient(lambda x: mr.cumulative_sum(x, include_initial=True)[:-1].sum(), [4.0, 5.0])
    assert slopes.tolist() == [1, 0]


@pytest.mark.parametrize("rows", [3, 1000])
@pytest.mark.parametrize("shape", [(4, 2), (2,), ()])
def test_scatter_add_adds_as_numpy_does(backend, rows, shape):
    values, index = np.arange(math.prod(shape)).reshape(shape) + 0.5, np.array([0, 2, -1, 0])
    expected = np.zeros((rows, 2))
    np.add.at(expected, index, values)
    found = mr.scatter_add(mr.tensor(values), mr.tensor(index), (rows, 2))
    np.testing.assert_array_equal(found.numpy(), expected)


def test_split_takes_sizes_as_pytorch_does():
    parts = mr.split(mr.tensor([1, 2, 3, 4, 5]), 2)
    assert [part.tolist() for part in parts] == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("n", [1, 4, 5, 16, 17, 83])
def test_any_number_of_parts_join_to_the_whole(n):
    sizes = [(i + 2) % 4 for i in range(n)]
    values = np.arange(2.0 * sum(sizes)).reshape(2, -1)
    parts = mr.split(mr.tensor(values), sizes, axis=1)
    assert [part.shape for part in parts] == [(2, size) for size in sizes]
    for join in (
        lambda x: mr.concat(mr.split(x, sizes, axis=1), axis=1),
        lambda x: mr.stack(mr.unstack(x, axis=1), axis=1),
    ):
        np.testing.assert_array_equal(join(mr.tensor(values)).numpy(), values)
        slopes = gradient(lambda x, join=join: (join(x) ** 3).sum(), values)
        np.testing.assert_allclose(slopes, 3 * values**2)


@pytest.mark.parametrize(
    ("read", "shape"),
    [
        (lambda x: x[[]], (0, 3)),
        (lambda x: x[:, []], (2, 0)),
        (lambda x: mr.take(x, [], axis=1), (2, 0)),
        (lambda x: mr.take_along_axis(x, [[], []]), (2, 0)),
    ],
)
def test_an_empty_list_of_indices_reads_nothing(read, shape):
    x = mr.tensor(np.ones((2, 3)), requires_grad=True)
    y = read(x)
    assert y.shape == shape
    assert mr.grad(y.sum(), x).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert mr.scatter_add(mr.zeros(0), [], (2,)).tolist() == [0, 0]


def test_nothing_has_no_parts():
    assert mr.unstack(mr.zeros((2, 0)), axis=1) == ()
    assert [part.shape for part in mr.split(mr.zeros((2, 0)), 3, axis=1)] == [(2, 0)]


def test_take_along_axis_counts_and_broadcasts_as_numpy():
    x = np.arange(24.0).reshape(2, 3, 4)
    indices = np.array([[[0], [-1], [1]]])
    for axis in (0, 1, -1):
        found = mr.take_along_axis(mr.tensor(x), indices, axis)
        np.testing.assert_array_equal(found.numpy(), np.take_along_axis(x, indices, axis))
    with pytest.raises(IndexError, match="index 4 is out of bounds"):
        mr.take_along_axis(mr.tensor(x), indices + 3)


def test_label_smoothing_mixes_in_the_uniform_distribution():
    rng = np.random.default_rng(0)
    z, y, epsilon = rng.normal(size=(6, 4)), rng.integers(0, 4, 6), 0.3
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    q = (1 - epsilon) * np.eye(4)[y] + epsilon / 4
    ours = mr.cross_entropy(mr.tensor(z), mr.tensor(y), label_smoothing=epsilon)
    assert ours.item() == pytest.approx(-(q * log_p).sum(axis=1).mean(), rel=1e-12)


def test_mse_has_no_factor_of_one_half():
    a, b = mr.tensor([1.0, 2.0]), mr.tensor([3.0, 2.0])
    assert mr.mse_loss(a, b).item() == 2
    assert mr.mse_loss(a, b, reduction="sum").item() == 4
    assert mr.mse_loss(a, b, reduction="none").tolist() == [4, 0]


def test_the_mean_of_nothing_is_nan_as_in_numpy():
    with np.errstate(all="ignore"):
        assert math.isnan(mr.mean(mr.tensor(np.zeros((0,)))).item())
    assert mr.sum(mr.tensor(np.zeros((0, 3))), axis=0).tolist() == [0, 0, 0]
