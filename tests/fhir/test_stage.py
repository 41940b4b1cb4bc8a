"""Every row of the contract's table for life stage, and statements that disagree."""

import pytest

from althea.engine.stage import gestation_weeks, postpartum_days, pregnancy_now
from tests.fhir.samples import SNOMED, coded, condition, day, facts, history, knowledge, quantity, seen


def stage(*resources, **about):
    return facts(*resources, **about).stage


def status(code, offset=0):
    return seen("82810-3", offset, valueCodeableConcept=coded(SNOMED, code))


PREGNANT, NOT, UNKNOWN = "77386006", "60001007", "261665006"


# --- pregnancy ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "said"), [(PREGNANT, "pregnant"), (NOT, "not pregnant"), (UNKNOWN, "unknown")])
def test_pregnancy_status_by_code(code, said):
    assert stage(status(code)).pregnancy.status == said


@pytest.mark.parametrize(
    ("text", "said"), [("pregnant", "pregnant"), ("not pregnant", "not pregnant"), ("Unknown", "unknown")]
)
def test_pregnancy_status_by_text(text, said):
    assert stage(seen("82810-3", valueCodeableConcept={"text": text})).pregnancy.status == said


def test_a_pregnancy_status_that_cannot_be_read_is_said():
    said = facts(seen("82810-3", valueString="ask again"))
    assert said.stage.pregnancy is None
    assert "ask again" in said.unread[0]


def test_an_active_pregnancy_condition_is_pregnant_from_its_day():
    found = stage(condition("72892002", SNOMED, "Normal pregnancy", onsetDateTime=day(-52)))
    assert (found.pregnancy.status, found.pregnancy.on.isoformat()) == ("pregnant", day(-52))


def test_an_active_pregnancy_condition_of_last_year_does_not_count():
    assert stage(condition("72892002", SNOMED, onsetDateTime=day(-301))).pregnancy is None


def test_an_ended_pregnancy_does_not_count():
    assert stage(condition("72892002", SNOMED, onsetDateTime=day(-200), abatementDateTime=day(-20))).pregnancy is None


def test_a_loss_after_the_pregnancy_began_ends_it():
    found = stage(
        condition("72892002", SNOMED, onsetDateTime=day(-60)),
        condition("19169002", SNOMED, "Miscarriage", onsetDateTime=day(-10)),
    )
    assert found.pregnancy.status == "not pregnant"


def test_two_fresh_statements_that_disagree_are_contradictory_and_both_shown():
    said = facts(status(NOT, -2), condition("72892002", SNOMED, "Normal pregnancy", onsetDateTime=day(-52)))
    assert said.stage.pregnancy.status == "contradictory"
    assert "not pregnant by the record" in said.stage.pregnancy.said
    assert "Normal pregnancy" in said.stage.pregnancy.said
    assert pregnancy_now(said, knowledge())[0] == "possible"


def test_two_observations_that_disagree_are_contradictory():
    assert stage(status(PREGNANT, -20), status(NOT, -1)).pregnancy.status == "contradictory"


@pytest.mark.parametrize("days", [-1, -5, -29])
def test_pregnant_after_not_pregnant_is_news_and_no_contradiction(days):
    assert stage(status(NOT, days), status(PREGNANT, 0)).pregnancy.status == "pregnant"
    assert stage(status(NOT, days), seen("2106-3", 0, valueCodeableConcept={"text": "Positive"})).pregnancy.status == (
        "pregnant"
    )


def test_two_statements_of_one_day_are_contradictory_in_either_order():
    assert stage(status(NOT, -1), status(PREGNANT, -1)).pregnancy.status == "contradictory"
    assert stage(status(PREGNANT, -1), status(NOT, -1)).pregnancy.status == "contradictory"


def test_a_no_between_two_yeses_is_overtaken_by_the_newer_yes():
    assert stage(status(PREGNANT, -20), status(NOT, -10), status(PREGNANT, 0)).pregnancy.status == "pregnant"


def test_statements_far_apart_do_not_disagree():
    assert stage(status(PREGNANT, -40), status(NOT, -1)).pregnancy.status == "not pregnant"


def test_a_birth_between_settles_it():
    found = stage(status(PREGNANT, -20), seen("93857-1", -10, valueDateTime=day(-10)), status(NOT, -1))
    assert found.pregnancy.status == "not pregnant"


def test_she_became_pregnant_after_the_last_no():
    assert stage(status(NOT, -25), condition("72892002", SNOMED, onsetDateTime=day(-3))).pregnancy.status == "pregnant"


def test_a_positive_pregnancy_test_is_a_statement():
    assert stage(seen("2106-3", -1, valueCodeableConcept={"text": "Positive"})).pregnancy.status == "pregnant"


# --- gestation, birth, milk ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [quantity(14, "wk"), quantity(98, "d"), {"valueString": "14 weeks"}, {"valueString": "14w0d"}]
)
def test_gestational_age_runs_forward(value):
    assert gestation_weeks(facts(status(PREGNANT, -14), seen("18185-9", -14, **value))) == 16


def test_gestational_age_alone_says_pregnant():
    assert stage(seen("18185-9", -3, **quantity(14, "wk"))).pregnancy.status == "pregnant"


