"""The chart: what is known of her, what speaks against what she takes, and what could not be checked."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.aside import all_grounds, mark_of
from althea.care.days import today, zone_of
from althea.care.models import AuditRow, FindingSeen, Trial
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def add(people, body, on):
    return record.add(
        patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now()
    )


def page(people, query=""):
    answer = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def on_valproate_and_nobody_asked(people, on):
    """She takes valproate, could be pregnant, and nobody asked about contraception: a critical finding."""
    for topic in ("medicines", "conditions", "allergies", "observations"):
        add(people, said.Looked(topic=topic), on)
    day = (on - timedelta(days=60)).isoformat()
    an_order(people, medicine="valproate", steps=[{"from": day, "until": None, "dose": "500 mg", "times_a_day": 1}])


def test_a_woman_of_whom_nothing_is_known(people):
    words = page(people)
    assert "Life stage not asked" in words
    assert "Allergies not asked" in words
    assert "No goal is written yet." in words
    assert "Not yet reviewed by a clinician." in words


def test_no_known_allergies_only_when_they_were_asked(people, on):
    add(people, said.Looked(topic="allergies"), on)
    assert "No known allergies" in page(people)
    add(people, said.Allergy(text="sulfa antibiotics", reaction="rash"), on)
    assert "Allergy: sulfa antibiotics (rash)" in page(people)


def test_the_trial_in_numbers_and_unknown_where_there_are_none(people, on):
    Trial.objects.create(patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9",
                         weeks=8, started_on=on - timedelta(days=33), review_on=on, created_at=NOW)  # fmt: skip
    assert "<dd>not known</dd>" in page(people)
    for back, total in ((33, 21), (0, 13)):
        add(people, said.Score(scale="phq-9", total=total), on - timedelta(days=back))
    words = page(people)
    assert '<p class="strong">Sertraline</p><p class="small muted">For low mood</p>' in words
    assert "<dt>PHQ-9 down</dt><dd>38%<small>21 to 13</small></dd>" in words


def a_trial(people, on, back=33, **named):
    values = {"medicine": "sertraline", "state": "titrating", "problem": "Low mood", "scale": "phq-9", "weeks": 8,
              "review_on": on}  # fmt: skip
    started = on - timedelta(days=back)
    return Trial.objects.create(patient=people.maya, started_on=started, created_at=NOW, **(values | named))


def test_the_trial_leads_to_its_review_and_a_new_order(people, on):
    trial = a_trial(people, on)
    words = page(people)
    assert f'href="/patients/{people.maya.pk}/trials/{trial.pk}/review">Start trial review</a>' in words
    assert f'href="/patients/{people.maya.pk}/orders/new"' in words
    nurse = signed_in(people.nurse.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert ">Trial review</a>" in nurse
    assert "New order" not in nurse


def test_the_trial_says_how_it_stands_in_a_word(people, on):
    a_trial(people, on)
    assert "Not known yet" in page(people)
    for back, total in ((33, 21), (0, 13)):
        add(people, said.Score(scale="phq-9", total=total), on - timedelta(days=back))
    assert "Part response" in page(people)


def test_the_day_of_the_full_trial_dose_and_side_effects_are_said(people, on):
    days = [(on - timedelta(days=back)).isoformat() for back in (33, 26)]
    steps = [{"from": days[0], "until": None, "dose": "50 mg", "times_a_day": 1},
             {"from": days[1], "until": None, "dose": "100 mg", "times_a_day": 1}]  # fmt: skip
    an_order(people, steps=steps)
    a_trial(people, on)
    add(people, said.SideEffect(what="Nausea", since=on - timedelta(days=30), until=on - timedelta(days=20)), on)
    words = page(people)
    assert "Full trial dose (100 mg, source unverified) reached in week 2." in words
    assert "Nausea gone since" in words
    assert ">reached, week 2</text>" in words
    assert '<p class="strong">Sertraline 100 mg a day</p>' in words


def test_past_its_weeks_it_is_not_week_9_of_8(people, on):
    a_trial(people, on, back=57)
    words = page(people)
    assert "<dt>Week</dt><dd>9<small>8 were planned</small></dd>" in words
    assert "Week 9 of 8" not in words


def test_doses_of_which_she_told_nothing_are_not_known(people, on):
    a_trial(people, on)
    assert "<dt>Doses taken</dt><dd>not known<small>she told of none</small></dd>" in page(people)


def test_her_plan_to_stay_well_stands_beside_the_trial(people, on):
    trial = a_trial(people, on)
    add(people, said.Maintenance(trial=str(trial.pk), early_signs="I stop answering <Nadia>.", how_long="6 to 12 months.",
                                 review_on=on + timedelta(days=84)), on)  # fmt: skip
    words = page(people)
    assert "Plan to stay well." in words
    assert "I stop answering &lt;Nadia&gt;." in words


def test_a_finding_says_why_from_her_record_with_its_source(people, on):
    on_valproate_and_nobody_asked(people, on)
    words = page(people)
    assert "Critical" in words
    assert "From her record" in words
    assert "takes valproate 500 mg a day" in words


def critical(people):
    from althea.care.recheck import review_today

    return review_today(people.maya, timezone.now()).findings[0]


def test_an_override_needs_a_reason_and_is_kept_with_name_and_date(people, on):
    on_valproate_and_nobody_asked(people, on)
    client, found = signed_in(people.marchetti.user), critical(people)
    address = f"/patients/{people.maya.pk}/override"
    asked = send(client, address, rule=found.rule, finding=mark_of(found))
    assert asked.status_code == 200
    words = asked.content.decode()
    assert "Override with a reason" in words
    assert "Nothing was set aside yet" not in words, "she was only asked"
    assert f'<a class="btn primary" href="/patients/{people.maya.pk}/">Keep the finding open</a>' in words
    assert '<button class="btn">Override with this reason</button>' in words
    assert not FindingSeen.objects.exists()
    send(
        client,
        address,
        rule=found.rule,
        finding=mark_of(found),
        code="will-monitor",
        words="Seen with obstetrics today.",
    )
    row = FindingSeen.objects.get()
    assert (row.rule, row.answer, row.until) == (found.rule, "overridden", on + timedelta(days=90))
    words = page(people)
    assert "Will monitor. Seen with obstetrics today." in words
    assert "1 overridden" in words
    assert AuditRow.objects.filter(verb="overrode finding").count() == 1


def test_taken_back_it_counts_again(people, on):
    on_valproate_and_nobody_asked(people, on)
    client, found = signed_in(people.marchetti.user), critical(people)
    send(
        client,
        f"/patients/{people.maya.pk}/override",
        rule=found.rule,
        finding=mark_of(found),
        code="will-monitor",
        words="x",
    )
    send(client, f"/patients/{people.maya.pk}/override/undo", seen=str(FindingSeen.objects.get().pk))
    assert "overridden" not in page(people)


def test_a_nurse_does_not_override(people, on):
    on_valproate_and_nobody_asked(people, on)
    client = signed_in(people.nurse.user)
    assert send(client, f"/patients/{people.maya.pk}/override", finding=mark_of(critical(people))).status_code == 404
    words = client.get(f"/patients/{people.maya.pk}/").content.decode()
    assert "Critical" in words
    assert ">Override<" not in words, "no button that leads nowhere"
    assert ">Override<" in page(people)


def test_names_in_any_script_and_markup_are_text(people, on):
    people.maya.put(name="<b>مايا</b> 🌿")
    add(people, said.Goal(words="<script>alert(1)</script>"), on)
    words = page(people)
    assert "<script>alert" not in words
    assert "&lt;b&gt;مايا" in words


@pytest.mark.parametrize("query", ["", "?show=trial", "?show=birth", "?show=year", "?show=all", "?show=x"])
@pytest.mark.parametrize("count", [1, 150])
def test_the_chart_takes_few_queries_with_three_years_of_entries(people, on, query, count):
    an_order(people)
    a_trial(people, on)
    for back in range(count):
        add(people, said.Score(scale="phq-9", total=back % 27), on - timedelta(days=back * 7))
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(f"/patients/{people.maya.pk}/{query}")


def test_a_new_order_begins_from_the_decision_that_waits_for_one(people, on):
    seen = {"about": "options", "options": ["sertraline"], "chosen_words": "Sertraline", "whose": "shared"}
    entry = record.add(
        patient=people.maya, body=said.Decision(chosen="sertraline", **seen), on=on, origin="clinic",
        by=people.marchetti.user, at=timezone.now(),
    )  # fmt: skip
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert f"/orders/new?decision={entry.pk}" in page


def test_what_is_critical_is_said_above_the_chart_for_who_reads_it_on_a_narrow_screen(people, on):
    assert "critical finding" not in page(people)
    on_valproate_and_nobody_asked(people, on)
    words = page(people)
    assert words.index("1 critical finding, below the chart") < words.index('id="story"')
    assert 'href="#findings"' in words


def test_a_critical_finding_offers_what_to_do_before_setting_it_aside(people, on):
    people.maya.phone = "555 0199"
    people.maya.save()
    score = said.Score(scale="phq-9", items={"item 9": 1})
    record.add(patient=people.maya, body=score, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    acts = page[page.index('class="acts"') :]
    assert acts.index('href="tel:555 0199"') < acts.index("Her safety plan") < acts.index("Override")


@pytest.mark.parametrize(
    ("code", "words", "wrong"),
    [
        ("", "Seen with obstetrics.", ["Choose the reason that fits best."]),
        ("will-monitor", " ", ["Write in a line or two why this is right for her."]),
        (
            "none-such",
            "x" * 501,
            ["Choose the reason that fits best.", "Make it shorter: 501 characters, and up to 500"],
        ),
    ],
)
def test_an_override_that_is_not_whole_says_what_is_missing_and_keeps_what_was_typed(people, on, code, words, wrong):
    on_valproate_and_nobody_asked(people, on)
    answer = send(
        signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/override", finding=mark_of(critical(people)),
        code=code, words=words,
    )  # fmt: skip
    page = answer.content.decode()
    assert "Nothing was set aside yet" in page
    assert all(line in page for line in wrong)
    assert words.strip() in page
    assert not FindingSeen.objects.exists()


def test_what_to_do_about_a_critical_finding_is_all_in_the_open_and_why_is_behind_a_fold(people, on):
    on_valproate_and_nobody_asked(people, on)
    words, found = page(people), critical(people)
    body = words[words.index('<article class="finding crit">') :]
    before_fold, fold = body.split("<details", 1)
    assert len(found.do) > 0
    assert all(line in before_fold for line in found.do)
    assert found.why not in before_fold
    assert found.why in fold[: fold.index("</details>")]
    assert "Why and source" in fold


def test_another_finding_shows_two_sentences_and_keeps_the_rest():
    from althea.clinic.findings import brief
    from althea.engine.finding import Finding
    from althea.knowledge.schema.evidence import Level, Mark

    do = ("Ask about sleep. Offer a call, at 8 p.m. or later.", "Write it down. Call the midwife.")
    one = Finding(
        rule="x", kind="score", level=Level.WARNING, title="T", why="Because.", because=(), do=do, for_her="",
        sources=(), mark=Mark.READ, knowledge="", medicines=(), reason=(), said=("Assumed so.",),
    )  # fmt: skip
    shown = brief(one, date(2026, 6, 9))
    assert shown["words"] == ["Ask about sleep.", "Offer a call, at 8 p.m. or later."]
    assert shown["more"] == ["Because.", "Write it down. Call the midwife.", "Assumed so."]


def test_her_goals_end_with_a_full_stop_before_how_it_is_now(people, on):
    add(people, said.Goal(words="Sleep when she sleeps", rank=1, now="Most days"), on)
    add(people, said.Goal(words="Keep breastfeeding", rank=2, now="Yes, fully"), on)
    add(people, said.Goal(words="Am I flat?", rank=3, measure="nights of 7"), on)
    words = page(people)
    assert "<bdi>Keep breastfeeding.</bdi> Now: <strong><bdi>Yes, fully</bdi></strong>" in words
    assert '<p class="small now">Now: <strong><bdi>Most days</bdi></strong>' in words
    assert '<bdi>Am I flat?</bdi> <span class="muted">Nights of 7: not told yet</span>' in words


def test_the_plan_says_what_was_screened_asked_and_told_and_what_was_not(people, on):
    words = page(people)
    for name, what in (("Safety plan", "None"), ("Self-harm question", "Not asked"), ("Plan", "Not written yet")):
        assert f"<dt>{name}</dt><dd>{what}</dd>" in words
    assert "Bipolar screen" not in words
    add(people, said.Score(scale="mdq", band="negative"), on)
    for back, answer in ((35, 1), (5, 0)):
        add(people, said.Score(scale="phq-9", items={"item 9": answer}), on - timedelta(days=back))
    add(people, said.LifeStage(topic="contraception", value="copper-iud"), on)
    words = page(people)
    assert "<dt>Bipolar screen</dt><dd>MDQ negative, " in words
    assert "<dt>Self-harm question</dt><dd>1 on " in words
    assert "<dt>Contraception</dt><dd>Copper IUD, told " in words


def test_the_tab_of_her_medicines_counts_what_she_takes_on_every_page_of_her_record(people, on):
    assert ">Medicines</a>" in page(people), "none is not a number"
    an_order(people)
    add(people, said.Medicine(text="ibuprofen", running=True), on)
    add(people, said.Medicine(text="escitalopram", running=False), on)
    client = signed_in(people.marchetti.user)
    for address in ("", "plan", "labs", "medicines"):
        assert ">Medicines 2</a>" in client.get(f"/patients/{people.maya.pk}/{address}").content.decode(), address


def test_what_is_past_and_without_days_is_said_under_the_chart(people, on):
    add(people, said.Medicine(text="fluoxetine", medicine="fluoxetine", running=False, result="did not help"), on)
    assert "Tried before, on days that are not known: Fluoxetine, dose not known, did not help." in page(people)


def test_a_decision_with_an_order_waits_for_none(people, on):
    seen = {"about": "options", "options": ["sertraline"], "chosen_words": "Sertraline", "whose": "shared"}
    entry = add(people, said.Decision(chosen="sertraline", **seen), on)
    add(people, said.Consent(decision=str(entry.pk), text="I agree.", how="at the visit"), on)
    assert f"?decision={entry.pk}" in page(people), "her yes alone is no order"
    an_order(people, decision=entry)
    assert "?decision=" not in page(people)


def answered(people, at, **named):
    """Her answer to the critical finding, signed or set aside at this moment."""
    found = critical(people)
    shared = {"rule": found.rule, "reason": list(found.reason), "level": "critical", "title": found.title, "at": at}
    FindingSeen.objects.create(patient=people.maya, by=people.marchetti.user, words="Seen today.",
                               knowledge=found.knowledge, grounds=all_grounds((found,)), **shared, **named)  # fmt: skip


def night_of(on, years_ago):
    """Half past one at night in UTC, in New York the evening before; and that evening as the chart says it."""
    year = on.year - years_ago
    return datetime(year, 1, 2, 1, 30, tzinfo=UTC), f"1 January {year}" if years_ago else "1 January"


@pytest.mark.parametrize("years_ago", [0, 1])
def test_what_was_signed_to_be_done_is_of_her_own_day_and_says_the_year_where_it_is_another(people, on, years_ago):
    assert str(zone_of(people.maya)) == "America/New_York"
    on_valproate_and_nobody_asked(people, on)
    at, words = night_of(on, years_ago)
    answered(people, at, code="suggestion", answer="settled")
    assert f"Dr Marchetti on {words}: we will do this. Seen today." in page(people)


@pytest.mark.parametrize("years_ago", [0, 1])
def test_what_was_set_aside_is_of_her_own_day_and_says_the_year_where_it_is_another(people, on, years_ago):
    on_valproate_and_nobody_asked(people, on)
    at, words = night_of(on, years_ago)
    answered(people, at, code="will-monitor", answer="overridden", until=on + timedelta(days=1))
    assert re.search(rf"Dr Marchetti, {words}(?! \d)", page(people))
