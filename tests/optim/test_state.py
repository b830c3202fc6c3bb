"""What an optimizer saves, loads, and refuses to load."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from minireg import optim
from minireg.errors import ArgumentError, ArgumentTypeError

SHAPES = [(3, 4), (5,), (), (0, 2)]
OPTIMIZERS = {
    "sgd": lambda params: optim.SGD(params, weight_decay=0.1),
    "momentum": lambda params: optim.SGD(params, momentum=0.9, dampening=0.1),
    "nesterov": lambda params: optim.SGD(params, momentum=0.9, nesterov=True),
    "sgdw": lambda params: optim.SGDW(params, momentum=0.9, independent_decay=True),
    "adam": lambda params: optim.Adam(params, weight_decay=0.1),
    "amsgrad": lambda params: optim.Adam(params, amsgrad=True),
    "adamw": lambda params: optim.AdamW(params, betas=(0.5, 0.6)),
    "rmsprop": lambda params: optim.RMSprop(params),
    "centered": lambda params: optim.RMSprop(params, momentum=0.9, centered=True),
    "adagrad": lambda params: optim.Adagrad(params, lr_decay=0.1, initial_accumulator_value=0.1),
}
every_optimizer = pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)


def leaves(dtype=np.float32, seed=0):
    rng = np.random.default_rng(seed)
    return [mr.tensor(rng.normal(size=s).astype(dtype), requires_grad=True) for s in SHAPES]


def grouped(params):
    """Two groups: the numbers of the parameters go on from the first to the second."""
    return [{"params": params[:3], "lr": 0.25}, {"params": params[3:]}]


def train(optimizer, params, backend, steps, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        for p in params:
            g = rng.normal(size=p.shape).astype(p.dtype)
            # now and then a parameter has no gradient
            p.grad = backend.asarray(g) if rng.random() < 0.7 else None
        optimizer.step()


def on_host(backend, tree):
    """The nested structure with lists of numbers for arrays, to compare."""
    if isinstance(tree, dict):
        return {key: on_host(backend, value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [on_host(backend, value) for value in tree]
    return backend.to_host(tree).tolist() if hasattr(tree, "shape") else tree


# -- continuing ------------------------------------------------------------------------------------


@every_optimizer
@given(
    steps=st.integers(0, 5),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 2**32 - 1),
)
def test_what_is_loaded_goes_on_bit_by_bit(backend, make, steps, dtype, seed):
    params = leaves(dtype, seed)
    optimizer = make(grouped(params))
    train(optimizer, params, backend, steps, seed)
    optimizer.param_groups[1]["lr"] = 0.125

    copies = [mr.tensor(p.numpy().copy(), requires_grad=True) for p in params]
    fresh = make(copies[:3])  # the options of the groups come from the state
    fresh.add_param_group({"params": copies[3:]})
    fresh.load_state_dict(optimizer.state_dict())
    train(optimizer, params, backend, steps, seed + 1)
    train(fresh, copies, backend, steps, seed + 1)

    for p, q in zip(params, copies, strict=True):
        np.testing.assert_array_equal(p.numpy(), q.numpy())
    ours, theirs = optimizer.state_dict(), fresh.state_dict()
    assert on_host(backend, ours) == on_host(backend, theirs)


@every_optimizer
def test_a_deep_copy_continues_bit_by_bit_and_alone(backend, make):
    params = leaves()
    optimizer = make(grouped(params))
    train(optimizer, params, backend, 3)
    copied, own = copy.deepcopy((optimizer, params))
    before = on_host(backend, copied.state_dict())
    train(optimizer, params, backend, 2, seed=1)
    assert on_host(backend, copied.state_dict()) == before
    train(copied, own, backend, 2, seed=1)
    for p, q in zip(params, own, strict=True):
        np.testing.assert_array_equal(p.numpy(), q.numpy())
    assert on_host(backend, copied.state_dict()) == on_host(backend, optimizer.state_dict())


@every_optimizer
def test_the_state_is_a_copy(backend, make):
    params = leaves()
    optimizer = make(params)
    train(optimizer, params, backend, 3)
    saved = optimizer.state_dict()
    before = on_host(backend, saved)
    train(optimizer, params, backend, 3)
    optimizer.param_groups[0]["lr"] = 7.0
    assert on_host(backend, saved) == before

    fresh = make(leaves())
    fresh.load_state_dict(saved)
    train(fresh, params, backend, 1)
    for array in (a for s in fresh.state.values() for a in s.values() if hasattr(a, "shape")):
        array[...] = 0
    assert on_host(backend, saved) == before


def test_the_form_is_that_of_pytorch(backend):
    first, idle, last = leaves()[:3]
    optimizer = optim.Adam([{"params": [first]}, {"params": [idle, last], "lr": 0.5}])
    for p in (first, last):
        p.grad = backend.asarray(np.ones(p.shape, np.float32))
    optimizer.step()
    saved = optimizer.state_dict()
    assert saved.keys() == {"state", "param_groups"}
    assert [group["params"] for group in saved["param_groups"]] == [[0], [1, 2]]
    assert saved["param_groups"][1]["lr"] == 0.5
    assert saved["state"].keys() == {0, 2}  # a parameter that was never updated has no entry
    assert saved["state"][0].keys() == {"step", "m", "v"}
    assert saved["state"][2]["step"] == 1


def test_loaded_arrays_are_laid_out_as_their_parameter(backend):
    w = mr.tensor(np.zeros((3, 2), np.float32).T, requires_grad=True)
    optimizer = optim.SGD([w], momentum=0.9)
    group = optimizer.state_dict()["param_groups"][0]
    on_numpy = np.arange(6.0).reshape(2, 3)
    optimizer.load_state_dict({"state": {0: {"momentum": on_numpy}}, "param_groups": [group]})
    b = optimizer.state[w]["momentum"]
    assert type(b) is type(w.data)
    assert (b.dtype, b.strides) == (np.float32, w.data.strides)
    assert backend.to_host(b).tolist() == on_numpy.tolist()


def test_a_memory_that_is_not_needed_is_left_out(backend):
    w = leaves()[0]
    optimizer = optim.SGD([w], momentum=0.9)
    w.grad = backend.asarray(np.ones(w.shape, np.float32))
    optimizer.step()
    optimizer.param_groups[0]["momentum"] = 0.0
    saved = optimizer.state_dict()
    assert saved["state"] == {}
    optim.SGD([w]).load_state_dict(saved)


def test_a_state_of_no_steps_is_a_fresh_start(backend):
    params, copies = leaves(), leaves()
    fresh, loaded = optim.Adam(params), optim.Adam(copies)
    zeros = [np.zeros(shape) for shape in SHAPES]
    state = {i: {"step": 0, "m": zero, "v": zero} for i, zero in enumerate(zeros)}
    loaded.load_state_dict({**loaded.state_dict(), "state": state})
    train(fresh, params, backend, 3)
    train(loaded, copies, backend, 3)
    for p, q in zip(params, copies, strict=True):
        np.testing.assert_array_equal(p.numpy(), q.numpy())


def test_loading_keeps_the_group_objects():
    optimizer = optim.SGD(leaves(), lr=0.5)
    group = optimizer.param_groups[0]
    saved = optimizer.state_dict()
    saved["param_groups"][0]["lr"] = 0.25
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[0] is group
    assert group["lr"] == 0.25


def test_an_optimizer_of_your_own_can_be_saved(backend):
    class Forgetful(optim.Optimizer):
        def update(self, params, group):
            for p in params:
                self.state[p]["last"] = p.grad

    class Careful(Forgetful):
        def memory(self, group):
            return ("last",)

    w = leaves()[1]
    w.grad = backend.asarray(np.ones(w.shape, np.float32))
    for kind in (Forgetful, Careful):
        optimizer = kind([w], {"lr": 0.1})
        assert optimizer.state_dict()["state"] == {}
        optimizer.step()
        if kind is Forgetful:
            with pytest.raises(NotImplementedError, match=r"Forgetful must define memory\(group\)"):
                optimizer.state_dict()
        else:
            assert on_host(backend, optimizer.state_dict()["state"]) == {0: {"last": [1.0] * 5}}


# -- refused ---------------------------------------------------------------------------------------


def changed(state, *path_and_value):
    """The state with another value at this path; `...` removes the entry."""
    *path, last, value = path_and_value
    state = copy.deepcopy(state)
    inner = state
    for key in path:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return state


BAD = {
    "no dictionary": (lambda s: [s], ArgumentTypeError, "dictionary that state_dict"),
    "no groups": (lambda s: changed(s, "param_groups", ...), ArgumentTypeError, "'param_groups'"),
    "groups a dict": (lambda s: changed(s, "param_groups", {}), ArgumentTypeError, "is a list of"),
    "a group a list": (
        lambda s: changed(s, "param_groups", 1, [3]),
        ArgumentTypeError,
        "list of dictionaries",
    ),
    "no parameters": (
        lambda s: changed(s, "param_groups", 1, "params", ...),
        ArgumentTypeError,
        "each with a list 'params'",
    ),
    "state a list": (lambda s: changed(s, "state", []), ArgumentTypeError, "is a dictionary of"),
    "a group less": (
        lambda s: changed(s, "param_groups", 1, ...),
        ArgumentError,
        r"groups of \[3, 1\] parameters, the state has groups of \[3\]",
    ),
    "a parameter more": (
        lambda s: changed(s, "param_groups", 1, "params", [3, 4]),
        ArgumentError,
        r"groups of \[3, 1\] parameters, the state has groups of \[3, 2\]",
    ),
    "places twice": (
        lambda s: changed(s, "param_groups", 1, "params", [0]),
        ArgumentError,
        "must be numbered 0, 1, 2",
    ),
    "an unknown number": (
        lambda s: changed(s, "state", 9, {}),
        ArgumentError,
        r"'state' must have no others, got \[0, 1, 2, 3\] in the groups and \[.*9\] in it",
    ),
    "an option less": (
        lambda s: changed(s, "param_groups", 1, "eps", ...),
        ArgumentError,
        r"Group 1 .* Adam. Missing: \['eps'\]; unknown: nothing",
    ),
    "an option more": (
        lambda s: changed(s, "param_groups", 0, "alpha", 1),
        ArgumentError,
        r"Group 0 .* unknown: \['alpha'\]",
    ),
    "a bad option": (
        lambda s: changed(s, "param_groups", 1, "lr", -1),
        ArgumentError,
        "lr must be at least 0, got -1",
    ),
    "a bad base rate": (
        lambda s: changed(s, "param_groups", 1, "initial_lr", "0.1"),
        ArgumentTypeError,
        "initial_lr must be a number",
    ),
    "a name less": (
        lambda s: changed(s, "state", 1, "v", ...),
        ArgumentError,
        r"Parameter 1 has \['m', 'step'\] in the state; Adam .* \['m', 'step', 'v'\]",
    ),
    "a name more": (
        lambda s: changed(s, "state", 1, "v_max", s["state"][1]["v"]),
        ArgumentError,
        "Parameter 1 has .*v_max.* in the state",
    ),
    "another shape": (
        lambda s: changed(s, "state", 1, "v", np.zeros((2, 2))),
        ArgumentError,
        r"'v' of parameter 1 must be .* array of shape \(5,\) in the state, got float64 \(2, 2\)",
    ),
    "no array": (
        lambda s: changed(s, "state", 1, "v", [0.0] * 5),
        ArgumentTypeError,
        r"'v' of parameter 1 must be .* array of shape \(5,\) in the state, got \[0.0, ",
    ),
    "integers": (
        lambda s: changed(s, "state", 1, "v", np.zeros(5, np.int64)),
        ArgumentTypeError,
        r"'v' of parameter 1 must be a floating-point array .* got int64 \(5,\)",
    ),
    "a bad count": (
        lambda s: changed(s, "state", 1, "step", 1.5),
        ArgumentTypeError,
        "step must be a whole number, got 1.5",
    ),
}


@pytest.mark.parametrize(("spoil", "error", "sentence"), BAD.values(), ids=BAD)
def test_a_state_that_does_not_fit_changes_nothing(backend, spoil, error, sentence):
    params = leaves()
    optimizer = optim.Adam(grouped(params))
    for p in params:
        p.grad = backend.asarray(np.ones(p.shape, np.float32))
    optimizer.step()
    spoiled = spoil(changed(optimizer.state_dict(), "param_groups", 0, "lr", 0.75))
    before = on_host(backend, optimizer.state_dict())
    with pytest.raises(error, match=sentence):
        optimizer.load_state_dict(spoiled)
    assert on_host(backend, optimizer.state_dict()) == before


def test_the_state_of_another_optimizer_is_refused():
    saved = optim.SGD(leaves()).state_dict()
    with pytest.raises(ArgumentError, match="does not have the options of Adam"):
        optim.Adam(leaves()).load_state_dict(saved)
