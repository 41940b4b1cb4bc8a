"""Scores and answers, tobacco, genes, symptoms, allergies."""

from decimal import Decimal

import pytest

from tests.fhir.samples import RXNORM, SNOMED, coded, day, facts, quantity, seen

# --- scores -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "scale"),
    [
        ("44261-6", "phq-9"),
        ("70274-6", "gad-7"),
        ("71354-5", "epds"),
        ("99046-5", "epds"),
        ("75626-2", "audit-c"),
        ("55758-7", "phq-2"),
    ],
)
def test_totals_by_loinc(code, scale):
    assert facts(seen(code, valueInteger=4)).scores[scale][0].total == 4


@pytest.mark.parametrize("text", ["PHQ-9 total score", "phq9 Total Score", "PHQ 9 total"])
def test_a_total_by_name(text):
    assert facts(seen("", text=text, valueInteger=4)).scores["phq-9"][0].total == 4


def test_answers_of_one_day_are_one_score():
    said = facts(
        seen("44261-6", valueInteger=14), *(seen("", text=f"PHQ-9 item {n}", valueInteger=n % 4) for n in range(1, 10))
    )
    score = said.scores["phq-9"][0]
    assert (score.total, len(score.items), score.items["item 9"]) == (14, 9, 1)


def test_scales_answered_on_one_day_stand_in_an_order_of_their_own():
    codes = ("44261-6", "71354-5", "75626-2", "70274-6")
    for said in (codes, codes[::-1]):
        assert list(facts(*(seen(code, valueInteger=4) for code in said)).scores) == [
            "phq-9", "gad-7", "epds", "audit-c",
        ]  # fmt: skip


def test_item_nine_by_loinc():
    assert facts(seen("44260-8", text="PHQ-9 item 9", valueInteger=2)).scores["phq-9"][0].items == {"item 9": 2}


def test_item_nine_by_its_coded_answer():
    answer = coded("http://loinc.org", "LA6570-1", "More than half the days")
    assert facts(seen("44260-8", valueCodeableConcept=answer)).scores["phq-9"][0].items == {"item 9": 2}


def test_a_named_answer():
    assert facts(seen("", text="C-SSRS-screener q6_3months", valueBoolean=True)).scores["c-ssrs-screener"][0].items == {
        "q6_3months": True
    }


def test_another_name_of_an_item_is_its_own():
    assert facts(seen("", text="MDQ co_occurring", valueBoolean=True)).scores["mdq"][0].items == {
        "part2_same_time": True
    }


def test_a_total_that_the_scale_cannot_have_is_not_read():
    said = facts(seen("44261-6", valueInteger=40))
    assert said.scores == {}
    assert said.unread == (f"A PHQ-9 total of {day(0)} could not be read (outside 0 to 27).",)


def test_scores_newest_first():
    assert [
        one.total
        for one in facts(seen("44261-6", -9, valueInteger=9), seen("44261-6", -1, valueInteger=1)).scores["phq-9"]
    ] == [1, 9]


def test_audit_is_not_audit_c():
    assert facts(seen("", text="AUDIT total score", valueInteger=9)).scores == {}


# --- tobacco ------------------------------------------------------------------------------------------------


def smoking(code, offset=0):
    return seen("72166-2", offset, valueCodeableConcept=coded(SNOMED, code))


@pytest.mark.parametrize(("code", "status"), [("449868002", "current"), ("8517006", "stopped"), ("266919005", "never")])
def test_tobacco_by_code(code, status):
    assert facts(smoking(code)).tobacco.status == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Current every day smoker", "current"),
        ("Former smoker", "stopped"),
        ("Never smoker", "never"),
        ("stopped", "stopped"),
    ],
)
def test_tobacco_by_text(text, status):
    assert facts(seen("72166-2", valueCodeableConcept={"text": text})).tobacco.status == status


def test_the_change_is_the_first_day_of_the_present_status():
    said = facts(
        smoking("449868002", -300),
        smoking("8517006", -20),
        smoking("8517006", -2),
        seen("64218-1", -300, **quantity(20, "/d")),
    )
    assert (said.tobacco.status, said.tobacco.on.isoformat()) == ("stopped", day(-20))
    assert (said.tobacco_before.status, said.tobacco_before.cigarettes_a_day) == ("current", 20)


def test_cigarettes_before_she_stopped_say_that_she_smoked():
    said = facts(smoking("8517006", -10), seen("64218-1", -11, **quantity(15, "/d")))
    assert (said.tobacco_before.status, said.tobacco_before.cigarettes_a_day) == ("current", Decimal(15))


def test_cigarettes_now():
    assert facts(smoking("449868002", -5), seen("64218-1", -5, **quantity(15, "/d"))).tobacco.cigarettes_a_day == 15


# --- genes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "gene", "phenotype"),
    [
        ("79715-9", "Poor metabolizer", "CYP2D6", "poor metabolizer"),
        ("79715-9", "CYP2D6 poor metaboliser", "CYP2D6", "poor metabolizer"),
        ("79714-2", "poor metabolizer", "CYP2C19", "poor metabolizer"),
        ("57979-7", "*15:02 positive", "HLA-B*15:02", "positive"),
        ("57979-7", "negative", "HLA-B*15:02", "negative"),
    ],
)
def test_genes_by_loinc(code, text, gene, phenotype):
    assert facts(seen(code, valueCodeableConcept={"text": text})).genes[gene].phenotype == phenotype


def test_a_gene_by_name():
    assert facts(seen("", text="CYP2D6 phenotype", valueString="PM")).genes["CYP2D6"].phenotype == "poor metabolizer"


def test_cyp2c9_is_never_read_as_cyp2c19():
    assert facts(seen("79716-7", valueString="poor metabolizer")).genes == {}


def test_a_phenotype_that_cannot_be_read_is_said():
    said = facts(seen("79715-9", valueString="*1/*4"))
    assert said.genes == {}
    assert "*1/*4" in said.unread[0]


# --- symptoms and allergies ---------------------------------------------------------------------------------


def told(text, offset=0):
    return seen("", offset, text="Symptom reported today", valueCodeableConcept={"text": text})


def test_a_symptom_of_today():
    row = facts(told("new tremor, no rash")).symptoms[0]
    assert (row.groups, row.denied, row.text) == (("tremor",), ("rash",), "new tremor, no rash")


def test_a_symptom_that_matches_nothing_is_quoted():
    assert facts(told("feels odd")).unread == ("not read: “feels odd”",)


def test_a_symptom_of_last_month_is_not_of_today():
    said = facts(told("tremor", -30))
    assert said.symptoms == ()
    assert "not today" in said.unread[0]


def allergy(**more):
    return {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/maya"}, **more}


def test_an_allergy_by_code_with_its_reaction():
    row = facts(
        allergy(code=coded(RXNORM, "6448", "lithium"), reaction=[{"manifestation": [{"text": "rash"}]}])
    ).allergies[0]
    assert (row.medicines, row.reaction) == (("lithium",), "rash")


def test_an_allergy_by_text_and_by_class():
    assert facts(allergy(code={"text": "Allergy to codeine"})).allergies[0].medicines == ("codeine",)
    assert facts(allergy(code={"text": "NSAIDs"})).allergies[0].medicines == ("naproxen",)


def test_an_allergy_to_none_of_ours_is_read_and_names_none():
    assert facts(allergy(code={"text": "latex"})).allergies[0].medicines == ()


def test_an_allergy_that_was_refuted_is_dropped():
    assert facts(allergy(code={"text": "lithium"}, verificationStatus=coded("", "refuted"))).allergies == ()
