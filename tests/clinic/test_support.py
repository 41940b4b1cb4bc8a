"""How far a step is supported is one of a few words, each with its edge, and never stronger than what the rules said."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.known import knowledge
from althea.care.models import CheckIn, CheckInAnswer
from althea.clinic import support
from althea.clinic.rests_on import of_step
from althea.engine.advise import Advice
from althea.engine.course import Course
from althea.engine.next_dose import NextDose
from althea.engine.told import read
from althea.knowledge.quantity import Dose
from althea.look.words import day as day_words
from tests.clinic.reviewing import a_trial, decide, get, hidden, maya, on, scored, taking, tell

__all__ = ["maya", "on"]  # fixtures

UP = NextDose(daily=Dose.parse("150 mg"), most=Dose.parse("200 mg"), days_between=7)


def course(**named):
    """Seven weeks on a dose a fair trial asks for, with room, and little better."""
    values = {"category": "no response", "days": 49, "days_at_dose": 49, "daily_mg": Decimal(100), "dose_adequate": True,
              "weeks": Decimal(7), "weeks_needed": Decimal(6), "room": True, "medicine": "sertraline"}  # fmt: skip
    return Course(knowledge=knowledge(), told=read({}), **(values | named))


def advice(code, *alternatives):
    return Advice(recommendation=code, alternatives=alternatives, because=("Why.",), course=course(), sources=())


def graded(code, first="continue_and_recheck", *, up=UP, against=(), only_held=False, **named):
    grade, why = support.standing(code, advice(first), course(**named), up, against, only_held=only_held)
    return grade.label, why


def test_what_the_rules_name_is_recommended_and_their_alternatives_have_some_support():
    grades = support.named(advice("optimise_dose", "augment", "switch"))
    assert [(code, one.label) for code, one in grades.items()] == [
        ("optimise_dose", "Recommended"), ("augment", "Some support"), ("switch", "Some support")
    ]  # fmt: skip
    assert support.named(advice("urgent_escalation"))["urgent_escalation"].label == "Cannot wait"


@pytest.mark.parametrize(
    ("first", "others", "words"),
    [
        ("optimise_dose", ("augment", "switch"), "The first three stand open. Let her wish decide."),
        ("continue_and_recheck", ("optimise_dose",), "The first two stand open. Let her wish decide."),
        ("continue_and_recheck", (), ""),
        ("check_adherence", ("continue_and_recheck",), ""),
        ("reassess_diagnosis", ("switch",), ""),
    ],
)
def test_her_wish_decides_only_where_the_rules_leave_more_than_one_open(first, others, words):
    given = advice(first, *others)
    grades = [*support.named(given).values(), support.POSSIBLE, support.NOT_ADVISED]
    assert support.open_words(given, grades) == words


def test_a_step_that_a_finding_took_back_does_not_stand_open():
    given = advice("continue_and_recheck", "optimise_dose", "add_psychotherapy")
    left = [support.RECOMMENDED, support.SOME, support.POSSIBLE, support.NOT_ADVISED]
    assert support.open_words(given, left) == "The first two stand open. Let her wish decide."
    assert support.open_words(given, [support.SOME, support.SOME, support.NOT_ADVISED]) == "", (
        "the first was taken back"
    )


@pytest.mark.parametrize(
    ("named", "label"),
    [
        ({}, "Possible"),
        ({"days_at_dose": 14}, "Possible"),
        ({"days_at_dose": 13}, "Not yet"),
        ({"up": replace(UP, days_between=50)}, "Not yet"),
        ({"up": replace(UP, days_between=49)}, "Possible"),
        ({"room": False}, "Not advised now"),
        ({"up": replace(UP, most=None), "room": False}, "Not known"),
        ({"category": "remission"}, "Not advised now"),
    ],
)
def test_a_higher_dose_waits_for_time_and_room_and_an_unknown_highest_dose_is_not_known(named, label):
    assert graded("optimise_dose", **named)[0] == label


@pytest.mark.parametrize("code", ["switch", "augment"])
@pytest.mark.parametrize(
    ("named", "label"),
    [
        ({}, "Possible"),
        ({"weeks": Decimal(6)}, "Possible"),
        ({"weeks": Decimal("5.9")}, "Not yet"),
        ({"dose_adequate": False}, "Not yet"),
        ({"dose_adequate": None}, "Not known"),
        ({"weeks_needed": Decimal(4), "days": 42}, "Possible"),
        ({"weeks_needed": Decimal(4), "days": 41}, "Not yet"),
        ({"category": "remission"}, "Not advised now"),
    ],
)
def test_another_medicine_waits_for_a_fair_trial_of_this_one(code, named, label):
    assert graded(code, **named)[0] == label


def test_what_helps_in_part_or_has_nothing_to_go_to_speaks_against_a_switch_and_not_against_an_addition():
    assert graded("switch", category="partial response")[0] == "Not advised now"
    assert graded("augment", category="partial response")[0] == "Possible"
    assert graded("switch", only_held=True)[0] == "Not advised now"
    assert graded("augment", only_held=True)[0] == "Possible"


def test_to_go_on_is_possible_until_something_speaks_against_it():
    assert graded("continue_and_recheck", "switch")[0] == "Possible"
    assert graded("continue_and_recheck", "switch", against=["It has not helped so far"])[0] == "Not advised now"


@pytest.mark.parametrize(
    ("category", "label"),
    [("remission", "Not advised now"), ("response", "Not advised now"), ("partial response", "Not advised now"),
     ("no response", "Possible"), ("worse", "Possible"), ("not known", "Possible")],
)  # fmt: skip
def test_stopping_is_not_advised_where_it_helps_and_hers_to_choose_anywhere(category, label):
    assert graded("taper_stop", category=category)[0] == label


@pytest.mark.parametrize(("first", "why"), support.FIRST.items())
def test_what_comes_first_is_said_on_every_step_that_changes_the_medicine(first, why):
    for code in ("augment", "switch"):
        assert graded(code, first) == ("Not yet", why)
    label = "Not advised now" if first == "address_side_effects" else "Not yet"
    assert graded("optimise_dose", first) == (label, why)
    assert graded("add_psychotherapy", first)[0] == ("Not yet" if first == "urgent_escalation" else "Possible")
    assert graded("continue_and_recheck", first)[0] == ("Not yet" if first == "urgent_escalation" else "Possible")


def test_when_she_leans_towards_stopping_nothing_is_added_or_raised():
    for code in ("optimise_dose", "augment", "switch"):
        assert graded(code, "taper_stop") == ("Not advised now", "She leans towards stopping.")


def test_pmdd_is_given_its_cycles():
    days = int(knowledge().numbers["pmdd-trial-cycles"].value * knowledge().numbers["cycle-days"].value)
    group = {"groups": frozenset({"pmdd"})}
    assert graded("optimise_dose", days=days - 1, **group) == ("Not yet", "PMDD is judged over at least two cycles.")
    assert graded("optimise_dose", days=days, **group) == ("Possible", "")


# --- what it rests on -----------------------------------------------------------------------------


def test_our_own_rule_says_that_it_is_and_the_guideline_stands_beside_it_for_depression_only():
    early = {"days_at_dose": 12}
    hers = course(**early, groups=frozenset({"depression"}))
    assert of_step("continue_and_recheck", hers, (), verified=True) == (
        "Our own rule, not a guideline's. Depression in adults: treatment and management (NG222), 1.9.1, 1.4.11"
    )
    assert of_step("continue_and_recheck", course(**early), (), verified=True) == "Our own rule, not a guideline's"


def test_what_was_not_read_in_its_document_says_so_and_what_was_does_not():
    line = of_step("continue_maintain", course(), (), verified=True)
    assert line.startswith("Depression in adults: treatment and management (NG222), 1.4.11.")
    assert line.endswith(
        "CANMAT 2023 update on clinical guidelines for major depressive disorder in adults (not yet verified)"
    )
    assert of_step("taper_stop", course(), ("nice-ng222#1.4.17",), verified=True).endswith("1.4.17")
    assert of_step("taper_stop", course(), ("nice-ng222#1.4.17",), verified=False).endswith("1.4.17 (not yet verified)")
    assert of_step("add_psychotherapy", course(), (), verified=True) == "No guideline is cited for this step"


# --- on her page ----------------------------------------------------------------------------------


def chip(words, title):
    """The word beside a step's title."""
    card = words.split(f"<h3>{title}</h3>")[1].split("</li>")[0]
    return card.split('<span class="chip')[1].split("</span>")[0].split(">")[-1]


