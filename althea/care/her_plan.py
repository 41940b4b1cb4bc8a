"""What was agreed with her, all of it?  Her plan as her prescriber, she herself and the paper read it.

One reading of her record, so that no page says another thing than the sheet she takes home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst

from althea.care import entries as said
from althea.care.choosing import medicine_of
from althea.care.crisis.lines import lines
from althea.care.diagnoses import in_her_words
from althea.care.facts import Chart, facts_of
from althea.care.goals_told import HerGoal, goals_of
from althea.care.known import knowledge
from althea.care.left import NotNow, not_now, offered
from althea.care.models import Entry, Order, Patient
from althea.care.papers import for_of, how_of, spaced, step_rows, when_of
from althea.care.schedule import Course, Stretch, courses
from althea.knowledge.schema.choice import TOPICS

CERTAIN = {
    "confirmed": "",
    "provisional": "We think so, and are not sure yet.",
    "differential": "It is one of the things it could be.",
    "ruled-out": "It is not this.",
}
"""How sure a diagnosis is, said to her."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`plain`: what it is called to her, where the knowledge has plain words; else its own."""

    entry: Entry
    body: said.Condition
    plain: str
    sure: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """A medicine she takes by an order of ours, or by two of which one takes the other's place, and why.

    `now`: the step in force, or the first where none has begun; then `starts` is its day. `order`: the newest.
    """

    course: Course
    order: Order
    name: str
    why: str
    hers: str
    now: dict[str, Any]
    starts: date | None
    until: date | None
    ahead: tuple[Stretch, ...]
    ask_first: NotNow | None
    """She told that she left it, or had: what her order says is not what she may take now."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and what became of it. `stands`: nothing took its place. `taken_back`: when she took back her yes."""

    entry: Entry
    body: said.Decision
    stands: bool
    medicine: str
    ordered: bool
    consent: Entry | None
    taken_back: Entry | None

    @property
    def mattered(self) -> list[str]:
        """What mattered to her, most important first, as she reads it."""
        names = {str(key): name for key, name in TOPICS.items()}
        return [names.get(one, one) for one in self.body.values]

    @property
    def waits_for_her(self) -> bool:
        """A medicine was chosen, nothing is signed yet, and she has not said yes to it (or took it back)."""
        waits = self.stands and bool(self.medicine) and self.consent is None and not self.ordered
        return waits and self.body.about == "options"


@dataclass(frozen=True, slots=True)
class HerPlan:
    """Everything, the newest first where there is an order in time."""

    diagnoses: tuple[Diagnosis, ...]
    episodes: tuple[tuple[Entry, said.Episodes], ...]
    goals: tuple[HerGoal, ...]
    plan: tuple[Entry, said.Plan] | None
    talked: tuple[Entry, said.Talked] | None
    medicines: tuple[Agreed, ...]
    decisions: tuple[Decided, ...]
    safety: Entry | None
    well: tuple[Entry, said.Maintenance] | None
    """How it is kept so that she stays well, once she is."""


def her_plan(chart: Chart, on: date) -> HerPlan:
    """One query beside the chart's own."""
    decisions = decisions_of(chart)
    plans, talks = chart.of(said.Plan), chart.of(said.Talked)
    safety, well = chart.of(said.SafetyPlan), chart.of(said.Maintenance)
    return HerPlan(
        diagnoses=tuple(_diagnoses(chart, on)),
        episodes=tuple(chart.of(said.Episodes)),
        goals=goals_of(chart),
        plan=plans[0] if plans else None,
        talked=talks[0] if talks else None,
        medicines=tuple(_medicines(chart, decisions, on)),
        decisions=decisions,
        safety=safety[0][0] if safety else None,
        well=well[0] if well else None,
    )


def waiting_for_her(chart: Chart) -> Entry | None:
    """The decision whose text she has not answered yet; None: there is none. No query beside the chart's."""
    agreed = {body.decision for _, body in chart.of(said.Consent)}
    entry = waiting_for_an_order(chart)
    return None if entry is None or str(entry.pk) in agreed else entry


