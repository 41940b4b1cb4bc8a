"""One finding a reason, and nothing lost by it: what else was found stands under the loudest, which says the other
medicine; and each fact says what of it would be news."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from althea.engine.facts import Allergy
from althea.engine.finding import Finding
from althea.fhir.cards import cards_of
from althea.knowledge.schema.evidence import Level
from tests.cast import answer, ask, order, someone

BLEEDING = """
[[rule]]
kind = "interaction"
id = "ssri-nsaid"
title = "Sertraline with {other} raises the risk of bleeding."
concept = "bleeding"
of = ["sertraline"]
meets = ["nsaid"]

[[rule]]
kind = "interaction"
id = "ssri-warfarin"
level = "LEVEL"
title = "Sertraline with warfarin: the INR can change."
concept = "bleeding"
of = ["sertraline"]
meets = ["warfarin"]
"""
SERTRALINE, WARFARIN = "sertraline 50 mg since 2026-05-01", "warfarin 5 mg since 2026-11-01"
ASPIRIN = "aspirin 500 mg since 2026-11-01"


def only(facts, knowledge, draft=None) -> Finding:
    (found,) = answer(facts, knowledge, draft).findings
    return found


def test_the_one_that_stands_says_the_other_medicine_and_carries_what_was_found_of_it(knows):
    found = only(someone(taking=[SERTRALINE, ASPIRIN, WARFARIN]), knows(BLEEDING.replace("LEVEL", "warning")))
    assert found.rule == "ssri-nsaid"
    assert found.beside == ("Also: Sertraline with warfarin: the INR can change.",)
    assert [(one.rule, one.medicines) for one in found.also] == [("ssri-warfarin", ("sertraline", "warfarin"))]
    assert "takes warfarin 5 mg a day" in [fact.what for fact in found.also[0].because]


def test_the_loudest_stands_whatever_came_first(knows):
    found = only(someone(taking=[SERTRALINE, ASPIRIN, WARFARIN]), knows(BLEEDING.replace("LEVEL", "critical")))
    assert (found.rule, found.level) == ("ssri-warfarin", Level.CRITICAL)
    assert [one.rule for one in found.also] == ["ssri-nsaid"]


def test_what_only_informs_is_not_carried_under_a_warning(knows):
    found = only(someone(taking=[SERTRALINE, ASPIRIN, WARFARIN]), knows(BLEEDING.replace("LEVEL", "info")))
    assert (found.also, found.beside) == ((), ())


def test_one_card_says_both(knows):
    knowledge = knows(BLEEDING.replace("LEVEL", "warning"))
    facts = someone(taking=[SERTRALINE, ASPIRIN, WARFARIN])
    review = answer(facts, knowledge)
    cards = cards_of(review, facts, None, knowledge, base_url="http://althea", may_suggest=False)
    loud = [one for one in cards if one["indicator"] == "warning"]
    assert len(loud) == 1
    assert "- Also: Sertraline with warfarin: the INR can change." in loud[0]["detail"]


def test_of_several_of_one_class_all_are_named_and_the_drafts_own_first(knows):
    """Two painkillers are one finding about both; the one that is ordered now is in its title."""
    knowledge = knows(BLEEDING.replace("LEVEL", "warning"))
    both = ask("ssri-nsaid", someone(taking=[SERTRALINE, ASPIRIN, "naproxen 500 mg since 2026-11-01"]), knowledge)
    assert both is not None
    assert set(both.medicines) == {"sertraline", "aspirin", "naproxen"}
    ordered = ask("ssri-nsaid", someone(taking=[SERTRALINE, ASPIRIN]), knowledge, order("naproxen 500 mg"))
    assert ordered is not None
    assert ordered.title == "Sertraline with naproxen raises the risk of bleeding."
    assert ordered.medicines == ("sertraline", "naproxen", "aspirin")
    assert ordered.about_order


def test_every_allergy_that_speaks_against_it_is_among_the_facts(knows):
    knowledge = knows('[[rule]]\nkind = "allergy"\nid = "allergic"\nlevel = "critical"\nof = ["sertraline"]\n')
    told = [Allergy(medicines=("sertraline",), text="sertraline", reaction=one) for one in ("rash", "swelling")]
    found = ask("allergic", replace(someone(taking=SERTRALINE), allergies=tuple(told)), knowledge)
    assert found is not None
    assert [fact.news for fact in found.because if fact.news] == [
        "allergy on record: sertraline (rash)", "allergy on record: sertraline (swelling)",
    ]  # fmt: skip


UNPROTECTED = """
[[rule]]
kind = "life-stage"
id = "unprotected"
title = "A pregnancy is not known to be prevented."
of = ["valproate"]
who = { protected = false }
"""


def news(facts, knowledge):
    found = ask("unprotected", facts, knowledge)
    assert found is not None
    return [fact.news for fact in found.because if fact.news]


def test_that_an_answer_grows_old_is_no_news_and_that_it_is_another_is(knows):
    knowledge, taking = knows(UNPROTECTED), "valproate 500 mg since 2026-05-01"
    fresh = someone(taking=taking, contraception="male-condom")
    old = replace(fresh, on=fresh.on + timedelta(days=60))
    assert news(fresh, knowledge) == news(old, knowledge), "her word has only grown old"
    for other in ({"pregnant": True}, {"pregnant": "contradictory"}, {"pregnant": "unknown"}):
        assert news(someone(taking=taking, contraception="male-condom", **other), knowledge) != news(fresh, knowledge)
    for method in ("none", None):
        assert news(someone(taking=taking, contraception=method), knowledge) != news(fresh, knowledge)
