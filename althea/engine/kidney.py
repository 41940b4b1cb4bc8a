"""What does a creatinine say of her kidneys, where the laboratory gave no eGFR?

The CKD-EPI equation of 2021, without race. Every coefficient stands in `knowledge/life_stages/kidney.toml`; this
file only puts them together. The equation was made in adults who were not pregnant, with a creatinine that is steady.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from althea.engine.facts import LifeStage, Result
from althea.knowledge.schema.vocabulary import Number

NAME = "ckd-epi-2021-"
MOST_EQUATIONS = 4
"""Knowledges whose equation is remembered."""
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
    equation = _equation_of(numbers)
    if sex not in ("female", "male") or equation is None:
        return None
    if age is None or age < equation.age_from or pregnant or creatinine <= 0:
        return None
    return equation.rate(float(creatinine), age, sex)


@dataclass(frozen=True, slots=True)
class Equation:
    """The published coefficients. Powers are taken of floats: the answer is a whole number, and they are exact to
    twelve places more than that."""

    scale: float
    above: float
    age: float
    female: float
    age_from: Decimal
    kappa: Mapping[str, float]
    below: Mapping[str, float]

    def rate(self, creatinine: float, age: int, sex: str) -> Decimal:
        share = creatinine / self.kappa[sex]
        rate = self.scale * (share ** self.below[sex] if share < 1 else share**self.above) * self.age**age
        return Decimal(rate * self.female if sex == "female" else rate).quantize(Decimal(1), ROUND_HALF_UP)


_made: dict[int, tuple[Mapping[str, Number], Equation | None]] = {}


def _equation_of(numbers: Mapping[str, Number]) -> Equation | None:
    """The equation with this knowledge's coefficients, put together once for each; None where one is missing."""
    kept = _made.get(id(numbers))
    if kept is None or kept[0] is not numbers:
        while len(_made) >= MOST_EQUATIONS:
            del _made[next(iter(_made))]
        kept = _made[id(numbers)] = (numbers, _put_together(numbers))
    return kept[1]


def _put_together(numbers: Mapping[str, Number]) -> Equation | None:
    read = {key.removeprefix(NAME): one.value for key, one in numbers.items() if key.startswith(NAME)}
    by_sex = {"kappa-female", "kappa-male", "below-female", "below-male"}
    if not {"scale", "above", "age", "female", "age-from", *by_sex} <= read.keys():
        return None
    return Equation(
        scale=float(read["scale"]),
        above=float(read["above"]),
        age=float(read["age"]),
        female=float(read["female"]),
        age_from=read["age-from"],
        kappa={sex: float(read[f"kappa-{sex}"]) for sex in ("female", "male")},
        below={sex: float(read[f"below-{sex}"]) for sex in ("female", "male")},
    )
