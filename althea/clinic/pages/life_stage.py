"""Where is she in her reproductive life, who said so, and is it still fresh?  And writing down what is so now."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from althea.care import entries as said
from althea.care import results
from althea.care.actions import changes
from althea.care.days import YOUNGEST, today, too_young
from althea.care.facts import Chart, chart_of, facts_of
from althea.care.known import knowledge
from althea.care.models import Entry, Origin
from althea.care.stage_words import last_pregnancy
from althea.clinic.heading import came_of_it, heading, say
from althea.clinic.heading import told as told_us
from althea.clinic.record import from_her_record
from althea.clinic.words import days_in_words
from althea.engine import stage
from althea.knowledge.load import ROOT

WEEK = 7
EARLIEST_WEEKS = 20
"""A birth before is a loss, not a birth: how the reader counts (`fhir/read_stage.py`)."""
TOPICS = {
    "pregnancy": ("Pregnant?", "pregnancy"), "test": ("Pregnancy test", "pregnancy"),
    "gestation": ("Weeks of pregnancy", "pregnancy"), "due": ("Due date", "pregnancy"),
    "ended": ("Pregnancy ended early", "pregnancy"), "delivery": ("Birth", "postpartum"),
    "infant": ("Baby was born after", "postpartum"), "breastfeeding": ("Breastfeeding", "breastfeeding"),
    "contraception": ("Contraception", "contraception"), "planning": ("Plans a pregnancy", "planning"),
    "menopause": ("Menopause", "menopause"), "period": ("Last period began", "cycle"),
}  # fmt: skip
"""Topic -> (its name here, the stage of the knowledge that says for how long an answer counts)."""
CHOICES = {
    "pregnancy": (("pregnant", "Pregnant"), ("not pregnant", "Not pregnant"), ("unknown", "Not known: perhaps")),
    "test": (("positive", "Positive"), ("negative", "Negative")),
    "breastfeeding": (("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
    "planning": (("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
    "menopause": (("peri", "Perimenopause"), ("post", "After the menopause")),
}
DAYS = ("due", "ended", "delivery", "period")
CHANGED = (
    ("pregnant", "She is pregnant", ()),
    ("birth", "She gave birth", ()),
    ("breastfeeding", "Breastfeeding", ("breastfeeding",)),
    ("contraception", "Contraception", ("contraception",)),
    ("test", "A pregnancy test", ("test",)),
    ("pregnancy", "Not pregnant, or not known", ("pregnancy",)),
    ("dating", "Due date or weeks", ("due", "gestation")),
    ("ended", "A pregnancy ended early", ("ended",)),
    ("planning", "Plans a pregnancy", ("planning",)),
    ("menopause", "Menopause", ("menopause",)),
    ("period", "Last period", ("period",)),
    ("infant", "How early the baby came", ("infant",)),
)
"""(key, what happened, the topics it asks for, each a form of its own): one is open at a time. The first two ask for
all that belongs together in one form."""
TOGETHER = {"pregnant": "A pregnancy", "birth": "A birth"}


class NotRead(ValueError):
    """This cannot be kept; the words say what to do."""


@require_http_methods(["GET", "POST"])
def page(request: Any, patient: Any) -> HttpResponse:
    her, now = request.patient, timezone.now()
    on = today(her, now)
    topic, wrong = request.POST.get("topic", ""), ""
    if request.method == "POST":
        try:
            bodies = (
                read_together(topic, request.POST, on, her.born_on)
                if topic in TOGETHER
                else [read(topic, request.POST, on, her.born_on)]
            )
        except NotRead as sorry:
            wrong = str(sorry)
        else:
            came = changes.tell(
                patient=her, bodies=bodies, words=f"{TOGETHER.get(topic) or TOPICS[topic][0]} was recorded anew.",
                origin=Origin.CLINIC, by=request.user, at=now, to="life-stage",
            )  # fmt: skip
            say(request, "Saved.", came)
            return redirect("life-stage", patient=her.pk)
    chart = chart_of(her)
    facts = facts_of(chart, on)
    status, words = stage.pregnancy_now(facts, knowledge())
    holds = {
        "now": next((lines for heading_, lines in from_her_record(facts, knowledge()) if heading_ == "Life stage"), []),
        "status": status,
        "words": days_in_words(words),
        "both": days_in_words(facts.stage.pregnancy.said).split("; ")
        if facts.stage.pregnancy is not None and facts.stage.pregnancy.status == "contradictory"
        else [],
        **apart(told(chart, on)),
        "changed": [
            {
                "key": key,
                "words": words_,
                "topics": [shown(one) for one in topics],
                "open": topic in (key, *topics) if wrong else request.GET.get("open") == key,
            }
            for key, words_, topics in CHANGED
        ],
        "methods": [(key, one.name) for key, one in knowledge().methods.items() if key != "none"],
        "ended": ended_codes().items(),
        "wrong": wrong,
        "wrong_topic": topic if wrong else "",
        "sent": request.POST if wrong else {},
        "chosen": request.POST.getlist("methods") if wrong else [],
        "came": came_of_it(request),
        "told_us": told_us(her),
    }
    return render(request, "clinic/life_stage.html", heading(request, chart, on, "medicines-of") | holds)


@require_POST
def withdraw(request: Any, patient: Any, entry: Any) -> HttpResponse:
    """One of these statements was an error. It stays to be read, and no longer counts."""
    row = Entry.objects.filter(patient=request.patient, pk=entry, withdrawn=False).first()
    if row is None or not (row.kind == "life-stage" or _is_test(row)):
        raise Http404
    row.patient = request.patient
    came = changes.withdraw(entry=row, by=request.user, at=timezone.now())
    say(request, "Marked as an error. It no longer counts.", came)
    return redirect("life-stage", patient=request.patient.pk)


def _is_test(row: Entry) -> bool:
    return row.kind == "result" and row.body.get("measure") == "pregnancy-test"


def shown(topic: str) -> dict[str, Any]:
    """What the form of one topic asks. That she is pregnant is asked with its weeks, in a form of its own."""
    choices = tuple(one for one in CHOICES.get(topic, ()) if one[0] != "pregnant")
    return {"key": topic, "name": TOPICS[topic][0], "choices": choices, "is_day": topic in DAYS}


def apart(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The newest statement of each topic, and those before it."""
    newest, before = list[dict[str, Any]](), list[dict[str, Any]]()
    for row in rows:
        (before if row["name"] in {one["name"] for one in newest} else newest).append(row)
    return {"told": newest, "earlier": before}


