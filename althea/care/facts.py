"""What do we know of her on this day, by the clinic's own record?  The database's door to `Facts`.

The rows are said in FHIR (`fhir/write.py`) and read by the one reader, so that a page, a card and a sweep judge the
same woman alike: every assumption the reader makes is made here too. Two queries, whatever she has: her entries, and
her signed orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from althea.care import entries as said
from althea.care.known import knowledge
from althea.care.models import Entry, Order, Patient
from althea.care.schedule import in_turn, last_day, signed_until, stands_from
from althea.care.stage_said import by_diagnosis
from althea.care.ticks import A_DAY, NOTHING_TOLD, Gap, Word, days_without, over, ticks_of, word_on
from althea.engine.facts import TOPICS, Facts, Known
from althea.engine.order import ProposedOrder
from althea.engine.rules.titration import LATELY
from althea.fhir import write
from althea.fhir.elements import Json
from althea.fhir.read import read, read_order
from althea.fhir.record import Record
from althea.knowledge.quantity import Dose


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a page about her reads, fetched once: current entries newest first, and her signed orders."""

    patient: Patient
    entries: tuple[tuple[Entry, said.Body], ...]
    orders: tuple[Order, ...]
    _resources: list[tuple[date, str, Json | None]] = field(default_factory=list, init=False, repr=False, compare=False)
    _records: dict[date, Record] = field(default_factory=dict, init=False, repr=False, compare=False)
    _facts: dict[date, Facts] = field(default_factory=dict, init=False, repr=False, compare=False)
    _kinds: dict[type, list[tuple[Entry, Any]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was made of these rows before: a page asks for the facts of a day several times, a draft at each step."""

    def of(self, kind: type[said.Body]) -> list[tuple[Entry, Any]]:
        """The current entries of one kind, newest first. Among those about her life stage stands what a diagnosis says
        of it (`stage_said.ByDiagnosis`): a pregnancy that it ended is over on every page."""
        if not self._kinds:
            for entry, body in self.entries:
                self._kinds.setdefault(type(body), []).append((entry, body))
                if (stage := by_diagnosis(entry.on, body)) is not None:
                    self._kinds.setdefault(said.LifeStage, []).append((entry, stage))
        return list(self._kinds.get(kind, ()))

    def with_orders(self, orders: Iterable[Any]) -> Chart:
        """The same entries beside other orders: what she would take at a later step of a draft."""
        other = replace(self, orders=tuple(orders))
        other._resources.extend(self.resources())
        return other

    def resources(self) -> list[tuple[date, str, Json | None]]:
        """Each entry in FHIR: (its day, its topic, the resource; None: the topic was looked at, whatever was found)."""
        if not self._resources:
            ticks, signed = ticks_of(self.entries), self.signed()
            for entry, body in self.entries:
                if isinstance(body, said.Looked):
                    self._resources.append((entry.on, body.topic, None))
                    continue
                word = word_on(entry, body, ticks, signed, self.patient)
                self._resources.extend((entry.on, topic, row) for topic, row in _resources(entry, body, word))
        return self._resources

    def signed(self) -> dict[str, datetime]:
        """When the newest order of each medicine was signed; what would be taken by a draft is none."""
        rows = ((order.medicine, getattr(order, "signed_at", None)) for order in self.orders)
        return {medicine: at for medicine, at in rows if at is not None}


def chart_of(patient: Patient) -> Chart:
    """Two queries."""
    rows = Entry.objects.filter(patient=patient, superseded_by__isnull=True, withdrawn=False)
    rows = rows.select_related("recorded_by").order_by("-on", "-recorded_at", "-pk")
    orders = Order.objects.filter(patient=patient, signed_at__isnull=False).select_related("end").order_by("signed_at")
    signed = in_turn(orders)
    for order in signed:
        order.patient = patient
    return Chart(patient, tuple((row, said.of(row.kind, row.body)) for row in rows), tuple(signed))


def facts_for(patient: Patient, on: date) -> Facts:
    """Everything known of her on this day."""
    return facts_of(chart_of(patient), on)


def facts_of(chart: Chart, on: date) -> Facts:
    """The same, from a chart already fetched. Entries about later days are left out: nobody knew them then."""
    if on not in chart._facts:
        chart._facts[on] = read(_record(chart, on), on, knowledge())
    return chart._facts[on]


def proposed(order: Order, chart: Chart, on: date, *, step: int = 0) -> ProposedOrder | None:
    """The draft as the engine asks about it, at one of its steps (the first is what she starts with).

    An order that tapers off asks about stopping, whatever its doses.
    """
    row = _request(order, order.steps[step] if order.steps else {}, draft=True, since=None)
    if order.stops:
        row["status"] = "stopped"
    return read_order([(row, ("draft", 0))], _record(chart, on), on, knowledge())


def _record(chart: Chart, on: date) -> Record:
    """Everything of her as of that day, in FHIR. It is read and never written to."""
    if on not in chart._records:
        chart._records[on] = _recorded(chart, on)
    return chart._records[on]


def _recorded(chart: Chart, on: date) -> Record:
    patient = chart.patient
    record = Record(write.patient(str(patient.pk), patient.gender, patient.born_on), ids=frozenset((str(patient.pk),)))
    looked: set[str] = set()
    for since, topic, resource in chart.resources():
        if since > on:
            continue
        if resource is None:
            looked.add(topic)
        else:
            record.rows[topic].append((resource, (topic, len(record.rows[topic]))))
    for order in chart.orders:
        running = _running(order, on)
        if running is not None:
            record.rows["medicines"].append((running, ("medicines", len(record.rows["medicines"]))))
    for told in _left(chart, on):
        record.rows["medicines"].append((told, ("medicines", len(record.rows["medicines"]))))
    for topic in TOPICS:
        rows = record.rows[topic]
        if topic in looked:
            record.known[topic] = Known.KNOWN if rows else Known.NONE
        else:
            record.known[topic] = Known.INCOMPLETE if rows else Known.UNKNOWN
    return record


def _resources(entry: Entry, body: said.Body, word: Word | None) -> Iterable[tuple[str, Json]]:
    ref, on = str(entry.pk), entry.on
    match body:
        case said.Condition():
            row = write.condition(
                ref, text=body.text, code=body.code, certainty=body.certainty, active=body.status == "active",
                since=body.since or on, until=body.until,
            )  # fmt: skip
            yield "conditions", row
        case said.Family():
            yield (
                "conditions",
                write.condition(ref, text=body.text, code="", certainty="confirmed", active=True, since=on, until=None),
            )
        case said.Allergy():
            yield "allergies", write.allergy(ref, text=body.text, rxcui=body.rxcui, reaction=body.reaction)
        case said.Result():
            measure = knowledge().measures.get(body.measure)
            loinc = measure.loinc[0] if measure is not None and measure.loinc else ""
            name = measure.name if measure is not None else body.measure
            yield (
                "observations",
                write.result(ref, on, loinc=loinc, name=name, value=body.value, unit=body.unit, said=body.said),
            )
        case said.Score():
            for row in write.score(ref, on, scale=body.scale, total=body.total, items=body.items):
                yield "observations", row
        case said.LifeStage():
            topic = "conditions" if body.topic == "menopause" else "observations"
            for row in write.life_stage(ref, on, topic=body.topic, value=body.value):
                yield topic, row
        case said.Tobacco():
            for row in write.tobacco(ref, on, status=body.status, cigarettes_a_day=body.cigarettes_a_day):
                yield "observations", row
        case said.Symptom():
            yield "observations", write.symptom(ref, on, words=body.words)
        case said.SideEffect() if body.until is None:
            yield "observations", write.symptom(ref, on, words=body.what)
        case said.Gene():
            gene = knowledge().phenotypes.get(body.gene.upper())
            loinc = gene.loinc[0] if gene is not None and gene.loinc else ""
            yield "observations", write.gene(ref, on, loinc=loinc, name=body.gene, phenotype=body.phenotype)
        case said.Medicine():
            yield "medicines", _reported(ref, body, word)


def _reported(ref: str, body: said.Medicine, word: Word | None) -> Json:
    """A medicine from elsewhere. Not known whether it runs: on hold is FHIR's nearest word, read as perhaps taken.

    `word`: that she stopped what was ordered here."""
    told = word is not None and word.again is None
    dose = Dose.parse(body.dose) if body.dose else None
    status = {True: "active", False: "stopped", None: "on-hold"}[body.running]
    book = knowledge().medicines.get(body.medicine)
    return write.medicine(
        ref,
        text=body.text,
        rxcui=body.rxcui or (book.rxcui if book is not None else ""),
        dose=_amount(dose),
        times_a_day=body.times_a_day or (Decimal(1) if dose is not None and not body.as_needed else None),
        as_needed=body.as_needed,
        since=body.since,
        until=None if body.running is True else word.last if word is not None else body.until,
        status=status,
        written=word.told_on if word is not None and told else None,
        told=told,
    )


def _left(chart: Chart, on: date) -> Iterable[Json]:
    """Of each medicine ordered here, the days in a row of which she told that she took none: up to now, or of late."""
    told, signed = ticks_of(chart.entries), chart.signed()
    words = [
        (body.medicine, word_on(entry, body, told, signed, chart.patient)) for entry, body in chart.of(said.Medicine)
    ]
    for medicine in dict.fromkeys(order.medicine for order in chart.orders):
        ticks, book = told.get(medicine, NOTHING_TOLD), knowledge().medicines.get(medicine)
        name, rxcui = (book.name, book.rxcui) if book is not None else (medicine, "")
        if (days := days_without(ticks, on)) is not None:
            yield write.not_taken(f"told-{medicine}", text=name, rxcui=rxcui, since=days[0], until=days[1])
        ended = [_over(word, on) for key, word in words if key == medicine and word is not None]
        for gap in (*over(ticks, on, lately=LATELY), *(one for one in ended if one is not None)):
            ref = f"told-{medicine}-{gap.first}"
            said_on = gap.again or gap.last
            yield write.not_taken(ref, text=name, rxcui=rxcui, since=gap.first, until=gap.last, said_on=said_on)


def _over(word: Word, on: date) -> Gap | None:
    """The time without it that a dose of which she told since has ended, of late."""
    if word.again is None or not 0 <= (on - word.again).days <= LATELY or word.again <= word.last + A_DAY:
        return None
    return Gap(word.last + A_DAY, word.again - A_DAY, word.again)


def _running(order: Order, on: date) -> Json | None:
    """A signed order as of a day: the step in force. None: not begun yet."""
    begun = [step for step in order.steps if date.fromisoformat(step["from"]) <= on]
    if not begun:
        return None
    since, until = date.fromisoformat(order.steps[0]["from"]), last_day(order)
    if until is not None and until < since:
        return None
    row = _request(order, begun[-1], draft=False, since=since)
    row["authoredOn"] = (getattr(order, "stands_from", None) or stands_from(order)).isoformat()
    if until is not None and until < on:
        row["status"] = "completed" if until == signed_until(order) else "stopped"
        row["dosageInstruction"][0].setdefault("timing", {}).setdefault("repeat", {})["boundsPeriod"] = {
            "start": since.isoformat(),
            "end": until.isoformat(),
        }
    return row


def _request(order: Order, step: dict[str, Any], *, draft: bool, since: date | None) -> Json:
    book = knowledge().medicines.get(order.medicine)
    dose = Dose.parse(step["dose"]) if step.get("dose") else None
    return write.medicine(
        str(order.pk),
        text=order.product or (book.name if book is not None else order.medicine),
        rxcui=order.rxcui or (book.rxcui if book is not None else ""),
        route=order.route,
        dose=_amount(dose),
        times_a_day=Decimal(str(step.get("times_a_day") or 1)) if dose is not None else None,
        as_needed=order.as_needed,
        since=since,
        draft=draft,
        replaces=str(order.replaces_id) if draft and order.replaces_id else "",
    )


def _amount(dose: Dose | None) -> tuple[Decimal, str] | None:
    if dose is None:
        return None
    value, unit = str(dose).split(" ", 1)
    return Decimal(value), unit
