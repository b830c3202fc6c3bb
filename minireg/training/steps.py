"""The training step: forward, backward, optimizer; over one batch or over several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..backend import Array
from ..batch import Batch
from ..regularizers import OutputPenalty
from .evaluation import compute_loss, find_divisor

if TYPE_CHECKING:
    from .run import Run


@dataclass(slots=True)
class Step:
    """What a step measured before its update.  Reading the arrays waits for the device."""

    loss: Array  # the mean data loss
    divisor: Any  # the divisor of that mean
    penalty: Array | None  # the value of the penalty and of the terms; None without any


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

    For means mᵢ over dᵢ the mean over all is Σ mᵢ dᵢ/d with d = Σ dᵢ; the same holds for the
    gradients.  A term of the outputs is a mean over the examples.
    """
    run.optimizer.zero_grad()
    divisors = [find_divisor(run.criterion, y) for _, y in batches]
    divisor, examples = sum(divisors), sum(map(len, batches))
    means, terms = [], []
    for batch, own in zip(batches, divisors):
        with record_outputs(run) as recorded:
            outputs = run.model(batch.x)
        loss = compute_loss(run.criterion, outputs, batch.y, run.classes)
        if len(batches) > 1:
            loss = loss * (own / divisor)
        means.append(loss.data)
        for term, found in recorded:
            value = term(found) * (len(batch) / examples)
            terms.append(value.data)
            loss = loss + value
        loss.backward()
    step = Step(sum(means), divisor, sum(terms) if terms else None)
    if run.regularization is not None:
        penalty: Any = run.regularization.penalty_term()
        step.penalty = penalty.data if step.penalty is None else step.penalty + penalty.data
        if penalty.requires_grad:  # not with proximal steps, nor if all weights are frozen
            penalty.backward()  # adds its gradient to that of the loss
    return step


@contextmanager
def record_outputs(run: Run) -> Iterator[list[tuple[OutputPenalty, list[Any]]]]:
    """A `with` block that lists the outputs on which each of the run's terms acts."""
    with ExitStack() as blocks:
        yield [(term, blocks.enter_context(term.record(run.model))) for term in run.terms]


@contextmanager
def unmoved_buffers(model: Any) -> Iterator[None]:
    """A `with` block that leaves the buffers of the model unchanged at its end."""
    before = {name: buffer.data.copy() for name, buffer in model.named_buffers()}
    try:
        yield
    finally:
        for name, buffer in model.named_buffers():
            buffer.data[...] = before[name]
