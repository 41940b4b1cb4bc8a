"""Of whom is a rule true, said to a reader?  One phrase for each field of the filter; all of them must hold."""

from __future__ import annotations

from althea.clinic.words import bounds_in_words, conditions_named, listed, measure_name, names_of, span, unit
from althea.knowledge import Knowledge
from althea.knowledge.schema.who import ResultIs, ScoreIs, Who


def whom(who: Who, knowledge: Knowledge) -> tuple[str, ...]:
    """Of whom is a rule true?  One phrase for each field; all of them must hold. Empty: of anybody."""
    said: list[str] = []
    said += _ages(who)
    said += _stage(who, knowledge)
    if who.conditions:
        said.append(f"with {listed(conditions_named(who.conditions, knowledge))}")
    if who.without_conditions:
        said.append(f"without {listed(conditions_named(who.without_conditions, knowledge))} on record")
    if who.taking:
        said.append(f"also taking {listed(names_of(who.taking, knowledge))}")
    if who.not_taking:
        said.append(f"not taking {listed(names_of(who.not_taking, knowledge))}")
    said += _tobacco(who)
    said += [f"with a {gene} result of {listed(values)}" for gene, values in (who.genes or {}).items()]
    if who.untested_genes:
        said.append(f"never tested for {listed(who.untested_genes)}")
    said += [_result(bound, knowledge) for bound in who.results]
    said += [_score(bound, knowledge) for bound in who.scores]
    if who.jurisdiction:
        said.append(f"in {listed(who.jurisdiction)}")
    return tuple(said)


def _ages(who: Who) -> list[str]:
    if who.age_from is not None and who.age_to is not None:
        return [f"aged {who.age_from} to {who.age_to}"]
    if who.age_from is not None:
        return [f"aged {who.age_from} or over"]
    return [f"aged {who.age_to} or under"] if who.age_to is not None else []


def _stage(who: Who, knowledge: Knowledge) -> list[str]:
    said = [
        words
        for value, yes, no in (
            (who.pregnant, "pregnant", "not pregnant"),
            (who.could_be_pregnant, "pregnant, or nobody knows that she is not", "known not to be pregnant"),
            (
                who.protected,
                "in whom a pregnancy is known to be prevented or impossible",
                "in whom a pregnancy is not known to be prevented or impossible",
            ),
            (
                who.can_conceive,
                "in whom a pregnancy is not known to be impossible",
                "in whom a pregnancy is known to be impossible",
            ),
            (who.planning, "planning a pregnancy", "planning no pregnancy"),
            (who.breastfeeding, "breastfeeding", "not breastfeeding"),
            (who.infant_preterm, "whose baby was born before 37 weeks", "whose baby was born at 37 weeks or later"),
        )
        for words in ([yes] if value is True else [no] if value is False else [])
    ]
    if who.gestation_from is not None and who.gestation_to is not None:
        said.append(f"in week {who.gestation_from} to {who.gestation_to} of a pregnancy")
    elif who.gestation_from is not None:
        said.append(f"from week {who.gestation_from} of a pregnancy on")
    elif who.gestation_to is not None:
        said.append(f"up to week {who.gestation_to} of a pregnancy")
    if who.postpartum_from_days is not None and who.postpartum_to_days is not None:
        said.append(f"{who.postpartum_from_days} to {who.postpartum_to_days} days after a birth")
    elif who.postpartum_from_days is not None:
        said.append(f"{span(who.postpartum_from_days)} or more after a birth")
    elif who.postpartum_to_days is not None:
        said.append(f"in the first {span(who.postpartum_to_days)} after a birth")
    if who.infant_younger_than_days is not None:
        said.append(f"whose baby is younger than {span(who.infant_younger_than_days)}")
    if who.menopause:
        at = {"pre": "before the menopause", "peri": "in the perimenopause", "post": "after the menopause"}
        said.append(listed(at[one] for one in who.menopause))
    if who.contraception:
        said.append(f"whose contraception is {listed(names_of(who.contraception, knowledge))}")
    return said


def _tobacco(who: Who) -> list[str]:
    smokes = {"current": "who smokes", "stopped": "who has stopped smoking", "never": "who never smoked"}
    said = [listed(smokes[one] for one in who.tobacco)] if who.tobacco else []
    if who.tobacco_changed_within_days is not None:
        said.append(f"whose smoking changed in the last {span(who.tobacco_changed_within_days)}")
    return said


def _result(bound: ResultIs, knowledge: Knowledge) -> str:
    fresh = f", not older than {span(bound.within_days)}" if bound.within_days is not None else ""
    bounds = bounds_in_words(bound, unit(bound.measure, knowledge))
    return f"with the latest {measure_name(bound.measure, knowledge)} {bounds}{fresh}"


def _score(bound: ScoreIs, knowledge: Knowledge) -> str:
    fresh = f", not older than {span(bound.within_days)}" if bound.within_days is not None else ""
    return f"with the latest {measure_name(bound.scale, knowledge)} {bounds_in_words(bound)}{fresh}"
