"""From numbers to a verdict: what is compared, in which order."""

from __future__ import annotations

from dataclasses import replace

from .causes import find_causes
from .comparison import Comparison, Settings
from .finding import SINGLE, Finding
from .kinks import recheck_nearby
from .mismatch import Mismatch
from .report import Report, join_verdicts
from .subject import EarlyVerdict, Subject
from .text import describe_method


def find_verdict(subject: Subject, settings: Settings) -> Report:
    """Check a subject, and restore everything that the check changes."""
    __tracebackhide__ = True
    try:
        with subject:
            return compare_everything(Comparison(subject, settings))
    except EarlyVerdict as early:
        notes = (f"seed {settings.seed}",)
        return Report(early.verdict, subject.name, early.why, (), notes, settings.seed)


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
    comparison.check_repeatable(comparison.value)
    for finding in findings:
        if finding.bad_factor is not None and not finding.is_wrong.any():
            right = "is right for one upstream gradient, but not for its multiples"
            finding.why = finding.why or right
        if finding.verdict == "fail" and finding.yours is not None:
            finding.causes = finding.causes or find_causes(find_mismatch(comparison, finding))
    notes = []
    if subject.constants:
        names = ", ".join(subject.constants)
        notes.append(f"not checked, because whole numbers are constants: {names}")
    if subject.converted:
        names = ", ".join(subject.converted)
        notes.append(f"from float32 to float64 for the check: {names}")
    notes += [note for finding in findings for note in finding.notes]
    notes.append(describe_method(findings, settings.tolerance, settings.seed))
    verdict = join_verdicts(finding.verdict for finding in findings)
    causes = tuple(cause for finding in findings for cause in finding.causes)
    evidence = (comparison.collect_evidence(),)
    return Report(
        verdict,
        subject.name,
        findings=tuple(findings),
        notes=tuple(notes),
        seed=settings.seed,
        causes=tuple(dict.fromkeys(causes)),
        evidence=evidence,
    )


def find_mismatch(comparison: Comparison, finding: Finding) -> Mismatch:
    """Return what is known about one input, and about the others."""
    others = (f for f in comparison.findings if f is not finding and f.yours is not None)
    return replace(
        find_own_mismatch(comparison, finding),
        others={f.name: find_own_mismatch(comparison, f) for f in others},
    )


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
    )
