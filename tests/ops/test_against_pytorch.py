"""Every operation that PyTorch has, too: value, first and second derivative."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from tests.ops.cases import CASES, called, inputs_of
from tests.ops.cases_of_contractions import EQUATIONS
from tests.ops.drawing import INDICES

torch = pytest.importorskip("torch")

WITH_COUNTERPART = [name for name, case in CASES.items() if case.torch is not None]


@pytest.mark.backends("numpy", "cupy")  # guarded arrays hold NumPy's numbers
@pytest.mark.parametrize("name", WITH_COUNTERPART)
@given(data=st.data())
def test_value_and_two_derivatives_are_those_of_pytorch(name, data):
    arrays, options, seed = data.draw(inputs_of(name))
    agree(name, arrays, options, seed)


# -- every kind once: 25 random examples may miss some ---------------------------------------------


@pytest.mark.parametrize("kind", INDICES)
def test_every_kind_of_index_reads_as_in_pytorch(kind):
    x = np.random.default_rng(0).normal(size=(3, 2, 2))
    agree("getitem", [x], {"index": INDICES[kind]})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((3,), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((1, 1), (1, 1)),
        ((3,), (2, 3, 4)),
        ((5, 2, 3), (3,)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((0, 2, 3), (3,)),
        ((70, 2), (2, 80)),  # too large for `dot`
    ],
    ids=str,
)
def test_matmul_in_every_pair_of_shapes(a, b):
    rng = np.random.default_rng(0)
    agree("matmul", [rng.normal(size=a), rng.normal(size=b)], {})


@pytest.mark.parametrize("low", [None, -1.0, (3, 1), (4,)], ids=str)
@pytest.mark.parametrize("high", [1.0, (3, 4), ()], ids=str)
@pytest.mark.parametrize("turned", [False, True])
def test_bounds_of_clip_have_derivatives(low, high, turned):
    """Bounds are tensors (here their shapes), numbers or None; some of them are crossed."""
    rng = np.random.default_rng(0)
    bounds = (high, low) if turned else (low, high)
    shapes = [(3, 4), *(bound for bound in bounds if isinstance(bound, tuple))]

    def clip(function, number):
        def call(x, *tensors):
            left = iter(tensors)
            made = [next(left) if isinstance(b, tuple) else b and number(b) for b in bounds]
            return function(x, *made)

        return call

    arrays = [np.asarray(rng.uniform(-3, 3, shape)) for shape in shapes]
    compare(clip(mr.clip, float), clip(torch.clip, torch.tensor), arrays)


POWERS = [-math.inf, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, math.inf]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("base", [0.0, math.inf])
@pytest.mark.parametrize("kind", ["both", "exponent", "base"])
def test_powers_of_zero_and_infinity(base, kind):
    """Where PyTorch has a number.  Some of its second derivatives are 0 · inf, and ours 0."""

    def derive(library, tensor, grad, exponent):
        a = tensor(np.array([base])) if kind != "exponent" else base
        b = tensor(np.array([exponent])) if kind != "base" else exponent
        wanted = [x for x in (a, b) if not isinstance(x, float)]
        y = a**b
        found = [y]
        for g in grad(y, wanted):
            found.append(g)
            found.extend(grad(g, wanted) if g.requires_grad else [0 * x for x in wanted])
        return [x.detach().numpy().item() for x in found]

    def ours(y, wanted):
        return mr.grad(y, wanted, mr.tensor(np.ones(1)), create_graph=True)

    def theirs(y, wanted):
        found = torch.autograd.grad(y, wanted, create_graph=True, allow_unused=True)
        return [torch.zeros(1) if g is None else g for g in found]

    for b in POWERS:
        found = derive(mr, lambda x: mr.tensor(x, requires_grad=True), ours, b)
        expected = derive(torch, lambda x: torch.tensor(x, requires_grad=True), theirs, b)
        known = ~np.isnan(expected)
        known[0] = True
        np.testing.assert_array_equal(np.array(found)[known], np.array(expected)[known], str(b))


@pytest.mark.parametrize("equation", EQUATIONS)
def test_einsum_of_every_equation(equation):
    rng = np.random.default_rng(0)
    agree("einsum", [rng.normal(size=s) for s in EQUATIONS[equation]], {"equation": equation})


@pytest.mark.parametrize("p", [1, 1.5, 2, 3, 7.25, math.inf])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (1, -1), (2, 1, 0)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_norm_of_every_order_over_any_axes(p, axis, keepdims):
    x = np.random.default_rng(0).normal(size=(3, 2, 4))
    agree("norm", [x], {"p": p, "axis": axis, "keepdims": keepdims})


@pytest.mark.parametrize("correction", [0, 1, 0.5, -1])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (1, -1)])
def test_var_with_any_correction(correction, axis):
    x = np.random.default_rng(0).normal(size=(3, 2, 4))
    agree("var", [x], {"correction": correction, "axis": axis, "keepdims": False})


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_max_shares_between_ties_as_amax_does(axis, keepdims):
    x = np.random.default_rng(0).integers(0, 3, (4, 3, 2)).astype("float64")
    agree("max", [x], {"axis": axis, "keepdims": keepdims})


LABELS = {
    "hard": np.array([0, 2, 1, 2]),
    "one_hot": np.eye(3)[[0, 2, 1, 2]],
    "soft": np.random.default_rng(7).dirichlet(np.ones(3), 4),
}
CROSS_ENTROPIES = [
    {"labels": labels, "weight": weight, "label_smoothing": smoothing, "reduction": reduction}
    for labels, weight, smoothing, reduction in itertools.product(
        LABELS, (None, np.array([0.5, 2.0, 0.0])), (0.0, 0.2, 1.0), ("mean", "sum", "none")
    )
]


def described(options):
    weighted = "plain" if options["weight"] is None else "weighted"
    return f"{options['labels']}-{weighted}-{options['label_smoothing']}-{options['reduction']}"


@pytest.mark.parametrize("options", CROSS_ENTROPIES, ids=described)
def test_cross_entropy_with_every_option(options):
    logits = np.random.default_rng(0).normal(size=(4, 3))
    agree("cross_entropy", [logits], options | {"labels": LABELS[options["labels"]]})


@pytest.mark.parametrize("weight", [None, np.array([0.5, 2.0, 1.0])], ids=["plain", "weighted"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_with_logits_of_minus_infinity(weight, reduction):
    """Integer labels only: with soft rows PyTorch's loss is 0 · inf = nan, and ours is finite."""
    logits = np.array([[0.0, -math.inf, 1.0], [-math.inf, 0.5, -0.3]])
    options = {"weight": weight, "label_smoothing": 0.0, "reduction": reduction}
    agree("cross_entropy", [logits], {"labels": np.array([0, 1]), **options})


