"""A trial is reviewed with her: what the evidence shows, the steps with reasons, and what was agreed, whose choice it was."""

from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import trial as trials
from althea.care.models import (
    AuditRow,
    CheckIn,
    CheckInAnswer,
    Entry,
    OrderEnd,
    Outgoing,
    Trial,
    TrialStep,
    WorklistItem,
)
from althea.look.words import day as day_words
from tests.clinic.reviewing import a_trial, address, decide, get, hidden, maya, on, scored, taking, tell
from tests.counting import at_most
from tests.people import look_after, send, signed_in

__all__ = ["maya", "on"]  # fixtures
pytestmark = pytest.mark.django_db


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_what_the_evidence_shows_in_plain_words_with_the_numbers(people, maya, on):
    tell(
        people, said.SideEffect(what="Upset stomach", since=on - timedelta(days=50), until=on - timedelta(days=40)), on
    )
    words = get(people, maya)
    assert "Better, but not there yet" in words
    assert "<dt>PHQ-9</dt><dd>21 to 13<small>38% down, response at 10 or less</small></dd>" in words
    assert "<dt>Side effects</dt><dd>None now<small>upset stomach" in words
    assert "<small>a fair trial: 100 mg or more for 6 weeks, not yet verified</small>" in words
    assert "Sertraline, week 9; 8 were planned. 100 mg a day since" in words
    assert "Not yet reviewed by a clinician." in words
    assert "<title>Trial review · Notes</title>" in words


def test_the_steps_are_ranked_as_the_rules_rank_them_and_say_why(people, maya):
    words = get(people, maya)
    first, second = words.index("Increase sertraline to 150 mg"), words.index("Add a second medicine")
    assert first < second < words.index("Switch medicine") < words.index("Stop with a taper")
    assert "It has helped in part, and the dose can rise." in words
    assert words.count("</svg>Recommended</span>") == 1
    assert words.count("</svg>Some support</span>") == 2
    assert words.count(">Possible</span>") == 1
    assert words.count("</svg>Not advised now</span>") == 2
    assert "The first three stand open. Let her wish decide." in words
    assert "Strong support" not in words


@pytest.mark.parametrize(
    ("latest", "headline"),
    [(4, "She is well, by her scores"), (10, "Much better, and not well yet"), (13, "Better, but not there yet"),
     (19, "Little better so far"), (22, "Not better so far"), (27, "Worse, not better")],
)  # fmt: skip
def test_each_category_has_its_own_words(people, on, latest, headline):
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21), (0, latest))
    assert headline in get(people, a_trial(people, on))


def test_minutes_after_the_start_no_change_is_told_of_one_score(people, on):
    taking(people, on, (0, "50 mg"))
    scored(people, on, (0, 18))
    trial = a_trial(people, on, back=0)
    words = get(people, trial)
    assert '<p class="h headline">No score since the start</p>' in words
    assert "<dt>PHQ-9</dt><dd>18<small>one score only</small></dd>" in words
    assert "PHQ-9 18 at the start, and no score since." in words
    assert "0%" not in words
    chart = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert "No score since the start" in chart
    assert "<dt>PHQ-9</dt><dd>not known</dd>" in chart
    assert "Little better" not in words + chart


def test_what_is_not_known_is_listed_and_unknown_is_not_none(people, on):
    words = get(people, a_trial(people, on, weeks=None))
    assert "Not enough is known to say" in words
    assert "<dt>Doses taken</dt><dd>Not known<small>told of 0 of 57 days" in words
    assert "<dt>Self-harm question</dt><dd>Not asked<small>" in words
    assert "How many doses were taken: she told of none." in words
    assert "week 9; for how long, was not planned" in words
    assert "Nothing told by her yet." in words


def test_a_silent_week_is_said_and_judged_neither_way(people, on):
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21), (9, 13))
    words = get(people, a_trial(people, on))
    assert f"Nothing told since {day_words(on - timedelta(days=9), on)}." in words


def test_an_answer_on_self_harm_comes_before_everything(people, on):
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21), (0, 4), item9=1)
    words = get(people, a_trial(people, on))
    assert words.index("See her today, before anything else") < words.index("Keep 100 mg, with a plan to stay well")
    assert "PHQ-9 item 9 is 1: ask about suicide today." in words


