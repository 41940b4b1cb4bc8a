"""How is the trial going, and what comes next?  On the real knowledge: doses and thresholds are records."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.advise import advise
from althea.engine.told import NotATrial, read
from althea.knowledge import load

KNOWLEDGE = load()

CODES = {
    "continue_and_recheck", "continue_maintain", "optimise_dose", "switch", "switch_to_clozapine", "augment", "add_psychotherapy",
    "address_side_effects", "check_adherence", "reassess_diagnosis", "taper_stop", "urgent_escalation", "measure_first",
}  # fmt: skip


@pytest.fixture(scope="module")
def knowledge():
    return KNOWLEDGE


def trial(
    scores: list[tuple[int, float]], doses: list[tuple[int, float]] = ((0, 100),), *, drug: str = "sertraline", scale: str = "PHQ-9",
    dx: str = "F33.1", today: int | None = None, life_stage: str = "not pregnant", **other: Any,
) -> dict[str, Any]:  # fmt: skip
    """(day, score) and (day, mg a day), in the words of the contract."""
    return {
        "patient": {"age": 34, "sex": "female", "dx": dx, "life_stage": life_stage},
        "score_series": [{"instrument": scale, "day": day, "value": value} for day, value in scores],
        "dose_history": [{"drug": drug, "day": day, "daily_mg": mg} for day, mg in doses],
        "other": {"adherence": ">90%", **other},
        **({} if today is None else {"today": today}),
    }


def said(knowledge: Any, *args: Any, **kwargs: Any) -> Any:
    return advise(read(trial(*args, **kwargs)), knowledge)


FAIR = [(0, 20), (56, 19)]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"PHQ9_item9": 1}, "PHQ-9 item 9 is 1"),
        ({"CSSRS": "moderate"}, "C-SSRS says moderate"),
        ({"CSSRS": "high"}, "C-SSRS says high"),
        ({"BP": "182/100"}, "182/100"),
        ({"side_effects": ["new rash on the chest"]}, "new rash on the chest"),
    ],
)
def test_danger_comes_before_everything_even_her_wish(knowledge, other, why):
    advice = said(knowledge, [(0, 20), (56, 3)], patient_wish="stop", FIBSER_burden=6, **other)
    assert advice.recommendation == "urgent_escalation"
    assert why in advice.because[0]


def test_a_safe_answer_is_no_alarm(knowledge):
    assert said(knowledge, FAIR, PHQ9_item9=0, CSSRS="low", BP="120/70").recommendation == "switch"


def test_without_a_baseline_or_a_fresh_score_there_is_no_verdict(knowledge):
    assert said(knowledge, [(56, 10)]).recommendation == "measure_first"
    assert said(knowledge, []).recommendation == "measure_first"
    assert said(knowledge, [(0, 20), (42, 10)], today=57).recommendation == "measure_first"
    assert said(knowledge, [(0, 20), (42, 10)], today=56).recommendation != "measure_first"


@pytest.mark.parametrize(
    ("burden", "code"),
    [(2, "switch"), (3, "address_side_effects"), (4, "address_side_effects"), (5, "address_side_effects")],
)
def test_side_effects_she_cannot_live_with_come_before_the_score(knowledge, burden, code):
    advice = said(knowledge, FAIR, FIBSER_burden=burden)
    assert advice.recommendation == code
    assert ("switch" in advice.alternatives) or code == "switch"


@pytest.mark.parametrize(
    ("adherence", "asks"),
    [("60%", True), (60, True), (0.6, True), ("<80%", True), ("80%", False), (">90%", False), (None, False)],
)
def test_doses_that_were_not_taken_are_asked_about_before_the_medicine_is_blamed(knowledge, adherence, asks):
    assert (said(knowledge, FAIR, adherence=adherence).recommendation == "check_adherence") is asks


def test_a_woman_who_is_well_is_not_asked_about_missed_doses(knowledge):
    assert said(knowledge, [(0, 20), (70, 3)], adherence="60%").recommendation == "continue_maintain"


def test_not_knowing_about_doses_is_said_and_does_not_change_the_code(knowledge):
    advice = said(knowledge, FAIR, adherence=None)
    assert advice.recommendation == "switch"
    assert "How many doses were taken is not known." in advice.because


def test_a_positive_screen_for_bipolar_disorder_comes_before_another_antidepressant(knowledge):
    assert said(knowledge, FAIR, MDQ="positive").recommendation == "reassess_diagnosis"
    assert said(knowledge, FAIR, MDQ=7).recommendation == "reassess_diagnosis"
    assert said(knowledge, FAIR, MDQ=6).recommendation == "switch"
    assert said(knowledge, FAIR, MDQ="negative").recommendation == "switch"


def test_she_may_stop_when_she_wants(knowledge):
    well = said(knowledge, [(0, 20), (200, 3)], patient_wish="stop")
    assert well.recommendation == "taper_stop"
    assert well.alternatives == ("continue_maintain",)
    pregnant = said(knowledge, [(0, 20), (200, 3)], patient_wish="stop", life_stage="pregnant, 30 weeks")
    assert "untreated illness is a risk too" in pregnant.because[0]


def test_remission_is_kept_and_for_longer_after_many_episodes(knowledge):
    assert "6 to 12 months" in said(knowledge, [(0, 20), (70, 4)]).because[0]
    assert "24 months" in said(knowledge, [(0, 20), (70, 4)], episodes=3).because[0]
    assert said(knowledge, [(0, 20), (70, 5)]).recommendation != "continue_maintain"


def test_what_nobody_told_of_her_past_is_no_short_past(knowledge):
    well = [(0, 20), (70, 4)]
    asked = said(knowledge, well).because[0]
    assert "at least 24 months if she has lived through 3 episodes or more or she ever attempted suicide" in asked
    assert asked.endswith(", which is not known.")
    attempt = said(knowledge, well, episodes=1).because[0]
    assert "at least 24 months if she ever attempted suicide, which is not known." in attempt
    told = said(knowledge, well, episodes=1, past_suicide_attempt=False).because[0]
    assert told.endswith("6 to 12 months, with a plan.")
    assert "at least 24 months" in said(knowledge, well, past_suicide_attempt=True).because[0]


def test_how_long_to_go_on_is_not_borrowed_from_depression(knowledge):
    worry = said(knowledge, [(0, 18), (70, 3)], scale="GAD-7", dx="F41.1")
    assert worry.recommendation == "continue_maintain"
    assert worry.because[0].endswith("how long to go on is written for depression only.")


@pytest.mark.parametrize(
    ("scores", "doses", "code"),
    [
        ([(0, 20), (13, 20)], [(0, 50)], "continue_and_recheck"),
        ([(0, 20), (14, 20)], [(0, 50)], "optimise_dose"),
        ([(0, 20), (28, 18)], [(0, 50)], "optimise_dose"),
        ([(0, 20), (28, 16)], [(0, 100)], "continue_and_recheck"),
        ([(0, 20), (28, 13)], [(0, 100)], "continue_and_recheck"),
        ([(0, 20), (56, 13)], [(0, 100)], "optimise_dose"),
        ([(0, 20), (56, 13)], [(0, 200)], "augment"),
        ([(0, 20), (56, 19)], [(0, 100)], "switch"),
        ([(0, 20), (56, 19)], [(0, 50)], "optimise_dose"),
        ([(0, 20), (28, 9)], [(0, 100)], "continue_and_recheck"),
        ([(0, 20), (84, 9)], [(0, 100)], "optimise_dose"),
        ([(0, 20), (84, 9)], [(0, 200)], "augment"),
        ([(0, 20), (60, 19)], [(0, 50), (50, 100)], "continue_and_recheck"),
        ([(0, 12), (42, 19)], [(0, 100)], "switch"),
    ],
)
def test_how_far_at_which_dose_for_how_long(knowledge, scores, doses, code):
    assert said(knowledge, scores, doses).recommendation == code


def test_two_failed_antipsychotics_lead_to_clozapine_and_one_does_not(knowledge):
    ask = {"drug": "risperidone", "scale": "PANSS-6", "dx": "F20.9", "doses": [(0, 6)]}
    once = said(knowledge, [(0, 24), (56, 23)], **ask)
    twice = said(knowledge, [(0, 24), (56, 23)], **ask, past_trials=["olanzapine 20 mg for 8 weeks, no response"])
    assert once.recommendation == "switch"
    assert twice.recommendation == "switch_to_clozapine"


def test_a_past_trial_that_was_not_fair_does_not_count(knowledge):
    ask = {"drug": "risperidone", "scale": "PANSS-6", "dx": "F20.9", "doses": [(0, 6)]}
    short = said(knowledge, [(0, 24), (56, 23)], **ask, past_trial="olanzapine, stopped after 3 days: not tolerated")
    assert short.recommendation == "switch"


def test_pmdd_is_not_judged_on_one_cycle(knowledge):
    ask = {"drug": "sertraline", "scale": "DRSP", "dx": "F32.81"}
    assert said(knowledge, [(0, 90), (28, 85)], [(0, 50)], **ask).recommendation == "continue_and_recheck"


def test_the_dose_that_helped_before_is_tried_before_a_switch(knowledge):
    assert said(knowledge, FAIR, past_effective_dose_mg=150).recommendation == "optimise_dose"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("wants to stop the medicine", "taper_stop"),
        ("come off it", "taper_stop"),
        ("does not want to stop", "continue_maintain"),
    ],
)
def test_her_wish_is_read_in_her_words(knowledge, wish, code):
    assert said(knowledge, [(0, 20), (200, 3)], patient_wish=wish).recommendation == code


@pytest.mark.parametrize(
    ("adherence", "asks"),
    [
        ("no missed doses", False),
        ("never forgets", False),
        ("misses about half", True),
        ("50-70%", True),
        ("90 to 100%", False),
    ],
)
def test_words_for_doses_missed_are_read_with_their_denial(knowledge, adherence, asks):
    assert (said(knowledge, FAIR, adherence=adherence).recommendation == "check_adherence") is asks


def test_a_level_and_a_screen_are_read_however_they_are_put(knowledge):
    screen = {"part1_yes": 9, "part2_same_time": True, "part3_problem": "moderate"}
    assert said(knowledge, FAIR, CSSRS="high risk").recommendation == "urgent_escalation"
    assert said(knowledge, FAIR, MDQ=screen).recommendation == "reassess_diagnosis"
    assert said(knowledge, FAIR, MDQ={**screen, "part3_problem": "minor"}).recommendation == "switch"


@pytest.mark.parametrize(
    ("scale", "first", "last"),
    [("HAM-D17", 24, 7), ("MADRS", 32, 9), ("PDSS", 18, 5), ("Y-BOCS", 28, 12), ("ISI", 20, 7)],
)
def test_every_scale_has_its_own_line_for_being_well(knowledge, scale, first, last):
    assert said(knowledge, [(0, first), (84, last)], scale=scale).recommendation == "continue_maintain"
    assert said(knowledge, [(0, first), (84, last + 1)], scale=scale).course.category != "remission"


def test_a_scale_without_such_a_line_keeps_what_works(knowledge):
    ask = {"scale": "ASRS", "dx": "F90.2", "drug": "lisdexamfetamine"}
    assert said(knowledge, [(0, 50), (56, 34)], [(0, 50)], **ask).recommendation == "continue_maintain"
    assert said(knowledge, [(0, 110), (56, 68)], scale="PANSS", dx="F20.9").course.category == "response"


def test_who_was_never_ill_on_the_scale_is_well(knowledge):
    assert said(knowledge, [(0, 2), (60, 2)]).recommendation == "continue_maintain"


def test_worse_at_the_highest_dose_is_not_waited_out(knowledge):
    advice = said(knowledge, [(0, 12), (35, 19)], [(0, 200)])
    assert advice.recommendation == "switch"
    assert "Worse" in said(knowledge, [(0, 12), (35, 19)], [(0, 50)]).because[0]


def test_after_clozapine_comes_no_clozapine(knowledge):
    ask = {"drug": "clozapine", "scale": "PANSS", "dx": "F20.9", "past_trials": ["risperidone", "olanzapine"]}
    assert said(knowledge, [(0, 110), (90, 106)], [(0, 350)], **ask).recommendation == "augment"


def test_a_past_trial_says_by_its_length_whether_it_was_fair(knowledge):
    ask = {"drug": "risperidone", "scale": "PANSS", "dx": "F20.9"}
    for past in (
        "aripiprazole 1 week, stopped for akathisia",
        {"drug": "olanzapine", "weeks": 3, "outcome": "no response"},
    ):
        assert said(knowledge, [(0, 110), (56, 106)], [(0, 6)], **ask, past_trial=past).recommendation == "switch"
    long = {"drug": "olanzapine", "weeks": 8, "outcome": "no response"}
    assert (
        said(knowledge, [(0, 110), (56, 106)], [(0, 6)], **ask, past_trial=long).recommendation == "switch_to_clozapine"
    )


def test_lithium_is_not_waited_for_as_long_as_prevention_takes(knowledge):
    ask = {"drug": "lithium", "dx": "F31.31", "lithium_level": 0.8}
    assert said(knowledge, [(0, 20), (70, 19)], [(0, 900)], **ask).recommendation == "augment"


def test_an_antidepressant_beside_a_mood_stabiliser_is_not_alone(knowledge):
    told = trial([(0, 20), (28, 18)], [(0, 50)], dx="F31.81")
    assert advise(read(told), knowledge).recommendation == "reassess_diagnosis"
    told["dose_history"].insert(0, {"drug": "lithium", "day": -200, "daily_mg": 900})
    assert advise(read(told), knowledge).recommendation == "optimise_dose"


@pytest.mark.parametrize(
    ("drug", "mg", "told", "room"),
    [
        ("escitalopram", 10, {"age": 70}, False),
        ("escitalopram", 10, {"age": 64}, True),
        ("lisdexamfetamine", 50, {"eGFR": 25}, False),
        ("lisdexamfetamine", 50, {"eGFR": 90}, True),
        ("venlafaxine", 225, {}, False),
        ("lamotrigine", 100, {}, True),
    ],
)
def test_age_and_kidneys_limit_how_far_a_dose_may_rise(knowledge, drug, mg, told, room):
    dx = {"lisdexamfetamine": "F90.2", "lamotrigine": "F31.81"}.get(drug, "F33.1")
    asked = trial([(0, 20), (42, 19)], [(0, mg)], drug=drug, dx=dx, **{k: v for k, v in told.items() if k == "eGFR"})
    asked["patient"]["age"] = told.get("age", 34)
    assert advise(read(asked), knowledge).course.room is room


def test_without_doses_the_days_still_count(knowledge):
    assert said(knowledge, [(0, 20), (56, 19)], []).recommendation == "switch"


def test_of_two_scales_on_one_day_the_one_for_her_illness_speaks(knowledge):
    told = trial([(0, 12), (70, 11)], dx="F42.9")
    told["score_series"] += [{"instrument": "Y-BOCS", "day": day, "value": value} for day, value in ((0, 28), (70, 10))]
    assert advise(read(told), knowledge).course.scale == "Y-BOCS"


def test_an_unknown_key_and_an_unknown_medicine_are_said(knowledge):
    advice = said(knowledge, FAIR, drug="moonbeam", favourite_colour="green")
    assert "Not read: favourite_colour." in advice.because
    assert advice.as_json()["adequate"]["dose"] is None


def test_the_object_is_that_of_the_contract(knowledge):
    shown = said(knowledge, [(0, 20), (28, 18)], [(0, 50)]).as_json()
    assert list(shown) == ["recommendation", "alternatives", "because", "response", "adequate", "sources"]
    assert shown["response"] == {"baseline": 20, "latest": 18, "change_percent": 10, "category": "no response"}
    assert shown["adequate"]["weeks"] == 4


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ([], "the file: give one object"),
        ({"score_series": {}}, "score_series: this is not a list"),
        ({"score_series": [{"day": 0, "value": 3}]}, r"score_series\[0\]\.instrument: name the scale"),
        (
            {"score_series": [{"instrument": "PHQ-9", "day": 0, "value": "three"}]},
            r"score_series\[0\]\.value: 'three' is not a number",
        ),
        ({"score_series": [{"instrument": "PHQ-9", "day": 0.5, "value": 3}]}, "not a whole number"),
        ({"dose_history": [{"drug": "x", "day": 0, "daily_mg": -5}]}, "is not a dose"),
        ({"other": {"FIBSER_burden": 7}}, "Give 0 to 6"),
        ({"other": {"BP": "high"}}, "Write it as 124/80"),
        ({"patient": []}, "patient: this is not an object"),
    ],
)
def test_what_cannot_be_read_names_its_place(broken, words):
    with pytest.raises(NotATrial, match=words):
        read(broken)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "patient": st.dictionaries(st.sampled_from(["age", "sex", "dx", "life_stage"]), ANY),
            "score_series": st.lists(st.dictionaries(st.sampled_from(["instrument", "day", "value"]), ANY), max_size=3),
            "dose_history": st.lists(
                st.dictionaries(st.sampled_from(["drug", "rxcui", "day", "daily_mg"]), ANY), max_size=3
            ),
            "other": st.dictionaries(
                st.sampled_from(["FIBSER_burden", "adherence", "BP", "CSSRS", "MDQ", "past_trials", "side_effects"]),
                ANY,
            ),
            "today": ANY,
        },
    )
)
def test_any_object_is_answered_or_refused_never_a_crash(anything):
    try:
        advice = advise(read(anything), KNOWLEDGE)
    except NotATrial:
        return
    assert advice.recommendation in CODES


@given(st.integers(1, 27), st.integers(0, 27), st.integers(0, 120), st.sampled_from([25, 50, 100, 150, 200]))
def test_every_course_of_a_trial_has_an_answer(first, last, day, mg):
    advice = advise(read(trial([(0, first), (day, last)], [(0, mg)])), KNOWLEDGE)
    assert advice.recommendation in CODES
    assert advice.recommendation not in advice.alternatives
    assert all(advice.because)


def test_of_one_score_the_words_tell_no_change():
    words = " ".join(advise(read(trial([(0, 18)], [(0, 50)], today=3)), KNOWLEDGE).because)
    assert "PHQ-9 18 at the start, and no score since." in words
    assert "0%" not in words
