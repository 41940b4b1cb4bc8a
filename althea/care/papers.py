"""What is printed of a signed order: for the pharmacy, for her, and her taper?  Plain words; `look.paper` draws them.

Every dose, tablet and day is the signed order's own. What the knowledge adds carries its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils import timezone

from althea.care import entries as said
from althea.care.days import today, zone_of
from althea.care.draft import taken_now
from althea.care.facts import Chart, facts_of
from althea.care.known import knowledge
from althea.care.models import Order, Visit
from althea.care.ready import kept
from althea.care.regimen import OFTEN, form_said, forms_of, often_of, pieces
from althea.care.schedule import Stretch, as_signed, last_day, of_these, schedule_of
from althea.engine.calendar import NotInTablets
from althea.engine.explain import hers_first
from althea.engine.facts import Facts
from althea.knowledge.quantity import Dose

Lines = Iterable[tuple[str, str, str]]
"""(when to call, how, the number)"""
ABOUT = ("side-effect", "food", "breastfeeding", "contraception")
HEADS = {"side-effect": "What it can do to me", "food": "Food", "breastfeeding": "Breastfeeding",
         "contraception": "Birth control"}  # fmt: skip
WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NOT_STATED = "not stated"
SUM = "a day"
STRENGTH = re.compile(
    r"(?<![\d.])([\d.]+ m?c?g)\b(?=(?: and [\d.]+ m?c?g)* (?:tablet|capsule))|(?:tablet|capsule)s? of ([\d.]+ m?c?g)\b"
)
"""A strength beside the word tablet or capsule: "10 mg and 5 mg tablet", "half a tablet of 50 mg"."""


def order_plain(order: Order, chart: Chart, lines: Lines, *, only_hers: bool = False) -> dict[str, Any]:
    """The order's two sheets, or hers alone."""
    patient, clinic = order.patient, order.patient.clinic
    allergies = [body.text for _, body in chart.of(said.Allergy)]
    asked = any(body.topic == "allergies" for _, body in chart.of(said.Looked))
    visit = Visit.objects.filter(patient=patient, at__gte=order.signed_at, done_at__isnull=True).order_by("at").first()
    order = of_these(order, chart.orders)
    steps = schedule_of(order) or as_signed(order)
    return {
        "made": _made(order),
        "name": patient.name,
        "medicine": knowledge().name_of(order.medicine).capitalize(),
        "what_for": for_of(order),
        "when": when_of(steps),
        "steps": step_rows(steps),
        "ended": _ended(order),
        "supply": _supply(order),
        "prescriber": _prescriber(order),
        "patient": [("Allergies", ", ".join(allergies) or ("none known" if asked else "not asked"))],
        "signed": _signed(order),
        "how": how_of(order),
        "advice": _advice(order, facts_of(chart, today(patient, timezone.now()))),
        "calls": _calls(clinic, lines),
        "next_visit": visit.at.astimezone(zone_of(patient)).date() if visit is not None else order.review_on,
        "only_hers": only_hers,
    }


def taper_plain(order: Order, chart: Chart, lines: Lines) -> dict[str, Any]:
    """Her taper: her choice first, the steps, a calendar to tick."""
    order = of_these(order, chart.orders)
    stretches = schedule_of(order) or as_signed(order)
    steps = step_rows(stretches)
    now = taken_now(order, chart, date.fromisoformat(order.steps[0]["from"]) - timedelta(days=1))
    times = max(Decimal(str(order.steps[0].get("times_a_day") or 1)), Decimal(1))
    unit = steps[0]["unit"]
    book = knowledge().monographs.get(order.medicine)
    advice = []
    if book is not None and book.taper:
        taper = book.taper[0]
        advice = [{"heading": "How it is stopped", "words": taper.advice, "source": _titles(taper.sources, order)}]
    return {
        "made": _made(order),
        "medicine": knowledge().name_of(order.medicine).capitalize(),
        "when": when_of(stretches),
        "now": _in_unit(now, unit) * times if now is not None else steps[0]["amount"],
        "steps": steps,
        "ended": _ended(order),
        "choice": _choice(order),
        "ask": "Before each step, ask: do I feel steady?",
        "then": "If you do not, call the clinic before you take the next step"
        + (f", {order.patient.clinic.phone}." if order.patient.clinic.phone else "."),
        "advice": advice,
        "calls": _calls(order.patient.clinic, lines),
    }


