"""GuardedLibrary: the names of CuPy that NumPy has, too, working on guarded arrays.

`xp.exp` is NumPy's exp behind a check of the arguments; `xp.errstate` is an AttributeError, as on
CuPy.  Functions of files, printing and Python callbacks are not modelled.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import NUMBERS, Guarded, check, lowered, unsupported
from .array import GuardedArray, device_index, wrapped
from .counting import host_read, upload
from .surface import recorded, signature, words

# CuPy waits for the device in these: the shape of the result depends on values, or values are
# checked.
READING = words("""
    argwhere array2string array_repr array_str average bincount choose compress delete extract
    flatnonzero histogram histogram2d histogramdd intersect1d mask_indices nanmax nanmin nonzero
    place ravel_multi_index setdiff1d setxor1d tril_indices trim_zeros triu_indices union1d
    unique unique_all unique_counts unique_inverse unique_values unravel_index
""")
# NumPy answers these with a Python number, CuPy with a 0-d array.
ANSWERING_ON_DEVICE = words("allclose array_equal array_equiv count_nonzero")
# These ask only what the host knows: shapes and dtypes.
ABOUT_ARRAYS = words("""
    can_cast common_type iscomplexobj isfortran isrealobj isscalar may_share_memory
    min_scalar_type ndim result_type shape shares_memory size
""")
NOT_MODELLED = words("""
    apply_along_axis apply_over_axes base_repr binary_repr broadcast c_ flatiter
    format_float_positional format_float_scientific from_dlpack frombuffer fromfile fromfunction
    fromiter fromstring genfromtxt get_printoptions load loadtxt mgrid ndindex ogrid piecewise
    poly1d printoptions r_ save savetxt savez savez_compressed set_printoptions show_config ufunc
    vectorize
