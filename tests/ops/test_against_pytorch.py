"""Every operation that PyTorch has, too: value, first and second derivative."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minireg as mr
from tests.ops.cases import CASES, called, inputs_of

torch = pytest.importorskip("torch")

WITH_COUNTERPART = [name for name, case in CASES.items() if case.torch is not None]


@pytest.mark.parametrize("name", WITH_COUNTERPART)
@given(data=st.data())
def test_value_first_and_second_derivative_are_those_of_pytorch(name, data):
    arrays, options, seed = data.draw(inputs_of(name))
    ours = [mr.tensor(a, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, z = called(name, ours, options), CASES[name].torch(torch, theirs, options)
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
    if not hy.requires_grad:  # a constant first derivative
        hy = hy + 0 * total([x.sum() for x in ours])
    second = mr.grad(hy, ours)
    if hz.requires_grad:
        for a, b in zip(second, torch.autograd.grad(hz, theirs, allow_unused=True)):
            close(a, torch.zeros(a.shape) if b is None else b)
    else:
        assert not any(a.numpy().any() for a in second)


def total(parts):
    return sum(parts[1:], parts[0])


def close(ours, theirs):
    theirs = theirs.detach().numpy(force=True)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-10, atol=1e-10)
