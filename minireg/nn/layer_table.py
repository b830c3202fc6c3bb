"""A table of a model's layers, with the shapes of their outputs and their parameters."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ..autograd import Tensor, no_grad
from ..backend import backend, current_backend
from ..checks import check_count
from ..errors import ArgumentTypeError
from ..random import default_generator
from .module import Module
from .parameter import Parameter


@dataclass(frozen=True)
class Row:
    """One row of the table: a module at one place in the model.

    Attributes:
        path: its path in the model, such as "features.0"; "" for the model itself.
        kind: its class.
        output_shape: of its first call (a tuple of shapes if it gives a tuple of Tensors); None if
            it was not called.
        parameters: how many numbers are in its own parameters, without its children and without
            parameters that are counted in an earlier row.
        trainable: how many of them require a gradient.
        repeated: whether an earlier row is the same module.
    """

    path: str
    kind: str
    output_shape: Any
    parameters: int
    trainable: int
    repeated: bool


@dataclass(frozen=True)
class Summary:
    """The rows of `minireg.summary`, and their totals; `print` shows them as a table.

    Attributes:
        rows: one for each module, parents before their children.
        parameters: how many numbers are in all parameters, with shared ones counted once.
        trainable: how many of them require a gradient.
        bytes: the memory of the parameters.
        buffers: how many numbers are in the buffers.
    """

    rows: tuple[Row, ...]
    parameters: int
    trainable: int
    bytes: int
    buffers: int

    def __str__(self) -> str:
        table = [("Layer", "Type", "Output shape", "Parameters", "Trainable")]
        for row in self.rows:
            shape = "(not called)" if row.output_shape is None else str(row.output_shape)
            counts = [f"{n:,}" for n in (row.parameters, row.trainable)]
            if row.repeated:
                shape, counts = "(see above)", ["", ""]
            table.append((row.path or "(model)", row.kind, shape, counts[0], counts[1]))
        widths = [max(len(line[i]) for line in table) for i in range(5)]
        lines = [
            "  ".join(
                cell.ljust(width) if i < 3 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths))
            ).rstrip()
            for line in table
        ]
        rule = "-" * max(map(len, lines))
        total = f"Parameters: {self.parameters:,} ({self.bytes:,} bytes), trainable: "
        total += f"{self.trainable:,}"
        if self.buffers:
            total += f", in buffers: {self.buffers:,}"
        return "\n".join([lines[0], rule, *lines[1:], rule, total])


def summary(
    model: Module, input_shape: int | tuple[int, ...], batch: int = 1, dtype: Any = "float32"
) -> Summary:
    """Return a table of the layers of `model`, their output shapes and their parameters.

    Runs a copy of the model once on zeros, in evaluation mode and without a graph: the model and
    all random streams stay as they are.  A module that is used in several places has a row
    for each, and is counted in the first.

    Args:
        model: any module whose `forward` takes one Tensor.
        input_shape: the shape of one example, such as (1, 28, 28).
        batch: how many examples.
        dtype: the dtype of the input: `mr.int64` for a model that begins with an `Embedding`.

    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    >>> print(summary(model, (1, 28, 28), batch=5))
    Layer    Type        Output shape  Parameters  Trainable
    --------------------------------------------------------
    (model)  Sequential  (5, 10)                0          0
    0        Flatten     (5, 784)               0          0
    1        Linear      (5, 32)           25,120     25,120
    2        ReLU        (5, 32)                0          0
    3        Linear      (5, 10)              330        330
    --------------------------------------------------------
    Parameters: 25,450 (101,800 bytes), trainable: 25,450
    """
    if not isinstance(model, Module):
        raise ArgumentTypeError(f"summary takes a module, got a {type(model).__name__}.")
    lengths = input_shape if isinstance(input_shape, (tuple, list)) else (input_shape,)
    shape = tuple(check_count("each length of input_shape", n, minimum=0) for n in lengths)
    shape = (check_count("batch", batch), *shape)
    parameter = next(model.parameters(), None)
    xp = current_backend() if parameter is None else backend(parameter.backend)
    x = Tensor(xp.zeros(shape, dtype=dtype))
    streams = default_generator().state
    model = deepcopy(model)  # its forward may change it
    with no_grad():
        shapes = watch(model.eval())
        try:
            model(x)
        finally:
            default_generator().state = streams

    rows: list[Row] = []
    seen: set[int] = set()
    for path, module in model.named_modules(remove_duplicate=False):
        parameters = {id(p): p for p in vars(module).values() if isinstance(p, Parameter)}
        own = [p for key, p in parameters.items() if key not in seen]
        rows.append(
            Row(
                path,
                type(module).__name__,
                shapes.get(id(module)),
                sum(p.size for p in own),
                sum(p.size for p in own if p.requires_grad),
                repeated=id(module) in seen,
            )
        )
        seen.update(parameters, [id(module)])
    return Summary(
        tuple(rows),
        sum(row.parameters for row in rows),
        sum(row.trainable for row in rows),
        sum(p.size * p.dtype.itemsize for p in model.parameters()),
        sum(b.size for b in model.buffers()),
    )


def watch(model: Module) -> dict[int, Any]:
    """Record the shape of each module's first output, by the module's id, in the returned dict.

    `Sequential` calls `layer.forward(x)`, so `forward` is replaced, on the instance.
    """
    shapes: dict[int, Any] = {}

    def note_shape(module: Module, forward: Any) -> Any:
        def forward_and_note(*inputs: Any, **options: Any) -> Any:
            y = forward(*inputs, **options)
            shapes.setdefault(id(module), find_shape(y))
            return y

        return forward_and_note

    for module in model.modules():
        vars(module)["forward"] = note_shape(module, module.forward)
    return shapes


def find_shape(y: Any) -> Any:
    """The shape of a Tensor, or of each Tensor in a tuple or list; else the name of the type."""
    if isinstance(y, Tensor):
        return y.shape
    if isinstance(y, (tuple, list)):
        return tuple(map(find_shape, y))
    return type(y).__name__