def read_together(what: str, sent: Any, on: date, born_on: date | None) -> list[tuple[said.Body, date]]:
    """A pregnancy with how far it is, or a birth with what is known of it. What was left empty stays unknown."""
    if what == "pregnant":
        day = _day(sent.get("on", ""), on, born_on) or on
        due, weeks = sent.get("value", "").strip(), _any_of(sent, "weeks", "days")
        if due and weeks:
            raise NotRead("Enter the due date or the weeks, not both: two counts can disagree.")
        found = [("pregnancy", "pregnant", day)]
        found += [("due", _due(due, on).isoformat(), day)] if due else []
        found += [("gestation", str(_weeks(sent, 0, stage.TERM_DAYS)), day)] if weeks else []
    else:
        text, born = _birth(sent.get("value", ""), on, born_on)
        found = [("delivery", text, born)]
        if _any_of(sent, "weeks", "days"):
            found.append(("infant", str(_weeks(sent, EARLIEST_WEEKS * WEEK, stage.TERM_DAYS + WEEK)), born))
        if (feeds := sent.get("feeds", "")) in ("yes", "no"):
            found.append(("breastfeeding", feeds, on))
    return [(said.LifeStage(topic=topic, value=value), day) for topic, value, day in found]  # type: ignore[arg-type]


def _any_of(sent: Any, *names: str) -> bool:
    return any(sent.get(name, "").strip() for name in names)


def read(topic: str, sent: Any, on: date, born_on: date | None) -> tuple[said.Body, date]:
    """One statement, and the day it is about. Raises NotRead, whose words say what to do."""
    if topic not in TOPICS:
        raise NotRead("Choose what to record.")
    day = _day(sent.get("on", ""), on, born_on) or on
    value = sent.get("value", "").strip()
    if topic in CHOICES and value not in dict(CHOICES[topic]):
        raise NotRead("Choose one of the answers.")
    if topic == "test":
        return said.Result(measure="pregnancy-test", said=value), day
    if topic == "ended":
        return _ended(value, sent, on, born_on)
    makers: dict[str, Callable[[], tuple[str, date]]] = {
        "gestation": lambda: (str(_weeks(sent, 0, stage.TERM_DAYS)), day),
        "infant": lambda: (str(_weeks(sent, EARLIEST_WEEKS * WEEK, stage.TERM_DAYS + WEEK)), day),
        "due": lambda: (_due(value, on).isoformat(), day),
        "delivery": lambda: _birth(value, on, born_on),
        "period": lambda: _its_own_day(value, on, born_on),
        "contraception": lambda: (_methods(sent), day),
    }
    text, about = makers[topic]() if topic in makers else (value, day)
    return said.LifeStage(topic=topic, value=text), about  # type: ignore[arg-type]


def _day(text: str, on: date, born_on: date | None) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise NotRead("Enter a day, for example 2026-04-07.") from None
    if day > on:
        raise NotRead(f"{day:%-d %B %Y} is after today. Enter the day it happened.")
    if born_on is not None and day < born_on:
        raise NotRead(f"{day:%-d %B %Y} is before she was born. Check the year.")
    return day


def _its_own_day(value: str, on: date, born_on: date | None) -> tuple[str, date]:
    day = _day(value, on, born_on)
    if day is None:
        raise NotRead("Enter the day.")
    return day.isoformat(), day


def _birth(value: str, on: date, born_on: date | None) -> tuple[str, date]:
    text, day = _its_own_day(value, on, born_on)
    if too_young(born_on, day):
        raise NotRead(f"{day:%-d %B %Y} is before she was {YOUNGEST} years old. Check the year.")
    return text, day


