"""What does an entry that was made of an answer say, in one line?  So that it stands beside what she told where the two
differ: 5000 mg told, 20 mg in her record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from althea.care import entries as said
from althea.care.intake.questions import UNKNOWN
from althea.care.known import knowledge

DAYS = {"delivery": "Gave birth", "due": "Due", "period": "Last period began"}
"""Topics of her life stage whose answer is a day."""


def in_words(body: said.Body) -> str:
    """Its fields that say something, the unknown ones left out."""
    match body:
        case said.Medicine():
            return ", ".join(_medicine(body))
        case said.Condition():
            code, over = f" ({body.code})" if body.code else "", ", no longer" if body.status == "resolved" else ""
            return f"{body.text}{code}, {body.certainty.replace('-', ' ')}{over}"
        case said.Allergy():
            return f"{body.text} ({body.reaction})" if body.reaction else body.text
        case said.Episodes():
            return "1 time" if body.number == 1 else f"{body.number} times"
        case said.LifeStage():
            return stage(body.topic, body.value)
        case said.Tobacco():
            return body.status
        case said.Goal():
            return f"“{body.words}”"
        case said.Family():
            return body.text
    return ""


def stage(topic: str, value: str) -> str:
    """An answer about her life stage: "Gave birth: 7 April 2026"."""
    if value == UNKNOWN:
        shown = "not known"
    elif topic == "contraception":
        shown = ", ".join(knowledge().name_of(one) for one in value.split(",") if one)
    else:
        shown = f"{date.fromisoformat(value):%-d %B %Y}" if topic in DAYS else value
    return f"{DAYS.get(topic, topic.capitalize())}: {shown or 'none'}"


def _medicine(body: said.Medicine) -> Iterator[str]:
    name = knowledge().name_of(body.medicine) if body.medicine else body.text
    yield f"{name} up to {body.reached} a day" if body.reached else f"{name} {body.dose}" if body.dose else name
    if body.times_a_day is not None:
        yield "once a day" if body.times_a_day == 1 else f"{body.times_a_day.normalize():f} times a day"
    if body.as_needed:
        yield "when needed"
    if body.weeks is not None:
        yield f"for {body.weeks.normalize():f} weeks"
    if body.result:
        yield body.result
    if body.since is not None:
        yield f"since {body.since:%-d %B %Y}"
    if body.until is not None:
        yield f"until {body.until:%-d %B %Y}"
    if body.why_stopped:
        yield f"stopped because: {body.why_stopped}"
