"""How much, how often: structure first, then the sig as text, and what cannot be read stays unknown."""

import pytest

from althea.fhir.sig import read_sig
from tests.fhir.samples import UCUM, dose, facts, order, quantity, seen


def taken(*, code="36437", text="sertraline", **more):
    return facts(order(code, text, **more)).medicines[0]


def daily(**more):
    return str(taken(**more).daily)


@pytest.mark.parametrize(
    ("text", "single", "a_day"),
    [
        ("take 1 tablet twice daily", "1 count", "2 count"),
        ("one half tablet at bedtime", "0.5 count", "0.5 count"),
        ("300 mg bid", "300 mg", "600 mg"),
        ("2 capsules every morning and 1 at night", "2 count", "3 count"),
        ("Take 1-2 tablets every 4 to 6 hours as needed, max 8 tablets per day", "2 count", "8 count"),
        ("take 1 1/2 tablets in the morning and at bedtime", "1.5 count", "3 count"),
        ("Take one 300 mg capsule three times a day", "300 mg", "900 mg"),
        ("Take 2 tablets (50 mg) by mouth every day", "50 mg", "50 mg"),
        ("0.5 mg q6h prn", "0.5 mg", "2 mg"),
        ("1 tablet up to 3 times daily as needed", "1 count", "3 count"),
        ("50 mg every other day", "50 mg", "25 mg"),
        ("take 2 tablets once daily at bedtime", "2 count", "2 count"),
    ],
)
def test_a_sig_is_read(text, single, a_day):
    line = read_sig(text)
    assert f"{line.single.value.normalize():f} {line.single.unit}" == single
    assert f"{line.daily.value.normalize():f} {line.daily.unit}" == a_day


@pytest.mark.parametrize(
    "text",
    [
        "take 1 tablet daily for 7 days then 2 tablets daily",
        "increase by 25 mg every week",
        "25 mg weeks 1-2, 50 mg weeks 3-4",
        "1 tablet daily and 5 mL at night",
        "",
    ],
)
def test_a_sig_that_changes_or_mixes_is_not_read(text):
    assert read_sig(text) is None


def test_as_directed_says_no_dose():
    assert taken(dosageInstruction=[{"text": "as directed"}]).daily is None


def test_dose_times_frequency():
    assert daily(dosageInstruction=dose(300, frequency=2, period=1, periodUnit="d")) == "600 mg"


def test_every_six_hours_is_four_a_day():
    assert daily(dosageInstruction=dose(1, "mg", frequency=1, period=6, periodUnit="h")) == "4 mg"


def test_micrograms_keep_their_unit():
    assert daily(dosageInstruction=dose(25, "ug")) == "25 mcg"


def test_tablets_count_by_the_strength_of_the_product():
    assert daily(code="312938", dosageInstruction=dose(1.5, "{tablet}")) == "150 mg"


def test_a_dose_without_a_unit_is_tablets_and_says_so():
    row = taken(
        code="312938",
        dosageInstruction=[
            {
                "doseAndRate": [{"doseQuantity": {"value": 1}}],
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            }
        ],
    )
    assert str(row.daily) == "200 mg"
    assert "has no unit" in row.said[0]


def test_a_large_dose_without_a_unit_is_unknown():
    row = taken(
        code="312938",
        dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 300}}], "timing": {"code": {"text": "BID"}}}],
    )
    assert row.daily is None


def test_a_range_counts_at_its_upper_end_and_says_so():
    ranged = [
        {
            "doseAndRate": [{"doseRange": {"low": {"value": 25, "unit": "mg"}, "high": {"value": 50, "unit": "mg"}}}],
            "timing": {"code": {"coding": [{"code": "BID"}]}},
        }
    ]
    row = taken(dosageInstruction=ranged)
    assert str(row.daily) == "100 mg"
    assert row.said == ("its dose is a range: counted at the upper end, 50 mg",)


def test_as_needed_counts_at_its_maximum_and_says_so():
    line = dose(1, frequency=1, period=6, periodUnit="h")[0] | {
        "asNeededBoolean": True,
        "maxDosePerPeriod": {"numerator": {"value": 3, "unit": "mg"}, "denominator": {"value": 1, "unit": "d"}},
    }
    row = taken(dosageInstruction=[line])
    assert str(row.daily) == "3 mg"
    assert row.as_needed
    assert row.said == ("as needed: counted at its maximum, 3 mg a day",)


