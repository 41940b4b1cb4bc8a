"""A clinician sees her own patients; the front desk sees names and times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import worklist
from althea.care.days import today, zone_of
from althea.care.models import Patient, SweepFinding, SweepWoman, Visit
from althea.clinic.pages.patients import ON_A_PAGE, next_visits
from tests.care.test_facts import an_order
from tests.clinic.reviewing import a_trial, taking, tell
from tests.clinic.sweeping import found, swept
from tests.counting import at_most
from tests.people import a_patient, look_after, send, signed_in

pytestmark = pytest.mark.django_db


def page(member, address="/patients"):
    return signed_in(member.user).get(address).content.decode()


def test_a_prescriber_sees_her_own(people):
    shown = page(people.marchetti)
    assert "Maya Okafor-Lind" in shown
    assert "Noor Haddad" not in shown
    assert f'<a href="/patients/{people.maya.pk}/"><bdi>Maya Okafor-Lind</bdi></a>' in shown


def test_the_front_desk_sees_who_is_registered_and_no_chart(people):
    shown = page(people.desk)
    assert "Maya Okafor-Lind" in shown
    assert "Noor Haddad" in shown
    assert "Far Away" not in shown
    assert f'/patients/{people.maya.pk}/"' not in shown


def test_a_name_is_found_and_another_clinics_is_not(people):
    assert "Maya Okafor-Lind" in page(people.desk, "/patients?q=okafor")
    assert "Far Away" not in page(people.desk, "/patients?q=far")


def test_of_women_with_one_name_each_stands_on_one_page(people):
    hers = {a_patient(people.clinic, "Ana Silva").pk for _ in range(ON_A_PAGE + 5)}
    pages = [page(people.desk, f"/patients?q=ana+silva&page={number}") for number in (1, 2)]
    shown = [key for key in hers for one in pages if f"/patients/{key}/" in one]
    assert sorted(shown) == sorted(hers)


@pytest.mark.parametrize("typed", ["sertral", "zoloft", "Sertraline"])
def test_a_medicine_is_found_by_name_or_brand_with_the_women_who_have_an_order_of_it(people, typed):
    on = today(people.clinic, timezone.now())
    taking(people, on, (33, "50 mg"))
    other = a_patient(people.clinic, "Ada Nwosu")
    look_after(people.marchetti, other)
    shown = page(people.marchetti, f"/patients?q={typed}")
    assert '<a href="/medicines/sertraline/">Sertraline</a>' in shown
    assert "Women who have it ordered here are listed too." in shown
    assert "Maya Okafor-Lind" in shown
    assert "Ada Nwosu" not in shown
    assert "Noor Haddad" not in shown


@pytest.mark.parametrize(("days", "listed"), [(0, True), (1, False)])
def test_a_plan_to_stop_that_has_run_out_is_no_order_of_it(people, days, listed):
    """Nobody writes an end of a plan to stop: after its last day nothing of it is taken."""
    last = today(people.clinic, timezone.now()) - timedelta(days=days)
    step = {
        "from": (last - timedelta(days=30)).isoformat(),
        "until": last.isoformat(),
        "dose": "300 mg",
        "times_a_day": 1,
    }
    an_order(people, medicine="lithium", steps=[step], stops=True)
    assert ("Maya Okafor-Lind" in page(people.marchetti, "/patients?q=lithium")) is listed


def test_a_medicine_that_only_meets_ours_leads_to_its_rules(people):
    shown = page(people.marchetti, "/patients?q=ibuprofen")
    assert '<a href="/rules/?q=ibuprofen">Ibuprofen</a>' in shown
    assert "No patient of that name, and nobody who has it ordered here." in shown


@pytest.mark.parametrize("who", ["therapist", "desk"])
def test_who_takes_a_medicine_is_no_answer_for_those_who_open_no_chart(people, who):
    taking(people, today(people.clinic, timezone.now()), (33, "50 mg"))
    shown = page(getattr(people, who), "/patients?q=sertraline")
    assert "Maya Okafor-Lind" not in shown
    assert "/medicines/sertraline/" not in shown
    assert "Nobody found for “sertraline”. Try fewer letters, or another part of her name." in shown


@pytest.mark.parametrize("asked", ["", "?q=sertraline"])
@pytest.mark.parametrize("count", [1, 60])
def test_the_list_takes_few_queries_however_long_it_is(people, count, asked):
    for number in range(count):
        look_after(people.marchetti, a_patient(people.clinic, f"Patient {number}"))
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(f"/patients{asked}")


@pytest.mark.parametrize("where", ["/patients", "/today"])
@pytest.mark.parametrize("count", [1, 60])
def test_that_pregnancies_ended_costs_no_query_for_each(people, count, where):
    on = today(people.clinic, timezone.now())
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        tell(people, said.LifeStage(topic="pregnancy", value="pregnant"), on, 60, her)
        tell(people, said.Condition(text="Loss", code="O03"), on, 20, her)
        worklist.place(patient=her, group="labs", level="info", reason="labs", why="Lithium level due.",
                       action="Open chart", at=timezone.now())  # fmt: skip
    client = signed_in(people.marchetti.user)
    with at_most(12):
        shown = client.get(where).content.decode()
    assert ">Not pregnant</span>" in shown
    assert ">Pregnant, " not in shown
    assert ">Pregnant</span>" not in shown


def test_her_stage_medicine_week_and_open_findings_stand_beside_her_name(people):
    on = today(people.clinic, timezone.now())
    tell(people, said.LifeStage(topic="menopause", value="peri"), on)
    taking(people, on, (33, "50 mg"))
    a_trial(people, on, back=33)
    an_order(people, medicine="lithium", steps=[{"from": on.isoformat(), "until": None, "dose": "900 mg"}])
    sweep = swept(people)
    SweepFinding.objects.filter(sweep=sweep).delete()
    for rank, aside in ((2, False), (1, False), (1, False), (2, True)):
        found(sweep, people.maya, rank=rank, aside=aside)
    shown = " ".join(page(people.marchetti).split())
    assert '<span class="chip stage base">Perimenopause</span>' in shown
    assert "Sertraline, week 5 of 8" in shown
    assert "<br>Lithium</td>" in shown
    assert "1 critical, 2 warnings" in shown


def test_a_woman_no_sweep_came_by_is_not_said_to_have_no_finding(people):
    assert "not looked at yet" in page(people.marchetti)
    sweep = swept(people)
    SweepFinding.objects.all().delete()
    SweepWoman.objects.filter(patient=people.maya).update(missing={"Her age": [3, 2]})
    assert "none found, not all could be checked" in page(people.marchetti)
    SweepWoman.objects.filter(sweep=sweep).update(missing={})
    assert "none open" in page(people.marchetti)
    SweepWoman.objects.filter(sweep=sweep).update(failed="ValueError")
    assert "could not be looked at" in page(people.marchetti)
    assert "none open" not in page(people.marchetti)


@pytest.mark.parametrize("who", ["desk", "therapist", "admin"])
def test_who_does_not_open_charts_sees_nothing_of_what_she_takes(people, who):
    taking(people, today(people.clinic, timezone.now()), (33, "50 mg"))
    swept(people)
    shown = page(getattr(people, who))
    assert "ertraline" not in shown
    assert "finding" not in shown.lower()
    assert "chip stage" not in shown


def test_her_next_visit_stands_beside_her_and_one_of_the_past_does_not(people):
    now = timezone.now()
    for days, what in ((-3, "Past"), (9, "Later"), (2, "Next")):
        Visit.objects.create(patient=people.maya, member=people.marchetti, at=now + timedelta(days=days), what=what)
    assert next_visits([people.maya.pk, people.noor.pk], now) == {people.maya.pk: now + timedelta(days=2)}
    when = (now + timedelta(days=2)).astimezone(zone_of(people.maya))
    assert f"{when:%H:%M}" in page(people.marchetti)


# --- the same woman twice ---------------------------------------------------------------------------------------------


def register(people, who="desk", **fields):
    given = {"name": "Nora Bell", "born_on": "1996-05-05", "email": "nora@example.org", "why": "Low mood",
             "prescriber": str(people.marchetti.pk)}  # fmt: skip
    return send(signed_in(getattr(people, who).user), "/patients/new", **(given | fields))


def noras():
    return list(Patient.objects.filter(name__iexact="nora bell").order_by("created_at"))


def test_a_nurse_is_asked_for_at_once_and_the_one_who_registers_her_is_ticked(people):
    """Without one, an answer on self-harm stood before her prescriber alone."""
    form = page(people.nurse, "/patients/new")
    asked = form[form.index("Who else looks after her") :]
    assert f'value="{people.nurse.pk}"' in asked
    assert "checked" in asked[asked.index(f'value="{people.nurse.pk}"') :][:80]
    register(people, "nurse", others=[str(people.nurse.pk)])
    team = {place.member for place in noras()[0].team.filter(until__isnull=True)}
    assert team == {people.marchetti, people.nurse}


def test_what_is_missing_is_said_beside_its_field_in_words_that_say_what_to_do(people):
    shown = register(people, name="", email="", why="", prescriber="").content.decode()
    for words in ("Enter her name.", "Enter her email address.", "Say in a few words why she comes.", "Choose her"):
        assert shown.count(words) == 2, "above the form, and beside the field"
    assert "This field is required." not in shown
    assert noras() == []


def test_a_colleague_of_another_clinic_cannot_be_ticked(people):
    shown = register(people, others=[str(people.ibarra.pk)]).content.decode()
    assert "Select a valid choice" in shown
    assert noras() == []


def test_a_woman_who_is_registered_is_shown_before_she_is_registered_again(people):
    assert register(people).status_code == 302
    shown = register(people, name="nora  BELL", email="other@example.org").content.decode()
    assert "Somebody of this name is registered already. Look below whether it is she." in shown
    assert "There is <bdi>Nora Bell, born 5 May 1996, registered today</bdi>." in shown
    assert f'href="/patients/{noras()[0].pk}/reach">It is she: open her</a>' in shown
    assert len(noras()) == 1


def test_another_person_of_the_same_name_and_birthday_is_registered_when_that_is_said(people):
    register(people)
    answer = register(people, email="other@example.org", another=str(noras()[0].pk))
    assert answer.status_code == 302
    assert len(noras()) == 2
    shown = register(people, email="third@example.org", another=str(noras()[0].pk)).content.decode()
    assert shown.count("It is another person: register her too") == 2
    assert len(noras()) == 2


def test_one_email_invites_one_woman_of_a_clinic(people):
    register(people)
    shown = register(people, name="Ada Bell", email="NORA@example.org", born_on="1970-01-01").content.decode()
    assert "Nora Bell is registered with this email, and one email invites one woman only." in shown
    assert not Patient.objects.filter(name="Ada Bell").exists()
    shown = register(people, "hale", name="Ada Bell", born_on="1970-01-01").content.decode()
    assert "Somebody of this clinic is registered with this email" in shown
    assert "Nora" not in shown


def test_a_birthday_nobody_knows_may_be_the_same_and_another_birthday_is_not(people):
    register(people, born_on="")
    assert "date of birth not known, registered today" in register(people, email="b@example.org").content.decode()
    assert register(people, name="Ada Bell", email="a@example.org").status_code == 302
    assert register(people, name="Ada Bell", born_on="1997-05-05", email="c@example.org").status_code == 302


def test_a_woman_of_another_clinic_is_never_told_of(people):
    Patient.objects.create(clinic=people.elsewhere, name="Nora Bell", born_on="1996-05-05", email="nora@example.org")
    assert register(people).status_code == 302


def test_who_looks_after_her_may_open_her_and_another_prescriber_learns_no_more_than_was_typed(people):
    register(people)
    shown = register(people, "marchetti", email="b@example.org", born_on="").content.decode()
    assert f'href="/patients/{noras()[0].pk}/"' in shown
    shown = register(people, "hale", email="b@example.org", born_on="").content.decode()
    assert "There is <bdi>Nora Bell, registered today</bdi>." in shown
    assert "She is not on your list: somebody else at the clinic looks after her." in shown
    for born in ("May 1996", "1996-05-05"):
        assert born not in shown
