"""The demo clinic: forty made-up women as of today, every page of everybody opens, and none of it outside the demo."""

import gzip
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from althea.care import audit
from althea.care import entries as said
from althea.care.days import age, today
from althea.care.demo.build import STAFF, THEMES, NotADemo, build, email, women
from althea.care.facts import chart_of, facts_of, proposed
from althea.care.known import knowledge
from althea.care.models import (
    AuditRow,
    CheckIn,
    Clinic,
    Entry,
    FindingSeen,
    Member,
    Order,
    Outgoing,
    Patient,
    Signature,
    TeamPlace,
    TickDone,
    Trial,
    TrialStep,
    User,
    WorklistItem,
)
from althea.care.recheck import review_today
from althea.care.stage_words import stage_of
from althea.engine.review import review
from althea.knowledge.schema.evidence import Level
from althea.portal.pages.demo import WALK, Step, address, still_there
from tests.people import signed_in

HER_PAGES = ("home", "medicine", "progress", "messages", "who-looked", "account", "help")
KINDS = {
    "allergy", "condition", "dose", "duplicate", "duration", "exposure", "interaction", "life-stage", "missing",
    "monitoring", "pharmacogenomic", "result", "score", "stopping", "symptom", "titration", "washout",
}  # fmt: skip
IN_EACH_SCREEN = (
    "Maya Okafor-Lind", "Joanna Reyes", "Tess Nguyen", "Ines Calloway", "Beatriz Santos", "Hannah Weiss",
    "Adaeze Obi", "Carmen Duarte", "Rosalind Achebe", "Priya Raman", "Leila Farouk", "Sofia Lindqvist",
    "Nadia Brandt", "Amal Rahimi", "Greta Holm", "Lucia Ferro", "Dana Petrov", "Mei Tan",
)  # fmt: skip
ROWS = {row["id"]: row for row in women()}


@pytest.fixture(scope="module")
def clinic(django_db_setup, django_db_blocker):
    """Built once for all tests of this file, and gone after them."""
    with django_db_blocker.unblock(), override_settings(ALTHEA_DEMO=True), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def demo(clinic, db, settings):
    settings.ALTHEA_DEMO = True
    return clinic


def her(who):
    return Patient.objects.select_related("clinic").get(email=email(who))


@pytest.mark.django_db
def test_outside_the_demo_nobody_is_made_up(settings):
    settings.ALTHEA_DEMO = False
    with pytest.raises(NotADemo):
        build()
    for path in ("/demo", "/demo/outbox"):
        assert Client().get(path).status_code == 404
    assert Client().post("/demo/as/maya").status_code == 404


def test_where_there_are_patients_nobody_is_added(demo):
    with pytest.raises(NotADemo):
        build()


def test_a_demo_of_today_is_left_alone_at_the_next_start(demo):
    now = timezone.now()
    TickDone.objects.create(clinic=demo, job="demo", on=timezone.localdate(), at=now, result={"ended": 1})
    before = AuditRow.objects.count()
    call_command("demo_clinic")
    assert AuditRow.objects.count() == before


# ---- who they are --------------------------------------------------------------------------------


def test_they_are_forty_and_every_woman_of_the_drawn_screens_is_among_them(demo):
    names = set(Patient.objects.filter(clinic=demo).values_list("name", flat=True))
    assert len(names) == 40
    assert set(IN_EACH_SCREEN) <= names


def test_they_are_of_all_ages_and_at_every_stage_of_life(demo):
    on, groups, ages = today(demo, timezone.now()), Counter(), []
    for patient in Patient.objects.filter(clinic=demo):
        told = [(entry.on, body) for entry, body in chart_of(patient).of(said.LifeStage)]
        groups[stage_of(told, on).group] += 1
        ages.append(age(patient.born_on, on))
    assert {"cycle", "trying", "pregnant", "postpartum", "perimenopause", "after"} <= set(groups)
    assert (min(ages), max(ages)) == (18, 70)


def test_one_was_born_on_29_february_one_has_not_signed_in_and_one_left(demo):
    assert (her("nadia").born_on.month, her("nadia").born_on.day) == (2, 29)
    assert her("amara").user is None
    assert her("amara").invitations.get().used_at is None
    assert not TeamPlace.objects.filter(patient=her("camille"), until__isnull=True).exists()
    assert her("camille").episodes.get().closed_on is not None


def test_names_are_written_in_more_than_one_script(demo):
    right_to_left = [name for name in Patient.objects.values_list("name", flat=True) if name[0] > "\u0590"]
    assert len(right_to_left) == 2


def test_each_prescriber_has_a_panel_of_her_own(demo):
    held = [
        set(TeamPlace.objects.filter(member__user__email=email(key), until__isnull=True).values_list("patient_id"))
        for key in ("marchetti", "hale")
    ]
    assert [len(one) for one in held] == [21, 18]
    assert not held[0] & held[1]