def test_frequency_up_to_counts_at_its_upper_end():
    assert daily(dosageInstruction=dose(10, frequency=1, frequencyMax=3, period=1, periodUnit="d")) == "30 mg"


@pytest.mark.parametrize(
    ("code", "a_day"),
    [("QD", "50 mg"), ("BID", "100 mg"), ("TID", "150 mg"), ("QID", "200 mg"), ("QOD", "25 mg"), ("AM", "50 mg")],
)
def test_timing_codes(code, a_day):
    line = dose(50)[0] | {"timing": {"code": {"coding": [{"code": code}]}}}
    assert daily(dosageInstruction=[line]) == a_day


def test_days_of_the_week_are_averaged_and_said():
    row = taken(dosageInstruction=dose(70, frequency=1, period=1, periodUnit="wk", dayOfWeek=["mon"]))
    assert str(row.daily) == "10 mg"
    assert "every 7 days" in row.said[0]


def test_several_times_of_day():
    assert daily(dosageInstruction=dose(10, when=["MORN", "NIGHT"])) == "20 mg"


def test_concurrent_instructions_add_up():
    assert daily(dosageInstruction=dose(100) + dose(50)) == "150 mg"


def test_sequential_instructions_count_at_the_highest_and_say_so():
    steps = [dose(50)[0] | {"sequence": 1}, dose(100)[0] | {"sequence": 2}]
    row = taken(dosageInstruction=steps)
    assert str(row.daily) == "100 mg"
    assert "the highest step counts" in row.said[0]


def test_one_instruction_of_several_that_is_unknown_makes_the_sum_unknown():
    assert taken(dosageInstruction=[*dose(50), {"text": "as directed"}]).daily is None


def test_a_count_of_one_is_once():
    row = taken(dosageInstruction=dose(50, count=1))
    assert row.once
    assert str(row.daily) == "50 mg"


def test_text_fills_what_the_structure_leaves_open():
    line = {"text": "50 mg twice daily", "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}
    assert daily(dosageInstruction=[line]) == "100 mg"


def test_a_dose_for_each_kilogram_needs_her_weight():
    line = dose(10, "mg/kg")
    assert facts(order(dosageInstruction=line), seen("29463-7", -3, **quantity(60, "kg"))).medicines[0].daily.mg == 600
    row = facts(order(dosageInstruction=line)).medicines[0]
    assert row.daily is None
    assert "weight is not known" in row.said[0]


def test_a_volume_stays_unknown_and_says_why():
    row = taken(code="314078", text="lithium citrate", dosageInstruction=dose(5, "mL"))
    assert row.daily is None
    assert "volume" in row.said[0]


def test_a_combination_gives_each_ingredient_its_own_dose():
    rows = facts(order("721787", "olanzapine / fluoxetine", dosageInstruction=dose(2, "{capsule}"))).medicines
    assert [(row.id, str(row.daily)) for row in rows] == [("olanzapine", "12 mg"), ("fluoxetine", "50 mg")]


def test_one_mass_for_two_ingredients_is_the_first_ones_and_is_said():
    concept = {
        "text": "olanzapine / fluoxetine",
        "coding": [
            {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": code} for code in ("61381", "4493")
        ],
    }
    rows = facts(order() | {"medicationCodeableConcept": concept, "dosageInstruction": dose(6)}).medicines
    assert [(row.id, row.daily and str(row.daily)) for row in rows] == [("olanzapine", "6 mg"), ("fluoxetine", None)]
    assert "read as olanzapine" in rows[0].said[0]


@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        7,
        [None],
        [[]],
        [{"doseAndRate": "x"}],
        [{"timing": {"repeat": {"frequency": "two", "period": {}}}}],
        [{"doseAndRate": [{"doseQuantity": {"value": 1e300, "unit": "mg", "system": UCUM}}]}],
    ],
)
def test_a_dose_of_the_wrong_shape_is_unknown(wrong):
    assert taken(dosageInstruction=wrong).daily is None


def test_the_strength_printed_in_the_words_counts_where_the_code_has_none():
    row = taken(text="sertraline 50 mg tablet", dosageInstruction=[{"text": "take 2 tablets daily"}])
    assert str(row.daily) == "100 mg"