def test_self_harm_in_another_scale_is_not_missed_though_the_rules_cannot_read_it(people, maya, on):
    tell(people, said.Score(scale="epds", total=14, items={"item 10": 2}), on)
    words = get(people, maya)
    assert words.index("See her today") < words.index("Increase sertraline")
    assert "She told this" in words


def test_a_side_effect_she_cannot_live_with_comes_first(people, maya, on):
    tell(people, said.SideEffect(what="No feeling at all", since=on - timedelta(days=20), bother=3), on)
    words = get(people, maya)
    assert words.index("Deal with the side effects first") < words.index("Increase sertraline")
    assert "She cannot live with: No feeling at all." in words


def test_her_own_words_and_what_she_leans_to_are_hers(people, maya, on):
    tell(people, said.Symptom(words="<b>Evenings</b> are still dark."), on)
    one = CheckIn.objects.create(patient=people.maya, trial=maya, due_on=on, state="done", scales=["phq-9"])
    CheckInAnswer.objects.create(check_in=one, question="leaning", value="more", at=timezone.now())
    words = get(people, maya)
    assert "“&lt;b&gt;Evenings&lt;/b&gt; are still dark.”" in words
    assert "Leaning towards: <strong>a bit more</strong>" in words


def test_the_proposed_dose_is_checked_again_and_says_what_it_found(people, maya, on):
    words = get(people, maya, "?choose=optimise_dose")
    assert "Checked again at 150 mg: no new findings." in words
    words = get(people, maya, "?choose=optimise_dose&dose=250 mg")
    assert "Checked again at 250 mg:" in words
    assert "no new findings" not in words


def test_without_a_step_in_our_knowledge_the_prescriber_writes_the_dose(people, on):
    taking(people, on, (56, "5 mg"), medicine="donepezil")
    scored(people, on, (56, 21), (0, 15))
    words = get(people, a_trial(people, on, medicine="donepezil"), "?choose=optimise_dose")
    assert "The next step is not in our knowledge: you write the dose" in words
    assert hidden(words, "shown_dose") == ""


def test_a_nurse_reads_and_does_not_decide(people, maya):
    words = get(people, maya, "?choose=optimise_dose", who="nurse")
    assert "Better, but not there yet" in words
    assert "Her prescriber records what was agreed." in words
    assert "Choose increase" not in words
    answer = send(signed_in(people.nurse.user), address(maya, "decide"), chosen="optimise_dose")
    assert answer.status_code == 404


def test_a_trial_of_another_woman_is_not_found(people, maya, on):
    look_after(people.marchetti, people.noor)
    theirs = Trial.objects.create(patient=people.noor, medicine="sertraline", state="titrating", problem="x", scale="phq-9",
                                  started_on=on, created_at=timezone.now())  # fmt: skip
    client = signed_in(people.marchetti.user)
    wrong = f"/patients/{people.maya.pk}/trials/{theirs.pk}"
    assert client.get(f"{wrong}/review").status_code == 404
    for what in ("decide", "ask", "score"):
        assert send(client, f"{wrong}/{what}", chosen="optimise_dose").status_code == 404
    assert signed_in(people.hale.user).get(address(maya)).status_code == 404


def test_a_trial_that_has_not_begun_says_so(people, on):
    trial = Trial.objects.create(patient=people.maya, medicine="sertraline", state="agreed", problem="Low mood",
                                 scale="phq-9", created_at=timezone.now())  # fmt: skip
    assert "This trial has not begun" in get(people, trial)


@pytest.mark.parametrize("count", [1, 120])
def test_it_takes_few_queries_however_long_her_record(people, maya, on, count):
    for back in range(count):
        tell(people, said.Score(scale="gad-7", total=back % 20), on, back * 7)
        if back < 40:
            one = CheckIn.objects.create(
                patient=people.maya, trial=maya, due_on=on - timedelta(days=back), state="done"
            )
            CheckInAnswer.objects.create(check_in=one, question="doses", value=["none"], at=timezone.now())
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address(maya))


# --- what is decided --------------------------------------------------------------------------------------------------


