"""What does she take, what did she take, and what is drafted?  One row for each ingredient of each order.

`active` does not mean current: an order without an end runs if it was written within 13 months or its supply has not
run out; else it is *perhaps still taken*, and that is said. What stands in no table keeps its own words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from althea.engine.facts import Medicine, State
from althea.fhir import codes
from althea.fhir.dates import day, day_by, later, months_before
from althea.fhir.dosage import NO_SIG, Sig, bounds, in_days, in_mass, only_flags, read_dosage
from althea.fhir.elements import Json, a_number, a_text, an_object, codings, objects, quoted, shape_of, words_of
from althea.fhir.readings import Readings
from althea.fhir.record import Record, place, tail
from althea.knowledge.codes import Product
from althea.knowledge.quantity import Dose

CURRENT_MONTHS = 13
"""An order without an end that is older than this is only perhaps still taken (contract, section 1)."""
MOST_REPEATS = 99
LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Named:
    """What an order orders: its products (several codings may name one each), and its own words."""

    products: tuple[Product, ...]
    words: str
    form: str
    said: tuple[str, bool] | None = None
    """(words of the dose form, is it a depot) by the product and the order's words; None: not worked out."""


@dataclass(frozen=True, slots=True)
class Course:
    """When is it taken?  `state` None: the order is not used at all."""

    state: State | None
    started_on: date | None = None
    ended_on: date | None = None
    supply_days: int | None = None
    said: tuple[str, ...] = ()


def read_medicines(
    record: Record, today: date, weight: Decimal | None, readings: Readings, unread: list[str]
) -> tuple[Medicine, ...]:
    """Every order of hers as rows, running, perhaps running or past."""
    found: list[Medicine] = []
    for resource, where in record.rows["medicines"]:
        try:
            course = _course(resource, today)
            if course.state is not None:
                found += rows_of(resource, record, course, weight, readings, unread)
        except Exception as error:  # one broken order is named, and the others are still read
            unread.append(f"{place(where)} could not be read ({type(error).__name__}).")
    return _said_once(found)


def _said_once(rows: list[Medicine]) -> tuple[Medicine, ...]:
    """An old order that was renewed says nothing of its own: only the newest says that it is perhaps still taken."""
    newest: dict[str, Medicine] = {}
    perhaps = 0
    for row in rows:
        if row.state is State.STOPPED:
            continue
        perhaps += row.state is State.PERHAPS
        key = row.id or row.name
        best = newest.get(key)
        if best is None or (row.state is State.RUNNING, row.started_on or date.min) > (
            best.state is State.RUNNING,
            best.started_on or date.min,
        ):
            newest[key] = row
    if not perhaps:
        return tuple(rows)
    return tuple(
        replace(row, said=())
        if row.state is State.PERHAPS and row.said and newest[row.id or row.name] is not row
        else row
        for row in rows
    )


def rows_of(
    resource: Json, record: Record, course: Course, weight: Decimal | None, readings: Readings, unread: list[str]
) -> list[Medicine]:
    """The rows of one order: one for each ingredient we know, or one for what stands in no table."""
    assert course.state is not None
    past = course.state is State.STOPPED
    named = name_of(resource, record, readings)
    if past and not named.products:
        return []  # what is over and not ours matters to no rule
    ref = f"{resource.get('resourceType')}/{resource.get('id', '')}"
    instructions = resource.get("dosageInstruction") or resource.get("dosage")
    if past:
        needed, once = only_flags(instructions)
        sig = Sig(as_needed=needed, once=once)
    else:
        sig = read_dosage(instructions) if instructions else NO_SIG
    form, depot = _form(resource, named)
    route = sig.route or next((codes.ROUTES.get(one.route, one.route) for one in named.products if one.route), "")
    if depot and route in ("", "injection", "oral"):
        route = "intramuscular" if route != "oral" else route
    if not named.products:
        return [
            Medicine(
                id=None, name=quoted(named.words) or "A medicine without a name", state=course.state, route=route,
                form=form, ref=ref, started_on=course.started_on, ended_on=course.ended_on, said=course.said,
            )
        ]  # fmt: skip
    parts = _parts(named)
    if sig.single is not None and sig.single.unit == "count":
        parts = _with_printed_strength(parts, named, readings)
    said = course.said + sig.said
    if len(parts) > 1 and sig.single is not None and sig.single.unit != "count":
        said += (f"the order gives one dose for several medicines: read as {readings.knowledge.name_of(parts[0][0])}",)
    if sig.single is not None and sig.single.unit.endswith("/kg"):
        said += ("its dose is for each kilogram" + ("" if weight is not None else ", and her weight is not known"),)
    if not past:
        _name_others(named, unread)
    return [
        Medicine(
            id=medicine,
            name=readings.knowledge.name_of(medicine),
            state=course.state,
            daily=in_mass(sig.daily, strength, number == 0, weight),
            single=in_mass(sig.single, strength, number == 0, weight),
            as_needed=sig.as_needed,
            once=sig.once,
            route=route,
            form=form,
            depot=depot,
            started_on=course.started_on,
            ended_on=course.ended_on,
            supply_days=course.supply_days,
            said=said,
            ref=ref,
        )
        for number, (medicine, strength) in enumerate(parts)
    ]


