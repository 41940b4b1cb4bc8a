"""What speaks against beginning or ending this, on the day she does?  Rules that look at a change, asked of hers.

Much that is said of two medicines is said of the day one of them begins or ends ("the combined pill is started beside
lamotrigine"). When she tells of such a change it is no order, so it is asked about as if it were one: the medicine, or
the method of contraception, that is new in her facts as a draft, and the one that is gone as a draft that stops it.
"""

from __future__ import annotations

from msgspec.structs import replace

from althea.care.known import knowledge
from althea.engine.facts import Facts, Medicine, State
from althea.engine.finding import Finding, Review
from althea.engine.order import Draft, ProposedOrder
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level

TAKEN = (State.RUNNING, State.PERHAPS)


def at_the_change(before: Facts, after: Facts, jurisdiction: str, *, ended: str = "") -> tuple[Finding, ...]:
    """Findings at warning or above that come of what began, or ended, between the two. Loudest first.

    `ended`: the end of the reference of what she stopped; an entry that was only corrected has not ended.
    """
    drafts, base = _begun(before, after)
    stops = [row for row in before.medicines if ended and row.ref.endswith(ended) and row.id is not None]
    drafts += [Draft(medicine=row, stop=True, replaces=row.ref) for row in stops]
    gone = [one for one in before.stage.methods or () if one not in (after.stage.methods or ())]
    if after.stage.methods is not None:
        stops += [_method(one) for one in gone]
        drafts += [Draft(medicine=_method(one), stop=True) for one in gone]
    if not drafts:
        return ()
    refs = {row.ref for row in stops}
    rows = [row for row in base.medicines if row.ref not in refs and not (ended and row.state is State.STOPPED)]
    found: Review = review(
        replace(base, medicines=(*rows, *stops)), ProposedOrder(drafts=tuple(drafts)), knowledge(),
        jurisdiction=jurisdiction,
    )  # fmt: skip
    return tuple(one for one in found.findings if one.about_order and one.level >= Level.WARNING)


def _begun(before: Facts, after: Facts) -> tuple[list[Draft], Facts]:
    """What is new as drafts, and the facts without it."""
    known = {row.ref for row in before.medicines}
    taken = {row.id for row in before.medicines if row.state in TAKEN}
    new = [
        row
        for row in after.medicines
        if row.state is State.RUNNING and row.ref not in known and row.id is not None and row.id not in taken
    ]
    methods = [one for one in after.stage.methods or () if one not in (before.stage.methods or ())]
    kept = after.stage.methods and tuple(one for one in after.stage.methods if one not in methods)
    base = replace(
        after,
        medicines=tuple(row for row in after.medicines if row not in new),
        stage=replace(after.stage, methods=kept),
    )
    return [Draft(medicine=row) for row in (*new, *map(_method, methods))], base


def _method(method: str) -> Medicine:
    """A method of contraception stands among what she takes, as the engine has it."""
    return Medicine(id=method, name=knowledge().name_of(method), state=State.RUNNING)
