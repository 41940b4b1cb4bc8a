"""What does she take, what did she take, and what is drafted?  One row for each ingredient of each order.

`active` does not mean current: an order without an end runs if it was written within 13 months or its supply has not
run out; else it is *perhaps still taken*, and that is said. What stands in no table keeps its own words.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from althea.engine.facts import Gap, Medicine, State
from althea.fhir import codes
from althea.fhir.dosage import NO_SIG, Sig, in_mass, only_flags, read_dosage
from althea.fhir.elements import Json, a_number, a_text, an_object, codings, objects, quoted, shape_of, words_of
from althea.fhir.read_course import A_DAY, Course, Word, course_of, left_by_her_word, written_on
from althea.fhir.readings import Readings
from althea.fhir.record import Record, place, tail
from althea.knowledge.codes import Product
from althea.knowledge.quantity import Dose

LONGEST_NAME = 300


class Named(Struct, frozen=True, gc=False):
    """What an order orders: its products (several codings may name one each), and its own words."""

    products: tuple[Product, ...]
    words: str
    form: str
    said: tuple[str, bool] | None = None
    """(words of the dose form, is it a depot) by the product and the order's words; None: not worked out."""
    key: bytes | None = None
    """Under which an order of this is remembered; None: it is not."""


class Ordered(Struct, frozen=True, gc=False):
    """What an order says apart from its days. `doses`: (ingredient, its name, a day, at one time)."""

    as_needed: bool
    once: bool
    route: str
    form: str
    depot: bool
    doses: tuple[tuple[str, str, Dose | None, Dose | None], ...]
    said: tuple[str, ...]


def read_medicines(
    record: Record, today: date, weight: Decimal | None, readings: Readings, unread: list[str]
) -> tuple[Medicine, ...]:
    """Every order of hers as rows, running, perhaps running or past."""
    found: list[Medicine] = []
    sources: list[Json] = []
    told: list[tuple[str, Word]] = []
    for resource, where in record.rows["medicines"]:
        try:
            course = course_of(resource, today)
            if course.state is not None:
                found += rows_of(resource, record, course, weight, readings, unread)
                sources += [resource] * (len(found) - len(sources))
            if course.state in (None, State.STOPPED) and (left := left_by_her_word(resource, today)) is not None:
                told += [(medicine, left) for medicine, _ in _parts(name_of(resource, record, readings))]
        except Exception as error:  # one broken order is named, and the others are still read
            unread.append(f"{place(where)} could not be read ({type(error).__name__}).")
    return _said_once(_left(found, sources, told, today) if told else found)


def _left(rows: list[Medicine], sources: list[Json], told: list[tuple[str, Word]], today: date) -> list[Medicine]:
    """With the day she took the last of it, by what was told, and the times without it since: of each order that stood
    on that day and that ends later, or not at all. One written since a word that she stopped says that it was begun
    anew; one written among the days without it was not begun on those that followed."""
    found = []
    for row, source in zip(rows, sources, strict=True):
        stood, by_mouth = written_on(source, today) or row.started_on, not row.depot and row.route in ("", "oral")
        words = [word for medicine, word in told if medicine == row.id and by_mouth and stood is not None]
        words = [one for word in words if stood is not None and (one := _since(word, stood, today)) is not None]
        left = _last_taken([word for word in words if word.over is None])
        lasts = row.ended_on is None and row.state is not State.STOPPED
        if left is not None and (lasts or (row.ended_on is not None and left < row.ended_on)):
            row = replace(row, left_on=left)
        gaps = [Gap(word.last, word.over, word.again) for word in words if word.over is not None]
        if gaps and (lasts or (row.ended_on is not None and min(one.over for one in gaps) <= row.ended_on)):
            row = replace(row, gaps=tuple(sorted(gaps, key=attrgetter("last", "over"))))
        found.append(row)
    return found


def _last_taken(words: list[Word]) -> date | None:
    """The last day she took it, by words that hold to now. Days each told to be without it take nothing back of a word
    that she had stopped before them: of the days between nobody said that she took it."""
    stopped = [word.last for word in words if not word.by_day]
    return max(stopped or (word.last for word in words), default=None)


