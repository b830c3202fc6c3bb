"""Graphs of every shape: the chain rule is applied along each path, once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg.errors import GraphError
from tests.numeric import numeric_gradient


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


def test_only_a_retained_graph_allows_a_second_pass():
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


def test_no_grad_records_nothing_and_ends_after_an_error():
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


def test_an_upstream_gradient_is_used_and_not_changed():
    x = leaf([1.0, 2.0])
    upstream = np.array([10.0, -1.0])
    (x * x).backward(upstream if mr.tensor(0).backend == "numpy" else mr.tensor(upstream))
    np.testing.assert_allclose(grad_of(x), [20.0, -4.0])
    x.grad *= 0
    np.testing.assert_array_equal(upstream, [10.0, -1.0])


def test_grad_works_for_leaves_and_inner_tensors():
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


CONSTANT = {  # a function, and the order of its derivative that is zero everywhere
    "3x": (lambda x: 3 * x, 2),
    "x^4": (lambda x: x**4, 5),
    "relu": (mr.relu, 2),
    "x @ w": (lambda x: (x.reshape((1, 1)) @ mr.Tensor(x.data.reshape((1, 1)))).sum(), 2),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_the_derivative_of_a_constant_derivative_is_zero(name):
    function, order = CONSTANT[name]
    x = leaf(2.0)
    y = function(x)
    for _ in range(order + 1):
        y = mr.grad(y, x, create_graph=True)
    assert y.item() == 0
    (y * 2).backward()
    assert x.grad is None


def step_after(change):
    """w³ of a w = 1 that is changed afterwards."""
    w = leaf([1.0])
    y = (w * w * w).sum()
    w.grad = w.data * 0 + 1
    change(w)
    return y


CHANGES = {
    "an optimizer's step": lambda w: mr.optim.SGD([w], lr=0.1).step(),
    "a proximal step": lambda w: mr.regularizers.L1(0.1).apply_proximal(w, 1.0),
    "an initial value": lambda w: mr.nn.init.ones_(w),
}


@pytest.mark.parametrize("name", CHANGES)
def test_weights_changed_after_the_forward_pass_are_found(name):
    y = step_after(CHANGES[name])
    with pytest.raises(GraphError, match="multiply was computed with weights that have changed"):
        y.backward()
    y, other = step_after(CHANGES[name]), leaf(2.0)
    with pytest.raises(GraphError, match="Compute the loss again after the step"):
        mr.grad(y * other, other)


def test_weights_changed_by_a_loaded_state_are_found():
    layer, x = mr.nn.Linear(2, 1), mr.ones((3, 2))
    y = layer(x).sum()
    layer.load_state_dict(layer.state_dict())
    with pytest.raises(GraphError, match="linear was computed with weights that have changed"):
        y.backward()
    layer(x).sum().backward()  # computed with the new values
    assert layer.weight.grad is not None


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


# Steps from two nodes to a new one.  All shapes broadcast to (2, 3), and no value can grow.
STEPS = {
    "add": lambda a, b: a + b,
    "multiply": lambda a, b: 0.5 * a * b,
    "mix": lambda a, b: a - 0.3 * b,
    "tanh": lambda a, b: mr.tanh(a),
    "gate": lambda a, b: mr.sigmoid(a) * b,
    "square": lambda a, b: 0.5 * mr.square(a),
    "of rows": lambda a, b: mr.mean(mr.broadcast_to(a, (2, 3)), axis=0),
    "of columns": lambda a, b: mr.mean(mr.broadcast_to(b, (2, 3)), axis=1, keepdims=True),
    "softmax": lambda a, b: mr.softmax(mr.broadcast_to(a + b, (2, 3))),
    "product": lambda a, b: mr.softmax(mr.broadcast_to(a, (2, 3)) @ mr.ones((3, 3))) * b,
}
RECIPES = st.lists(
    st.tuples(st.sampled_from(list(STEPS)), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=12,
)


@given(recipe=RECIPES, seed=st.integers(0, 2**32 - 1))
def test_random_graphs_agree_with_finite_differences(recipe, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(-1, 1, shape) for shape in ((2, 3), (3,), ())]
    directions = [rng.normal(size=a.shape) for a in arrays]

    def build(xs):
        nodes = list(xs)
        for step, i, j in recipe:
            nodes.append(STEPS[step](nodes[i % len(nodes)], nodes[j % len(nodes)]))
        return mr.mean(mr.tanh(nodes[-1] + 0.1 * nodes[len(nodes) // 2] + xs[0] * xs[1] * xs[2]))

    def slope(xs):
        gradients = mr.grad(build(xs), xs, create_graph=True)
        return sum((g * mr.tensor(d)).sum() for g, d in zip(gradients, directions))

    for function in (build, slope):
        xs = [leaf(a) for a in arrays]
        found = mr.grad(function(xs), xs)
        for i, g in enumerate(found):
            expected = numeric_gradient(
                lambda *a, function=function: function([leaf(v) for v in a]).item(), arrays, i
            )
            np.testing.assert_allclose(g.numpy(), expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("create_graph", [False, True])
def test_the_gradient_of_a_number_by_itself_is_an_array(backend, create_graph):
    x = leaf(2.0)
    one = mr.grad(x, x, create_graph=create_graph)
    assert type(one.data) is type(x.data)
    assert (one.item(), one.shape, one.dtype) == (1.0, (), x.dtype)
