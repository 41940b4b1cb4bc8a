"""What stands beside the form: what matters to her, what she may choose from, what the labels say of it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from althea.care import entries as said
from althea.care.actions import trial as trials
from althea.care.choosing import compare
from althea.care.days import age, zone_of
from althea.care.facts import Chart, facts_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import Offer, Order, Patient
from althea.care.ready import fair_trial
from althea.care.regimen import OFTEN, Tablets, length_in_words, often_of
from althea.care.schedule import signed_until
from althea.clinic.frame import frame
from althea.clinic.heading import allergies, stage_chip
from althea.clinic.pages.order.form import Typed, largest
from althea.clinic.words import cited, listed
from althea.engine.facts import Facts
from althea.engine.options import NO_MEDICINE
from althea.engine.review import for_certain
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.medicine import Dosing

MOST_CARDS = 8
SHORT = 40


def her_head(request: Any, her: Patient, chart: Chart, on: date) -> dict[str, Any]:
    """Her name, age, stage and allergies, as on her chart."""
    stage = stage_chip(chart, on)
    return {
        **frame(request, "patients", within=True),
        "patient": her,
        "on": on,
        "age": age(her.born_on, on),
        "stage": stage,
        "allergies": allergies(chart),
        "zone": str(zone_of(her)),
        "knowledge": str(knowledge().stamp),
    }


def hers(chart: Chart, typed: Typed) -> dict[str, Any]:
    """Her words first, then what matters to her in her order; empty where nobody asked."""
    goals = sorted(chart.of(said.Goal), key=lambda pair: pair[1].rank)
    values = matters(chart)
    reasons = typed.decision.body.get("reasons", "") if typed.decision is not None else ""
    return {
        "quote": reasons or (goals[0][1].words if goals else ""),
        "said_on": typed.decision.on if reasons and typed.decision else goals[0][0].on if goals else None,
        "goals": [body.words for _, body in goals][0 if reasons else 1 :][:5],
        "values": [] if len(goals) > 1 else [str(one).replace("-", " ").capitalize() for one in values],
    }


def matters(chart: Chart) -> list[str]:
    """What mattered when she last decided, most important first; empty where she has not."""
    return next((list(body.values) for _, body in chart.of(said.Decision) if body.values), [])


def cards(her: Patient, chart: Chart, facts: Facts, typed: Typed) -> list[dict[str, Any]]:
    """What was offered to her, else what the knowledge compares for her diagnosis: medicines, none chosen beforehand
    but by herself. Her own choice and what the draft is of stand among them."""
    offer = Offer.objects.filter(patient=her, shared_at__isnull=False).order_by("-shared_at").first()
    if offer is not None and offer.options.get("offered"):
        told = offer.options
    else:
        told = compare(chart, facts.on, values=matters(chart)).as_shown()
    rows = [(one, False) for one in told.get("offered", ())] + [
        (one, True) for one in told.get("not_without_a_talk", ())
    ]
    found = [card for one, held in rows if (card := _card(one, held, typed)) is not None]
    if typed.medicine and typed.medicine not in {one["value"] for one in found}:
        name = knowledge().name_of(typed.medicine)
        found.insert(0, {"value": typed.medicine, "title": name.capitalize(), "words": "", "small": "", "fit": None})
    found.sort(key=lambda one: one["value"] != typed.medicine)
    found = [*found[:MOST_CARDS], no_medicine()]
    chosen = "none" if typed.none else typed.medicine
    return [{**one, "name": "medicine", "chosen": one["value"] == chosen} for one in found]


def no_medicine() -> dict[str, Any]:
    """Always among them, with the same weight."""
    option = knowledge().options.get(NO_MEDICINE)
    return {
        "value": "none",
        "title": option.name if option is not None else "No medicine now",
        "fit": {"label": "Her choice too", "kind": "", "icon": "leaf"},
        "words": in_short(option.for_her) if option is not None else "",
        "small": "",
    }


def in_short(text: str) -> str:
    """Its first sentence; where that one is very short, the second too."""
    sentences = text.split(". ")
    count = 2 if len(sentences[0]) < SHORT else 1
    return ". ".join(sentences[:count]).rstrip(".") + "."


def _card(one: dict[str, Any], held: bool, typed: Typed) -> dict[str, Any] | None:
    """An option of the comparison as a card; None where it is not a medicine: that is decided elsewhere."""
    option = knowledge().options.get(str(one.get("id")))
    medicine = option.medicine if option is not None else str(one.get("id"))
    if medicine not in knowledge().medicines or one.get("id") == NO_MEDICINE:
        return None
    topics = [topic for topic in one.get("topics", ()) if topic.get("hers")]
    if held:
        fit: tuple[str, str] | None = ("Not without a talk", "crit")
    elif one.get("taking"):
        fit = ("Takes it now", "")
    else:
        fit = _fit([topic["standing"] for topic in topics])
    past = [str(row) for row in one.get("past", ())]
    wishes = _wishes(one, topics)
    reasons = [row["title"] for row in one.get("held", ())] or [_benefit(one), *wishes]
    return {
        "value": medicine,
        "title": str(one.get("name", medicine)).capitalize(),
        "fit": None if fit is None else {"label": fit[0], "kind": fit[1], "icon": ""},
        "words": reasons[0],
        "small": " ".join([*(reasons[1:2] if not past or len(reasons[-1]) <= SHORT else ()), *past[:1]]),
    }


def _fit(standings: list[str]) -> tuple[str, str] | None:
    """How it stands to what matters to her, her first wish before the others; None: nobody asked what does."""
    if not standings:
        return None
    if "against" in standings:
        return "Goes against a wish", "warn"
    if "for" in standings:
        return ("Fits her first wish" if standings[0] == "for" else "Fits a wish"), "ok"
    return "Possible", "info"


def _benefit(one: dict[str, Any]) -> str:
    """What it does for her problem, of 100; where no number was read, what it is."""
    counted = next((row for row in one.get("benefits", ()) if row.get("here") and row.get("more")), None)
    if counted is None:
        return in_short(str(one.get("for_her", "")))
    unread = " (not verified)" if counted.get("mark") == "unverified" else ""
    return f"About {counted['more']} more of {counted['of']} feel much better{unread}."


def _wishes(one: dict[str, Any], topics: list[dict[str, Any]]) -> list[str]:
    """What is known of each thing that matters to her, then in one line of what nothing is."""
    known = [topic for topic in topics if topic["in_short"] != "not known"]
    found = [
        topic["in_short"][:1].upper() + topic["in_short"][1:] + "."
        if topic["in_short"].lower().startswith(topic["name"].lower())
        else f"{topic['name']}: {topic['in_short']}."
        for topic in known
    ]
    unknown = [topic["name"].lower() for topic in topics if topic not in known]
    return [*found, *([f"Nothing checked is known on {listed(unknown, 'and')}."] if unknown else [])]


# --- what the label says of its dose --------------------------------------------------------------------------------


def schedules(medicine: str, facts: Facts, her: Patient, tablets: Tablets | None) -> list[dict[str, Any]]:
    """The label's own schedules that hold for her, each with its steps in words. Off-label ones are not offered."""
    book = knowledge().monographs.get(medicine)
    if book is None:
        return []
    found = []
    for at, one in enumerate(book.dosing):
        if one.status != "labelled" or not (one.steps or one.start) or not _holds(one, medicine, facts, her):
            continue
        words = _doses_in_words([step.daily for step in one.steps]) if one.steps else f"start with {one.start}"
        source = next(iter(cited(one.sources, knowledge())), None)
        found.append(
            {
                "at": at, "words": words, "source": source["title"] if source else "", "whole": bool(one.steps),
                "for": _indication(one), "mark": one.mark.value,
            }
        )  # fmt: skip
    whole = [one for one in found if one["whole"]]
    return whole or found[:1]


