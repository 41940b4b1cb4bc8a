"""What may she choose between today, and what was she shown?  The comparison, made from her record and then frozen.

`engine.options` compares; here it is asked with what the record holds of her: her facts, what she said matters, what
she tried before, and where her clinic is. What was shared is kept word for word (`Offer.options`); its digest names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from althea.care.days import today
from althea.care.facts import Chart, facts_of
from althea.care.known import jurisdiction_of, knowledge
from althea.care.models import IntakeAnswer, Offer, OfferReply, Patient, Trial
from althea.care.past_trials import past_trials
from althea.care.signing import digest_of
from althea.care.trial_case import category_at_end
from althea.engine.options import NO_MEDICINE, PastTrial, options_for
from althea.engine.options_shown import Options
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.rule import Allergy

NOT_NOW = "not-now"
"""She decided not to decide yet. Nothing of it is an option that was compared."""
NOT_NOW_IN_WORDS = "Not now"


def compare(
    chart: Chart, on: date, *, values: Sequence[str], candidates: Sequence[str] | None = None, added: Sequence[str] = ()
) -> Options:
    """Her options of this day. `candidates`: medicines her prescriber wants compared; None: all that were studied, and
    those `added`."""
    return options_for(
        facts_of(chart, on),
        knowledge(),
        values=tuple(values),
        candidates=None if candidates is None else tuple(candidates),
        added=tuple(added),
        past=tried_before(chart, on),
        jurisdiction=jurisdiction_of(chart.patient),
    )


def tried_before(chart: Chart, on: date) -> tuple[PastTrial, ...]:
    """What she took before and does not take now: as it was told, and our own trials that ended, each once."""
    ended = Trial.objects.filter(patient=chart.patient, ended_on__lte=on).order_by("ended_on")
    past = past_trials(chart, [(one, category_at_end(one, chart)) for one in ended], on)
    return tuple(one.for_options() for one in past if one.medicine)


def what_matters(patient: Patient) -> tuple[tuple[str, ...], date | None]:
    """What she said matters, most important first, and when. Her newest words: of an offer, or of her intake."""
    reply = OfferReply.objects.filter(offer__patient=patient).order_by("-at").first()
    answer = IntakeAnswer.objects.filter(intake__patient=patient, question="values").order_by("-at").first()
    found = [
        (row.at, value)
        for row, value in ((reply, getattr(reply, "values", None)), (answer, getattr(answer, "value", None)))
        if row is not None and isinstance(value, list)
    ]
    if not found:
        return (), None
    at, values = max(found, key=lambda one: one[0])
    return tuple(str(one) for one in values), today(patient, at)


def open_offer(patient: Patient) -> Offer | None:
    """The one that is prepared or shared and not closed; a shared one stands before a draft. None: there is none."""
    rows = Offer.objects.filter(patient=patient, closed_at__isnull=True)
    drafts_last = sorted(rows, key=lambda one: (one.shared_at is None, -one.prepared_at.timestamp()))
    return next(iter(drafts_last), None)


def digest(offer: Offer) -> str:
    """Which text did she see?  The digest of the options and of her prescriber's words to her."""
    return digest_of({"options": offer.options, "words": offer.words})


def option_of(shown: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """One of the options she was shown; what was held back was not. None: it was not among them."""
    found: dict[str, Any] | None = next((one for one in shown.get("offered", ()) if one["id"] == key), None)
    return found


def candidates_of(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """The medicines that were compared, those held back among them."""
    rows = [*shown.get("offered", ()), *shown.get("not_without_a_talk", ())]
    return tuple(one["id"] for one in rows if one["kind"] == "medicine")


def medicine_of(chosen: str) -> str:
    """Which medicine is this option?  Empty: it is none, or not one of ours."""
    option = knowledge().options.get(chosen)
    if option is not None:
        return option.medicine
    return chosen if chosen in knowledge().medicines else ""


def in_words(shown: Mapping[str, Any], chosen: str) -> str:
    """What was chosen, by its name on the page."""
    if chosen == NOT_NOW:
        return NOT_NOW_IN_WORDS
    option = option_of(shown, chosen)
    if option is not None:
        return str(option["name"])
    return knowledge().options[NO_MEDICINE].name if chosen == NO_MEDICINE else chosen


def may_be_chosen(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(id, name): what she was shown; "No medicine now" and "Not now" are there even where nothing was compared."""
    rows = [(one["id"], one["name"]) for one in shown.get("offered", ())]
    if NO_MEDICINE not in dict(rows):
        rows.append((NO_MEDICINE, in_words(shown, NO_MEDICINE)))
    return [*rows, (NOT_NOW, NOT_NOW_IN_WORDS)]


def changed_since(offer: Offer, chart: Chart, on: date) -> list[str]:
    """What would she be told otherwise today?  Lines for her prescriber; empty: the very same, the day apart."""
    shown = offer.options
    if not shown:
        return []
    now = compare(chart, on, values=shown["values"], candidates=candidates_of(shown)).as_shown()
    lines: list[str] = []
    if now["knowledge"] != shown["knowledge"]:
        lines.append(f"The evidence is of another edition: {shown['knowledge']} then, {now['knowledge']} now.")
    if now["situations"] != shown["situations"]:
        named = ", ".join(one["name"] for one in now["situations"]) or "none that options were compared in"
        lines.append(f"Her situation is now: {named}.")
    before, after = _by_id(shown), _by_id(now)
    for key in [one for one in after if one in before]:
        lines += _otherwise(before[key], after[key])
    if not lines and _for_her(now) != _for_her(shown):
        lines.append("Some of what she reads would be worded otherwise today.")
    return lines


def talk_first(offer: Offer, chart: Chart, on: date) -> dict[str, str]:
    """Which of the options she was shown would be held back today, or carry a critical or an allergy finding that they
    did not?  {id: what was found}. What she took before holds nothing back, and is not read again."""
    shown = offer.options
    if not shown:
        return {}
    now = options_for(
        facts_of(chart, on), knowledge(), values=(), candidates=candidates_of(shown),
        jurisdiction=jurisdiction_of(chart.patient),
    ).as_shown()  # fmt: skip
    today_, found = _by_id(now), dict[str, str]()
    for before in shown["offered"]:
        known = {row["title"] for row in before["found"]}
        after = today_.get(before["id"], before)
        new = [*after["held"], *(row for row in after["found"] if row["title"] not in known and _grave(row))]
        if new:
            found[before["id"]] = new[0]["title"]
    return found


def _grave(row: Mapping[str, Any]) -> bool:
    return row["level"] == Level.CRITICAL.word or isinstance(knowledge().rules.get(row["rule"]), Allergy)


def _for_her(shown: Mapping[str, Any]) -> dict[str, Any]:
    """All of it but the day, the edition, and the notes that only her prescriber reads."""
    return {key: value for key, value in shown.items() if key not in ("on", "knowledge", "notes")}


def _by_id(shown: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["id"]: one for one in [*shown["offered"], *shown["not_without_a_talk"]]}


def _otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    known = {row["title"] for row in [*before["held"], *before["found"]]}
    if after["held"] and not before["held"]:
        return [f"{after['name']} is held back now: {after['held'][0]['title']}"]
    if before["held"] and not after["held"]:
        return [f"{after['name']} is no longer held back."]
    return [f"{after['name']}: {row['title']}" for row in after["found"] if row["title"] not in known]