# --- which medicine -----------------------------------------------------------------------------------------


def name_of(resource: Json, record: Record, readings: Readings) -> Named:
    """Which products does the order name: by code, else by the medication it points to, else by its words?"""
    concept = resource.get("medicationCodeableConcept")
    if concept is None:
        concept = an_object(resource.get("medication")).get("concept")
    form = ""
    if concept is None:
        reference = an_object(resource.get("medicationReference")) or an_object(
            an_object(resource.get("medication")).get("reference")
        )
        medication = _pointed_at(a_text(reference.get("reference")), resource, record)
        if medication is None:
            concept = {"text": a_text(reference.get("display"))}
        else:
            concept, form = medication.get("code"), words_of(medication.get("form"))
            products = _products(concept, readings)
            if not products:
                products = _ingredients(medication, readings)
            words = words_of(concept) or a_text(reference.get("display")) or ", ".join(one.name for one in products)
            return Named(products, words, form)
    key = shape_of(concept)
    known: Named | None = readings.named.get(key) if key is not None else None
    if known is None:
        known = Named(_products(concept, readings), words_of(concept), form)
        known = replace(known, said=_form_of(known, []))
        readings.remember(readings.named, key, known)
    return known


def _products(concept: object, readings: Readings) -> tuple[Product, ...]:
    """By RxNorm code; where no code is known, by a display or the text, as far as they name ours."""
    by_code = readings.codes.by_code
    found: dict[str, Product] = {}
    for system, code, _ in codings(concept):
        if code and (system.lower().rstrip("/") in codes.RXNORM):
            product = by_code.get(code)
            if product is not None:
                found[code] = product
    if found:
        return tuple(found.values())
    for words in dict.fromkeys((words_of(concept), *(display for _, _, display in codings(concept)))):
        if words and len(words) <= LONGEST_NAME and (product := readings.codes.text(words)) is not None:
            return (product,)
    return ()


def _ingredients(medication: Json, readings: Readings) -> tuple[Product, ...]:
    """A Medication that lists its ingredients, each with its strength in one tablet."""
    found: list[Product] = []
    for ingredient in objects(medication.get("ingredient")):
        for product in _products(
            ingredient.get("itemCodeableConcept") or an_object(ingredient.get("item")).get("concept"), readings
        ):
            ratio = an_object(ingredient.get("strength"))
            top, below = an_object(ratio.get("numerator")), an_object(ratio.get("denominator"))
            value, unit = a_number(top.get("value")), (a_text(top.get("code")) or a_text(top.get("unit"))).lower()
            per = (a_text(below.get("code")) or a_text(below.get("unit"))).lower().strip("{}")
            dose = None
            if (
                value is not None
                and unit in codes.MASS_UNITS
                and per not in codes.LIQUID_UNITS
                and a_number(below.get("value")) in (None, 1)
            ):
                dose = Dose.of(value, codes.MASS_UNITS[unit])
            found.append(replace(product, parts=tuple((one, dose) for one, _ in product.parts[:1]), others=()))
    return tuple(found)


def _pointed_at(reference: str, resource: Json, record: Record) -> Json | None:
    if not reference:
        return None
    if reference.startswith("#"):
        return next((one for one in objects(resource.get("contained")) if one.get("id") == reference[1:]), None)
    return record.medications.get(tail(reference))


def _parts(named: Named) -> list[tuple[str, Dose | None]]:
    """Each ingredient once, in the order they are named, with the strength where any product says it."""
    found: dict[str, Dose | None] = {}
    for product in named.products:
        for medicine, strength in product.parts:
            if found.get(medicine) is None:
                found[medicine] = strength
    return list(found.items())


def _with_printed_strength(
    parts: list[tuple[str, Dose | None]], named: Named, readings: Readings
) -> list[tuple[str, Dose | None]]:
    """Where the code names only the ingredient and the order's words print the strength of its tablet."""
    if any(strength is not None for _, strength in parts) or len(named.words) > LONGEST_NAME:
        return parts
    printed = readings.codes.text(named.words)
    if printed is None or {one for one, _ in printed.parts} != {one for one, _ in parts}:
        return parts
    return list(printed.parts)


def _name_others(named: Named, unread: list[str]) -> None:
    for product in named.products:
        if product.others:
            which = ", ".join(product.others[:5])
            line = f"{quoted(named.words or product.name)} also holds {which}: not in Althea's knowledge, not checked."
            if line not in unread:
                unread.append(line)


def _form(resource: Json, named: Named) -> tuple[str, bool]:
    """(words of the dose form, is it a depot): from the product, else from what the order and its notes say."""
    notes = [a_text(note.get("text")) for note in objects(resource.get("note"))] if "note" in resource else []
    return named.said if named.said is not None and not notes else _form_of(named, notes)


