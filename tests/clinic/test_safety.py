"""The safety page: only her own patients, by finding and life stage; what was done; the file, the list, the run."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import everyone, jobs
from althea.care.actions import findings, message
from althea.care.models import AuditRow, Message, Outgoing, Sweep, SweepFinding, SweepWoman, Visit
from althea.care.recheck import review_today
from althea.clinic.pages.safety import safe
from althea.clinic.panel import key_of
from tests.care.test_facts import an_order, looked
from tests.counting import at_most
from tests.people import a_patient, a_user, look_after, send, signed_in

pytestmark = pytest.mark.django_db
RULE = "valproate-unprotected"


def page(people, who="marchetti", query=""):
    answer = signed_in(getattr(people, who).user).get(f"/safety{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def swept(people):
    now = timezone.now()
    return everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=now).pk, now)


@pytest.fixture
def on_valproate(people):
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )
    return swept(people)


def found(sweep, patient, rule=RULE, rank=2, stage="cycle", since=None, **named):
    SweepWoman.objects.get_or_create(sweep=sweep, patient=patient, defaults={"stage": stage})
    return SweepFinding.objects.create(
        sweep=sweep, patient=patient, rule=rule, reason=rule, rank=rank, title="A finding", why=named.pop("why", "why"),
        stage=stage, since=since or sweep.asked_at, **named,
    )  # fmt: skip


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


# --- the same words to several --------------------------------------------------------------------------------------


def write(people, who="marchetti", **sent):
    client = signed_in(getattr(people, who).user)
    return send(client, "/safety/write", **({"finding": key_of(RULE), "stage": ""} | sent))


def test_the_cell_offers_to_write_to_everybody_in_it(people, on_valproate):
    assert f'href="/safety/write?finding={key_of(RULE)}">Message her</a>' in page(people)
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert f'value="{people.maya.pk}" checked' in words
    assert "The words are those the rule has for her. Make them yours." in words


def test_each_gets_a_message_of_her_own_and_a_notice_that_says_nothing(people, on_valproate):
    her = a_patient(people.clinic, "Inês Duarte", user=a_user("Inês Duarte", "ines@example.org"))
    look_after(people.marchetti, her)
    found(on_valproate, her)
    both = [str(people.maya.pk), str(her.pk)]
    answer = write(people, to=both, body="Please call us about your next order.")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?finding={key_of(RULE)}#women")
    assert {one.patient: one.body for one in Message.objects.all()} == dict.fromkeys(
        (people.maya, her), "Please call us about your next order."
    )
    assert Outgoing.objects.filter(kind="message").count() == 2
    assert AuditRow.objects.filter(verb="wrote message").count() == 2
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "checked" not in words, "who was written to is not ticked again"
    assert "Message sent." in words


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"to": [], "body": "x"}, "Tick at least one woman."),
        ({"to": ["maya"], "body": "  "}, "Write a few words first."),
        ({"to": ["maya", "noor"], "body": "x"}, "Somebody you ticked is no longer in this list. Nothing was sent."),
        ({"to": ["maya", "nonsense"], "body": "x"}, "Somebody you ticked is no longer in this list. Nothing was sent."),
        ({"to": ["maya"], "body": "x" * 10_001}, "at most 10000 characters"),
    ],
)
def test_what_cannot_be_sent_sends_nothing_and_keeps_what_was_typed(people, on_valproate, sent, words):
    keys = {"maya": people.maya.pk, "noor": people.noor.pk}
    answer = write(people, **(sent | {"to": [str(keys.get(one, one)) for one in sent["to"]]}))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Message.objects.exists()
    if sent["body"].strip():
        assert sent["body"] in answer.content.decode()


def test_who_has_never_signed_in_is_named_and_not_written_to(people, on_valproate):
    her = a_patient(people.clinic, "Aino Virtanen")
    look_after(people.marchetti, her)
    found(on_valproate, her)
    words = signed_in(people.marchetti.user).get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "They have not signed in. Call them." in words
    assert "Somebody you ticked is no longer" in write(people, to=[str(her.pk)], body="x").content.decode()
    assert not Message.objects.exists()


def test_of_a_cell_that_is_gone_nothing_is_sent_and_the_words_are_kept(people, on_valproate):
    words = write(people, finding="nonsense", to=[str(people.maya.pk)], body="Call us").content.decode()
    assert "That cell is not there any more. Choose another." in words
    assert "Call us" in words
    assert not Message.objects.exists()


def test_of_one_woman_the_page_speaks_of_one(people, on_valproate):
    client, sent = signed_in(people.marchetti.user), {"finding": key_of(RULE), "stage": "", "to": [str(people.maya.pk)]}
    words = client.get(f"/safety/write?finding={key_of(RULE)}").content.decode()
    assert "Write to her</h1>" in words
    assert "each" not in words.lower()
    send(client, "/safety/write", body="Please call us.", **sent)
    assert "Sent to Maya." in client.get("/safety").content.decode()


@pytest.mark.parametrize("rule", ["phq-9-item-9-self-harm", "epds-item-10-self-harm"])
def test_of_self_harm_nothing_is_written_in_advance_and_her_number_comes_first(people, on_valproate, rule):
    found(on_valproate, people.maya, rule=rule)
    client = signed_in(people.marchetti.user)
    address = f"/safety/write?finding={key_of(rule)}"
    assert "No phone number of hers is written down." in client.get(address).content.decode()
    people.maya.put(phone="555 0142")
    words = client.get(address).content.decode()
    assert "Your team will talk with you today" not in words
    assert "The words are those the rule has for her" not in words
    assert words.index('href="tel:555 0142">Call Maya: 555 0142</a>') < words.index("Your message")


def test_of_self_harm_who_cannot_read_a_message_is_called_too(people, on_valproate):
    her = a_patient(people.clinic, "Aino Virtanen")
    her.put(phone="555 0199")
    look_after(people.marchetti, her)
    found(on_valproate, her, rule="phq-9-item-9-self-harm")
    address = f"/safety/write?finding={key_of('phq-9-item-9-self-harm')}"
    assert "Call Aino: 555 0199" in signed_in(people.marchetti.user).get(address).content.decode()


def test_a_source_is_plain_text_and_one_woman_is_a_cool_cell(people, on_valproate):
    words = page(people, query=f"?finding={key_of(RULE)}")
    assert "Source: " in words
    assert "<cite>" not in words
    assert 'class="v1"' in words
    assert 'class="v8"' not in words
