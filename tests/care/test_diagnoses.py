"""What her diagnosis is called to her: what its code means, a birth only where there was one, better where she is."""

from datetime import date

import msgspec
import pytest

from althea.care.diagnoses import codes, in_her_words
from althea.care.intake.proposals import proposals
from althea.care.intake.questions import questions
from althea.care.known import knowledge
from althea.engine.facts import Condition
from althea.engine.review import review
from althea.fhir.read import read
from althea.fhir.record import of_bundle
from althea.knowledge.codes import code_map
from althea.knowledge.schema.evidence import Level
from tests.cast import TODAY, someone
from tests.fhir.samples import bundle, condition, patient, seen


def called(code, text="", **named):
    bare = code.replace(".", "")
    groups = tuple(
        one.id
        for one in knowledge().conditions.values()
        if code.startswith(one.icd10cm) and not code.startswith(one.not_icd10cm)
    )
    row = Condition(groups=groups, text=text or codes()[code].text, code=code)
    return in_her_words(msgspec.structs.replace(someone(**named), conditions=(row,))).get(bare, "")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("F33.42", "depression that came back, now fully better"),
        ("F33.41", "depression that came back, now partly better"),
        ("F33.40", "depression that came back, now better"),
        ("F32.5", "depression, now fully better"),
        ("F31.76", "bipolar disorder, now fully better"),
    ],
)
def test_a_code_of_remission_says_that_she_is_better_after_a_birth_too(code, words):
    assert called(code) == called(code, born_days_ago=63) == words


def test_depression_is_of_a_birth_only_with_a_birth_on_record_in_the_time_of_the_comparison():
    assert called("F33.1") == called("F33.1", born_days_ago=366) == "low mood that is depression"
    assert called("F33.1", born_days_ago=365) == "low mood after birth"
    assert called("F33.1", born_days_ago=300, pregnant=True) == "low mood that is depression"


def test_a_postpartum_diagnosis_names_the_birth_itself():
    assert called("F53.0") == called("F53.0", born_days_ago=900) == "low mood after birth"


@pytest.mark.parametrize("code", ["F31.12", "F31.81", "F30.4", "F43.10"])
def test_a_diagnosis_of_which_no_words_are_true_keeps_its_own_name(code):
    assert called(code) == ""


def test_bipolar_disorder_is_low_mood_only_where_the_code_says_so():
    assert called("F31.31") == "low mood in bipolar disorder"


def test_where_its_words_say_remission_and_its_code_does_not_neither_is_chosen_for_her():
    assert called("F33.9", text="Recurrent depression, in remission") == ""


# --- what is ticked in the intake --------------------------------------------------------------------------------------


def ticked(question, group):
    return proposals(questions()[question], [group], date(2026, 11, 30), "answered")[0].body


@pytest.mark.parametrize(
    ("question", "group", "title"),
    [
        ("illnesses", "hypothyroidism", "Hypothyroidism, unspecified"),
        ("illnesses", "liver-disease", "Liver disease, unspecified"),
        ("illnesses", "arrhythmia", "Cardiac arrhythmia, unspecified"),
        ("illnesses", "kidney-disease", "Chronic kidney disease, unspecified"),
        ("illnesses", "anaemia", "Anemia, unspecified"),
        (
            "diagnoses-before",
            "psychosis",
            "Unspecified psychosis not due to a substance or known physiological condition",
        ),
        ("diagnoses-before", "depression", "Depression, unspecified"),
    ],
)
def test_what_she_ticked_is_coded_as_that_and_no_more(question, group, title):
    assert codes()[ticked(question, group).code].text == title


@pytest.mark.parametrize("question", ["illnesses", "diagnoses-before"])
def test_every_code_a_tick_becomes_is_a_code_of_what_was_ticked(question):
    for group in dict(questions()[question].options):
        told, record = ticked(question, group), knowledge().conditions[group]
        assert told.text == record.name
        if told.code:
            assert told.code in codes()
            assert told.code.startswith(record.icd10cm)
        else:
            assert any(one in record.name.lower() for one in record.phrases), f"{group}: neither coded nor read"


@pytest.mark.parametrize(
    ("group", "title"),
    [
        ("breast-cancer-now", "Malignant neoplasm of unspecified site of unspecified female breast"),
        ("breast-cancer-before", "Personal history of malignant neoplasm of breast"),
    ],
)
def test_breast_cancer_is_ticked_as_now_or_as_over_and_a_combined_pill_is_critical_after_either(group, title):
    told = ticked("illnesses", group)
    assert codes()[told.code].text == title
    pill = seen("86649-1", valueCodeableConcept={"text": "combined pill"})
    her = read(
        of_bundle(bundle(patient(), condition(told.code, text=told.text), pill)),
        TODAY,
        knowledge(),
        code_map(knowledge().medicines),
    )
    found = {one.rule: one.level for one in review(her, None, knowledge()).findings}
    assert found["chc-breast-cancer"] is Level.CRITICAL


def test_one_tick_for_both_as_it_was_once_kept_still_warns():
    """Answers given before the two were asked apart: no code is true of both, so it stands in words."""
    told = proposals(questions()["illnesses"], ["breast-cancer"], date(2026, 11, 30), "answered")[0].body
    assert (told.text, told.code) == ("Breast cancer, now or before", "")
    assert any(one in told.text.lower() for one in knowledge().conditions["breast-cancer"].phrases)


def test_a_severe_skin_reaction_is_not_coded_as_one_that_she_did_not_name():
    assert ticked("illnesses", "severe-skin-reaction").code == ""
