"""Where is she in her reproductive life, by everything that was handed over?

Statements about pregnancy come from observations and from active conditions. The newest counts; two that disagree
while both are fresh are *contradictory*, shown both, and read as possibly pregnant. Only coded facts make a pregnancy
impossible: a line of text never does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from althea.engine.facts import LifeStage, Medicine, Pregnancy
from althea.engine.stage import TERM_DAYS
from althea.fhir import codes
from althea.fhir.dates import DAYS_IN, day, later
from althea.fhir.elements import (
    Json,
    a_number,
    a_text,
    an_object,
    first_known,
    quoted,
)
from althea.fhir.read_answers import intention, yes_or_no
from althea.fhir.read_conditions import Illnesses, Mark
from althea.fhir.read_methods import cannot, read_methods, said_unknown
from althea.fhir.read_observations import Seen, value_words
from althea.fhir.readings import Readings
from althea.fhir.words import plain_words

YOUNGEST, OLDEST = 12, 60
"""Of whom the rules on pregnancy, contraception, breastfeeding and menopause speak (contract, section 1)."""
APART_DAYS = 30
"""Two statements further apart than this do not contradict each other: the newer one stands."""
OVER = ("pregnancy-ended", "delivery-record")
"""Groups of codes that end a pregnancy: what was said of it on their day or before counts no more."""
EARLIEST_BIRTH_DAYS = 7 * 20
"""Of a pregnancy: what ends before is a loss, not a birth. Counting, not medicine."""
WEEKS = re.compile(r"\s*(\d{1,2})\s*(?:weeks?|wks?|w|/40)?\s*(?:(?:and|\+|,)?\s*(\d)\s*(?:days?|d)?)?\s*(?:weeks?)?\s*")

Status = Literal["pregnant", "not pregnant", "unknown"]


class Statement(Struct, frozen=True, gc=False):
    """Somebody's word on whether she is pregnant. `lasting`: an open diagnosis, which speaks until today."""

    status: Status
    on: date
    words: str
    ref: str
    lasting: bool = False


def read_stage(
    seen: dict[str, list[Seen]],
    illnesses: Illnesses,
    sex: str | None,
    age: int | None,
    today: date,
    readings: Readings,
    unread: list[str],
    medicines: Sequence[Medicine] = (),
) -> LifeStage:
    """Her life stage today. Where it does not concern this person, why not. `medicines`: a method of contraception may
    be one of them."""
    why_not = ""
    if sex == "male":
        why_not = "recorded as male"
    elif age is not None and not YOUNGEST <= age <= OLDEST:
        why_not = f"aged {age}"
    if why_not:
        if any(_pregnancy_said(one) == "pregnant" for one in seen.get("pregnancy", ())) or any(
            mark.here and mark.group == "pregnancy" for mark in illnesses.marks
        ):
            unread.append(f"A pregnancy is on record, and the person is {why_not}: not used. Check the record.")
        return LifeStage(applies=False, why_not=why_not)
    if not seen and not illnesses.marks and not any(row.as_text for row in illnesses.rows):
        return LifeStage()
    marks = illnesses.marks
    delivered = over = ended = None
    gestation: tuple[int, date] | None = None
    if marks or "delivery" in seen or "ended" in seen:
        delivered = _delivered(seen.get("delivery", []), marks, today, unread)
        lost = [*_ended(seen, today), *(mark.on for mark in marks if mark.group == "pregnancy-ended" and mark.on)]
        ended = max((*lost, *(() if delivered is None else (delivered,))), default=None)
        by = [mark.on for mark in marks if mark.group == "delivery-record" and mark.on]
        over = max((*by, *(() if ended is None else (ended,))), default=None)
    if marks or "gestation" in seen or "due" in seen:
        gestation = _gestation(seen, marks, today, over, unread)
    statements = _statements(seen, marks, today, over, unread)
    if gestation is not None and not any(one.status == "pregnant" and one.on >= gestation[1] for one in statements):
        statements.append(Statement("pregnant", gestation[1], "gestational age given", ""))
    pregnancy = _pregnancy(statements, today, readings)
    running = pregnancy is not None and pregnancy.status in ("pregnant", "contradictory")
    methods = methods_on = planning = planning_on = feeding = feeding_on = last = None
    if marks or "method" in seen or "intention" in seen:
        last = _last_pregnancy(seen, marks, ended)
    if "method" in seen:
        methods, methods_on = read_methods(seen["method"], medicines, last, readings, unread)
    if marks or "intention" in seen:
        planning, planning_on = _planning(seen.get("intention", []), marks, last, today, readings, unread)
    if marks or "breastfeeding" in seen:
        feeding, feeding_on = _feeding(seen.get("breastfeeding", []), marks, delivered, today, readings, unread)
    return LifeStage(
        pregnancy=pregnancy,
        gestation_days=gestation[0] if gestation is not None and running else None,
        delivered_on=delivered,
        breastfeeding=feeding,
        breastfeeding_on=feeding_on,
        infant_gestation_weeks=_infant(seen["infant"], delivered) if "infant" in seen else None,
        methods=methods,
        methods_on=methods_on,
        planning=planning,
        planning_on=planning_on,
        menopause=_menopause(marks, illnesses),
        cannot=cannot(methods, methods_on, marks, ended, readings, unread),
    )


