"""What stands beside the form: what matters to her, what the checks know, what she may choose from, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from althea.care import entries as said
from althea.care.actions import trial as trials
from althea.care.choosing import compare
from althea.care.days import age, zone_of
from althea.care.draft import Found, Reviewed
from althea.care.facts import Chart, facts_of
from althea.care.known import knowledge
from althea.care.models import Offer, Order, Patient
from althea.care.ready import CHECK_ANSWERS, REASONS, answered, fair_trial
from althea.care.recheck import jurisdiction_of
from althea.care.regimen import OFTEN, Laid, Tablets, length_in_words, often_of
from althea.care.stage_words import stage_of
from althea.clinic.frame import frame
from althea.clinic.pages.chart import allergies, shown
from althea.clinic.pages.order.form import Typed, largest
from althea.clinic.record import from_her_record
from althea.clinic.words import cited, day
from althea.engine.facts import Facts
from althea.engine.options import NO_MEDICINE
from althea.engine.review import for_certain
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.medicine import Dosing
from althea.knowledge.schema.rule import DoseLimit, Monitoring, Titration

FITS = {
    "for": ("Fits her first wish", "ok", ""),
    "between": ("Possible", "info", ""),
    "against": ("Goes against a wish", "warn", ""),
}
MOST_CARDS = 8
SHORT = 40


def her_head(request: Any, her: Patient, chart: Chart, on: date) -> dict[str, Any]:
    """Her name, age, stage and allergies, as on her chart."""
    stage = stage_of([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on)
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


def facts_shown(facts: Facts) -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts of the checks, a few of each topic."""
    return [
        (
            topic,
            [(words, when.rsplit(" ", 1)[0] if when.endswith(f" {facts.on.year}") else when) for words, when in lines],
        )
        for topic, lines in ((topic, lines[:6]) for topic, lines in from_her_record(facts, knowledge()))
    ]


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
    because = list(one.get("because") or [])
    topics = [topic for topic in one.get("topics", ()) if topic.get("hers")]
    fit: dict[str, str] | None = None
    if held:
        fit = {"label": "Not without a talk", "kind": "crit", "icon": ""}
    elif one.get("taking"):
        fit = {"label": "Takes it now", "kind": "", "icon": ""}
    else:
        label, kind, icon = FITS[topics[0]["standing"]] if topics else ("", "", "")
        fit = {"label": label, "kind": kind, "icon": icon} if label else None
    unknown = [words for words in because if words.endswith("not known")]
    known = [words for words in because if words not in unknown]
    # where nothing is known on what matters to her, the card still says what the medicine is
    reasons = [row["title"] for row in one.get("held", ())] or [
        *(known or [in_short(str(one.get("for_her", "")))]), *unknown,
    ]  # fmt: skip
    past = [str(row) for row in one.get("past", ())]
    return {
        "value": medicine,
        "title": str(one.get("name", medicine)).capitalize(),
        "fit": fit,
        "words": reasons[0],
        "small": past[0] if past else (reasons[1] if len(reasons) > 1 else ""),
    }


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
        words = ", ".join(str(step.daily) for step in one.steps) if one.steps else f"start with {one.start}"
        source = next(iter(cited(one.sources, knowledge())), None)
        found.append(
            {
                "at": at, "words": words, "source": source["title"] if source else "", "whole": bool(one.steps),
                "for": _indication(one), "mark": one.mark.value,
            }
        )  # fmt: skip
    whole = [one for one in found if one["whole"]]
    return whole or found[:1]


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


# --- what was found -------------------------------------------------------------------------------------------------


