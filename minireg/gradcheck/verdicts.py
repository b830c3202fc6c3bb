"""From numbers to a verdict: what is compared, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from .cause import Cause, make_cause
from .causes import find_causes
from .comparison import Comparison, Settings, draw_upstream
from .contract import check_repeatable
from .evidence import Evidence, measure
from .finding import SINGLE, Finding
from .kinks import recheck_nearby
from .mismatch import Mismatch
from .probe import Probe
from .report import Report, join_verdicts
from .subject import EarlyVerdict, Subject
from .text import describe_method, join_names


def find_verdict(subject: Subject, settings: Settings) -> Report:
    """Check a subject, and restore everything that the check changes."""
    __tracebackhide__ = True
    try:
        with subject:
            return compare_everything(Comparison(subject, settings))
    except EarlyVerdict as early:
        return Report(
            early.verdict,
            subject.name,
            early.why,
            notes=(f"seed {settings.seed}",),
            seed=settings.seed,
            from_numbers=early.causes,
            evidence=measure_early(subject, settings) if early.verdict == "fail" else (),
        )


def measure_early(subject: Subject, settings: Settings) -> tuple[Evidence, ...]:
    """Measure the gradients of a function whose backward pass could not be compared."""
    random = np.random.default_rng(settings.seed)
    try:
        with subject:
            size = subject.value(subject.start).size
            return measure(subject, subject.start, draw_upstream(random, size), random)
    except EarlyVerdict:
        return ()


def compare_everything(comparison: Comparison) -> Report:
    """Compare everything, and return what was found."""
    subject, settings, findings = comparison.subject, comparison.settings, comparison.findings
    for finding in findings:
        if finding.size <= settings.entries:
            comparison.compare_all(finding)
        else:
            comparison.compare_samples(finding)
        comparison.look_far(finding)
    recheck_nearby(comparison)
    check_repeatable(subject, comparison.value, comparison.upstream, comparison.returned)
    for finding in findings:
        if finding.bad_factor is not None and not finding.is_wrong.any():
            right = "is right for one upstream gradient, but not for its multiples"
            finding.why = finding.why or right
        if finding.verdict == "fail" and finding.yours is not None:
            finding.causes = finding.causes or find_causes(find_mismatch(comparison, finding))
    verdict, why = join_verdicts(finding.verdict for finding in findings), ""
    causes = merge_causes({finding.name: finding.causes for finding in findings})
    notes = list_notes(comparison)
    if verdict == "cannot tell" and settings.special:
        verdict = "pass"
        notes[:0] = [note for finding in findings if (note := describe_uncompared(finding))]
    if comparison.aliases:  # the numbers, if they are wrong, come first
        causes = (*causes[:1], make_cause("aliased-gradients", comparison.aliases), *causes[1:])
        if verdict != "fail":
            verdict, why = "fail", f"{comparison.aliases}: return copies."
    return Report(
        verdict,
        subject.name,
        why,
        findings=tuple(findings),
        notes=tuple(notes),
        seed=settings.seed,
        from_numbers=causes,
        evidence=(comparison.collect_evidence(),),
    )


def merge_causes(of_inputs: Mapping[str, tuple[Cause, ...]]) -> tuple[Cause, ...]:
    """Join the causes of all inputs: the first of each before the second of any, each name once,
    with what shows it for each input; last that there is none."""
    wrong = {name: causes for name, causes in of_inputs.items() if causes}
    found: dict[str, dict[str, Cause]] = {}
    for rank in zip_longest(*wrong.values()):
        for name, cause in zip(wrong, rank):
            if cause is not None:
                found.setdefault(cause.name, {})[name] = cause
    merged = [join_evidence(causes, len(wrong)) for causes in found.values()]
    return tuple(sorted(merged, key=lambda cause: cause.name == "unknown"))


def join_evidence(of_inputs: Mapping[str, Cause], wrong: int) -> Cause:
    """Return a cause with its evidence for each input, unless it is the same for all wrong ones."""
    names: dict[str, list[str]] = {}
    for name, cause in of_inputs.items():
        names.setdefault(cause.evidence, []).append(name)
    first = next(iter(of_inputs.values()))
    if len(of_inputs) == wrong and len(names) == 1:
        return first
    parts = [
        f"for {join_names(some)}{', ' if evidence else ''}{evidence}"
        for evidence, some in names.items()
    ]
    return replace(first, evidence="; ".join(parts))


def list_notes(comparison: Comparison) -> list[str]:
    """Return how it was checked."""
    subject, settings, findings = comparison.subject, comparison.settings, comparison.findings
    notes = []
    if subject.constants:
        names = ", ".join(subject.constants)
        notes.append(f"not checked, because whole numbers are constants: {names}")
    if subject.converted:
        names = ", ".join(subject.converted)
        notes.append(f"from float32 to float64 for the check: {names}")
    notes += [note for finding in findings for note in finding.notes]
    return [*notes, describe_method(findings, settings.tolerance, settings.seed)]


def describe_uncompared(finding: Finding) -> str:
    """Tell how many entries have no slope, or are hidden by rounding."""
    count = int((~finding.slopes.settled | finding.is_hidden).sum())
    return (
        f"{count} entries of {finding.name} could not be compared at special values"
        if count
        else ""
    )


def find_mismatch(comparison: Comparison, finding: Finding) -> Mismatch:
    """Return what is known about one input, and about the others."""
    subject, others = comparison.subject, comparison.findings
    mismatch = replace(
        find_own_mismatch(comparison, finding),
        others={
            f.name: find_own_mismatch(comparison, f)
            for f in others
            if f is not finding and f.yours is not None
        },
        scaled=finding.scaled,
        fixed=subject.fixed,
        numbers=subject.numbers,
    )
    if not mismatch.fits:
        return mismatch
    at = comparison.start, comparison.value, comparison.upstream
    probe = Probe(subject, finding.input, *at, mismatch.yours, comparison.settings.seed)
    return replace(mismatch, probe=probe)


def find_own_mismatch(comparison: Comparison, finding: Finding) -> Mismatch:
    subject, single_output = comparison.subject, len(comparison.subject.shapes) == 1
    return Mismatch(
        yours=finding.yours,  # type: ignore[arg-type]
        numeric=finding.numeric,
        tolerance=finding.spread(finding.slack(finding.slopes)),
        checked=finding.spread(~finding.slopes.kink) == 1,
        x=finding.values,
        y=comparison.value.reshape(subject.shapes[0]) if single_output else None,
        upstream=comparison.upstream.reshape(subject.shapes[0]) if single_output else None,
        bad_factor=finding.bad_factor,
        ignores_upstream=finding.ignores_upstream,
        cut=comparison.cut,
        whole=finding.dtype.kind in "iub",
        rounding=SINGLE if finding.single else 1e-7,
        name=finding.name,
    )
