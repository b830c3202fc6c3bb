"""What all optimizers share: groups of parameters with options of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..autograd import Tensor
from ..errors import ArgumentError, ArgumentTypeError


class Optimizer:
    """The base of all optimizers.  A subclass defines `update(params, group)`.

    Args:
        params: the parameters, as `model.parameters()` gives them, or a list of dictionaries:
            `[{"params": …, "lr": 0.1}, {"params": …}]`, each a group with options of its own.
        defaults: the options of every group that does not name its own.

    Attributes:
        param_groups: the list of dictionaries.  A schedule writes `group["lr"]`.
        state: what the optimizer remembers of each parameter, by `id`.
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[int, dict[str, Any]] = {}
        if isinstance(params, Tensor) or not isinstance(params, Iterable):
            raise ArgumentTypeError(
                f"{type(self).__name__} takes an iterable of parameters (model.parameters()), got "
                f"{type(params).__name__}."
            )
        listed = list(params)
        if not listed:
            raise ArgumentError(
                f"{type(self).__name__} got no parameters. model.parameters() finds the Parameters "
                f"and Modules that are attributes of the model."
            )
        groups = listed if all(isinstance(x, dict) for x in listed) else [{"params": listed}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Add parameters with options of their own, for instance another learning rate."""
        unknown = group.keys() - self.defaults.keys() - {"params"}
        if unknown or "params" not in group:
            raise ArgumentError(
                f"A parameter group needs 'params' and may name {sorted(self.defaults)}, got "
                f"{sorted(group)}."
            )
        params = [group["params"]] if isinstance(group["params"], Tensor) else group["params"]
        group = {**self.defaults, **group, "params": list(params)}
        self.check(group)
        added: dict[int, dict[str, Any]] = {}
        for p in group["params"]:
            if not isinstance(p, Tensor) or not p.is_leaf or not p.requires_grad:
                raise ArgumentTypeError(
                    f"An optimizer updates leaf tensors that require a gradient (nn.Parameter), "
                    f"got {p!r}."
                )
            if p.data.dtype.kind != "f":
                raise ArgumentTypeError(f"Parameters must be floating-point, got {p.dtype}.")
            if id(p) in self.state or id(p) in added:
                raise ArgumentError("A parameter stands in two groups (or twice in one).")
            added[id(p)] = {}
        self.state.update(added)
        self.param_groups.append(group)

    def check(self, group: dict[str, Any]) -> None:
        """Say what is wrong with the options of a group."""

    def zero_grad(self) -> None:
        """Forget all gradients.  Call it once per step, before `backward`."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        for group in self.param_groups:
            self.update([p for p in group["params"] if p.grad is not None], group)

    def update(self, params: list[Any], group: dict[str, Any]) -> None:
        """Write new values into `p.data`, in place, for each p of `params`.

        Args:
            params: those parameters of the group that have a gradient.
            group: the options, `group["lr"]`.  What is remembered of p stands in
                `self.state[id(p)]`, a dictionary that is empty at first.
        """
        raise NotImplementedError(f"{type(self).__name__} must define update(params, group).")
