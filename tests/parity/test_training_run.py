"""200 steps of a 784-128-10 network with dropout: minireg and PyTorch end at the same parameters.

Both start from the same weights and see the same batches, and PyTorch gets the masks that minireg
drew; everything else (forward, backward, penalty, optimizer) each library does itself.  Compared is
‖w − v‖ / ‖v‖ (Frobenius) for each parameter tensor, after every 20th step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minireg as mr
from minireg import nn, optim
from minireg import regularizers as reg

torch = pytest.importorskip("torch")

STEPS, BATCH, EXAMPLES, P = 200, 64, 512, 0.5
# Seen, as the largest over all tests and steps: 1.6e-15 in float64, 6.2e-7 in float32.
BOUNDS = {np.float64: 1e-12, np.float32: 3e-6}


@pytest.fixture(autouse=True)
def one_thread():
    """Two pools of threads, NumPy's and PyTorch's, would wait for each other most of the time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def examples(dtype):
    """Ten overlapping clouds in [0, 1]^784: the training loss falls from 2.3 to about 0.01."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, EXAMPLES)
    images = 0.3 * rng.normal(size=(10, 784))[labels] + rng.normal(size=(EXAMPLES, 784))
    batches = rng.integers(0, EXAMPLES, (STEPS, BATCH))
    return images.clip(0, 1).astype(dtype), labels, batches


def network(dtype):
    mr.seed(1)
    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(P), nn.Linear(128, 10))
    for p in net.parameters():
        p.data = p.data.astype(dtype)
    return net


def their_loss(parameters, images, labels, mask):
    w1, b1, w2, b2 = parameters
    hidden = torch.relu(images @ w1.T + b1) * mask / (1 - P)
    return torch.nn.functional.cross_entropy(hidden @ w2.T + b2, labels)


def compare(
    backend: Any,
    dtype: Any,
    our_optimizer: Callable,
    their_optimizer: Callable,
    penalty: Any = None,
    their_penalty: Callable | None = None,
    explicit: bool = False,
) -> None:
    """Train both and raise where they part.

    Args:
        penalty, their_penalty: a term of the loss in each library.
        explicit: let minireg add the penalty's gradient by its formula instead.
    """
    images, labels, batches = examples(dtype)
    net = network(dtype)
    names = [name for name, _ in net.named_parameters()]
    theirs = [torch.tensor(np.array(p.numpy()), requires_grad=True) for p in net.parameters()]
    ours_step, theirs_step = our_optimizer(net), their_optimizer(theirs)
    criterion, losses = nn.CrossEntropyLoss(), []

    for step, batch in enumerate(batches):
        loss = criterion(net(mr.tensor(images[batch])), mr.tensor(labels[batch]))
        ours_step.zero_grad()
        (loss if penalty is None or explicit else loss + penalty(net)).backward()
        if explicit:
            penalty.add_gradients(net)
        ours_step.step()

        mask = torch.tensor(backend.to_host(net[2].mask))
        their = their_loss(theirs, torch.tensor(images[batch]), torch.tensor(labels[batch]), mask)
        losses.append((loss.item(), their.item()))
        if their_penalty is not None:
            their = their + their_penalty(theirs)
        theirs_step.zero_grad()
        their.backward()
        theirs_step.step()

        if step % 20 == 19 or step == 0:
            for name, p, q in zip(names, net.parameters(), theirs, strict=True):
                w, v = p.numpy().astype(np.float64), q.detach().numpy().astype(np.float64)
                assert p.dtype == dtype
                apart = np.linalg.norm(w - v) / np.linalg.norm(v)
                assert apart <= BOUNDS[dtype], f"{name} after step {step + 1}: {apart:.2e}"

    first, last = losses[0][0], np.mean([loss for loss, _ in losses[-20:]])
    assert first > 2, "the start should be a guess among ten classes"
    assert last < 0.5 * first, "a run in which nothing is learned would compare nothing"


both = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])


@both
def test_sgd_with_momentum_and_weight_decay(backend, dtype):
    options = {"lr": 0.05, "momentum": 0.9, "weight_decay": 1e-3}
    compare(
        backend,
        dtype,
        lambda net: optim.SGD(net.parameters(), **options),
        lambda parameters: torch.optim.SGD(parameters, **options),
    )


@both
@pytest.mark.parametrize("explicit", [False, True], ids=["loss_term", "add_gradients"])
def test_sgd_with_momentum_and_l1_plus_l2_on_the_weights(backend, dtype, explicit):
    options = {"lr": 0.05, "momentum": 0.9}
    compare(
        backend,
        dtype,
        lambda net: optim.SGD(net.parameters(), **options),
        lambda parameters: torch.optim.SGD(parameters, **options),
        reg.L1(1e-5) + reg.L2(1e-3, scale="half"),
        lambda parameters: sum(
            1e-5 * w.abs().sum() + 0.5e-3 * (w * w).sum() for w in parameters[::2]
        ),
        explicit,
    )


@both
def test_adam(backend, dtype):
    # Adam divides by the size of the gradient: in its first steps a weight whose gradient is hardly
    # more than rounding error takes a full step of lr, too.
    compare(
        backend,
        dtype,
        lambda net: optim.Adam(net.parameters(), lr=1e-3),
        lambda parameters: torch.optim.Adam(parameters, lr=1e-3),
    )