def waiting_for_an_order(chart: Chart) -> Entry | None:
    """Her newest choice of a medicine, where no order was signed on it yet; None: there is none. No query either."""
    ordered = {order.decision_id for order in chart.orders}
    rows = ((entry, body) for entry, body in chart.of(said.Decision) if body.about == "options")
    entry, body = next(rows, (None, None))
    if entry is None or body is None or not medicine_of(body.chosen):
        return None
    return None if entry.pk in ordered else entry


def version_of(patient: Patient) -> int:
    """How many times the plan was written: the number of its sheet."""
    kinds = (said.Plan.kind, said.Goal.kind, said.Condition.kind, said.Decision.kind)
    return max(1, Entry.objects.filter(patient=patient, kind__in=kinds).count())


def decisions_of(chart: Chart) -> tuple[Decided, ...]:
    """All of them, the newest first, those she changed her mind about too. `ordered`: an order was signed on it."""
    kinds = (said.Decision.kind, said.Consent.kind)
    rows = list(
        Entry.objects.filter(patient=chart.patient, kind__in=kinds)
        .select_related("recorded_by")
        .order_by("recorded_at", "pk")
    )
    replaced = {row.supersedes_id for row in rows}
    consents: dict[str, Entry] = {}
    back: dict[str, Entry] = {}
    for row in rows:
        if row.kind == said.Consent.kind:
            about = row.body["decision"]
            if row.withdrawn:
                back[about] = row
            elif row.pk not in replaced:
                consents[about] = row
    ordered = {order.decision_id for order in chart.orders}
    found = []
    for row in reversed(rows):
        if row.kind != said.Decision.kind or row.withdrawn:
            continue
        body, key = said.Decision(**row.body), str(row.pk)
        taken_back = None if key in consents else back.get(key)
        found.append(
            Decided(
                entry=row, body=body, stands=row.pk not in replaced, medicine=medicine_of(body.chosen),
                ordered=row.pk in ordered, consent=consents.get(key), taken_back=taken_back,
            )
        )  # fmt: skip
    return tuple(found)


def _diagnoses(chart: Chart, on: date) -> Iterator[Diagnosis]:
    rows = [(entry, body) for entry, body in chart.of(said.Condition) if body.status == "active"]
    plain = in_her_words(facts_of(chart, on)) if rows else {}
    known = [body.code.replace(".", "") for _, body in rows if body.code and body.certainty == "confirmed"]
    sure = {plain.get(code, "") for code in known}
    for entry, body in rows:
        words = plain.get(body.code.replace(".", ""), "") if body.code else ""
        if words and words in sure and body.certainty != "confirmed":
            continue  # what was only thought of is known by now, and has one name for her
        yield Diagnosis(entry, body, words, CERTAIN[body.certainty])


def _medicines(chart: Chart, decisions: tuple[Decided, ...], on: date) -> Iterator[Agreed]:
    reasons, held = {one.entry.pk: one.body.reasons for one in decisions}, not_now(chart, on)
    for course in offered(courses(chart.orders, on), held):
        order, begun = course.orders[-1], course.now(on)
        now = begun or course.stretches[0]
        hers = reasons.get(order.decision_id, "") if order.decision_id is not None else ""
        yield Agreed(
            course=course, order=order, name=knowledge().name_of(order.medicine).capitalize(), why=order.why, hers=hers,
            now=now.step, starts=None if begun else now.first, until=now.last, ahead=course.ahead(max(on, now.first)),
            ask_first=held.get(order.medicine),
        )  # fmt: skip


# --- on paper --------------------------------------------------------------------------------------------------------


