"""What was typed is never lost without a word: a page left open, a session that ended, the back button, a double click.

On her side and on the clinic's; whatever the form.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from althea.care.gate import whose
from althea.care.models import CheckIn, CheckInAnswer, Message
from althea.care.unsaved import _written, not_open
from tests.care.canaries import TODAY
from tests.codes import code_now
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
HELP = 'Need help right now? <a href="/help">See numbers to call</a>'


def form_of(page):
    """The fields of the one form of a page, as a browser would send them."""
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    return fields | dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.S))


@pytest.fixture
def week(people):
    return CheckIn.objects.create(patient=people.maya, due_on=TODAY, scales=["phq-9"])


def strict(user):
    """A browser whose forms need a token against forgery."""
    client, made = Client(enforce_csrf_checks=True), signed_in(user)
    client.cookies = made.cookies
    client.cookies["csrftoken"] = "t" * 32
    return client


# --- a page left open while somebody signed in beside it ------------------------------------------------------


def test_a_page_left_open_over_a_new_sign_in_can_still_be_saved(people):
    client, key = strict(people.maya.user), str(uuid4())
    client.get("/messages")  # the page that she signed in for
    sent = {
        "key": key,
        "body": "I slept better.",
        "csrfmiddlewaretoken": "o" * 32,
        "writer": whose(people.maya.user.pk),
    }
    answer = client.post("/messages", sent, headers={"Origin": "http://testserver"})
    words = answer.content.decode()
    assert answer.status_code == 403
    assert "This page was left open while somebody signed in again. Look it over, then save it." in words
    assert not Message.objects.exists()
    assert client.post("/messages", form_of(words)).status_code == 302
    assert Message.objects.get().body == "I slept better."


def test_a_page_left_open_by_somebody_else_is_neither_saved_nor_shown(people):
    for token in ("o" * 32, "t" * 32):  # the token of before, and one that fits
        client = strict(people.noors)
        client.get("/messages")
        writer = re.search(
            r'name="writer" value="(\w+)"', signed_in(people.maya.user).get("/messages").content.decode()
        )
        sent = {"key": str(uuid4()), "body": "Only for my team.", "csrfmiddlewaretoken": token, "writer": writer[1]}
        answer = client.post("/messages", sent, headers={"Origin": "http://testserver"})
        words = answer.content.decode()
        assert answer.status_code == 403
        assert "Somebody else has signed in here since this page was opened" in words
        assert "Only for my team." not in words
        assert "<button" not in words
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "came", [{}, {"Origin": "https://elsewhere.example"}, {"Referer": "https://testserver.example/"}]
)
def test_a_form_that_came_from_elsewhere_gets_no_button(people, came):
    answer = strict(people.maya.user).post("/messages", {"key": str(uuid4()), "body": "Forged"}, headers=came)
    assert answer.status_code == 403
    assert "Forged" not in answer.content.decode()
    assert "<button" not in answer.content.decode()


def test_a_sign_in_page_that_is_out_of_date_shows_no_password(people):
    sent = {"login": "maya@example.org", "password": "a long enough password"}
    answer = strict(people.maya.user).post("/account/login/", sent, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert "a long enough password" not in answer.content.decode()


# --- the back button, and a double click ----------------------------------------------------------------------


def test_back_and_sent_again_with_other_words_asks_and_saves_both_if_wanted(people):
    client, key = signed_in(people.maya.user), str(uuid4())
    client.post("/messages", {"key": key, "body": "First"})
    again = client.post("/messages", {"key": key, "body": "First, and more"})
    assert again.status_code == 422
    assert "That was saved. Save this as well?" in again.content.decode()
    assert [one.body for one in Message.objects.all()] == ["First"]
    fields = form_of(again.content.decode())
    assert fields["key"] != key
    shown = again.content.decode().partition("What you entered")[2].partition("</section>")[0]
    assert "First, and more" in shown
    assert ">body<" not in shown.lower(), "the name of a field of ours is no word of hers"
    client.post("/messages", fields)
    assert [one.body for one in Message.objects.order_by("at")] == ["First", "First, and more"]


def test_a_double_click_is_one_answer(people, week):
    client, key = signed_in(people.maya.user), str(uuid4())
    for _ in range(2):
        answer = client.post(f"/check-in/{week.pk}/phq-9-1", {"key": key, "value": "2"})
        assert answer["Location"] == f"/check-in/{week.pk}/phq-9-2"
    assert CheckInAnswer.objects.count() == 1


def test_pages_with_forms_are_not_kept_by_the_browser(people, week):
    for user, address in (
        (people.maya.user, f"/check-in/{week.pk}/phq-9-1"),
        (people.maya.user, "/messages"),
        (people.marchetti.user, f"/patients/{people.maya.pk}/"),
    ):
        assert "no-store" in signed_in(user).get(address)["Cache-Control"]


# --- the session ended --------------------------------------------------------------------------------------------

FORMS = [
    ("maya", "/messages", {"body": "I slept better."}),
    ("maya", "/home/dose", {"taken": "yes"}),
    ("maya", "/help/call", {}),
    ("maya", "/intake/why-now", {"value": "I cannot sleep."}),
    ("maya", "/intake/medicines-before", {"what": ["sertraline", "mirtazapine"], "result": ["helped", "partly"]}),
    ("maya", "/account/mine", {"notices": "none"}),
    ("marchetti", "/patients/{maya}/messages", {"body": "Please call us."}),
    ("marchetti", "/patients/{maya}/override", {"rule": "x", "code": "y", "words": "Agreed with her"}),
    ("marchetti", "/patients/new", {"name": "Ruth Abelson", "email": "ruth@example.org", "why": "Low mood"}),
    ("nurse", "/patients/{maya}/assessment/settle", {"answer": "x", "how": "aside", "why": "Said twice"}),
]


@pytest.mark.parametrize(("who", "address", "fields"), FORMS)
def test_any_form_sent_after_the_session_ended_is_there_after_signing_in(people, who, address, fields):
    address = address.format(maya=people.maya.pk)
    user = getattr(people, who).user
    client = signed_in(user)
    client.get(reverse("messages" if who == "maya" else "patients"))
    del client.cookies["sessionid"]
    away = client.post(address, {"key": str(uuid4()), **fields})
    assert away["Location"] == "/account/login/?next=/again"
    kept = client.session["kept_form"]
    back = signed_in(user)
    session = back.session
    session["kept_form"] = kept
    session.save()
    page = back.get("/again").content.decode()
    assert f'<form method="post" action="{address}">' in page
    for value in fields.values():
        for one in [value] if isinstance(value, str) else value:
            assert f'value="{one}"' in page


def test_a_quarter_of_an_hour_over_a_form_of_the_clinic_loses_nothing(people, time_machine):
    time_machine.move_to(NOW, tick=False)
    client = signed_in(people.marchetti.user)
    address = f"/patients/{people.maya.pk}/messages"
    client.get(address)
    time_machine.shift(timedelta(minutes=16))
    assert send(client, address, body="Please call us.")["Location"] == "/account/login/?next=/again"
    assert client.session["kept_form"]["fields"]["body"] == ["Please call us."]


def test_what_a_page_asks_by_itself_takes_no_place_of_a_form_and_says_to_sign_in(people):
    client = signed_in(people.marchetti.user)
    client.get("/safety")
    del client.cookies["sessionid"]
    part = client.get("/safety/progress", headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert "What you typed is still on this page." in part.content.decode()
    assert "<html" not in part.content.decode()
    send(client, "/safety/export/file")
    assert "kept_form" not in client.session


# --- a character without a shape ------------------------------------------------------------------------------------


def test_a_nul_is_said_and_what_remains_can_be_saved(people):
    client = signed_in(people.maya.user)
    answer = send(client, "/messages", body="Sleep\x00 better")
    words = answer.content.decode()
    assert answer.status_code == 400
    assert "There was a character in it that has no shape and cannot be kept." in words
    assert not Message.objects.exists()
    client.post("/messages", form_of(words))
    assert Message.objects.get().body == "Sleep better"


def test_a_page_of_hers_that_was_not_saved_can_be_left_quickly_and_says_notes(people):
    words = send(signed_in(people.maya.user), "/messages", body="Sleep\x00").content.decode()
    assert "Leave quickly" in words
    assert "<title>Notes</title>" in words


def test_a_nul_in_an_address_breaks_nothing(people):
    assert signed_in(people.marchetti.user).get("/patients?q=%00maya").status_code == 400
    assert signed_in(people.marchetti.user).get("/safety?finding=%00").status_code == 400


# --- signing in for real ----------------------------------------------------------------------------------------------


def test_she_signs_in_again_and_her_words_are_saved(people):
    client, key = signed_in(people.maya.user), str(uuid4())
    client.get("/messages")
    del client.cookies["sessionid"]
    client.post("/messages", {"key": key, "body": "I slept better."})
    there = client.post(
        "/account/login/?next=/again", {"login": "maya@example.org", "password": "a long enough password"}
    )
    assert there["Location"] == "/again"
    page = client.get("/again").content.decode()
    assert "I slept better." in page
    client.post("/messages", form_of(page))
    assert Message.objects.get().body == "I slept better."


def test_a_prescriber_gives_her_second_factor_and_her_words_are_saved(people):
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        generate_totp_secret,
    )

    secret = generate_totp_secret()
    TOTP.activate(people.marchetti.user, secret)
    client, key = signed_in(people.marchetti.user), str(uuid4())
    address = f"/patients/{people.maya.pk}/messages"
    client.get(address)
    del client.cookies["sessionid"]
    client.post(address, {"key": key, "body": "Please call us."})
    login = {"login": "marchetti@example.org", "password": "a long enough password"}
    factor = client.post("/account/login/?next=/again", login)["Location"]
    code = code_now(secret)
    assert client.post(factor, {"code": code})["Location"] == "/again"
    page = client.get("/again").content.decode()
    client.post(address, form_of(page))
    assert Message.objects.get().body == "Please call us."


def test_a_page_that_is_not_there_is_told_to_each_in_their_own_clothes(people):
    """Her phone keeps "Leave quickly" and the way to help; both are led to where they begin."""
    for address in ("/no-such-page", f"/patients/{people.maya.pk}/"):
        hers = signed_in(people.maya.user).get(address)
        assert hers.status_code == 404
        words = hers.content.decode()
        assert "There is no such page" in words
        assert "Leave quickly" in words
        assert HELP in words
        assert 'href="/start"' in words
    desk = signed_in(people.marchetti.user).get("/no-such-page").content.decode()
    assert HELP not in desk
    assert "Leave quickly" not in desk
    assert 'href="/start"' in desk
    assert 'href="/"' in Client().get("/no-such-page").content.decode()


def test_what_may_not_be_seen_now_says_so_on_her_phone_with_the_way_to_leave(people, rf):
    asked = rf.get("/account/reauthenticate/")
    asked.user = people.maya.user
    answer = not_open(asked, PermissionDenied())
    assert answer.status_code == 403
    words = answer.content.decode()
    assert "This is not open to you" in words
    assert "Leave quickly" in words
    assert HELP in words


def test_help_is_one_press_away_where_something_was_refused_or_failed_and_from_her_account(people):
    sent = signed_in(people.maya.user).post("/messages", {"body": "x"})
    assert sent.status_code == 400
    assert HELP in sent.content.decode()
    assert HELP in render_to_string("500.html")
    assert HELP in signed_in(people.maya.user).get("/account/2fa/").content.decode()
    assert HELP not in signed_in(people.marchetti.user).get("/account/2fa/").content.decode()


def test_what_a_page_carried_for_itself_is_not_shown_as_what_was_typed():
    sent = [
        ("seen", "019eacb4-9d25-72ee-aa86-74d413b3e9a4"),
        ("shown", "ab" * 32),
        ("lines", "One\nTwo"),
        ("then", "x"),
    ]
    assert _written(sent) == [("", "One\nTwo")]
    assert _written([*sent, ("quiet_from", "20:00")]) == [("Lines", "One\nTwo"), ("Quiet from", "20:00")]


def test_an_address_that_is_only_sent_to_leads_to_the_page_of_its_form(people):
    """A refusal says "Back to the page" and names the address that it was sent to: a blank page stood there."""
    desk, hers = f"/patients/{people.maya.pk}", signed_in(people.maya.user)
    trial = f"{desk}/trials/{uuid4()}/review"
    for sent_to, page in [
        (f"{desk}/options/decide", f"{desk}/options"), (f"{trial}/decide", trial), (f"{desk}/override", f"{desk}/"),
        (f"{desk}/orders/{uuid4()}/ready", None), ("/safety/run", "/safety"),
    ]:  # fmt: skip
        answer = signed_in(people.marchetti.user).get(sent_to)
        assert (answer.status_code, answer["Location"]) == (302, page or sent_to.removesuffix("/ready"))
    assert hers.get("/home/dose")["Location"] == "/home"
    assert "Location" not in hers.head("/messages"), "a page that has something to read leads nowhere else"
    assert hers.get(f"{desk}/options/decide").status_code == 404, "what is not hers leads nowhere"
    assert Client().get("/home/dose")["Location"].startswith("/account/login/")
