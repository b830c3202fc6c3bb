"""Tensor: an array that remembers how it was made.

`minireg.ops` adds the arithmetic (`x + y`, `x.sum()`) to this class.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend import Array, namespace, register_namespace
from ..checks import describe_value
from ..errors import ArgumentError, ArgumentTypeError, GraphError

next_order = count().__next__  # every Tensor gets a number, higher than all before


class Tensor:
    """An array, its gradient, and the operation that made it.

    Args:
        data: an array of a known backend, kept as it is.  `minireg.tensor` also takes numbers,
            lists and another backend's arrays.
        requires_grad: whether `backward` finds the derivative with respect to it.

    Attributes:
        data: the array.
        grad: after `backward`, dL/d(data): an array of the same shape and dtype; None before.
        requires_grad: see above; also true for every result that is computed from such a Tensor.

    >>> x = mr.tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    array([2., 4., 6.], dtype=float32)
    """

    __slots__ = (  # noqa: RUF023  in the order of importance
        "data", "_grad", "requires_grad",
        "_order", "_primitive", "_args", "_options", "_vjps", "_retains_grad", "__weakref__",
    )  # fmt: skip

    if TYPE_CHECKING:  # a type checker cannot see that `minireg.ops` binds the operations
        _bound: Any = None
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _bound
        __rtruediv__ = __pow__ = __rpow__ = __matmul__ = __rmatmul__ = __neg__ = __abs__ = _bound
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _bound
        __and__ = __or__ = __xor__ = __invert__ = __getitem__ = __iter__ = _bound
        __float__ = __int__ = _bound

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, data: Array, requires_grad: bool = False) -> None:
        if isinstance(data, Tensor) or type(data) is not namespace(data).array_type:
            raise ArgumentTypeError(
                f"Tensor takes a plain array and keeps it as it is, got {describe_value(data)} "
                f"({type(data).__name__}). mr.tensor(…) makes a Tensor from anything like numbers."
            )
        if requires_grad and data.dtype.kind != "f":
            raise ArgumentTypeError(
                f"Only floating-point tensors have gradients, and this one is {data.dtype}. "
                f"Convert it first: mr.tensor(data, dtype=mr.float32, requires_grad=True)."
            )
        self.data = data
        self._grad: Any = None
        self.requires_grad = requires_grad
        self._order = next_order()
        # The operation that made it (None for a leaf).  `_vjps`: see primitive.py.
        self._primitive: Any = None
        self._args: tuple[Any, ...] = ()
        self._options: dict[str, Any] | None = None
        self._vjps: Any = None
        self._retains_grad = False

    def __init_subclass__(cls) -> None:
        register_namespace(cls, namespace(Tensor(np.zeros(()))))

    # -- what it is --------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def dtype(self) -> Any:
        return self.data.dtype

    @property
    def is_leaf(self) -> bool:
        """True if no recorded operation made it: a parameter, an input, a constant."""
        return self._vjps is None

    @property
    def backend(self) -> str:
        """The name of the backend its array belongs to."""
        return namespace(self.data).name

    def __repr__(self) -> str:
        values = np.array2string(self.numpy(), separator=", ", prefix="tensor(", threshold=100)
        made = f", made_by={self._primitive.__name__}" if self._primitive is not None else ""
        wants = ", requires_grad=True" if self.requires_grad and self.is_leaf else ""
        where = "" if self.backend == "numpy" else f", backend={self.backend}"
        return f"tensor({values}, dtype={self.dtype}{made}{wants}{where})"

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentTypeError("A 0-d tensor has no length; use .item() for its value.")
        return self.shape[0]

    def __getstate__(self) -> Any:  # for copy and pickle
        if not self.is_leaf:
            raise GraphError("A tensor cannot be copied with its graph: copy x.detach().")
        return super().__getstate__()

    def __setstate__(self, state: Any) -> None:
        for name, value in state[1].items():
            setattr(self, name, value)
        self.renumber()  # a copy is another leaf

    # -- leaving the graph -------------------------------------------------------------------------

    def numpy(self) -> np.ndarray:
        """The values as a NumPy array: the array itself on NumPy, a copy from a GPU."""
        return namespace(self.data).to_host(self.data)

    def item(self) -> Any:
        """The value of a tensor with one element as a Python number."""
        if self.size != 1:
            raise ArgumentError(
                f"item() needs a tensor with one element, and this one has shape {self.shape}. "
                f"Use .tolist() or .numpy()."
            )
        return self.numpy().item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
        return self.numpy().tolist()

    def detach(self) -> Tensor:
        """A Tensor on the same array, without a graph."""
        return Tensor(self.data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ArgumentError(
                f"A tensor of shape {self.shape} is neither true nor false: use .any() or .all()."
            )
        return bool(self.numpy())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu":
            raise ArgumentTypeError(f"Only an integer tensor can be an index, not {self.dtype}.")
        return int(self.item())

    # -- gradients ---------------------------------------------------------------------------------

    @property
    def grad(self) -> Any:
        return self._grad

    @grad.setter
    def grad(self, g: Any) -> None:
        if isinstance(g, np.generic):  # NumPy computes numbers from arrays without axes
            g = np.asarray(g)
        fits = isinstance(g, namespace(self.data).array_type) and g.dtype.kind == "f"
        if g is not None and not (fits and g.shape == self.data.shape):
            raise ArgumentTypeError(
                f".grad must be None or a floating-point {self.backend} array of shape "
                f"{self.shape}, got {describe_value(g)}. For a Tensor t: p.grad = t.data."
            )
        self._grad = g

    def retain_grad(self) -> Tensor:
        """Let `backward` fill `.grad` of this tensor even though an operation made it."""
        if not self.requires_grad:
            raise GraphError("retain_grad() on a tensor that does not require a gradient.")
        self._retains_grad = True
        return self

    def overwrite(self, values: Any) -> None:
        """Write new values into the array of a leaf, in place.

        A backward pass through a result of the old values raises an error.
        """
        self.data[...] = values
        self.renumber()

    def renumber(self) -> None:
        """Make this leaf newer than every result computed so far: its array has new values."""
        self._order = next_order()

    # -- refused, because it would silently do the wrong thing -------------------------------------

    def __setitem__(self, index: Any, value: Any) -> None:
        raise ArgumentTypeError(
            "A Tensor cannot be assigned to, because the graph would not record it. Use "
            "mr.where(mask, value, x) for a new tensor, or p.data[...] = value outside of training."
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.requires_grad:
            raise ArgumentTypeError(
                "NumPy cannot record operations on a Tensor. Use the function of the same name in "
                "minireg (mr.exp for np.exp), or x.detach().numpy() to leave the graph."
            )
        return np.array(self.data, dtype=dtype, copy=copy)  # CuPy's arrays refuse this

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        # NumPy sends `array * tensor` here as well as np.exp(tensor).
        name = ufunc.__name__.replace("bitwise", "logical")
        operation = getattr(namespace(self), name, None)
        if operation and method == "__call__" and ufunc.nin == 2 and not options:
            return operation(*inputs)
        raise ArgumentTypeError(
            f"np.{ufunc.__name__} does not take Tensors: use mr.{name}, which records the "
            f"operation, or np.{ufunc.__name__}(x.numpy()) for plain numbers."
        )


def raw(x: Any) -> Any:
    """The array of a Tensor; anything else as it is."""
    return x.data if isinstance(x, Tensor) else x