def for_of(order: Order) -> str:
    """What it is for, within a sentence: "low mood after birth", "ADHD". Why she stops is no such thing."""
    words = "" if order.stops else order.why.strip().split("\n")[0][:120]
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _made(order: Order) -> dict[str, Any]:
    at: datetime = order.signed_at or order.drafted_at
    patient = order.patient
    signer = order.signature.signer if order.signature is not None else order.drafted_by
    return {
        "called": patient.called or patient.name, "day": at.astimezone(zone_of(patient)).date(),
        "version": order.version, "by": str(signer), "born": patient.born_on, "clinic": patient.clinic.name,
        "sources": f"Althea knowledge {order.knowledge}" if order.knowledge else "",
    }  # fmt: skip


def step_rows(stretches: Sequence[Stretch]) -> list[dict[str, Any]]:
    """The rows of a table of steps, each with its amount a day; of less than one dose a day, that of one time."""
    whens = {one.step.get("when", "") for one in stretches if one.step}
    # What heads the column is not said again in each row; where they differ, each row keeps its own.
    head = (whens.pop() if len(whens) == 1 else "") or when_of(stretches).lower()
    found: list[dict[str, Any]] = []
    for one in stretches:
        if not one.step:
            unit = found[-1]["unit"] if found else "mg"
            found.append({"starts": one.first, "ends": one.last, "amount": Decimal(0), "unit": unit, "tablets": ""})
            continue
        dose, times = Dose.parse(one.step["dose"]), Decimal(str(one.step.get("times_a_day") or 1))
        take = one.step.get("take", "")
        tablets = take if head == SUM else take.removesuffix(f" {head}")
        if times < 1 or (times > 1 and tablets):
            tablets = ", ".join(filter(None, (tablets, OFTEN[often_of(one.step)][1])))
        found.append(
            {
                "starts": one.first, "ends": one.last, "amount": _in_unit(dose, dose.unit) * max(times, Decimal(1)),
                "unit": dose.unit, "tablets": tablets,
            }
        )  # fmt: skip
    return found


def when_of(stretches: Sequence[Stretch]) -> str:
    """What heads the doses of such a table: "Each morning"; a sum of several doses is of a day."""
    often = {often_of(one.step) for one in stretches if one.step}
    if len(often) != 1:
        return SUM.capitalize()
    _, _, times, words = OFTEN[often.pop()]
    return SUM.capitalize() if times > 1 else words.capitalize()


def how_of(order: Order) -> tuple[str, ...]:
    """How it is taken, in its own words."""
    lines = tuple(line.strip() for line in order.words.splitlines() if line.strip())
    return lines + (("Only as needed.",) if order.as_needed else ())


def _ended(order: Order) -> str:
    """That it ends, or ended, before its steps do: a sheet printed again says so. Empty: nothing ended it."""
    if not hasattr(order, "end"):
        return ""
    if not schedule_of(order):
        return "This order ended before it began, and is not valid."
    return f"This order ends on {last_day(order):%-d %B %Y}, and is not valid after that day."


def _in_unit(dose: Dose, unit: str) -> Decimal:
    return Decimal(str(Dose(dose.mg, unit)).split(" ")[0])


def _supply(order: Order) -> list[dict[str, str]]:
    """What to give out until the order ends, or until the review; a quantity that nobody can work out is not stated."""
    name = knowledge().name_of(order.medicine).capitalize()
    keeps = kept(order).get("tablets", {})
    form = next((one for one in forms_of(order.medicine) if one.name == keeps.get("form")), None)
    if form is None or not form.thing:
        named = f"{name} {form.name}" if form is not None else ""
        return _uncounted([order.product or named] if order.product or named else _products(order, name))
    strengths = [one for one in form.strengths if str(one) in keeps.get("strengths", ())] or list(form.strengths)
    tablets = form.tablets(strengths, halves=bool(keeps.get("halves")))
    wanted: dict[Dose, Decimal] = {}
    for step in order.steps:
        first = date.fromisoformat(step["from"])
        last = date.fromisoformat(step["until"]) if step.get("until") else order.review_on
        try:
            made = pieces(Dose.parse(step["dose"]), tablets)
        except NotInTablets:
            return _uncounted([f"{name} {strength} {form.name}" for strength in strengths])
        for count, strength in made:
            if last is None:
                wanted[strength] = Decimal("NaN")  # without an end nobody can say how many
                continue
            times = Decimal((last - first).days + 1) * Decimal(str(step.get("times_a_day") or 1))
            wanted[strength] = wanted.get(strength, Decimal(0)) + count * times
    found = []
    for strength, count in sorted(wanted.items(), key=lambda one: one[0].mg):
        whole = None if count.is_nan() else int(count.to_integral_value(rounding=ROUND_CEILING))
        quantity = NOT_STATED if whole is None else f"{whole} ({in_letters(whole)})"
        found.append({"product": f"{name} {strength} {form.name}", "quantity": quantity, "repeats": "none"})
    return found


