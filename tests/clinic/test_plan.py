"""Her plan at the clinic: her prescriber writes it with her, a nurse reads it, nothing typed is ever lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import plan as acting
from althea.care.days import today
from althea.care.models import AuditRow, Entry
from tests.care.choosing import after_a_birth, agreed, decided, shared, told, words
from tests.care.test_facts import an_order
from tests.clinic.offering import client
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["client"]  # a fixture
pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


def at(people, part=""):
    return f"/patients/{people.maya.pk}/plan{part}"


def the(kind):
    return Entry.objects.current().get(kind=kind)


DIAGNOSIS = {"text": "Depression after birth", "code": "F53.0", "certainty": "provisional", "status": "active"}


# --- it shows --------------------------------------------------------------------------------------------------------


def test_of_a_woman_of_whom_nothing_is_known_it_says_what_will_show_up(people, client):
    page = words(client.get(at(people)))
    assert "None recorded yet." in page
    assert "No goal is written yet. Ask her what she wants to be able to do." in page
    assert "Watchful waiting: not talked about" in page
    assert "Psychotherapy: not talked about" in page
    assert "Nothing decided yet." in page
    assert "<title>Plan · Notes</title>" in page


def test_it_shows_what_is_known_and_names_what_is_not(people, client, on):
    after_a_birth(people)
    told(people, said.Goal(words="Enjoy Ada", rank=1, measure="nights of 7"))
    told(
        people, said.Plan(therapy="IPT with Lena, session 4 of 12", who_does_what=["Sam: the 1 am feed"], review_on=on)
    )
    told(people, said.Talked(severity="Moderate", weighed=["Watchful waiting", "Her mother's experience"]))
    page = words(client.get(at(people)))
    assert "Postpartum depression" in page
    assert "ICD-10-CM F53.0" in page
    assert "She reads: low mood after birth." in page
    assert "“Enjoy Ada”" in page
    assert "Nights of 7: not told yet" in page
    assert "Not talked about yet" in page  # if pregnant
    assert "Psychotherapy: not talked about" in page
    assert "Watchful waiting: not talked about" not in page
    assert "Her mother&#x27;s experience" in page


def test_her_decisions_stand_there_as_a_history(people, client):
    after_a_birth(people)
    one = shared(people)
    first = decided(people, one, reasons="It is known in milk.")
    agreed(people, first)
    one.refresh_from_db()
    decided(people, one, "no-medicine", instead=first, reasons="I want to wait <b>and</b> see 🌿")
    page = words(client.get(at(people)))
    assert "“I want to wait &lt;b&gt;and&lt;/b&gt; see 🌿”" in page
    assert "She changed her mind since." in page
    assert "Write the order" not in page


def test_a_medicine_that_was_decided_leads_to_its_order(people, client):
    after_a_birth(people)
    entry = decided(people, shared(people))
    page = words(client.get(at(people)))
    assert f'/orders/new?decision={entry.pk}"' in page
    assert "She has not agreed to it yet." in page


def test_a_nurse_reads_it_and_changes_nothing(people):
    after_a_birth(people)
    nurse = signed_in(people.nurse.user)
    page = words(nurse.get(at(people)))
    assert "Postpartum depression" in page
    assert "Add a diagnosis" not in page
    assert send(nurse, at(people, "/diagnosis"), **DIAGNOSIS).status_code == 404
    assert send(nurse, at(people, "/withdraw"), entry=str(the("condition").pk)).status_code == 404


def test_a_stranger_sees_nothing(people):
    for member in (people.hale, people.ibarra, people.therapist, people.desk):
        client = signed_in(member.user)
        for part in ("", "/paper", "/diagnosis", "/goal"):
            assert client.get(at(people, part)).status_code == 404


# --- it saves --------------------------------------------------------------------------------------------------------


def test_a_diagnosis_is_written_changed_and_taken_out(people, client):
    assert send(client, at(people, "/diagnosis"), **DIAGNOSIS, since="2026-05-05").status_code == 302
    first = the("condition")
    assert (first.body["code"], first.body["certainty"], first.body["since"]) == ("F53.0", "provisional", "2026-05-05")
    shown = words(client.get(at(people, f"/diagnosis?entry={first.pk}")))
    assert 'value="Depression after birth"' in shown
    assert "<strong>F53.0</strong> Postpartum depression" in shown
    assert 'value="2026-05-05"' in shown
    send(client, at(people, "/diagnosis"), **(DIAGNOSIS | {"certainty": "confirmed", "entry": str(first.pk)}))
    second = the("condition")
    assert (second.supersedes, second.body["certainty"]) == (first, "confirmed")
    send(client, at(people, "/withdraw"), entry=str(second.pk))
    assert not Entry.objects.current().filter(kind="condition").exists()
    assert (
        AuditRow.objects.filter(verb__in=("recorded condition", "changed condition", "withdrew condition")).count() == 3
    )


def test_a_search_offers_codes_and_saves_nothing(people, client):
    page = words(send(client, at(people, "/diagnosis"), text="Something", find="postpartum", then="search"))
    assert "<strong>F53.0</strong> Postpartum depression" in page
    assert 'value="Something"' in page
    assert 'role="alert"' not in page
    assert not Entry.objects.exists()


def test_a_code_alone_gives_its_words(people, client):
    send(client, at(people, "/diagnosis"), **(DIAGNOSIS | {"text": ""}))
    assert the("condition").body["text"] == "Postpartum depression"


def test_words_alone_need_no_code(people, client):
    send(client, at(people, "/diagnosis"), **(DIAGNOSIS | {"code": "", "text": "Something after the birth"}))
    assert the("condition").body["code"] == ""
    assert "In words only, without a code" in words(client.get(at(people)))


def test_a_goal_in_her_words(people, client):
    send(client, at(people, "/goal"), words="أن أنام خمس ساعات 🌙", rank="2", measure="nights of 7", now="")
    assert the("goal").body == {"words": "أن أنام خمس ساعات 🌙", "rank": 2, "measure": "nights of 7", "now": ""}
    assert the("goal").origin == "hers"
    assert 'name="rank" value="2"' in words(client.get(at(people, "/goal"))), "the next one has the next place"


def test_how_often_she_has_lived_through_it_is_written_changed_and_taken_out(people, client, on):
    assert "How many episodes: not known." in words(client.get(at(people)))
    send(client, at(people, "/episodes"), illness="depression", number="3")
    first = the("episodes")
    assert first.body == {"illness": "depression", "number": 3}
    page = words(client.get(at(people)))
    assert "Depression: <strong>3 times</strong>, this time counted." in page
    assert "How many episodes: not known." not in page
    send(client, at(people, "/episodes"), illness="depression", number="1", entry=str(first.pk))
    assert the("episodes").supersedes == first
    assert "Depression: <strong>1 time</strong>" in words(client.get(at(people)))
    send(client, at(people, "/withdraw"), entry=str(the("episodes").pk))
    assert "How many episodes: not known." in words(client.get(at(people)))


@pytest.mark.parametrize(
    ("number", "answer"),
    [("", "Write a number such as 2."), ("2.5", "Write a number such as 2."), ("0", "This time counts: 1 or more."),
     ("100", "Write 99 for that many or more.")],
)  # fmt: skip
def test_a_number_of_episodes_that_cannot_be_is_refused_in_words(people, client, number, answer):
    page = words(send(client, at(people, "/episodes"), illness="depression", number=number))
    assert answer in page
    assert not Entry.objects.filter(kind="episodes").exists()


def test_what_was_agreed_takes_the_place_of_what_stood_there(people, client, on):
    ahead = (on + timedelta(days=14)).isoformat()
    send(client, at(people, "/agreed"), therapy="CBT", who_does_what="Sam: feed\n\n Lena: CBT ", review_on=ahead)
    first = the("plan")
    assert first.body["who_does_what"] == ["Sam: feed", "Lena: CBT"]
    shown = words(client.get(at(people, "/agreed")))
    assert f'name="entry" value="{first.pk}"' in shown
    assert f'value="{ahead}"' in shown
    send(client, at(people, "/agreed"), therapy="IPT", entry=str(first.pk))
    assert the("plan").body["therapy"] == "IPT"


def test_the_talk(people, client):
    told(people, said.Score(scale="phq-9", total=17, band="moderately severe"))
    told(people, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, reached="20 mg", weeks=60))
    shown = words(client.get(at(people, "/talk")))
    assert "Her last scores: PHQ-9 17, moderately severe" in shown
    assert "She told of: escitalopram, 20 mg, 60 weeks." in shown
    send(client, at(people, "/talk"), severity="Moderate", weighed=["Watchful waiting", "Medicine"], more="Not alone")
    assert the("talked").body["weighed"] == ["Watchful waiting", "Medicine", "Not alone"]


# --- it refuses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "sent", "words_shown"),
    [
        ("/diagnosis", DIAGNOSIS | {"code": "F99.99"}, "That code is not in the list. Search for it"),
        ("/diagnosis", DIAGNOSIS | {"text": "", "code": ""}, "Name the diagnosis, or search for its code."),
        ("/diagnosis", DIAGNOSIS | {"text": "   "} | {"code": ""}, "Name the diagnosis, or search for its code."),
        ("/diagnosis", DIAGNOSIS | {"certainty": ""}, "Say how sure it is."),
        ("/diagnosis", DIAGNOSIS | {"certainty": "surely"}, "Pick one of the four."),
        ("/diagnosis", DIAGNOSIS | {"since": "2999-01-01"}, "That day is ahead."),
        ("/diagnosis", DIAGNOSIS | {"since": "yesterday"}, "Write a day as 2026-06-09, or pick one."),
        ("/diagnosis", DIAGNOSIS | {"since": "2026-05-05", "until": "2026-05-04"}, "That is before it began."),
        ("/diagnosis", DIAGNOSIS | {"text": "x" * 301}, "That is 301 characters. We can keep 300."),
        ("/goal", {"words": "", "rank": "1"}, "Write what she said."),
        ("/goal", {"words": "x" * 10_001, "rank": "1"}, "That is 10,001 characters. We can keep 10,000."),
        ("/goal", {"words": "Sleep", "rank": "first"}, "Write a number such as 1."),
        ("/goal", {"words": "Sleep", "rank": "0"}, "1 is the first place."),
        ("/agreed", {}, "Nothing is written yet."),
        ("/agreed", {"review_on": "2020-01-01"}, "This is before today."),
        ("/agreed", {"who_does_what": "a\n" * 31}, "That is 31 lines."),
        ("/talk", {"severity": ""}, "Say how severe it is"),
    ],
)
def test_what_cannot_be_kept_is_said_and_what_was_typed_is_still_there(people, client, part, sent, words_shown):
    before = Entry.objects.count()
    answer = send(client, at(people, part), **sent)
    assert answer.status_code == 200
    page = words(answer)
    assert "Not saved." in page
    assert words_shown in page
    typed = sent.get("text") or sent.get("words") or sent.get("who_does_what") or ""
    assert " ".join(typed.split())[:40] in page
    assert Entry.objects.count() == before


def test_the_second_editor_sees_both_and_may_save_again(people, client):
    send(client, at(people, "/goal"), words="Sleep", rank="1")
    first = the("goal")
    send(client, at(people, "/goal"), words="Sleep five hours", rank="1", entry=str(first.pk))
    late = send(client, at(people, "/goal"), words="Sleep and sing", rank="1", entry=str(first.pk))
    assert late.status_code == 409
    page = words(late)
    assert "Dr Marchetti changed this while you were working" in page
    assert "Sleep five hours" in page
    assert "Sleep and sing" in page
    theirs = the("goal")
    assert f'name="entry" value="{theirs.pk}"' in page
    assert str(first.pk) not in page, "an id says nothing to anybody"
    send(client, at(people, "/goal"), words="Sleep and sing", rank="1", entry=str(theirs.pk))
    assert the("goal").body["words"] == "Sleep and sing"


def test_what_was_taken_out_meanwhile_may_be_written_again(people, client):
    send(client, at(people, "/goal"), words="Sleep", rank="1")
    first = the("goal")
    send(client, at(people, "/withdraw"), entry=str(first.pk))
    late = send(client, at(people, "/goal"), words="Sleep and sing", rank="1", entry=str(first.pk))
    assert late.status_code == 409
    assert "It was taken out as an error." in words(late)
    assert 'name="entry"' not in words(late)
    again = send(client, at(people, "/withdraw"), entry=str(first.pk))
    assert again.status_code == 409


@pytest.mark.parametrize("part", ["/goal", "/diagnosis", "/withdraw"])
def test_an_entry_of_another_woman_does_not_exist(people, client, part):
    noors = acting.aim(patient=people.noor, body=said.Goal(words="Hers"), by=people.hale.user, at=timezone.now())
    for key in (str(noors.pk), str(uuid4()), "x"):
        assert send(client, at(people, part), **DIAGNOSIS, words="x", rank="1", entry=key).status_code == 404
    assert Entry.objects.current().filter(patient=people.noor).count() == 1


def test_sent_twice_it_counts_once(people, client):
    sent = {"key": str(uuid4()), "words": "Sleep", "rank": "1"}
    for _ in range(2):
        assert client.post(at(people, "/goal"), sent).status_code == 302
    assert Entry.objects.filter(kind="goal").count() == 1


def test_a_part_that_is_none_is_not_found(people, client):
    assert client.get(at(people, "/luck")).status_code == 404
    assert send(client, at(people, "/luck")).status_code == 404


# --- on paper, and without script ------------------------------------------------------------------------------------


def test_the_paper_is_a_pdf_whose_name_says_nothing(people, client, on):
    after_a_birth(people)
    an_order(people)
    told(people, said.Goal(words="Enjoy Ada مرحبا"))
    told(people, said.Plan(therapy="IPT", who_does_what=["Sam: the 1 am feed", "everybody"], review_on=on))
    answer = client.get(at(people, "/paper"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="notes.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_the_paper_of_a_woman_of_whom_nothing_is_known(people, client):
    assert client.get(at(people, "/paper")).content.startswith(b"%PDF-")


def test_it_works_without_script(people, client):
    page = words(client.get(at(people)))
    assert page.count("<form") == page.count('method="post"')
    change = words(client.get(at(people, "/diagnosis")))
    assert '<button class="btn" name="then" value="search"' in change
    assert "onclick" not in change


@pytest.mark.parametrize("count", [1, 60])
def test_the_plan_takes_few_queries_however_long_her_history(people, client, count):
    after_a_birth(people)
    for at_ in range(count):
        told(people, said.Goal(words=f"Goal {at_}", rank=at_ + 1))
    for _ in range(3):
        decided(people, shared(people))
    for part in ("", "/diagnosis", "/talk"):
        with at_most(12):
            client.get(at(people, part))
