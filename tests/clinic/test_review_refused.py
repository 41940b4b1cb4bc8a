"""A review that cannot be recorded says what to do, and keeps what was typed; a score from paper."""

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import trial as trials
from althea.care.models import (
    CheckIn,
    Entry,
    Outgoing,
    TrialStep,
    WorklistItem,
)
from althea.clinic.reviewed import tablets
from tests.care.test_facts import an_order
from tests.clinic.reviewing import a_trial, address, decide, get, hidden, hidden_day, maya, on, scored, taking, tell
from tests.people import look_after, send, signed_in

__all__ = ["maya", "on"]  # fixtures
pytestmark = pytest.mark.django_db


# --- what is wrong ----------------------------------------------------------------------------------------------------


def test_without_a_score_since_the_last_review_nothing_is_decided_and_she_can_be_asked(people, on):
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21))
    trial = a_trial(people, on)
    words = get(people, trial, "?choose=continue_and_recheck")
    assert "There is no score since the last review." in words
    assert 'aria-disabled="true"' in words
    answer = decide(people, trial, "continue_and_recheck")
    assert answer.status_code == 200
    assert not Entry.objects.filter(kind="decision").exists()
    send(signed_in(people.marchetti.user), address(trial, "ask"))
    assert CheckIn.objects.get().scales == ["phq-9"]
    assert Outgoing.objects.get(kind="check-in").link == f"/check-in/{CheckIn.objects.get().pk}"


def test_a_second_review_needs_a_newer_score(people, maya, on):
    decide(people, maya, "continue_and_recheck")
    assert "There is no score since the last review." in get(people, maya)
    scored(people, on, (0, 11))
    assert "There is no score since the last review." not in get(people, maya)


def test_asked_twice_there_is_one_check_in(people, maya, on):
    client = signed_in(people.marchetti.user)
    for _ in range(2):
        send(client, address(maya, "ask"))
        client.get(address(maya))
    assert CheckIn.objects.count() == 1
    CheckIn.objects.update(state="done")
    assert send(client, address(maya, "ask")).status_code == 302
    assert "answered today" in client.get(address(maya)).content.decode()


def test_a_check_in_that_passed_is_opened_again(people, maya, on):
    CheckIn.objects.create(patient=people.maya, trial=maya, due_on=on, scales=["phq-9"], state="passed")
    send(signed_in(people.marchetti.user), address(maya, "ask"))
    assert CheckIn.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"whose": ""}, "Say whose choice it was: hers, shared, or yours."),
        ({"whose": "theirs"}, "Select a valid choice."),
        ({"review_on": ""}, "Pick the day to look again."),
        ({"review_on": "32nd"}, "That is not a day. Pick one."),
        ({"review_on": "1999-01-01"}, "This is not after today. Pick"),
        ({"review_on": "2999-01-01"}, "This is more than a year off. Pick"),
        ({"reasons": "x" * 10_001}, "That is 10,001 characters. We can keep 10,000. Shorten it a little."),
        ({"dose": "a lot"}, "Write a number and mg, mcg or g, for example 25 mg."),
        ({"dose": "1e3 mg"}, "Write a number and mg, mcg or g, for example 25 mg."),
        ({"dose": "-5 mg"}, "A dose cannot be below 0."),
        ({"dose": "110 mg"}, "110 mg cannot be made from"),
        ({"dose": "100 mg"}, "She takes 100 mg. An increase is more than that."),
        ({"dose": ""}, "Write the new dose a day, for example 100 mg."),
    ],
)
def test_bad_input_says_what_to_do_and_keeps_what_was_typed(people, maya, fields, words):
    answer = decide(people, maya, "optimise_dose", **fields)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert words in shown
    if "reasons" not in fields:
        assert "I want my evenings back.</textarea>" in shown
    assert not Entry.objects.filter(kind="decision").exists()
    assert not TrialStep.objects.exists()


