"""The guarded backend refuses what CuPy refuses, counts what waits for the device, and runs the
rest.  With `--backend cupy` the same cases are tried on the real CuPy."""

import copy

import numpy as np
import pytest

import minireg as mr
from minireg.autograd import Tensor
from tests.guarded import GuardedArray, counting
from tests.guarded.traps import REFUSED_BY_CUPY, REFUSED_BY_THE_GUARD, Arrays

REFUSALS = (TypeError, ValueError, AttributeError, KeyError, NotImplementedError)

on_device = pytest.mark.backends("guarded", "cupy")
on_guarded = pytest.mark.backends("guarded")


@pytest.fixture
def arrays(backend):
    return Arrays(backend, backend.asarray)


# -- refused ---------------------------------------------------------------------------------------


@on_device
@pytest.mark.parametrize("trap", REFUSED_BY_CUPY.values(), ids=REFUSED_BY_CUPY)
def test_what_cupy_refuses_is_refused(arrays, trap):
    with pytest.raises(REFUSALS):
        trap(arrays)


@on_guarded
@pytest.mark.parametrize("trap", REFUSED_BY_THE_GUARD.values(), ids=REFUSED_BY_THE_GUARD)
def test_what_is_slow_on_cupy_is_refused_as_well(arrays, trap):
    with counting() as counts, pytest.raises(REFUSALS):
        trap(arrays)
    assert counts.events == []


@pytest.mark.backends("numpy")
@pytest.mark.filterwarnings("ignore:'where' used without 'out'")
@pytest.mark.parametrize("name", REFUSED_BY_CUPY | REFUSED_BY_THE_GUARD)
def test_numpy_accepts_what_the_guard_refuses(arrays, name):
    """The guarded backend is needed: on NumPy each of these lines runs."""
    if name == "clip(min=)" and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        pytest.skip("this NumPy refuses it as well")
    (REFUSED_BY_CUPY | REFUSED_BY_THE_GUARD)[name](arrays)


@on_guarded
def test_refusals_name_the_argument_and_the_way_out(backend):
    x = backend.ones(3)
    with pytest.raises(TypeError, match=r"Unsupported type.*upload it first: asarray\(x\)"):
        x * np.ones(3)
    with pytest.raises(TypeError, match="Implicit conversion to a NumPy array is not allowed"):
        np.asarray(x)
    with pytest.raises(AttributeError, match=r"CuPy \d+\.\d+\.\d+ has no 'errstate'"):
        _ = backend.errstate
    with pytest.raises(TypeError, match=r"CuPy's max.*unexpected keyword argument 'initial'"):
        backend.max(x, initial=0)
    with pytest.raises(TypeError, match="shape must be known on the host"):
        backend.zeros(x)


# -- counted ---------------------------------------------------------------------------------------

