"""Candidate causes of a wrong gradient, and the order in which they are looked for.

Each function of the table recognises one family of mistakes.  It takes the `Mismatch` of one input,
and returns causes if *every entry* shows the pattern of the mistake.  A pattern may have two
explanations, so the report says "consistent with" and lists all of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from .cause import Cause, make_cause
from .factor_causes import (
    find_constant_factor,
    find_cut_graph,
    find_ignored_upstream,
    find_not_finite,
    find_whole_numbers,
    find_zero,
)
from .formula_causes import find_common_term, find_formula, find_one_hot, find_penalty, find_product
from .jacobian_causes import (
    find_coupling,
    find_curvature,
    find_extra_contributions,
    find_forward_again,
    find_lost_contributions,
    find_moved_upstream,
    find_routing,
    find_scaled_jacobian,
)
from .mismatch import Mismatch
from .place_causes import (
    find_cases,
    find_lines,
    find_mask,
    find_moved_entries,
    find_side,
    find_swap,
    find_swapped_shapes,
    find_unmasked,
)
from .shape_causes import (
    find_any_other_shape,
    find_missing_sum,
    find_other_shape,
    find_other_sum,
)
from .step_causes import find_lost_steps, find_wrong_steps
from .substitution_causes import find_other_constants, find_other_inputs

# The first groups explain the rest: a wrong shape, numbers that are not finite.
TABLE: tuple[tuple[Callable[[Mismatch], list[Cause]], ...], ...] = (
    (find_missing_sum, find_swapped_shapes),
    (find_other_shape,),
    (find_other_sum,),
    (find_any_other_shape,),
    (find_cut_graph, find_whole_numbers, find_zero, find_not_finite, find_ignored_upstream),
    (find_constant_factor, find_swap, find_moved_entries),
    (find_product, find_other_constants, find_one_hot, find_penalty, find_lost_steps),
    (find_routing, find_coupling, find_lost_contributions),
    (find_mask,),
    (find_other_inputs, find_formula, find_moved_upstream, find_forward_again),
    (find_wrong_steps,),
    (find_extra_contributions, find_common_term),
    (find_unmasked, find_side, find_cases, find_lines, find_scaled_jacobian, find_curvature),
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
        return (make_cause("unknown", describe_worst(mismatch)),)


def describe_worst(m: Mismatch) -> str:
    """Return the worst entry with its operands."""
    if m.yours.shape != m.x.shape or not m.wrong.any():
        return ""
    deviation = np.where(m.wrong, np.abs(m.yours - m.numeric), -1)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(deviation)), m.x.shape))
    known = {m.name: m.x, **{name: other.x for name, other in m.others.items()}, **m.fixed}
    if m.upstream is not None:
        known["upstream"] = m.upstream
    operands = ", ".join(
        f"{name} = {float(array[index]):.6g}"
        for name, array in known.items()
        if isinstance(array, np.ndarray) and array.shape == m.x.shape
    )
    where = f"at {list(index)}, " if index else ""
    return (
        f"{where}with {operands}, yours is {m.yours[index]:.6g}, and numeric is "
        f"{m.numeric[index]:.6g}"
    )