def _uncounted(products: Iterable[str]) -> list[dict[str, str]]:
    return [{"product": one, "quantity": NOT_STATED, "repeats": "none"} for one in products]


def _products(order: Order, name: str) -> list[str]:
    """What its own words name, form and strength; how many is never read from words."""
    found: dict[Dose, str] = {}
    unnamed = False
    for step in order.steps:
        take = step.get("take", "")
        form = form_said(order.medicine, take)
        strengths = {tail or head for head, tail in STRENGTH.findall(take)}
        here = [one for one in form.strengths if str(one) in strengths] if form is not None else []
        found |= {one: f"{name} {one} {form.name}" for one in here if form is not None}
        unnamed = unnamed or not here
    named = [found[one] for one in sorted(found, key=lambda one: one.mg)]
    if not named:
        return [name]
    return [*named, f"{name}, form and strength not stated"] if unnamed else named


def in_letters(number: int) -> str:
    """56 -> "fifty-six", as a pharmacy reads it twice; from 1000 on, digits only."""
    if number < len(WORDS):
        return WORDS[number]
    if number < 100:
        rest = number % 10
        return TENS[number // 10] + (f"-{WORDS[rest]}" if rest else "")
    if number < 1000:
        rest = number % 100
        return f"{WORDS[number // 100]} hundred" + (f" and {in_letters(rest)}" if rest else "")
    return str(number)


def _prescriber(order: Order) -> list[tuple[str, str]]:
    clinic = order.patient.clinic
    signer = order.signature.signer if order.signature is not None else order.drafted_by
    member = getattr(signer, "member", None)
    rows = [("Name", str(signer)), ("Role", member.title if member is not None else "")]
    rows.append(("Clinic", ", ".join(filter(None, (clinic.name, clinic.phone)))))
    return [row for row in rows if row[1]]


def _signed(order: Order) -> str:
    """How and when, in words; empty: not signed, and the sheet says that it is not valid."""
    if order.signed_at is None or order.signature is None:
        return ""
    how = {"totp": "a one-time code", "passkey": "a passkey"}.get(order.signature.method, "the demo's own word")
    at = order.signed_at.astimezone(zone_of(order.patient))
    return (
        f"Signed by {order.signature.signer} on {at:%-d %B %Y} at {at:%H:%M} with {how}. "
        f"Mark {order.signature.digest[:16]}."
    )


def _choice(order: Order) -> dict[str, Any] | None:
    """Why she stops, in her own words: only what she said in a decision is quoted as hers."""
    reasons = str(order.decision.body.get("reasons", "")) if order.decision is not None else ""
    return {"words": reasons, "said_on": order.decision.on} if reasons and order.decision is not None else None


def _advice(order: Order, facts: Facts) -> list[dict[str, str]]:
    """What the label says to her, a few topics, each with its source; of milk unless she is known not to breastfeed."""
    book = knowledge().monographs.get(order.medicine)
    about = [one for one in ABOUT if one != "breastfeeding" or facts.stage.breastfeeding is not False]
    rows = [one for one in (book.facts if book is not None else ()) if one.about in about and one.for_her]
    return [
        {"heading": HEADS[one.about], "words": one.for_her, "source": _titles(one.sources, order)} for one in rows[:4]
    ]


def _titles(sources: tuple[str, ...], order: Order) -> str:
    """The documents by name, the label of her own medicine first."""
    keys = dict.fromkeys(one.partition("#")[0] for one in hers_first(sources, (order.medicine,)))
    return "; ".join(knowledge().sources[key].title if key in knowledge().sources else key for key in keys)


def _calls(clinic: Any, lines: Lines) -> list[dict[str, str]]:
    """The clinic first, then the lines for any hour."""
    found = []
    if clinic.phone:
        hours = f", {clinic.hours}" if clinic.hours else ""
        found.append({"when": f"Clinic{hours}", "how": "call", "number": spaced(clinic.phone)})
    rows = [(row.get("name", ""), row.get("how", "call"), row.get("number", "")) for row in clinic.crisis_lines]
    return found + [
        {"when": when, "how": how, "number": spaced(number)} for when, how, number in [*rows, *lines] if number
    ]


def spaced(number: str) -> str:
    """ "18338526262" as it is read: 1-833-852-6262."""
    if len(number) == 11 and number.isdecimal() and number.startswith("1"):
        return f"{number[0]}-{number[1:4]}-{number[4:7]}-{number[7:]}"
    return number
