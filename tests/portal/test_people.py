"""People she trusts: invited in neutral words, seeing what she ticked and nothing else, and let go at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import outbox
from althea.care.access import DOSES, NAMES, VISITS, proxy_may
from althea.care.actions import people as letting_in
from althea.care.actions import trusted
from althea.care.actions.patient import register
from althea.care.models import AuditRow, Outgoing, Proxy, User, Visit
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "otter lamp seven river"
SOON = timedelta(days=60)


@pytest.fixture
def hers(people):
    return signed_in(people.maya.user)


def invite(people, may=(VISITS,), email="sam.new@example.org", until=None, called="Sam"):
    now = timezone.now()
    return trusted.invite(patient=people.maya, called=called, email=email, may=list(may), until=until or now + SOON,
                          by=people.maya.user, at=now)  # fmt: skip


def sam_in(people, may=(VISITS,)):
    row, token = invite(people, may, email=people.sam.email)
    trusted.accept(token=token, user=people.sam, at=timezone.now())
    return row, signed_in(people.sam)


def form(**more):
    day = (timezone.localdate() + SOON).isoformat()
    return {"called": "Sam", "email": "sam.new@example.org", "may": [VISITS], "until": day, **more}


def test_by_default_there_is_nobody_and_nothing_is_ticked(hers):
    words = hers.get("/people").content.decode()
    assert "Nobody sees anything unless you say so here." in words
    assert " checked" not in words


def test_she_invites_with_a_notice_that_says_nothing(people, hers):
    assert send(hers, "/people", **form(may=[VISITS, DOSES])).status_code == 302
    row = Proxy.objects.get()
    assert (row.called, row.may, row.user, row.accepted_at) == ("Sam", [VISITS, DOSES], None, None)
    mail = Outgoing.objects.get(kind="helper")
    assert outbox.addressed(mail) == ("sam.new@example.org", "You have a new message.")
    assert mail.link.startswith("/let-in/")
    words = hers.get("/people").content.decode()
    assert "Has not followed the link yet." in words
    assert "<li>When my visits are</li>" in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "maya@example.org"}, "That is your own address."),
        ({"email": "sam"}, "Write an address such as sam@example.org."),
        ({"called": ""}, "Write a name, such as Sam."),
        ({"may": []}, "Tick at least one thing they may see."),
        ({"may": ["see everything"]}, "Select a valid choice."),
        ({"may": [NAMES]}, "Names alone show nothing. Tick the calendar of doses as well."),
        ({"until": "2020-01-01"}, "Choose a day after today, and not more than a year away."),
        ({"until": "2999-01-01"}, "Choose a day after today, and not more than a year away."),
        ({"until": "2027-02-29"}, "Enter a day, for example 2026-12-24."),
        ({"called": "x" * 101}, "Ensure this value has at most 100 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_still_there(people, hers, fields, words):
    answer = send(hers, "/people", **form(**fields))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Proxy.objects.exists()
    assert not Outgoing.objects.exists()


def test_the_same_person_is_not_invited_twice_nor_more_than_five(people, hers):
    send(hers, "/people", **form())
    assert "This person is on your list already." in send(hers, "/people", **form()).content.decode()
    for at in range(trusted.MOST - 1):
        send(hers, "/people", **form(email=f"{at}@example.org"))
    assert (
        "You have let in 5 people. End one first."
        in send(hers, "/people", **form(email="x@example.org")).content.decode()
    )


def test_the_last_day_is_a_whole_day_of_hers_and_the_same_on_every_page(people, hers):
    day = timezone.localdate() + SOON
    send(hers, "/people", **form(email=people.sam.email, until=day.isoformat()))
    row = Proxy.objects.get()
    assert trusted.last_day(row) == day
    token = Outgoing.objects.get(kind="helper").link.rpartition("/")[2]
    sam = signed_in(people.sam)
    shown = f"{day:%-d %B %Y}"
    assert shown in sam.get(f"/let-in/{token}").content.decode()
    sam.post(f"/let-in/{token}")
    assert shown in sam.get(f"/with/{row.pk}").content.decode()
    assert shown in hers.get("/people").content.decode()
    assert shown in hers.get("/who-looked").content.decode()


def test_nothing_is_seen_before_the_link_was_followed(people):
    row, _ = invite(people, email=people.sam.email)
    assert signed_in(people.sam).get(f"/with/{row.pk}").status_code == 404
    assert not proxy_may(people.sam, people.maya, VISITS)


def test_somebody_new_follows_the_link_and_makes_an_account(people):
    row, token = invite(people)
    client = signed_in(None)
    page = client.get(f"/let-in/{token}")
    assert page["Cache-Control"] == "no-store"
    assert "Maya trusts you" in page.content.decode()
    assert "<title>Notes</title>" in page.content.decode()
    weak = client.post(f"/let-in/{token}", {"password": "short"})
    assert weak.status_code == 200
    assert client.post(f"/let-in/{token}", {"password": PASSWORD})["Location"] == f"/with/{row.pk}"
    assert client.get(f"/with/{row.pk}").status_code == 200
    assert client.get("/start")["Location"] == f"/with/{row.pk}"
    again = signed_in(None).get(f"/let-in/{token}")
    assert again.status_code == 404
    assert "This link was used already. Sign in to go on." in again.content.decode()
    other = signed_in(None).post(f"/let-in/{token}", {"password": "quite another password"})
    assert other.status_code == 404
    assert User.objects.filter(email="sam.new@example.org").count() == 1


def test_somebody_with_an_account_signs_in_first(people):
    row, token = invite(people, email=people.sam.email)
    assert "You have an account with this email." in signed_in(None).get(f"/let-in/{token}").content.decode()
    assert signed_in(None).post(f"/let-in/{token}", {"password": PASSWORD}).status_code == 200
    row.refresh_from_db()
    assert row.accepted_at is None
    other = signed_in(people.noors)
    assert "This link was sent to another address." in other.get(f"/let-in/{token}").content.decode()
    other.post(f"/let-in/{token}")
    row.refresh_from_db()
    assert row.accepted_at is None
    assert signed_in(people.sam).post(f"/let-in/{token}")["Location"] == f"/with/{row.pk}"


def test_the_link_of_one_is_not_accepted_by_another(people):
    _, token = invite(people, email=people.sam.email)
    with pytest.raises(trusted.NotALink) as sorry:
        trusted.accept(token=token, user=people.noors, at=timezone.now())
    assert "This link was sent to another address." in str(sorry.value)


def test_an_old_link_a_strange_one_and_one_taken_back_do_not_open(people, hers):
    row, token = invite(people)
    Proxy.objects.filter(pk=row.pk).update(link_until=timezone.now() - timedelta(minutes=1))
    client = signed_in(None)
    assert "This link is too old." in client.get(f"/let-in/{token}").content.decode()
    assert "This link is not one of ours." in client.get("/let-in/x").content.decode()
    row, token = invite(people, email="b@example.org")
    send(hers, f"/people/{row.pk}/end")
    assert "This invitation is over." in client.get(f"/let-in/{token}").content.decode()
    assert client.post(f"/let-in/{token}", {"password": PASSWORD}).status_code == 404


def a_visit(people, what="About the dark thoughts"):
    return Visit.objects.create(patient=people.maya, member=people.marchetti, what=what,
                                at=timezone.now() + timedelta(days=2))  # fmt: skip


def test_visits_without_what_they_are_about(people):
    a_visit(people)
    row, sam = sam_in(people)
    words = sam.get(f"/with/{row.pk}").content.decode()
    assert "With Dr Marchetti" in words
    assert "dark thoughts" not in words
    assert "Medicine 1" not in words, "the calendar was not ticked"
    assert "<title>Notes</title>" in words


def test_doses_by_day_without_a_name_unless_she_allowed_it(people):
    day = timezone.localdate().isoformat()
    an_order(people, steps=[{"from": day, "until": None, "dose": "75 mg", "times_a_day": 1, "take": "sertraline 50"}])
    a_visit(people)
    row, sam = sam_in(people, (DOSES,))
    words = sam.get(f"/with/{row.pk}").content.decode()
    assert "Medicine 1" in words
    assert "75" in words
    assert "ertraline" not in words
    assert "Dr Marchetti" not in words, "visits were not ticked"
    Proxy.objects.filter(pk=row.pk).update(may=[DOSES, NAMES])
    assert "Sertraline" in sam.get(f"/with/{row.pk}").content.decode()


def test_each_look_is_in_the_trail_and_she_and_her_clinic_see_his_name(people, hers):
    row, sam = sam_in(people)
    sam.get(f"/with/{row.pk}")
    look = AuditRow.objects.get(verb="looked at beside")
    assert (look.actor, look.patient, look.role, look.clinic) == (people.sam, people.maya, "helper", people.clinic)
    mine = hers.get("/who-looked").content.decode()
    assert "<strong>Sam, whom you let in</strong> looked at what you let them see" in mine
    assert "Sam</bdi>" in mine
    theirs = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/who").content.decode()
    assert "<bdi>Sam</bdi>: see visits" in theirs
    assert "<strong><bdi>Sam, whom she let in</bdi></strong> looked at what she let them see" in theirs


def test_his_curiosity_finds_nothing(people):
    row, sam = sam_in(people, (VISITS, DOSES, NAMES))
    for address in ("/home", "/medicine", "/changes", "/people", "/my-safety-plan", "/messages", "/who-looked",
                    f"/patients/{people.maya.pk}/", f"/patients/{people.maya.pk}/medicines", f"/with/{uuid4()}",
                    "/today", "/patients"):  # fmt: skip
        assert sam.get(address).status_code == 404, address
    assert send(sam, f"/people/{row.pk}/end").status_code == 404
    assert send(sam, f"/with/{row.pk}").status_code == 405


def test_ended_is_ended_at_once_and_twice_is_once(people, hers):
    row, sam = sam_in(people)
    assert sam.get(f"/with/{row.pk}").status_code == 200
    send(hers, f"/people/{row.pk}/end")
    assert "Ended. They see nothing from now on" in hers.get("/people").content.decode()
    assert sam.get(f"/with/{row.pk}").status_code == 404
    assert sam.get("/start").status_code == 404
    assert send(hers, f"/people/{row.pk}/end").status_code == 302
    assert "It had ended already." in hers.get("/people").content.decode()
    assert AuditRow.objects.filter(verb="ended helper").count() == 1


def test_its_day_past_it_has_ended_by_itself(people):
    row, sam = sam_in(people)
    Proxy.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert sam.get(f"/with/{row.pk}").status_code == 404


def test_a_link_taken_back_before_it_was_mailed_is_not_sent(people, hers):
    row, _ = invite(people)
    send(hers, f"/people/{row.pk}/end")
    outbox.send_due(timezone.now())
    assert Outgoing.objects.get(kind="helper").state == "dropped"


def test_only_she_ends_it(people):
    row, _ = sam_in(people)
    for user in (people.noors, people.sam, people.marchetti.user):
        assert send(signed_in(user), f"/people/{row.pk}/end").status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None


def test_another_woman_may_be_let_in_and_is_named_as_let_in_in_the_trail(people):
    row, token = invite(people, email=people.noors.email)
    noor = signed_in(people.noors)
    noor.post(f"/let-in/{token}")
    assert noor.get(f"/with/{row.pk}").status_code == 200
    assert {one.role for one in AuditRow.objects.filter(actor=people.noors, patient=people.maya)} == {"helper"}
    assert f'href="/with/{row.pk}"' in noor.get("/people").content.decode()


def test_a_patient_whose_email_has_an_account_already_is_told_what_to_do(people):
    _, token = register(
        clinic=people.clinic, name="Sam Lind", called="", born_on=None, email=people.sam.email, prescriber=people.hale,
        on=timezone.localdate(), why="x", by=people.desk.user, at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(letting_in.NotAnInvitation) as sorry:
        letting_in.accept(token=token, password=PASSWORD, at=timezone.now())
    assert "Ask the clinic to invite you with another one." in str(sorry.value)


@pytest.mark.parametrize("count", [1, 30])
def test_few_queries_however_many_were_let_in(people, hers, count):
    for at in range(count):
        Proxy.objects.create(patient=people.maya, user=people.sam, called=f"P{at}", email=f"{at}@example.org",
                             may=[VISITS], until=timezone.now() + SOON, accepted_at=timezone.now())  # fmt: skip
    with at_most(12):
        hers.get("/people")
    with at_most(12):
        hers.get("/who-looked")
    row, client = Proxy.objects.first(), signed_in(people.sam)
    with at_most(12):
        client.get(f"/with/{row.pk}")
