"""The id of another woman, in any field and any address: it is not there, and nothing of either changes.

Dr Marchetti looks after both Maya and Noor, so that nothing but the page's own care keeps their records apart. The
pages are walked and their forms read, as `test_matrix.py` walks the routes: a new form is here the moment it exists.
"""

import re
from dataclasses import fields
from uuid import UUID, uuid4

import pytest

from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import AuditRow, Entry, IntakeAnswer, Patient
from althea.care.unsaved import page_above
from tests.care.canaries import canary, let_somebody_in
from tests.care.full_records import both, every_form, not_walked
from tests.care.test_matrix import all_of, filled
from tests.care.walking import pages_about
from tests.people import signed_in

__all__ = ["both"]  # a fixture
pytestmark = pytest.mark.django_db
REFUSED = (400, 403, 404, 405, 409, 422)
"""And 200: the form is shown again, with what is wrong in it."""


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


def state(*women):
    return [all_of(one) for one in women]


def with_other(sent, at, other):
    """The fields of a form as they are sent, the one at this place with another value."""
    fields_ = {}
    for number, (name, value) in enumerate(sent):
        if name not in ("key", "csrfmiddlewaretoken"):
            fields_.setdefault(name, []).append(other if number == at else value)
    return fields_


def ids_sent(forms, mine, others):
    """Every field, and every action, of these forms that names a row of hers, with another woman's row of the same kind
    in its place: (who sends it, where, what, the address, the fields)."""
    seen = set()
    for client, _, action, sent, _ in forms:
        where = re.sub(r"[0-9a-f-]{36}", "…", action.partition("?")[0])
        for at, (name, value) in enumerate(sent):
            ids = uuids(value) & set(mine)
            if not ids or (where, name) in seen:
                continue
            seen.add((where, name))
            own = ids.pop()
            for other in (key for key, what in others.items() if what == mine[own]):
                yield client, where, name, action, with_other(sent, at, value.replace(own, other))
        for own in uuids(action) & set(mine):
            if mine[own] == "Patient" or (where, mine[own]) in seen:
                continue
            seen.add((where, mine[own]))
            for other in (key for key, what in others.items() if what == mine[own]):
                yield client, where, mine[own], action.replace(own, other), with_other(sent, None, "")


@pytest.mark.parametrize(("audience", "at_least"), [("staff", 30), ("herself", 10)])
def test_an_id_of_another_woman_in_any_field_of_any_form_changes_nothing(people, both, audience, at_least):
    maya, noor = both
    forms, tried = list(every_form(people, audience)), set()
    before = state(maya, noor)
    for client, where, name, action, sent in ids_sent(forms, ids_of(people.maya), ids_of(people.noor)):
        answer = client.post(action, {"key": str(uuid4()), **sent})
        if (where, name) in TAKEN_AS_NONE:
            assert state(noor) == before[1:]
            before = state(maya, noor)
        else:
            assert answer.status_code in (*REFUSED, 200), f"{name} of {where} gave {answer.status_code}"
            assert canary(people.noor) not in answer.content.decode(), f"{name} of {where} shows her"
        tried.add((where, name))
    assert state(maya, noor) == before
    assert len(tried) >= at_least


@pytest.mark.parametrize("audience", ["staff", "herself"])
def test_every_route_that_takes_a_form_is_among_them(people, both, audience):
    """A new one fails here until a page of these two women shows its form: tests/care/full_records.py."""
    assert not_walked(people, audience, [action for _, _, action, *_ in every_form(people, audience)]) == []


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
            read = client.get(there)
            assert read.status_code in (404, 405) or read.get("Location") == page_above(there), f"GET {there}"
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
    let_somebody_in(people.maya, people.sam)
    client = signed_in(people.sam)
    for address in pages_about(people.maya):
        answer = client.get(address)
        assert answer.status_code in (302, 404), address
        assert "canary" not in answer.content.decode()
    for address in ("/home", "/medicine", "/progress", "/messages", "/who-looked", "/check-in", "/intake"):
        assert client.get(address).status_code == 404, address


def test_a_prescriber_of_another_clinic_learns_not_even_that_she_exists(people, both):
    client = signed_in(people.ibarra.user)
    nobody = str(uuid4())
    for address in pages_about(people.maya):
        if str(people.maya.pk) not in address:
            continue
        there, nowhere = client.get(address), client.get(address.replace(str(people.maya.pk), nobody))
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), address
    assert not Entry.objects.filter(recorded_by=people.ibarra.user).exists()
    assert UUID(nobody)
