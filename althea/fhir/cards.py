"""How is a review said in CDS Hooks cards?

One card a reason: critical ones all, at most four at warning or above (further warnings fold into one), three at info
(further ones fold), and one card for what could not be checked. Nothing to say is no card at all.
"""

from __future__ import annotations

from functools import lru_cache
from os import urandom
from typing import Any

from msgspec import Struct

from althea.engine.facts import Facts, Known, State
from althea.engine.finding import Evidence, Finding, NotChecked, Review
from althea.engine.order import Draft, ProposedOrder
from althea.fhir.codes import OVERRIDES, RULES
from althea.fhir.elements import Json
from althea.knowledge import Knowledge
from althea.knowledge.schema.evidence import Level, Mark

CRITICAL, WARNING, INFO = Level.CRITICAL, Level.WARNING, Level.INFO
LONGEST_SUMMARY = 139
MOST_LOUD = 4
MOST_INFO = 3
MOST_LINES = 40
"""Lines of what was not read or assumed that one card shows; the rest is counted."""
OVERRIDE_REASONS = [
    {"system": OVERRIDES, "code": code, "display": display}
    for code, display in (
        ("benefit-outweighs", "Benefit judged to outweigh risk"),
        ("will-monitor", "Will monitor"),
        ("already-done", "Already done"),
        ("patient-preference", "Her preference, after discussion"),
        ("not-applicable", "Does not apply to her"),
        ("data-wrong", "The data are wrong"),
    )
]
MARKDOWN = str.maketrans({"<": "&lt;", ">": "&gt;", "[": "\\[", "]": "\\]", "`": "'"})
NOT_KNOWN = " is not in Althea's knowledge: not checked."
"""How the engine ends its note on a medicine that stands in no table."""
VERSION_BITS, VERSION_4 = 0xF000C000 << 48, 0x40008000 << 48
"""Where a UUID says that it is random (RFC 9562, section 5.4)."""
CALM = "Not yet reviewed by a clinician."


class Sheet(Struct, frozen=True, gc=False):
    """What every card of one answer needs."""

    knowledge: Knowledge
    base_url: str
    order: ProposedOrder | None
    may_suggest: bool


def cards_of(
    review: Review, facts: Facts, order: ProposedOrder | None, knowledge: Knowledge, *, base_url: str, may_suggest: bool
) -> list[Json]:
    """Every card of one answer, the loudest first."""
    sheet = Sheet(knowledge, base_url.rstrip("/"), order, may_suggest)
    cards = _of_findings(review.findings, sheet) if review.findings else []
    unchecked = _not_checked(review, facts, sheet)
    if unchecked is not None:
        cards.append(unchecked)
    return cards


def _of_findings(findings: tuple[Finding, ...], sheet: Sheet) -> list[Json]:
    critical = [one for one in findings if one.level is CRITICAL]
    warnings = [one for one in findings if one.level is WARNING]
    notes = [one for one in findings if one.level is INFO]
    cards = [_card(one, sheet) for one in critical]
    room = MOST_LOUD - len(critical)
    if len(warnings) > max(room, 1):
        room = max(room - 1, 0)
        cards += [_card(one, sheet) for one in warnings[:room]]
        cards.append(_folded(warnings[room:], "warning", sheet))
    else:
        cards += [_card(one, sheet) for one in warnings]
    if len(notes) > MOST_INFO + 1:
        cards += [_card(one, sheet) for one in notes[:MOST_INFO]]
        cards.append(_folded(notes[MOST_INFO:], "info", sheet))
    else:
        cards += [_card(one, sheet) for one in notes]
    return cards


def plain_card(summary: str, detail: str, knowledge: Knowledge, *, base_url: str) -> Json:
    """One info card that is not about a rule: "Althea's knowledge is for adults: not checked"."""
    sheet = Sheet(knowledge, base_url.rstrip("/"), None, False)
    return _made(summary, "info", detail, "Althea", "scope", "Whom Althea's knowledge is for", sheet)


def shortened(sentence: str) -> str:
    """A sentence of at most 139 characters: whole words are dropped at the end, and a number is never cut."""
    sentence = " ".join(sentence.split())
    if len(sentence) <= LONGEST_SUMMARY:
        return sentence
    cut = sentence[:LONGEST_SUMMARY].rpartition(" ")[0]
    return (cut or "Too long to show in one line").rstrip(",;: ")[: LONGEST_SUMMARY - 1] + "…"


