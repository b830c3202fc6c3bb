"""Module: a function with parameters.  Parameter: a Tensor that is learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..autograd import Tensor
from ..backend import namespace
from ..errors import ArgumentError, ArgumentTypeError


class Parameter(Tensor):
    """A Tensor that a model learns; it requires a gradient.

    Args:
        data: an array or a Tensor.
        regularize: whether penalties on weights (L1, L2, …) apply to it.  Layers say False for
            biases and normalisation parameters: shrinking them helps nothing.

    >>> import minireg as mr
    >>> Parameter(mr.zeros((2, 3))).requires_grad
    True
    """

    __slots__ = ("regularize",)

    def __init__(self, data: Any, regularize: bool = True) -> None:
        array = data.data if isinstance(data, Tensor) else data
        if not isinstance(array, namespace(array).array_type):
            raise ArgumentTypeError(
                f"nn.Parameter takes a Tensor or an array, got a {type(data).__name__}: write "
                f"nn.Parameter(mr.tensor(…))."
            )
        super().__init__(array, requires_grad=True)
        self.regularize = regularize


class Module:
    """The base of all layers and models.

    A subclass assigns its parameters and sub-modules to attributes and defines `forward`.  There is
    no registry: a module's parameters are the Parameters among its attributes, and those of the
    Modules among its attributes, in the order of assignment.

    >>> from minireg import nn
    >>> class Net(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.hidden = nn.Linear(4, 3)
    ...         self.out = nn.Linear(3, 2)
    ...     def forward(self, x):
    ...         return self.out(self.hidden(x).relu())
    >>> [name for name, _ in Net().named_parameters()]
    ['hidden.weight', 'hidden.bias', 'out.weight', 'out.bias']
    """

    training = True

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define forward(self, …).")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        return self.forward(*inputs, **options)

    # -- what it consists of -----------------------------------------------------------------------

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules among the attributes, with their names."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def children(self) -> Iterator[Module]:
        """The modules among the attributes."""
        return (child for _, child in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module (named `prefix`), its children, their children, …"""
        yield from self._walk(prefix, set())

    def _walk(self, prefix: str, seen: set[int]) -> Iterator[tuple[str, Module]]:
        if id(self) in seen:  # a shared module, or a circle
            return
        seen.add(id(self))
        yield prefix, self
        for name, child in self.named_children():
            yield from child._walk(f"{prefix}.{name}" if prefix else name, seen)

    def modules(self) -> Iterator[Module]:
        """This module, its children, their children, …"""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter once, with the path that leads to it: `("hidden.weight", …)`."""
        seen = set()
        for path, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{path}.{name}" if path else name, value

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter once: what an optimizer wants."""
        return (parameter for _, parameter in self.named_parameters())

    # -- what is done with it ----------------------------------------------------------------------

    def train(self, mode: bool = True) -> Module:
        """Training mode: dropout drops.  `train(False)` is `eval()`."""
        for module in self.modules():
            module.training = bool(mode)
        return self

    def eval(self) -> Module:
        """Evaluation mode: dropout is the identity."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self, name: str) -> Module:
        """Move all parameters to the backend called `name`, in place; gradients are forgotten.

        >>> from minireg import nn
        >>> nn.Linear(2, 2).to("numpy").weight.backend
        'numpy'
        """
        for parameter in self.parameters():
            parameter.data = namespace(parameter.data).transfer(parameter.data, name)
            parameter.grad = None
        return self

    def state_dict(self) -> dict[str, Any]:
        """A copy of every parameter's array, by name."""
        return {name: p.data.copy() for name, p in self.named_parameters()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Write the arrays of `state_dict()` back into the parameters.

        Raises:
            ArgumentError: a name is missing or unknown, or a shape differs; nothing was changed.
            ArgumentTypeError: not a dictionary of arrays; nothing was changed.
        """
        if not isinstance(state, dict) or not all(hasattr(x, "shape") for x in state.values()):
            raise ArgumentTypeError("load_state_dict takes the dictionary that state_dict() gave.")
        parameters = dict(self.named_parameters())
        if parameters.keys() != state.keys():
            raise ArgumentError(
                f"The state does not fit this model. Missing: "
                f"{sorted(parameters.keys() - state.keys()) or 'nothing'}; unknown: "
                f"{sorted(state.keys() - parameters.keys()) or 'nothing'}."
            )
        for name, p in parameters.items():
            if tuple(state[name].shape) != p.shape:
                raise ArgumentError(
                    f"{name} has shape {p.shape} in the model and {tuple(state[name].shape)} in "
                    f"the state."
                )
        arrays = {}
        for name, p in parameters.items():
            array = state[name].data if isinstance(state[name], Tensor) else state[name]
            own = namespace(p.data)
            arrays[name] = own.asarray(namespace(array).transfer(array, own.name), dtype=p.dtype)
        for name, p in parameters.items():  # now nothing can fail any more
            p.data[...] = arrays[name]

    def __setattr__(self, name: str, value: Any) -> None:
        before = vars(self).get(name)
        if isinstance(value, (list, tuple)) and any(isinstance(x, PARTS) for x in value):
            raise ArgumentTypeError(
                f"{name} is a {type(value).__name__} of modules or parameters, which would not be "
                f"found and not be trained. Use nn.Sequential(*layers), or one attribute for each."
            )
        if isinstance(before, PARTS) and not isinstance(value, PARTS) and value is not None:
            raise ArgumentTypeError(
                f"{name} is a {type(before).__name__} of this module and would be lost. Give the "
                f"new value another name, or write a parameter's values: {name}.data[...] = …."
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        lines = [f"({name}): {child!r}" for name, child in self.named_children()]
        inner = "".join("\n  " + line.replace("\n", "\n  ") for line in lines)
        return f"{type(self).__name__}({self.described()}{inner}{chr(10) if inner else ''})"

    def described(self) -> str:
        """What stands between the brackets of `repr`; layers name their sizes here."""
        return ""


PARTS = (Parameter, Module)