def test_ten_thousand_characters_are_kept_whole(people, maya):
    text = "ä" * 10_000
    assert decide(people, maya, "optimise_dose", reasons=text).status_code == 302
    assert Entry.objects.get(kind="decision").body["reasons"] == text


def test_a_dose_typed_over_the_proposed_one_is_shown_with_its_check_first(people, maya):
    client = signed_in(people.marchetti.user)
    words = client.get(address(maya) + "?choose=optimise_dose").content.decode()
    given = {"chosen": "optimise_dose", "seen": hidden(words, "seen"), "shown_dose": "150 mg", "dose": "200 mg",
             "whose": "shared", "review_on": hidden_day(words)}  # fmt: skip
    again = send(client, address(maya, "decide"), **given).content.decode()
    assert "Checked again at 200 mg. Read what it says beside the form, then record it." in again
    assert not Entry.objects.filter(kind="decision").exists()
    given |= {"seen": hidden(again, "seen"), "shown_dose": hidden(again, "shown_dose")}
    assert send(client, address(maya, "decide"), **given).status_code == 302
    assert Entry.objects.get(kind="decision").body["chosen_words"] == "Increase sertraline to 200 mg"


def test_a_dose_beyond_all_tablets_names_no_nearest_and_says_what_the_highest_is(people, on):
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"), on, 60)
    taking(people, on, (56, "20 mg"), medicine="fluoxetine")
    scored(people, on, (56, 21), (0, 13))
    shown = decide(people, a_trial(people, on, medicine="fluoxetine"), "optimise_dose", dose="1000 mg").content.decode()
    assert (
        "1000 mg cannot be made from 10 mg, 20 mg, 40 mg, 60 mg. It is above the highest dose for her, 80 mg" in shown
    )
    assert "The nearest is" not in shown


def test_the_capsule_for_a_week_makes_no_dose_a_day(people, on):
    strengths, halves = tablets(taking(people, on, (56, "20 mg"), medicine="fluoxetine"), "fluoxetine")
    assert [str(one) for one in strengths] == ["10 mg", "20 mg", "40 mg", "60 mg"]
    assert halves


@pytest.mark.parametrize(
    "named",
    [{"rxcui": "310384"}, {"findings": {"tablets": {"form": "oral capsule"}}}],
)
def test_the_form_of_her_order_says_which_capsules_there_are(people, on, named):
    strengths, halves = tablets(an_order(people, medicine="fluoxetine", **named), "fluoxetine")
    assert ([str(one) for one in strengths], halves) == (["10 mg", "20 mg", "40 mg"], False)


def test_a_dose_that_was_refused_was_not_checked_and_the_page_says_so(people, maya):
    shown = decide(people, maya, "optimise_dose", dose="110 mg").content.decode()
    assert "110 mg was not checked." in shown
    assert "Checked again at" not in shown
    shown = decide(people, maya, "optimise_dose", dose="").content.decode()
    assert "No dose was checked: none stands here." in shown


def test_where_something_else_is_missing_the_dose_that_was_typed_is_the_one_that_is_checked(people, maya):
    shown = decide(people, maya, "optimise_dose", dose="300 mg", whose="").content.decode()
    assert "Say whose choice it was: hers, shared, or yours." in shown
    assert "Checked again at 300 mg:" in shown
    assert "no new findings" not in shown
    assert hidden(shown, "shown_dose") == "300 mg"


def test_of_two_prescribers_the_second_sees_what_the_first_decided(people, maya):
    look_after(people.hale, people.maya)
    client = signed_in(people.hale.user)
    words = client.get(address(maya) + "?choose=continue_and_recheck").content.decode()
    decide(people, maya, "optimise_dose")
    answer = decide(people, maya, "continue_and_recheck", client=client, seen=hidden(words, "seen"))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Dr Marchetti recorded a decision on this trial: “Increase sertraline to 150 mg”." in shown
    assert "I want my evenings back.</textarea>" in shown
    assert Entry.objects.filter(kind="decision").count() == 1


