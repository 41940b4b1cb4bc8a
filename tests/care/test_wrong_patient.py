"""The id of another woman, in any field and any address: it is not there, and nothing of either changes.

Dr Marchetti looks after both Maya and Noor, so that nothing but the page's own care keeps their records apart. The
pages are walked and their forms read, as `test_matrix.py` walks the routes: a new form is here the moment it exists.
"""

import re
from dataclasses import fields
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from althea.care import everyone
from althea.care.actions import findings
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import AuditRow, Entry, IntakeAnswer, Patient
from althea.care.recheck import review_today
from tests.care.canaries import fill, let_somebody_in
from tests.care.choosing import after_a_birth, decided, shared
from tests.care.test_facts import an_order, looked
from tests.care.test_matrix import all_of, filled
from tests.people import NOW, look_after, signed_in

pytestmark = pytest.mark.django_db
REFUSED = (400, 403, 404, 405, 409, 422)


class Forms(HTMLParser):
    """The forms of a page that are posted: (action, fields)."""

    def __init__(self, page, address):
        super().__init__()
        self.address, self.found, self.open = address, [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.open = attrs.get("method", "").lower() == "post"
            if self.open:
                self.found.append((attrs.get("action") or self.address, []))
        elif self.open and tag in ("input", "button", "select", "textarea", "option") and attrs.get("name"):
            self.found[-1][1].append((attrs["name"], attrs.get("value") or "x"))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = False


@pytest.fixture
def both(people):
    """Two women of one prescriber, each with one of everything."""
    look_after(people.marchetti, people.noor)
    maya, noor = fill(people.maya, people.marchetti), fill(people.noor, people.marchetti)
    looked(people)
    an_order(
        people, medicine="valproate", steps=[{"from": "2026-04-09", "until": None, "dose": "500 mg", "times_a_day": 1}]
    )
    now = timezone.now()
    loud = next(one for one in review_today(people.maya, now).findings if one.level.word == "critical")
    for her in (people.maya, people.noor):
        findings.override(patient=her, finding=loud, code="x", words="x", by=people.marchetti.user, at=now)
    for hers in (maya, noor):
        IntakeAnswer.objects.create(
            intake=hers.intake, question="medicines-before", value=[{"what": "sertraline"}], at=NOW
        )
        after_a_birth(people, patient=hers.patient)
        hers.decision = decided(people, shared(people, patient=hers.patient))
    everyone.go_round(everyone.begin(clinic=people.clinic, by=None, at=now).pk, now)
    return maya, noor


def uuids(text):
    return set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))


def ids_of(patient):
    """Every id of every row that belongs to this woman, by the kind of row."""
    from django.apps import apps

    found = {}
    for model in apps.get_app_config("care").get_models():
        for field in model._meta.fields:
            if field.is_relation and field.related_model is Patient:
                for row in model._default_manager.filter(**{field.name: patient}):
                    found[str(row.pk)] = model.__name__
    for answer in IntakeAnswer.objects.filter(intake__patient=patient):
        found[str(answer.pk)] = "IntakeAnswer"
    return found | {str(patient.pk): "Patient"}


TAKEN_AS_NONE = {("/patients/…/messages", "read")}
"""Which message she had on the page when she answered: that of another woman is none, and the answer is sent."""
AS_WELL = {"offer": ("?anew=1", "?again=1", "?draft=1"), "settle-edited": ("?part=0",)}
"""The same page in another state."""


def pages_about(hers, audience="staff"):
    """Every address of the clinic, or of hers (`herself`), those about her filled with her own ids."""
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is not None and policy.audience == audience and not address.startswith("static"):
            yield from (filled(address, hers) + more for more in ("", *AS_WELL.get(name, ())))


def state(*women):
    return [all_of(one) for one in women]


def with_other(sent, at, other):
    """The fields of a form as they are sent, the one at this place with another value."""
    fields_ = {}
    for number, (name, value) in enumerate(sent):
        if name not in ("key", "csrfmiddlewaretoken"):
            fields_.setdefault(name, []).append(other if number == at else value)
    return fields_


def ids_sent(client, pages, mine, others):
    """Every field, and every action, of every form of these pages that names a row of hers, with another woman's row
    of the same kind in its place: (where, what, the address, the fields)."""
    seen = set()
    for address in pages:
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for action, sent in Forms(answer.content.decode(), address).found:
            where = re.sub(r"[0-9a-f-]{36}", "…", action.partition("?")[0])
            for at, (name, value) in enumerate(sent):
                ids = uuids(value) & set(mine)
                if name in ("key", "csrfmiddlewaretoken") or not ids or (where, name) in seen:
                    continue
                seen.add((where, name))
                own = ids.pop()
                for other in (key for key, what in others.items() if what == mine[own]):
                    yield where, name, action, with_other(sent, at, value.replace(own, other))
            for own in uuids(action) & set(mine):
                if mine[own] == "Patient" or (where, mine[own]) in seen:
                    continue
                seen.add((where, mine[own]))
                for other in (key for key, what in others.items() if what == mine[own]):
                    yield where, mine[own], action.replace(own, other), with_other(sent, None, "")


