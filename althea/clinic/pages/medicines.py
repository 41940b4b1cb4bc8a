"""The medicines: which does Althea know whole, and what does it hold of one?"""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from althea.care.known import knowledge
from althea.care.named import found, named
from althea.clinic.cards import LEVELS
from althea.clinic.pages.missing import missing
from althea.clinic.pages.rules import rows_of
from althea.clinic.whom import whom
from althea.clinic.words import cited, listed, marked, measure_name, sentence, span, unit
from althea.engine.facts import plain
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.medicine import AdequateTrial, Dosing, Fact, Taper

FACT_WORDS = {
    "boxed-warning": "Boxed warning",
    "half-life": "Half-life",
    "older": "Older women",
    "food": "Food and drink",
    "mechanism": "How it works",
    "indication": "What it is for",
    "side-effect": "Side effects",
    "controlled": "Controlled medicine",
    "onset": "When it begins to work",
    "cycle": "The cycle",
    "genes": "Genes",
    "heart": "Heart",
}
"""How a topic is called where its own name, with a capital, would not do."""
LONGEST = 60
"""Of what is looked for, so many letters."""
FIRST = ("indication", "boxed-warning", "onset", "pregnancy", "breastfeeding", "contraception", "fertility")


@require_safe
def all_medicines(request: HttpRequest) -> HttpResponse:
    known, find = knowledge(), " ".join(request.GET.get("q", "").split())[:LONGEST]
    every = _listed()
    wanted = _meant(find) if find else set[str]()
    rows = [row for row in every if row["id"] in wanted] if find else every
    others = len(known.medicines) - len(known.monographs)
    holds = {
        "whole": rows,
        "letters": sorted({row["letter"] for row in every}) if not find else (),
        "find": find,
        "only_met": sorted(known.name_of(one) for one in wanted - known.monographs.keys()),
        "others": others,
        "stamp": str(known.stamp),
    }
    return render(request, "clinic/medicines.html", holds)


@cache
def _listed() -> list[dict[str, Any]]:
    """Each medicine known whole. The first of its letter carries the letter's mark."""
    known, rows, seen = knowledge(), list[dict[str, Any]](), set[str]()
    for one in sorted(known.monographs.values(), key=lambda one: one.medicine.name):
        name = one.medicine.name[:1].upper() + one.medicine.name[1:]
        rules = len(_rules_of(one.medicine.id))
        rows.append({"id": one.medicine.id, "name": name, "for_her": one.medicine.for_her, "rules": rules,
                     "letter": name[0], "first": name[0] not in seen})  # fmt: skip
        seen.add(name[0])
    return rows


def _meant(find: str) -> set[str]:
    """The medicines these letters name: a part of a name, or the beginning of a brand."""
    known, wanted = knowledge(), find.casefold()
    of_name = {one for one, book in known.medicines.items() if wanted in book.name.casefold()}
    brands = {one for name, _ in found(find) for one in named(name).medicines}
    return (of_name | brands | set(named(find).medicines)) & known.medicines.keys()


@require_safe
def one_medicine(request: HttpRequest, medicine_id: str) -> HttpResponse:
    if medicine_id not in knowledge().monographs:
        return missing(request, "There is no page of that medicine", "/medicines/", "See all medicines")
    return render(request, "clinic/medicine.html", {"whole": _drawn(medicine_id)})


@cache
def _drawn(medicine_id: str) -> str:
    """The page of one medicine, drawn once: the knowledge does not change while the process lives."""
    known = knowledge()
    book = known.monographs[medicine_id]
    name = book.medicine.name
    facts = sorted(
        book.facts, key=lambda one: (FIRST.index(one.about) if one.about in FIRST else len(FIRST), one.about)
    )
    return mark_safe(
        render_to_string(
            "clinic/_medicine.html",
            {
                "name": name[:1].upper() + name[1:],
                "for_her": book.medicine.for_her,
                "names": listed(book.medicine.names, "and"),
                "classes": listed(sorted(_classes(medicine_id)), "and"),
                "dosing": [_dosing(one) for one in book.dosing],
                "trials": [_trial(one) for one in book.adequate_trial],
                "tapers": [_taper(one) for one in book.taper],
                "facts": [_fact(one) for one in facts],
                "levels": _by_level(rows_of(_rules_of(medicine_id), name)),
                "count": len(_rules_of(medicine_id)),
                "stamp": str(known.stamp),
            },
        )
    )  # our own template