@pytest.mark.django_db
def test_twelve_days_at_a_dose_below_a_fair_trial_makes_every_change_wait(people, on):
    tell(people, said.Condition(text="Depression", code="F33.1"), on, 60)
    taking(people, on, (33, "50 mg"), (12, "75 mg"))
    scored(people, on, (33, 21), (0, 14))
    words = get(people, a_trial(people, on, back=33))
    assert chip(words, "Continue 75 mg to week 8") == "Recommended"
    assert chip(words, "Add psychotherapy") == "Possible"
    for title in ("Increase sertraline to 100 mg", "Add a second medicine", "Switch medicine"):
        assert chip(words, title) == "Not yet"
    assert chip(words, "Stop with a taper") == "Not advised now"
    assert "12 days at 75 mg: less than 14 is early to judge" in words
    assert "Not a fair trial yet: the dose is below 100 mg." in words
    assert "stand open" not in words
    assert "Our own rule, not a guideline&#x27;s." in words


@pytest.mark.django_db
def test_her_leaning_stands_beside_the_step_she_leans_to(people, maya, on):
    assert "She leans to this" not in get(people, maya)
    one = CheckIn.objects.create(patient=people.maya, trial=maya, due_on=on, state="done", scales=["phq-9"])
    CheckInAnswer.objects.create(check_in=one, question="leaning", value="more", at=timezone.now())
    words = get(people, maya)
    assert words.count("She leans to this") == 1
    card = words.split("<h3>Increase sertraline to 150 mg</h3>")[1].split("<h3>")[0]
    assert "She leans to this" in card


@pytest.mark.django_db
def test_a_leaning_told_after_the_page_was_read_is_read_first(people, maya, on):
    seen = hidden(get(people, maya), "seen")
    one = CheckIn.objects.create(patient=people.maya, trial=maya, due_on=on, state="done", scales=["phq-9"])
    CheckInAnswer.objects.create(check_in=one, question="leaning", value="more", at=timezone.now())
    assert decide(people, maya, "optimise_dose", seen=seen).status_code == 409


@pytest.mark.django_db
def test_doses_are_told_as_days_out_of_days(people, maya, on):
    for back in range(40):
        tell(people, said.DoseTaken(medicine="sertraline", taken=back not in (3, 4)), on, back)
    words = get(people, maya)
    assert "She took it on 38 of the 40 days she told of; no side effect told of now." in words
    missed = ", ".join(day_words(on - timedelta(days=back), on) for back in (4, 3))
    assert f"<dt>Doses taken</dt><dd>95%<small>missed {missed}</small>" in words
