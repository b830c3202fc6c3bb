"""Modules that hold modules: in a chain, in a list, in a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError, IndexRangeError
from .module import Module


class OrderedModules(Module):
    """The base of `Sequential` and `ModuleList`: modules as attributes named "0", "1", …"""

    def append(self, module: Module) -> Any:
        """Add `module` at the end."""
        number = len(self)
        while str(number) in vars(self):  # a slice of a Sequential keeps its names: "1", "2"
            number += 1
        setattr(self, str(number), check_module(self, number + 1, module))
        return self

    def extend(self, modules: Iterable[Module]) -> Any:
        """Add several modules at the end."""
        if not isinstance(modules, Iterable):
            raise ArgumentTypeError(
                f"{type(self).__name__} takes a list of modules, got {modules!r}."
            )
        new = [check_module(self, i + 1, module) for i, module in enumerate(modules)]
        for module in new:
            self.append(module)
        return self

    def __len__(self) -> int:
        return sum(1 for _ in self.children())

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            part = dict(list(self.named_children())[i])
            # The modules of a Sequential keep their names, as in PyTorch, so that states fit.
            return Sequential(part) if isinstance(self, Sequential) else ModuleList(part.values())
        return getattr(self, self._name(i))

    def __setitem__(self, i: int, module: Module) -> None:
        name = self._name(i)
        setattr(self, name, check_module(self, i + 1, module))

    def _name(self, i: int) -> str:
        names = [name for name, _ in self.named_children()]
        try:
            return names[i]
        except IndexError:
            raise IndexRangeError(
                f"This {type(self).__name__} has {len(names)} modules: index {i} is out of range."
            ) from None


class Sequential(OrderedModules):
    """Modules one after the other: y = f_n(… f_2(f_1(x))).

    Args:
        modules: the modules, or one dictionary of modules, whose keys become their names.

    >>> net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> len(net), net[-1], net[:2]
    (3, Linear(3, 2), Sequential(
      (0): Linear(4, 3)
      (1): ReLU()
    ))
    >>> nn.Sequential({"hidden": nn.Linear(4, 3), "act": nn.ReLU()}).hidden
    Linear(4, 3)
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for i, (name, module) in enumerate(modules[0].items()):
                setattr(self, check_name(self, name), check_module(self, i + 1, module))
        else:
            self.extend(modules)  # type: ignore[arg-type]

    def forward(self, x: Any) -> Any:
        for layer in vars(self).values():
            if isinstance(layer, Module):
                x = layer.forward(x)
        return x


class ModuleList(OrderedModules):
    """A list of modules whose parameters are found, to loop over in `forward`.

    Args:
        modules: the first modules of the list.

    >>> class Residual(nn.Module):
    ...     def __init__(self, depth):
    ...         self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(depth))
    ...     def forward(self, x):
    ...         for layer in self.layers:
    ...             x = x + layer(x).relu()
    ...         return x
    >>> len(list(Residual(3).parameters()))
    6
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def insert(self, i: int, module: Module) -> None:
        """Insert `module` before number i, as in a list; those after it move up by one."""
        modules = list(self)
        modules.insert(i, check_module(self, i + 1, module))
        for number, moved in enumerate(modules):
            setattr(self, str(number), moved)

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(
            "A ModuleList has no forward: call its modules in the forward of your own module, or "
            "use nn.Sequential."
        )


class ModuleDict(Module, MutableMapping):
    """A dictionary of modules whose parameters are found.  It has all methods of a dictionary.

    Args:
        modules: a dictionary, or pairs of a name and a module.

    >>> heads = nn.ModuleDict({"digit": nn.Linear(8, 10), "parity": nn.Linear(8, 2)})
    >>> list(heads), heads["parity"]
    (['digit', 'parity'], Linear(8, 2))
    >>> [name for name, _ in heads.named_parameters()][:2]
    ['digit.weight', 'digit.bias']
    """

    __eq__ = object.__eq__  # a module is equal to itself only; a Mapping compares its entries
    __hash__ = object.__hash__

    def __init__(self, modules: Any = ()) -> None:
        self.update(modules)

    def __getitem__(self, name: str) -> Module:
        return dict(self.named_children())[name]

    def __setitem__(self, name: str, module: Module) -> None:
        setattr(self, check_name(self, name), check_module(self, name, module))

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        delattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.named_children())

    def __len__(self) -> int:
        return sum(1 for _ in self.children())

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(
            "A ModuleDict has no forward: call its modules in the forward of your own module."
        )


def check_module(container: Module, place: Any, module: Any) -> Module:
    """Return `module`, or raise an error that names its place in `container`."""
    if isinstance(module, Module):
        return module
    kind = type(container).__name__
    unpack = " For a list write Sequential(*layers)." if isinstance(container, Sequential) else ""
    place = f"number {place}" if isinstance(place, int) else repr(place)
    raise ArgumentTypeError(f"{kind} takes modules, and {place} is {module!r}.{unpack}")


def check_name(container: Module, name: Any) -> str:
    """Return `name`, or raise an error if a module in `container` cannot have it."""
    kind = type(container).__name__
    if not isinstance(name, str) or not name or "." in name:
        raise ArgumentTypeError(
            f"Names in a {kind} are strings without dots, such as 'hidden', got {name!r}."
        )
    if hasattr(container, name) and not isinstance(vars(container).get(name), Module):
        raise ArgumentError(f"A {kind} already has an attribute {name!r}: choose another name.")
    return name
