"""The record's door to the next step: the same woman by the record and by `althea advise` gets the same answer."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from althea.care import entries as said
from althea.care.actions import record
from althea.care.actions import trial as trials
from althea.care.doses_told import answers_of, doses_told
from althea.care.facts import chart_of, facts_of
from althea.care.known import knowledge
from althea.care.models import CheckIn, CheckInAnswer, OrderEnd, Origin, Trial
from althea.care.trial_case import as_json, case_of, outcome_in_words
from althea.cli.main import main
from tests.care.test_facts import an_order, looked
from tests.people import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 9)
START = TODAY - timedelta(days=56)


def tell(people, body, back=0, at=NOW):
    return record.add(
        patient=people.maya, body=body, on=TODAY - timedelta(days=back), origin=Origin.HERS, by=people.maya.user, at=at
    )


def a_trial(people, start=START, **named):
    values = {"medicine": "sertraline", "state": "titrating", "problem": "Low mood", "scale": "phq-9", "weeks": 8}
    return Trial.objects.create(patient=people.maya, started_on=start, created_at=NOW, **(values | named))


def doses(people, *steps, medicine="sertraline", **named):
    """(days ago, dose), the last going on."""
    rows = [
        {"from": (TODAY - timedelta(days=back)).isoformat(), "until": None, "dose": dose, "times_a_day": 1}
        for back, dose in steps
    ]
    return an_order(people, medicine=medicine, steps=rows, **named)


def scored(people, *rows, scale="phq-9", items=None):
    for back, total in rows:
        tell(people, said.Score(scale=scale, total=total, items=items or {}), back)


def the_case(people, trial, on=TODAY):
    chart = chart_of(people.maya)
    ended = [one for one in Trial.objects.filter(patient=people.maya, state="ended") if one.pk != trial.pk]
    return case_of(trial, chart, facts_of(chart, on), on, answers=answers_of(people.maya), ended=ended)


def checked_in(people, trial, back, missed=(), leaning=None):
    on = TODAY - timedelta(days=back)
    one = CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, state="done", scales=["phq-9"])
    days = [(TODAY - timedelta(days=one)).isoformat() for one in missed] or ["none"]
    CheckInAnswer.objects.create(check_in=one, question="doses", value=days, at=NOW - timedelta(days=back))
    if leaning:
        CheckInAnswer.objects.create(check_in=one, question="leaning", value=leaning, at=NOW - timedelta(days=back))
    return one


def maya(people):
    looked(people)
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"), 60)
    tell(people, said.Score(scale="mdq", band="negative"), 60)
    tell(people, said.LifeStage(topic="pregnancy", value="not pregnant"), 5)
    doses(people, (56, "50 mg"), (42, "100 mg"))
    scored(people, (56, 21), (28, 16), (0, 13), items={"item 9": 0})
    tell(people, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, reached="20 mg", weeks=60,
                               result="partly", until=date(2024, 2, 1)), 400)  # fmt: skip
    trial = a_trial(people)
    for back in range(0, 56, 7):
        checked_in(people, trial, back, missed=(17, 16) if back == 14 else ())
    return trial


def test_the_record_and_the_command_give_one_answer(people, tmp_path, capsys):
    trial = maya(people)
    written = {
        "patient": {"age": 32, "sex": "female", "dx": "F33.1", "life_stage": "not pregnant"},
        "score_series": [
            {"instrument": "PHQ-9", "day": 0, "value": 21},
            {"instrument": "PHQ-9", "day": 28, "value": 16},
            {"instrument": "PHQ-9", "day": 56, "value": 13},
        ],
        "dose_history": [
            {"drug": "sertraline", "rxcui": "36437", "day": 0, "daily_mg": 50},
            {"drug": "sertraline", "rxcui": "36437", "day": 14, "daily_mg": 100},
        ],
        "other": {
            "adherence": "96%", "PHQ9_item9": 0, "MDQ": "negative", "past_suicide_attempt": False,
            "past_trials": ["escitalopram 20 mg, 60 weeks: helped in part"],
        },
    }  # fmt: skip
    path = tmp_path / "trial.json"
    path.write_text(json.dumps(written))
    assert main(["advise", str(path)]) == 0
    by_command = json.loads(capsys.readouterr().out)
    assert the_case(people, trial).advice.as_json() == by_command
    assert by_command["recommendation"] == "optimise_dose"


def test_what_the_record_says_is_what_the_command_reads(people, tmp_path, capsys):
    trial = maya(people)
    case = the_case(people, trial)
    chart = chart_of(people.maya)
    path = tmp_path / "trial.json"
    told = as_json(trial, chart, facts_of(chart, TODAY), TODAY, doses=case.doses, leaning=case.leaning, past=case.past)
    path.write_text(json.dumps(told))
    main(["advise", str(path)])
    assert json.loads(capsys.readouterr().out) == case.advice.as_json()


def test_a_woman_of_whom_nothing_is_known_is_measured_first(people):
    people.maya.put(born_on=None)
    case = the_case(people, a_trial(people))
    assert case.advice.recommendation == "measure_first"
    assert case.course.category == "not known"
    assert case.course.dose_adequate is None
    words = " ".join(case.not_known)
    for lacking in ("Her age", "A coded diagnosis", "Her life stage", "she told of none", "The self-harm question",
                    "the FIBSER was not filled in", "no MDQ is on record"):  # fmt: skip
        assert lacking in words, lacking


def test_silence_about_doses_is_not_all_taken_and_not_none_taken(people):
    trial = a_trial(people)
    assert the_case(people, trial).told.adherence_percent is None
    tell(people, said.DoseTaken(medicine="sertraline", taken=False), 3)
    tell(people, said.DoseTaken(medicine="sertraline", taken=False), 2)
    case = the_case(people, trial)
    assert case.told.adherence_percent is None
    assert (case.doses.days, len(case.doses.missed)) == (2, 2)
    assert "How many doses were taken: she told of 2 of 57 days." in case.not_known


def test_a_finished_check_in_tells_of_its_week(people):
    trial = a_trial(people, start=TODAY - timedelta(days=6))
    checked_in(people, trial, 0, missed=(2,))
    found = doses_told(trial, chart_of(people.maya), answers_of(people.maya), TODAY)
    assert (found.of, found.days, found.missed, found.percent) == (7, 7, (TODAY - timedelta(days=2),), 85)


def test_days_before_the_trial_do_not_count(people):
    trial = a_trial(people, start=TODAY - timedelta(days=1))
    checked_in(people, trial, 0, missed=(5,))
    found = doses_told(trial, chart_of(people.maya), answers_of(people.maya), TODAY)
    assert (found.days, found.missed) == (2, ())


def test_a_day_she_does_not_remember_is_not_told(people):
    trial = a_trial(people, start=TODAY - timedelta(days=6))
    checked_in(people, trial, 0)
    tell(people, said.DoseTaken(medicine="sertraline", taken=None), 3)
    assert doses_told(trial, chart_of(people.maya), answers_of(people.maya), TODAY).days == 6


def test_a_check_in_that_was_not_finished_tells_nothing(people):
    trial = a_trial(people, start=TODAY - timedelta(days=6))
    CheckIn.objects.filter(pk=checked_in(people, trial, 0).pk).update(state="passed")
    assert answers_of(people.maya) == []


@pytest.mark.parametrize(
    ("leaning", "wish", "code"),
    [("stop", "stop", "taper_stop"), ("something-else", "change", "switch"), ("more", "continue", "optimise_dose"),
     ("not-sure", "", "optimise_dose")],
)  # fmt: skip
def test_what_she_leans_to_is_heard(people, leaning, wish, code):
    trial = maya(people)
    CheckIn.objects.filter(patient=people.maya, due_on=TODAY).update(state="passed")
    CheckIn.objects.filter(patient=people.maya, due_on=TODAY).update(due_on=TODAY + timedelta(days=90))
    checked_in(people, trial, 0, leaning=leaning)
    case = the_case(people, trial)
    assert (case.told.wish, case.advice.recommendation) == (wish, code)


def test_an_answer_on_self_harm_comes_first_and_an_old_one_is_not_todays(people):
    trial = maya(people)
    tell(people, said.Score(scale="phq-9", total=14, items={"item 9": 1}), 0, NOW + timedelta(hours=1))
    assert the_case(people, trial).advice.recommendation == "urgent_escalation"
    old = the_case(people, trial, TODAY + timedelta(days=15))
    assert old.told.item9 is None
    assert any(one.startswith("The self-harm question") for one in old.not_known)


def test_bipolar_disorder_is_judged_before_her_anxiety(people):
    tell(people, said.Condition(text="Generalized anxiety disorder", code="F41.1"), 30)
    tell(people, said.Condition(text="Bipolar II disorder", code="F31.81"), 300)
    doses(people, (56, "100 mg"))
    trial = a_trial(people, scale="gad-7")
    scored(people, (56, 16), (0, 12), scale="gad-7")
    case = the_case(people, trial)
    assert (case.told.dx, case.advice.recommendation) == ("F31.81", "reassess_diagnosis")


def well_after(people):
    """In remission for weeks on one dose."""
    looked(people)
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"), 60)
    doses(people, (56, "100 mg"))
    scored(people, (56, 21), (14, 3), (0, 2), items={"item 9": 0})
    return a_trial(people)


def test_how_often_she_has_lived_through_it_says_how_long_to_go_on(people):
    trial = well_after(people)
    case = the_case(people, trial)
    assert "6 to 12 months" in case.advice.because[0]
    assert "How many episodes she has lived through: nobody asked." in case.not_known
    tell(people, said.Episodes(illness="depression", number=2), 50)
    assert "6 to 12 months" in the_case(people, trial).advice.because[0]
    tell(people, said.Episodes(illness="depression", number=3), 1)
    case = the_case(people, trial)
    assert "at least 24 months, for what she has lived through" in case.advice.because[0]
    assert not [one for one in case.not_known if "episodes" in one]


def test_episodes_of_another_illness_are_not_counted(people):
    trial = well_after(people)
    tell(people, said.Episodes(illness="psychosis", number=4), 1)
    case = the_case(people, trial)
    assert case.told.episodes is None
    assert "How many episodes she has lived through: nobody asked." in case.not_known


def test_a_diagnosis_that_is_only_thought_of_is_not_hers(people):
    tell(people, said.Condition(text="Bipolar disorder", code="F31.9", certainty="differential"), 30)
    tell(people, said.Condition(text="Depression", code="F32.1", certainty="provisional"), 30)
    assert the_case(people, a_trial(people)).told.dx == "F32.1"


def test_what_is_added_beside_the_trial_is_not_taken_for_it(people):
    trial = maya(people)
    doses(people, (3, "50 mg"), medicine="quetiapine")
    case = the_case(people, trial)
    assert (case.course.medicine, case.course.daily_mg, case.course.days) == ("sertraline", Decimal(100), 56)
    assert "quetiapine" in case.course.beside


def test_a_medicine_from_elsewhere_counts_beside_it(people):
    trial = maya(people)
    tell(people, said.Medicine(text="lithium", medicine="lithium", dose="300 mg", times_a_day=3, running=True), 40)
    assert "lithium" in the_case(people, trial).course.beside


def test_an_order_that_was_replaced_is_one_course(people):
    old = doses(people, (56, "50 mg"))
    OrderEnd.objects.create(order=old, on=TODAY - timedelta(days=14), why="raised", by=people.marchetti.user, at=NOW)
    doses(people, (14, "100 mg"))
    course = the_case(people, a_trial(people)).course
    assert (course.days, course.days_at_dose, course.daily_mg) == (56, 14, Decimal(100))


def test_a_past_trial_whose_end_nobody_knows_has_not_failed(people):
    trial = maya(people)
    tell(people, said.Medicine(text="venlafaxine", medicine="venlafaxine", running=False, weeks=12), 500)
    case = the_case(people, trial)
    assert case.course.failed_before == 0
    assert "How venlafaxine went before." in case.not_known
    tell(
        people,
        said.Medicine(text="bupropion", medicine="bupropion", running=False, weeks=12, result="did not help"),
        500,
    )
    assert the_case(people, trial).course.failed_before == 1


def test_our_own_trial_that_ended_counts_once(people):
    begun, ended = TODAY - timedelta(days=200), TODAY - timedelta(days=130)
    old = doses(people, (200, "10 mg"), (180, "20 mg"), medicine="escitalopram")
    OrderEnd.objects.create(order=old, on=ended, why="switched", by=people.marchetti.user, at=NOW)
    Trial.objects.create(patient=people.maya, medicine="escitalopram", state="ended", problem="Low mood", scale="phq-9",
                         started_on=begun, ended_on=ended, outcome="Little better", created_at=NOW)  # fmt: skip
    scored(people, (200, 20), (130, 19))
    trial = a_trial(people)
    case = the_case(people, trial)
    assert [one.in_words() for one in case.past] == [
        "escitalopram 20 mg, 10 weeks: did not help; stopped: Little better"
    ]
    assert case.course.failed_before == 1
    tell(people, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, result="did not help",
                               until=ended), 100)  # fmt: skip
    assert the_case(people, trial).course.failed_before == 1
    tell(people, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, result="helped",
                               reached="10 mg", until=date(2020, 1, 1)), 100)  # fmt: skip
    assert len(the_case(people, trial).past) == 2


def test_how_it_went_is_said_by_its_scores_and_not_known_without_them(people):
    trial = maya(people)
    trials.leave(trial=trial, words="I felt fine", by=people.maya.user, at=NOW)
    assert trial.outcome == "It helped in part: PHQ-9 21 to 13. She left it."
    other = a_trial(people, medicine="bupropion", scale="gad-7", start=TODAY + timedelta(days=1))
    trials.stop(trial=other, why="x" * 300, by=people.marchetti.user, at=NOW)
    assert other.outcome.startswith("How it went is not known. xxx")
    assert len(other.outcome) == 200


def test_with_no_score_after_the_first_no_change_is_told_and_no_outcome(people):
    trial = a_trial(people, start=TODAY)
    scored(people, (0, 18))
    course = the_case(people, trial).course
    assert (course.category, course.percent, course.baseline, course.only_begun) == ("not known", None, None, True)
    scored(people, (10, 21), (3, 18))
    assert the_case(people, trial).course.only_begun
    trial.put(started_on=TODAY - timedelta(days=3), ended_on=TODAY - timedelta(days=1))
    assert outcome_in_words(trial, chart_of(people.maya)) == "How it went is not known."


def test_the_dose_that_helped_before_is_known(people):
    trial = maya(people)
    tell(people, said.Medicine(text="sertraline", medicine="sertraline", running=False, result="helped",
                               reached="150 mg", until=date(2022, 1, 1)), 100)  # fmt: skip
    assert the_case(people, trial).told.past_effective_mg == Decimal(150)


def test_a_lithium_level_from_before_this_dose_says_nothing_of_it(people):
    doses(people, (200, "600 mg"), (20, "900 mg"), medicine="lithium")
    trial = a_trial(people, medicine="lithium", start=TODAY - timedelta(days=200))
    tell(people, said.Result(measure="lithium-level", value=Decimal("0.3"), unit="mmol/L"), 40)
    assert the_case(people, trial).told.lithium_level is None
    tell(people, said.Result(measure="lithium-level", value=Decimal("0.7"), unit="mmol/L"), 5)
    assert the_case(people, trial).told.lithium_level == Decimal("0.7")


def test_every_name_the_record_gives_is_one_that_the_command_knows(people):
    trial = maya(people)
    tell(people, said.Score(scale="fibser", total=4, items={"burden": 4}), 0)
    tell(people, said.Score(scale="c-ssrs-screener", band="low", items={"q1": True}), 0)
    for measure, value, unit in (("systolic-bp", 120, "mm[Hg]"), ("diastolic-bp", 80, "mm[Hg]"), ("egfr", 90, "mL/min/1.73m2"),
                                 ("heart-rate", 70, "/min")):  # fmt: skip
        tell(people, said.Result(measure=measure, value=value, unit=unit), 0)
    case = the_case(people, trial)
    assert case.told.not_read == ()
    assert (case.told.burden, case.told.suicide_risk, case.told.blood_pressure) == (4, "low", (120, 80))
    assert case.told.egfr == 90
    assert knowledge().numbers["score-fresh-days"].value == 14
