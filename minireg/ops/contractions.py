"""Sums of products over chosen axes: einsum and its special cases."""

from __future__ import annotations

import math
from collections import Counter
from string import ascii_letters

from ..autograd import composed, primitive
from ..backend import namespace
from ..checks import check_count
from ..errors import ArgumentError, ArgumentTypeError
from .arithmetic import divide, maximum, multiply
from .indexing import diagonal
from .linear_algebra import matmul
from .reductions import norm, sum
from .shapes import normalize_axes, normalize_axis, permute_dims, reshape

__all__ = ["cosine_similarity", "einsum", "outer", "tensordot", "vecdot"]


@composed
def einsum(equation, *xs):
    """Products of entries, summed over every index that the result does not have.

    `"ij,jk->ik"` is the matrix product: yᵢₖ = Σⱼ aᵢⱼ bⱼₖ.  An index that occurs twice in one term
    takes a diagonal (`"ii->i"`), and `...` means the axes that are not named.  Without `->` the
    result has the indices that occur only once, in alphabetical order.

    Each derivative is an einsum, too: of g and the other tensors.

    Args:
        equation: the indices of each tensor, separated by commas, `->`, and those of the result.
        xs: as many tensors as terms.

    Raises:
        ArgumentError: an equation that cannot be read, or that does not fit the shapes.

    >>> a, b = mr.tensor([[1.0, 2.0], [3.0, 4.0]]), mr.tensor([1.0, 10.0])
    >>> mr.einsum("ij,j->i", a, b).tolist(), mr.einsum("ii", a).item()
    ([21.0, 43.0], 5.0)
    """
    if not isinstance(equation, str):
        raise ArgumentTypeError(f"the first argument must be the equation, got {equation!r}.")
    terms, result = parse_equation(equation, [x.ndim for x in xs])
    lengths = find_lengths(equation, terms, [x.shape for x in xs])
    # Simplified, so that the derivatives are einsums: without indices that occur twice in a term,
    # axes of length 1 that are stretched, and then without indices that only one term has.
    simple = [take_diagonals(x, term) for x, term in zip(xs, terms)]
    for i, (x, term) in enumerate(simple):
        stretched = [c for c, n in zip(term, x.shape) if n != lengths[c]]
        simple[i] = sum_indices(x, term, stretched)
    occurring = Counter(result + "".join(term for _, term in simple))
    simple = [sum_indices(x, term, [c for c in term if occurring[c] == 1]) for x, term in simple]
    return _einsum(*(x for x, _ in simple), terms=tuple(term for _, term in simple), result=result)


@primitive
def _einsum(*xs, terms, result):
    """Σ of products.  An index occurs at most once in a term, and also in another term or in the
    result, so each derivative is an einsum, too: of g and the other arrays.
    """
    y = namespace(*xs).einsum(f"{','.join(terms)}->{result}", *xs)

    def make_vjp(i):
        others = [x for j, x in enumerate(xs) if j != i]
        theirs = [term for j, term in enumerate(terms) if j != i]
        equation = f"{','.join([result, *theirs])}->{terms[i]}"
        return lambda g: namespace(g, *others).einsum(equation, g, *others)

    return y, tuple(make_vjp(i) for i in range(len(xs)))


def parse_equation(equation, ndims):
    """The terms and the result of an equation, with letters in place of every `...`."""
    text = equation.replace(" ", "")
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(ndims):
        raise ArgumentError(
            f"{equation!r} has {len(terms)} terms, and there are {len(ndims)} tensors."
        )
    named = [term.replace("...", "") for term in terms]
    letters = "".join(named) + result.replace("...", "")
    if not letters.isascii() or (letters and not letters.isalpha()):
        raise ArgumentError(
            f"{equation!r} may only contain letters, ',', '->' and '...', as in 'ij,jk->ik'."
        )
    unnamed = [ndim - len(name) for ndim, name in zip(ndims, named)]
    for term, name, ndim, more in zip(terms, named, ndims, unnamed):
        if more < 0 or (more > 0 and "..." not in term):
            raise ArgumentError(
                f"the term {term!r} names {len(name)} axes of a tensor that has {ndim}."
            )
    spare = [letter for letter in ascii_letters if letter not in letters]
    dots = "".join(spare[: max(unnamed)])
    if not arrow:
        once = sorted(letter for letter, n in Counter(letters).items() if n == 1)
        result = "..." + "".join(once) if dots else "".join(once)
    full = [term.replace("...", dots[len(dots) - more :]) for term, more in zip(terms, unnamed)]
    result = result.replace("...", dots)
    if len(set(result)) < len(result) or not set(result) <= set("".join(full)):
        raise ArgumentError(
            f"the result of {equation!r} must contain indices of its terms, each once."
        )
    return full, result