def _since(word: Word, stood: date, today: date) -> Word | None:
    """What of it is about an order that stands since that day?  None: nothing."""
    if stood <= word.last:
        return word
    reaches = word.by_day and stood < (today if word.over is None else word.over)
    return replace(word, last=stood - A_DAY) if reaches else None


def _said_once(rows: list[Medicine]) -> tuple[Medicine, ...]:
    """An old order that was renewed says nothing of its own: only the newest says that it is perhaps still taken."""
    if State.PERHAPS not in [row.state for row in rows]:
        return tuple(rows)
    newest: dict[str, Medicine] = {}
    for row in rows:
        if row.state is State.STOPPED:
            continue
        key = row.id or row.name
        best = newest.get(key)
        if best is None or (row.state is State.RUNNING, row.started_on or date.min) > (
            best.state is State.RUNNING,
            best.started_on or date.min,
        ):
            newest[key] = row
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
        order = _ordered(resource, named, Sig(as_needed=needed, once=once), None, readings)
    else:
        order = _met_before(resource, named, instructions, weight, readings)
    if not named.products:
        return [
            Medicine(
                id=None, name=quoted(named.words) or "A medicine without a name", state=course.state, route=order.route,
                form=order.form, ref=ref, started_on=course.started_on, ended_on=course.ended_on, said=course.said,
            )
        ]  # fmt: skip
    if not past:
        _name_others(named, unread)
    return [
        Medicine(
            id=medicine,
            name=name,
            state=course.state,
            daily=daily,
            single=single,
            as_needed=order.as_needed,
            once=order.once,
            route=order.route,
            form=order.form,
            depot=order.depot,
            started_on=course.started_on,
            ended_on=course.ended_on,
            supply_days=course.supply_days,
            said=course.said + order.said,
            ref=ref,
        )
        for medicine, name, daily, single in order.doses
    ]


def _met_before(
    resource: Json, named: Named, instructions: object, weight: Decimal | None, readings: Readings
) -> Ordered:
    """What the order says, remembered for the next woman who has it, unless it hangs on her weight or on a note."""
    written = shape_of(instructions) if named.key is not None and "note" not in resource else None
    key = (named.key, written) if named.key is not None and written is not None else None
    known: Ordered | None = readings.orders.get(key) if key is not None else None
    if known is not None:
        return known
    sig = read_dosage(instructions) if instructions else NO_SIG
    order = _ordered(resource, named, sig, weight, readings)
    if key is not None and not any(one is not None and one.unit.endswith("/kg") for one in (sig.single, sig.daily)):
        readings.remember(readings.orders, key, order)
    return order


def _ordered(resource: Json, named: Named, sig: Sig, weight: Decimal | None, readings: Readings) -> Ordered:
    form, depot = _form(resource, named)
    route = sig.route or next((codes.ROUTES.get(one.route, one.route) for one in named.products if one.route), "")
    if depot and route in ("", "injection", "oral"):
        route = "intramuscular" if route != "oral" else route
    parts = _parts(named)
    if sig.single is not None and sig.single.unit == "count":
        parts = _with_printed_strength(parts, named, readings)
    said = sig.said
    name_of = readings.knowledge.name_of
    if len(parts) > 1 and sig.single is not None and sig.single.unit != "count":
        said += (f"the order gives one dose for several medicines: read as {name_of(parts[0][0])}",)
    if sig.single is not None and sig.single.unit.endswith("/kg"):
        said += ("its dose is for each kilogram" + ("" if weight is not None else ", and her weight is not known"),)
    doses = tuple(
        (
            medicine,
            name_of(medicine),
            in_mass(sig.daily, strength, number == 0, weight),
            in_mass(sig.single, strength, number == 0, weight),
        )
        for number, (medicine, strength) in enumerate(parts)
    )
    return Ordered(sig.as_needed, sig.once, route, form, depot, doses, said)


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
        known = Named(_products(concept, readings), words_of(concept), form, key=key)
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
            parts = tuple((one, dose) for one, _ in product.parts[:1])
            found.append(dataclasses.replace(product, parts=parts, others=()))
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
