"""Causes that concern a gradient as a whole: zero, its dtype, the upstream gradient, a factor."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .cause import Cause, make_cause
from .mismatch import MANY, Mismatch

UNSURE = 1e-3  # a factor may differ from a known one by this; more would fit too many
EXCHANGED = (  # a factor below 1, and above 1
    "a mean in place of a sum, or a division too many",
    "a sum in place of a mean, or a division too few",
)


def find_cut_graph(m: Mismatch) -> list[Cause]:
    if m.cut and not m.yours.any():
        evidence = (
            "the recorded graph is cut: the output requires no gradient. Look for .data, "
            ".detach(), .numpy() or no_grad() between input and output"
        )
        return [make_cause("zero-gradient", evidence)]
    return []


def find_not_finite(m: Mismatch) -> list[Cause]:
    wrong = ~np.isfinite(m.yours)
    if m.yours.shape != m.x.shape or not wrong.any():
        return []
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    evidence = (
        f"{int(wrong.sum())} of {wrong.size} entries, the first at {list(index)}, where the input "
        f"is {m.x[index]:.6g}"
    )
    return [make_cause("not-finite", evidence)]


def find_zero(m: Mismatch) -> list[Cause]:
    if m.fits and not m.cut and not m.yours.any() and m.wrong.any():
        evidence = "it is zero everywhere: it is never written, or the chain rule is broken before"
        return [make_cause("zero-gradient", evidence)]
    return []


def find_whole_numbers(m: Mismatch) -> list[Cause]:
    known = m.checked
    if m.whole:
        return [make_cause("integer-input", "the gradient is an array of whole numbers")]
    cut_off = m.fits and np.array_equal(m.yours[known], np.trunc(m.numeric[known]))
    if cut_off and m.yours.any() and m.wrong.any():
        return [make_cause("integer-input", "each entry is numeric without its decimals")]
    return []


def find_ignored_upstream(m: Mismatch) -> list[Cause]:
    """The chain rule multiplies by the upstream gradient exactly once."""
    if not m.fits or m.bad_factor is None:
        return []
    if m.ignores_upstream:
        return [make_cause("upstream-ignored", "another one gives the same result")]
    if m.whole:
        return []
    evidence = (
        "twice as much of it must give twice the result, and -1 times as much the negative result "
        "(use it once, and masks depend on x or y only)"
    )
    if m.bad_factor == 0:
        evidence = "an upstream gradient of 0 must give 0: nothing may be added"
    several = [make_cause("upstream-nonlinear", evidence)]
    wrong = {a for a, g in m.scaled.items() if g is None or not m.is_same(g, a * m.yours)}
    if wrong and all(a < 0 for a in wrong) and is_odd_part_linear(m):
        turned = "it is right for multiples above 0, and not for those below"
        return [make_cause("mask-from-upstream", turned), *several]
    if m.bad_factor == 0 and is_right_for_ones(m):
        ignored = "it is right for an upstream gradient of ones: a part of it is not multiplied"
        return [make_cause("upstream-ignored", ignored), *several]
    at_zero = m.scaled.get(0.0)
    if at_zero is not None and at_zero.any() and np.isfinite(at_zero).all():
        for text, term in (("x", m.x), ("sign(x)", np.sign(m.x))):
            c = float(at_zero.ravel() @ term.ravel() / (term.ravel() @ term.ravel() or 1.0))
            if c and m.is_same(at_zero, c * term):
                added = f"{c:.6g} * {text} is added, whatever the upstream gradient is"
                return [make_cause("bias-regularized", added), *several]
        return [*several, make_cause("upstream-ignored", "in a part that an upstream of 0 leaves")]
    return several


def is_odd_part_linear(m: Mismatch) -> bool:
    """Whether g(u) - g(-u) is linear in u, as if u * (u > 0) takes the place of u."""
    if m.probe is None:
        return True
    u, random = m.probe.upstream, np.random.default_rng(0)
    v = random.uniform(0.5, 1.5, u.size) * random.permutation(u)
    odd = [m.probe.find_gradient(m.probe.z, w) - m.probe.find_gradient(m.probe.z, -w)
           for w in (u, v, u + v)]  # fmt: skip
    return bool(odd[0].any()) and m.is_same(odd[0] + odd[1], odd[2])


def is_right_for_ones(m: Mismatch) -> bool:
    """Whether the gradient is right if every output counts once."""
    return m.probe is not None and m.probe.is_right_for(np.ones_like(m.probe.upstream))


def find_constant_factor(m: Mismatch) -> list[Cause]:
    """The factors 2, 1/2, −1, N, 1/N … and any other constant."""
    if not m.fits or not m.wrong.any():
        return []
    yours, numeric = m.yours[m.checked], m.numeric[m.checked]
    c = float(yours @ numeric / (numeric @ numeric or 1.0))
    error = 4 * m.tolerance[m.checked] * (1 + abs(c))
    if c == 0 or np.any(np.abs(yours - c * numeric) > error + 1e-7 * np.abs(c * numeric)):
        return []
    # How much the errors of the slopes may have changed c, as a relative deviation.
    unsure = float(m.tolerance[m.checked] @ np.abs(numeric) / (numeric @ numeric))
    unsure = min(max(unsure, 1e-6), UNSURE)
    clear = int((np.abs(numeric) > 100 * m.tolerance[m.checked]).sum())
    if abs(c + 1) <= unsure:
        return [make_cause("sign-flipped", "yours = -numeric")]
    names = name_factor(abs(c), unsure, m)
    found = []
    output = float(m.y.ravel()[0]) if m.y is not None and m.is_loss else 0.0
    through = [text for text, value in read_output(output) if abs(abs(c) - value) <= unsure * value]
    if through and not names:
        evidence = f"yours = {c:.6g} * numeric; that is {through[0]}"
        found = [make_cause("missing-chain-factor", evidence), make_cause("constant-factor")]
    elif names:
        turned = " (and the sign is wrong)" if c < 0 else ""
        listed = " or ".join(name + turned for name in names[:4])
        found = [make_cause("constant-factor", f"yours = {c:.6g} * numeric; {listed}")]
    elif clear >= MANY:
        found = [make_cause("constant-factor", f"yours = {c:.6g} * numeric in every entry")]
        found.append(make_cause("missing-chain-factor", "the factor is none of the constants"))
    if found and m.is_loss and is_penalty(m):
        found.insert(1, make_cause("penalty-scaled", f"yours = {c:.6g} * numeric"))
    if names and all(", and " in name for name in names):  # the lengths of two axes
        found.append(make_cause("wrong-axis", names[0]))
    return found


def is_penalty(m: Mismatch) -> bool:
    """Whether the function is a penalty of x: its gradient is a multiple of x or of sign(x)."""
    for term in (m.x, np.sign(m.x)):
        c = float((m.numeric * term)[m.checked].sum() / ((term * term)[m.checked].sum() or 1.0))
        if c and np.all(np.abs(m.numeric - c * term)[m.checked] <= 4 * m.tolerance[m.checked]):
            return m.x.size >= MANY
    return False


def name_factor(c: float, unsure: float, m: Mismatch) -> list[str]:
    """Return explanations of the factor c > 0, up to the relative deviation `unsure`.

    Two lengths together are only an explanation if there is no simpler one.
    """

    def is_(value: float) -> bool:
        return value > 0 and abs(c - value) <= unsure * value

    twos = (2, "a 2 is too many"), (0.5, "a 2 is missing")
    names = [text for value, text in twos if is_(value)]
    lengths, sizes = list_lengths(m)
    for n, place in {**sizes, **lengths}.items():
        for value, text in ((n, ""), (1 / n, f"that is 1/{n}, where ")):
            if is_(value):
                names.append(f"{text}{n} is {place}: {EXCHANGED[value > 1]}")
    for name, p in m.numbers.items():
        for text, value in read_number(p):
            if is_(value):
                known = f", with {name} = {p:.6g}" if name.isidentifier() else ""
                names.append(f"that is {text.replace('p', name)}{known}")
    if names:
        return list(dict.fromkeys(names))
    for n, place in lengths.items():
        if n > 2 and (is_(n / (n - 1)) or is_((n - 1) / n)):
            ratio = f"{n}/{n - 1}" if c > 1 else f"{n - 1}/{n}"
            names.append(
                f"that is {ratio}, where {n} is {place}: a variance divides by n or by n - 1"
            )
        if n > 2 and any(is_(value) for value in (2 * n, 2 / n, n / 2, 0.5 / n)):
            names.append(f"a 2 and {n}, which is {place}")
    for (n, one), (k, other) in combinations(lengths.items(), 2):
        for value, text in (
            (n / k, f"{n}/{k}"), (k / n, f"{k}/{n}"),
            (n * k, f"{n} * {k}"), (1 / (n * k), f"1/({n} * {k})"),
        ):  # fmt: skip
            if is_(value):
                names.append(f"that is {text}, where {n} is {one}, and {k} is {other}")
    return names


def read_output(y: float) -> list[tuple[str, float]]:
    """Return the factors that an output y, a single number, may have become."""
    size = abs(y)
    powers = [("y", size), ("2 * y", 2 * size), ("y**2", size**2)]
    return powers + [(invert(text), 1 / value) for text, value in powers if value]


def invert(text: str) -> str:
    return f"1/{text}" if text.isidentifier() else f"1/({text})"


def read_number(p: float) -> list[tuple[str, float]]:
    """Return the factors that a constant p of a function may have become."""
    found = [("p", p), ("2 * p", 2 * p), ("p**2", p * p), ("1 - p", 1 - p), ("1 + p", 1 + p)]
    if p != 1:
        found += [("1/(1 - p)", 1 / (1 - p)), ("p/(1 - p)", p / (1 - p))]
    found += [(invert(text), 1 / value) for text, value in found[:3] if value]
    return found + ([("(1 - p)/p", (1 - p) / p)] if p else [])


def list_lengths(m: Mismatch) -> tuple[dict[int, str], dict[int, str]]:
    """Return the lengths of the axes of all arrays, and their sizes, and where they are."""
    arrays = [(m.name or "x", m.x), ("y", m.y)]
    arrays += [(name, other.x) for name, other in m.others.items()]
    arrays += [(name, x) for name, x in m.fixed.items() if isinstance(x, np.ndarray)]
    lengths: dict[int, str] = {}
    sizes: dict[int, str] = {}
    for name, array in arrays:
        if array is not None and array.ndim:
            for axis, n in enumerate(array.shape):
                lengths.setdefault(n, f"the length of axis {axis} of {name}")
            sizes.setdefault(array.size, f"the size of {name}")
    for found in (lengths, sizes):
        found.pop(1, None)
    return lengths, sizes
