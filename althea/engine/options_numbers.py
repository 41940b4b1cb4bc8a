"""How many of 100?  A source's numbers as people out of 100, and in words.

Sources count responders, or give a ratio. A ratio becomes people only together with how many are better anyway, which
is cited too; the words then say that it was calculated, and from what. Nothing here knows a clinical number.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from althea.engine.facts import plain
from althea.engine.options_shown import BenefitShown
from althea.knowledge.schema.choice import OUT_OF, Benefit, Choice, Option
from althea.knowledge.schema.evidence import Mark

NOTHING_CHECKED = "There are no numbers that we could check."


def more_by_odds(anyway: int, ratio: Decimal) -> int:
    """How many more of 100 feel better, by an odds ratio?  p = r x a / (100 - a + r x a), to the nearest person."""
    better = OUT_OF * ratio * anyway / (OUT_OF - anyway + ratio * anyway)
    return _whole(better) - anyway


def more_by_risk(anyway: int, ratio: Decimal) -> int:
    """How many more of 100 feel better, by a risk ratio?  p = r x a, never more than all."""
    return min(_whole(ratio * anyway), OUT_OF) - anyway


def benefit_shown(benefit: Benefit | None, choice: Choice, option: Option, stage: str) -> BenefitShown:
    """What the knowledge says of this option in this situation, or that it says nothing."""
    if benefit is None:
        nothing = f"We found no study of it that we could read for {choice.for_her}. {NOTHING_CHECKED}"
        return BenefitShown(
            situation=choice.id, here=False, for_her=nothing, studied="Not studied here, or not read.", limits="",
            outcome=choice.outcome, sources=(), mark=Mark.UNVERIFIED.value,
        )  # fmt: skip
    here = stage in choice.studied_stages
    read = benefit.mark is not Mark.UNVERIFIED
    more, low, high, calculated = _more(benefit)
    shown = read and benefit.anyway is not None and more is not None
    weeks = _weeks(benefit) if read else ""
    words = _in_words(benefit, more or 0, low, high, weeks, option) if shown else [NOTHING_CHECKED]
    if not here:
        words.insert(0, f"This was not studied {_where(stage)}.")
    elsewhere = "" if here else f"Not studied {_where(stage)}: from other people. "
    return BenefitShown(
        situation=choice.id,
        anyway=benefit.anyway if shown else None,
        more=more if shown else None,
        anyway_low=benefit.anyway_low if shown else None,
        anyway_high=benefit.anyway_high if shown else None,
        more_low=low if shown else None,
        more_high=high if shown else None,
        weeks=weeks,
        outcome=choice.outcome,
        of_whom=benefit.of_whom,
        family=benefit.family if shown else "",
        here=here,
        for_her=" ".join([*words, benefit.limits_for_her]),
        studied=elsewhere + benefit.studied,
        limits=benefit.limits,
        certainty=benefit.certainty,
        calculated=calculated if shown else "",
        sources=benefit.sources,
        mark=benefit.mark.value,
    )


def _more(benefit: Benefit) -> tuple[int | None, int | None, int | None, str]:
    """(how many more, the lower and the upper end, how it was calculated)."""
    anyway = benefit.anyway
    if anyway is None or benefit.more is not None:
        return benefit.more, benefit.more_low, benefit.more_high, ""
    for name, ratio, low, high, count in (
        ("an odds ratio", benefit.odds_ratio, benefit.odds_ratio_low, benefit.odds_ratio_high, more_by_odds),
        ("a risk ratio", benefit.risk_ratio, benefit.risk_ratio_low, benefit.risk_ratio_high, more_by_risk),
    ):
        if ratio is not None:
            ends = [None if one is None else count(anyway, one) for one in (low, high)]
            said = f"Calculated from {name} of {plain(ratio)} and {anyway} of {OUT_OF} better anyway."
            return count(anyway, ratio), ends[0], ends[1], said
    return None, None, None, ""


def _in_words(benefit: Benefit, more: int, low: int | None, high: int | None, weeks: str, option: Option) -> list[str]:
    anyway = benefit.anyway or 0
    words = [f"Of {OUT_OF} {benefit.of_whom}, about {anyway} feel much better anyway."]
    if benefit.anyway_low is not None and benefit.anyway_high is not None:
        words.append(f"Studies put that at {benefit.anyway_low} to {benefit.anyway_high}.")
    if option.kind == "no-medicine":
        words.append(f"About {OUT_OF - anyway} do not feel much better yet.")
    else:
        because = "because of the medicine" if option.kind == "medicine" else "because of the therapy"
        extra = f"About {more} more feel much better" if more >= 0 else f"About {-more} fewer feel much better"
        words.append(f"{extra} {because}. {OUT_OF - anyway - more} do not yet.")
    if low is not None and high is not None:
        words.append(f"It could be from {f'{-low} fewer' if low < 0 else low} to {high} more.")
    words.append(f"That is {weeks}." if weeks else "We could not check after how many weeks.")
    if benefit.family:
        words.append(f"The number is for {benefit.family} together, not for {option.name.lower()} alone.")
    return words


def _weeks(benefit: Benefit) -> str:
    if benefit.weeks is None:
        return ""
    if benefit.weeks_to is not None:
        return f"after {benefit.weeks} to {benefit.weeks_to} weeks"
    return f"after about {benefit.weeks} weeks"


def _where(stage: str) -> str:
    return {"pregnant": "in pregnancy", "after-birth": "after a birth"}.get(stage, "in your situation")


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