""")
# The dtypes for which CuPy's scatter kernels have an atomic operation.
INTEGERS = ("int32", "int64", "uint32", "uint64")
SCATTER_DTYPES = {
    "add": (*INTEGERS, "float16", "float32", "float64"),
    "subtract": ("int32", "uint32"),
    "maximum": (*INTEGERS, "float32", "float64"),
    "minimum": (*INTEGERS, "float32", "float64"),
    "bitwise_and": INTEGERS,
    "bitwise_or": INTEGERS,
    "bitwise_xor": INTEGERS,
}


def missing(name: str, library: str = "CuPy") -> AttributeError:
    return AttributeError(f"{library} {recorded()['cupy']} has no {name!r}")


class GuardedLibrary:
    """What stands in the place of the module `cupy`."""

    ndarray = GuardedArray

    def __init__(self) -> None:
        self.linalg = GuardedModule("linalg", np.linalg)
        self.lib = GuardedLib()

    def __getattr__(self, name: str) -> Any:
        surface = recorded()
        offered = any(name in surface[kind] for kind in ("functions", "ufuncs", "objects"))
        if not offered:
            raise missing(name)
        if name in NOT_MODELLED or not hasattr(np, name):
            raise AttributeError(
                f"{name!r} is CuPy's, but NumPy has it not, or tests/guarded does not model it"
            )
        value = getattr(np, name)
        if name in surface["ufuncs"]:
            value = GuardedUfunc(name, value)
        elif name in surface["functions"] and name not in ABOUT_ARRAYS:
            value = function(name, value, surface["functions"][name])
        elif name in ABOUT_ARRAYS:
            value = about_arrays(value)
        setattr(self, name, value)
        return value

    # -- transfers ---------------------------------------------------------------------------------

    def asarray(self, a: Any, dtype: Any = None, order: Any = None, *, copy: Any = None) -> Any:
        """An array of the device as it is, anything else uploaded."""
        operands: list[Guarded] = []
        host = lowered(a, operands)
        if isinstance(a, GuardedArray):
            return wrapped(np.asarray(host, dtype=dtype, order=order, copy=copy), operands)
        if operands:  # a list of arrays: joined on the device, with nothing of the host among them
            refuse_host_leaves(a)
            return wrapped(np.array(host, dtype=dtype, order=order), [])
        upload("asarray(x)")
        # A device has memory of its own: later changes of `a` must not be seen.
        return wrapped(np.array(host, dtype=dtype, order=order or "K", copy=True), [])

    asanyarray = asarray

    def array(
        self, obj: Any, dtype: Any = None, copy: Any = True, order: str = "K",
        subok: bool = False, ndmin: int = 0,
    ) -> GuardedArray:  # fmt: skip
        """A copy of an array of the device, anything else uploaded."""
        x = self.asarray(obj, dtype)
        again: Any = copy if x is obj else None  # what was made just now needs no second copy
        return wrapped(np.array(x._host, copy=again, order=order, ndmin=ndmin), [x])  # type: ignore[call-overload]

    def asnumpy(self, a: Any) -> np.ndarray:
        """The values on the host."""
        if not isinstance(a, GuardedArray):
            return np.asarray(a)
        host_read("asnumpy(x)")
        return a._host.copy()


def refuse_host_leaves(x: Any) -> None:
    if isinstance(x, (tuple, list)):
        for part in x:
            refuse_host_leaves(part)
    elif not isinstance(x, GuardedArray):
        raise unsupported(x)


class GuardedModule:
    """`xp.linalg`, `xp.lib.stride_tricks`."""

    def __init__(self, name: str, module: Any) -> None:
        self._name, self._module = name, module

    def __getattr__(self, name: str) -> Any:
        functions = recorded()[self._name]
        if name not in functions or not hasattr(self._module, name):
            raise missing(f"{self._name}.{name}")
        value = function(name, getattr(self._module, name), functions[name])
        setattr(self, name, value)
        return value


class GuardedLib:
    """`xp.lib`."""

    def __init__(self) -> None:
        self.stride_tricks = GuardedModule("stride_tricks", np.lib.stride_tricks)


def function(name: str, numpy_function: Any, parameters: str) -> Any:
    """NumPy's function, called only with what CuPy's takes."""
    bound = signature(parameters)

    def call(*args: Any, **options: Any) -> Any:
        check(name, bound, args, options)
        operands: list[Guarded] = []
        args = lowered(args, operands)
        options = {key: lowered(x, operands) for key, x in options.items()}
        if name in READING or (name == "where" and len(args) + len(options) == 1):
            host_read(f"{name}(x)")
        value = numpy_function(*args, **options)
        if name in ANSWERING_ON_DEVICE:
            value = np.asarray(value)
        return wrapped(value, operands)

    call.__name__ = name
    return call


def about_arrays(numpy_function: Any) -> Any:
    def call(*args: Any, **options: Any) -> Any:
        return numpy_function(*lowered(args, []), **options)

    call.__name__ = numpy_function.__name__
    return call


class GuardedUfunc:
    """`xp.add` and `xp.add.at`."""

    def __init__(self, name: str, ufunc: np.ufunc) -> None:
        entry = recorded()["ufuncs"][name]
        self._ufunc, self._methods = ufunc, entry["methods"]
        self.__name__, self.nin, self.nout = name, entry["inputs"], entry["outputs"]

    def __call__(self, *args: Any, **options: Any) -> Any:
        unknown = set(options) - {"out", "dtype", "casting"}
        if unknown:
            raise TypeError(f"CuPy's {self.__name__}: Wrong arguments {sorted(unknown)}")
        if not self.nin <= len(args) <= self.nin + self.nout:
            raise TypeError(f"Wrong number of arguments for CuPy's {self.__name__}: {len(args)}")
        for x in args:
            if not isinstance(x, (GuardedArray, *NUMBERS)):
                raise unsupported(x)
        operands: list[Guarded] = []
        hosts = lowered(args, operands)
        if options.get("out") is not None:
            out = options["out"] if isinstance(options["out"], tuple) else (options["out"],)
            for x in out:
                if not isinstance(x, GuardedArray):
                    raise unsupported(x)
            options["out"] = lowered(out, operands)
        return wrapped(self._ufunc(*hosts, **options), operands)

    def at(self, a: Any, indices: Any, b: Any = None) -> None:
        """`a[indices] = ufunc(a[indices], b)`, a place named twice counting twice."""
        if "at" not in self._methods:
            raise NotImplementedError(f"`{self.__name__}.at` is not supported yet")
        if not isinstance(a, GuardedArray):
            raise unsupported(a)
        dtypes = SCATTER_DTYPES[self.__name__]
        if a.dtype.name not in dtypes:
            raise TypeError(f"CuPy's {self.__name__}.at takes {', '.join(dtypes)}, not {a.dtype}")
        if not isinstance(b, (GuardedArray, *NUMBERS)):
            raise unsupported(b)
        index, has_arrays = device_index(indices, f"{self.__name__}.at(x, boolean mask, …)")
        if has_arrays and not isinstance(b, GuardedArray):
            upload(f"{self.__name__}.at(x, indices, number)")
        self._ufunc.at(a._host, index, lowered(b, []))

    def reduce(self, array: Any, axis: Any = 0, dtype: Any = None, out: Any = None,
               keepdims: bool = False) -> Any:  # fmt: skip
        return self._folded("reduce", array, axis, dtype, out, keepdims=keepdims)

    def accumulate(self, array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        return self._folded("accumulate", array, axis, dtype, out)

    def _folded(self, method: str, array: Any, *args: Any, **options: Any) -> Any:
        if method not in self._methods:
            raise NotImplementedError(f"`{self.__name__}.{method}` is not supported yet")
        if not isinstance(array, GuardedArray):
            raise unsupported(array)
        operands: list[Guarded] = [array]
        hosts = lowered(args, operands)
        return wrapped(getattr(self._ufunc, method)(array._host, *hosts, **options), operands)