# --- one finding --------------------------------------------------------------------------------------------


def _card(finding: Finding, sheet: Sheet) -> Json:
    card = _made(
        shortened(finding.title),
        finding.level.word,
        _detail(finding, sheet),
        _source_label(finding, sheet),
        finding.rule,
        _topic(finding.rule),
        sheet,
    )
    if finding.level is not INFO:
        card["overrideReasons"] = OVERRIDE_REASONS
        suggestions = _suggestions(finding, sheet)
        if suggestions:
            card["suggestions"] = suggestions
            card["selectionBehavior"] = "at-most-one"
    return card


def _made(summary: str, indicator: str, detail: str, label: str, code: str, display: str, sheet: Sheet) -> Json:
    return {
        "uuid": _uuid(),
        "summary": summary,
        "indicator": indicator,
        "detail": detail,
        "source": {
            "label": label,
            "url": f"{sheet.base_url}/rules/{code}",
            "topic": {"system": RULES, "code": code, "display": display},
        },
    }


def _detail(finding: Finding, sheet: Sheet) -> str:
    parts = []
    if finding.because:
        parts.append("**Because**\n\n" + "\n".join(f"- {_fact(one)}" for one in finding.because))
    if finding.why:
        parts.append(finding.why)
    if finding.do:
        parts.append("**What to do**\n\n" + "\n".join(f"- {line}" for line in finding.do))
    if finding.beside:
        parts.append("\n".join(f"- {_safe(line)}" for line in finding.beside))
    if finding.said:
        parts.append("**Assumed**\n\n" + "\n".join(f"- {_safe(line)}" for line in finding.said))
    parts.append("**Source**\n\n" + "\n".join(f"- {line}" for line in _sources(finding, sheet)))
    parts.append(f"Knowledge {finding.knowledge}; {_marked(finding, sheet)}. {CALM}")
    return "\n\n".join(parts)


def _fact(evidence: Evidence) -> str:
    """A fact in words, with its day where the words do not already name it."""
    words = _safe(evidence.what)
    return words if evidence.on is None or str(evidence.on) in words else f"{words} ({evidence.on})"


def _sources(finding: Finding, sheet: Sheet) -> list[str]:
    places: dict[str, list[str]] = {}
    for source in finding.sources:
        document, _, where = source.partition("#")
        places.setdefault(document, []).append(where)
    said = []
    for document, wheres in places.items():
        record = sheet.knowledge.sources.get(document)
        name = document if record is None else record.title + (f" ({record.edition})" if record.edition else "")
        said.append("; ".join(filter(None, (name, *wheres))))
    return said or ["Althea's own rule"]


def _source_label(finding: Finding, sheet: Sheet) -> str:
    for source in finding.sources:
        record = sheet.knowledge.sources.get(source.partition("#")[0])
        if record is not None:
            return record.title
    return "Althea's knowledge"


def _marked(finding: Finding, sheet: Sheet) -> str:
    """How far the claim was followed, in words."""
    rule = sheet.knowledge.rules.get(finding.rule)
    read_on = getattr(rule, "read_on", None)
    checked_on = getattr(rule, "checked_on", None)
    if finding.mark is Mark.UNVERIFIED:
        return "unverified: the primary document was not opened"
    first = "read in the primary document" + (f" on {read_on}" if read_on else "")
    if finding.mark is Mark.READ_TWICE:
        return first + ", and read a second time" + (f" on {checked_on}" if checked_on else "")
    return first + ", not read a second time"


def _topic(rule: str) -> str:
    words = rule.replace("-", " ")
    return words[:1].upper() + words[1:]


