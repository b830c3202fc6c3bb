"""Floor 0: replacements for signs that an encoding does not have."""

from __future__ import annotations

import codecs

SUBSTITUTES = {
    "±": "+/-", "−": "-", "–": "-", "—": "-", "×": "x", "·": "*", "÷": "/",
    "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=", "…": "...",
    "“": '"', "”": '"', "‘": "'", "’": "'", "‖": "||", "√": "sqrt", "Σ": "sum ",
    "λ": "lambda", "ε": "epsilon", "μ": "mu", "β": "beta", "γ": "gamma", "σ": "sigma",
    "½": "1/2", "²": "^2", "³": "^3", "°": " degrees", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip


def substitute(error: UnicodeError) -> tuple[str, int]:
    """Handle errors of `str.encode`: use the table above, and `?` for all other signs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(SUBSTITUTES.get(sign, "?") for sign in lacking), error.end


ERRORS = "minireg"  # the name of this way to encode: text.encode("cp1252", ERRORS)
codecs.register_error(ERRORS, substitute)


def to_ascii(text: str) -> str:
    """Return the text with ASCII characters only.

    >>> to_ascii("Σw² ≤ λ")
    'sum w^2 <= lambda'
    """
    return text.encode("ascii", ERRORS).decode()