# --- pregnancy ----------------------------------------------------------------------------------------------


def _statements(
    seen: dict[str, list[Seen]], marks: tuple[Mark, ...], today: date, over: date | None, unread: list[str]
) -> list[Statement]:
    """All that says whether she is pregnant and is not overtaken by a birth or a loss."""
    found: list[Statement] = []
    for one in seen.get("pregnancy", []):
        status = _pregnancy_said(one)
        if status is None:
            if one is seen["pregnancy"][0]:
                unread.append(f"pregnancy status of {one.on} not read: “{quoted(value_words(one.body))}”")
            continue
        found.append(Statement(status, one.on, f"{status} by the record of {one.on}", one.ref))
    for one in seen.get("measure", []):
        if one.which == "pregnancy-test":
            if _positive(one):
                found.append(Statement("pregnant", one.on, f"pregnancy test positive on {one.on}", one.ref))
            elif value_words(one.body).lower() in ("negative", "not detected", "neg"):
                found.append(Statement("not pregnant", one.on, f"pregnancy test negative on {one.on}", one.ref))
    for over_on in _ended(seen, today):
        if (today - over_on).days <= TERM_DAYS:
            found.append(Statement("not pregnant", over_on, f"pregnancy ended on {over_on}", ""))
    for mark in marks:
        on = mark.on
        if mark.group == "pregnancy" and mark.here:
            if on is None:
                unread.append(
                    f"“{mark.text}” is on record without a date: whether she is pregnant now is not known from it."
                )
            elif (today - on).days <= TERM_DAYS:
                found.append(Statement("pregnant", on, f"“{mark.text}” on record since {on}", mark.ref, lasting=True))
        elif mark.group == "pregnancy-ended" and on is not None and (today - on).days <= TERM_DAYS:
            found.append(Statement("not pregnant", on, f"“{mark.text}” on {on}", mark.ref))
    if over is not None:
        found = [one for one in found if one.on > over or (one.status == "not pregnant" and one.on == over)]
    return found


def _ended(seen: dict[str, list[Seen]], today: date) -> list[date]:
    """The days on which a pregnancy was lost or ended early, as they were told."""
    days = [day(one.body.get("valueDateTime")) or one.on for one in seen.get("ended", ())]
    return [one for one in days if one <= today]


def _last_pregnancy(seen: dict[str, list[Seen]], marks: tuple[Mark, ...], ended: date | None) -> date | None:
    """The newest day that tells of a pregnancy, whoever said so, or on which one ended. None: there is none."""
    days = [one.on for one in seen.get("pregnancy", ()) if _pregnancy_said(one) == "pregnant"]
    days += [one.on for one in seen.get("measure", ()) if one.which == "pregnancy-test" and _positive(one)]
    days += [one.on for kind in ("gestation", "due") for one in seen.get(kind, ())]
    days += [mark.on for mark in marks if mark.group == "pregnancy" and mark.on is not None]
    return max(days if ended is None else [*days, ended], default=None)


def _positive(test: Seen) -> bool:
    return value_words(test.body).lower() in ("positive", "detected", "pos")