# ---- what is found of them -----------------------------------------------------------------------


@pytest.mark.parametrize("who", [key for key, row in ROWS.items() if row.get("quiet")])
def test_of_a_quiet_woman_nothing_warns(demo, who):
    loud = [one.title for one in review_today(her(who), timezone.now()).findings if one.level >= Level.WARNING]
    assert loud == []


@pytest.mark.parametrize("who", [key for key, row in ROWS.items() if row.get("finds")])
def test_what_her_story_says_is_found(demo, who):
    found = {one.rule for one in review_today(her(who), timezone.now()).findings}
    assert set(ROWS[who]["finds"]) <= found


@pytest.mark.parametrize("who", [key for key, row in ROWS.items() if row.get("finds") and not row.get("quiet")])
def test_and_nothing_else_warns(demo, who):
    loud = {one.rule for one in review_today(her(who), timezone.now()).findings if one.level >= Level.WARNING}
    assert loud == set(ROWS[who]["finds"])


@pytest.mark.parametrize("who", [key for key, row in ROWS.items() if row.get("draft")])
def test_of_an_order_half_written_the_mistake_is_found(demo, who):
    assert set(ROWS[who]["draft_finds"]) <= {one.rule for one in of_draft(who).findings}


def of_draft(who):
    patient, on = her(who), today(her(who), timezone.now())
    chart, draft = chart_of(patient), Order.objects.get(patient=patient, signed_at=None)
    return review(facts_of(chart, on), proposed(draft, chart, on), knowledge(), jurisdiction="US")


def test_each_kind_of_rule_speaks_of_somebody(demo):
    found = {
        one.kind
        for patient in Patient.objects.filter(clinic=demo).select_related("clinic")
        for one in review_today(patient, timezone.now()).findings
    }
    found |= {one.kind for who, row in ROWS.items() if row.get("draft") for one in of_draft(who).findings}
    assert found == KINDS


def test_no_rule_raises_an_error_on_anybody(demo):
    for patient in Patient.objects.filter(clinic=demo).select_related("clinic"):
        assert [one.rule for one in review_today(patient, timezone.now()).not_checked if one.error] == []


def test_a_finding_that_was_set_aside_is_on_nobodys_list(demo):
    assert FindingSeen.objects.get(patient=her("mei")).rule == "valproate-unprotected"
    assert not WorklistItem.objects.filter(patient=her("mei"), closed_at__isnull=True).exists()


# ---- the worklist --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["marchetti", "hale"])
def test_a_prescriber_has_a_morning_and_not_a_flood(demo, key):
    rows = WorklistItem.objects.filter(
        patient__team__member__user__email=email(key), patient__team__until__isnull=True, closed_at__isnull=True
    )
    assert 8 <= len({(row.group, row.patient_id) for row in rows}) <= 15


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("Joanna Reyes", "Self-harm question: “several days”."),
        ("Joanna Reyes", "She asked for a call today"),
        ("Tess Nguyen", "alproate"),
        ("Ines Calloway", "tamoxifen"),
        ("Carmen Duarte", "ithium"),
        ("Maya Okafor-Lind", "week 5 of 8"),
        ("Priya Raman", "Does lamotrigine mix with my pill?"),
        ("Margit Szabó", "at most 20 mg"),
    ],
)  # fmt: skip
def test_the_worklist_tells_the_stories(demo, who, words):
    said = " ".join(
        WorklistItem.objects.filter(patient__name=who, closed_at__isnull=True).values_list("why", flat=True)
    )
    assert words in said


def test_what_was_worked_through_stands_in_the_past_with_a_word(demo):
    closed = WorklistItem.objects.get(patient=her("maya"), reason__startswith="self-harm")
    assert closed.closing.startswith("Called her.")
    assert closed.closed_by.name == "Nurse Okoye"
    assert "visit moved up" in WorklistItem.objects.get(patient=her("hannah"), reason__startswith="left").closing


# ---- how it came about ---------------------------------------------------------------------------


def test_check_ins_of_the_past_have_answers_and_their_scores_are_the_sum(demo):
    done = CheckIn.objects.filter(state=CheckIn.State.DONE)
    assert done.count() >= 25
    for one in done:
        items = {row.question: row.value for row in one.answers.all() if row.question.startswith(one.scales[0])}
        assert len(items) == len(knowledge().scales[one.scales[0]].items)
        score = Entry.objects.get(patient=one.patient, kind="score", on=one.due_on, body__scale=one.scales[0])
        assert int(float(score.body["total"])) == sum(items.values())


def test_todays_check_in_is_left_for_maya(demo):
    waiting = CheckIn.objects.get(patient=her("maya"), due_on=today(demo, timezone.now()))
    assert waiting.state == CheckIn.State.WAITING