def test_an_increase_is_her_decision_and_leads_to_the_order(people, maya, on):
    WorklistItem.objects.create(patient=people.maya, group="review", level="info", reason=f"review:{maya.pk}", why="Due",
                                action="Review trial", opened_at=timezone.now())  # fmt: skip
    answer = decide(people, maya, "optimise_dose", talked_over=["benefits and side effects"])
    assert answer.status_code == 302
    to = urlparse(answer["Location"])
    assert to.path == f"/patients/{people.maya.pk}/orders/new"
    entry = Entry.objects.get(kind="decision")
    order = people.maya.orders.get()
    assert parse_qs(to.query) == {"replaces": [str(order.pk)], "trial": [str(maya.pk)], "dose": ["150 mg"],
                                  "decision": [str(entry.pk)]}  # fmt: skip
    assert "sertraline" not in answer["Location"].lower()
    body = said.of("decision", entry.body)
    assert (body.about, body.chosen, body.chosen_words) == ("review", "optimise_dose", "Increase sertraline to 150 mg")
    assert (body.whose, body.reasons, body.dose) == ("hers", "I want my evenings back.", "150 mg")
    assert body.options[0] == "optimise_dose"
    assert "taper_stop" in body.options
    assert len(body.seen) == 64
    assert body.talked_over == ["benefits and side effects"]
    maya.refresh_from_db()
    assert (maya.state, maya.review_on) == ("reviewed", on + timedelta(days=14))
    assert TrialStep.objects.get().verb == "review"
    assert WorklistItem.objects.get(reason=f"review:{maya.pk}").closing == "reviewed"
    assert AuditRow.objects.filter(verb="recorded decision").count() == 1
    assert Outgoing.objects.get(kind="update").link == "/home"


def test_a_dose_taken_twice_a_day_is_handed_on_as_one_dose(people, on):
    taking(people, on, (56, "50 mg"), times=2)
    scored(people, on, (56, 21), (0, 13))
    trial = a_trial(people, on)
    answer = decide(people, trial, "optimise_dose", shown="200 mg")
    assert parse_qs(urlparse(answer["Location"]).query)["dose"] == ["100 mg"]


def test_to_continue_sets_the_next_review_and_plans_her_check_ins(people, maya, on):
    answer = decide(people, maya, "continue_and_recheck", review_on=(on + timedelta(days=21)).isoformat())
    assert answer["Location"] == f"/patients/{people.maya.pk}/"
    maya.refresh_from_db()
    assert (maya.state, maya.review_on) == ("steady", on + timedelta(days=21))
    days = list(CheckIn.objects.filter(trial=maya).order_by("due_on").values_list("due_on", flat=True))
    assert days == [on + timedelta(days=back) for back in (7, 14, 21)]


def test_when_she_is_well_there_is_a_plan_to_stay_well(people, on):
    tell(people, said.Condition(text="Depression", code="F32.1"), on, 60)
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21), (0, 3))
    trial = a_trial(people, on)
    words = get(people, trial, "?choose=continue_maintain")
    assert "6 to 12 months after feeling well again" in words
    assert "(not yet verified in its document)" not in words
    decide(people, trial, "continue_maintain", early_signs="I stop answering Nadia.", watch="Sleep")
    plan = said.of("maintenance", Entry.objects.get(kind="maintenance").body)
    assert (plan.early_signs, plan.watch, plan.every_weeks) == ("I stop answering Nadia.", "Sleep", 4)
    assert plan.review_on == on + timedelta(days=84)
    assert plan.how_long.startswith("6 to 12 months")
    days = list(CheckIn.objects.filter(trial=trial).order_by("due_on").values_list("due_on", flat=True))
    assert days == [on + timedelta(days=back) for back in (28, 56, 84)]


def test_the_day_of_a_review_far_off_is_among_her_check_ins(people, maya, on):
    last = on + timedelta(days=300)
    decide(people, maya, "continue_and_recheck", review_on=last.isoformat())
    days = list(CheckIn.objects.filter(trial=maya).order_by("due_on").values_list("due_on", flat=True))
    assert (len(days), days[-1]) == (trials.MOST_CHECK_INS, last)


def test_how_long_is_not_made_up_for_another_diagnosis(people, on):
    tell(people, said.Condition(text="Panic disorder", code="F41.0"), on, 60)
    scored(people, on, (56, 16), (0, 2), scale="gad-7")
    trial = a_trial(people, on, scale="gad-7")
    words = get(people, trial, "?choose=continue_maintain")
    assert "How long to go on with this diagnosis is not in our knowledge." in words


