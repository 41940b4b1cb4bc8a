"""No word of hers stands where it has no business: in no log, notice, trail, address or queue, in a full run of everything."""

import io
import logging
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from althea.api.quiet import NoValues
from althea.care import everyone, jobs, outbox
from althea.care.actions import message
from althea.care.checks import routes
from althea.care.models import AuditRow, Entry, Outgoing, Patient
from tests.care.canaries import canary, fill
from tests.care.test_matrix import TEXT_ARGUMENTS, filled
from tests.people import NOW, signed_in

pytestmark = pytest.mark.django_db
TYPED = "canarytypedbyher"


def everything(people, hers):
    """Every route, looked at and sent nonsense with a canary in every field, by everybody."""
    sent = dict.fromkeys(
        ("body", "value", "words", "why", "what", "name", "q", "login", "password", "code", "text", "reason"), TYPED
    )
    for user in (people.maya.user, people.marchetti.user, people.hale.user, people.desk.user, None):
        client = signed_in(user)
        client.raise_request_exception = False
        for address, name, _ in routes():
            if address.startswith("static") or name in ("account_logout", "usersessions_list"):
                continue
            there = filled(address, hers)
            client.get(there)
            client.get(f"{there}?q={TYPED}&show={TYPED}&finding={TYPED}")
            client.post(there, {"key": str(uuid4()), **sent})


@pytest.fixture
def log():
    """What is written to the log, through the same filter as in a clinic."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(NoValues())
    handler.setFormatter(logging.Formatter("{levelname} {name}: {message}", style="{"))
    loggers = [logging.getLogger(name) for name in ("", "django", "django_tasks", "althea")]
    loggers = [one for one in loggers if one.name == "root" or not one.propagate]
    for one in loggers:
        one.addHandler(handler)
    yield written
    for one in loggers:
        one.removeHandler(handler)


def test_no_canary_is_in_the_log_of_a_full_run(people, log, monkeypatch, settings, tmp_path):
    settings.ALTHEA_AUDIT_ANCHOR = str(tmp_path / "anchor.txt")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    hers, word = fill(people.maya, people.marchetti), canary(people.maya)
    everything(people, hers)
    real = everyone.recheck

    def breaks(patient, at, **named):
        if patient == people.noor:
            raise ValueError(f"could not read {word}")
        return real(patient, at, **named)

    monkeypatch.setattr(everyone, "recheck", breaks)
    monkeypatch.setattr("althea.clinic.pages.chart.chart_of", lambda patient: {}[word])
    client = signed_in(people.marchetti.user)
    client.raise_request_exception = False
    assert client.get(f"/patients/{people.maya.pk}/").status_code == 500
    jobs.tick(NOW)
    jobs.night.func(str(people.clinic.pk), "2026-06-09")
    jobs.morning.func(str(people.clinic.pk), "2026-06-09")
    jobs.send_mail.func()
    said = log.getvalue()
    assert "< chart.py:" in said  # it was noted, by its place
    assert str(people.noor.pk) in said
    for one in (word, TYPED, "Okafor", "maya@example.org"):
        assert one not in said, one


def test_no_canary_is_in_the_trail_a_notice_a_queue_or_the_anchor(people, settings, tmp_path):
    settings.ALTHEA_AUDIT_ANCHOR = str(tmp_path / "anchor.txt")
    hers, now = fill(people.maya, people.marchetti), timezone.now()
    everything(people, hers)
    message.write(patient=people.maya, body=canary(people.maya), by=people.marchetti.user, from_her=False, at=now)
    message.write(patient=people.maya, body=canary(people.maya), by=people.maya.user, from_her=True, at=now)
    jobs.night.func(str(people.clinic.pk), "2026-06-09")
    outbox.send_due(now)
    told = [f"{row.verb} {row.about}" for row in AuditRow.objects.all()]
    told += [f"{row.kind} {row.link} {row.send_key}" for row in Outgoing.objects.all()]
    told += [f"{one.subject} {one.body}" for one in mail.outbox]
    told += [f"{one.args_kwargs} {one.traceback}" for one in DBTaskResult.objects.all()]
    told.append((tmp_path / "anchor.txt").read_text("utf-8"))
    assert len(told) > 20
    said = " ".join(told)
    for one in (canary(people.maya), TYPED, "Okafor", "sertraline"):
        assert one not in said, one


def test_no_address_we_hand_out_holds_a_word_of_hers(people):
    """Where a form leads to, and what every page links to, is in the log of whoever stands between."""
    import re

    hers, word = fill(people.maya, people.marchetti), canary(people.maya)
    for user in (people.maya.user, people.marchetti.user):
        client = signed_in(user)
        client.raise_request_exception = False
        for address, _, _ in routes():
            if address.startswith("static"):
                continue
            answer = client.get(filled(address, hers))
            addresses = [answer.headers.get("Location", "")]
            if "html" in answer.headers.get("Content-Type", ""):
                addresses += re.findall(r'(?:href|action|src|hx-\w+)="([^"]*)"', answer.content.decode())
            for one in addresses:
                assert word not in one, address
                assert "Okafor" not in one, address


def test_a_look_is_one_row_with_ids_and_a_verb(people):
    fill(people.maya, people.marchetti)
    before = AuditRow.objects.count()
    signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/")
    row = AuditRow.objects.order_by("-seq").first()
    assert AuditRow.objects.count() == before + 1
    assert (row.verb, row.about, row.patient) == ("looked at chart", "", people.maya)


def test_the_words_of_this_test_are_really_there(people):
    """Else nothing would be proved by not finding them."""
    fill(people.maya, people.marchetti)
    assert Entry.objects.filter(patient=people.maya, body__icontains=canary(people.maya)).exists()
    assert canary(people.maya) in signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert Patient.objects.get(pk=people.maya.pk).name == "Maya Okafor-Lind"
    assert TEXT_ARGUMENTS
