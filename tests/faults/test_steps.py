"""A fault at every step: whatever statement of a deed fails, nothing of it is left, and sent again it is whole.

The database says at the n-th change that it cannot, for n from 1 until the deed goes through.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import resolve
from django.utils import timezone

from althea.care import audit, everyone, jobs
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import CheckIn, Intake, IntakeAnswer, Sweep, Trial
from tests.care.canaries import TODAY, fill
from tests.care.test_facts import an_order, looked
from tests.care.test_matrix import filled
from tests.care.walking import Forms
from tests.people import NOW, signed_in

pytestmark = pytest.mark.django_db
CHANGES = ("INSERT", "UPDATE", "DELETE")


class FailsAt:
    """The n-th change fails; before it, and after it, everything works. A session is written after the deed, and what is
    in it is no part of it."""

    def __init__(self, at):
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().startswith(CHANGES) and "django_session" not in sql[:40]:
            self.count += 1
            if self.count == self.at:
                raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)


def whole():
    """Every row of every table, so that "nothing is left" means nothing."""
    with connection.cursor() as cursor:
        found = {}
        for name in sorted(connection.introspection.table_names(cursor)):
            if name not in ("django_session", "usersessions_usersession"):
                cursor.execute(f'SELECT * FROM "{name}"')
                found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def every_step(client, address, fields, done, between=lambda: None):
    """Sends the same form, key and all, with a fault at every step; at the end it must have gone through."""
    key, steps = str(uuid4()), 0
    for at in range(1, 200):
        between()
        before, fault = whole(), FailsAt(at)
        with connection.execute_wrapper(fault):
            answer = client.post(address, {"key": key, **fields})
        if fault.count < at:
            break
        steps += 1
        assert answer.status_code == 503 or "not-saved" in answer.headers.get("Location", ""), (at, answer.status_code)
        assert whole() == before, f"step {at} of {address} left something"
    assert answer.status_code in (302, 303), answer.status_code
    assert done(), address
    return steps


@pytest.fixture
def week(people):
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=TODAY, created_at=NOW,
    )  # fmt: skip
    return CheckIn.objects.create(patient=people.maya, trial=trial, due_on=TODAY, scales=["phq-9"])


def test_her_message_is_there_with_its_item_its_trail_and_its_notice_or_not_at_all(people):
    client = signed_in(people.maya.user)
    steps = every_step(client, "/messages", {"body": "I slept."}, lambda: people.maya.messages.count() == 1)
    assert steps >= 5  # key, message, audit, its head, item...


def test_a_message_to_her_with_its_notice(people):
    client = signed_in(people.marchetti.user)
    address = f"/patients/{people.maya.pk}/messages"
    every_step(client, address, {"body": "Call us."}, lambda: people.maya.outgoing.count() == 1)


def test_a_word_on_self_harm_with_its_item(people, week):
    client = signed_in(people.maya.user)
    address = f"/check-in/{week.pk}/phq-9-9"
    steps = every_step(client, address, {"value": "1"}, lambda: people.maya.worklist.count() == 1)
    assert steps >= 7


def test_a_check_in_becomes_the_record_whole(people, week):
    client = signed_in(people.maya.user)
    for number in range(1, 10):
        client.post(f"/check-in/{week.pk}/phq-9-{number}", {"key": str(uuid4()), "value": "0"})
    client.post(f"/check-in/{week.pk}/words", {"key": str(uuid4()), "value": "Better."})
    every_step(client, f"/check-in/{week.pk}", {}, lambda: people.maya.entries.count() == 2)


def test_an_answer_becomes_an_entry(people):
    intake = Intake.objects.create(patient=people.maya, sent_at=NOW)
    answer = IntakeAnswer.objects.create(
        intake=intake, question="medicines-before", value=[{"what": "sertraline"}], at=NOW
    )
    address, fields = f"/patients/{people.maya.pk}/assessment/settle", {"answer": str(answer.pk), "part": "0"}
    every_step(signed_in(people.marchetti.user), address, fields, lambda: people.maya.entries.count() == 1)


def test_a_sweep_is_asked_for_with_its_job(people):
    every_step(signed_in(people.marchetti.user), "/safety/run", {}, lambda: Sweep.objects.count() == 1)


def test_a_sweep_that_fails_at_any_step_leaves_the_latest_as_it_was(people):
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )
    now = timezone.now()
    everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=now).pk, now)
    latest = Sweep.objects.get(state="done")
    kept = list(latest.findings.order_by("pk").values())
    at = 0
    while True:
        at += 1
        point = transaction.savepoint()
        fault = FailsAt(at)
        run = everyone.begin(clinic=people.clinic, by=None, at=now)
        try:
            with connection.execute_wrapper(fault):
                jobs.look_again.func(str(run.pk))
        except OperationalError:
            transaction.set_rollback(False)  # the fault was made here: the test's own transaction is well
            done = Sweep.objects.get(state="done")
            assert done.pk in (latest.pk, run.pk), at
            if done.pk == latest.pk:
                assert list(latest.findings.order_by("pk").values()) == kept, at
            else:
                assert done.findings.count() == len(kept), at  # it was whole; only throwing the old away failed
        transaction.savepoint_rollback(point)
        if fault.count < at:
            break
    assert at > 15
    assert audit.verify(people.clinic) is None


def forms_of(people, hers):
    """Every form of every page, as it stands there: (who sends it, where to, its fields)."""
    seen = set()
    for user in (people.maya.user, people.marchetti.user):
        client = signed_in(user)
        client.raise_request_exception = False
        for address, name, view in routes():
            policy = policy_of(view, name)
            if policy is None or policy.audience not in ("herself", "staff"):
                continue
            there = filled(address, hers)
            answer = client.get(there)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            for action, sent in Forms(answer.content.decode(), there).found:
                goes = resolve(urlsplit(action).path)
                wanted = policy_of(goes.func, goes.view_name)
                given = tuple(pair for pair in sent if pair[0] not in ("key", "csrfmiddlewaretoken"))
                if (
                    wanted
                    and wanted.audience in ("herself", "staff")
                    and not wanted.asks
                    and (action, given) not in seen
                ):
                    seen.add((action, given))
                    yield user, action, dict(given)


def test_no_form_of_any_page_leaves_half_of_itself(people):
    """The pages are walked: a new form is here the moment it exists."""
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )
    hers = fill(people.maya, people.marchetti)
    IntakeAnswer.objects.create(intake=hers.intake, question="medicines-before", value=[{"what": "sertraline"}], at=NOW)
    went_through = set()
    for user, action, fields in list(forms_of(people, hers)):
        client = signed_in(user)
        client.raise_request_exception = False
        point = transaction.savepoint()
        key = str(uuid4())
        for at in range(1, 200):
            before, fault = whole(), FailsAt(at)
            with connection.execute_wrapper(fault):
                answer = client.post(action, {"key": key, **fields})
            transaction.set_rollback(False)
            if fault.count < at:
                break
            said = answer.status_code == 503 or "not-saved" in answer.headers.get("Location", "")
            assert said, f"step {at} of {action}: {answer.status_code}"
            assert whole() == before, f"step {at} of {action} left something"
        if answer.status_code in (302, 303):
            went_through.add(resolve(urlsplit(action).path).view_name)
        transaction.savepoint_rollback(point)
    assert {"settle", "item-done", "gone-through", "safety-run", "check-in-question"} <= went_through
