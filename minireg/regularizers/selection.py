"""What `on` narrows, and which parameters of a model a selector chooses."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from ..autograd import Tensor
from ..checks import Checked, check_number, describe_value
from ..errors import ArgumentTypeError

Selector = type | str | Callable[[str, Any], bool]
Own = TypeVar("Own", bound="Selective")


class Selective:
    """A penalty with a strength, and the selections to which `on` limits it.

    A penalty and its narrowed forms share all settings: a new strength counts for each of them.

    >>> from minireg import regularizers as reg
    >>> penalty = reg.L1(0.1)
    >>> narrowed = penalty.on("0.*")
    >>> penalty.strength = 0.2
    >>> narrowed
    L1(0.2).on('0.*')
    """

    __slots__ = ("__dict__", "selections")  # narrowed forms share the first, not the second
    selections: tuple[tuple[Selector, ...], ...]
    strength: Any = Checked(check_number, minimum=0)  # may be changed at any time

    def __new__(cls, *settings: Any, **options: Any) -> Any:
        self = super().__new__(cls)
        self.selections = ()
        return self

    def narrow(self: Own, selectors: Iterable[Selector]) -> Own:
        """Return this penalty with one more selection."""
        narrowed = copy.copy(self)
        narrowed.__dict__ = self.__dict__
        narrowed.selections = (*self.selections, tuple(map(check_selector, selectors)))
        return narrowed

    def extra_repr(self) -> str:
        """The text inside the parentheses of the repr."""
        return ""

    def __repr__(self) -> str:
        narrowed = (", ".join(map(describe_selector, some)) for some in self.selections)
        on = "".join(f".on({names})" for names in narrowed)
        return f"{type(self).__name__}({self.extra_repr()}){on}"


def refuse_strength(self: Any, *strength: float) -> Any:
    """Raise an error: a number that is set on a sum would have no effect."""
    raise AttributeError(
        f"The sum {self!r} has no strength, its terms have: penalty.terms[0].strength = 0.1."
    )


def check_selector(selector: Any) -> Selector:
    """Return a selector that `match` understands, or raise an error."""
    is_layer = hasattr(selector, "parameters") and not isinstance(selector, type)
    if is_layer or not (callable(selector) or isinstance(selector, str)):
        raise ArgumentTypeError(
            f"on() takes layer classes, patterns of paths such as 'fc1.*', and functions of (path, "
            f"parameter or module), got {selector!r}.",
            argument="selectors",
        )
    return selector


def match(selector: Any, model: Any, named: dict[str, Any]) -> Iterator[Any]:
    """The parameters that a selector chooses.

    Args:
        model: what the parameters came from; only a Module has layers.
        named: the parameters to choose from, by path.
    """
    if isinstance(selector, type):
        modules = model.named_modules() if hasattr(model, "named_modules") else ()
        layers: Iterator[Any] = (module for _, module in modules if isinstance(module, selector))
        for layer in layers:
            yield from layer.parameters()
    elif isinstance(selector, str):
        yield from (p for name, p in named.items() if fnmatchcase(name, selector))
    else:
        yield from (p for name, p in named.items() if selector(name, p))


def match_modules(selectors: Iterable[Any], path: str, module: Any) -> bool:
    """Whether one of the selectors chooses this module."""
    return any(
        isinstance(module, selector)
        if isinstance(selector, type)
        else fnmatchcase(path, selector)
        if isinstance(selector, str)
        else selector(path, module)
        for selector in selectors
    )


def describe_selector(selector: Selector) -> str:
    return (
        repr(selector)
        if isinstance(selector, str)
        else getattr(selector, "__name__", repr(selector))
    )


def check_module(model: Any) -> Any:
    """Return `model`, which has modules, or raise an error."""
    if isinstance(model, type) or not hasattr(model, "named_modules"):
        raise ArgumentTypeError(
            f"The model must be an nn.Module, got {describe_value(model)}.", argument="model"
        )
    return model


def named_tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """The parameters of a Module, or the Tensors of an iterable, with names."""
    if hasattr(model, "named_parameters"):
        yield from model.named_parameters()
        return
    tensors = [model] if isinstance(model, Tensor) else model
    if not isinstance(tensors, Iterable):
        raise ArgumentTypeError(
            f"A penalty applies to a Module, a Tensor or an iterable of Tensors, got {model!r}.",
            argument="model",
        )
    for i, p in enumerate(tensors):
        if not isinstance(p, Tensor):
            raise ArgumentTypeError(
                f"A penalty applies to Tensors, and number {i + 1} is {p!r}.", argument="model"
            )
        yield str(i), p
