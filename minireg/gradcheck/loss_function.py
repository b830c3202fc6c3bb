"""A function of arrays that returns a loss together with its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array_pair import ArrayFunction, name_result
from .subject import EarlyVerdict, describe_result, to_host


class LossFunction(ArrayFunction):
    """`function` returns (loss, gradient), as in Stanford's course CS231n.

    The gradient is an array, a tuple in the order of the arguments, or a dictionary by name.
    """

    checked_by = "check_loss"
    editable = "function"
    form = "function(*inputs)"

    def run(self, vector: np.ndarray) -> tuple[list[Any], Any, Any]:
        """Return the arguments, the loss, and the gradient."""
        __tracebackhide__ = True
        arguments = self.make_arguments(vector)
        found = self.call("it", self.function, *arguments)
        loss = found[0] if isinstance(found, tuple) and len(found) == 2 else None
        host = np.asarray(to_host(loss))
        if loss is None or host.dtype.kind not in "fiub" or host.size != 1:
            came = f"returned {describe_result(found)}"
            if loss is not None:
                came += f" whose first entry is {describe_result(loss)}"
            raise EarlyVerdict(
                "fail",
                f"it must return (loss, gradient), where loss is one number, but {came}.",
                name_result(f"it {came}", "A loss function returns (loss, gradient)."),
            )
        return arguments, host.reshape(()), found[1]

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[Any]:
        """Return the gradients, times the upstream gradient of the loss."""
        gradients = self.select(forward_pass[2], self.name)
        self.lent = list(zip(self.names, forward_pass[0]))
        factor = float(upstream[0])
        return [g if factor == 1 or not hasattr(g, "dtype") else g * factor for g in gradients]
