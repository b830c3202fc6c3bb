"""A function of arrays that returns a loss together with its gradient."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from .array_pair import NUMBER, ArrayFunction
from .cause import make_cause
from .subject import EarlyVerdict, describe_result, to_host


class LossFunction(ArrayFunction):
    """`function` returns (loss, gradient), as in Stanford's course CS231n.

    Args:
        function: takes `inputs`; the gradient is an array, a tuple in the order of the arguments,
            or a dictionary with the names of the arguments.
        inputs: floating-point arrays and numbers are differentiated, everything else is constant.
        names: the names of `inputs`; by default those of the arguments of `function`.
        differentiable: the names of the inputs that are differentiated; by default all floats.
    """

    editable = "function"
    form = "function(*inputs)"

    def __init__(
        self,
        function: Callable,
        inputs: Sequence[Any],
        names: Sequence[str] = (),
        differentiable: Collection[str] | None = None,
    ) -> None:
        super().__init__("check_loss", {"function": function}, inputs, names, differentiable)

    def with_inputs(self, inputs: Sequence[Any]) -> LossFunction:
        return LossFunction(self.function, inputs, self.names, [x.name for x in self.inputs])

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
                make_cause("wrong-shape", came, "the loss is not one number"),
            )
        return arguments, host.reshape(()), found[1]

    def differentiate(self, forward_pass: Any, upstream: np.ndarray) -> list[Any]:
        """Return the gradients, times the upstream gradient of the loss."""
        gradients = self.choose_gradients(forward_pass[2])
        self.lent = list(zip(self.names, forward_pass[0]))
        factor = float(upstream[0])
        return [g if factor == 1 or not hasattr(g, "dtype") else g * factor for g in gradients]

    def choose_gradients(self, found: Any) -> list[Any]:
        """Return the gradients of the differentiated inputs, in their order."""
        if not isinstance(found, Mapping):
            return self.select(found, self.name)
        wanted = [x.name for x in self.inputs]
        missing = [name for name in wanted if name not in found]
        unknown = [str(name) for name in found if name not in self.names]
        if missing or unknown:
            came = f"it has the names {', '.join(map(str, found))}"
            raise EarlyVerdict(
                "fail",
                f"the gradients must have the names of the arguments ({', '.join(wanted)}), but "
                f"the dictionary has {', '.join(map(str, found)) or 'none'}.",
                make_cause("wrong-shape", came, NUMBER),
            )
        return [found[name] for name in wanted]