def _suggestions(finding: Finding, sheet: Sheet) -> list[Json]:
    """Removing a draft order, where that alone would settle it. One for each draft it is about."""
    if not sheet.may_suggest or sheet.order is None or not finding.about_order:
        return []
    found: dict[str, Draft] = {}
    for draft in sheet.order.drafts:
        if draft.medicine.id in finding.medicines and draft.medicine.ref.partition("/")[2]:
            found.setdefault(draft.medicine.ref, draft)
    several = len(found) > 1
    return [
        {
            "label": f"Remove the draft order of {draft.medicine.name}" if several else "Remove this draft order",
            "uuid": _uuid(),
            "isRecommended": False,
            "actions": [
                {
                    "type": "delete",
                    "description": _deleting(draft),
                    "resourceId": ref,
                }
            ],
        }
        for ref, draft in found.items()
    ]


# --- several in one -----------------------------------------------------------------------------------------


def _folded(findings: list[Finding], level: str, sheet: Sheet) -> Json:
    """Several findings on one card, each with its facts, what to do and its source."""
    if level == "warning":
        summary = f"{len(findings)} more warnings: {'; '.join(one.title.rstrip('.') for one in findings)}"
    else:
        summary = f"Also worth knowing: {'; '.join(one.title.rstrip('.') for one in findings)}"
    blocks = []
    for one in findings:
        lines = [
            f"**{one.title}**",
            "",
            f"Because: {'; '.join(_fact(fact) for fact in one.because)}." if one.because else "",
            one.why,
        ]
        lines += [f"- {line}" for line in one.do]
        lines.append(f"Source: {'; '.join(_sources(one, sheet))} ({_marked(one, sheet)}). Rule: {one.rule}.")
        blocks.append("\n".join(line for number, line in enumerate(lines) if line or number == 1))
    detail = "\n\n".join(blocks) + f"\n\nKnowledge {findings[0].knowledge}. {CALM}"
    code, display = (
        ("more-warnings", "Further warnings") if level == "warning" else ("worth-knowing", "Also worth knowing")
    )
    card = _made(shortened(summary), level, detail, "Althea's knowledge", code, display, sheet)
    if level == "warning":
        card["overrideReasons"] = OVERRIDE_REASONS
    return card


def _not_checked(review: Review, facts: Facts, sheet: Sheet) -> Json | None:
    """The one card that says what could not be checked, why, and what was assumed or not read."""
    waiting: dict[str, list[NotChecked]] = {}
    broken = [one for one in review.not_checked if one.error]
    asked = [one for one in review.not_checked if one.medicines or one.could_be is not INFO]
    # what merely informs, and of no medicine of hers, is no reason for a card: it is named where there is one
    for one in review.not_checked if asked or sheet.order is not None else ():
        for missing in one.missing:
            waiting.setdefault(missing, []).append(one)
    blind = _blind(facts)
    notes = _worth_saying(review.notes, facts, sheet, bool(waiting or broken or blind))
    if not waiting and not broken and not blind and not notes:
        return None
    loudest = [one for one in review.not_checked if one.could_be is CRITICAL]
    parts = [f"- {line}" for line in blind]
    # what holds up the most, and the loudest, first
    for missing, rules in sorted(waiting.items(), key=_holds_up):
        parts.append(f"- **{_safe(missing)}**: {_waited(tuple([(one.title, one.could_be) for one in rules]))}")
    for one in broken:
        parts.append(f"- {_safe(one.title)} Not checked because the rule failed ({one.error}).")
    detail = "**Missing, and what waited for it**\n\n" + "\n".join(parts) if parts else ""
    if loudest:
        detail += "\n\nThe answer could turn critical where it says so."
    if notes:
        shown = [f"- {_safe(line)}" for line in notes[:MOST_LINES]]
        if len(notes) > MOST_LINES:
            shown.append(f"- and {len(notes) - MOST_LINES} more")
        detail += ("\n\n" if detail else "") + "**Assumed, or not read**\n\n" + "\n".join(shown)
    if not facts.stage.applies:
        detail += f"\n\nLife stage: does not apply ({facts.stage.why_not})."
    detail += f"\n\nKnowledge {sheet.knowledge.stamp}. {CALM}"
    summary = _unchecked_summary(list(waiting), len(review.not_checked), blind, notes)
    return _made(summary, "info", detail.strip(), "Althea", "not-checked", "What could not be checked", sheet)


