"""How am I doing: her scores in plain words, what changed, whether it is still there, and what was agreed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import checkin, record
from althea.care.actions import trial as trials
from althea.care.days import today
from althea.care.doses_told import answers_of
from althea.care.models import CheckIn, CheckInAnswer, Entry, Trial
from althea.look.words import day
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def tell(people, body, on, back=0):
    return record.add(patient=people.maya, body=body, on=on - timedelta(days=back), origin="hers", by=people.maya.user,
                      at=timezone.now())  # fmt: skip


def a_trial(people, on, back=35, **named):
    values = {"medicine": "sertraline", "state": "titrating", "problem": "Low mood", "scale": "phq-9", "weeks": 8,
              "review_on": on}  # fmt: skip
    started = on - timedelta(days=back)
    return Trial.objects.create(patient=people.maya, started_on=started, created_at=timezone.now(), **(values | named))


def page(people, address="/progress"):
    return signed_in(people.maya.user).get(address).content.decode()


def scored(people, on, *rows):
    for back, total, *items in rows:
        answers = {f"item {n}": value for n, value in enumerate(items[0], 1)} if items else {}
        tell(people, said.Score(scale="phq-9", total=total, items=answers), on, back)


def test_lower_is_better_and_half_is_the_first_goal_in_words_of_hers(people, on):
    a_trial(people, on)
    scored(people, on, (35, 21), (14, 16), (0, 13))
    words = page(people)
    assert "<h1>Your low mood is about a third lighter</h1>" in words
    assert "It has eased every time." in words
    assert "Lower is better." in words
    assert "first goal: half as heavy" in words
    for band in ("few signs", "medium", "strong", "very strong"):
        assert band in words
    assert "moderately severe" not in words


def test_it_is_not_said_to_ease_when_it_did_not(people, on):
    a_trial(people, on)
    scored(people, on, (35, 21), (14, 22), (0, 13))
    assert "It has eased every time." not in page(people)


def test_a_first_answer_long_after_the_start_is_not_called_the_start(people, on):
    a_trial(people, on)
    scored(people, on, (20, 21), (0, 13))
    words = page(people)
    assert "Since your first answer on" in words
    assert "Since you started" not in words


def test_of_two_scores_on_one_day_the_later_counts(people, on):
    a_trial(people, on)
    scored(people, on, (35, 20), (0, 19), (0, 2))
    assert "<h1>Your low mood is almost gone</h1>" in page(people)
    scored(people, on, (0, 18))
    assert "<h1>Your low mood is about the same</h1>" in page(people)


def test_what_eased_and_what_is_still_hard_in_her_own_answers(people, on):
    a_trial(people, on)
    scored(people, on, (35, 21, [3, 3, 3, 3, 2, 2, 2, 2, 1]), (0, 13, [1, 2, 3, 2, 1, 1, 1, 1, 1]))
    words = page(people)
    assert '<span class="strong">Little joy</span>' in words
    assert "Little interest or pleasure in doing things" not in words
    assert "Now: several days. At the start: nearly every day." in words
    assert '<span class="strong">Trouble with sleep</span>' in words
    assert "Still nearly every day. Worth talking about at your visit." in words
    assert "better off dead" not in words


def test_what_got_harder_is_not_called_still_there(people, on):
    a_trial(people, on)
    scored(people, on, (35, 2, [0, 0, 1, 1, 0, 0, 0, 0, 0]), (0, 12, [3, 0, 1, 1, 0, 0, 0, 0, 0]))
    words = page(people)
    assert "Now: nearly every day. At the start: not at all. Worth talking about at your visit." in words
    assert "Still nearly" not in words


@pytest.mark.parametrize(("latest", "worse"), [(18, True), (12, False), (6, False)])
def test_a_woman_who_got_worse_is_told_that_she_need_not_wait(people, on, latest, worse):
    a_trial(people, on)
    scored(people, on, (35, 12), (0, latest))
    words = page(people)
    _, _, card = words.partition('<h2 id="heavier">You don\'t have to wait</h2>')
    card = card.partition("</section>")[0]
    assert bool(card) is worse
    if worse:
        assert "it is not your fault" in card
        assert "your care team reads what you write in working hours." in card
        assert '<a class="btn" href="/messages">Write to us</a>' in card
        assert '<a class="btn" href="/help">' in card


def test_a_scale_without_words_for_its_ranges_names_only_its_two_ends(people, on):
    for back, total in ((30, 17), (1, 14)):
        record.add(patient=people.maya, body=said.Score(scale="epds", total=total), on=on - timedelta(days=back),
                   origin="clinic", by=people.marchetti.user, at=timezone.now())  # fmt: skip
    words = page(people)
    assert ">heavier</text>" in words
    assert ">lighter</text>" in words
    for said_by_the_scale in ("13 to 30", "likely", "possible", "negative screen"):
        assert said_by_the_scale not in words, said_by_the_scale


def test_her_goals_now_and_the_doses_she_told_of(people, on):
    trial = a_trial(people, on)
    tell(people, said.Goal(words="Sleep 5 hours", now="4 of 7 nights"), on)
    tell(people, said.Goal(words="Sing again"), on)
    one = CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, state="done")
    missed = [(on - timedelta(days=2)).isoformat()]
    CheckInAnswer.objects.create(check_in=one, question="doses", value=missed, at=timezone.now())
    words = page(people)
    assert (
        '<span class="strong">Sleep 5 hours</span><br><span class="small">Now: <strong><bdi>4 of 7 nights</bdi>'
        in words
    )
    assert "Sing again" not in words
    assert "Sleep 5 hours" in words.partition('<h2 id="goals">My goals</h2>')[2].partition("</section>")[0]
    assert "You told us of 1 missed dose. That happens." in words


def test_of_doses_nobody_told_nothing_is_said(people, on):
    a_trial(people, on)
    assert "missed dose" not in page(people)


def test_no_medicine_is_named_on_her_progress(people, on):
    an_order(people)
    a_trial(people, on)
    scored(people, on, (35, 21), (0, 13))
    assert "sertraline" not in page(people).lower()


def test_she_says_that_it_is_gone(people, on):
    a_trial(people, on)
    told = tell(people, said.SideEffect(what="Upset stomach", since=on - timedelta(days=20), bother=1), on, 20)
    assert "Is it still there?" in page(people)
    client = signed_in(people.maya.user)
    assert send(client, "/progress/still-there", effect=str(told.pk), still="no")["Location"] == "/progress"
    body = Entry.objects.current().get(kind="side-effect").body
    assert (body["until"], body["since"], body["bother"]) == (
        on.isoformat(), (on - timedelta(days=20)).isoformat(), 1
    )  # fmt: skip
    words = page(people)
    assert "Is it still there?" not in words
    _, _, changed = words.partition('<h2 id="changed">What changed</h2>')
    assert f'Upset stomach</span><br><span class="small muted">Gone since {day(on, on)}.' in changed


def test_it_says_who_asked_for_the_answers(people, on):
    a_trial(people, on)
    scored(people, on, (35, 21), (0, 13))
    assert "From your check-ins.</span>" in page(people)
    for back in (30, 1):
        record.add(patient=people.maya, body=said.Score(scale="epds", total=14), on=on - timedelta(days=back),
                   origin="clinic", by=people.marchetti.user, at=timezone.now())  # fmt: skip
    words = page(people)
    assert "Mood around the birth" in words
    assert "From your visits.</span>" in words
    record.add(patient=people.maya, body=said.Score(scale="phq-9", total=12), on=on, origin="clinic",
               by=people.marchetti.user, at=timezone.now())  # fmt: skip
    assert "From your check-ins and your visits.</span>" in page(people)


def test_still_there_is_kept_with_its_day(people, on):
    a_trial(people, on)
    told = tell(people, said.SideEffect(what="Upset stomach", since=on - timedelta(days=20)), on, 20)
    send(signed_in(people.maya.user), "/progress/still-there", effect=str(told.pk), still="yes")
    now = Entry.objects.current().get(kind="side-effect")
    assert (now.on, now.body.get("until")) == (on, None)


@pytest.mark.parametrize("effect", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_hers_is_not_found(people, on, effect):
    assert send(signed_in(people.maya.user), "/progress/still-there", effect=effect, still="no").status_code == 404


def test_another_womans_is_not_found(people, on):
    told = record.add(patient=people.noor, body=said.SideEffect(what="x", since=on), on=on, origin="hers",
                      by=people.noors, at=timezone.now())  # fmt: skip
    answer = send(signed_in(people.maya.user), "/progress/still-there", effect=str(told.pk), still="no")
    assert answer.status_code == 404
    assert Entry.objects.filter(kind="side-effect").count() == 1


def test_said_twice_the_second_is_told(people, on):
    told = tell(people, said.SideEffect(what="Upset stomach", since=on), on)
    client = signed_in(people.maya.user)
    send(client, "/progress/still-there", effect=str(told.pk), still="no")
    answer = send(client, "/progress/still-there", effect=str(told.pk), still="yes")
    assert answer.status_code == 409


def decided(people, on, code="optimise_dose", **named):
    body = said.Decision(about="review", chosen=code, chosen_words="Increase sertraline to 100 mg", whose="hers",
                         reasons="I want my evenings back.", **named)  # fmt: skip
    return record.add(
        patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now()
    )


def test_what_was_agreed_stands_on_her_home_without_a_name_until_she_asks(people, on):
    a_trial(people, on, review_on=on + timedelta(days=14))
    assert "What you agreed" not in page(people, "/home")
    decided(people, on)
    words = page(people, "/home")
    assert "Go up to a higher dose" in words
    assert "Your choice, with Dr Marchetti" in words
    assert "You look again together on" in words
    before, _, after = words.partition("Show in full</summary>")
    assert "sertraline" not in before.lower()
    assert after.startswith("<p>Increase sertraline to 100 mg</p>")
    assert "I want my evenings back." not in words
    assert "“I want my evenings back.”" in page(people)


def test_a_plan_to_stay_well_is_hers_to_read(people, on):
    trial = a_trial(people, on)
    decided(people, on, "continue_maintain")
    plan = said.Maintenance(trial=str(trial.pk), early_signs="I stop answering Nadia.", watch="Sleep",
                            review_on=on + timedelta(days=84))  # fmt: skip
    tell(people, plan, on)
    words = page(people)
    assert "I stop answering Nadia." in words
    assert "You have not failed, and we know what helped." in words


def test_what_was_agreed_in_an_earlier_trial_is_not_todays(people, on):
    decided(people, on - timedelta(days=100))
    a_trial(people, on)
    assert "What you agreed" not in page(people)


# --- her check-in -----------------------------------------------------------------------------------------------------


def a_check_in(people, trial, on, **named):
    return CheckIn.objects.create(patient=people.maya, trial=trial, due_on=on, scales=["phq-9"], **named)


def test_near_a_review_she_may_say_what_she_leans_to(people, on):
    trial = a_trial(people, on)
    one = a_check_in(people, trial, on)
    words = page(people, f"/check-in/{one.pk}/words")
    assert "If it were up to you, what next?" in words
    assert " checked" not in words
    send(signed_in(people.maya.user), f"/check-in/{one.pk}/words", value="Evenings are dark.", leaning="more")
    assert checkin.newest(one)["leaning"] == "more"
    assert "You lean towards: a bit more of it" in page(people, f"/check-in/{one.pk}?look-over=1")
    one.refresh_from_db()
    checkin.complete(check_in=one, by=people.maya.user, at=timezone.now())
    assert [row.value for row in answers_of(people.maya)] == ["more"]


def test_far_from_a_review_it_is_not_asked(people, on):
    one = a_check_in(people, a_trial(people, on, review_on=on + timedelta(days=3)), on)
    assert "If it were up to you" not in page(people, f"/check-in/{one.pk}/words")


@pytest.mark.parametrize("leaning", ["", "everything", None])
def test_what_she_did_not_say_is_not_kept(people, on, leaning):
    one = a_check_in(people, a_trial(people, on), on)
    sent = {"value": "x"} | ({} if leaning is None else {"leaning": leaning})
    send(signed_in(people.maya.user), f"/check-in/{one.pk}/words", **sent)
    assert "leaning" not in checkin.newest(one)


def test_other_scales_are_asked_every_second_week_where_their_text_may_be_shown(people, on):
    trial = a_trial(people, on, back=0, also=["gad-7", "epds"], review_on=on + timedelta(days=28))
    trials.plan_check_ins(trial=trial, at=timezone.now())
    rows = CheckIn.objects.filter(trial=trial).order_by("due_on").values_list("scales", flat=True)
    assert list(rows) == [["phq-9", "gad-7"], ["phq-9"], ["phq-9", "gad-7"], ["phq-9"], ["phq-9", "gad-7"]]


def test_a_missed_week_passes_and_the_next_one_is_offered(people, on):
    from althea.care import jobs

    trial = a_trial(people, on, back=35, review_on=on - timedelta(days=7))
    old = a_check_in(people, trial, on - timedelta(days=7))
    jobs.morning.func(str(people.clinic.pk), on.isoformat())
    old.refresh_from_db()
    assert old.state == "passed"
    assert CheckIn.objects.get(due_on=on).state == "waiting"
    words = page(people, "/home")
    assert "Start check-in" in words
    assert "missed" not in words.lower()


def test_the_page_takes_few_queries(people, on):
    trial = a_trial(people, on)
    for back in range(60):
        scored(people, on, (back * 7, back % 27))
        one = a_check_in(people, trial, on - timedelta(days=back), state="done")
        CheckInAnswer.objects.create(check_in=one, question="doses", value=["none"], at=timezone.now())
    client = signed_in(people.maya.user)
    with at_most(12):
        client.get("/progress")


def test_without_a_key_nothing_is_said(people, on):
    told = tell(people, said.SideEffect(what="x", since=on), on)
    answer = signed_in(people.maya.user).post("/progress/still-there", {"effect": str(told.pk), "still": "no"})
    assert answer.status_code == 400
    key = str(uuid4())
    client = signed_in(people.maya.user)
    for _ in range(2):
        assert (
            client.post("/progress/still-there", {"effect": str(told.pk), "still": "no", "key": key}).status_code == 302
        )
    assert Entry.objects.filter(kind="side-effect").count() == 2
