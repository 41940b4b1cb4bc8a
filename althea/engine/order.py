"""What if she took this?  A proposed order, and the facts as they would be with it.

A draft of an ingredient she already takes by the same route replaces every running order of it; one that names a prior
prescription replaces that one only. Another route, or a depot beside tablets, both stay. A draft that stops a medicine
asks about stopping every running order of that ingredient.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from althea.engine.facts import Facts, Medicine, State


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """One line of the order: the medicine as drafted, or the one to stop. `replaces`: a running order's reference."""

    medicine: Medicine
    stop: bool = False
    replaces: str = ""


class ProposedOrder(Struct, frozen=True, kw_only=True, gc=False):
    """What the prescriber is about to sign, and what else lies in the same basket.

    `drafts` are judged; `beside` are drafts not selected now: context, taken as if signed.
    """

    drafts: tuple[Draft, ...] = ()
    beside: tuple[Draft, ...] = ()


def apply(facts: Facts, order: ProposedOrder) -> Facts:
    """The facts as they would be with the order signed."""
    rows = list(facts.medicines)
    for draft, state in [(d, State.ORDERED) for d in order.drafts] + [(d, State.RUNNING) for d in order.beside]:
        own = draft.medicine.id
        hit = [at for at, row in enumerate(rows) if row.id == own and own is not None and _touches(draft, row)]
        for at in hit:
            rows[at] = replace(rows[at], state=State.STOPPING if draft.stop else State.REPLACED)
        if draft.stop:
            if not hit and draft.medicine.id is not None:
                rows.append(replace(draft.medicine, state=State.STOPPING))
        else:
            rows.append(replace(draft.medicine, state=state))
    return replace(facts, medicines=tuple(rows))


def _touches(draft: Draft, row: Medicine) -> bool:
    """Does this draft change this order of its own ingredient?"""
    if row.state not in (State.RUNNING, State.PERHAPS):
        return False
    if draft.replaces:
        return row.ref == draft.replaces
    if draft.stop and not draft.medicine.route:
        return True
    return row.depot == draft.medicine.depot and (row.route or "oral") == (draft.medicine.route or "oral")
