"""Steps of an optimizer, one after the other, beside those of minireg's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..autograd import Tensor
from ..ops import tensor
from ..optim import Optimizer
from .checks import Check, Failure
from .comparing import compare
from .student import Student, take_part

COUNT, SIZE = 5, 7  # of steps, of weights


@dataclass(frozen=True)
class Steps(Check):
    """Several steps in a row lead where those of minireg's optimizer lead.

    Args:
        function: of the student.  It takes the weights, their gradient, the memory of earlier
            steps and the options, and returns the new weights and the new memory.
        memory: how many arrays are remembered; they are 0 at first.
        options: the other arguments of step t = 1, 2, …
        own: makes the optimizer for a list of Tensors.
    """

    function: str
    memory: int
    options: Callable[[int], tuple[Any, ...]]
    own: Callable[[Sequence[Tensor]], Optimizer]

    @property
    def name(self) -> str:
        return f"{self.function}: {COUNT} steps in a row"

    def run(self, student: Student, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        weights = tensor(random.normal(size=SIZE), requires_grad=True)
        optimizer = self.own([weights])
        state = [weights.numpy().copy(), *(np.zeros(SIZE) for _ in range(self.memory))]
        for t in range(1, COUNT + 1):
            weights.grad = random.normal(size=SIZE) * (np.arange(SIZE) > 0)  # the first is 0
            optimizer.step()
            w, *memory = state
            found = student.call(self.function, w, weights.grad, *memory, *self.options(t))
            form = "the new weights and the new memory"
            count = 1 + self.memory
            state = [take_part(self.function, found, i, count, form) for i in range(count)]
            if difference := compare(state[0], weights.numpy(), {}):
                where = student.locate(self.function)
                raise Failure(
                    f"{self.function}{where}: step {t} leads to the wrong weights. What your "
                    f"function returned was passed to the next step.\n{difference}"
                )
