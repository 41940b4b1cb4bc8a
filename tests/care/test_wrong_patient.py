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
from tests.care.test_facts import an_order, looked
from tests.care.test_matrix import filled, rows_of
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


def pages_about(hers):
    """Every address of the clinic, those about her filled with her own ids."""
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is not None and policy.audience == "staff" and not address.startswith("static"):
            yield filled(address, hers)


def state(*women):
    return [rows_of(one) for one in women], list(Patient.objects.order_by("pk").values_list("pk", "version", "called"))


def test_an_id_of_another_woman_in_any_field_of_any_form_changes_nothing(people, both):
    maya, noor = both
    client = signed_in(people.marchetti.user)
    mine, others = ids_of(people.maya), ids_of(people.noor)
    tried = set()
    for address in pages_about(maya):
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for action, sent in Forms(answer.content.decode(), address).found:
            if str(people.maya.pk) not in action:
                continue
            for at, (name, value) in enumerate(sent):
                if name == "key" or not uuids(value) & set(mine):
                    continue
                kind = next(mine[one] for one in uuids(value) if one in mine)
                for other in (key for key, what in others.items() if what == kind):
                    changed = [(n, other if number == at else v) for number, (n, v) in enumerate(sent)]
                    fields_ = {}
                    for n, v in changed:
                        if n not in ("key", "csrfmiddlewaretoken"):
                            fields_.setdefault(n, []).append(v)
                    before = state(maya, noor)
                    refused = client.post(action, {"key": str(uuid4()), **fields_})
                    assert refused.status_code in REFUSED, f"{name} of {action} gave {refused.status_code}"
                    assert state(maya, noor) == before, f"{name} of {action} changed something"
                    tried.add((re.sub(r"[0-9a-f-]{36}", "…", action), name))
    assert {("/patients/…/override/undo", "seen"), ("/patients/…/assessment/settle", "answer")} <= tried


def test_an_id_of_another_woman_in_any_address_is_not_there(people, both):
    maya, noor = both
    client = signed_in(people.marchetti.user)
    for address, name, view in routes():
        policy = policy_of(view, name)
        wanted = [one for one in re.findall(r"<uuid:(\w+)>", address) if one != "patient"]
        if policy is None or policy.audience != "staff" or not policy.patient or not wanted:
            continue
        for one in wanted:
            whose = {field.name: getattr(maya, field.name) for field in fields(maya)}
            if one in whose:
                whose[one] = getattr(noor, one)
            else:
                whose["entry"] = noor.entry
            there = filled(address, type(maya)(**whose))
            before = state(maya, noor)
            assert client.get(there).status_code in (404, 405), f"GET {there}"
            assert client.post(there, {"key": str(uuid4()), "words": "x"}).status_code in REFUSED, f"POST {there}"
            assert state(maya, noor) == before, there


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
