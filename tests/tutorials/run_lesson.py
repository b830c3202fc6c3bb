"""Run a lesson as a script, then attempts at its exercises: run_lesson.py LESSON ATTEMPTS RESULTS.

ATTEMPTS is a list of [exercise, source].  A source is run with what the lesson defined above the
exercise; the first one is 1.  RESULTS becomes a list of [what is printed, kind of error, message].
"""

import io
import json
import re
import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path


def run_script(path, namespace):
    """Run a lesson cell by cell; return what was defined above each exercise."""
    above, line = {}, 0
    for cell in re.split(r"^(?=# %%)", Path(path).read_text("utf-8"), flags=re.MULTILINE):
        if "### BEGIN SOLUTION" in cell:
            above[len(above) + 1] = dict(namespace)
        exec(compile("\n" * line + cell, path, "exec"), namespace)
        line += cell.count("\n")
    return above


def attempt(source, namespace):
    """Run a source; return what it prints, and the kind and message of the error that ends it."""
    kind = message = ""
    with redirect_stdout(io.StringIO()) as printed:
        try:
            exec(source, namespace)
        except Exception as error:
            kind, message = type(error).__name__, str(error)
    return printed.getvalue(), kind, message


def main(lesson, attempts, results):
    namespace = {"__name__": "__main__"}
    above = run_script(lesson, namespace)
    warnings.simplefilter("ignore")  # of the attempts
    found = []
    for exercise, source in json.loads(Path(attempts).read_text("utf-8")):
        namespace.clear()  # functions of the lesson read their global names here
        namespace.update(above[exercise], __name__="attempt")  # its source is in no file
        found.append(attempt(source, namespace))
    Path(results).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
