"""Contraception that was stated, and what came after it: it holds until something tells against it, then it is unknown."""

import pytest

from althea.care.known import knowledge as whole
from althea.engine.facts import Known
from althea.fhir.read import read
from althea.fhir.record import of_bundle
from tests.fhir.samples import SNOMED, TODAY, bundle, coded, condition, day, facts, order, patient, quantity, seen


def stage(*resources, **about):
    return facts(*resources, **about).stage


def method(text, offset):
    return seen("86649-1", offset, valueCodeableConcept={"text": text})


def status(code, offset):
    return seen("82810-3", offset, valueCodeableConcept=coded(SNOMED, code))


PREGNANT, NOT, UNKNOWN = "77386006", "60001007", "261665006"
TELL_OF_A_PREGNANCY = {
    "a birth": lambda at: seen("93857-1", at, valueDateTime=day(at)),
    "a loss by its code": lambda at: condition("19169002", SNOMED, "Miscarriage", onsetDateTime=day(at)),
    "a loss in her words": lambda at: seen("", at, "Pregnancy ended early", valueDateTime=day(at)),
    "somebody's word": lambda at: status(PREGNANT, at),
    "a positive test": lambda at: seen("2106-3", at, valueCodeableConcept={"text": "Positive"}),
    "a count of weeks": lambda at: seen("18185-9", at, **quantity(9, "wk")),
    "a diagnosis": lambda at: condition("72892002", SNOMED, "Normal pregnancy", onsetDateTime=day(at)),
    "a diagnosis that is over": lambda at: condition(
        "72892002", SNOMED, "Normal pregnancy", onsetDateTime=day(at), abatementDateTime=day(-1)
    ),
}


@pytest.mark.parametrize("which", TELL_OF_A_PREGNANCY)
def test_a_method_stated_before_a_pregnancy_or_its_end_is_not_known_any_more(which):
    later = TELL_OF_A_PREGNANCY[which](-30)
    found = facts(method("copper iud", -31), later)
    assert (found.stage.methods, found.stage.methods_on) == (None, None)
    assert found.unread == (
        f"birth control was stated on {day(-31)}, before a pregnancy or birth on record ({day(-30)}): what she uses"
        " since is not known.",
    )
    assert stage(method("copper iud", -30), later).methods == ("copper-iud",), "of the same day it holds"
    assert stage(method("copper iud", -29), later).methods == ("copper-iud",), "so does one stated since"


@pytest.mark.parametrize("code", [NOT, UNKNOWN])
def test_that_she_is_not_pregnant_or_may_be_takes_no_method_away(code):
    assert stage(method("copper iud", -31), status(code, -2)).methods == ("copper-iud",)


def test_a_postpartum_code_of_the_weeks_after_is_no_day_of_a_birth():
    assert stage(method("copper iud", -31), condition("Z39.2", onsetDateTime=day(-3))).methods == ("copper-iud",)


def test_no_method_stated_before_a_birth_is_not_known_either():
    assert stage(method("none", -40), seen("93857-1", -30, valueDateTime=day(-30))).methods is None


def test_sterilised_and_then_a_birth_is_no_longer_relied_on():
    assert stage(method("sterilised", -31), seen("93857-1", -30, valueDateTime=day(-30))).cannot == ""
    said = facts(condition("Z90.710", text="Hysterectomy", onsetDateTime=day(-90)), seen("93857-1", -30))
    assert said.stage.cannot == ""
    assert said.unread == (f"“Hysterectomy” of {day(-90)} stands before a birth or loss of {day(-30)}: not relied on.",)
    after = condition("Z90.710", text="Hysterectomy", onsetDateTime=day(-30))
    assert stage(after, seen("93857-1", -30)).cannot.startswith("hysterectomy"), "at the birth, or since, it counts"


def test_a_method_said_to_be_unknown_is_unknown_and_no_line_that_could_not_be_read():
    for value in ({"text": "unknown"}, coded(SNOMED, UNKNOWN)):
        found = facts(method("copper iud", -31), seen("86649-1", -2, valueCodeableConcept=value))
        assert found.stage.methods is None
        assert found.unread == (f"birth control: not known, as said on {day(-2)}.",)


# --- breastfeeding --------------------------------------------------------------------------------------------------


def test_not_breastfeeding_before_the_birth_says_nothing_of_this_baby():
    born = seen("93857-1", -10, valueDateTime=day(-10))
    found = facts(seen("63895-7", -20, valueBoolean=False), born)
    assert found.stage.breastfeeding is None
    assert found.unread == (
        f"“Not breastfeeding” was said on {day(-20)}, before the birth of {day(-10)}: not known since.",
    )
    assert stage(seen("63895-7", -10, valueBoolean=False), born).breastfeeding is False
    assert stage(seen("63895-7", -20, valueBoolean=True), born).breastfeeding is True, "an elder child is fed"


def test_breastfeeding_said_to_be_unknown_takes_the_place_of_an_older_answer():
    found = facts(
        seen("63895-7", -9, valueBoolean=False), seen("63895-7", -2, valueCodeableConcept={"text": "Unknown"})
    )
    assert found.stage.breastfeeding is None
    assert found.unread == (f"breastfeeding: not known, as said on {day(-2)}.",)


# --- the medicine that is the method --------------------------------------------------------------------------------


def hers(*resources):
    """The same by the whole knowledge, which knows what a pill is made of."""
    record = of_bundle(bundle(patient(), *resources))
    record.known["medicines"] = Known.KNOWN
    return read(record, TODAY, whole())


def pill(text="ethinyl estradiol / drospirenone", *, ended=None, id="p1"):
    over = {"status": "stopped" if ended is not None else "active"}
    period = {"start": day(-300)} | ({"end": day(ended)} if ended is not None else {})
    return order("", text, dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": period}}}], id=id, **over)


def test_the_pill_she_stopped_since_she_stated_it_is_not_her_method_any_more():
    found = hers(method("combined oral contraceptive", -20), pill(ended=-5))
    assert found.stage.methods is None
    assert f"Combined pill was stated on {day(-20)}, and ethinylestradiol ended on {day(-5)}" in " ".join(found.unread)
    assert hers(method("combined oral contraceptive", -20), pill(ended=-21)).stage.methods == ("combined-pill",)


def test_another_pill_of_the_kind_that_she_takes_keeps_it():
    both = (pill(ended=-5), pill("ethinyl estradiol / levonorgestrel", id="p2"))
    assert hers(method("combined oral contraceptive", -20), *both).stage.methods == ("combined-pill",)


def test_what_works_by_itself_beside_the_pill_is_still_known():
    pair = (method("copper iud", -20), method("combined oral contraceptive", -20))
    assert hers(*pair, pill(ended=-5)).stage.methods == ("copper-iud",)
    weak = (method("condoms", -20), method("combined oral contraceptive", -20))
    assert hers(*weak, pill(ended=-5)).stage.methods is None


@pytest.mark.parametrize("stated", ["copper iud", "sterilised", "condoms", "none"])
def test_a_pill_that_ended_takes_no_other_method_away(stated):
    assert hers(method(stated, -20), pill(ended=-5)).stage.methods is not None