def _worth_saying(notes: tuple[str, ...], facts: Facts, sheet: Sheet, anyway: bool) -> list[str]:
    """Which assumptions and unread lines does a clinician want?  Strangers to our knowledge are named on one line.

    An assumption about a medicine that Althea does not know whole is said by the finding that uses it, not here; and an
    old order that is perhaps still taken, of a medicine we know nothing of, is no reason for a card of its own.
    """
    if not notes:
        return []
    whole = sheet.knowledge.monographs
    small = {
        f"{row.name}: {words}"
        for row in facts.medicines
        if row.state is not State.ORDERED and row.id not in whole
        for words in row.said
    }
    running = {row.name for row in facts.medicines if row.id is None and row.state is not State.PERHAPS}
    said = [line for line in notes if line not in small and not line.endswith(NOT_KNOWN)]
    strangers = [
        line.removesuffix(NOT_KNOWN) for line in notes if line.endswith(NOT_KNOWN) and " also holds " not in line
    ]
    said += [line for line in notes if line.endswith(NOT_KNOWN) and " also holds " in line]
    ours = (
        {draft.medicine.name for draft in (*sheet.order.drafts, *sheet.order.beside)}
        if sheet.order is not None
        else set()
    )
    if strangers and (anyway or said or any(name in running or name in ours for name in strangers)):
        said.append(f"{'; '.join(strangers)}: not in Althea's knowledge, not checked")
    return said


def _blind(facts: Facts) -> list[str]:
    """Without her medicines no rule is even asked: that must not be silence."""
    looked = facts.looked("medicines")
    if looked is Known.UNKNOWN:
        return [
            "**her medicines** were not handed over: what she takes was not checked; any answer could turn critical."
        ]
    if looked is Known.INCOMPLETE:
        return [
            "**her medicines** came incomplete: what is not listed was not checked; the answer could turn critical."
        ]
    return []


def _holds_up(item: tuple[str, list[NotChecked]]) -> tuple[int, int, str]:
    missing, rules = item
    return (-max([one.could_be for one in rules]), -len(rules), missing)


@lru_cache(maxsize=2048)
def _waited(rules: tuple[tuple[str, Level], ...]) -> str:
    """The checks that waited, by their titles; loudest first. The same ones wait for most women."""
    titles: dict[str, bool] = {}
    for title, could_be in sorted(rules, key=lambda one: -one[1]):
        titles[title.rstrip(".")] = titles.get(title.rstrip("."), False) or could_be is CRITICAL
    shown = [
        f"{_safe(title)}{' (could be critical)' if critical else ''}" for title, critical in list(titles.items())[:8]
    ]
    more = f"; and {len(titles) - 8} more" if len(titles) > 8 else ""
    return f"{len(titles)} check{'s' if len(titles) > 1 else ''} waited: {'; '.join(shown)}{more}."


def _unchecked_summary(missing: list[str], checks: int, blind: list[str], notes: list[str]) -> str:
    if blind:
        missing = ["her medicines", *missing]
    if not missing:
        if checks:
            return f"{checks} check{'s' if checks > 1 else ''} could not be made: see the reasons."
        if len(notes) == 1:
            return shortened(_sentence(notes[0]))
        return f"{len(notes)} points of the record were assumed or could not be read."
    for shown in range(min(3, len(missing)), 0, -1):
        rest = len(missing) - shown
        sentence = f"Could not be checked, missing: {'; '.join(missing[:shown])}{f'; and {rest} more' if rest else ''}."
        if len(sentence) <= LONGEST_SUMMARY:
            return sentence
    return f"Could not be checked: {len(missing)} facts are missing; the card names them."


def _sentence(line: str) -> str:
    line = line[:1].upper() + line[1:]
    return line if line.endswith((".", "”")) else f"{line}."


def _deleting(draft: Draft) -> str:
    return f"Delete the draft {'that stops' if draft.stop else 'order of'} {draft.medicine.name}"


def _uuid() -> str:
    """A random UUID, version 4."""
    drawn = (int.from_bytes(urandom(16), "big") & ~VERSION_BITS) | VERSION_4
    digits = f"{drawn:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _safe(text: Any) -> str:
    """Words of a record inside markdown: no tags, no links, one line."""
    text = str(text)
    if "<" in text or ">" in text or "[" in text or "]" in text or "`" in text:
        text = text.translate(MARKDOWN)
    return " ".join(text.split())
