"""Embedding: a learned vector for each word, user or category."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..autograd import Tensor, raw
from ..backend import current_backend, namespace
from ..checks import check_count, check_regularizer
from ..errors import ArgumentTypeError, IndexRangeError
from ..random import Generator
from .init import as_host
from .layers import own_penalty
from .module import Module
from .parameter import Parameter


class Embedding(Module):
    """y = W[indices]: row i of W is the vector of number i.

    W starts normally distributed with mean 0 and variance 1, as in PyTorch.

    Args:
        num_embeddings: how many vectors there are.
        embedding_dim: their length.
        padding_idx: the number that pads short sequences: its row starts at zero and gets no
            gradient.  Negative counts from the end.
        generator: draws the initial values; by default `mr.default_generator()`.
        regularizer: a penalty on W, which `fit` adds; see `regularizers.of_layers`.

    Shapes:
        indices (...), integers → y (..., embedding_dim); W (num_embeddings, embedding_dim).

    Raises:
        ArgumentTypeError: indices that are not integers.
        IndexRangeError: an index out of range (checked on NumPy; on a GPU it would cost a
            transfer).

    >>> layer = Embedding(5, 2, padding_idx=0)
    >>> y = layer(mr.tensor([[3, 0], [0, 0]]))
    >>> y.shape, y[1].tolist()
    ((2, 2, 2), [[0.0, 0.0], [0.0, 0.0]])
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        generator: Generator | None = None,
        regularizer: Any = None,
    ) -> None:
        self.regularizer = check_regularizer(regularizer)
        self.num_embeddings = check_count("num_embeddings", num_embeddings)
        self.embedding_dim = check_count("embedding_dim", embedding_dim)
        if padding_idx is not None:
            padding_idx = check_count("padding_idx", padding_idx, minimum=-num_embeddings)
            if padding_idx >= num_embeddings:
                raise IndexRangeError(
                    f"padding_idx must be below num_embeddings = {num_embeddings}, got "
                    f"{padding_idx}.",
                    argument="padding_idx",
                )
            padding_idx %= num_embeddings
        self.padding_idx = padding_idx
        values = as_host(generator).normal(size=(num_embeddings, embedding_dim)).astype(np.float32)
        if padding_idx is not None:
            values[padding_idx] = 0
        self.weight = Parameter(current_backend().asarray(values))

    def forward(self, indices: Any) -> Tensor:
        own = namespace(self.weight.data)
        indices = raw(indices)
        if not isinstance(indices, own.array_type):
            indices = own.asarray(indices)  # a list of numbers
        self._check(indices)
        y = ops.getitem(self.weight, indices)
        if self.padding_idx is None:
            return y
        return ops.where((indices != self.padding_idx)[..., None], y, y.detach())

    def _check(self, indices: Any) -> None:
        if indices.dtype.kind not in "iu":
            raise ArgumentTypeError(
                f"Embedding: indices must be integers from 0 to {self.num_embeddings - 1}, got "
                f"{indices.dtype}. Convert them: x.astype(mr.int64)."
            )
        if namespace(indices).name != "numpy" or indices.size == 0:
            return
        low, high = indices.min(), indices.max()
        if low < 0 or high >= self.num_embeddings:
            raise IndexRangeError(
                f"Embedding: indices must be from 0 to {self.num_embeddings - 1}, got "
                f"{low if low < 0 else high}."
            )

    def extra_repr(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return (
            f"{self.num_embeddings}, {self.embedding_dim}{padding}{own_penalty(self.regularizer)}"
        )
