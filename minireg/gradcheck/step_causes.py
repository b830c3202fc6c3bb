"""Causes that a change of one step of the forward pass shows.

The gradient through a step is linear in the derivative of the step.  With c times this derivative
it is g0 + c * (g1 - g0), where g1 is right and g0 is that with the step held constant.  So c is
known from a few slopes: 0 for a forgotten contribution, -1 for a wrong sign.  For a step f(a) of an
array a of the same shape, other formulas are put in place of f'(a), too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .cause import Cause, make_cause
from .factor_causes import UNSURE, name_factor
from .formula_causes import FORMULAS
from .mismatch import Mismatch
from .place_causes import find_mask
from .probe import Probe
from .steps import Step, Steps, hold, is_real

GENERAL = "missing-chain-factor"
MASKS = {"upstream": "mask-missing", "upstream * (x < 0)": "mask-inverted"}


def find_lost_steps(m: Mismatch) -> list[Cause]:
    """The contribution through one step is forgotten, or has a wrong sign or constant factor."""
    steps = m.steps
    if m.probe is None or steps is None or find_mask(m):
        return []  # a forgotten case shows in single entries, too
    found = find_step_factors(steps, m.probe)
    lost = [step for step, c in found.items() if abs(c) <= UNSURE]
    if lost:
        return name_held(min(lost, key=lambda step: not step.is_statistic), steps, m)
    for step, c in found.items():
        if abs(c + 1) <= UNSURE:
            return [make_cause("sign-flipped", f"it is right if the sign of {step} is turned")]
    for step, c in found.items() if m.shows_constants else ():
        if names := name_factor(abs(c), UNSURE, m):
            evidence = f"the derivative of {step} is multiplied by {c:.6g}: {' or '.join(names)}"
            return [make_cause(name, evidence) for name in ("constant-factor", GENERAL)]
    return []


def find_wrong_steps(m: Mismatch) -> list[Cause]:
    """The derivative of one step is another formula."""
    steps = m.steps
    if m.probe is None or steps is None or not m.shows_constants:
        return []
    for step in steps.list_real():
        causes = find_step_formula(step, steps, m.probe) or find_other_factor(step, steps, m.probe)
        if causes:
            return causes
    return []


def find_step_factors(steps: Steps, probe: Probe) -> dict[Step, float]:
    """Return by how much the derivative of single steps is multiplied in what was returned."""
    # A maximum that only prevents overflow is held, so that its other half may be looked at alone.
    for step in steps.list_real():
        alone = step.is_statistic and not step.in_statistic
        if alone and "max(" in step.text and is_without_effect(step, steps, probe):
            steps.kept.add(step.number)
    factors = {step: find_step_factor(step, steps, probe) for step in steps.list_real()}
    return {step: c for step, c in factors.items() if c is not None}


def is_without_effect(step: Step, steps: Steps, probe: Probe) -> bool:
    steps.choose(step, hold)
    return bool(np.abs(probe.find_slopes(steps.subject) - probe.slopes).max() <= probe.near)


def find_step_factor(step: Step, steps: Steps, probe: Probe) -> float | None:
    """Return by how much the derivative of a step is multiplied in what was returned."""
    steps.choose(step, hold)
    held = probe.find_slopes(steps.subject)
    through, claimed = probe.slopes - held, probe.claimed - held
    c = float(through @ claimed / (through @ through or 1.0))
    near = 10 * probe.near
    if not np.abs(through).max() > near or not np.abs(claimed - c * through).max() <= near:
        return None
    return c


def find_step_formula(step: Step, steps: Steps, probe: Probe) -> list[Cause]:
    """Return the causes if a formula of a and y was taken for the derivative of a step y = f(a)."""
    pairs = steps.values[step.number]
    if not all(a and is_real(a[0]) and np.shape(y) == np.shape(a[0]) for y, a in pairs):
        return []
    masked = all(is_masked(y, a[0]) for y, a in pairs)
    distribution = all(np.ndim(y) > 1 and np.allclose(y.sum(axis=-1), 1) for y, _ in pairs)
    for text, formula in FORMULAS:
        steps.choose(step, put_derivative(formula))
        if not probe.is_gradient_of(subject=steps.subject):
            continue
        steps.choose(step, put_derivative(formula, turned=True))
        names = [GENERAL]
        if np.abs(probe.find_slopes(steps.subject) - probe.slopes).max() <= probe.near:
            names.insert(0, "output-for-input")
        elif distribution and text == "upstream * y * (1 - y)":
            names.insert(0, "jacobian-diagonal-only")
        elif masked and text in MASKS:
            names.insert(0, MASKS[text])
        evidence = (
            f"it is right if {text} goes back through {step}, where x is what the step takes and y "
            f"what it gives"
        )
        return [make_cause(name, evidence) for name in names]
    steps.choose(step, leave_out)
    if probe.is_gradient_of(subject=steps.subject):
        return [make_cause("output-for-input", f"it is right if {step} is left out")]
    return []


def find_other_factor(step: Step, steps: Steps, probe: Probe) -> list[Cause]:
    """Return the causes if another array was taken for a factor of a product."""
    if step.product is None or len(steps.values[step.number]) != 1:
        return []
    [(_, factors)] = steps.values[step.number]
    tried: list[tuple[int, Any]] = []
    for other in steps.list_real():
        array = steps.values[other.number][-1][0]
        for k, factor in enumerate(factors):
            known = any(i == k and np.array_equal(array, a) for i, a in tried)
            if known or np.shape(array) != np.shape(factor) or np.array_equal(array, factor):
                continue
            tried.append((k, array))
            steps.choose(step, put_factor(step.product, k, array))
            if probe.is_gradient_of(subject=steps.subject):
                evidence = (
                    f"it is right if {other} is the {('first', 'second')[k]} factor of {step}"
                )
                is_input = other.text in [x.name for x in probe.subject.inputs]
                names = ["swapped-arguments" if is_input else "output-for-input", GENERAL]
                return [make_cause(name, evidence) for name in names]
    return []


def put_factor(product: Callable, k: int, other: Any) -> Callable:
    """Return a product a @ b with the derivative with respect to one factor that it would have if
    the other one, factor k, were another array."""

    def change(y: Any, a: Any, now: Any) -> Any:
        first, second = ((other, a[1]), (a[0], other))[k], 1 - k
        before, after = list(first), list(first)
        before[second], after[second] = a[second], now[second]
        own = (now[0], a[1]) if k == 0 else (a[0], now[1])
        return product(*own) + product(*after) - product(*before)

    return change


def leave_out(y: Any, a: Any, now: Any) -> Any:
    return now[0]


def put_derivative(formula: Callable, turned: bool = False) -> Callable:
    """Return a step with the value y at a and the derivative formula(a, y), or formula(y, a)."""

    def change(y: Any, a: Any, now: Any) -> Any:
        derivative = formula(y, a[0]) if turned else formula(a[0], y)
        return y + derivative * (now[0] - a[0])

    return change


def name_held(step: Step, steps: Steps, m: Mismatch) -> list[Cause]:
    evidence = f"it is right if {step} is held constant"
    names = ["overwritten-not-accumulated", "missing-chain-factor"]
    is_number = np.size(steps.values[step.number][-1][0]) == 1 < m.x.size
    if step.is_statistic or is_number or (step.in_statistic and not m.is_loss):
        names[1:] = [] if is_number else names[:1]
        names[0] = "statistics-held-constant"
    elif step.is_picked and m.has_indices and m.is_loss:
        names = ["one-hot-missing"]
    elif step.in_product:  # the product rule has a term for each factor
        names.reverse()
    return [make_cause(name, evidence) for name in names]


def is_masked(result: Any, operand: Any) -> bool:
    """Whether a step passes some entries on, all with one factor, and replaces the others by one
    or two numbers."""
    result, operand = np.asarray(result), np.asarray(operand)
    ratios = result[(operand != 0) & (result != 0)] / operand[(operand != 0) & (result != 0)]
    factor = float(np.median(ratios)) if ratios.size else 0.0
    cut = ~np.isclose(result, factor * operand)
    return bool(factor and cut.any() and not cut.all() and np.unique(result[cut]).size <= 2)
