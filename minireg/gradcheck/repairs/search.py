"""The search: try single edits of a function against the numeric gradient, likely ones first."""

from __future__ import annotations

import contextlib
import copy
import io
import random
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import FunctionType

import numpy as np

from ..cause import CAUSES
from ..evidence import Evidence
from .environment import Environment
from .expressions import edit_expressions
from .insertions import SUMS, insert_every_sum, insert_parts
from .relevance import find_relevant
from .scope import Scope
from .source import Change, Edit, Source, read_source
from .statements import edit_statements
from .trial import Trial, measure_nearby

SHOWN = 3
NEAR = 0.5  # after a repair, edits are tried that cost at most this much more
APART = 3.0  # what an edit costs more in a line on which no wrong gradient depends
ELSEWHERE = 0.7  # what it costs more in another line than the one that raised an error
# What edits there are, and the least that they cost: the dear ones are listed only if needed.
STAGES: tuple[tuple[float, Callable[[Scope], Iterator[Edit]]], ...] = (
    (0, edit_expressions), (0, edit_statements), (1, insert_parts), (SUMS, insert_every_sum),
)  # fmt: skip
WORK = 3_000_000  # lines of code and hundreds of entries that all candidates may cost together


@dataclass(frozen=True)
class Repair:
    """A single edit with which the checked function, or a gradient of it, is right at all points.

    Attributes:
        line: the line of the file, as in a traceback.
        before, after: the text of this line.
        question: a question that leads to the mistake.
        rule: the rule that the line breaks.
        cause: the name of the mistake, as in `CAUSES`.
        gradients: the gradients that are right with it, if another one stays wrong; else empty.
    """

    line: int
    before: str
    after: str
    question: str
    rule: str
    cause: str
    gradients: tuple[str, ...] = ()


def find_repairs(evidence: Sequence[Evidence], limit: int = 5000) -> tuple[Repair, ...]:
    """Return at most three single edits of the source that make the backward pass right.

    The smallest come first.  If several gradients are wrong, and no single edit is enough, or only
    one that is larger than an edit for each of them, the edits are for some of the gradients, in
    the order of the file.  Each agrees with the numeric gradient at all points, and keeps the other
    rules of a backward pass.  Nothing that a candidate does stays: it runs with copies of its
    arguments and globals, and what it prints is dropped.

    Args:
        evidence: what was measured at some points.  If it is only one, a second one is measured.
        limit: at most this many candidates are tried.

    Returns:
        The repairs; none if there is no source, or no single edit makes a gradient right.

    >>> def backward(upstream, x):
    ...     return upstream * np.sin(x)
    >>> report = mr.check_backward(np.sin, backward, np.array([1.0, 2.0]))
    >>> [repair] = find_repairs(report.evidence)
    >>> repair.line, repair.after
    (2, '    return upstream * np.cos(x)')
    """
    if not evidence or not evidence[0].subject.editable:
        return ()
    subject = evidence[0].subject
    function = getattr(subject, subject.editable)
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType):
        return ()
    states = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            try:
                search = Search(evidence, function)
            except (TypeError, copy.Error):  # a lock, a file: what cannot be copied is not tried
                return ()
            return search.run(limit)
    finally:
        np.random.set_state(states[0])  # noqa: NPY002
        random.setstate(states[1])