READS = {
    "float": lambda a: float(a.scalar),
    "int": lambda a: int(a.scalar),
    "complex": lambda a: complex(a.scalar),
    "bool": lambda a: bool(a.scalar),
    "if": lambda a: 1 if a.scalar else 0,
    "and": lambda a: a.scalar and 1,
    "not": lambda a: not a.scalar,
    "item": lambda a: a.scalar.item(),
    "tolist": lambda a: a.x.tolist(),
    "tobytes": lambda a: a.x.tobytes(),
    "asnumpy": lambda a: a.xp.to_host(a.x),
    "repr": lambda a: repr(a.x),
    "str": lambda a: str(a.x),
    "format": lambda a: f"{a.scalar:.2f}",
    "boolean mask": lambda a: a.x[a.condition],
    "boolean mask of rows": lambda a: a.x[a.condition[:, 0]],
    "boolean mask among slices": lambda a: a.x[:, a.condition[0]],
    "assignment by a boolean mask": lambda a: a.x.__setitem__(a.condition, a.scalar),
    "nonzero": lambda a: a.xp.nonzero(a.x),
    "nonzero method": lambda a: a.x.nonzero(),
    "where with one argument": lambda a: a.xp.where(a.condition),
    "argwhere": lambda a: a.xp.argwhere(a.x),
    "flatnonzero": lambda a: a.xp.flatnonzero(a.x),
    "unique": lambda a: a.xp.unique(a.x),
    "unique with counts": lambda a: a.xp.unique(a.x, return_counts=True),
    "bincount": lambda a: a.xp.bincount(a.indices),
    "compress": lambda a: a.xp.compress(a.condition[0], a.x, axis=1),
    "extract": lambda a: a.xp.extract(a.condition, a.x),
    "allclose in an if": lambda a: bool(a.xp.allclose(a.x, a.x)),
    "array_equal in an if": lambda a: bool(a.xp.array_equal(a.x, a.x)),
    "Tensor.item": lambda a: Tensor(a.scalar).item(),
    "Tensor.numpy": lambda a: Tensor(a.x).numpy(),
    "Tensor.tolist": lambda a: Tensor(a.x).tolist(),
    "float of a Tensor": lambda a: float(Tensor(a.scalar)),
    "moving to NumPy": lambda a: Tensor(a.x).to("numpy"),
}
UPLOADS = {
    "asarray of a host array": lambda a: a.xp.asarray(a.host),
    "asarray of a list": lambda a: a.xp.asarray([1.0, 2.0]),
    "asarray of a number": lambda a: a.xp.asarray(1.0),
    "array of a list": lambda a: a.xp.array([1.0, 2.0]),
    "mr.tensor": lambda a: mr.tensor(a.host),
    "a number assigned by indices": lambda a: a.x.__setitem__(a.indices, 0),
    "a number added at indices": lambda a: a.xp.add.at(a.x, a.indices, 1),
    "moving from NumPy": lambda a: Tensor(a.host).to("guarded"),
}
FREE = {
    "arithmetic": lambda a: (a.x * 2 + a.x) / 3 - a.x,
    "NumPy numbers": lambda a: a.x * np.float32(2) + np.float32(1) * a.x,
    "reductions": lambda a: a.x.sum() + a.xp.mean(a.x) + a.x.max(axis=0).min(),
    "comparisons": lambda a: a.x > 0,
    "integer indices": lambda a: a.x[a.indices],
    "assignment by indices": lambda a: a.x.__setitem__(a.indices, a.x[:2]),
    "assignment by slices": lambda a: a.x.__setitem__((0, slice(1)), 1.0),
    "where with three arguments": lambda a: a.xp.where(a.condition, a.x, 0),
    "matrix products": lambda a: a.x.T @ a.x,
    "shapes and dtypes": lambda a: (a.x.shape, len(a.x), a.x.size, a.x.dtype, a.xp.ndim(a.x)),
    "views": lambda a: a.x.T.reshape((3, 2))[1:, ::-1],
    "count_nonzero": lambda a: a.xp.count_nonzero(a.x),
    "allclose": lambda a: a.xp.allclose(a.x, a.x),
    "asarray of a device array": lambda a: a.xp.asarray(a.x),
    "array of device arrays": lambda a: a.xp.asarray([a.x, a.x]),
    "creation": lambda a: (a.xp.zeros((2, 3)), a.xp.arange(4), a.xp.full((2,), 3.0)),
    "add.at": lambda a: a.xp.add.at(a.x, a.indices, a.x[:2]),
    "einsum": lambda a: a.xp.einsum("ij,kj->ik", a.x, a.x),
}


@on_guarded
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_host_read_is_counted_once(arrays, read):
    with counting() as counts:
        read(arrays)
    assert (counts.host_reads, counts.uploads) == (1, 0), counts.where()


@on_guarded
@pytest.mark.parametrize("upload", UPLOADS.values(), ids=UPLOADS)
def test_an_upload_is_counted_once(arrays, upload):
    with counting() as counts:
        upload(arrays)
    assert (counts.host_reads, counts.uploads) == (0, 1), counts.where()


@pytest.mark.parametrize("work", FREE.values(), ids=FREE)
def test_what_stays_on_the_device_costs_neither(arrays, work):
    with counting() as counts:
        work(arrays)
    assert counts.events == []


@on_guarded
def test_counts_say_where_it_happened(backend):
    x = backend.zeros(())
    with counting() as outer:
        float(x)
        with counting() as inner:
            bool(x)
    float(x)
    assert (outer.host_reads, inner.host_reads) == (2, 1)
    assert inner.where().startswith("host read: bool(x) at ")
    assert "test_guarded.py:" in inner.where()


# -- works -----------------------------------------------------------------------------------------


@on_device
def test_full_reductions_and_single_entries_are_0d_arrays(backend):
    x = backend.asarray(np.arange(6, dtype=np.float32).reshape(2, 3))
    for value in (x.sum(), backend.max(x), x[1, 2], backend.argmax(x), x.sum() * 2, -x.sum()):
        assert isinstance(value, backend.array_type)
        assert value.shape == ()


@on_device
def test_a_single_entry_is_a_view(backend):
    x = backend.zeros((2, 3))
    x[1, 2] += 1
    x[0, 0][...] = 5
    assert backend.to_host(x).tolist() == [[5, 0, 0], [0, 0, 1]]


def test_base_is_the_array_that_owns_the_memory(backend):
    x = backend.asarray(np.arange(6.0).reshape(2, 3)) + 1
    assert x.base is None
    for view in (
        x.T,
        x[1],
        x[:, ::2].T,
        x.reshape(3, 2)[1:],
        x.mT,
        backend.broadcast_to(x, (4, 2, 3)),
    ):
        assert view.base is x
    assert x.copy().base is None
    assert (x + x).base is None


