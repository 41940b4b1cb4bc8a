"""What does a creatinine say of her kidneys, where the laboratory gave no eGFR?

The CKD-EPI equation of 2021, without race. Every coefficient stands in `knowledge/life_stages/kidney.toml`; this
file only puts them together. The equation was made in adults who were not pregnant, with a creatinine that is steady.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from althea.engine.facts import LifeStage, Result
from althea.knowledge.schema.vocabulary import Number

NAME = "ckd-epi-2021-"
NOT_STEADY = ("pregnant", "contradictory")
"""Statements about pregnancy under which the equation has no answer: of what may be a pregnancy, too."""


def with_egfr(
    results: dict[str, tuple[Result, ...]], *, age: int | None, sex: str | None, stage: LifeStage,
    numbers: Mapping[str, Number],
) -> dict[str, tuple[Result, ...]]:  # fmt: skip
    """Her results, with an eGFR worked out from the newest creatinine where the laboratory gave none.

    What was worked out says so and from what. An eGFR on record, even one that could not be read, is left alone.
    """
    newest = next(iter(results.get("creatinine", ())), None)
    if newest is None or newest.value is None or "egfr" in results:
        return results
    status = stage.pregnancy.status if stage.pregnancy is not None else ""
    rate = egfr(newest.value, age=age, sex=sex or "", pregnant=status in NOT_STEADY, numbers=numbers)
    if rate is None:
        return results
    said = f"worked out from a creatinine of {newest.value} mg/dL"
    return {**results, "egfr": (Result(measure="egfr", value=rate, on=newest.on, said=said, ref=newest.ref),)}


def egfr(
    creatinine: Decimal, *, age: int | None, sex: str, pregnant: bool, numbers: Mapping[str, Number]
) -> Decimal | None:
    """What is the eGFR, in whole mL/min/1.73 m2, of this creatinine in mg/dL?

    None where the equation has no answer: a child, an age or a sex that is not known, a pregnancy, no creatinine
    above zero, or a coefficient that the knowledge does not have.
    """
    read = {key.removeprefix(NAME): one.value for key, one in numbers.items() if key.startswith(NAME)}
    needed = {"scale", "above", "age", "female", "age-from", f"kappa-{sex}", f"below-{sex}"}
    if sex not in ("female", "male") or not needed <= read.keys():
        return None
    if age is None or age < read["age-from"] or pregnant or creatinine <= 0:
        return None
    share = creatinine / read[f"kappa-{sex}"]
    rate = (
        read["scale"]
        * min(share, Decimal(1)) ** read[f"below-{sex}"]
        * max(share, Decimal(1)) ** read["above"]
        * read["age"] ** age
    )
    if sex == "female":
        rate *= read["female"]
    return rate.quantize(Decimal(1), ROUND_HALF_UP)
