"""What changes what is safe stands before all other answers; a calm answer waits its turn; no answer is said as none."""

from datetime import timedelta

import pytest

from althea.care.models import Entry, IntakeAnswer
from tests.counting import at_most
from tests.intakes import intake
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db
PENICILLIN = [{"what": "penicillin", "reaction": "rash"}]


def told(intake, question, value=None, said="answered", at=NOW):
    return IntakeAnswer.objects.create(intake=intake, question=question, value=value, said=said, at=at)


def page(people):
    return signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment").content.decode()


def part(words, title):
    """One section of the page."""
    return words.split(f">{title}</h2>")[1].split("</section>")[0] if f">{title}</h2>" in words else ""


def first(people):
    return part(page(people), "Look at these first")


@pytest.mark.parametrize(
    ("question", "value", "said", "about"),
    [
        ("safe-at-home", "no", "answered", "Safety at home"),
        ("safe-at-home", None, "rather-talk", "Safety at home"),
        ("safe-at-home", None, "left-out", "Safety at home"),
        ("safe-at-home", "yes", "answered", ""),
        ("pregnant", "pregnant", "answered", "Pregnancy"),
        ("pregnant", "unknown", "answered", "Pregnancy"),
        ("pregnant", None, "unknown", "Pregnancy"),
        ("pregnant", "not pregnant", "answered", ""),
        ("high-times", "yes", "answered", "Times of being elated"),
        ("high-times", None, "unknown", "Times of being elated"),
        ("high-times", "no", "answered", ""),
        ("allergies", PENICILLIN, "answered", "Allergies"),
        ("allergies", None, "unknown", "Allergies"),
        ("allergies", [], "answered", ""),
        ("illnesses", ["hypertension"], "answered", ""),
        ("phq-9", {"item 9": 1}, "answered", "Self-harm"),
        ("phq-9", {"item 9": 0}, "answered", ""),
        ("phq-9", {"item 1": 3}, "answered", ""),
        ("ever-tried", "recently", "answered", "Suicide attempt"),
        ("ever-tried", "earlier", "answered", "Suicide attempt"),
        ("ever-tried", None, "rather-talk", "Suicide attempt"),
        ("ever-tried", None, "left-out", "Suicide attempt"),
        ("ever-tried", "no", "answered", ""),
        ("diagnoses-before", ["depression", "suicide-attempt"], "answered", "Suicide attempt"),
    ],
)
def test_an_answer_that_changes_what_is_safe_stands_first_and_a_calm_one_does_not(
    people, intake, question, value, said, about
):
    told(intake, question, value, said)
    seen = first(people)
    assert bool(seen) == bool(about)
    assert f"</svg>{about}</span>" in seen or not about
    assert page(people).count('class="answer') == 1


def test_self_harm_comes_before_the_others_however_late_it_was_asked(people, intake):
    for question, value in (
        ("allergies", PENICILLIN),
        ("high-times", "yes"),
        ("safe-at-home", "no"),
        ("pregnant", "unknown"),
        ("ever-tried", "earlier"),
        ("phq-9", {"item 9": 2}),
    ):
        told(intake, question, value)
    order = ["Self-harm", "Suicide attempt", "Safety at home", "Pregnancy", "Times of being elated", "Allergies"]
    seen = first(people)
    at = [seen.index(f"</svg>{one}</span>") for one in order]
    assert at == sorted(at)


def test_what_has_no_answer_yet_is_named_and_is_not_calm(people, intake):
    told(intake, "phq-9", {"item 1": 3})
    told(intake, "safe-at-home", "yes")
    assert (
        "Not answered yet: thoughts of self-harm, suicide attempt, pregnancy, times of being elated, allergies."
        in page(people)
    )
    told(intake, "phq-9", {"item 1": 3, "item 9": 0}, at=NOW + timedelta(minutes=1))
    assert "Not answered yet: suicide attempt, pregnancy, times of being elated, allergies." in page(people)
    intake.state = "submitted"
    intake.submitted_at = NOW
    intake.save()
    assert "Not answered: suicide attempt, pregnancy, times of being elated, allergies." in page(people)
    intake.state, intake.reviewed_at = "reviewed", NOW
    intake.save()
    assert "Not answered" not in page(people)


def test_before_she_answered_anything_there_is_nothing_to_judge(people, intake):
    words = page(people)
    assert "Nothing told yet" in words
    assert "Not answered" not in words
    assert "Look at these first" not in words