def as_paper(plan: HerPlan, patient: Patient, on: date, *, by: str, version: int) -> dict[str, Any]:
    """What the sheet says, in the words of `look.paper.plan.plan_of`: plain values, nothing left out in silence."""
    agreed = plan.plan[1] if plan.plan is not None else said.Plan()
    latest = next((one for one in plan.decisions if one.stands), None)
    return {
        "made": {
            "called": patient.name, "day": on, "version": version, "by": by, "with_whom": (patient.first_name,),
            "born": patient.born_on, "clinic": patient.clinic.name, "sources": "",
        },
        "goals": [
            {"words": one.words, "said_on": one.entry.on, "measure": one.measure, "now": _near(one)}
            for one in plan.goals
        ],
        "treating": _treating(plan),
        "medicines": [_medicine(one) for one in plan.medicines],
        "agreed": list(_sections(plan, agreed, latest)),
        "therapy": [one for one in (agreed.therapy, agreed.self_care, agreed.support) if one],
        "tasks": [_task(line) for line in agreed.who_does_what],
        "dates": [("We look again together", agreed.review_on)] if agreed.review_on else [],
        "calls": list(_calls(patient)),
        "signed_by": (patient.name, by),
    }  # fmt: skip


def _near(goal: HerGoal) -> str:
    """ "4 of 7 nights (4 June 2026)": how near it is, and of which day."""
    return f"{goal.now.words} ({goal.now.on:%-d %B %Y})" if goal.now is not None else ""


def _treating(plan: HerPlan) -> str:
    lines = [
        " ".join(filter(None, (f"{capfirst(one.plain or one.body.text)}.", one.sure)))
        for one in plan.diagnoses
        if one.body.certainty != "ruled-out"
    ]
    return " ".join(lines) or "We have not given it a name yet."


def _sections(plan: HerPlan, agreed: said.Plan, latest: Decided | None) -> Iterator[dict[str, Any]]:
    if latest is not None:
        key = "I can change my mind at any time."
        words = f"{latest.body.chosen_words}, on {latest.entry.on:%-d %B %Y}."
        yield {"heading": "What I decided", "words": words, "key": key}
        if latest.body.reasons:
            yield {"heading": "Why", "words": f"“{latest.body.reasons}”"}
    elif not plan.medicines:
        yield {"heading": "What I decided", "words": "No decision is written down yet."}
    if not plan.medicines:
        yield {"heading": "My medicine", "words": "No medicine from here at present."}
    if agreed.if_pregnant:
        yield {"heading": "If I am or may be pregnant", "words": agreed.if_pregnant}


def _medicine(one: Agreed) -> dict[str, Any]:
    """Its steps as they can be laid out; where they cannot, its words."""
    try:
        steps = step_rows(one.course.stretches)
    except (KeyError, ValueError):
        steps = []
    reason = next((words for order in reversed(one.course.orders) if (words := for_of(order))), "")
    return {"name": one.name, "what_for": reason, "when": when_of(one.course.stretches), "steps": steps,
            "note": " ".join(filter(None, _noted(one)))}  # fmt: skip


def _noted(one: Agreed) -> Iterator[str]:
    """Whether she is to ask first, why she stops, where she does, and how it is taken: of an order that another
    replaces, until when."""
    if one.ask_first is not None and one.ask_first.begins is not None:
        yield f"{one.ask_first.told} Take none before {one.ask_first.begins:%-d %B %Y}."
    elif one.ask_first is not None:
        yield f"{one.ask_first.told} Ask before you take it again: these steps may no longer hold."
    if one.order.stops:
        yield f"{one.why.rstrip('.')}." if one.why else ""
    for order in one.course.orders:
        words = " ".join(how_of(order))
        last = one.course.last_of(order)
        yield f"Until {last:%-d %B %Y}: {words}" if words and last and order != one.order else words


def _task(line: str) -> dict[str, str]:
    """ "Sam: the 1 am feed" -> who, what. Without a colon it is everybody's."""
    who, colon, what = line.partition(":")
    return {"who": who.strip(), "what": what.strip()} if colon and what.strip() else {"who": "We", "what": line.strip()}


def _calls(patient: Patient) -> Iterator[dict[str, str]]:
    clinic = patient.clinic
    if clinic.phone:
        when = f"The clinic, {clinic.hours}" if clinic.hours else "The clinic"
        yield {"when": when, "how": "call", "number": spaced(clinic.phone)}
    for line in lines(clinic.country):
        whose = f"If I am {line.who}" if line.who else "Any time, if I may hurt myself"
        yield {"when": whose, "how": "call or text" if line.text else "call", "number": spaced(line.call)}
