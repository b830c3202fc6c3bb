"""Tensor: what it holds, how it mixes with numbers and arrays, and its repr."""

import copy
import pickle

import numpy as np
import pytest

import minireg as mr
from minireg.errors import ArgumentTypeError, GraphError

numpy_only = pytest.mark.host


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1.5, "float32"),
        ([1, 2], "int64"),
        ([True, False], "bool"),
        ([1, 2.5], "float32"),
        (np.ones(2), "float64"),
        (np.ones(2, dtype=np.float32), "float32"),
        (np.float64(2.0), "float64"),
        (np.ones(2, dtype=np.uint8), "uint8"),
    ],
)
def test_numbers_become_float32_and_arrays_keep_their_dtype(data, dtype):
    assert mr.tensor(data).dtype == dtype


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("kind", [np.matrix, np.ma.array])
def test_subclasses_of_arrays_become_plain_arrays(kind):
    m = mr.tensor(kind([[1.0, 2.0], [3.0, 4.0]]))
    assert (m * m).tolist() == (m**2).tolist() == [[1, 4], [9, 16]]
    assert m.sum(axis=1).tolist() == [3, 7]


def test_a_gradient_can_be_assigned():
    p = mr.tensor([1.0, 2.0], requires_grad=True)
    p.grad = mr.tensor([3.0, 4.0]).data
    (p * p).sum().backward()
    assert mr.Tensor(p.grad).tolist() == [5.0, 8.0]
    number = mr.tensor(1.0, requires_grad=True)
    number.grad = np.float32(2.0) if number.backend == "numpy" else number.data * 2
    assert number.grad.shape == ()


def test_a_tensor_has_a_copy_of_the_data():
    source = np.ones(3)
    x = mr.tensor(source)
    source[0] = 5
    assert x.tolist() == [1, 1, 1]
    y = mr.tensor(x)
    assert y.data is not x.data


@numpy_only
def test_arrays_on_the_left_of_an_operator_work():
    x = mr.tensor([1.0, 2.0], requires_grad=True)
    a = np.array([3.0, 4.0], dtype=np.float32)
    for y, expected in (
        (a + x, [4, 6]),
        (a - x, [2, 2]),
        (a * x, [3, 8]),
        (a / x, [3, 2]),
        (a**x, [3, 16]),
        (a @ x, 11),
        (a < x, [False, False]),
        (a == x, [False, False]),
    ):
        assert isinstance(y, mr.Tensor)
        assert y.tolist() == expected
    assert (a @ x).requires_grad


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda x: 3 - x, [2, 1]),
        (lambda x: 2 / x, [2, 1]),
        (lambda x: 2**x, [2, 4]),
        (lambda x: -x, [-1, -2]),
        (lambda x: abs(-x), [1, 2]),
        (lambda x: (x > 1) & ~(x > 5) | (x == 1), [True, True]),
        (lambda x: np.float64(2) * x, [2, 4]),
    ],
)
def test_operators_with_numbers(compute, expected):
    y = compute(mr.tensor([1.0, 2.0]))
    assert y.tolist() == expected
    assert y.dtype in (np.float32, np.bool_)


@numpy_only
def test_numpy_functions_name_their_counterpart():
    x = mr.tensor([1.0])
    with pytest.raises(ArgumentTypeError, match=r"np.exp does not take Tensors: use mr.exp"):
        np.exp(x)
    with pytest.raises(ArgumentTypeError, match="NumPy cannot record operations"):
        np.asarray(mr.tensor([1.0], requires_grad=True))
    assert np.asarray(x).tolist() == [1.0]


def test_updates_that_would_silently_do_nothing_name_p_data():
    p = mr.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ArgumentTypeError, match=r"p -= … .*p.data -= …"):
        p -= 0.1
    with pytest.raises(ArgumentTypeError, match=r"p.data\[...\] = value"):
        p[0] = 5.0
    p.data -= 1
    assert p.tolist() == [0.0, 1.0]
    y = p * 2
    y += 1  # a computed tensor: y = y + 1
    assert y.tolist() == [1.0, 3.0]
    assert y.requires_grad


