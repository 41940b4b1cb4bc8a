"""The rules: all of them by medicine, and one in full."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from althea.care.known import knowledge
from althea.clinic.cards import LEVELS
from althea.clinic.pages.missing import missing
from althea.clinic.whom import whom
from althea.clinic.words import KIND_OF, KIND_WORDS, STATE_WORDS, asks, cited, listed, marked
from althea.engine.explain import title_in_general
from althea.knowledge.schema.evidence import Mark
from althea.knowledge.schema.rule import Rule

OF_ANYBODY = "Whatever she takes"
LONGEST, OPEN, FEW = 60, 3, 20
"""Of what is looked for, so many letters; so few lists are shown open; so few need no index."""
NOT_A_RULE = {
    "not-checked": (
        "What could not be checked",
        "This card names the facts that were missing, too old or not readable, and the checks that waited for them. "
        "Not asked is not “no”, and a missing result is not a normal one. It says where an answer could turn critical.",
    ),
    "more-warnings": (
        "Further warnings",
        "At most four cards at warning or above are shown for one request. This card lists the other warnings, each "
        "with its facts, what to do and its source. A critical finding is never folded away.",
    ),
    "worth-knowing": (
        "Also worth knowing",
        "This card lists further findings for information, each with its facts and its source. None needs an answer.",
    ),
    "scope": (
        "Whom Althea's knowledge is for",
        "Althea's knowledge is for living adults whose birth date is known. Nobody else is checked: this card says so.",
    ),
}
"""Cards that gather, and so come from no single rule; their links lead here all the same."""


@require_safe
def all_rules(request: HttpRequest) -> HttpResponse:
    level, find = request.GET.get("level", ""), " ".join(request.GET.get("q", "").split())[:LONGEST]
    level = level if level in LEVELS else ""
    return render(request, "clinic/rules.html", {"whole": _drawn(level, find) if find else _every(level)})


@require_safe
def one_rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    known = knowledge()
    if rule_id in NOT_A_RULE:
        title, words = NOT_A_RULE[rule_id]
        return render(request, "clinic/not_a_rule.html", {"title": title, "words": words, "stamp": str(known.stamp)})
    rule = known.rules.get(rule_id)
    if rule is None:
        return missing(request, "There is no rule of that name", "/rules/", "See all rules")
    kind = KIND_OF[type(rule)]
    subject = known.name_of(rule.of[0]) if len(rule.of) == 1 else "the medicine"
    return render(
        request,
        "clinic/rule.html",
        {
            "rule": rule,
            "level": LEVELS[rule.level.word],
            "title": title_in_general(rule, subject, known),
            "kind": KIND_WORDS[kind],
            "of": [{"name": known.name_of(one), "page": one if one in known.monographs else ""} for one in rule.of],
            "members": listed((known.name_of(one) for one in sorted(_members(rule))), "and"),
            "state": STATE_WORDS[rule.state],
            "asks": asks(rule, known),
            "whom": whom(rule.who, known),
            "sources": cited(rule.sources, known),
            "mark": marked(rule),
            "stamp": str(known.stamp),
        },
    )


def rows_of(rules: list[Rule], medicine: str) -> list[dict[str, Any]]:
    """Rules as a list shows them, the loudest first."""
    return [
        {
            **LEVELS[rule.level.word],
            "id": rule.id,
            "title": title_in_general(rule, medicine, knowledge()),
            "kind": _kind(rule),
            "unverified": rule.mark is Mark.UNVERIFIED,
        }
        for rule in sorted(rules, key=lambda one: (-one.level, one.id))
    ]


def _kind(rule: Rule) -> str:
    """The kind in words; of two medicines, which the other is, since titles in general leave it out."""
    known, words = knowledge(), KIND_WORDS[KIND_OF[type(rule)]]
    others = getattr(rule, "meets", ()) or getattr(rule, "after", ())
    names = [known.name_of(one) for one in others]
    more = f" and {len(names) - 2} more" if len(names) > 3 else ""
    named = f"{', '.join(names[:2])}{more}" if more else listed(names)
    return f"{words}: {named}" if names else words


def _members(rule: Rule) -> set[str]:
    """The medicines of the classes a rule is of; none where it names medicines only."""
    known = knowledge()
    return {one for thing in rule.of if thing in known.classes for one in known.classes[thing]}


@cache
def _every(level: str) -> str:
    """The list for one filter. The knowledge does not change while the process lives, so it is drawn once."""
    return _drawn(level, "")


@cache
def _groups(level: str) -> list[dict[str, Any]]:
    """The rules of a level by what they are of, and how each list is shown."""
    known = knowledge()
    groups: dict[str, list[Rule]] = {}
    for rule in known.rules.values():
        if level in ("", rule.level.word):
            for thing in rule.of or ("",):
                groups.setdefault(thing, []).append(rule)
    return [
        {
            "id": thing or "anybody",
            "name": _heading(thing),
            "rules": rows_of(rules, known.name_of(thing) if thing else ""),
            "counts": _counts(rules),
        }
        for thing, rules in sorted(groups.items(), key=lambda item: (item[0] != "", _heading(item[0]).lower()))
    ]


def _found(groups: list[dict[str, Any]], find: str) -> list[dict[str, Any]]:
    """The medicines of that name with all their rules, before others with those whose words hold it."""
    wanted = find.casefold()
    named = [one for one in groups if wanted in one["name"].casefold()]
    kept = []
    for one in groups:
        if one not in named and (rules := [rule for rule in one["rules"] if wanted in rule["title"].casefold()]):
            kept.append({**one, "rules": rules, "counts": _counted(rules)})
    return named + kept


def _drawn(level: str, find: str) -> str:
    """The list for one filter and one word."""
    known = knowledge()
    every = list(known.rules.values())
    groups = _found(_groups(level), find) if find else _groups(level)
    letters: dict[str, str] = {}
    for one in groups:
        if one["name"] != OF_ANYBODY:
            letters.setdefault(one["name"][0], one["id"])
    filters = [{"level": "", "word": "All", "icon": "", "count": len(every), "on": level == ""}]
    filters += [
        {"level": one, **words, "count": sum(rule.level.word == one for rule in every), "on": level == one}
        for one, words in LEVELS.items()
    ]
    return mark_safe(
        render_to_string(
            "clinic/_rules.html",
            {
                "groups": groups,
                "letters": letters.items() if len(groups) > FEW else (),
                "filters": filters,
                "level": level,
                "find": find,
                "open": bool(find) and len(groups) <= OPEN,
                "shown": len({rule["id"] for one in groups for rule in one["rules"]}),
                "all": len(every),
                "stamp": str(known.stamp),
            },
        )
    )  # our own template


def _heading(thing: str) -> str:
    name = knowledge().name_of(thing) if thing else OF_ANYBODY
    return name[:1].upper() + name[1:]


def _counts(rules: list[Rule]) -> list[dict[str, Any]]:
    return _counted([LEVELS[rule.level.word] for rule in rules])


def _counted(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many there are of each level, of those that say it."""
    return [
        {**words, "count": count}
        for words in LEVELS.values()
        if (count := sum(one["word"] == words["word"] for one in shown))
    ]