def _doses_in_words(doses: Sequence[Dose]) -> str:
    """ "25, 50, 100, 200 mg": the unit once, where all have it."""
    if len({one.unit for one in doses}) > 1:
        return ", ".join(str(one) for one in doses)
    return f"{', '.join(str(one).rsplit(' ', 1)[0] for one in doses[:-1])}{', ' if doses[1:] else ''}{doses[-1]}"


def _holds(one: Dosing, medicine: str, facts: Facts, her: Patient) -> bool:
    """Is it for one of her diagnoses, and does its population hold her for certain?"""
    hers = {group for row in facts.conditions for group in row.groups}
    if "any" not in one.indication and not hers.intersection(one.indication):
        return False
    return for_certain(one.who, facts, knowledge(), medicine=medicine, jurisdiction=jurisdiction_of(her))


def _indication(one: Dosing) -> str:
    names = [knowledge().conditions[group].name for group in one.indication if group in knowledge().conditions]
    return ", ".join(names)


def rows_of_label(medicine: str, at: int, often: str) -> list[tuple[str, str, str]]:
    """(dose, how often, for how long) of a schedule of the label; a dose that does not divide is left to be written."""
    book = knowledge().monographs.get(medicine)
    if book is None or not 0 <= at < len(book.dosing):
        return []
    one = book.dosing[at]
    often = often if one.times_a_day in (None, OFTEN[often][2]) else _often(one.times_a_day or 1)
    times = OFTEN[often][2]
    if not one.steps:
        return [(largest(one.start, times) if one.start else "", often, "")]
    rows = []
    for number, step in enumerate(one.steps):
        following = one.steps[number + 1].from_day if number + 1 < len(one.steps) else None
        length = length_in_words(following - step.from_day) if following is not None else ""
        rows.append((largest(step.daily, times), often, length))
    return rows


def _often(times: int) -> str:
    return next((key for key, (_, _, each, _) in OFTEN.items() if each == times), "daily")