def find_lengths(equation, terms, shapes):
    """The length of each index; an axis of length 1 is stretched to that of the other terms."""
    lengths: dict[str, int] = {}
    for term, shape in zip(terms, shapes):
        within = dict(zip(term, shape))
        for letter, n in zip(term, shape):
            known = lengths.get(letter, 1)
            if n != within[letter] or (n != known and 1 not in (n, known)):
                other = known if n == within[letter] else within[letter]
                raise ArgumentError(
                    f"in {equation!r} for the shapes "
                    f"{', '.join(map(str, shapes))} an index has the lengths {other} and {n}."
                )
            lengths[letter] = n if known == 1 else known
    return lengths


def take_diagonals(x, term):
    """x and its term, without indices that occur twice."""
    for letter in dict.fromkeys(term):
        while term.count(letter) > 1:
            first, second = term.index(letter), term.rindex(letter)
            x = diagonal(x, axis1=first, axis2=second)
            rest = [c for j, c in enumerate(term) if j not in (first, second)]
            term = "".join(rest) + letter
    return x, term


def sum_indices(x, term, dropped):
    """x summed over the indices `dropped`, and its term without them."""
    axes = tuple(j for j, letter in enumerate(term) if letter in dropped)
    if axes:
        x = sum(x, axis=axes)
    return x, "".join(letter for letter in term if letter not in dropped)


@composed
def tensordot(a, b, axes=2):
    """The sum of products over pairs of axes, one of a and one of b.

    Args:
        axes: a number n for the last n axes of a and the first n of b; or two lists of axes,
            `([1, 0], [0, 1])`, one for a and one for b.

    Returns:
        the other axes of a, followed by the other axes of b.

    >>> mr.tensordot(mr.ones((2, 3, 4)), mr.ones((4, 3, 5)), ([2, 1], [0, 1])).shape
    (2, 5)
    """
    if isinstance(axes, (tuple, list)):
        if len(axes) != 2:
            raise ArgumentError(
                f"axes must be a number or two lists, got {axes!r}.", argument="axes"
            )
        of_a, of_b = (normalize_axes(axis, x.shape) for axis, x in zip(axes, (a, b)))
    else:
        n = check_count("the number of axes", axes, minimum=0)
        if n > min(a.ndim, b.ndim):
            raise ArgumentError(f"the shapes {a.shape} and {b.shape} do not both have {n} axes.")
        of_a, of_b = tuple(range(a.ndim - n, a.ndim)), tuple(range(n))
    summed = [a.shape[i] for i in of_a]
    if summed != [b.shape[i] for i in of_b]:
        raise ArgumentError(
            f"the axes {of_a} of {a.shape} and {of_b} of {b.shape} differ in length."
        )
    kept_a = [i for i in range(a.ndim) if i not in of_a]
    kept_b = [i for i in range(b.ndim) if i not in of_b]
    rows, columns = [a.shape[i] for i in kept_a], [b.shape[i] for i in kept_b]
    n = math.prod(summed)
    a = reshape(permute_dims(a, (*kept_a, *of_a)), (math.prod(rows), n))
    b = reshape(permute_dims(b, (*of_b, *kept_b)), (n, math.prod(columns)))
    return reshape(matmul(a, b), (*rows, *columns))


@composed
def outer(a, b):
    """All products of an entry of a with an entry of b: yᵢⱼ = aᵢ bⱼ, for two vectors.

    >>> mr.outer(mr.tensor([1, 2]), mr.tensor([3, 4])).tolist()
    [[3, 4], [6, 8]]
    """
    if a.ndim != 1 or b.ndim != 1:
        raise ArgumentError(f"a and b must be vectors, got the shapes {a.shape} and {b.shape}.")
    return multiply(reshape(a, (-1, 1)), b)


@composed
def vecdot(a, b, axis=-1):
    """Σ a b over `axis`, for vectors that lie along it; the other axes are broadcast.

    >>> mr.vecdot(mr.tensor([[1, 2], [3, 4]]), mr.tensor([1, 10])).tolist()
    [21, 43]
    """
    if axis >= 0 and a.ndim != b.ndim:
        raise ArgumentError(
            f"for the shapes {a.shape} and {b.shape} count the axis from the end: axis=-1."
        )
    lengths = [x.shape[normalize_axis(axis, x.shape)] for x in (a, b)]
    if lengths[0] != lengths[1]:
        raise ArgumentError(f"along axis {axis} there are {lengths[0]} and {lengths[1]} entries.")
    return sum(multiply(a, b), axis=axis)


@composed
def cosine_similarity(a, b, axis=1, eps=1e-8):
    """The cosine of the angle between vectors that lie along `axis`: Σ a b / (‖a‖ ‖b‖).

    Args:
        a, b: shapes that can be broadcast.
        axis: 1 by default, as in PyTorch: batches of vectors.
        eps: a vector shorter than this counts as having this length, so that zeros give 0.

    >>> mr.cosine_similarity(mr.tensor([[3.0, 4.0]]), mr.tensor([[1.0, 0.0]])).tolist()
    [0.6000000238418579]
    """
    lengths = (maximum(norm(x, axis=axis, keepdims=True), eps) for x in (a, b))
    a, b = (divide(x, length) for x, length in zip((a, b), lengths))
    return sum(multiply(a, b), axis=axis)
