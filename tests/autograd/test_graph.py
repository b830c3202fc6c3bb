"""Graphs of every shape: the chain rule is applied along each path, once."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.errors import ArgumentError, GraphError


def leaf(values, dtype="float64"):
    return mr.tensor(np.asarray(values, dtype=dtype), requires_grad=True)


def grad_of(x):
    return mr.Tensor(x.grad).numpy()


def test_a_variable_used_twice_gets_both_contributions():
    x = leaf(3.0)
    (x * x + x).backward()
    assert grad_of(x) == 7.0


def test_a_diamond_is_walked_once():
    x = leaf(2.0)
    a = x * x
    (a * 3.0 + mr.exp(a * 0.0) * a).backward()  # 4x²: the inner node has three consumers
    assert grad_of(x) == pytest.approx(16.0)


def test_a_ladder_of_diamonds_takes_linear_time():
    # 2^60 paths lead from x to y; a walk along paths would never end.
    x = leaf(1.0)
    y = x
    for _ in range(60):
        y = y * 0.5 + y * 0.5
    y.backward()
    assert grad_of(x) == pytest.approx(1.0)


def test_gradients_add_up_over_backward_passes():
    x = leaf([1.0, 2.0])
    for times in (1, 2, 3):
        (x * x).sum().backward()
        np.testing.assert_allclose(grad_of(x), times * np.array([2.0, 4.0]))


def test_retain_graph_allows_a_second_pass_and_freeing_refuses_it():
    x = leaf(3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert grad_of(x) == 12.0
    with pytest.raises(GraphError, match=r"freed by an earlier backward.*retain_graph=True"):
        y.backward()
    with pytest.raises(GraphError, match="freed by an earlier backward"):
        mr.grad(y, x, create_graph=True)


def test_inner_gradients_are_kept_only_on_request():
    x = leaf(3.0)
    a, b = x * 2.0, x * 5.0
    a.retain_grad()
    (a * b).backward()
    assert mr.Tensor(a.grad).item() == 15.0
    assert b.grad is None
    with pytest.raises(GraphError, match="does not require a gradient"):
        mr.tensor(1.0).retain_grad()


def test_detach_cuts_the_graph_and_shares_the_array():
    x = leaf(3.0)
    (x * x.detach()).backward()
    assert grad_of(x) == 3.0
    assert x.detach().data is x.data


def test_no_grad_records_nothing_as_block_and_as_decorator_even_after_an_error():
    x = leaf(3.0)

    @mr.no_grad()
    def double(x):
        return x * 2.0

    with mr.no_grad(), mr.no_grad():
        y = x * x
    assert not y.requires_grad
    assert not double(x).requires_grad
    with pytest.raises(ZeroDivisionError), mr.no_grad():
        raise ZeroDivisionError
    assert (x * x).requires_grad


def test_a_leaf_is_its_own_derivative():
    x = leaf(3.0)
    x.backward()
    assert grad_of(x) == 1.0
    assert mr.grad(x, x).item() == 1.0


def test_the_upstream_gradient_is_given_for_more_than_one_output_and_not_changed():
    x = leaf([1.0, 2.0])
    upstream = np.array([10.0, -1.0])
    (x * x).backward(upstream if mr.tensor(0).backend == "numpy" else mr.tensor(upstream))
    np.testing.assert_allclose(grad_of(x), [20.0, -4.0])
    x.grad *= 0
    np.testing.assert_array_equal(upstream, [10.0, -1.0])


def test_grad_touches_no_grad_and_answers_for_leaves_and_inner_tensors():
    x, w, unrelated = leaf([1.0, 2.0]), leaf(3.0), leaf([5.0])
    a = x * w
    gx, ga, gu = mr.grad((a * a).sum(), [x, a, unrelated])
    np.testing.assert_allclose(gx.numpy(), [18.0, 36.0])
    np.testing.assert_allclose(ga.numpy(), [6.0, 12.0])
    assert gu.tolist() == [0.0]
    assert x.grad is w.grad is unrelated.grad is None
    assert not gx.requires_grad
    with pytest.raises(GraphError, match="requires_grad=True"):
        mr.grad(a.sum(), mr.tensor(1.0))


def test_derivatives_of_every_order():
    x = leaf(0.7)
    y = mr.sigmoid(x)
    s = 1 / (1 + np.exp(-0.7))
    expected = [
        s * (1 - s),
        s * (1 - s) * (1 - 2 * s),
        s * (1 - s) * (1 - 6 * s + 6 * s**2),
        s * (1 - s) * (1 - 2 * s) * (1 - 12 * s + 12 * s**2),
    ]
    for value in expected:
        y = mr.grad(y, x, create_graph=True)
        assert y.item() == pytest.approx(value, rel=1e-12)


def test_a_gradient_penalty_is_that_of_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x, w1, w2, b = (rng.normal(size=s) for s in ((5, 4), (6, 4), (3, 6), (6,)))
    labels = rng.integers(0, 3, 5)

    def penalty(xp, make, grad):
        xs, ws1, ws2, bs = map(make, (x, w1, w2, b))
        hidden = xp.tanh(linear(xs, ws1, bs))
        loss = cross_entropy(linear(hidden, ws2), labels_of(labels))
        g = grad(loss, xs)
        (loss + (g * g).sum()).backward()
        return [xs, ws1, ws2, bs]

    linear, cross_entropy, labels_of = mr.linear, mr.cross_entropy, mr.tensor
    ours = penalty(mr, leaf, lambda y, x: mr.grad(y, x, create_graph=True))
    linear = torch.nn.functional.linear
    cross_entropy, labels_of = torch.nn.functional.cross_entropy, torch.tensor
    theirs = penalty(
        torch,
        lambda a: torch.tensor(a, requires_grad=True),
        lambda y, x: torch.autograd.grad(y, x, create_graph=True)[0],
    )
    for own, other in zip(ours, theirs):
        np.testing.assert_allclose(grad_of(own), other.grad.numpy(), rtol=1e-10, atol=1e-13)


def test_value_and_grad_gives_both():
    value, (gx, gy) = mr.value_and_grad(lambda x, y: (x * y).sum())(leaf([1.0, 2.0]), leaf(3.0))
    assert (value.item(), gx.tolist(), gy.item()) == (9.0, [3.0, 3.0], 3.0)


@given(seed=st.integers(0, 2**32), size=st.integers(1, 25))
def test_random_graphs_agree_with_finite_differences(seed, size):
    def build(x, y):
        rng = np.random.default_rng(seed)
        nodes = [x, y]
        for _ in range(size):
            a, b = (nodes[i] for i in rng.integers(0, len(nodes), 2))
            kind = rng.integers(0, 5)
            nodes.append(
                [
                    lambda a=a, b=b: a + b,
                    lambda a=a, b=b: a * b * 0.5,
                    lambda a=a: mr.tanh(a),
                    lambda a=a, b=b: a - 0.3 * b,
                    lambda a=a, b=b: mr.sigmoid(a) * mr.tanh(b),
                ][kind]()
            )
        return mr.tanh(nodes[-1] * 0.1 + nodes[len(nodes) // 2])

    x, y, h = 0.4, -0.8, 1e-5
    tx, ty = leaf(x), leaf(y)
    found = [g.item() for g in mr.grad(build(tx, ty), [tx, ty])]

    def value(x, y):
        return build(leaf(x), leaf(y)).item()

    expected = [
        (value(x + h, y) - value(x - h, y)) / (2 * h),
        (value(x, y + h) - value(x, y - h)) / (2 * h),
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.host
def test_a_chain_of_a_million_operations_runs_forward_and_backward():
    x = mr.tensor(1.0, dtype="float64", requires_grad=True)
    y = x
    for _ in range(1_000_000):
        y = y * 1.000001
    y.backward()
    assert x.grad == pytest.approx(1.000001**1_000_000, rel=1e-9)


@pytest.mark.host
def test_a_chain_of_a_million_operations_can_be_dropped_without_backward():
    y = mr.tensor(1.0, requires_grad=True)
    for _ in range(1_000_000):
        y = y + 0.0
    first = weakref.ref(y)
    del y
    gc.collect()
    assert first() is None


# -- what the engine promises ----------------------------------------------------------------------


def test_a_vjp_that_raises_leaves_every_gradient_untouched():
    @mr.primitive
    def broken(x):
        def vjp(g):
            raise ZeroDivisionError

        return x * 2.0, (vjp,)

    x, w = leaf(1.0), leaf(2.0)
    w.grad = before = mr.ones(()).data
    with pytest.raises(ZeroDivisionError):
        (w * broken(x) + w).backward()
    assert x.grad is None
    assert w.grad is before
    (x * w).backward()
    assert grad_of(x) == 2.0


def test_vjps_that_nobody_needs_are_never_called_and_hold_nothing():
    called, watched = [], []

    @mr.primitive
    def product(a, b):
        big = a * 1.0
        watched.append(weakref.ref(big))
        return a * b, (
            lambda g: called.append("a") or g * b,
            lambda g: called.append("b") or g * big,
        )

    y = product(leaf([2.0]), mr.tensor([3.0], dtype="float64"))
    gc.collect()
    assert watched[0]() is None  # only the second vjp held it
    y.backward()
    assert called == ["a"]


def test_saved_arrays_are_freed_as_backward_goes():
    x = mr.tensor(np.ones(1000), requires_grad=True)
    a = mr.exp(x)
    held = weakref.ref(a)
    y = (a * 2.0).sum()
    del a
    assert held() is not None
    y.backward()
    gc.collect()
    assert held() is None


def test_joint_vjps_are_told_what_is_needed():
    seen = []

    @mr.primitive
    def product(a, b):
        def joint(g, needs):
            seen.append(tuple(needs))
            return g * b, g * a

        return a * b, joint

    a, b = leaf([1.0, 2.0]), leaf(3.0)
    product(a, b).sum().backward()
    product(a, b.detach()).sum().backward()
    assert seen == [(True, True), (True, False)]
    np.testing.assert_allclose(grad_of(a), [6.0, 6.0])
    assert grad_of(b) == 3.0
    first = mr.grad(product(a, b).sum(), a, create_graph=True)
    assert mr.grad(first.sum(), b).item() == 2.0


def test_auxiliary_outputs_come_along_without_gradient():
    @mr.primitive
    def with_mean(x):
        mean = x.mean()
        return x - mean, (lambda g: g - g.mean(),), (mean,)

    x = leaf([1.0, 3.0])
    y, mean = with_mean(x)
    assert float(mean) == 2.0
    y.backward(mr.tensor([1.0, 0.0]))
    np.testing.assert_allclose(grad_of(x), [0.5, -0.5])


def test_plain_none_says_that_there_is_no_second_derivative():
    @mr.primitive(plain=None)
    def once(x):
        return x * x, (lambda g: g * 2 * x,)

    x = leaf(3.0)
    once(x).backward()
    assert grad_of(x) == 6.0
    with pytest.raises(GraphError, match="once has no second derivative"):
        mr.grad(once(x), x, create_graph=True)


@pytest.mark.parametrize("wrong", [None, 1.0, "shape"])
def test_a_derivative_of_the_wrong_kind_says_which_and_what_was_expected(wrong):
    @mr.primitive
    def mistaken(a, b):
        return a * b, (
            lambda g: g * b,
            lambda g: g.reshape((3, 1)) * mr.ones((3, 5)).data if wrong == "shape" else wrong,
        )

    a, b = leaf([1.0, 2.0, 3.0]), leaf([1.0, 2.0, 3.0])
    with pytest.raises(
        ArgumentError, match=r"mistaken with respect to its argument number 2 .* shape \(3,\)"
    ):
        mistaken(a, b).sum().backward()


def test_no_two_leaves_share_the_memory_of_a_gradient():
    x, y, z = leaf([1.0, 2.0]), leaf([1.0, 2.0]), leaf([[1.0, 2.0]])
    (x + y + z.reshape(2)).sum().backward()
    for p in (x, y, z):
        p.grad *= 2
    for p in (x, y, z):
        np.testing.assert_allclose(grad_of(p).ravel(), [2.0, 2.0])
