"""The training step: forward, backward, optimizer; over one batch or over several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..batch import Batch
from .evaluation import compute_loss

if TYPE_CHECKING:
    from .run import Run


@dataclass(slots=True)
class Step:
    """What a step saw before it moved.  Arrays lie on the device: reading them waits for it."""

    loss: Any  # the mean data loss
    divisor: Any  # what that mean was divided by
    penalty: Any = None  # its value; None without one


def take_step(run: Run, batches: list[Batch]) -> Step:
    """Take one step of the optimizer over these batches.

    The optimizer may ask for the gradients again, at other weights (`Optimizer.step`): it gets
    those of the same function.  For that the random streams are put back to where the first pass
    began, so that all masks are the same, and the buffers (running statistics) move in the first
    pass only.

    Returns:
        What the first pass saw.
    """
    start = [stream.state for stream in run.drawn_in_a_step]
    passes: list[Step] = []

    def gradients() -> Any:
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

    From means mᵢ over dᵢ the mean over all is Σ dᵢ mᵢ / Σ dᵢ, and so are the gradients.
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
        if penalty.requires_grad:  # not with proximal steps, nor where all weights are frozen
            penalty.backward()  # adds its gradient to that of the loss
    return step


@contextmanager
def unmoved_buffers(model: Any) -> Iterator[None]:
    """A `with` block after which the buffers of the model are what they were before it."""
    before = {name: buffer.data.copy() for name, buffer in model.named_buffers()}
    try:
        yield
    finally:
        for name, buffer in model.named_buffers():
            buffer.data[...] = before[name]
