"""The training step: forward, backward, optimizer; over one batch or over several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..backend import Array
from ..batch import Batch
from .evaluation import compute_loss

if TYPE_CHECKING:
    from .run import Run


@dataclass(slots=True)
class Step:
    """What a step measured before its update.  Reading the arrays waits for the device."""

    loss: Array  # the mean data loss
    divisor: Any  # the divisor of that mean
    penalty: Array | None = None  # the value of the penalty; None without one


def take_step(run: Run, batches: list[Batch]) -> Step:
    """Take one step of the optimizer over these batches.

    The optimizer may ask for the gradients again, at other weights (`Optimizer.step`).  They are
    those of the same function: the random streams are reset to where the first pass began, so that
    all masks are the same, and the buffers (running statistics) change in the first pass only.

    Returns:
        The measurements of the first pass.
    """
    start = [stream.state for stream in run.drawn_in_a_step]
    passes: list[Step] = []

    def gradients() -> Array:
        if not passes:
            step = compute_gradients(run, batches)
        else:
            for stream, state in zip(run.drawn_in_a_step, start):
                stream.state = state
            with unmoved_buffers(run.model):
                step = compute_gradients(run, batches)
        passes.append(step)
        run.call("before_step")
        return step.loss if step.penalty is None else step.loss + step.penalty

    gradients()
    run.optimizer.step(again=gradients)
    run.step += 1
    run.call("after_step")
    return passes[0]


def compute_gradients(run: Run, batches: list[Batch]) -> Step:
    """Fill `.grad` with the gradients of the mean loss over all these batches, and of the penalty.

    For means mᵢ over dᵢ the mean over all is Σ dᵢ mᵢ / Σ dᵢ; the same holds for the gradients.
    """
    run.optimizer.zero_grad()
    means = []
    for x, y in batches:
        loss, divisor = compute_loss(run.criterion, run.model(x), y, run.classes)
        means.append((loss.data, divisor))
        if len(batches) > 1:
            loss = loss * divisor
        loss.backward()
    mean, divisor = means[0]
    if len(batches) > 1:
        divisor = sum(d for _, d in means)
        mean = sum(m * d for m, d in means) / divisor
        for p in run.optimizer.state:
            if p.grad is not None:
                p.grad /= divisor
    step = Step(mean, divisor)
    if run.regularization is not None:
        penalty: Any = run.regularization.penalty_term()
        step.penalty = penalty.data
        if penalty.requires_grad:  # not with proximal steps, nor if all weights are frozen
            penalty.backward()  # adds its gradient to that of the loss
    return step


@contextmanager
def unmoved_buffers(model: Any) -> Iterator[None]:
    """A `with` block that leaves the buffers of the model unchanged at its end."""
    before = {name: buffer.data.copy() for name, buffer in model.named_buffers()}
    try:
        yield
    finally:
        for name, buffer in model.named_buffers():
            buffer.data[...] = before[name]
