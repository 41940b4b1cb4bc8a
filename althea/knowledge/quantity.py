"""How much of what?  Doses and results that cannot be mixed by accident.

A `Dose` is an exact mass. It is written as a person writes it ("25 mg", "0.4 mg", "400 mcg"), kept as a decimal number
of milligrams, and printed in the unit it was written in. Anything that is not a mass (mL, drops, "1 tablet") is
not a Dose: turning tablets into milligrams is the code map's work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MASS_IN_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
"""A number as a person writes it. Decimal itself also takes "1e3", "1_000", "inf" and digits of other scripts."""
WRITTEN_AS = {"ug": "mcg", "µg": "mcg", "μg": "mcg", "microgram": "mcg", "milligram": "mg", "gram": "g"}


@dataclass(frozen=True, slots=True)
class Dose:
    """An exact mass of medicine. `mg` compares; `unit` is only how it is printed."""

    mg: Decimal
    unit: str = "mg"

    @classmethod
    def of(cls, value: Decimal | int | str, unit: str) -> Dose:
        """Which mass is this?  Raises ValueError where the unit is not one of mass."""
        unit = WRITTEN_AS.get(unit.lower(), unit.lower())
        if unit not in MASS_IN_MG:
            raise ValueError(f"{unit!r} is not a unit of mass. Give mg, mcg or g.")
        return cls((Decimal(value) * MASS_IN_MG[unit]).normalize(), unit)

    @classmethod
    def parse(cls, text: str) -> Dose:
        """Which mass does this text say?  "25 mg" and nothing looser; raises ValueError."""
        try:
            value, unit = text.split()
        except ValueError:
            value = unit = ""
        if PLAIN.fullmatch(value) is None:
            raise ValueError(f"{text!r} is not a dose. Write a number and a unit, for example '25 mg'.")
        return cls.of(value, unit)

    def __str__(self) -> str:
        value = (self.mg / MASS_IN_MG[self.unit]).normalize()
        return f"{value:f} {self.unit}"

    def __lt__(self, other: Dose) -> bool:
        return self.mg < other.mg

    def __le__(self, other: Dose) -> bool:
        return self.mg <= other.mg

    def __add__(self, other: Dose) -> Dose:
        return Dose(self.mg + other.mg, self.unit)

    def __mul__(self, times: Decimal | int) -> Dose:
        return Dose(self.mg * times, self.unit)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets the loader read "25 mg" in a record; imported only while records are read."""
        from pydantic_core import core_schema

        def read(value: Any) -> Dose:
            if isinstance(value, cls):
                return value
            if not isinstance(value, str):
                raise ValueError("write a dose as text with its unit, for example '25 mg'")
            return cls.parse(value)

        return core_schema.no_info_plain_validator_function(read)