def _pregnancy(statements: list[Statement], today: date, readings: Readings) -> Pregnancy | None:
    """The newest statement, or both where two fresh ones disagree."""
    if not statements:
        return None
    if len(statements) == 1:
        only = statements[0]
        return Pregnancy(status=only.status, on=only.on, said=only.words, ref=only.ref)
    newest = sorted(statements, key=lambda one: (one.on, one.status == "pregnant"), reverse=True)
    definite = [one for one in newest if one.status != "unknown"]
    if not definite:
        return Pregnancy(status="unknown", on=newest[0].on, said=newest[0].words, ref=newest[0].ref)
    record = readings.knowledge.stages.get("pregnancy")
    fresh = APART_DAYS if record is None or record.fresh_days is None else record.fresh_days
    yes = next((one for one in definite if one.status == "pregnant"), None)
    no = next((one for one in definite if one.status == "not pregnant"), None)
    if yes is not None and no is not None and _disagree(yes, no, today, fresh):
        return Pregnancy(status="contradictory", on=max(yes.on, no.on), said=f"{yes.words}; {no.words}", ref=yes.ref)
    first = definite[0]
    if newest[0].status == "unknown" and first.status == "not pregnant" and newest[0].on > first.on:
        first = newest[0]
    return Pregnancy(status=first.status, on=first.on, said=first.words, ref=first.ref)


def _disagree(yes: Statement, no: Statement, today: date, fresh: int) -> bool:
    """Of one day, or "not pregnant" after "pregnant" while both are fresh and not far apart. "Pregnant" after "not
    pregnant" is news: the newer day holds. An open diagnosis speaks until today."""
    if (today - no.on).days > fresh or no.on < yes.on:
        return False
    return yes.lasting or ((today - yes.on).days <= fresh and (no.on - yes.on).days <= APART_DAYS)


def _pregnancy_said(one: Seen) -> Status | None:
    said = first_known(one.body.get("valueCodeableConcept"), codes.PREGNANCY_SAID)
    if said is not None:
        return said  # type: ignore[return-value]
    if isinstance(one.body.get("valueBoolean"), bool):
        return "pregnant" if one.body["valueBoolean"] else "not pregnant"
    return codes.PREGNANCY_WORDS.get(" ".join(plain_words(value_words(one.body))))  # type: ignore[return-value]


def _gestation(
    seen: dict[str, list[Seen]], marks: tuple[Mark, ...], today: date, over: date | None, unread: list[str]
) -> tuple[int, date] | None:
    """(days of gestation today, the day it was stated), running forward; None where it is over or not known. Of several
    of one day the last said counts, `seen` being newest first: a slip is put right the same day."""
    found: list[tuple[date, float, int]] = []
    for one in _last_of_each_day(seen.get("gestation", [])):
        days = _days_of(one.body)
        if days is None:
            unread.append(f"gestational age of {one.on} could not be read.")
        else:
            found.append((one.on, one.at, days + (today - one.on).days))
    for one in _last_of_each_day(seen.get("due", [])):
        due = day(one.body.get("valueDateTime"))
        if due is not None:
            found.append((one.on, one.at, 280 - (due - today).days))  # 40 weeks: how a due date is counted
    for mark in marks:
        week = mark.code.removeprefix(codes.WEEKS_CODE)
        if mark.code.startswith(codes.WEEKS_CODE) and week.isdigit() and 8 <= int(week) <= 42 and mark.on is not None:
            found.append((mark.on, 0.0, int(week) * 7 + (today - mark.on).days))
    found = [one for one in found if 0 <= one[2] <= TERM_DAYS + 14 and (over is None or one[0] > over)]
    if not found:
        return None
    on, _, days = max(found)
    return days, on


def _last_of_each_day(seen: list[Seen]) -> list[Seen]:
    return [one for at, one in enumerate(seen) if at == 0 or seen[at - 1].on != one.on]


def _days_of(body: Json) -> int | None:
    quantity = an_object(body.get("valueQuantity"))
    number = a_number(quantity.get("value"))
    if number is None:
        number = a_number(body.get("valueInteger"))
        if number is not None:
            return int(number * 7) if 0 < number <= 45 else None
        found = WEEKS.fullmatch(a_text(body.get("valueString"))[:40].lower())
        return int(found[1]) * 7 + int(found[2] or 0) if found else None
    length = DAYS_IN.get((a_text(quantity.get("code")) or a_text(quantity.get("unit"))).lower().strip("{}"))
    if length not in (Decimal(1), Decimal(7)):
        return None
    days = number * length
    return int(days) if 0 < days <= 320 else None


