"""Her story: which time is shown, the strip of what came before, plans to their end, and what is not known in words."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care import story as held
from althea.care.actions import effect, record
from althea.care.facts import chart_of
from althea.care.models import OrderEnd, Trial
from althea.clinic.her_story import HerStory
from tests.care.test_facts import an_order
from tests.look.drawings import written
from tests.people import NOW

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 9)


def add(people, body, on=ON, origin="clinic"):
    return record.add(patient=people.maya, body=body, on=on, origin=origin, by=people.marchetti.user, at=NOW)


def story(people, on=ON, **named):
    return HerStory(chart_of(people.maya), on, **named)


def a_trial(people, **named):
    values = {"medicine": "sertraline", "state": "titrating", "problem": "Low mood", "scale": "phq-9", "weeks": 8,
              "started_on": date(2026, 5, 7)}  # fmt: skip
    return Trial.objects.create(patient=people.maya, created_at=NOW, **(values | named))


def birth(people, on=date(2026, 4, 7)):
    add(people, said.LifeStage(topic="delivery", value=on.isoformat()), on)


def escitalopram(**named):
    told = {"text": "escitalopram", "medicine": "escitalopram", "running": False, "reached": "20 mg", "result": "partly",
            "since": date(2023, 5, 6), "until": date(2025, 2, 14)}  # fmt: skip
    return said.Medicine(**(told | named))


# --- which time ---------------------------------------------------------------------------------------


def test_soon_after_a_birth_the_chart_opens_at_the_birth(people):
    birth(people)
    shown = story(people, trial=a_trial(people))
    assert (shown.shown, shown.first) == ("birth", date(2026, 3, 24))
    assert [label for label, _, _ in shown.ranges] == ["This trial", "Since birth", "1 year", "All"]


def test_a_trial_that_began_before_the_birth_is_shown_from_its_own_beginning(people):
    birth(people)
    assert story(people, trial=a_trial(people, started_on=date(2026, 2, 1))).shown == "trial"


def test_a_birth_before_the_time_that_is_shown_is_still_said(people):
    birth(people)
    trial = a_trial(people)
    assert {"Birth 7 April", "Postpartum"} <= set(written(story(people, trial=trial).drawing().svg))
    assert "Birth 7 April, postpartum" in written(story(people, trial=trial, wanted="trial").drawing().svg)


def test_long_after_a_birth_the_trial_is_shown(people):
    birth(people, ON - timedelta(weeks=27))
    assert story(people, trial=a_trial(people)).shown == "trial"


def test_without_a_birth_or_a_trial_neither_is_offered_and_another_address_shows_the_year(people):
    shown = story(people, wanted="birth")
    assert [label for label, _, _ in shown.ranges] == ["1 year", "All"]
    assert shown.shown == "year"


def test_a_record_shorter_than_a_year_is_shown_whole(people):
    add(people, said.Score(scale="phq-9", total=17), date(2026, 4, 1))
    assert (story(people).shown, story(people).first) == ("all", date(2026, 3, 18))


def test_only_the_scores_of_the_time_that_is_shown_stand_in_its_table(people):
    for day, total in ((date(2025, 1, 1), 22), (date(2026, 5, 1), 11)):
        add(people, said.Score(scale="phq-9", total=total), day)
    drawn = story(people, wanted="year").drawing()
    assert [row[1] for row in drawn.table.rows if row[1]] == ["11"]
    assert "22" in str(story(people, wanted="all").drawing().table)


# --- what is planned ----------------------------------------------------------------------------------


def test_the_dose_is_planned_to_the_last_week_of_the_trial_and_no_further(people):
    an_order(people)
    drawn = story(people, trial=a_trial(people)).drawing()
    assert {"planned to week 8", "Week 8", "Start 7 May"} <= set(written(drawn.svg))
    assert "75 mg from 28 May to 1 July" in drawn.words


def test_past_its_weeks_or_without_any_nothing_is_said_to_be_planned(people):
    an_order(people)
    for weeks in (4, None):
        drawn = story(people, trial=a_trial(people, weeks=weeks)).drawing()
        assert 'class="plan"' not in drawn.svg
        assert "planned" not in drawn.words


def test_every_step_of_a_plan_to_stop_is_shown_to_its_end(people):
    steps = [{"from": "2026-06-15", "until": "2026-07-12", "dose": "15 mg", "times_a_day": 1},
             {"from": "2026-07-13", "until": "2026-08-09", "dose": "10 mg", "times_a_day": 1},
             {"from": "2026-08-10", "until": "2026-10-04", "dose": "5 mg", "times_a_day": 1}]  # fmt: skip
    an_order(people, medicine="escitalopram", steps=steps, stops=True)
    shown = story(people)
    assert shown.last == date(2026, 10, 9)
    assert {"15", "10", "5", "planned to 4 Oct"} <= set(written(shown.drawing().svg))


def test_a_plan_of_many_years_does_not_press_the_past_to_nothing(people):
    steps = [{"from": "2026-06-01", "until": "2099-01-01", "dose": "15 mg", "times_a_day": 1}]
    an_order(people, medicine="escitalopram", steps=steps, stops=True)
    assert story(people).last == ON + timedelta(days=730)


# --- the strip of her whole story ---------------------------------------------------------------------


def test_what_she_tried_before_stands_above_with_dose_and_outcome(people):
    add(people, escitalopram())
    an_order(people)
    strip = story(people).before()
    assert {"Since 2023", "Escitalopram up to 20 mg, helped in part"} <= set(written(strip.svg))
    assert ("6 May 2023", "Escitalopram up to 20 mg, helped in part", "14 Feb 2025") in strip.table.rows
    assert "The chart below shows" in strip.words


def test_nothing_before_means_no_strip(people):
    assert story(people).before() is None
    an_order(people)
    assert story(people).before() is None


def test_a_trial_on_days_that_nobody_knows_is_said_and_not_drawn(people):
    add(people, escitalopram(since=None, until=None, result=None, reached=None))
    shown = story(people)
    assert shown.undated == ["Escitalopram, dose not known, how it went is not known"]
    assert shown.before() is None


def test_weeks_and_one_end_say_the_other_end(people):
    add(people, escitalopram(since=None, weeks=10))
    assert story(people).before().table.rows[0][0] == "6 Dec 2024"


def test_an_end_before_its_beginning_is_not_drawn(people):
    add(people, escitalopram(since=date(2025, 3, 1)))
    assert story(people).undated == ["Escitalopram, up to 20 mg, helped in part"]


def test_a_gap_is_said_to_hold_nothing_only_where_the_list_was_gone_through(people):
    add(people, escitalopram())
    an_order(people)
    assert "none on record" not in story(people).before().words
    add(people, said.Looked(topic="medicines"))
    assert "None on record from 15 Feb 2025 to 6 May 2026" in story(people).before().words
    add(people, said.Medicine(text="quetiapine", medicine="quetiapine", running=None))
    assert "None on record" not in story(people).before().words


def test_an_ended_trial_of_ours_says_how_it_went(people):
    add(people, said.Score(scale="phq-9", total=20), date(2025, 1, 1))
    add(people, said.Score(scale="phq-9", total=18), date(2025, 3, 1))
    steps = [{"from": "2025-01-01", "until": None, "dose": "50 mg", "times_a_day": 1}]
    order = an_order(people, steps=steps)
    OrderEnd.objects.create(order=order, on=date(2025, 3, 5), why="No better.", by=people.marchetti.user, at=NOW)
    ended = a_trial(people, state="ended", started_on=date(2025, 1, 1), ended_on=date(2025, 3, 5))
    strip = story(people, ended=[ended], wanted="year").before()
    assert any("Sertraline 50 mg, did not help" in row for row in strip.table.rows)


def test_a_long_taper_ahead_is_no_part_of_what_she_took(people):
    an_order(people, steps=[{"from": "2024-01-01", "until": "2026-06-30", "dose": "20 mg", "times_a_day": 1},
                            {"from": "2026-07-01", "until": "2026-07-14", "dose": "1 mg", "times_a_day": 1}])  # fmt: skip
    assert "Sertraline 20 mg" in written(story(people, wanted="year").before().svg)


def test_a_pregnancy_that_ended_early_is_drawn_to_its_end_on_the_strip(people):
    add(people, said.LifeStage(topic="gestation", value="56"), date(2025, 2, 1))
    ended = date(2025, 3, 1)
    add(people, said.Condition(text="Ended", code="O03", status="resolved", since=ended, until=ended), ended)
    rows = story(people, wanted="year").before().table.rows
    assert ("7 Dec 2024", "Pregnant", "1 March 2025") in rows


# --- what happened beside it --------------------------------------------------------------------------


def test_another_medicine_says_what_for_and_since_when(people):
    add(people, said.Medicine(text="ibuprofen", medicine="ibuprofen", as_needed=True, running=True,
                              since=date(2026, 6, 5), from_whom="for mastitis"), date(2026, 6, 5))  # fmt: skip
    plain = story(people).drawing().svg
    assert "for mastitis, as needed, since 5 June" in written(plain)
    assert 'class="evw"' not in plain
    assert 'class="evw"' in story(people, louder={"ibuprofen"}).drawing().svg


def test_since_when_is_not_known_is_said(people):
    add(people, said.Medicine(text="folic acid", running=True), date(2026, 5, 20))
    assert "told 20 May, since when is not known" in written(story(people).drawing().svg)


def test_missed_doses_weeks_apart_are_two_marks(people):
    days = [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 30)]
    for day in days[:2]:
        add(people, said.DoseTaken(medicine="sertraline", taken=False), day)
    found = held.happened(chart_of(people.maya), ON, missed=days)
    assert [(one.first, one.count) for one in found] == [(days[0], 2), (days[2], 1)]


def test_her_own_words_have_a_leaf_and_her_own_type(people):
    add(people, said.Symptom(words="I laughed with <Ada> this week. Evenings are dark."), date(2026, 6, 4), "hers")
    add(people, said.Symptom(words="Seen with her midwife."), date(2026, 6, 3))
    drawn = story(people).drawing()
    assert 'class="leaf"' in drawn.svg
    assert "“I laughed with &lt;Ada&gt; this week.”" in drawn.svg
    assert "midwife" not in drawn.svg, "hers only where she said it"
    assert "Her words" in [key.words for key in drawn.legend]


def test_an_order_that_ended_says_why_and_one_that_was_replaced_does_not(people):
    first = an_order(people, steps=[{"from": "2026-04-01", "until": None, "dose": "25 mg", "times_a_day": 1}])
    OrderEnd.objects.create(order=first, on=date(2026, 5, 1), why="Replaced", by=people.marchetti.user, at=NOW)
    steps = [{"from": "2026-05-01", "until": None, "dose": "50 mg", "times_a_day": 1}]
    second = an_order(people, steps=steps, replaces=first)
    OrderEnd.objects.create(order=second, on=date(2026, 6, 1), why="She slept badly.", by=people.marchetti.user, at=NOW)
    found = [one.words for one in held.happened(chart_of(people.maya), ON)]
    assert found == ["Sertraline ended: She slept badly."]


# --- what she answered and did not send ---------------------------------------------------------------


def unsent(people, body, on):
    return add(people, body.model_copy(update={"sent": False}), on, "hers")


def words_of(people):
    return [one.words for one in held.happened(chart_of(people.maya), ON)]


def test_what_she_answered_and_did_not_send_says_so_in_words_on_its_day(people):
    on = date(2026, 6, 2)
    for body in (said.Score(scale="phq-9", total=14), said.Score(scale="gad-7", items={"item 1": 2}),
                 said.SideEffect(what="Dry mouth", since=on), said.Symptom(words="So tired.")):  # fmt: skip
        unsent(people, body, on)
    drawn = story(people).drawing()
    words = "Not sent by her: GAD-7 incomplete, PHQ-9, side effect, her words"
    assert words in written(drawn.svg)
    assert words in drawn.words
    assert any(row[0] == "2 June" and words in row[-1] for row in drawn.table.rows)


def test_what_she_sent_says_nothing_of_the_kind(people):
    add(people, said.Score(scale="phq-9", total=14), date(2026, 6, 2), "hers")
    add(people, said.Symptom(words="So tired."), date(2026, 6, 2), "hers")
    assert "ot sent" not in story(people).drawing().words


def test_two_check_ins_that_passed_on_one_morning_are_each_on_their_own_day(people):
    for day in (date(2026, 5, 20), date(2026, 5, 27)):
        unsent(people, said.Score(scale="phq-9", total=14), day)
    found = [one for one in held.happened(chart_of(people.maya), ON) if one.kind == "event"]
    assert {one.first for one in found} == {date(2026, 5, 20), date(2026, 5, 27)}


@pytest.mark.parametrize(
    ("sent", "not_sent", "words"),
    [(0, 2, "2 missed, not sent by her"), (1, 1, "2 missed, 1 not sent by her"), (2, 0, "2 missed")],
)
def test_a_missed_dose_that_she_did_not_send_says_so_where_it_stands(people, sent, not_sent, words):
    for n in range(sent + not_sent):
        say = add if n < sent else unsent
        say(people, said.DoseTaken(medicine="sertraline", taken=False), date(2026, 6, 1) + timedelta(days=n))
    assert words_of(people) == [words]


def test_a_side_effect_that_she_tells_is_gone_is_told_from_then_on(people):
    entry = unsent(people, said.SideEffect(what="Dry mouth", since=date(2026, 6, 2)), date(2026, 6, 2))
    assert words_of(people) == ["Dry mouth", "Not sent by her: side effect"]
    effect.say(entry=entry, gone=True, by=people.maya.user, at=NOW)
    assert words_of(people) == ["Dry mouth"]