def fair_in_words(medicine: str, chart: Chart, on: date) -> str:
    """ "A fair trial: 8 weeks at 200 mg a day (label)"; empty: the knowledge does not say."""
    fair = fair_trial(medicine, chart, on) if medicine else None
    if fair is None:
        return ""
    source = next(iter(cited(fair.sources, knowledge())), None)
    dose = f" at {fair.dose} a day" if fair.dose else ""
    unverified = " Not verified." if fair.mark is Mark.UNVERIFIED else ""
    cite = f" ({source['title']})" if source else ""
    return f"A fair trial: {fair.weeks.normalize():f} weeks{dose}{cite}.{unverified}"


def reviews(medicine: str, chart: Chart, on: date, first: date | None, steps: Sequence[dict[str, Any]]) -> list[Any]:
    """Days for the review that the fair trial gives, each with its words: so many weeks from the first dose, and so
    many at the dose that a fair trial asks for, where the steps reach it later. Empty: the knowledge does not say."""
    fair = fair_trial(medicine, chart, on) if medicine else None
    if fair is None or first is None:
        return []
    weeks, span = f"{fair.weeks.normalize():f}", timedelta(weeks=float(fair.weeks))
    found = [(first + span, f"week {weeks}")]
    reached = next((step for step in steps if fair.dose is not None and _reaches(step, fair.dose)), None)
    if reached is not None and (begun := date.fromisoformat(reached["from"])) > first:
        found.append((begun + span, f"{weeks} weeks at {fair.dose}"))
    return [{"on": day.isoformat(), "words": f"Use {day:%-d %b}, {words}"} for day, words in found]


def _reaches(step: dict[str, Any], dose: Dose) -> bool:
    daily = Dose.parse(step["dose"]) if step.get("dose") else None
    times = Decimal(str(step.get("times_a_day") or 1))
    return daily is not None and daily.unit == dose.unit and daily.mg * times >= dose.mg


def first_check_in(first: date | None, scale: str, chart: Chart) -> dict[str, Any]:
    """The day of the first check-in, as the signature will lay it out, and what the trial has to be judged from."""
    book = knowledge().scales.get(scale)
    if first is None:
        return {}
    scores = chart.of(said.Score)
    day_, words = trials.first_check_in(scale, first, scores), ""
    if book is not None and not trials.begun_from(scale, first, scores):
        days = knowledge().numbers["score-fresh-days"].value
        then = "she is asked on that day" if trials.may_ask(scale) else "enter one from paper"
        words = f"No {book.name} of the {days} days before the first dose is on record: {then}."
    return {"on": day_, "words": words, "on_paper": on_paper([scale])}


def on_paper(scales: Sequence[str]) -> str:
    """Which of these scales can only be entered from paper, and why; empty: none."""
    names = [knowledge().scales[one].name for one in scales if one in knowledge().scales and not trials.may_ask(one)]
    return f"Her phone may not show the questions of the {' or '.join(names)}: enter it from paper." if names else ""


def order_in_words(order: Order) -> dict[str, Any]:
    """The order as it is read: its name, what for, and its steps with their days."""
    return {
        "name": knowledge().name_of(order.medicine).capitalize(),
        "product": order.product,
        "ends": signed_until(order),
        "steps": [
            {**step, "from_day": date.fromisoformat(step["from"]),
             "until_day": date.fromisoformat(step["until"]) if step.get("until") else None,
             "often_words": OFTEN[often_of(step)][1]}
            for step in order.steps
        ],
    }  # fmt: skip


def side_by_side(steps: Sequence[dict[str, Any]], order: Order, chart: Chart, on: date) -> dict[str, Any] | None:
    """Another medicine going while this one comes, or the other way round: both on one list of days. None: nothing of
    the kind. `order`: whose steps these are."""
    others = [one for one in chart.orders if one.medicine != order.medicine and (one.stops or order.stops)]
    others = [one for one in others if not hasattr(one, "end") and one.steps]
    mine = _doses(steps)
    if not mine:
        return None
    columns = [(knowledge().name_of(one.medicine).capitalize(), _doses(one.steps)) for one in others]
    last = max(mine)
    columns = [(name, doses) for name, doses in columns if max(doses) >= on and min(doses) <= last]
    if not columns:
        return None
    columns.append((knowledge().name_of(order.medicine).capitalize(), mine))
    days = sorted({max(day, on) for _, doses in columns for day in doses})
    rows = [(day, [_on_day(doses, day) for _, doses in columns]) for day in days]
    return {"names": [name for name, _ in columns], "rows": rows}


def _doses(steps: Sequence[dict[str, Any]]) -> dict[date, str]:
    """The day each dose begins, and the day from which there is none."""
    found = {
        date.fromisoformat(step["from"]): f"{step['dose']} {OFTEN[often_of(step)][1].split(',')[0]}" for step in steps
    }
    if steps and steps[-1].get("until"):
        found[date.fromisoformat(steps[-1]["until"]) + timedelta(days=1)] = "none"
    return found


def _on_day(doses: dict[date, str], day: date) -> str:
    begun = [at for at in doses if at <= day]
    return doses[max(begun)] if begun else "not yet"


def facts_on(chart: Chart, on: date) -> Facts:
    return facts_of(chart, on)
