"""The solutions of all exercises, and wrong answers with what must be said about them.

`solutions/NAME.py` is a student's file that is right.  `wrong/NAME.py` has functions as students
write them: each begins with a line `#: phrase`, replaces the function of the same name in the
solution, and its result must contain the phrase.  Unusual answers that are right begin with
`#: pass`.
"""

from __future__ import annotations

import re
from pathlib import Path

from minireg.exercises import ORDER

HERE = Path(__file__).parent
SOLUTIONS = {name: (HERE / "solutions" / f"{name}.py").read_text("utf-8") for name in ORDER}


def list_wrong() -> list[tuple[str, str, str]]:
    """For each wrong answer the exercise, the phrase, and the student's file."""
    wrong = []
    for name in ORDER:
        text = (HERE / "wrong" / f"{name}.py").read_text("utf-8")
        _, *parts = re.split(r"^#: (.*)\n", text, flags=re.MULTILINE)
        wrong += [
            (name, phrase, f"{SOLUTIONS[name]}\n\n{code.strip()}\n")
            for phrase, code in zip(parts[::2], parts[1::2])
        ]
    return wrong