@pytest.mark.parametrize(("who", "audience", "at_least"), [("marchetti", "staff", 15), ("maya", "herself", 5)])
def test_an_id_of_another_woman_in_any_field_of_any_form_changes_nothing(people, both, who, audience, at_least):
    maya, noor = both
    client = signed_in(getattr(people, who).user)
    tried = set()
    before = state(maya, noor)
    for where, name, action, sent in ids_sent(
        client, pages_about(maya, audience), ids_of(people.maya), ids_of(people.noor)
    ):
        answer = client.post(action, {"key": str(uuid4()), **sent})
        if (where, name) in TAKEN_AS_NONE:
            assert state(noor) == before[1:]
            before = state(maya, noor)
        else:
            assert answer.status_code in REFUSED, f"{name} of {where} gave {answer.status_code}"
        tried.add((where, name))
    assert state(maya, noor) == before
    assert len(tried) >= at_least


@pytest.mark.parametrize(("who", "audience", "at_least"), [("marchetti", "staff", 20), ("maya", "herself", 4)])
def test_an_id_of_another_woman_in_any_address_is_not_there(people, both, who, audience, at_least):
    maya, noor = both
    client, tried = signed_in(getattr(people, who).user), 0
    before = state(maya, noor)
    for address, name, view in routes():
        policy = policy_of(view, name)
        for one in [one for one in re.findall(r"<uuid:(\w+)>", address) if one not in ("patient", "her")]:
            if policy is None or policy.audience != audience or not policy.patient:
                continue
            whose = {field.name: getattr(maya, field.name) for field in fields(maya)}
            whose[one if one in whose else "entry"] = getattr(noor, one, noor.entry)
            there = filled(address, type(maya)(**whose))
            assert client.get(there).status_code in (404, 405), f"GET {there}"
            assert client.post(there, {"key": str(uuid4()), "words": "x"}).status_code in REFUSED, f"POST {there}"
            tried += 1
    assert state(maya, noor) == before
    assert tried >= at_least


def test_a_patient_named_in_a_field_is_not_the_one_who_is_written_to(people, both):
    """The address says whose record it is; a field of that name is not read."""
    client = signed_in(people.marchetti.user)
    for name in ("patient", "patient_id", "pk", "id", "uuid"):
        client.post(
            f"/patients/{people.maya.pk}/messages", {"key": str(uuid4()), "body": name, name: str(people.noor.pk)}
        )
    assert people.noor.messages.filter(body__in=("patient", "patient_id", "pk", "id", "uuid")).count() == 0


def test_two_tabs_with_two_women_each_write_to_their_own(people, both):
    client = signed_in(people.marchetti.user)
    one, other = f"/patients/{people.maya.pk}/messages", f"/patients/{people.noor.pk}/messages"
    client.get(one)
    client.get(other)
    client.post(one, {"key": str(uuid4()), "body": "To Maya"})
    client.post(other, {"key": str(uuid4()), "body": "To Noor"})
    assert people.maya.messages.get(body="To Maya")
    assert people.noor.messages.get(body="To Noor")
    assert not people.noor.messages.filter(body="To Maya").exists()


def test_the_key_of_one_tab_saves_nothing_in_the_other(people, both):
    client, key = signed_in(people.marchetti.user), str(uuid4())
    client.post(f"/patients/{people.maya.pk}/messages", {"key": key, "body": "Same words"})
    crossed = client.post(f"/patients/{people.noor.pk}/messages", {"key": key, "body": "Same words"})
    assert crossed.status_code == 422
    assert not people.noor.messages.filter(body="Same words").exists()


def test_what_anybody_did_stands_in_the_trail_under_their_own_name(people, both):
    """Nobody can write in another's name: a field that says so is not read."""
    client = signed_in(people.nurse.user)
    client.post(
        f"/patients/{people.maya.pk}/messages",
        {"key": str(uuid4()), "body": "x", "sender": str(people.marchetti.user.pk), "by": "Dr Marchetti"},
    )
    row = AuditRow.objects.filter(verb="wrote message").latest("seq")
    assert row.actor == people.nurse.user


# --- those who have no business here ----------------------------------------------------------------------------------


def test_a_proxy_with_everything_she_may_give_sees_no_chart_and_no_page_of_hers(people, both):
    maya, _ = both
    let_somebody_in(people.maya, people.sam)
    client = signed_in(people.sam)
    for address in pages_about(maya):
        answer = client.get(address)
        assert answer.status_code in (302, 404), address
        assert "canary" not in answer.content.decode()
    for address in ("/home", "/medicine", "/progress", "/messages", "/who-looked", "/check-in", "/intake"):
        assert client.get(address).status_code == 404, address


def test_a_prescriber_of_another_clinic_learns_not_even_that_she_exists(people, both):
    maya, _ = both
    client = signed_in(people.ibarra.user)
    nobody = str(uuid4())
    for address in pages_about(maya):
        if str(people.maya.pk) not in address:
            continue
        there, nowhere = client.get(address), client.get(address.replace(str(people.maya.pk), nobody))
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), address
    assert not Entry.objects.filter(recorded_by=people.ibarra.user).exists()
    assert UUID(nobody)
