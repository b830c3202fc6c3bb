"""Candidate causes of a wrong gradient, and the order in which they are looked for.

Each function of the table recognises one family of mistakes.  It takes the `Mismatch` of one input,
and returns causes if *every entry* shows the pattern of the mistake.  A pattern may have two
explanations, so the report says "consistent with" and lists all of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from .cause import Cause
from .factor_causes import (
    find_constant_factor,
    find_cut_graph,
    find_ignored_upstream,
    find_not_finite,
    find_whole_numbers,
    find_zero,
)
from .formula_causes import find_common_term, find_formula, find_one_hot, find_penalty
from .jacobian_causes import (
    find_coupling,
    find_lost_contributions,
    find_moved_upstream,
    find_routing,
    find_scaled_jacobian,
)
from .mismatch import Mismatch
from .place_causes import (
    find_lines,
    find_mask,
    find_moved_entries,
    find_side,
    find_swap,
    find_swapped_shapes,
)
from .shape_causes import (
    find_any_other_shape,
    find_missing_sum,
    find_other_shape,
    find_other_sum,
)
from .substitution_causes import find_other_constants, find_other_inputs

ENOUGH = 2  # causes of one input; a group of the table is completed
# The first groups explain the rest: a wrong shape, numbers that are not finite.
TABLE: tuple[tuple[Callable[[Mismatch], list[Cause]], ...], ...] = (
    (find_swapped_shapes,),
    (find_missing_sum, find_other_shape, find_other_sum),
    (find_any_other_shape,),
    (find_cut_graph, find_zero, find_whole_numbers, find_not_finite, find_ignored_upstream),
    (find_constant_factor, find_swap, find_moved_entries),
    (find_other_constants, find_one_hot, find_penalty),
    (find_routing, find_lost_contributions),
    (find_mask,),
    (find_other_inputs, find_formula, find_moved_upstream),
    (find_coupling, find_common_term),
    (find_side, find_lines, find_scaled_jacobian),
)


def find_causes(mismatch: Mismatch) -> tuple[Cause, ...]:
    """Return the explanations of the first group that has any, best first."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for group in TABLE:
            found: dict[str, Cause] = {}
            for find in group:
                for cause in find(mismatch):
                    found.setdefault(cause.name, cause)
            if found:
                return tuple(found.values())
    return ()
