"""Valproate and topiramate in the UK: whom the pregnancy prevention programme is asked of, and whom it cannot concern."""

import pytest

from althea.care.known import knowledge
from althea.fhir.read import read
from althea.fhir.record import of_bundle
from althea.knowledge.schema.who import Who
from tests.cast import ask, someone
from tests.fhir.samples import TODAY, bundle, condition, day, patient, seen

RULES = {"valproate": "valproate-uk-annual", "topiramate": "topiramate-uk-ppp"}
medicines = pytest.mark.parametrize("medicine", RULES)


def fires(facts_, medicine):
    return ask(RULES[medicine], facts_, knowledge(), jurisdiction="UK") is not None


def told(medicine, *resources):
    """What her record says, read from FHIR, and the medicine she takes."""
    stage = read(of_bundle(bundle(patient(), *resources)), TODAY, knowledge()).stage
    woman = someone(taking=f"{medicine} 500 mg")
    return type(woman)(**{name: getattr(woman, name) for name in woman.__struct_fields__} | {"stage": stage})


def method(text, offset=0):
    return seen("86649-1", offset, valueCodeableConcept={"text": text})


@medicines
@pytest.mark.parametrize("used", ["copper-iud", "partner-sterilised", "none", None])
def test_whatever_she_uses_or_nobody_knows_the_programme_is_asked_for(medicine, used):
    assert fires(someone(taking=f"{medicine} 500 mg", contraception=used), medicine)


@medicines
@pytest.mark.parametrize(
    "told_as",
    [
        condition("Z98.51", text="Tubal ligation status", onsetDateTime=day(-900)),
        method("sterilised"),
        method("tubal ligation"),
        method("permanent contraception"),
        method("hysterectomy"),
    ],
    ids=["a diagnosis", "an answer", "an answer in other words", "in others", "no uterus"],
)
def test_sterilised_is_sterilised_however_it_was_told(medicine, told_as):
    assert fires(told(medicine), medicine), "it is asked for without it"
    assert not fires(told(medicine, told_as), medicine)


@medicines
def test_a_birth_since_and_it_is_asked_for_again(medicine):
    since = seen("93857-1", -30, valueDateTime=day(-30))
    assert fires(told(medicine, method("sterilised", -900), since), medicine)


@medicines
def test_the_programme_on_record_is_enough(medicine):
    assert not fires(someone(taking=f"{medicine} 500 mg", has="pregnancy-prevention-programme"), medicine)


@medicines
def test_it_is_a_rule_of_the_uk_alone(medicine):
    assert ask(RULES[medicine], someone(taking=f"{medicine} 500 mg"), knowledge()) is None


@medicines
def test_what_it_asks_of_her_life_is_that_a_pregnancy_is_not_known_to_be_impossible(medicine):
    assert knowledge().rules[RULES[medicine]].who.can_conceive is True
    assert Who().can_conceive is None


@medicines
def test_a_pregnancy_that_runs_is_not_impossible_whatever_was_told(medicine):
    pregnant = seen("82810-3", 0, valueCodeableConcept={"text": "pregnant"})
    assert fires(told(medicine, pregnant, method("sterilised")), medicine)