class Search:
    """The search for repairs of one function.

    Attributes:
        tried: the number of candidates so far.
        names: the inputs.
        wrong: those whose gradients are wrong.
    """

    def __init__(self, evidence: Sequence[Evidence], function: FunctionType) -> None:
        self.environment = Environment(function)
        near = measure_nearby(evidence[0]) if len(evidence) == 1 else ()
        known = [e for e in (*evidence, *near) if any(np.isfinite(low).any() for low in e.low)]
        self.trials = [Trial(e) for e in known]
        code = self.environment.codes[function]
        self.original = self.environment.make(function, code)
        for trial in self.trials:
            trial.share(self.original)
        self.names = [x.name for x in evidence[0].subject.inputs]
        self.wrong = self.find_wrong()
        self.tried = 0

    def run(self, limit: int) -> tuple[Repair, ...]:
        """Try edits of the function, and if there is no repair, of the functions that it calls."""
        if not self.trials:
            return ()
        environment, codes = self.environment, self.environment.codes
        seen = self.trials[0].observe(self.original, set(codes.values()))
        work = seen.lines + sum(trial.evidence.z.size for trial in self.trials) // 100
        limit = min(limit, WORK // max(1, work))
        inputs = [x.of(self.trials[0].evidence.z) for x in self.trials[0].subject.inputs]
        for function, source in environment.sources.items():
            if (code := codes[function]) in seen.variables:
                named = self.trials[0].subject.numbers  # a literal is named `3 in forward`
                numbers = {name.partition(" in ")[0]: x for name, x in named.items()}
                values = {**numbers, **environment.list_values(), **seen.variables[code]}
                scope = Scope(source, values, inputs)
                if forward := read_source(vars(self.trials[0].subject)["function"]):
                    scope.add_formulas(forward.node)
                edits = self.list_edits(scope, seen.raised.get(code))
                if found := self.search(source, edits, limit):
                    return found
        return ()

    def find_wrong(self) -> set[str]:
        """Return the inputs whose gradients are wrong at some point; all if an error is raised."""
        try:
            return {name for trial in self.trials for name in trial.find_wrong(self.original)}
        except Exception:
            return set(self.names)

    def search(self, source: Source, edits: Iterable[Edit], limit: int) -> tuple[Repair, ...]:
        """Try the edits of one function, the likely ones first."""
        found: dict[Change, Edit] = {}
        partial: dict[str, tuple[Edit, set[str]]] = {}  # the first edit for each wrong gradient
        most = np.inf
        for edit in edits:
            if self.tried >= limit or edit.cost > most or len(found) == SHOWN:
                break
            self.tried += 1
            wrong = self.find_wrong_after(source, edit)
            if not wrong:
                most = min(most, edit.cost + NEAR)
                change = source.show(edit)
                known = any(
                    change.line == x.line and edit.kind == y.kind for x, y in found.items()
                )  # the smaller edit of a line stands for others that mend the same
                if not known:
                    found[change] = edit
            elif repaired := self.wrong - wrong - partial.keys():
                partial |= dict.fromkeys(repaired, (edit, self.wrong - wrong))
                if len(partial) == len(self.wrong):
                    most = sum({edit: edit.cost for edit, _ in partial.values()}.values())
        if found:
            return tuple(make_repair(change, edit) for change, edit in found.items())
        some = sorted({edit: names for edit, names in partial.values()}.items())
        return tuple(
            make_repair(source.show(edit), edit, tuple(x for x in self.names if x in names))
            for edit, names in some[:SHOWN]
        )

    def list_edits(self, scope: Scope, raised: int | None) -> Iterator[Edit]:
        """Yield the edits in the order of their costs, each once.

        Args:
            scope: the names that they may use.
            raised: the line that raised an error, counted from the first line of the function.
        """
        wrong = [name for name in self.names if name in self.wrong] or self.names
        parts = find_relevant(scope, self.names, wrong)
        first = scope.node.lineno

        @cache
        def weigh(start: int) -> float:
            apart = APART * (not any(a <= start <= b for a, b in parts))
            if raised is not None and scope.source.find_line(start) - first != raised:
                apart += ELSEWHERE
            return apart

        waiting: list[tuple[float, int, Edit]] = []
        seen = set()
        for (_, list_some), following in zip(STAGES, [*(s for s, _ in STAGES[1:]), np.inf]):
            waiting += [
                (edit.cost + weigh(edit.start), len(edit.text) - edit.end + edit.start, edit)
                for edit in list_some(scope)
            ]
            waiting.sort(key=lambda row: row[:2])
            due = bisect_left(waiting, following, key=lambda row: row[0])
            for cost, _, edit in waiting[:due]:
                if (place := (edit.start, edit.end, edit.text)) not in seen:
                    seen.add(place)
                    yield edit._replace(cost=cost)
            del waiting[:due]

    def find_wrong_after(self, source: Source, edit: Edit) -> set[str]:
        """Return the inputs whose gradients are wrong with an edit; all that were if it must not be
        made: it repairs none, makes another one wrong, or breaks a rule of backward passes."""
        make, function = self.environment.make, source.function
        left: set[str] = set()
        try:
            code = source.compile(source.apply(edit))
            for trial in self.trials:
                left |= set(trial.find_wrong(make(function, code)))
                if left and not left < self.wrong:
                    return self.wrong or left
            if all(trial.keeps_contract(make(function, code), left) for trial in self.trials):
                return left
        except Exception:  # a candidate may raise anything
            pass
        return self.wrong or set(self.names)


def make_repair(change: Change, edit: Edit, gradients: tuple[str, ...] = ()) -> Repair:
    _, question, rule = CAUSES[edit.kind]
    return Repair(change.line, change.before, change.after, question, rule, edit.kind, gradients)