@pytest.mark.parametrize("code", ["switch", "augment", "add_psychotherapy"])
def test_a_switch_or_an_addition_leads_to_what_she_can_choose_from(people, maya, code):
    assert decide(people, maya, code)["Location"] == f"/patients/{people.maya.pk}/options"
    maya.refresh_from_db()
    assert maya.state == ("reviewed" if code == "switch" else "steady")


def test_stopping_leads_to_the_plan_for_stopping_and_software_stops_nothing(people, maya):
    order = people.maya.orders.get()
    answer = decide(people, maya, "taper_stop")
    assert urlparse(answer["Location"]).path == f"/patients/{people.maya.pk}/orders/{order.pk}/stop"
    maya.refresh_from_db()
    assert maya.state == "reviewed"
    assert not OrderEnd.objects.exists()


def test_stopping_what_no_longer_runs_ends_the_trial(people, maya, on):
    OrderEnd.objects.create(order=people.maya.orders.get(), on=on, why="She stopped", by=people.marchetti.user,
                            at=timezone.now())  # fmt: skip
    decide(people, maya, "taper_stop")
    maya.refresh_from_db()
    assert (maya.state, maya.ended_on) == ("ended", on)


@pytest.mark.parametrize("code", ["measure_first"])
def test_what_must_be_asked_first_is_asked_today_and_takes_no_step(people, on, code):
    taking(people, on, (56, "100 mg"))
    trial = a_trial(people, on)
    assert decide(people, trial, code)["Location"] == f"/patients/{people.maya.pk}/"
    trial.refresh_from_db()
    assert trial.state == "titrating"
    assert CheckIn.objects.get().due_on == on
    assert not TrialStep.objects.exists()


def test_danger_is_no_step_of_the_trial_and_leads_to_her_safety_plan(people, on):
    taking(people, on, (56, "100 mg"))
    scored(people, on, (56, 21), (0, 13), item9=1)
    trial = a_trial(people, on)
    assert decide(people, trial, "urgent_escalation")["Location"] == f"/patients/{people.maya.pk}/safety-plan"
    trial.refresh_from_db()
    assert trial.state == "titrating"
    assert Entry.objects.get(kind="decision").body["chosen"] == "urgent_escalation"


def test_side_effects_first_keeps_the_trial_and_shows_where_a_lower_dose_is_written(people, maya, on):
    tell(people, said.SideEffect(what="No feeling", since=on - timedelta(days=20), bother=3), on)
    order = people.maya.orders.get()
    words = get(people, maya, "?choose=address_side_effects")
    assert f"/orders/new?replaces={order.pk}&amp;trial={maya.pk}" in words
    assert decide(people, maya, "address_side_effects")["Location"] == f"/patients/{people.maya.pk}/"
    maya.refresh_from_db()
    assert maya.state == "steady"


def test_a_diagnosis_in_doubt_leads_to_her_plan(people, maya, on):
    tell(people, said.Score(scale="mdq", band="positive"), on)
    assert decide(people, maya, "reassess_diagnosis")["Location"] == f"/patients/{people.maya.pk}/plan"


def test_doses_in_doubt_are_asked_about_today(people, maya, on):
    for back in range(40):
        tell(people, said.DoseTaken(medicine="sertraline", taken=back % 2 == 0), on, back)
    words = get(people, maya)
    assert words.index("Ask about the doses") < words.index("Increase sertraline")
    decide(people, maya, "check_adherence")
    assert CheckIn.objects.get().due_on == on


def test_what_was_agreed_and_is_not_done_is_still_there(people, maya):
    decide(people, maya, "optimise_dose")
    words = get(people, maya)
    assert "Agreed, not done yet:" in words
    assert f"/patients/{people.maya.pk}/orders/new?" in words


def test_she_changes_her_mind_the_same_day(people, maya):
    decide(people, maya, "optimise_dose")
    decide(people, maya, "continue_and_recheck")
    maya.refresh_from_db()
    assert maya.state == "steady"
    assert Entry.objects.filter(kind="decision").count() == 2