def test_a_section_added_with_one_click_leaves_what_is_looked_at_first(people, intake):
    told(intake, "illnesses", ["hypertension", "migraine"])
    told(intake, "allergies", PENICILLIN)
    assert "Add all 2<" in part(page(people), "Her health")
    assert "Add all" not in first(people)
    send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/assessment/section", section="health")
    assert [row.kind for row in Entry.objects.all()] == ["condition", "condition"]
    assert ">Add<" in first(people)


def test_each_section_has_one_loud_button_at_most(people, intake):
    told(intake, "illnesses", ["hypertension", "migraine"])
    told(intake, "medicines-before", [{"what": "escitalopram"}])
    told(intake, "safe-at-home", "no")
    words = page(people)
    assert part(words, "Her health").count('class="btn sm primary"') == 1
    for title in ("Medicines, now and before", "Look at these first"):
        assert "primary" not in part(words, title)
    assert part(words, "Her health").count("Add<span") == 2


def test_a_day_told_once_is_said_once_and_several_days_beside_each_answer(people, intake):
    told(intake, "coping", "Walks")
    told(intake, "why-now", "I cry.")
    assert "All of it told on" in page(people)
    assert "<time>" not in part(page(people), "In her words")
    told(intake, "coping-stopped", "Wine", at=NOW + timedelta(days=3))
    assert "All of it told on" not in page(people)
    assert part(page(people), "In her words").count("<time>") == 3


def test_the_day_a_topic_was_gone_through_stands_beside_it(people, intake):
    through = part(page(people), "Gone through with her")
    assert "#i-check" not in through
    client = signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/assessment/through", topic="allergies")
    through = part(page(people), "Gone through with her")
    assert through.count("#i-check") == 1
    assert "#i-check" in through.split("All her allergies")[1].split("All results")[0]


def test_it_costs_the_same_however_much_stands_first(people, intake):
    for question, value in (("allergies", PENICILLIN * 20), ("high-times", "yes"), ("safe-at-home", "no")):
        told(intake, question, value)
    page(people)  # the first row of the trail opens it
    client = signed_in(people.marchetti.user)
    with at_most(11):
        client.get(f"/patients/{people.maya.pk}/assessment")


# --- her answers in the words of the one who reads them ------------------------------------------------------------


def chip(people):
    return page(people).split("<h1>")[1].split("</div>")[0]


def test_a_reaction_she_told_of_stands_beside_her_name_until_it_is_settled(people, intake):
    assert "Allergies not asked" in chip(people)
    told(intake, "allergies", PENICILLIN)
    assert "Told: penicillin. Not yet in her record" in chip(people)
    assert "Allergies not asked" not in chip(people)
    answer = IntakeAnswer.objects.get()
    where = f"/patients/{people.maya.pk}/assessment/settle"
    send(signed_in(people.marchetti.user), where, answer=str(answer.pk), part="0")
    assert "Allergy: penicillin (rash)" in chip(people)
    assert "Told:" not in chip(people)


def test_that_she_told_of_no_reaction_or_does_not_know_is_not_an_allergy(people, intake):
    told(intake, "allergies", None, "unknown")
    assert '<span class="chip line">Allergies not known to her</span>' in chip(people)


@pytest.mark.parametrize(
    ("question", "row", "words"),
    [
        (
            "medicines-now",
            {"what": "levothyroxine 75 mcg", "dose": "75 mcg", "times": "1", "whom": "my family doctor"},
            "levothyroxine 75 mcg, once a day, from: my family doctor",
        ),
        ("medicines-now", {"what": "sertraline 75 mg", "dose": "5 mg", "times": "3"},
         "sertraline 75 mg, 5 mg, 3 times a day"),
        ("medicines-now", {"what": "ibuprofen", "times": "when it hurts", "since": "2024-03-05"},
         "ibuprofen, when it hurts, since: 5 March 2024"),
        ("medicines-before", {"what": "escitalopram 10 mg", "dose": "10 mg", "weeks": "12", "stopped": "Sleepy."},
         "escitalopram 10 mg, most in a day: 10 mg, for how many weeks: 12, stopped because: Sleepy."),
    ],
)  # fmt: skip
def test_a_line_of_hers_says_what_each_part_of_it_answers(people, intake, question, row, words):
    told(intake, question, [row])
    assert f'<strong dir="auto">{words}</strong>' in page(people)