def test_what_changed_in_her_record_meanwhile_is_read_first(people, maya, on):
    words = get(people, maya, "?choose=optimise_dose")
    tell(people, said.SideEffect(what="Rash", since=on), on)
    answer = decide(people, maya, "optimise_dose", seen=hidden(words, "seen"))
    assert answer.status_code == 409
    assert "Something in her record changed since this page was shown." in answer.content.decode()
    assert not Entry.objects.filter(kind="decision").exists()


def test_the_same_form_twice_is_one_decision(people, maya):
    client = signed_in(people.marchetti.user)
    words = client.get(address(maya) + "?choose=optimise_dose").content.decode()
    given = {"chosen": "optimise_dose", "seen": hidden(words, "seen"), "shown_dose": "150 mg", "dose": "150 mg",
             "whose": "hers", "review_on": hidden_day(words), "key": "8b0c4b0e-6f43-4a57-9d3c-0d5f3c8a0001"}  # fmt: skip
    first = client.post(address(maya, "decide"), given)
    second = client.post(address(maya, "decide"), given)
    assert first["Location"] == second["Location"]
    assert Entry.objects.filter(kind="decision").count() == 1


@pytest.mark.parametrize("code", ["", "lobotomy", "urgent_escalation"])
def test_a_step_that_was_not_shown_is_not_recorded(people, maya, code):
    answer = send(signed_in(people.marchetti.user), address(maya, "decide"), chosen=code, whose="hers")
    assert answer.status_code == 400
    assert "Choose one of the steps first, then record it." in answer.content.decode()


def test_a_trial_that_is_over_is_read_and_not_decided(people, maya, on):
    trials.stop(trial=maya, why="She wanted to stop", by=people.marchetti.user, at=timezone.now())
    maya.refresh_from_db()
    assert maya.outcome == "It helped in part: PHQ-9 21 to 13. She wanted to stop"
    words = get(people, maya, "?choose=optimise_dose")
    assert "This trial is over.</strong> It helped in part: PHQ-9 21 to 13. She wanted to stop" in words
    assert 'name="chosen"' not in words
    answer = send(signed_in(people.marchetti.user), address(maya, "decide"), chosen="optimise_dose", whose="hers")
    assert answer.status_code == 409
    assert "Nothing more happens to it." in answer.content.decode()
    assert send(signed_in(people.marchetti.user), address(maya, "ask")).status_code == 302
    assert not CheckIn.objects.filter(state="waiting", due_on=on).exists()


def test_a_scale_whose_text_may_not_be_shown_is_entered_from_paper(people, on):
    words = get(people, a_trial(people, on, scale="epds"))
    assert "Its questions may not be shown on her phone: enter one from paper." in words
    assert "Ask her today</button>" not in words
    assert '<details class="panel tight noprint" open>' in words


# --- a score from paper -----------------------------------------------------------------------------------------------


def paper(people, trial, who="nurse", **fields):
    given = {f"score-{name}": value for name, value in fields.items()}
    return send(signed_in(getattr(people, who).user), address(trial, "score"), **given)


def test_a_score_from_paper_with_a_word_on_self_harm_is_told_at_once(people, on):
    trial = a_trial(people, on, scale="epds")
    assert paper(people, trial, scale="epds", on=on.isoformat(), total="14", harm="2").status_code == 302
    body = Entry.objects.get(kind="score").body
    assert (body["total"], body["items"], body["band"]) == ("14", {"item 10": 2}, "likely depression (>=13)")
    item = WorklistItem.objects.get(reason__startswith="self-harm:")
    assert item.why.startswith("Self-harm question of the EPDS on")
    assert item.why.endswith("answer 2, from paper.")


