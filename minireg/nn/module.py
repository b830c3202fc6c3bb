"""Module: a function with parameters and a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..autograd import Tensor
from ..backend import namespace
from ..checks import check_flag
from ..errors import ArgumentError, ArgumentTypeError
from ..random import Generator
from .parameter import Buffer, Parameter


class IncompatibleKeys(NamedTuple):
    """The names that `load_state_dict` missed in the state, and those that it did not expect."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module:
    """The base of all layers and models.

    A subclass assigns its parameters, buffers and sub-modules to attributes and defines `forward`.
    There is no registry: a module's parameters are the Parameters among its attributes, in the
    order of assignment, followed by the parameters of the Modules among its attributes.  Buffers
    are found in the same way.

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

    def named_modules(
        self, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module (named `prefix`), its children, their children, …

        A shared module is given once, or under each of its names with `remove_duplicate=False`.
        """
        yield from self._walk(prefix, set(), remove_duplicate)

    def _walk(self, prefix: str, seen: set[int], once: bool) -> Iterator[tuple[str, Module]]:
        if id(self) in seen:  # a shared module, or a cycle
            return
        seen.add(id(self))
        yield prefix, self
        for name, child in self.named_children():
            yield from child._walk(join_path(prefix, name), seen, once)
        if not once:
            seen.discard(id(self))  # stop only at cycles

    def modules(self) -> Iterator[Module]:
        """This module, its children, their children, …"""
        return (module for _, module in self.named_modules())

    def _find(self, kind: type) -> Iterator[tuple[str, Any]]:
        seen = set()
        for path, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, kind) and id(value) not in seen:
                    seen.add(id(value))
                    yield join_path(path, name), value

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter once, with its path: `("hidden.weight", …)`."""
        return self._find(Parameter)

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter once, as an optimizer takes them."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Buffer]]:
        """Every buffer once, with its path: `("norm.running_mean", …)`."""
        return self._find(Buffer)

    def buffers(self) -> Iterator[Buffer]:
        """Every buffer once.  Buffers are state that is not learned."""
        return (buffer for _, buffer in self.named_buffers())

    def named_generators(self) -> Iterator[tuple[str, Generator]]:
        """Every random stream once, with its path: `("drop.generator", …)`.

        A module must keep its `Generator` in an attribute, so that checkpoints find it.
        """
        return self._find(Generator)

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Make `tensor` a buffer, the same as `self.name = nn.Buffer(tensor)`.

        Args:
            name: the name of the attribute.
            tensor: a Tensor or an array.  None sets the attribute to None, without a buffer, for
                layers with optional statistics.
            persistent: whether it is part of `state_dict()`.

        >>> counter = Module()
        >>> counter.register_buffer("steps", mr.tensor(0))
        >>> counter.state_dict()
        {'steps': array(0)}
        """
        if not isinstance(name, str) or not name or "." in name:
            raise ArgumentTypeError(
                f"A buffer's name is a string without dots, such as 'running_mean', got {name!r}."
            )
        if hasattr(self, name) and not isinstance(getattr(self, name), Buffer):
            raise ArgumentError(
                f"{type(self).__name__} already has an attribute {name!r}: give the buffer another "
                f"name."
            )
        setattr(self, name, None if tensor is None else Buffer(tensor, persistent=persistent))

    # -- what is done with it ----------------------------------------------------------------------

    def train(self, mode: bool = True) -> Module:
        """Switch to training mode, in which dropout acts.  `train(False)` is `eval()`."""
        check_flag("mode", mode)
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Switch to evaluation mode, in which dropout is the identity."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to None."""
        for parameter in self.parameters():
            parameter.grad = None

    def requires_grad_(self, requires_grad: bool = True) -> Module:
        """Let `backward` find the gradients of all parameters; `False` freezes them."""
        check_flag("requires_grad", requires_grad)
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def apply(self, function: Callable[[Module], Any]) -> Module:
        """Call `function` with this module and with every module inside it, once each.

        >>> def start(module):
        ...     if isinstance(module, nn.Linear):
        ...         nn.init.xavier_uniform_(module.weight)
        >>> nn.Sequential(nn.Linear(3, 2), nn.Tanh()).apply(start)[1]
        Tanh()
        """
        for module in list(self.modules()):
            function(module)
        return self

    def to(self, name: str) -> Module:
        """Move parameters and buffers to the backend called `name`, in place; clear all gradients.

        >>> nn.Linear(2, 2).to("numpy").weight.backend
        'numpy'
        """
        for tensor in (*self.parameters(), *self.buffers()):
            tensor.data = namespace(tensor.data).transfer(tensor.data, name)
            tensor.grad = None
        return self

    def _named_state(self) -> Iterator[tuple[str, Tensor]]:
        """The state in PyTorch's order: a module's parameters, its buffers, then its children.

        A shared tensor is given under each of its names.
        """
        for path, module in self.named_modules(remove_duplicate=False):
            tensors = vars(module).items()
            yield from ((join_path(path, n), t) for n, t in tensors if isinstance(t, Parameter))
            for name, tensor in tensors:
                if isinstance(tensor, Buffer) and tensor.persistent:
                    yield join_path(path, name), tensor

    def state_dict(self) -> dict[str, Any]:
        """A copy of the array of every parameter and persistent buffer, by name.

        Names and order are PyTorch's, so each library can load the states of the other.
        """
        return {name: tensor.data.copy() for name, tensor in self._named_state()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> IncompatibleKeys:
        """Write the arrays of `state_dict()` back into parameters and buffers.

        Args:
            state: arrays of any backend, Tensors, or PyTorch's tensors on the CPU, by name.
            strict: False loads the names that model and state have in common.

        Returns:
            `missing_keys`, which only the model has, and `unexpected_keys`, which only the state
            has; both are empty if `strict`.

        Raises:
            ArgumentError: a name is missing or unknown, or a shape differs; nothing was changed.
            ArgumentTypeError: not a dictionary of arrays; nothing was changed.

        >>> state = nn.Linear(3, 2, bias=False).state_dict()
        >>> nn.Linear(3, 2).load_state_dict(state, strict=False).missing_keys
        ['bias']
        """
        if not isinstance(state, Mapping) or not all(hasattr(x, "shape") for x in state.values()):
            raise ArgumentTypeError("load_state_dict takes the dictionary that state_dict() gave.")
        tensors = dict(self._named_state())
        keys = IncompatibleKeys(
            [name for name in tensors if name not in state],
            [name for name in state if name not in tensors],
        )
        if strict and any(keys):
            raise ArgumentError(
                f"The state does not fit this model. Missing: {keys.missing_keys or 'nothing'}; "
                f"unknown: {keys.unexpected_keys or 'nothing'}. strict=False loads what fits."
            )
        common = {name: tensor for name, tensor in tensors.items() if name in state}
        for name, tensor in common.items():
            if tuple(state[name].shape) != tensor.shape:
                raise ArgumentError(
                    f"{name} has shape {tensor.shape} in the model and "
                    f"{tuple(state[name].shape)} in the state."
                )
        arrays = {}
        for name, tensor in common.items():
            array = state[name].data if isinstance(state[name], Tensor) else state[name]
            if not isinstance(array, namespace(array).array_type):
                array = np.asarray(array)  # an array of another library
            own = namespace(tensor.data)
            array = namespace(array).transfer(array, own.name)
            arrays[name] = own.asarray(array, dtype=tensor.dtype)
        for name, tensor in common.items():  # now nothing can fail any more
            tensor.overwrite(arrays[name])
        return keys

    def __setattr__(self, name: str, value: Any) -> None:
        before = vars(self).get(name)
        if isinstance(before, Buffer) and type(value) is Tensor:
            value = Buffer(value, persistent=before.persistent)  # the new value, without the graph
        if isinstance(value, (list, tuple)) and any(isinstance(x, PARTS) for x in value):
            raise ArgumentTypeError(
                f"{name} is a {type(value).__name__} of modules, parameters or buffers, which "
                f"would not be found. Use nn.ModuleList(layers), nn.Sequential(*layers), or one "
                f"attribute for each."
            )
        if isinstance(before, PARTS) and not isinstance(value, PARTS) and value is not None:
            raise ArgumentTypeError(
                f"{name} is a {type(before).__name__} of this module and would be lost. Give the "
                f"new value another name, or write its values, if it is a Parameter or a Buffer: "
                f"{name}.data[...] = …."
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        lines = [f"({name}): {child!r}" for name, child in self.named_children()]
        inner = "".join("\n  " + line.replace("\n", "\n  ") for line in lines)
        return f"{type(self).__name__}({self.extra_repr()}{inner}{chr(10) if inner else ''})"

    def extra_repr(self) -> str:
        """The text between the brackets of `repr`, such as the sizes of a layer."""
        return ""


PARTS = (Parameter, Buffer, Module)


def join_path(path: str, name: str) -> str:
    """The path of an attribute called `name` of the module at `path`."""
    return f"{path}.{name}" if path else name
