"""What of her findings did a prescriber set aside with a reason, and does that still hold?

What is set aside is this rule, about these medicines, on what it rested on that day: its grounds. Another rule, another
medicine, a newer result or answer, more of a dose, or a louder voice is a finding that nobody has set aside. To grow
older, and to take less, brings nothing back before its day; then it is looked at again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from althea.care.models import FindingSeen, Patient
from althea.engine.finding import Finding, beside

SUGGESTION = "suggestion"
"""The code of an answer that is what the finding itself asks for."""
Grounds = dict[str, float]
"""What a finding rests on: its rule with its medicines, and each result, answer or state that it stands on, in digests;
with how loud it is there, or how far a dose is out of its bound."""


def grounds_of(finding: Finding) -> Grounds:
    """What exactly does this one rest on, without what stands under it?"""
    subject, others = finding.medicines[:1], finding.medicines[1:]
    found = {_key(finding.rule, *sorted((*subject, one))): float(finding.level) for one in others}
    found = found or {_key(finding.rule, *subject): float(finding.level)}
    for fact in finding.because:
        if fact.news:
            found[_key(finding.rule, "", fact.news)] = 0
    if finding.amount is not None:
        found[_key(finding.rule, *subject, "", "amount")] = float(finding.amount)
    return found


def mark_of(finding: Finding) -> str:
    """Short enough for a field's name: this finding and all that stands under it, as loud as it is. One that is another
    by now, or louder, has another mark."""
    parts = (finding.level.word, *finding.reason, *sorted(all_grounds((finding,))))
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:12]


def all_grounds(findings: Iterable[Finding]) -> Grounds:
    """Of several, and of what stands under them."""
    return together(grounds_of(part) for one in findings for part in (one, *one.also))


def together(several: Iterable[Mapping[str, float]]) -> Grounds:
    found: Grounds = {}
    for grounds in several:
        for key, much in grounds.items():
            found[key] = max(much, found.get(key, much))
    return found


def news_in(finding: Finding, known: Mapping[str, float]) -> Finding | None:
    """What of it does not rest on these grounds?  Itself, or the loudest that stands under it; None: all of it does."""
    new = [one for one in (finding, *finding.also) if not rests(grounds_of(one), known)]
    if not new or new[0] is finding:
        return finding if new else None
    first, rest = new[0], tuple(new[1:])
    return replace(first, reason=finding.reason, beside=beside(first.title, first.medicines, rest), also=rest)


def rests(grounds: Grounds, known: Mapping[str, float]) -> bool:
    return all(key in known and much <= known[key] for key, much in grounds.items())


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Aside:
    """What was answered of her findings. `rows`: the answers that set something aside and still hold, oldest first.
    `signed`: what a prescriber signed to do about one instead; that sets nothing aside."""

    rows: tuple[FindingSeen, ...] = ()
    signed: tuple[FindingSeen, ...] = ()
    _known: dict[tuple[str, ...], Grounds] = field(default_factory=dict, repr=False, compare=False)

    def open(self, finding: Finding) -> Finding | None:
        """What of it was not set aside?  None: nothing is left of it."""
        return news_in(finding, self._grounds(finding.reason))

    def covers(self, finding: Finding) -> bool:
        """Was it set aside, whole, as it is now?"""
        return self.open(finding) is None

    def open_of(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that nobody has set aside, in their order."""
        return [left for one in findings if (left := self.open(one)) is not None]

    def row_of(self, finding: Finding) -> FindingSeen | None:
        """The newest answer that set it aside, or a part of it."""
        keys = grounds_of(finding).keys()
        return next((one for one in reversed(self.rows) if keys & one.grounds.keys()), None)

    def signed_for(self, finding: Finding) -> FindingSeen | None:
        """What was signed to do about this very finding."""
        grounds = grounds_of(finding)
        return next((one for one in self.signed if rests(grounds, one.grounds)), None)

    def _grounds(self, reason: tuple[str, ...]) -> Grounds:
        if reason not in self._known:
            self._known[reason] = together(row.grounds for row in self.rows if tuple(row.reason) == reason)
        return self._known[reason]


def aside_of(patient: Patient, on: date) -> Aside:
    """What was set aside and still is. An answer that does not set aside takes back those before it that it meets,
    and one with the same grounds takes their place. One query."""
    held: dict[tuple[str, ...], list[FindingSeen]] = {}
    signed: dict[tuple[str, ...], FindingSeen] = {}
    for row in FindingSeen.objects.filter(patient=patient).select_related("by").order_by("at"):
        reason, keys = tuple(row.reason), row.grounds.keys()
        if row.answer == FindingSeen.Answer.OVERRIDDEN:
            held[reason] = [*(one for one in held.get(reason, ()) if not one.grounds.keys() <= keys), row]
        else:
            held[reason] = [one for one in held.get(reason, ()) if not one.grounds.keys() & keys]
        signed.pop(reason, None)
        if row.code == SUGGESTION:
            signed[reason] = row
    rows = [row for kept in held.values() for row in kept if row.until is not None and row.until >= on]
    return Aside(tuple(rows), tuple(signed.values()))
