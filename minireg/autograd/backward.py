"""Reverse mode: walk the recorded operations from the last to the first and apply the chain rule.

Every Tensor has a number, and an operation's result has a higher one than its arguments.  So the
pending Tensor with the highest number can receive no further contribution: it is the next one.
A heap of numbers is all that the order needs.  There is no recursion, so even a chain of a million
operations works.  A leaf whose values are changed in place gets a new number, which is higher than
those of the results computed from its old values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from ..backend import Array, namespace
from ..errors import ArgumentError, ArgumentTypeError, GraphError
from .diagnosis import check_returned, raise_wrong_gradient
from .mode import recording
from .primitive import drop_unneeded
from .tensor import Tensor


def raise_freed(g: Any, needs: Any) -> Any:
    """Replaces the vjps of an operation after a backward pass that does not retain the graph."""
    raise GraphError(
        "This graph was freed by an earlier backward pass. Call the first one with "
        "retain_graph=True, or compute the loss again."
    )


def raise_changed(y: Tensor) -> None:
    """Say that an argument of the operation that made `y` has got new values since."""
    name = y._primitive.__name__.lstrip("_")
    raise GraphError(
        f"{name} was computed with weights that have changed since (by an optimizer's step, for "
        f"example), so its derivative would be wrong. Compute the loss again after the step, or "
        f"call backward of every loss before it."
    )


def sweep(
    output: Tensor,
    upstream: Any,
    inputs: Sequence[Tensor] | None,
    retain_graph: bool,
    create_graph: bool,
) -> list[tuple[Tensor, Any]]:
    """Return pairs (x, dL/dx) for those `inputs` that `output` depends on (None: for its leaves and
    retained tensors).  Gradients are arrays, or with `create_graph` Tensors that have a graph.
    """
    wanted = None if inputs is None else {x._order for x in inputs}
    found, pending = [], {output._order: upstream}  # pending: gradients of the tensors in the heap
    heap = [(-output._order, output)]
    while heap:
        y = heappop(heap)[1]
        g = pending.pop(y._order)
        if (y._vjps is None or y._retains_grad) if wanted is None else y._order in wanted:
            found.append((y, g))
        args, vjps = take_vjps(y, g, retain_graph, create_graph)
        for x, vjp in zip(args, vjps):
            if vjp is None:
                continue
            if x._order > y._order and x._vjps is None:
                raise_changed(y)
            if wanted is not None and x.is_leaf and x._order not in wanted:
                continue
            part, order = pull_back(y, vjps, vjp, g, x.data), x._order
            if order in pending:
                pending[order] = pending[order] + part
            else:
                pending[order] = part
                heappush(heap, (-order, x))
    return found


def take_vjps(y: Tensor, g: Any, retain_graph: bool, create_graph: bool) -> Any:
    """Return the arguments of the operation that made `y`, and their vjps; a leaf has none."""
    if y._vjps is None:
        return (), ()
    args, vjps = replay(y) if create_graph else (y._args, y._vjps)
    if not retain_graph:
        y._args, y._vjps, y._options = (), raise_freed, None
    return args, separate(y, vjps, g, args) if callable(vjps) else vjps


def pull_back(y: Tensor, vjps: Any, vjp: Callable, g: Any, like: Array) -> Any:
    """The contribution of g = dL/dy to the gradient of the argument of y that `vjp` belongs to.

    Args:
        like: the array of that argument; the gradient gets its shape and dtype.
    """
    try:
        part = vjp(g)
    except TypeError as error:
        check_returned(error, y._primitive, (y.data, vjps), vjp, g)
        raise
    try:
        if part.shape != like.shape:
            part = sum_to_shape(part, like.shape)
        return part if part.dtype is like.dtype else part.astype(like.dtype)
    except (AttributeError, IndexError, ValueError) as error:
        raise_wrong_gradient(error, y._primitive, vjps, vjp, like.shape, part)


def separate(y: Tensor, joint: Callable, g: Any, args: tuple[Any, ...]) -> list[Any]:
    """Return one vjp for each argument, from `joint`, which gives all gradients at once."""
    needs = find_needs(args)
    try:
        parts = joint(g, needs)
    except TypeError as error:
        check_returned(error, y._primitive, (y.data, joint), joint, g, needs)
        raise
    return [(lambda g, part=part: part) if need else None for part, need in zip(parts, needs)]


def find_needs(args: tuple[Any, ...]) -> list[bool]:
    return [isinstance(x, Tensor) and x.requires_grad for x in args]


def replay(y: Tensor) -> tuple[tuple[Any, ...], Any]:
    """Run the operation that made `y` again, on Tensors; return arguments and recording vjps."""
    operation, args, options = y._primitive, y._args, y._options or {}
    if y._vjps is raise_freed:
        raise_freed(None, None)
    if not operation.twice:
        raise GraphError(
            f"{operation.__name__} has no second derivative (it was declared with plain=None), so "
            f"create_graph=True cannot pass through it."
        )
    if operation.plain is not None:
        # The same value composed of other operations: continue through that graph instead.
        value = operation.plain(*args, **options)
        return (value[0] if isinstance(value, tuple) else value,), (lambda g: g,)
    _, vjps, *_ = operation.body(*args, **options)
    return args, vjps if callable(vjps) else drop_unneeded(operation, vjps, find_needs(args))


def sum_to_shape(g: Any, shape: tuple[int, ...]) -> Any:
    """Undo broadcasting: sum `g` over every axis along which `shape` was stretched."""
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(
        extra + i for i, n in enumerate(shape) if n == 1 and g.shape[extra + i] != 1
    )
    return namespace(g).sum(g, axis=axes, keepdims=True).reshape(shape)


def backward(output: Tensor, gradient: Any = None, retain_graph: bool = False) -> None:
    """Find dL/dp for every leaf p this tensor L was computed from, and add it to `p.grad`.

    Args:
        gradient: the upstream gradient dL/d(self), of this tensor's shape.  For a tensor with one
            element it may be left out, and is then 1.
        retain_graph: keep what a second backward pass through the same graph would need.

    Raises:
        GraphError: nothing was recorded, or the graph was freed by an earlier backward.
        ArgumentError: `gradient` is missing or has another shape.

    >>> x = mr.tensor([3.0], requires_grad=True)
    >>> (x * x).backward()
    >>> x.grad
    array([6.], dtype=float32)
    """
    upstream = make_upstream(output, gradient)
    found = sweep(output, upstream, None, retain_graph, create_graph=False)
    # Written only now, when nothing can fail any more.  A gradient needs no copy as long as no
    # other leaf holds the same memory.
    held = {id(upstream)}
    for leaf, g in found:
        if leaf._grad is not None:
            g = leaf._grad + g
        base = g.base  # the array whose memory a view shows
        owner = g if base is None else base
        if id(owner) in held or g.ndim == 0 or (base is not None and not shows_whole(base, g)):
            g = owner = namespace(leaf.data).array(g)
        held.add(id(owner))
        leaf._grad = g


Tensor.backward = backward  # type: ignore[attr-defined]


def shows_whole(owner: Any, view: Any) -> bool:
    """False for a view of a part, a broadcast view and a read-only view."""
    return view.size == owner.size and getattr(view.flags, "writeable", True)


def make_upstream(output: Tensor, gradient: Any) -> Any:
    if not isinstance(output, Tensor):
        raise ArgumentTypeError(f"Only a Tensor can be differentiated, got {output!r}.")
    if not output.requires_grad:
        raise GraphError(
            "Nothing to differentiate: this tensor does not depend on one that requires a "
            "gradient, or was computed inside no_grad(). Make the inputs with requires_grad=True."
        )
    xp, like = namespace(output.data), output.data
    if gradient is None:
        if like.size != 1:
            raise ArgumentError(
                f"backward needs a scalar, and this tensor has shape {like.shape}. Reduce it "
                f"first (.sum() or .mean()), or pass gradient= with that shape."
            )
        upstream = xp.empty(like.shape, like.dtype)
        upstream.fill(1)  # xp.ones takes three times as long to start
        return upstream[()]  # NumPy's scalars compute faster than 0-d arrays
    upstream = gradient.data if isinstance(gradient, Tensor) else xp.asarray(gradient)
    if upstream.shape != like.shape:
        raise ArgumentError(
            f"gradient must have the shape {like.shape} of the tensor, got {upstream.shape}."
        )
    return upstream.astype(like.dtype)  # a copy: the caller may change the array


def grad(
    output: Tensor,
    inputs: Any,
    gradient: Any = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
) -> Any:
    """Return d(output)/d(inputs) as Tensors; no `.grad` is changed.

    Args:
        output: a Tensor with one element, or of any shape with `gradient`.
        inputs: a Tensor or a sequence of Tensors, leaves or not.
        gradient: the upstream gradient, of the shape of `output`.
        retain_graph: keep the graph for another pass; by default the value of `create_graph`.
        create_graph: record the derivative itself, so that it can be differentiated again.

    Returns:
        One Tensor for one Tensor, a tuple for a sequence.  An input that `output` does not depend
        on has the gradient zero.

    Raises:
        GraphError: nothing was recorded, or an input does not require a gradient.

    >>> x = mr.tensor(3.0, requires_grad=True)
    >>> first = mr.grad(x * x * x, x, create_graph=True)      # 3x²
    >>> first.item(), mr.grad(first, x).item()                # 6x
    (27.0, 18.0)
    """
    single = isinstance(inputs, Tensor)
    if not isinstance(inputs, Tensor | Iterable):
        raise ArgumentTypeError(
            f"grad takes a Tensor or a sequence of Tensors as inputs, got {inputs!r}.",
            argument="inputs",
        )
    wanted: list[Any] = [inputs] if single else list(inputs)
    for x in wanted:
        if not isinstance(x, Tensor) or not x.requires_grad:
            raise GraphError("Every input of grad must be a Tensor with requires_grad=True.")
    upstream = make_upstream(output, gradient)
    if create_graph:
        as_given = isinstance(gradient, Tensor)
        upstream = gradient if as_given else Tensor(namespace(output.data).asarray(upstream))
    retain = create_graph if retain_graph is None else retain_graph
    with recording(create_graph):
        found = {x._order: g for x, g in sweep(output, upstream, wanted, retain, create_graph)}
    gradients: list[Tensor] = []
    for x in wanted:
        g = found[x._order] if x._order in found else namespace(x.data).zeros_like(x.data)
        if not isinstance(g, Tensor):
            g = Tensor(namespace(g).array(g))
        if create_graph and not g.requires_grad:  # a constant, whose own derivative is zero
            g = Tensor(g.data, requires_grad=True)
        gradients.append(g)
    return gradients[0] if single else tuple(gradients)


def value_and_grad(function: Callable[..., Tensor]) -> Callable[..., tuple[Tensor, Any]]:
    """Return a function that gives `function(*inputs)`, a Tensor with one element, and its gradient
    (for several inputs: the tuple of their gradients).

    >>> value, g = value_and_grad(lambda x: (x * x).sum())(mr.tensor([1.0, 2.0]))
    >>> value.item(), g.tolist()
    (5.0, [2.0, 4.0])
    """

    def evaluate(*inputs: Tensor) -> tuple[Tensor, Any]:
        leaves = [Tensor(x.data, requires_grad=True) for x in inputs]
        with recording(True):
            value = function(*leaves)
        gradients = grad(value, leaves)
        return value.detach(), gradients[0] if len(leaves) == 1 else gradients

    return evaluate