# -- the comparison --------------------------------------------------------------------------------


def agree(name, arrays, options, seed=0):
    compare(
        lambda *x: called(name, x, dict(options)),
        lambda *x: CASES[name].torch(torch, x, dict(options)),
        arrays,
        seed,
    )


def compare(function, counterpart, arrays, seed=0):
    """Value, vjp and Hessian-vector product, for random upstream and directions of both signs."""
    ours = [mr.tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, z = function(*ours), counterpart(*theirs)
    close(y, z)

    rng = np.random.default_rng(seed)
    upstream = rng.normal(size=y.shape)
    gy = mr.grad(y, ours, mr.tensor(upstream), create_graph=True)
    gz = torch.autograd.grad(z, theirs, torch.tensor(upstream), create_graph=True)
    for a, b in zip(gy, gz):
        close(a, b)

    directions = [rng.normal(size=a.shape) for a in arrays]
    hy = total([(g * mr.tensor(d)).sum() for g, d in zip(gy, directions)])
    hz = total([(g * torch.tensor(d)).sum() for g, d in zip(gz, directions)])
    if hy.requires_grad:
        second = [g.numpy() for g in mr.grad(hy, ours)]
    else:  # a constant first derivative
        second = [np.zeros(a.shape) for a in arrays]
    if hz.requires_grad:
        for a, b in zip(second, torch.autograd.grad(hz, theirs, allow_unused=True)):
            expected = np.zeros(a.shape) if b is None else b.numpy(force=True)
            np.testing.assert_allclose(a, expected, rtol=1e-10, atol=1e-10)
    else:
        assert not any(a.any() for a in second)


def total(parts):
    return sum(parts[1:], parts[0])


def close(ours, theirs):
    theirs = theirs.detach().numpy(force=True)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-10, atol=1e-10)