def _delivered(seen: list[Seen], marks: tuple[Mark, ...], today: date, unread: list[str]) -> date | None:
    """The last birth on record."""
    days: list[date] = []
    for one in seen:
        on = day(one.body.get("valueDateTime")) or day(one.body.get("valueString")) or one.on
        if on > today:
            unread.append(f"A birth dated {on}, in the future, was not used.")
        else:
            days.append(on)
    days += [
        mark.on
        for mark in marks
        if mark.group == "delivery-record" and mark.on is not None and mark.code.startswith(codes.DELIVERY_DAY)
    ]
    return max(days, default=None)


def _infant(seen: list[Seen], delivered: date | None) -> int | None:
    """Completed weeks at which the last baby was born."""
    for one in seen:
        if delivered is not None and one.on < delivered:
            continue
        days = _days_of(one.body)
        if days is not None and days >= EARLIEST_BIRTH_DAYS:
            return days // 7
    return None


# --- what she uses, plans and does --------------------------------------------------------------------------


def _planning(
    seen: list[Seen], marks: tuple[Mark, ...], last: date | None, today: date, readings: Readings, unread: list[str]
) -> tuple[bool | None, date | None]:
    """What she wanted before her `last` pregnancy was known, or ended, says nothing of another."""
    answer: tuple[bool | None, date | None] = (None, None)
    if seen:
        wants = intention(seen[0].body)
        if wants is None and said_unknown(seen[0].body):
            unread.append(f"whether she plans a pregnancy: not known, as said on {seen[0].on}.")
        elif wants is None:
            unread.append(f"pregnancy intention not read as yes or no: “{quoted(value_words(seen[0].body))}”")
        else:
            answer = (wants, seen[0].on)
    for mark in marks:
        if (
            mark.group == "planning-pregnancy"
            and mark.here
            and mark.on is not None
            and (answer[1] is None or mark.on > answer[1])
        ):
            answer = (True, mark.on)
    before = last is not None and answer[1] is not None and answer[1] < last
    return (None, None) if before or _stale(answer[1], "planning", today, readings) else answer


def _feeding(
    seen: list[Seen],
    marks: tuple[Mark, ...],
    delivered: date | None,
    today: date,
    readings: Readings,
    unread: list[str],
) -> tuple[bool | None, date | None]:
    """That she does not, said before she gave birth, says nothing of this baby."""
    answer: tuple[bool | None, date | None] = (None, None)
    if seen:
        on, said = seen[0].on, yes_or_no(seen[0].body)
        answer = (said, on)
        if said is None and said_unknown(seen[0].body):
            unread.append(f"breastfeeding: not known, as said on {on}.")
        elif said is None:
            unread.append(f"breastfeeding status not read: “{quoted(value_words(seen[0].body))}”")
        elif not said and delivered is not None and on < delivered:
            unread.append(f"“Not breastfeeding” was said on {on}, before the birth of {delivered}: not known since.")
            answer = (None, on)
    for mark in marks:
        if (
            mark.group == "breastfeeding-record"
            and mark.here
            and mark.on is not None
            and (answer[1] is None or mark.on > answer[1])
        ):
            answer = (True, mark.on)
    if answer[0] is None or _stale(answer[1], "breastfeeding", today, readings):
        return None, None
    return answer


def _stale(on: date | None, stage: str, today: date, readings: Readings) -> bool:
    """An answer older than the knowledge relies on it is no answer."""
    record = readings.knowledge.stages.get(stage)
    return (
        on is not None and record is not None and record.fresh_days is not None and later(on, record.fresh_days) < today
    )


def _menopause(marks: tuple[Mark, ...], illnesses: Illnesses) -> Literal["pre", "peri", "post"] | None:
    groups = {mark.group for mark in marks if mark.here}
    for row in illnesses.rows:
        if row.as_text:
            groups.update(row.groups)
    return "post" if "menopause" in groups else "peri" if "perimenopause" in groups else None