@on_device
def test_a_broadcast_view_is_not_marked_read_only(backend):
    x = backend.zeros((1, 3))
    wide = backend.broadcast_to(x, (4, 3))
    assert not hasattr(wide.flags, "writeable")
    wide[2, 1] = 7
    assert backend.to_host(x).tolist() == [[0, 7, 0]]


@on_device
@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_arrays_of_any_axis_order_can_be_stretched(backend, axes):
    values = np.arange(24.0).reshape(2, 3, 4).transpose(axes)
    wide = backend.broadcast_to(backend.asarray(values), (5, *values.shape))
    for row in backend.to_host(wide):
        np.testing.assert_array_equal(row, values)


def test_in_place_operators_write_into_the_array(backend):
    x = backend.asarray(np.ones(3, dtype=np.float32))
    same, view = x, x[1:]
    x += 1
    x *= backend.asarray(np.array([1, 2, 3], dtype=np.float32))
    x /= np.float32(2)
    x -= 1
    assert x is same
    assert backend.to_host(view).tolist() == [1, 2]
    bits = backend.asarray(np.array([1, 2], dtype=np.uint64))
    bits ^= bits >> np.uint64(1)
    bits *= np.uint64(3)
    assert bits.dtype == np.uint64
    assert backend.to_host(bits).tolist() == [3, 9]


def test_out_gives_the_array_back(backend):
    x, y = backend.ones(3), backend.zeros(3)
    assert backend.add(x, 1, out=y) is y
    assert backend.to_host(y).tolist() == [2, 2, 2]


def test_view_reads_the_same_bits_as_another_dtype(backend):
    x = backend.asarray(np.array([2**32 + 5], dtype=np.uint64))
    halves = x.view(np.uint32)
    halves[1] = 0
    assert backend.to_host(x).tolist() == [5]


def test_uploads_and_reads_are_copies_on_a_device(backend):
    host = np.ones(3)
    x = backend.asarray(host)
    host[0] = 9
    read = backend.to_host(x)
    if backend.name == "numpy":
        assert read is host
    else:
        assert read.tolist() == [1, 1, 1]
        read[1] = 9
        assert backend.to_host(x).tolist() == [1, 1, 1]


@on_guarded
def test_copies_are_independent(backend):
    x = backend.zeros(2)
    for duplicate in (copy.copy(x), copy.deepcopy(x), x.copy(), backend.array(x)):
        duplicate += 1
    assert backend.to_host(x).tolist() == [0, 0]


def test_indices_that_meet_twice_are_added_twice(backend):
    x = backend.zeros(3, dtype=np.float32)
    indices = backend.asarray(np.array([0, 0, 2]))
    backend.add.at(x, indices, backend.ones(3, dtype=np.float32))
    assert backend.to_host(x).tolist() == [2, 0, 1]


def test_a_tensor_takes_part_in_arithmetic_from_both_sides(backend):
    array, x = backend.asarray(np.array([1.0, 2.0])), mr.tensor(np.array([3.0, 4.0]))
    for result in (array * x, x * array):
        assert isinstance(result, Tensor)
        assert result.numpy().tolist() == [3, 8]


@on_guarded
def test_the_guarded_array_is_not_a_numpy_array(backend):
    x = backend.ones(2)
    assert isinstance(x, GuardedArray)
    assert not isinstance(x, np.ndarray)


# -- the core of minireg on it ---------------------------------------------------------------------


def test_a_training_step_reads_nothing_back(backend):
    rng = np.random.default_rng(0)
    images = mr.tensor(rng.standard_normal((16, 5)).astype(np.float32))
    labels = mr.tensor(rng.integers(0, 3, 16))
    weights = [
        mr.tensor(rng.standard_normal(shape).astype(np.float32), requires_grad=True)
        for shape in ((4, 5), (4,), (3, 4))
    ]
    generator = mr.Generator(1)
    losses = []
    with counting() as counts:
        for _ in range(3):
            hidden = mr.relu(mr.linear(images, weights[0], weights[1]))
            mask = Tensor(generator.bernoulli(hidden.shape, 0.5))
            loss = mr.cross_entropy(mr.linear(mr.dropout(hidden, mask, 0.5), weights[2]), labels)
            loss = loss + mr.sum(mr.square(weights[0])) * 1e-3
            loss.backward()
            for w in weights:
                w.data -= 0.1 * w.grad
                w.grad = None
            losses.append(loss.detach())
    assert counts.events == [], counts.where()
    assert all(np.isfinite(loss.item()) for loss in losses)
