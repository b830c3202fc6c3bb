"""The base of all optimizers: groups of parameters with their own options, and a state."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from ..autograd import Tensor
from ..backend import Array, namespace
from ..checks import check_count, check_number, describe_value
from ..errors import ArgumentError, ArgumentTypeError


class Optimizer:
    """The base of all optimizers.  A subclass defines `update(params, group)`, `memory(group)` if
    it keeps a state for each parameter, and `effective_step(p)` for proximal steps.

    Args:
        params: the parameters, as `model.parameters()` gives them, or a list of dictionaries:
            `[{"params": …, "lr": 0.1}, {"params": …}]`, each a group with its own options.
        defaults: the options of a group, as far as it does not give its own.

    Attributes:
        param_groups: the list of dictionaries.  A schedule writes `group["lr"]`.
        state: what the optimizer remembers: a dictionary whose keys are the parameters, and whose
            values are dictionaries.

    An optimizer of your own:

    >>> class SignDescent(Optimizer):
    ...     def __init__(self, params, lr):
    ...         super().__init__(params, {"lr": lr})
    ...     def update(self, params, group):
    ...         for p in params:
    ...             p.data -= group["lr"] * mr.namespace(p.grad).sign(p.grad)
    >>> w = mr.tensor([1.0, -1.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> SignDescent([w], lr=0.25).step()
    >>> w.tolist()
    [0.75, -0.75]
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[Tensor, dict[str, Any]] = {}  # a Tensor's hash is its identity
        if isinstance(params, Tensor) or not isinstance(params, Iterable):
            raise ArgumentTypeError(
                f"{type(self).__name__} takes an iterable of parameters (model.parameters()), got "
                f"{type(params).__name__}.",
                argument="params",
            )
        listed = list(params)
        if not listed:
            raise ArgumentError(
                f"{type(self).__name__} got no parameters. model.parameters() finds the Parameters "
                f"and Modules that are attributes of the model.",
                argument="params",
            )
        groups = listed if all(isinstance(x, dict) for x in listed) else [{"params": listed}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Add parameters with their own options, for instance another learning rate."""
        unknown = group.keys() - self.defaults.keys() - {"params"}
        if unknown or "params" not in group:
            raise ArgumentError(
                f"A parameter group needs 'params' and may have {sorted(self.defaults)}, got "
                f"{sorted(group)}."
            )
        params = [group["params"]] if isinstance(group["params"], Tensor) else group["params"]
        group = {**self.defaults, **group, "params": list(params)}
        self.check(group)
        added: dict[Tensor, dict[str, Any]] = {}
        for p in group["params"]:
            if not isinstance(p, Tensor) or not p.is_leaf:
                raise ArgumentTypeError(
                    f"An optimizer updates leaf tensors such as nn.Parameter, got "
                    f"{describe_value(p)}."
                )
            if p.data.dtype.kind != "f":
                raise ArgumentTypeError(f"Parameters must be floating-point, got {p.dtype}.")
            if p in self.state or p in added:
                raise ArgumentError("A parameter is in two groups (or twice in one).")
            added[p] = {}
        if added and not any(p.requires_grad for p in group["params"]):
            raise ArgumentError(
                f"None of the {len(added)} parameters of the group requires a gradient, so nothing "
                f"would be learned. Make them with requires_grad=True (nn.Parameter), or unfreeze "
                f"some: module.requires_grad_()."
            )
        self.state.update(added)
        self.param_groups.append(group)

    def check(self, group: dict[str, Any]) -> None:
        """Raise an error if an option of a group is wrong."""

    def zero_grad(self) -> None:
        """Set all gradients to None.  Call it once per step, before `backward`."""
        for p in self.state:
            p._grad = None

    def step(self, again: Callable[[], Any] | None = None) -> None:
        """Update every parameter that has a gradient.

        Args:
            again: a function that computes the gradients of the same batches again, with the same
                masks, at the current weights, writes them into `.grad` and returns the loss.
                `fit` passes it.  A subclass that needs the gradients at a second point
                (sharpness-aware minimisation) calls it in its own `step`; the others ignore it.
        """
        for group in self.param_groups:
            params = [p for p in group["params"] if p._grad is not None]
            self.update(params, group)
            for p in params:
                p.renumber()

    def memory(self, group: dict[str, Any]) -> tuple[str, ...]:
        """The names of what `update` keeps in `self.state[p]` with these options: `"step"`, a
        count, and arrays of the parameter's shape.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define memory(group): the names of what it keeps for each "
            f"parameter, so that it can be saved."
        )

    def update(self, params: list[Tensor], group: dict[str, Any]) -> None:
        """Write new values into `p.data`, in place, for each p of `params`.

        Args:
            params: those parameters of the group that have a gradient.
            group: the options, such as `group["lr"]`.  What is remembered of p is in the
                dictionary `self.state[p]`, which is empty at first.
        """
        raise NotImplementedError(f"{type(self).__name__} must define update(params, group).")

    def effective_step(self, p: Tensor) -> Array | float:
        """The length of the steps that p takes per unit of a constant gradient, at the rates of the
        last step.

        A proximal step of this length, after each step of the optimizer, leads to the minimum of
        loss + penalty.

        Returns:
            A number, or an array of p's shape where the entries have steps of different lengths:
            0 if they were not updated yet.

        >>> w = mr.tensor([1.0], requires_grad=True)
        >>> round(optim.SGD([w], lr=0.1, momentum=0.9).effective_step(w), 6)
        1.0
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define effective_step(p): the length of its steps per "
            f"unit of a constant gradient."
        )

    def group_of(self, p: Tensor) -> dict[str, Any]:
        """The group that p belongs to, with its options."""
        for group in self.param_groups:
            if any(p is other for other in group["params"]):
                return group
        raise ArgumentError(
            f"{describe_value(p)} is not a parameter of this {type(self).__name__}.", argument="p"
        )

    # -- saving and loading ------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to continue: copies of what is remembered, and the options.

        Returns:
            `{"state": {index: {name: array or number}}, "param_groups": [{"params": [index, …],
            "lr": …, …}, …]}`, as in PyTorch: the index of a parameter is its place in the
            groups.  Parameters that were not updated yet have no entry.

        >>> w = mr.tensor([1.0], requires_grad=True)
        >>> w.grad = mr.tensor([2.0]).data
        >>> optimizer = optim.SGD([w], lr=0.1, momentum=0.9)
        >>> optimizer.step()
        >>> optimizer.state_dict()["state"]
        {0: {'momentum': array([2.], dtype=float32)}}
        """
        number = {p: i for i, p in enumerate(self.state)}
        state: dict[int, dict[str, Any]] = {}
        groups = []
        for group in self.param_groups:
            numbers = [number[p] for p in group["params"]]
            options = {name: value for name, value in group.items() if name != "params"}
            groups.append({**copy.deepcopy(options), "params": numbers})
            for p in filter(self.state.get, group["params"]):
                kept = {k: x for k, x in self.state[p].items() if k in self.memory(group)}
                state |= {number[p]: copy.deepcopy(kept)} if kept else {}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue exactly as the optimizer that gave `state_dict()` would have.

        The options (`lr`, …) are loaded, too.  Arrays get the dtype and the backend of their
        parameter.

        Raises:
            ArgumentError: the groups, parameters, names or shapes do not match; nothing was
                changed.
            ArgumentTypeError: not a dictionary of this form; nothing was changed.
        """
        saved_groups, saved_state = self.check_form(state_dict)
        loaded: dict[Tensor, dict[str, Any]] = {}
        options = []
        for i, (group, saved) in enumerate(zip(self.param_groups, saved_groups)):
            options.append(self.check_options(i, saved))
            for p, index in zip(group["params"], saved["params"]):
                kept = saved_state.get(index, {})
                names = set(self.memory(saved)) if kept else set()
                if kept.keys() != names:
                    raise ArgumentError(
                        f"Parameter {index} has {sorted(kept)} in the state; "
                        f"{type(self).__name__} with these options needs {sorted(names)}."
                    )
                loaded[p] = {name: restore(index, name, x, p) for name, x in kept.items()}
        for group, new in zip(self.param_groups, options):  # now nothing can fail any more
            group.update(new)
        self.state = loaded

    def check_form(self, state_dict: Any) -> tuple[list[dict[str, Any]], dict[int, Any]]:
        """Return groups and state, if each group has as many parameters as the optimizer's."""
        form = state_dict if isinstance(state_dict, dict) else {}
        groups, state = form.get("param_groups"), form.get("state")
        if (
            form.keys() != {"param_groups", "state"}
            or not isinstance(groups, (list, tuple))
            or not all(isinstance(g, dict) and isinstance(g.get("params"), list) for g in groups)
            or not isinstance(state, dict)
            or not all(isinstance(kept, dict) for kept in state.values())
        ):
            raise ArgumentTypeError(
                "load_state_dict takes the dictionary that state_dict() gave: 'param_groups' is a "
                "list of dictionaries, each with a list 'params', and 'state' is a dictionary of "
                "dictionaries."
            )
        here = [len(group["params"]) for group in self.param_groups]
        there = [len(group["params"]) for group in groups]
        if here != there:
            raise ArgumentError(
                f"The optimizer has groups of {here} parameters, the state has groups of {there}."
            )
        indices = [index for group in groups for index in group["params"]]
        if indices != list(range(len(indices))) or not state.keys() <= set(indices):
            raise ArgumentError(
                f"The parameters of a state must be numbered 0, 1, 2, … through its groups, and "
                f"'state' must have no others, got {indices} in the groups and {list(state)} in it."
            )
        return list(groups), state

    def check_options(self, i: int, saved: dict[str, Any]) -> dict[str, Any]:
        """Return the saved options of group i, if they are options of this optimizer."""
        options = {name: value for name, value in saved.items() if name != "params"}
        missing = self.defaults.keys() - options.keys()
        unknown = options.keys() - self.defaults.keys() - {"initial_lr"}
        if missing or unknown:
            raise ArgumentError(
                f"Group {i} of the state does not have the options of {type(self).__name__}. "
                f"Missing: {sorted(missing) or 'nothing'}; unknown: {sorted(unknown) or 'nothing'}."
            )
        if "initial_lr" in options:  # what schedules start from
            check_number("initial_lr", options["initial_lr"], minimum=0)
        self.check(options)
        return copy.deepcopy(options)


def restore(index: int, name: str, value: Any, p: Tensor) -> Array | int:
    """Return a saved count, or a saved array on p's backend and with p's memory layout."""
    if name == "step":
        return check_count("step", value, minimum=0)
    array = value.data if isinstance(value, Tensor) else value
    expected = (
        f"{name!r} of parameter {index} must be a floating-point array of shape {p.shape} in the "
        f"state, got {describe_value(value)}."
    )
    if not hasattr(array, "shape") or array.dtype.kind != "f":
        raise ArgumentTypeError(expected)
    if tuple(array.shape) != p.shape:
        raise ArgumentError(expected)
    xp = namespace(p.data)
    own = xp.empty_like(p.data)
    own[...] = namespace(array).transfer(array, xp.name)
    return own