def test_trials_were_reviewed_in_the_past_and_one_was_left_by_her(demo):
    verbs = Counter(TrialStep.objects.values_list("verb", flat=True))
    assert min(verbs["review"], verbs["continue"]) >= 4
    assert verbs["leave"] == 1
    assert Trial.objects.get(patient=her("hannah")).outcome == "How it went is not known. She left it."


def test_what_was_signed_says_that_it_is_of_the_demo(demo):
    assert set(Signature.objects.values_list("method", flat=True)) == {"demo"}
    assert Order.objects.filter(signed_at=None).count() == 2


def test_its_trail_is_whole_and_in_the_order_of_time(demo):
    assert [audit.verify(clinic) for clinic in Clinic.objects.all()] == [None, None]
    moments = list(AuditRow.objects.filter(clinic=demo).order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_what_was_sent_long_ago_is_not_sent_again(demo):
    waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING)
    assert waiting.count() <= 12
    assert all(row.not_before > timezone.now() - timedelta(hours=2) for row in waiting)


# ---- its pages -----------------------------------------------------------------------------------


def test_every_page_of_every_woman_opens(demo):
    for row in women():
        if row.get("account", True) and not row.get("invited"):
            client = signed_in(User.objects.get(email=email(row["id"])))
            for name in HER_PAGES:
                assert client.get(reverse(name)).status_code == 200, f"{row['id']}: {name}"


@pytest.mark.parametrize("key", ["marchetti", "hale"])
def test_every_chart_opens_for_her_prescriber(demo, key):
    client = signed_in(User.objects.get(email=email(key)))
    member = Member.objects.get(user__email=email(key))
    for patient in Patient.objects.filter(team__member=member, team__until__isnull=True):
        assert client.get(reverse("chart", kwargs={"patient": patient.pk})).status_code == 200, patient.name
    assert client.get("/today").status_code == 200


def test_everybody_can_be_signed_in_as_and_comes_where_they_begin(demo):
    for key, *_ in STAFF:
        client = Client()
        assert client.post(f"/demo/as/{key}")["Location"] == "/start"
        there = client.get("/start")["Location"]
        assert client.get(there).status_code == 200
    client = Client()
    client.post("/demo/as/maya")
    assert client.get("/start")["Location"] == "/home"


def test_somebody_who_is_not_there_cannot_be(demo):
    assert Client().post("/demo/as/nobody").status_code == 404


def test_the_walk_leads_each_step_where_it_says(demo):
    page = Client().get("/demo").content.decode()
    assert "Be Maya, and tell how the week was" in page
    client = Client()
    check_in = client.post("/demo/as/maya?step=0")["Location"]
    assert client.get(check_in, follow=True).status_code == 200
    steps = [step for step in WALK if still_there(step)]
    for at, step in enumerate(steps):
        if step.who:
            client = Client()
            there = client.post(f"/demo/as/{step.who}?step={at}")["Location"]
            assert there == address(step)
            assert client.get(there, follow=True).status_code == 200, step.label


@pytest.mark.parametrize("step", ["99", "-1", "x", "0"])
def test_a_step_that_is_not_hers_begins_where_she_begins(demo, step):
    assert Client().post(f"/demo/as/hale?step={step}")["Location"] == "/start"


def test_a_step_whose_page_is_not_there_is_left_out(demo):
    assert not still_there(Step("marchetti", "order", "", "", of="maya"))  # nothing of hers is half written
    assert not still_there(Step("marchetti", "chart", "", "", of="nobody"))


def test_who_has_no_account_is_not_offered(demo):
    page = Client().get("/demo").content.decode()
    assert "Ines Calloway" in page
    assert "/demo/as/ines" not in page
    assert "/demo/as/amara" not in page


def test_what_would_have_been_mailed_stands_on_the_page(demo):
    page = Client().get("/demo").content.decode()
    assert "What would have been mailed" in page
    assert "Something needs you." in page
    assert "sertraline" not in Client().get("/demo/outbox").content.decode()


def test_its_people_come_with_what_they_wear_in_what_a_server_sends_at_once(demo):
    """Ten packets, headers and all; a byte more is another way there and back, on a slow line half a second."""
    page = Client().get("/demo").content
    assert b"<style nonce=" in page
    assert len(gzip.compress(page)) < 13_600


def test_from_every_page_one_can_go_and_be_somebody_else(demo):
    for who, path in (("maya", "/home"), ("marchetti", "/today")):
        client = Client()
        client.post(f"/demo/as/{who}")
        assert 'href="/demo">Be somebody else</a>' in client.get(path).content.decode()


def test_her_invitation_opens(demo):
    page = Client().get("/demo").content.decode()
    link = page.partition('href="/welcome/')[2].partition('"')[0]
    assert "Hello, Amara" in Client().get(f"/welcome/{link}").content.decode()


def test_the_groups_of_women_are_those_of_the_files():
    assert {row["theme"] for row in women()} == set(THEMES)