def test_python_functions_read_the_value_of_a_tensor():
    x = mr.tensor([[1.5, -2.0]])
    assert (len(x), x.ndim, x.size, x.shape) == (1, 2, 2, (1, 2))
    assert [row.tolist() for row in x] == [[1.5, -2.0]]
    assert float(x[0, 0]) == 1.5
    assert int(x[0, 1]) == -2
    assert bool(mr.tensor([0.0])) is False
    assert [10, 20, 30][mr.tensor(1)] == 20
    assert f"{x[0, 0]:.2f}" == "1.50"
    assert x.T.shape == (2, 1)
    assert x.reshape(2, 1).shape == x.reshape((2, 1)).shape == x.view(-1, 1).shape == (2, 1)
    assert len({x, x, mr.tensor(1.0)}) == 2  # hashed by identity


def test_dot_is_the_product_of_vectors_and_matrices_only():
    a, v = mr.tensor([[1.0, 2.0], [3.0, 4.0]]), mr.tensor([1.0, -1.0])
    assert a.dot(a).tolist() == [[7.0, 10.0], [15.0, 22.0]]
    assert (a.dot(v).tolist(), v.dot(a).tolist(), v.dot(v).item()) == ([-1, -1], [-2, -2], 2)
    with pytest.raises(ArgumentTypeError, match=r"dot: both factors must be .*x @ w"):
        mr.zeros((2, 2, 2)).dot(a)
    with pytest.raises(ArgumentTypeError, match=r"dot: both factors must be .*x @ w"):
        a.dot(mr.zeros((2, 2, 2)))


@numpy_only
def test_repr_shows_values_dtype_and_origin():
    x = mr.tensor([1.0, 2.5], requires_grad=True)
    assert repr(x) == "tensor([1. , 2.5], dtype=float32, requires_grad=True)"
    assert repr(x * 2.0) == "tensor([2., 5.], dtype=float32, made_by=multiply)"
    assert repr(mr.tensor(3)) == "tensor(3, dtype=int64)"


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copy_is_another_leaf(copied):
    p = mr.nn.Parameter(mr.tensor([1.0, 2.0]), regularize=False)
    q = copied(p)
    (2 * p + 3 * q).sum().backward()
    assert mr.Tensor(p.grad).tolist() == [2.0, 2.0]
    assert mr.Tensor(q.grad).tolist() == [3.0, 3.0]
    assert type(q) is mr.nn.Parameter
    assert q.regularize is False
    with pytest.raises(GraphError, match="cannot be copied with its graph"):
        copied(p * 2.0)


def test_a_tensor_given_by_keyword_is_differentiated():
    x = mr.tensor([2.0], requires_grad=True)
    mr.multiply(a=mr.tensor([5.0]), b=x).backward()
    mr.where(mr.tensor([True]), b=mr.tensor([1.0]), a=x).backward()
    assert mr.Tensor(x.grad).tolist() == [6.0]


def test_to_moves_a_tensor_and_its_gradient_back():
    x = mr.tensor([1.0, 2.0], requires_grad=True)
    y = x.to("numpy")
    assert y.backend == "numpy"
    (y * y).sum().backward()
    assert mr.Tensor(x.grad).backend == x.backend
    assert mr.Tensor(x.grad).tolist() == [2.0, 4.0]


@pytest.mark.parametrize("dtype", ["int64", "bool", "uint8"])
def test_integers_give_float32_where_fractions_arise(dtype):
    x = mr.tensor(np.array([1, 1, 0]), dtype=dtype)
    for y in (x / 255, mr.exp(x), x * 0.5, x.mean(), mr.sigmoid(x)):
        assert y.dtype == np.float32
    half = mr.tensor([0.5], requires_grad=True)
    assert (half * x).dtype == np.float32


def test_only_float64_tensors_make_float64():
    single = mr.tensor([1.0], requires_grad=True)
    double = mr.tensor([1.0], dtype="float64")
    for other in (2, 2.0, np.float64(2), mr.tensor(3), mr.tensor(True)):
        assert (single * other).dtype == np.float32
        assert (double * other).dtype == np.float64
    mixed = (single * double).sum()
    assert mixed.dtype == np.float64
    mixed.backward()
    assert single.grad.dtype == np.float32


@pytest.mark.backends("guarded", "cupy")
def test_numpy_does_not_read_a_device_tensor_implicitly():
    x = mr.tensor([1.0])
    with pytest.raises(TypeError, match=r"(?i)implicit"):
        np.asarray(x)
    assert np.asarray(x.numpy()).tolist() == [1.0]
