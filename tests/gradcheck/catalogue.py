"""Functions with their right backward pass and with the wrong ones that students write."""

from tests.gradcheck import array_mistakes, elementwise_mistakes, loss_mistakes  # noqa: F401
from tests.gradcheck.cases import CASES, Case, D, N, pair, primitive

WRONG = [(c, mistake) for c in CASES for mistake in c.wrong]

__all__ = ["CASES", "WRONG", "Case", "D", "N", "pair", "primitive"]