def findings_shown(
    reviewed: Reviewed, answers: dict[str, dict[str, str]], typed: Typed, plans: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each finding with its answer, the override form's fields, and a fix where its own record holds the number."""
    return [_finding(one, answers, typed, plans) for one in reviewed.found]


def _finding(one: Found, answers: dict[str, dict[str, str]], typed: Typed, plans: list[Any]) -> dict[str, Any]:
    given = answers.get(one.key, {})
    row = shown(one.finding)
    if one.step > 1:
        row["facts"] = [(f"Step {one.step} of this order", ""), *row["facts"]]
    check = isinstance(knowledge().rules[one.finding.rule], Monitoring)
    return {
        "finding": row,
        "key": one.key,
        "step": one.step,
        "critical": one.critical,
        "settled": one.settled,
        "answered": bool(one.settled) or answered(one, answers),
        "given": f"{given.get('how', '')}:{given['code']}" if given.get("code") else given.get("how", ""),
        "words": given.get("words", ""),
        "why_not": _why_not(one, given),
        "done": [(f"done:{line}", line) for line in one.finding.do],
        "checks": list(CHECK_ANSWERS.items())[:2] if check and one.finding.about_order else [],
        "reasons": [(f"override:{code}", label) for code, label in REASONS.items()],
        "fix": _fix(one, typed, plans),
        "may": one.finding.level.name != "INFO" and not one.settled,
    }


def _why_not(one: Found, given: dict[str, str]) -> str:
    """What an answer that was begun still needs."""
    if given.get("how") == "override" and not given.get("words", "").strip():
        return "Write in your own words why: it stays in her record."
    return ""


def _fix(one: Found, typed: Typed, plans: list[dict[str, Any]]) -> dict[str, str] | None:
    """One click that does what the finding asks: the label's schedule, or the limit of the rule itself."""
    rule = knowledge().rules[one.finding.rule]
    begins = isinstance(rule, DoseLimit) and rule.max_start is not None
    if (isinstance(rule, Titration) or begins) and plans and plans[0]["whole"] and typed.replaces is None:
        return {"name": "label", "value": str(plans[0]["at"]), "words": f"Use {plans[0]['words']}"}
    if isinstance(rule, DoseLimit) and not rule.per_kg and one.step <= len(typed.rows):
        limit: Dose | None = rule.max_start if begins else rule.max_daily
        row = typed.rows[one.step - 1]
        times = OFTEN[row.often][2] if row.often in OFTEN else 0
        dose = largest(limit, times) if limit is not None and times >= 1 else ""
        if dose:
            return {"name": "fix", "value": f"{one.step - 1}:{dose}", "words": f"Use {dose} in step {one.step}"}
    return None


def rows_shown(typed: Typed, laid: Laid, reviewed: Reviewed, on: date) -> list[dict[str, Any]]:
    """The rows of the schedule with their days, tablets and what is wrong with each."""
    loud: dict[int, list[str]] = {}
    for one in reviewed.found:
        rule = knowledge().rules[one.finding.rule]
        if isinstance(rule, (DoseLimit, Titration)) and one.finding.level.name != "INFO" and not one.settled:
            loud.setdefault(one.step - 1, []).append(one.finding.title)
    found = []
    for at, row in enumerate(typed.rows):
        first = laid.starts[at] if at < len(laid.starts) else None
        error = typed.errors.get(f"dose-{at}", "")
        found.append(
            {
                "at": at, "number": at + 1, "dose": row.dose, "often": row.often, "length": row.length,
                "from": day(first).rsplit(" ", 1)[0] if first and first.year == on.year else day(first),
                "take": laid.takes[at] if at < len(laid.takes) else "",
                "error": f"Step {at + 1}: {error}" if error else "",
                "loud": "" if error or at not in loud else f"Step {at + 1}: {' '.join(loud[at])}",
            }
        )  # fmt: skip
    return found


def counted(reviewed: Reviewed) -> str:
    """ "1 critical, 1 warning, 2 for information"."""
    levels = [one.finding.level.name for one in reviewed.found]
    names = (("CRITICAL", "critical"), ("WARNING", "warning"), ("INFO", "for information"))
    return ", ".join(f"{levels.count(name)} {word}" for name, word in names if levels.count(name))


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