def _by_level(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules of each level together. What is critical is never folded away."""
    return [
        {**words, "rules": held, "open": words["css"] == "crit"}
        for words in LEVELS.values()
        if (held := [row for row in rows if row["word"] == words["word"]])
    ]


def _rules_of(medicine_id: str) -> list[Any]:
    """Rules that speak of it by its name or by a class it is in."""
    known = knowledge()
    mine = {medicine_id, *(key for key, members in known.classes.items() if medicine_id in members)}
    return [rule for rule in known.rules.values() if mine.intersection(rule.of)]


def _classes(medicine_id: str) -> set[str]:
    known = knowledge()
    return {record.name for key, record in known.class_records.items() if medicine_id in known.classes[key]}


def _indication(groups: tuple[str, ...]) -> str:
    known = knowledge()
    return listed(
        "any use" if one == "any" else known.conditions[one].name if one in known.conditions else one for one in groups
    )


def _claim(claim: Any) -> dict[str, Any]:
    return {
        "sources": cited(claim.sources, knowledge()),
        "mark": marked(claim),
        "unverified": Mark(claim.mark) is Mark.UNVERIFIED,
        "note": claim.note,
    }


def _dosing(one: Dosing) -> dict[str, Any]:
    usual = (
        f"{one.usual_low} to {one.usual_high}" if one.usual_low and one.usual_high else one.usual_low or one.usual_high
    )
    gap = f"at least {span(one.min_days_between_steps)} apart" if one.min_days_between_steps else ""
    return {
        **_claim(one),
        "for": sentence(_indication(one.indication)).rstrip("."),
        "status": one.status,
        "whom": listed(whom(one.who, knowledge()), "and"),
        "form": ", ".join(filter(None, (one.form, one.regimen if one.regimen != "continuous" else ""))),
        "start": str(one.start or ""),
        "step": ", ".join(filter(None, (str(one.step or ""), gap))),
        "usual": str(usual or ""),
        "max": str(one.max or ""),
        "times": f"{one.times_a_day} a day" if one.times_a_day else "",
        "steps": [f"from day {step.from_day}: {step.daily} a day" for step in one.steps],
        "food": one.with_food,
    }


def _trial(one: AdequateTrial) -> dict[str, Any]:
    known = knowledge()
    level = ""
    if one.level_measure:
        least = (
            f" of {plain(one.level_at_least)} {unit(one.level_measure, known)} or more"
            if one.level_at_least is not None
            else ""
        )
        level = f"{measure_name(one.level_measure, known)}{least}"
    dose = f"{one.dose} a day or more" if one.dose else ""
    return {
        **_claim(one),
        "for": sentence(_indication(one.indication)).rstrip("."),
        "dose": ", ".join(filter(None, (dose, level))) or "any dose",
        "weeks": f"{plain(one.weeks)} weeks",
    }


def _taper(one: Taper) -> dict[str, Any]:
    numbers = [
        words
        for value, words in (
            (one.min_days, f"over at least {span(one.min_days or 0)}"),
            (one.step_percent, f"each step {one.step_percent}% of the dose before"),
            (one.step_days, f"each kept for {span(one.step_days or 0)}"),
            (one.max_step, f"no cut larger than {one.max_step}"),
        )
        if value is not None
    ]
    return {**_claim(one), "advice": one.advice, "numbers": "; ".join(numbers)}


def _fact(one: Fact) -> dict[str, Any]:
    about = FACT_WORDS.get(one.about, one.about[:1].upper() + one.about[1:].replace("-", " "))
    return {**_claim(one), "about": about, "says": one.says, "for_her": one.for_her}
