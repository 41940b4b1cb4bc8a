"""What of her findings did a prescriber set aside with a reason, and does that still hold?

The newest answer to a reason counts, until its day: then it is looked at again.
"""

from __future__ import annotations

from datetime import date

from althea.care.models import FindingSeen, Patient
from althea.engine.finding import Finding
from althea.knowledge.schema.evidence import Level

SUGGESTION = "suggestion"
"""The code of an answer that is what the finding itself asks for."""


class Aside(dict[tuple[str, ...], FindingSeen]):
    """The answers that still hold, by the finding's reason. `does`: what a prescriber signed to do about it instead;
    that sets nothing aside."""

    does: dict[tuple[str, ...], FindingSeen]

    def covers(self, finding: Finding) -> bool:
        """Was it set aside at this level or above?  One that has become louder since is a new one."""
        row = self.get(finding.reason)
        return row is not None and Level[row.level.upper()] >= finding.level


def aside_of(patient: Patient, on: date) -> Aside:
    """What was set aside and still is. One query."""
    newest = {}
    for row in FindingSeen.objects.filter(patient=patient).select_related("by").order_by("at"):
        newest[tuple(row.reason)] = row
    found = Aside(
        (reason, row)
        for reason, row in newest.items()
        if row.answer == FindingSeen.Answer.OVERRIDDEN and row.until is not None and row.until >= on
    )
    found.does = {reason: row for reason, row in newest.items() if row.code == SUGGESTION}
    return found
