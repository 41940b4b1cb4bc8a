"""What is sent goes once, never at night, in words that say nothing, through a real mail server."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from aiosmtpd.controller import Controller

from althea.care import outbox
from althea.care.days import moment, not_at_night, today
from althea.care.models import CheckIn, Outgoing
from tests.people import NOW

pytestmark = pytest.mark.django_db


class Post:
    """What the mail server took."""

    def __init__(self):
        self.mails, self.refuse = [], 0

    async def handle_DATA(self, server, session, envelope):
        if self.refuse:
            self.refuse -= 1
            return "451 come back later"
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 taken"


@pytest.fixture
def post(settings):
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    taken = Post()
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield taken
    server.stop()


def notice(people, key="a", kind="message", at=NOW, **named):
    return outbox.add(clinic=people.clinic, kind=kind, patient=people.maya, at=at, send_key=key, link="/home", **named)


def test_a_notice_says_nothing_of_what_it_is_about(people, post):
    notice(people)
    assert outbox.send_due(NOW) == outbox.Sent(1, 0)
    ((to, mail),) = post.mails
    assert to == ["maya@example.org"]
    assert "Subject: You have a new message." in mail
    assert "From: Notes <notes@localhost>" in mail


FORBIDDEN = ("althea", "clinic", "medic", "dose", "pill", "pregnan", "baby", "mood", "depress", "therap", "doctor", "psych",
             "mental", "phq", "sertraline", "score", "test", "result", "riverside", "appointment with")  # fmt: skip


@pytest.mark.parametrize("kind", sorted(outbox.WORDS))
def test_every_wording_is_short_and_neutral(kind):
    words = outbox.WORDS[kind]
    assert len(words) < 40
    assert [word for word in FORBIDDEN if word in words.lower()] == []


def test_the_same_notice_is_there_once(people, post):
    assert notice(people) is not None
    assert notice(people) is None
    outbox.send_due(NOW)
    outbox.send_due(NOW)
    assert len(post.mails) == 1


def test_who_wants_none_gets_none(people, post):
    people.maya.put(notices="none")
    assert notice(people) is None


def test_who_says_so_after_it_was_queued_gets_none_either(people, post):
    row = notice(people)
    people.maya.put(notices="none")
    outbox.send_due(NOW)
    row.refresh_from_db()
    assert (row.state, post.mails) == ("dropped", [])


def test_a_reminder_of_what_is_done_is_not_sent(people, post):
    check_in = CheckIn.objects.create(patient=people.maya, due_on=NOW.date(), state="done")
    notice(people, key=f"check-in/{check_in.pk}/x", kind="check-in")
    outbox.send_due(NOW)
    assert post.mails == []


def test_a_server_that_says_later_is_asked_again_later(people, post):
    post.refuse = 1
    row = notice(people)
    assert outbox.send_due(NOW) == outbox.Sent(0, 1)
    assert outbox.send_due(NOW) == outbox.Sent(0, 0)
    assert outbox.send_due(NOW + timedelta(minutes=3)) == outbox.Sent(1, 0)
    row.refresh_from_db()
    assert (row.state, row.attempts, len(post.mails)) == ("sent", 2, 1)


def killed_after_the_server_took_it(row, monkeypatch):
    """The worker hands the mail over, and dies before it can write so down."""

    class Killed(BaseException):
        pass

    def put_(self, **values):
        raise Killed

    with monkeypatch.context() as at_once:
        at_once.setattr(Outgoing, "put", put_)
        with pytest.raises(Killed):
            outbox.send_due(NOW)
    row.refresh_from_db()
    assert row.state == "sending"


def test_a_reminder_of_which_nobody_knows_whether_it_was_sent_is_not_sent_twice(people, post, monkeypatch):
    row = notice(people)
    killed_after_the_server_took_it(row, monkeypatch)
    assert outbox.send_due(NOW + timedelta(minutes=6)) == outbox.Sent(0, 0)
    row.refresh_from_db()
    assert row.state == "unknown"
    assert len(post.mails) == 1


def test_what_her_team_must_see_is_sent_again_and_is_the_same_letter(people, post, monkeypatch):
    user = people.marchetti.user
    row = outbox.add(clinic=people.clinic, kind="staff", user=user, at=NOW, send_key="team/1", link="/today")
    killed_after_the_server_took_it(row, monkeypatch)
    assert outbox.send_due(NOW + timedelta(minutes=6)) == outbox.Sent(1, 0)
    assert len(post.mails) == 2
    assert len({re.search("Message-ID: (.+)", mail)[1] for _, mail in post.mails}) == 1


def test_a_link_that_lets_somebody_in_is_not_kept_once_it_is_sent(people, post):
    row = outbox.add(
        clinic=people.clinic, kind="invitation", patient=people.maya, at=NOW, send_key="invitation/1",
        link="/welcome/a-secret",
    )  # fmt: skip
    outbox.send_due(NOW)
    row.refresh_from_db()
    assert (row.state, row.link) == ("sent", "")
    assert "/welcome/a-secret" in post.mails[0][1]


def test_what_another_worker_holds_is_left_alone(people, post):
    row = notice(people)
    row.put(state=Outgoing.State.SENDING, claimed_until=NOW + timedelta(minutes=1))
    assert outbox.send_due(NOW) == outbox.Sent(0, 0)


def test_at_night_it_waits_for_the_morning(people, post):
    night = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)  # eleven in the evening in New York
    row = notice(people, at=night)
    assert row.not_before == datetime(2026, 6, 10, 12, 0, tzinfo=UTC)  # eight in the morning there


def test_a_late_worker_does_not_wake_her(people, post):
    row = notice(people)
    night = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
    assert outbox.send_due(night) == outbox.Sent(0, 0)
    row.refresh_from_db()
    assert row.not_before == datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("hour", range(24))
def test_no_hour_of_the_day_the_clocks_change_is_in_her_night(people, hour):
    for day in (date(2027, 3, 14), date(2027, 11, 7)):
        wanted = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
        local = not_at_night(people.maya, wanted).astimezone(__import__("zoneinfo").ZoneInfo("America/New_York"))
        assert time(8) <= local.time() < time(21)


def test_a_time_the_clock_skips_is_an_hour_later_and_one_it_repeats_the_first(people):
    assert moment(people.maya, date(2027, 3, 14), time(2, 30)) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert moment(people.maya, date(2027, 11, 7), time(1, 30)) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_today_is_her_day_not_the_servers(people):
    assert today(people.maya, datetime(2026, 6, 10, 3, 0, tzinfo=UTC)) == date(2026, 6, 9)


def test_two_workers_that_saw_the_same_row_send_it_once(people, post, monkeypatch):
    notice(people)
    hand_over = outbox._hand_over

    def while_another_looks(row):
        monkeypatch.setattr(outbox, "_hand_over", hand_over)
        assert outbox.send_due(NOW) == outbox.Sent(0, 0)
        hand_over(row)

    monkeypatch.setattr(outbox, "_hand_over", while_another_looks)
    assert outbox.send_due(NOW) == outbox.Sent(1, 0)
    assert len(post.mails) == 1