def test_a_score_without_that_answer_leaves_it_unknown(people, on):
    trial = a_trial(people, on, scale="epds")
    paper(people, trial, scale="epds", on=on.isoformat(), total="14")
    assert Entry.objects.get(kind="score").body["items"] == {}
    assert not WorklistItem.objects.filter(group="cannot-wait").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"total": "31"}, "The EPDS goes from 0 to 30. Look at the sheet again."),
        ({"total": "-1"}, "The EPDS goes from 0 to 30."),
        ({"total": ""}, "Enter the total, a whole number."),
        ({"total": "14.5"}, "Enter a whole number."),
        ({"harm": "4"}, "An answer is 0 to 3."),
        ({"on": "2999-01-01"}, "This is after today."),
        ({"scale": "phq-99"}, "Select a valid choice."),
        ({"total": "2", "harm": "3"}, "With 3 for the self-harm question the total is 3 to 30, and 2 stands here."),
        ({"total": "28", "harm": "0"}, "With 0 for the self-harm question the total is 0 to 27, and 28 stands here."),
        ({"on": "1890-01-01"}, "She was born on 14 February 1994. Look at the year again."),
        ({"on": "2016-06-09"}, "This is more than a year before the trial began on"),
    ],
)
def test_a_score_that_cannot_be_is_not_entered(people, on, fields, words):
    trial = a_trial(people, on, scale="epds")
    answer = paper(people, trial, **({"scale": "epds", "on": on.isoformat(), "total": "14"} | fields))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Entry.objects.filter(kind="score").exists()


def test_a_total_that_the_answer_allows_at_its_very_edge_is_entered(people, on):
    trial = a_trial(people, on)
    assert paper(people, trial, scale="phq-9", on=on.isoformat(), total="3", harm="3").status_code == 302
    assert paper(people, trial, scale="phq-9", on=on.isoformat(), total="24", harm="0").status_code == 302


def test_a_total_by_domains_ends_where_its_domains_do(people, on):
    trial = a_trial(people, on, scale="qids-sr16")
    answer = paper(people, trial, scale="qids-sr16", on=on.isoformat(), total="28")
    assert "The QIDS-SR16 goes from 0 to 27." in answer.content.decode()


def test_a_score_entered_by_mistake_is_taken_out_and_the_trial_forgets_it(people, maya, on):
    assert paper(people, maya, scale="phq-9", on=on.isoformat(), total="3", harm="3").status_code == 302
    assert "She is well, by her scores" in get(people, maya)
    entry = Entry.objects.get(kind="score", origin="clinic")
    client, progress = signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/progress"
    assert f"{progress}#entered" in get(people, maya)
    assert f"{progress}/{entry.pk}/withdraw" in client.get(progress).content.decode()
    assert send(client, f"{progress}/{entry.pk}/withdraw").status_code == 302
    assert "Better, but not there yet" in get(people, maya)
    assert not Entry.objects.current().filter(kind="score", origin="clinic").exists()
    item = WorklistItem.objects.get(reason=f"self-harm:score {entry.pk}")
    assert item.closed_at is None
    assert item.why.endswith("That score was taken out as an error: ask her.")
    assert send(client, f"{progress}/{entry.pk}/withdraw").status_code == 409


def test_what_she_answered_herself_is_not_taken_out_and_only_a_prescriber_takes_out(people, maya, on):
    paper(people, maya, scale="phq-9", on=on.isoformat(), total="3")
    entered, hers = (
        Entry.objects.get(origin="clinic", kind="score"),
        Entry.objects.filter(origin="hers", kind="score")[0],
    )
    progress = f"/patients/{people.maya.pk}/progress"
    for who in ("nurse", "therapist"):
        client = signed_in(getattr(people, who).user)
        assert "Take out as an error" not in client.get(progress).content.decode()
        assert send(client, f"{progress}/{entered.pk}/withdraw").status_code == 404
    client = signed_in(people.marchetti.user)
    assert client.get(progress).content.decode().count("Take out as an error") == 1
    assert send(client, f"{progress}/{hers.pk}/withdraw").status_code == 404
