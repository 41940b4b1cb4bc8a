"""A small knowledge for tests of the engine: written as TOML, read by the real loader."""

from __future__ import annotations

from pathlib import Path

from althea.knowledge import Knowledge
from althea.knowledge.load import FOLDERS, read

MEDICINES = """
[[medicine]]
id = "{id}"
name = "{id}"
rxcui = "{number}"
"""

WORLD = """
[[class]]
id = "nsaid"
name = "NSAIDs"
members = ["naproxen", "aspirin"]
sources = ["label#7"]
mark = "read"
[[class]]
id = "ssri"
name = "SSRIs"
members = ["sertraline", "paroxetine"]
sources = ["label#7"]
mark = "read"
[[class]]
id = "teratogen"
name = "teratogens"
members = ["valproate"]
sources = ["label#7"]
mark = "read"
[[class]]
id = "pill"
name = "the pill"
members = ["norethindrone", "progestogen-only-pill"]
sources = ["label#7"]
mark = "read"
"""

VOCABULARY = """
[[condition]]
id = "liver-disease"
name = "liver disease"
icd10cm = ["K74"]
[[condition]]
id = "birth-plan"
name = "a birth plan"
"""

MEASURES = "".join(
    f"""
[[measure]]
id = "{id}"
name = "{name}"
loinc = ["{loinc}"]
unit = "{unit}"
plausible_from = 0
plausible_to = {top}
sources = ["label#7"]
mark = "read"
"""
    for id, name, loinc, unit, top in (
        ("lithium-level", "lithium level", "14334-7", "mmol/L", 10),
        ("egfr", "eGFR", "98979-8", "mL/min/1.73m2", 250),
        ("weight", "weight", "29463-7", "kg", 400),
        ("creatinine", "creatinine", "2160-0", "mg/dL", 30),
    )
)

STAGES = """
[[stage]]
id = "pregnancy"
name = "pregnancy"
ask = "Could you be pregnant?"
why_ask = "x"
fresh_days = 30
fresh_days_before_teratogen = 7
sources = ["label#7"]
mark = "read"
[[stage]]
id = "contraception"
name = "contraception"
ask = "x"
why_ask = "x"
fresh_days = 365
sources = ["label#7"]
mark = "read"
[[method]]
id = "copper-iud"
name = "copper IUD"
phrases = ["copper iud"]
effective = true
sources = ["label#7"]
mark = "read"
[[method]]
id = "condoms"
name = "condoms"
phrases = ["condoms"]
effective = false
sources = ["label#7"]
mark = "read"
[[method]]
id = "progestogen-only-pill"
name = "progestogen-only pill"
phrases = ["progestin only pill"]
effective = true
sources = ["label#7"]
mark = "read"
"""

NAMES = (
    "lithium",
    "naproxen",
    "aspirin",
    "sertraline",
    "paroxetine",
    "phenelzine",
    "valproate",
    "norethindrone",
    "folic-acid",
    "lamotrigine",
    "olanzapine",
)


def little(folder: Path, rules: str) -> Knowledge:
    """The small world with these rules in it. Keys a rule must have and a test does not care about are filled in."""
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    (folder / "CHANGELOG.md").write_text("## 2026.11\n")
    (folder / "meets" / "all.toml").write_text(
        "".join(MEDICINES.format(id=one, number=at + 1) for at, one in enumerate(NAMES))
    )
    (folder / "classes" / "all.toml").write_text(WORLD + _filled(rules))
    (folder / "conditions" / "all.toml").write_text(VOCABULARY)
    (folder / "measures" / "all.toml").write_text(MEASURES)
    (folder / "life_stages" / "all.toml").write_text(STAGES)
    return read(folder, "test00")


def _filled(rules: str) -> str:
    whole = ""
    for one in rules.split("[[rule]]"):
        if not one.strip():
            continue
        for key, value in (
            ("title", '"{medicine} asks."'),
            ("why", '"x"'),
            ("level", '"warning"'),
            ("mark", '"read"'),
            ("sources", '["label#7"]'),
        ):
            if f"\n{key} =" not in "\n" + "\n".join(line.strip() for line in one.splitlines()):
                one += f"\n{key} = {value}"
        whole += "\n[[rule]]" + one + "\n"
    return whole
