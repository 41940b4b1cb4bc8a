"""The safety page: only her own patients, by finding and life stage; what was done; the file, the list, the run."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import everyone, jobs
from althea.care.actions import findings, message
from althea.care.models import AuditRow, Sweep, SweepWoman, Visit
from althea.care.recheck import review_today
from althea.clinic.pages.safety import safe
from althea.clinic.panel import key_of
from tests.clinic.sweeping import RULE, found, on_valproate, page
from tests.counting import at_most
from tests.people import a_patient, look_after, send, signed_in

pytestmark = pytest.mark.django_db
__all__ = ["on_valproate"]  # a fixture


def test_before_the_first_sweep_it_says_so_and_offers_one(people):
    words = page(people)
    assert "Nobody has been looked at yet. The first sweep runs tonight, or now." in words
    assert "Run again" in words
    assert "Export CSV" not in words


def test_it_shows_a_finding_with_why_who_and_what_was_done(people, on_valproate):
    words = page(people)
    assert "Your own patients: 1 of the 2 women of Riverside Women&#x27;s Clinic." in words
    assert "Takes valproate 500 mg a day" in words
    assert "Maya Okafor-Lind" in words
    assert "Dr Marchetti" in words
    assert ">New</span>" in words.replace("\n", "")


def test_what_could_not_be_checked_is_counted_and_shown(people, on_valproate):
    words = page(people)
    assert "In 1 of 1 women something was missing, so some checks could not be made." in words
    assert "Whether she plans a pregnancy" in words


def test_another_prescribers_patient_is_in_no_count_cell_list_or_file(people, on_valproate):
    found(on_valproate, people.noor, why="Noor's secret")
    SweepWoman.objects.filter(patient=people.noor).update(missing={"Noor's own gap": [9, 2]})
    for address in ("/safety", "/safety/list", "/safety/export"):
        words = signed_in(people.marchetti.user).get(address).content.decode()
        assert "Noor" not in words
        assert "secret" not in words
    file = send(signed_in(people.marchetti.user), "/safety/export/file").content.decode()
    assert "Noor" not in file
    assert "Noor Haddad" in page(people, "hale")
    assert "Maya" not in page(people, "hale")


@pytest.mark.parametrize("who", ["therapist", "desk", "admin"])
def test_it_is_for_prescribers_and_nurses(people, who):
    client = signed_in(getattr(people, who).user)
    assert client.get("/safety").status_code == 404
    assert send(client, "/safety/run").status_code == 404
    assert send(client, "/safety/export/file").status_code == 404


def test_a_prescriber_of_another_clinic_sees_and_stops_nothing_here(people, on_valproate):
    now = timezone.now()
    running = everyone.begin(clinic=people.clinic, by=None, at=now)
    assert "Maya" not in page(people, "ibarra")
    send(signed_in(people.ibarra.user), "/safety/stop")
    running.refresh_from_db()
    assert running.state == "waiting"


def test_filters_are_links_and_each_says_how_many_women(people, on_valproate):
    found(on_valproate, people.maya, rule="x", rank=0)
    words = page(people, query="?level=info")
    assert 'href="?level=info&amp;open=1"' in words
    loud = page(people)
    assert ">x<" not in loud
    assert "Critical 1" in " ".join(loud.split())


def test_an_overridden_one_stays_listed_and_can_be_left_out(people, on_valproate):
    loud = next(one for one in review_today(people.maya, timezone.now()).findings if one.level.word == "critical")
    findings.override(
        patient=people.maya, finding=loud, code="x", words="Agreed", by=people.marchetti.user, at=timezone.now()
    )
    key = key_of(loud.rule)
    assert "Overridden" in page(people, query=f"?finding={key}")
    assert f"finding={key}" not in page(people, query="?open=1")


def test_my_panel_is_the_women_whose_first_prescriber_i_am(people, on_valproate):
    look_after(people.marchetti, people.noor, since=timezone.now() - timedelta(days=3))
    found(on_valproate, people.noor, why="of Dr Hale")
    assert "of Dr Hale" in page(people).replace("Of Dr Hale", "of Dr Hale")
    assert "Noor" not in page(people, query="?mine=1")
    assert "My panel only" not in page(people, "nurse")


def test_new_is_what_the_sweep_before_did_not_find(people, on_valproate):
    found(on_valproate, people.maya, rule="old", since=on_valproate.asked_at - timedelta(days=1))
    assert f"finding={key_of('old')}" in page(people)
    assert f"finding={key_of('old')}" not in page(people, query="?new=1")


@pytest.mark.parametrize(("done", "words"), [("message", "Message sent"), ("visit", "Plan today"), ("", "New")])
def test_what_was_done_about_her_stands_in_the_line(people, on_valproate, done, words):
    now = timezone.now()
    if done == "message":
        message.write(patient=people.maya, body="Please call us", by=people.marchetti.user, from_her=False, at=now)
    if done == "visit":
        Visit.objects.create(patient=people.maya, member=people.marchetti, at=now, what="Talk")
    assert f"{words}</span>" in page(people)


def test_no_address_on_the_page_names_a_medicine(people, on_valproate):
    import re

    addresses = re.findall(r'href="([^"]*)"', page(people))
    assert [one for one in addresses if "valproate" in one and not one.startswith("/rules/")] == []


def test_a_cell_that_is_not_there_shows_the_most_urgent_one(people, on_valproate):
    assert "Maya Okafor-Lind" in page(people, query="?finding=nonsense&stage=moon&level=loud&page=-1")


def test_more_women_than_a_page_holds_are_on_the_next(people, on_valproate):
    for number in range(25):
        her = a_patient(people.clinic, f"Patient {number:02}")
        look_after(people.marchetti, her)
        found(on_valproate, her, rule="x", rank=2)
    words = page(people, query=f"?finding={key_of('x')}")
    assert "20 of 25 shown" in words
    assert "Patient 24" not in words
    assert "Patient 24" in page(people, query=f"?finding={key_of('x')}&page=2")


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_takes_few_queries_however_many_women(people, on_valproate, count):
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        found(on_valproate, her, rule=f"rule-{number % 20}", rank=number % 3)
    client = signed_in(people.marchetti.user)
    for address in ("/safety", "/safety/list", "/safety/export"):
        with at_most(12):
            assert client.get(address).status_code == 200


def test_export_asks_first_and_says_what_it_holds(people, on_valproate):
    words = signed_in(people.marchetti.user).get("/safety/export").content.decode()
    assert "This file contains health information." in words
    assert "of your own patients only" in words
    assert not AuditRow.objects.filter(verb="exported findings").exists()
    assert signed_in(people.marchetti.user).get("/safety/export/file").status_code == 405


def test_the_file_has_a_line_a_finding_and_a_row_in_the_trail(people, on_valproate):
    answer = send(signed_in(people.marchetti.user), "/safety/export/file", level="critical")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "Maya" not in answer["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {one["Name"] for one in lines} == {"Maya Okafor-Lind"}
    assert {one["Level"] for one in lines} == {"critical"}
    row = AuditRow.objects.get(verb="exported findings")
    assert (row.actor, row.about) == (people.marchetti.user, f"{len(lines)} lines")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), (" -2", "' -2"), ("+1", "'+1"), ("\tx", "'\tx"), ("Maya", "Maya"), (None, "")],
)  # fmt: skip
def test_no_cell_of_the_file_is_a_formula(text, kept):
    assert safe(text) == kept


def test_the_list_is_for_paper_and_says_whose_it_is(people, on_valproate):
    words = signed_in(people.marchetti.user).get("/safety/list").content.decode()
    assert "Only the patients of the person who printed it." in words
    assert "Maya Okafor-Lind" in words


def test_run_again_asks_a_worker_and_the_page_says_how_far_it_is(people, on_valproate):
    client = signed_in(people.marchetti.user)
    assert send(client, "/safety/run")["Location"] == "/safety"
    words = client.get("/safety").content.decode()
    assert "Waiting to begin" in words
    assert 'hx-get="/safety/progress"' in words
    assert "Reload to see how far it is" in words
    assert "Maya Okafor-Lind" in words  # the one before stands until this one is done
    Sweep.objects.filter(state="waiting").update(state="running", total=1284, looked=836)
    assert "Running: 836 of 1,284" in client.get("/safety").content.decode()


def test_run_again_twice_is_one_run(people):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    send(client, "/safety/run")
    assert Sweep.objects.count() == 1
    assert "It is running already." in client.get("/safety").content.decode()


def test_nobody_took_it_up(people):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    Sweep.objects.update(asked_at=timezone.now() - timedelta(minutes=3))
    assert "Nothing has taken it up yet. Is the worker running?" in client.get("/safety").content.decode()


def test_one_that_nobody_took_up_for_five_minutes_never_began(people):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    Sweep.objects.update(beat_at=timezone.now() - timedelta(minutes=6))
    words = client.get("/safety").content.decode()
    assert "It never began." in words
    assert "Run again" in words


def test_a_sweep_that_is_old_or_of_other_knowledge_says_so(people, on_valproate):
    assert "did not run" not in page(people)
    assert "It was made with knowledge" not in page(people)
    Sweep.objects.filter(state="done").update(ended_at=timezone.now() - timedelta(days=3), knowledge="2020.01")
    words = page(people)
    assert "This is 3 days old: the nightly sweep did not run. Ask who looks after the server." in words
    assert "It was made with knowledge 2020.01; today&#x27;s is" in words
    assert "Maya Okafor-Lind" in words  # and it still shows what was found
    assert "Run it again." in words
    send(signed_in(people.marchetti.user), "/safety/run")
    assert "Run it again." not in page(people), "it runs already"


def test_what_could_not_be_checked_beyond_the_first_six_is_folded_and_not_lost(people, on_valproate):
    missing = {f"thing {number}": [1, 1] for number in range(8)}
    SweepWoman.objects.update(missing=missing)
    words = page(people)
    assert words.index("Thing 5") < words.index("2 more") < words.index("Thing 6") < words.index("Thing 7")
    assert words.count('<table class="gaps narrows">') == 2


def test_one_that_was_interrupted_says_where_and_can_be_run_again(people, on_valproate):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    old = timezone.now() - timedelta(minutes=6)
    Sweep.objects.filter(state="waiting").update(state="running", total=1284, looked=836, beat_at=old)
    words = client.get("/safety").content.decode()
    assert "It was interrupted at 836 of 1,284." in words
    assert "Maya Okafor-Lind" in words
    send(client, "/safety/run")
    assert Sweep.objects.filter(state="waiting").count() == 1


def test_the_poll_is_no_look_no_deed_and_holds_nobody(people, on_valproate):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    before = AuditRow.objects.count()
    answer = client.get("/safety/progress")
    assert "Maya" not in answer.content.decode()
    assert "seen" not in answer.cookies
    assert AuditRow.objects.count() == before
    jobs.look_again.func(str(Sweep.objects.get(state="waiting").pk))
    ended = client.get("/safety/progress").content.decode()
    assert "It has ended." in ended
    assert "hx-trigger" not in ended


def test_stop_keeps_what_was_found_before(people, on_valproate):
    client = signed_in(people.marchetti.user)
    send(client, "/safety/run")
    send(client, "/safety/stop")
    words = client.get("/safety").content.decode()
    assert "Stopped. The findings of the sweep before it are shown." in words
    assert "Maya Okafor-Lind" in words
    assert AuditRow.objects.filter(verb="stopped a sweep", actor=people.marchetti.user).count() == 1


def test_who_could_not_be_looked_at_is_named(people, on_valproate):
    SweepWoman.objects.filter(patient=people.maya).update(failed="ValueError")
    words = page(people)
    assert "1 could not be looked at at all." in words


def test_a_name_written_from_right_to_left_stands_apart(people, on_valproate):
    her = a_patient(people.clinic, "ליאה כהן")
    look_after(people.marchetti, her)
    found(on_valproate, her)
    assert "<bdi>ליאה כהן</bdi>" in page(people, query=f"?finding={key_of(RULE)}")


def test_a_source_is_plain_text_and_one_woman_is_a_cool_cell(people, on_valproate):
    words = page(people, query=f"?finding={key_of(RULE)}")
    assert "Source: " in words
    assert "<cite>" not in words
    assert 'class="v1"' in words
    assert 'class="v8"' not in words
