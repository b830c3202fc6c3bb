"""Memory: a leaf owns its gradient, and the tensors computed from it keep the graph alive."""

import gc
import weakref

import numpy as np
import pytest

import minireg as mr


def leaf(values):
    return mr.tensor(np.asarray(values, dtype="float64"), requires_grad=True)


def grad_of(x):
    return mr.Tensor(x.grad).numpy()


# -- gradients -------------------------------------------------------------------------------------

# Operations whose vjps return their upstream gradient or views of it, for leaves of shape (3,).
HANDED_ON = {
    "the same array": lambda a, b: a + b,
    "another shape": lambda a, b: (a.reshape(3, 1) + b.reshape((3, 1))).reshape(3),
    "two parts of one array": lambda a, b: mr.concat([a, b]),
    "two rows of one array": lambda a, b: mr.stack([a, b]),
    "one number for all": lambda a, b: mr.broadcast_to(a.sum() + b.sum(), (3,)),
    "a leaf and its own sum": lambda a, b: a + b + (a + b),
}


@pytest.mark.parametrize("name", HANDED_ON)
def test_writing_to_a_gradient_changes_nothing_else(backend, name):
    a, b, upstream = leaf([1.0, 2.0, 3.0]), leaf([4.0, 5.0, 6.0]), None
    y = HANDED_ON[name](a, b)
    inner = mr.tensor(np.arange(1.0, y.size + 1).reshape(y.shape))
    upstream = inner.data
    y.retain_grad()
    y.backward(upstream)
    watched = [upstream, y.data, y.grad, a.data, b.data, b.grad]
    before = [backend.to_host(x).tobytes() for x in watched]
    a.grad *= 7
    assert [backend.to_host(x).tobytes() for x in watched] == before


@pytest.mark.parametrize("name", HANDED_ON)
def test_a_gradient_keeps_no_larger_array_alive(name):
    a, b = leaf([1.0, 2.0, 3.0]), leaf([4.0, 5.0, 6.0])
    y = HANDED_ON[name](a, b)
    y.backward(mr.ones(y.shape, dtype="float64"))
    for g in (a.grad, b.grad):
        assert g.base is None or g.base.size == g.size


def test_a_gradient_shares_nothing_with_the_upstream_array(backend):
    x, upstream = leaf([1.0, 2.0]), mr.tensor(np.array([3.0, 4.0]))
    x.backward(upstream)
    x.grad *= 0
    assert upstream.tolist() == [3.0, 4.0]


def test_gradients_of_numbers_are_writable_arrays():
    x, y = leaf(2.0), leaf(3.0)
    for times in (1, 2):  # NumPy's arithmetic gives scalars here, not arrays
        (x + y).backward()
        assert type(x.grad) is type(y.grad) is type(x.data)
        assert grad_of(x) == grad_of(y) == times
    x.grad[...] = 0
    assert (grad_of(x), grad_of(y)) == (0, 2)


def test_an_earlier_gradient_keeps_its_values(backend):
    x = leaf([1.0, 2.0])
    (x * 3.0).sum().backward()
    first = x.grad
    (x * 4.0).sum().backward()
    assert backend.to_host(first).tolist() == [3.0, 3.0]
    assert grad_of(x).tolist() == [7.0, 7.0]


# -- graphs ----------------------------------------------------------------------------------------


@pytest.fixture
def without_collector():
    """Turn off Python's collector of reference cycles: only reference counts free memory."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("mode", ["forward", "backward", "create_graph"])
def test_a_dropped_graph_is_freed_at_once(without_collector, mode):
    # On a GPU, memory that waits for the collector is soon missing.
    x, w = leaf(np.ones((4, 3))), leaf(np.ones((2, 3)))
    h = mr.tanh(mr.linear(x, w))
    y = mr.cross_entropy(h * mr.softmax(h), mr.tensor([0, 1, 1, 0]))
    made = [weakref.ref(t) for t in (x, w, h, y)]
    if mode == "backward":
        y.backward()
    elif mode == "create_graph":
        first = mr.grad(y, [x, w], create_graph=True)
        second = mr.grad((first[0] * first[0]).sum(), w, create_graph=True)
        made += [weakref.ref(t) for t in (*first, second)]
        del first, second
    del x, w, h, y
    assert [reference() for reference in made] == [None] * len(made)


def test_saved_arrays_are_freed_as_backward_goes(without_collector):
    x = mr.tensor(np.ones(1000), requires_grad=True)
    a = mr.exp(x)
    held = weakref.ref(a)
    y = (a * 2.0).sum()
    del a
    assert held() is not None
    y.backward()
    assert held() is None


@pytest.mark.host
def test_a_chain_of_a_million_operations_runs_and_is_freed(
    without_collector,
):
    x = mr.tensor(1.0, dtype="float64", requires_grad=True)
    y = x
    for i in range(1_000_000):
        y = y * 1.000001
        if i == 0:
            first = weakref.ref(y)
    y.backward(retain_graph=True)
    assert x.grad == pytest.approx(1.000001**1_000_000, rel=1e-9)
    assert first() is not None
    del y  # the graph was retained
    assert first() is None
