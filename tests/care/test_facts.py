"""The record's door to Facts, day by day. That it says the same as FHIR: `test_same_woman.py`."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import record
from althea.care.facts import facts_for
from althea.care.known import knowledge
from althea.care.models import Order, Origin, Signature
from althea.engine.facts import Known, State
from tests.people import NOW

TODAY = date(2026, 6, 9)
pytestmark = pytest.mark.django_db


def tell(people, body, on=TODAY, **named):
    return record.add(
        patient=people.maya, body=body, on=on, origin=Origin.CLINIC, by=people.marchetti.user, at=NOW, **named
    )


def looked(people):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        tell(people, said.Looked(topic=topic))


def test_what_nobody_asked_is_unknown(people):
    facts = facts_for(people.maya, TODAY)
    assert facts.age == 32
    assert facts.sex == "female"
    assert facts.stage.breastfeeding is None
    assert {topic: facts.looked(topic) for topic in ("medicines", "allergies")} == {
        "medicines": Known.UNKNOWN,
        "allergies": Known.UNKNOWN,
    }


def test_what_was_gone_through_and_empty_is_none(people):
    looked(people)
    facts = facts_for(people.maya, TODAY)
    assert facts.looked("medicines") is Known.NONE
    assert facts.looked("allergies") is Known.NONE


def test_what_was_told_in_part_is_incomplete(people):
    tell(people, said.Allergy(text="sulfa antibiotics", reaction="rash"))
    assert facts_for(people.maya, TODAY).looked("allergies") is Known.INCOMPLETE


def an_order(people, **named):
    steps = [
        {"from": "2026-05-07", "until": "2026-05-13", "dose": "25 mg", "times_a_day": 1},
        {"from": "2026-05-14", "until": "2026-05-27", "dose": "50 mg", "times_a_day": 1},
        {"from": "2026-05-28", "until": None, "dose": "75 mg", "times_a_day": 1},
    ]
    signature = Signature.objects.create(
        signer=people.marchetti.user, digest=f"{len(str(named))}", method="totp", at=NOW
    )
    signed_at = NOW + timedelta(microseconds=Order.objects.count())  # nobody signs two at once
    return Order.objects.create(
        patient=people.maya, drafted_by=people.marchetti.user, drafted_at=NOW, signed_at=signed_at,
        signature=signature, **{"medicine": "sertraline", "steps": steps, **named},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "dose"), [("2026-05-07", "25 mg"), ("2026-05-13", "25 mg"), ("2026-05-14", "50 mg"), ("2026-06-09", "75 mg")]
)
def test_a_signed_order_is_taken_at_the_step_of_the_day(people, on, dose):
    an_order(people)
    (taken,) = facts_for(people.maya, date.fromisoformat(on)).medicines
    assert (taken.id, str(taken.daily), taken.state) == ("sertraline", dose, State.RUNNING)
    assert taken.started_on == date(2026, 5, 7)


def test_before_its_first_step_an_order_is_not_taken(people):
    an_order(people)
    assert facts_for(people.maya, date(2026, 5, 6)).medicines == ()


def test_a_taper_is_over_after_its_last_day(people):
    an_order(people, stops=True, steps=[
        {"from": "2026-05-07", "until": "2026-05-20", "dose": "50 mg", "times_a_day": 1}])  # fmt: skip
    assert facts_for(people.maya, date(2026, 5, 20)).medicines[0].state is State.RUNNING
    over = facts_for(people.maya, date(2026, 5, 21)).medicines[0]
    assert (over.state, over.ended_on) == (State.STOPPED, date(2026, 5, 20))


def test_an_error_no_longer_counts_and_both_stay(people):
    entry = tell(people, said.Allergy(text="penicillin"))
    record.withdraw(entry=entry, by=people.marchetti.user, at=NOW)
    assert facts_for(people.maya, TODAY).allergies == ()
    assert people.maya.entries.count() == 2


def test_nobody_knew_on_a_day_what_was_told_later(people):
    tell(people, said.LifeStage(topic="breastfeeding", value="no"), on=TODAY)
    assert facts_for(people.maya, TODAY - timedelta(days=1)).stage.breastfeeding is None


def test_facts_take_two_queries_whatever_she_has(people, django_assert_num_queries):
    looked(people)
    an_order(people)
    with django_assert_num_queries(2):
        facts_for(people.maya, TODAY)


def test_a_gene_of_the_record_is_read_by_its_code(people):
    tell(people, said.Gene(gene="CYP2C19", phenotype="poor metabolizer"))
    assert facts_for(people.maya, TODAY).genes["CYP2C19"].phenotype == "poor metabolizer"


@pytest.mark.parametrize("illness", ["bipolar-family-history", "sudden-cardiac-death-family"])
def test_an_illness_of_her_family_is_read_as_that_and_as_no_illness_of_hers(people, illness):
    tell(people, said.Family(illness=illness, text=knowledge().conditions[illness].name))
    groups = {group for row in facts_for(people.maya, TODAY).conditions for group in row.groups}
    assert groups == {illness}
