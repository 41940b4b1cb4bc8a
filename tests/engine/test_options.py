"""Options compared for her: what stands where, in whose order, with which numbers, and what is held back and why."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from althea.engine.facts import Condition, Facts
from althea.engine.options import PastTrial, options_for, to_switch_to
from althea.engine.options_shown import Options, OptionShown
from althea.knowledge import Knowledge, load
from althea.knowledge.schema.choice import TOPICS
from tests.cast import someone

KNOWLEDGE: Knowledge = load()
MAYA: dict[str, Any] = {"has": ["depression", "postpartum-depression"], "born_days_ago": 70, "breastfeeding": True}


def compared(facts: Facts, *values: str, **more: Any) -> Options:
    return options_for(facts, KNOWLEDGE, values=values, **more)


def one(options: Options, key: str) -> OptionShown:
    return next(option for option in (*options.offered, *options.not_without_a_talk) if option.id == key)


def ids(options: Options) -> list[str]:
    return [option.id for option in options.offered]


# --- which situation, which options ----------------------------------------------------------------------------------


def test_after_a_birth_the_studies_of_mothers_are_shown() -> None:
    options = compared(someone(**MAYA))
    assert [situation.name for situation in options.situations] == ["Depression in the year after a birth"]
    words = one(options, "sertraline").benefits[0].for_her
    assert words.startswith("Of 100 women with low mood after birth, about 43 feel much better anyway. About 11 more")
    assert "It could be from 1 fewer to 29 more." in words
    assert "That is after 5 to 12 weeks." in words
    assert "The number is for SSRIs together, not for sertraline alone." in words


@pytest.mark.parametrize(("days", "situation"), [(365, "depression-after-birth"), (366, "depression")])
def test_a_year_after_a_birth_the_situation_is_another(days: int, situation: str) -> None:
    options = compared(someone(has="depression", born_days_ago=days))
    assert [one.id for one in options.situations] == [situation]


def test_each_comparison_has_its_own_time_after_a_birth() -> None:
    early = replace(KNOWLEDGE.choices["depression-after-birth"], within_days=60)
    knowledge = replace(KNOWLEDGE, choices={**KNOWLEDGE.choices, "depression-after-birth": early})
    assert options_for(someone(**MAYA), knowledge).situations == ()
    assert options_for(someone(**{**MAYA, "born_days_ago": 60}), knowledge).situations != ()


def test_what_was_not_studied_in_her_situation_says_so() -> None:
    options = compared(someone(has="depression", pregnant=True, weeks=20))
    assert all(
        option.benefits[0].for_her.startswith("This was not studied in pregnancy.") for option in options.offered
    )
    assert one(options, "escitalopram").benefits[0].studied.startswith("Not studied in pregnancy: from other people.")
    assert not one(options, "escitalopram").benefits[0].here


def test_bipolar_disorder_takes_the_place_of_depression() -> None:
    options = compared(someone(has=["depression", "bipolar"]))
    assert [situation.id for situation in options.situations] == ["bipolar-depression"]
    assert "Is she in a depressive episode now? The record cannot tell." in options.notes


def test_two_diagnoses_give_each_option_a_benefit_for_each() -> None:
    options = compared(someone(has=["depression", "gad"]))
    assert [benefit.situation for benefit in one(options, "sertraline").benefits] == [
        "depression",
        "generalised-anxiety",
    ]
    silent = one(options, "mirtazapine").benefits[1]
    assert silent.for_her == (
        "We found no study of it that we could read for worry that does not stop. "
        "There are no numbers that we could check."
    )


def test_a_diagnosis_in_a_line_of_text_is_to_be_confirmed() -> None:
    facts = someone(history={"postpartum-depression": "history of PPD"}, born_days_ago=30)
    assert any("rests on a line of text, “history of PPD”: confirm" in note for note in compared(facts).notes)


def test_where_nothing_was_compared_no_medicine_now_still_stands() -> None:
    options = compared(someone(has="liver-disease"), candidates=("sertraline",))
    assert options.situations == ()
    assert ids(options) == ["no-medicine", "sertraline"]
    assert any("No comparison has been written for her diagnoses" in note for note in options.notes)


def test_candidates_narrow_the_medicines_and_leave_therapy_and_no_medicine() -> None:
    options = compared(someone(**MAYA), candidates=("sertraline", "zuranolone"))
    assert set(ids(options)) == {"sertraline", "zuranolone", "cbt", "ipt", "no-medicine"}


def test_a_candidate_nobody_studied_here_is_shown_and_said_to_be_so() -> None:
    quetiapine = one(compared(someone(**MAYA), candidates=("quetiapine",)), "quetiapine")
    assert "We found no study of it that we could read for low mood after birth." in quetiapine.benefits[0].for_her
    assert quetiapine.benefits[0].better is None


def test_a_medicine_without_a_record_of_its_own_is_compared_with_what_is_not_known() -> None:
    lorazepam = one(compared(someone(**MAYA), "sleep", candidates=("lorazepam",)), "lorazepam")
    assert lorazepam.name == "Lorazepam"
    assert lorazepam.because == ("Sleep: not known",)
    assert lorazepam.topics[0].for_her == "We found nothing about this that we could check."


def test_a_candidate_nobody_knows_is_named_and_not_dropped_in_silence() -> None:
    assert (
        "“dragon” is not known here, and was not compared." in compared(someone(**MAYA), candidates=("dragon",)).notes
    )


@pytest.mark.parametrize("has", ["depression", "gad", "bipolar", "migraine"])
def test_no_medicine_now_is_always_there_and_says_what_it_means(has: str) -> None:
    none = one(compared(someone(has=has)), "no-medicine")
    assert "You are seen again soon, and often." in none.means
    assert "You can start a medicine later. You can change your mind." in none.means


def test_an_unknown_pregnancy_is_asked_before_choosing() -> None:
    notes = compared(someone(has="depression", pregnant=None)).notes
    assert "Ask before choosing: whether she is pregnant is not known." in notes


# --- her values ------------------------------------------------------------------------------------------------------


def test_topics_stand_in_her_order_with_the_reason_in_words() -> None:
    sertraline = one(compared(someone(**MAYA), "sleep", "breastfeeding"), "sertraline")
    assert [topic.about for topic in sertraline.topics if topic.hers] == ["sleep", "breastfeeding"]
    assert sertraline.because == (
        "Sleep: some sleep worse, some feel sleepy",
        "Breastfeeding: well studied, and very little reaches the milk",
    )


def test_what_speaks_for_it_comes_first_and_what_speaks_against_it_last() -> None:
    options = compared(someone(has="depression"), "weight")
    standings = [option.topics[0].standing for option in options.offered]
    assert standings == sorted(standings, key=["for", "between", "against"].index)
    assert ids(options)[-1] == "mirtazapine"
    assert one(options, "escitalopram").because == ("Weight: keeps weight as it is in the short trials",)


def test_without_values_the_order_is_the_alphabet() -> None:
    options = compared(someone(**MAYA))
    names = [option.name for option in options.offered]
    assert names == sorted(names, key=str.casefold)
    assert options.order_in_words == "In the order of the alphabet. The order does not say which is better."


def test_ties_are_alphabetical() -> None:
    names = [option.name for option in compared(someone(has="depression"), "weight").offered]
    assert names[:4] == ["Bupropion", "Citalopram", "Escitalopram", "Fluoxetine"]


def test_an_option_without_numbers_is_not_last_because_of_it() -> None:
    options = compared(someone(**MAYA), "breastfeeding")
    assert one(options, "zuranolone").benefits[0].better is None
    assert one(options, "ipt").benefits[0].better is None
    assert one(options, "sertraline").benefits[0].better == 54
    order = ids(compared(someone(**MAYA), "sex"))
    assert order.index("zuranolone") < order.index("ipt") < order.index("sertraline")


@given(st.permutations(sorted(TOPICS)), st.integers(0, 8))
def test_reordering_her_values_reorders_only_by_them(values: list[str], count: int) -> None:
    """The same options with the same words, whatever the order of her values; and the order is hers."""
    facts = someone(**MAYA)
    plain, hers = compared(facts), compared(facts, *values[:count])
    assert sorted(ids(plain)) == sorted(ids(hers))
    for option in hers.offered:
        same = one(plain, option.id)
        assert option.benefits == same.benefits
        assert {(topic.about, topic.for_her) for topic in option.topics} == {
            (topic.about, topic.for_her) for topic in same.topics
        }
    rank = ("for", "between", "against").index
    keys = [
        ([rank(topic.standing) for topic in option.topics if topic.hers], option.name.casefold())
        for option in hers.offered
    ]
    assert keys == sorted(keys)


def test_a_woman_who_is_not_breastfeeding_sees_no_breastfeeding_topic() -> None:
    options = compared(someone(**{**MAYA, "breastfeeding": False}), "breastfeeding", "sleep")
    assert options.values == ("sleep",)
    assert "breastfeeding" not in {topic.about for option in options.offered for topic in option.topics}
    assert "Breastfeeding is among her values and does not apply to her now." in options.notes


def test_breastfeeding_is_shown_after_a_birth_until_somebody_asks() -> None:
    options = compared(someone(**{**MAYA, "breastfeeding": None}), "breastfeeding")
    assert options.values == ("breastfeeding",)


def test_pregnancy_is_no_topic_where_it_is_impossible() -> None:
    options = compared(someone(has="depression", cannot="after a hysterectomy"), "pregnancy")
    assert "pregnancy" not in {topic.about for option in options.offered for topic in option.topics}


def test_a_value_nobody_compares_by_is_named() -> None:
    assert "“sparkle” is not a topic that options are compared by." in compared(someone(**MAYA), "sparkle").notes


# --- numbers ---------------------------------------------------------------------------------------------------------


WOMEN = [
    someone(**MAYA),
    someone(has="depression"),
    someone(has="gad"),
    someone(has="bipolar"),
    someone(has=["depression", "gad"], pregnant=True, weeks=12),
]


@pytest.mark.parametrize("facts", WOMEN)
def test_every_number_has_a_source_a_mark_and_one_denominator(facts: Facts) -> None:
    for option in compared(facts, *TOPICS).offered:
        for benefit in option.benefits:
            assert benefit.of == 100
            assert benefit.outcome.startswith("at least half of the")
            if benefit.anyway is not None:
                assert benefit.more is not None
                assert 0 <= benefit.anyway <= benefit.anyway + benefit.more <= 100
                assert benefit.sources
                assert benefit.mark in ("read", "read-twice")
        for topic in option.topics:
            assert topic.sources or topic.in_short == "not known"


@pytest.mark.parametrize("facts", WOMEN)
def test_what_nobody_could_check_is_never_a_number(facts: Facts) -> None:
    for option in compared(facts).offered:
        for benefit in option.benefits:
            if benefit.mark == "unverified":
                assert benefit.anyway is benefit.more is benefit.more_low is benefit.more_high is None
                assert "There are no numbers that we could check." in benefit.for_her
                assert not any(letter.isdigit() for letter in benefit.for_her)
        for topic in option.topics:
            if topic.mark == "unverified" and topic.in_short != "not known":
                assert topic.for_her.endswith("We could not check this yet.")
                assert topic.standing == "between"


def test_a_calculated_number_says_that_it_is_and_from_what() -> None:
    benefit = one(compared(someone(has="depression")), "sertraline").benefits[0]
    assert (benefit.anyway, benefit.more, benefit.more_low, benefit.more_high) == (38, 12, 9, 14)
    assert benefit.calculated == "Calculated from an odds ratio of 1.623 and 38 of 100 better anyway."
    assert "Studies put that at 35 to 40." in benefit.for_her


def test_words_for_her_stay_short_and_without_percent() -> None:
    for facts in WOMEN:
        for option in compared(facts, *TOPICS).offered:
            for words in (*(benefit.for_her for benefit in option.benefits), *option.past_for_her):
                assert "%" not in words
                assert max(len(sentence.split()) for sentence in words.split(". ")) <= 20, words


# --- safety ----------------------------------------------------------------------------------------------------------


def test_valproate_is_held_back_where_she_could_become_pregnant() -> None:
    options = compared(someone(has="bipolar", contraception="none"), candidates=("valproate", "lithium"))
    assert "valproate" not in ids(options)
    held = next(option for option in options.not_without_a_talk if option.id == "valproate").held[0]
    assert held.title == "A pregnancy is not known to be prevented on valproate, a major teratogen."
    assert held.level == "critical"
    assert {source.partition("#")[0] for source in held.sources} <= {source.id for source in options.sources}


def test_lithium_is_held_back_from_failing_kidneys() -> None:
    options = compared(someone(has="bipolar", results={"egfr": 22}))
    assert [option.id for option in options.not_without_a_talk] == ["lithium"]
    assert options.not_without_a_talk[0].held[0].rule == "lithium-egfr-below-30-start"
    assert options.not_without_a_talk[0].held[0].title.startswith("Do not start lithium with an eGFR of 22")


def test_an_interaction_of_lithium_is_said_beside_it() -> None:
    options = compared(someone(has="bipolar", taking="enalapril 10 mg since 2026-01-01"))
    assert "Enalapril can raise the lithium level and cause toxicity." in [
        found.title for found in one(options, "lithium").found
    ]


def test_the_check_is_asked_about_an_ordinary_start() -> None:
    sertraline = one(compared(someone(**MAYA)), "sertraline")
    assert sertraline.proposed == "sertraline 50 mg a day, the label's first dose"
    assert not [words for words in sertraline.not_checked if "the dose of sertraline" in words]


def test_where_the_label_tells_people_apart_no_dose_is_made_up() -> None:
    lamotrigine = one(compared(someone(has="bipolar")), "lamotrigine")
    assert lamotrigine.proposed == "lamotrigine, no dose said"
    assert any("the dose of lamotrigine" in words for words in lamotrigine.not_checked)


def test_what_could_not_be_checked_is_said_with_what_is_missing() -> None:
    zuranolone = one(compared(someone(**MAYA)), "zuranolone")
    assert any("Not checked for want of Estimated glomerular" in words for words in zuranolone.not_checked)


def test_what_she_takes_is_not_proposed_again() -> None:
    facts = someone(has="depression", taking="sertraline 150 mg since 2026-06-01")
    sertraline = one(compared(facts), "sertraline")
    assert sertraline.taking
    assert sertraline.proposed == "sertraline as she takes it now"


# --- what she tried before -------------------------------------------------------------------------------------------


def test_a_past_trial_that_did_not_help_is_said() -> None:
    tried = PastTrial(
        medicine="escitalopram",
        dose="10 mg",
        weeks=Decimal(5),
        outcome="did not help",
        stopped_because="no desire at all.",
    )
    escitalopram = one(compared(someone(**MAYA), past=(tried,)), "escitalopram")
    assert escitalopram.past == ("Tried before: 10 mg, 5 weeks, it did not help. Stopped because: “no desire at all”.",)
    assert escitalopram.past_for_her == (
        "You took it before (10 mg) for 5 weeks. It did not help you enough. You stopped because: “no desire at all”.",
    )
    assert one(compared(someone(**MAYA), past=(tried,)), "sertraline").past == ()


def test_an_ended_order_is_remembered_and_how_it_went_is_asked() -> None:
    facts = someone(**MAYA, taking="sertraline 50 mg since 2025-01-01 until 2025-03-01")
    sertraline = one(compared(facts), "sertraline")
    assert sertraline.past == ("On record from 2025-01-01 until 2025-03-01, 50 mg a day; how it went is not known.",)
    assert sertraline.past_for_her == ("You have had it before. Do you remember how it went?",)


def test_a_past_trial_does_not_move_an_option() -> None:
    tried = PastTrial(medicine="citalopram", outcome="made worse")
    assert ids(compared(someone(has="depression"), "sleep", past=(tried,))) == ids(
        compared(someone(has="depression"), "sleep")
    )


# --- what is stored --------------------------------------------------------------------------------------------------


def test_what_she_saw_is_plain_and_carries_its_stamp_and_documents() -> None:
    options = compared(someone(**MAYA), "breastfeeding")
    shown = options.as_shown()
    assert json.loads(json.dumps(shown, ensure_ascii=False)) == shown
    assert shown["knowledge"] == str(KNOWLEDGE.stamp)
    assert shown["on"] == "2026-11-22"
    assert shown["clinical_review"] == "none"
    cited = {source["id"] for source in shown["sources"]}
    parts = [part for option in shown["offered"] for part in (*option["benefits"], *option["topics"], *option["found"])]
    assert {source.partition("#")[0] for part in parts for source in part["sources"]} <= cited


def test_the_same_question_gives_the_same_answer() -> None:
    assert compared(someone(**MAYA), "sleep").as_shown() == compared(someone(**MAYA), "sleep").as_shown()


def test_no_words_for_her_say_that_one_is_best_or_safe() -> None:
    for facts in WOMEN:
        for option in compared(facts, *TOPICS).offered:
            parts = (*option.benefits, *option.topics)
            text = " ".join([option.for_her, *option.means, *option.because, *(part.for_her for part in parts)])
            assert not {"safe", "unsafe", "recommended", "should", "must"} & set(text.lower().replace(".", "").split())


@pytest.mark.parametrize(
    "facts", [someone(**MAYA), someone(has="bipolar", contraception="none")], ids=["maya", "bipolar"]
)
def test_what_she_could_switch_to_is_what_the_comparison_says(facts: Facts) -> None:
    options = compared(facts)
    others, held = to_switch_to(facts, KNOWLEDGE)
    assert list(others) == [one.name for one in options.offered if one.kind == "medicine" and not one.taking]
    assert list(held) == [one.name for one in options.not_without_a_talk if one.kind == "medicine"]
    assert others


def test_a_condition_of_no_group_is_no_situation() -> None:
    facts = someone()
    assert compared(Facts(on=facts.on, conditions=(Condition(groups=(), text="tired"),))).situations == ()