def _form_of(named: Named, notes: list[str]) -> tuple[str, bool]:
    said = [one.form for one in named.products if one.form] + [named.form]
    lower = " ".join(filter(None, (*said, named.words, *notes))).lower().replace("-", " ")[:400]
    words = set(lower.split())
    lower += "".join(
        f" {meaning}" for short, meaning in codes.RELEASE_WORDS.items() if short in words and meaning not in lower
    )
    depot = any(one.depot for one in named.products)
    return lower.strip(), depot or "lai" in words or any(
        phrase.replace("-", " ") in lower for phrase in codes.DEPOT_WORDS
    )


# --- when ---------------------------------------------------------------------------------------------------


def _course(resource: Json, today: date) -> Course:
    """Is it running, perhaps running, or past?  And from when to when."""
    status = a_text(resource.get("status")).lower()
    intent = a_text(resource.get("intent")).lower()
    reported = resource.get("reportedBoolean") is True or "reportedReference" in resource
    if status in codes.DROPPED_MEDICINE or status == "draft" or resource.get("doNotPerform") is True:
        return Course(None)
    if intent in codes.NOT_AN_ORDER and not (intent == "plan" and reported):
        return Course(None)
    dispense = an_object(resource.get("dispenseRequest"))
    period = an_object(dispense.get("validityPeriod"))
    bound, length = bounds(resource.get("dosageInstruction") or resource.get("dosage"))
    taken = an_object(resource.get("effectivePeriod"))
    written = _first_day(
        today,
        resource.get("authoredOn"),
        resource.get("dateAsserted"),
        resource.get("effectiveDateTime"),
        resource.get("dateWritten"),
    )
    start = _first_day(today, period.get("start"), bound.get("start"), taken.get("start")) or written
    ends = [
        found for value in (period.get("end"), bound.get("end"), taken.get("end")) if (found := day(value)) is not None
    ]
    end = min(ends, default=None)
    if end is None and length is not None and start is not None:
        end = later(start, length)
    supply = _supply(dispense)
    if status in codes.PAST_MEDICINE:
        return _past(status, written, start, end, supply, today)
    said: list[str] = []
    if start is not None and start > today:
        said.append(f"to start on {start}: judged as if it were taken now")
        start = None
    if end is not None and end < today:
        return Course(
            State.STOPPED,
            start,
            end,
            supply,
            (
                *said,
                f"marked {status or 'without a status'}, and its end {end} is past: read as stopped",
            ),
        )
    if status == "on-hold":
        return Course(State.PERHAPS, start, None, supply, (*said, "on hold: perhaps still taken"))
    if status != "active":
        return Course(
            State.PERHAPS, start, end, supply, (*said, "the status of its order is not known: perhaps still taken")
        )
    if reported:
        said.append("reported, not ordered here")
    newest = max((one for one in (written, start) if one is not None), default=None)
    if end is not None or newest is None or newest >= months_before(today, CURRENT_MONTHS):
        if newest is None and end is None and not any("to start on" in one for one in said):
            said.append("its order has no date: taken to be current")
        return Course(State.RUNNING, start, end, supply, tuple(said))
    if supply is not None and later(newest, supply) >= today:
        return Course(State.RUNNING, start, None, supply, tuple(said))
    if any(one.get("start") and not one.get("end") for one in (period, bound, taken)):
        said.append(f"its period began on {start} and has no end: read as still taken")
        return Course(State.RUNNING, start, None, supply, tuple(said))
    said.append(f"ordered on {newest} without an end: perhaps still taken. Ask her")
    return Course(State.PERHAPS, start, None, supply, tuple(said))


def _past(
    status: str, written: date | None, start: date | None, end: date | None, supply: int | None, today: date
) -> Course:
    """Over; the last day where it can be told. An end that lies ahead was planned, and is not when it was stopped."""
    if start is not None and start > today:
        return Course(None)
    if end is not None and end <= today:
        return Course(State.STOPPED, start, end, supply)
    if status == "completed" and end is None and written is not None and supply is not None:
        return Course(State.STOPPED, start, min(later(written, supply), today), supply)
    return Course(State.STOPPED, start, None, supply)


def _first_day(today: date, *values: object) -> date | None:
    return next((found for value in values if value is not None and (found := day_by(value, today)) is not None), None)


def _supply(dispense: Json) -> int | None:
    """Days for which it was supplied, repeats included."""
    days = in_days(dispense.get("expectedSupplyDuration")) if dispense else None
    if days is None:
        return None
    repeats = dispense.get("numberOfRepeatsAllowed")
    if not isinstance(repeats, int) or isinstance(repeats, bool):
        repeats = 0
    return days * (1 + max(0, min(repeats, MOST_REPEATS)))


def course_of_draft(resource: Json, today: date) -> Course:
    """A draft is taken from today; its end and its supply are as drafted."""
    dispense = an_object(resource.get("dispenseRequest"))
    bound, length = bounds(resource.get("dosageInstruction"))
    end = day(an_object(dispense.get("validityPeriod")).get("end")) or day(bound.get("end"))
    if end is None and length is not None:
        end = later(today, length)
    return Course(State.ORDERED, today, end if end is not None and end >= today else None, _supply(dispense))
