"""What was found in the form as it stands, and what is done about it: shown beside the form, each with its answer.

What a finding asks for is ticked, in the rule's own sentences, and kept as the answer with the signature. What is
critical about the order itself is not answered by such a tick: the order is changed, or a reason is given. Of a check,
critical or not, it may be ticked that it is done or ordered.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from althea.care.draft import Found, Reviewed
from althea.care.known import knowledge
from althea.care.ready import CHECK_ANSWERS, DONE, NOT_NOW, REASONS, answered, more_than_a_tick, without_a_reason
from althea.care.regimen import OFTEN, Laid
from althea.clinic.findings import brief
from althea.clinic.pages.order.form import Typed, largest
from althea.clinic.words import day
from althea.knowledge.quantity import Dose
from althea.knowledge.schema.rule import DoseLimit, Monitoring, Titration


def findings_shown(reviewed: Reviewed, typed: Typed, plans: list[dict[str, Any]], on: date) -> list[dict[str, Any]]:
    """Each finding with its answer, the override form's fields, and a fix where its own record holds the number."""
    return [_finding(one, typed, plans, on) for one in reviewed.found]


def _finding(one: Found, typed: Typed, plans: list[Any], on: date) -> dict[str, Any]:
    answers = typed.answers
    given = answers.get(one.key, {})
    row = brief(one.finding, on)
    if one.step > 1:
        row["facts"] = [(f"Step {one.step} of this order", ""), *row["facts"]]
    check = isinstance(knowledge().rules[one.finding.rule], Monitoring) and one.finding.about_order
    asked_for = [] if more_than_a_tick(one) else [(line, line) for line in one.finding.do]
    if asked_for:  # what can be ticked is not said a second time
        row |= {"words": list(one.finding.beside), "more": [one.finding.why, *one.finding.said]}
    if check:
        asked_for = [(key, CHECK_ANSWERS[key]) for key in DONE] + asked_for
    put_off = check and given.get("how") == NOT_NOW
    reasons = [(f"override:{code}", label) for code, label in REASONS.items()]
    if put_off or (check and not more_than_a_tick(one)):
        reasons = [(NOT_NOW, CHECK_ANSWERS[NOT_NOW]), *reasons]
    why_not = _why_not(one, given, check)
    ticked = {*given.get("do", "").split("\n"), given.get("how", "")}
    if given.get("how") == "done":
        ticked |= set(given.get("code", "").split("\n"))
    return {
        "finding": row,
        "key": one.key,
        "step": one.step,
        "critical": one.critical,
        "settled": one.settled,
        "answered": bool(one.settled) or answered(one, answers) or (put_off and not why_not),
        "given": f"override:{given['code']}" if given.get("how") == "override" else NOT_NOW if put_off else "",
        "words": given.get("words", ""),
        "why_not": why_not,
        "ticks": [(value, words, value in ticked) for value, words in asked_for],
        "reasons": reasons,
        "fix": _fix(one, typed, plans),
        "may": not one.settled,
        "may_override": one.finding.level.name != "INFO",
    }


def _why_not(one: Found, given: dict[str, str], check: bool) -> str:
    """What an answer that was begun still needs."""
    if without_a_reason(given):
        return "Choose the reason that these words belong to, or take them out."
    if given.get("how") in ("override", NOT_NOW) and not given.get("words", "").strip():
        return "Write in your own words why: it stays in her record."
    if given.get("how") in ("done", NOT_NOW) and more_than_a_tick(one):
        first = "Tick that it is ordered or done, change" if check else "Change"
        return f"This does not settle it. {first} the order, or give one of the reasons above."
    return ""


def _fix(one: Found, typed: Typed, plans: list[dict[str, Any]]) -> dict[str, str] | None:
    """One click that does what the finding asks: the label's schedule, or the limit of the rule itself."""
    rule = knowledge().rules[one.finding.rule]
    begins = isinstance(rule, DoseLimit) and rule.max_start is not None
    if (isinstance(rule, Titration) or begins) and plans and plans[0]["whole"] and typed.replaces is None:
        return {"name": "label", "value": str(plans[0]["at"]), "words": f"Use {plans[0]['words']}"}
    # The highest dose is no dose to begin with: for the first step of a first order there is none to offer.
    first = not begins and one.step == 1 and typed.replaces is None
    if isinstance(rule, DoseLimit) and not rule.per_kg and one.step <= len(typed.rows) and not first:
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