def test_the_due_date_gives_the_gestation():
    assert gestation_weeks(facts(status(PREGNANT), seen("11778-8", valueDateTime=day(140)))) == 20


def test_an_icd_code_of_weeks_gives_the_gestation():
    assert gestation_weeks(facts(condition("Z3A.14", onsetDateTime=day(-7)))) == 15


def test_a_birth_ends_the_gestation():
    found = stage(seen("18185-9", -20, **quantity(39, "wk")), seen("93857-1", -10, valueDateTime=day(-10)))
    assert (found.gestation_days, found.delivered_on.isoformat()) == (None, day(-10))


def test_a_birth_without_a_value_is_dated_by_the_observation():
    assert postpartum_days(facts(seen("93857-1", -60))) == 60


def test_how_early_the_baby_came():
    assert stage(seen("76516-4", **quantity(36, "wk"))).infant_gestation_weeks == 36


@pytest.mark.parametrize(
    ("value", "said"),
    [({"valueBoolean": True}, True), ({"valueBoolean": False}, False), ({"valueCodeableConcept": {"text": "Yes"}}, True),
     ({"valueCodeableConcept": coded("http://loinc.org", "LA32-8")}, False), ({"valueString": "not breastfeeding"}, False)],
)  # fmt: skip
def test_breastfeeding(value, said):
    assert stage(seen("63895-7", -1, **value)).breastfeeding is said


def test_breastfeeding_stated_long_ago_is_not_known():
    assert stage(seen("63895-7", -91, valueBoolean=True)).breastfeeding is None


# --- methods and plans --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("levonorgestrel iud", "levonorgestrel-iud"),
        ("copper iud", "copper-iud"),
        ("condoms", "condoms"),
        ("sterilised", "sterilised"),
        ("etonogestrel implant", "implant"),
        ("combined oral ethinylestradiol", "combined-pill"),
        ("progestin only pill", "progestogen-only-pill"),
    ],
)
def test_birth_control_methods_of_the_contract(text, method):
    found = stage(seen("86649-1", valueCodeableConcept={"text": text}))
    assert (found.methods, found.methods_on.isoformat()) == ((method,), day(0))


def test_no_method_is_asked_and_none():
    assert stage(seen("86649-1", valueCodeableConcept={"text": "none"})).methods == ()


def test_several_methods_of_the_newest_day_count():
    found = stage(
        seen("86649-1", -9, valueString="copper iud"),
        seen("86649-1", valueString="condoms"),
        seen("86649-1", valueString="implant") | {"valueString": "etonogestrel implant"},
    )
    assert sorted(found.methods) == ["condoms", "implant"]


def test_a_method_that_cannot_be_read_leaves_it_unknown():
    said = facts(seen("86649-1", valueString="moon calendar"))
    assert said.stage.methods is None
    assert said.unread == ("birth control method not read: “moon calendar”",)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("wants to become pregnant", True),
        ("does not want to become pregnant", False),
        ("trying to conceive", True),
        ("No, I don't want to", False),
    ],
)
def test_pregnancy_intention(text, wants):
    assert stage(seen("86645-9", valueCodeableConcept={"text": text})).planning is wants


def test_an_undecided_intention_is_unknown_and_said():
    said = facts(seen("86645-9", valueString="OK either way"))
    assert said.stage.planning is None
    assert "OK either way" in said.unread[0]


# --- cannot, does not apply ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "menopause"), [("Z78.0", "post"), ("N95.0", "post"), ("N95.9", "peri"), ("N95.1", "peri")]
)
def test_menopause_by_code(code, menopause):
    assert stage(condition(code)).menopause == menopause


def test_after_the_menopause_a_pregnancy_is_impossible():
    assert (
        stage(condition("Z78.0", onsetDateTime="2020-01-01")).cannot
        == "after the menopause, on record since 2020-01-01"
    )


def test_a_line_of_text_never_makes_a_pregnancy_impossible():
    found = stage(history("postmenopausal"))
    assert (found.menopause, found.cannot) == ("post", "")


def test_her_own_sterilisation_makes_it_impossible_her_partners_does_not():
    assert stage(seen("86649-1", valueString="sterilised")).cannot == f"sterilised, stated {day(0)}"
    assert stage(seen("86649-1", valueString="partner sterilised")).cannot == ""


def test_a_hysterectomy_makes_it_impossible():
    assert stage(condition("Z90.710")).cannot.startswith("hysterectomy")


@pytest.mark.parametrize("sex", ["female", "other", "unknown", None, "nonsense"])
def test_life_stage_applies_unless_recorded_as_male(sex):
    assert stage(gender=sex).applies


def test_male_does_not_apply():
    found = stage(gender="male")
    assert (found.applies, found.why_not) == (False, "recorded as male")


@pytest.mark.parametrize(("born", "applies"), [("1966-11-22", True), ("1965-11-22", False)])
def test_from_sixty_one_on_it_does_not_apply(born, applies):
    assert stage(birthDate=born).applies is applies


def test_a_pregnancy_on_a_mans_record_is_said():
    assert "Check the record" in facts(status(PREGNANT), gender="male").unread[0]


def test_a_loss_of_long_ago_says_nothing_of_today():
    assert stage(condition("19169002", SNOMED, "Miscarriage", onsetDateTime="1998-01-01")).pregnancy is None