def _due(value: str, on: date) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise NotRead("Enter the due date, for example 2026-12-24.") from None
    if not on - timedelta(days=3 * WEEK) <= day <= on + timedelta(days=stage.TERM_DAYS):
        raise NotRead(f"{day:%-d %B %Y} is not within a pregnancy from today. Check the date.")
    return day


def _weeks(sent: Any, least: int, most: int) -> int:
    """Whole weeks and days, as days."""
    weeks, days = sent.get("weeks", "").strip(), sent.get("days", "").strip() or "0"
    if not (weeks.isascii() and weeks.isdigit() and days.isascii() and days.isdigit()) or len(weeks + days) > 6:
        raise NotRead("Enter whole weeks, and days if they are known, for example 12 and 3.")
    found = int(weeks) * WEEK + int(days)
    if int(days) >= WEEK:
        raise NotRead("Days are 0 to 6. Seven days are a week more.")
    if found > most:
        raise NotRead(f"{weeks} weeks is longer than a pregnancy lasts. Check the number.")
    if found < max(least, 1):
        raise NotRead(f"Enter {least // WEEK} weeks or more." if least else "Enter a week or more.")
    return found


def _methods(sent: Any) -> str:
    chosen = [one for one in sent.getlist("methods") if one in knowledge().methods and one != "none"]
    instead = [one for one in sent.getlist("none") if one in ("yes", "unknown")]
    if len(instead) + bool(chosen) > 1:
        raise NotRead("Tick the methods she uses, or “None”, or “Not known”: one of the three.")
    if not instead and not chosen:
        raise NotRead("Tick what she uses, or “None”, or “Not known”.")
    return "unknown" if "unknown" in instead else ",".join(chosen)


@cache
def ended_codes() -> dict[str, str]:
    """The ICD-10-CM categories that say a pregnancy ended early, with the words of the code list."""
    wanted = knowledge().conditions["pregnancy-ended"].icd10cm
    with (ROOT / "codes" / "icd10cm.csv").open(encoding="utf-8", newline="") as lines:
        named = {line["code"]: line["description"] for line in csv.DictReader(lines) if line["code"] in wanted}
    return {code: named.get(code, "") for code in wanted}


def _ended(value: str, sent: Any, on: date, born_on: date | None) -> tuple[said.Body, date]:
    """A coded statement: it ends what was said of the pregnancy before."""
    _, day = _its_own_day(value, on, born_on)
    code = sent.get("code", "")
    if code not in ended_codes():
        raise NotRead("Choose the code.")
    name = knowledge().conditions["pregnancy-ended"].name
    return said.Condition(text=name, code=code, status="resolved", since=day, until=day), day


def told(chart: Chart, on: date) -> list[dict[str, Any]]:
    """Every statement that stands, newest first: whose, how old, and whether it still counts by itself."""
    rows: list[tuple[Entry, str, str]] = []
    for entry, body in chart.entries:
        if isinstance(body, said.LifeStage):
            rows.append((entry, body.topic, in_words(body)))
        elif isinstance(body, said.Result) and body.measure == "pregnancy-test":
            rows.append((entry, "test", body.said or results.in_own_unit(body.value or 0, body.measure)))  # type: ignore[arg-type]
    since = last_pregnancy([(entry.on, body) for entry, body in chart.of(said.LifeStage)], on)
    return [
        {"entry": entry, "name": TOPICS[topic][0], "words": words, "fresh": freshness(topic, entry.on, on, since),
         "by": "Her words" if entry.origin == Origin.HERS else str(entry.recorded_by)}
        for entry, topic, words in rows
    ]  # fmt: skip


def freshness(topic: str, said_on: date, on: date, pregnancy: date) -> str:
    """ "Counts until 3 July", "too old to rely on", or that it does not grow old. `pregnancy`: the last day that tells
    of one, or of its end."""
    if topic == "contraception" and said_on < pregnancy:
        return "Said before a pregnancy or birth: ask again"
    record = knowledge().stages.get(TOPICS[topic][1])
    if topic in ("gestation", "due"):
        return "Runs forward"
    if record is None or record.fresh_days is None or topic in ("ended", "delivery", "infant"):
        return "Does not grow old"
    until = said_on + timedelta(days=record.fresh_days)
    return f"Counts until {until:%-d %b %Y}" if until >= on else "Too old to rely on: ask again"


def in_words(body: said.LifeStage) -> str:
    if body.topic in ("gestation", "infant"):
        weeks, days = divmod(int(body.value), WEEK)
        return f"{weeks} week{'s' * (weeks != 1)}" + (f" and {days} day{'s' * (days != 1)}" if days else "")
    if body.topic in DAYS:
        return f"{date.fromisoformat(body.value):%-d %B %Y}"
    if body.topic == "contraception" and body.value == "unknown":
        return "Not known"
    if body.topic == "contraception":
        return ", ".join(knowledge().name_of(one) for one in body.value.split(",") if one and one != "none") or "None"
    return dict(CHOICES.get(body.topic, ())).get(body.value, body.value).capitalize()
