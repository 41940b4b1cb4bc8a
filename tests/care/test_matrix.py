"""Every route, asked by everybody, about her, about another patient, and about one of another clinic: nothing leaks.

The routes are walked, not listed: a new one is in the matrix the moment it exists. What its policy allows is written
down here a second time, by hand and in words, so that a policy loosened by mistake is seen.
"""

import re
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from althea.care.access import CLINICAL, Policy
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import AuditRow
from tests.care.canaries import canary, fill, let_somebody_in
from tests.people import signed_in

pytestmark = pytest.mark.django_db

STRANGERS_TO_MAYA = (
    "nobody signed in", "Noor, another patient", "Sam, her partner", "front desk", "Dr Hale, not her team",
    "Dr Ibarra, another clinic", "practice admin",
)  # fmt: skip
OF_HER_TEAM = {"Dr Marchetti, hers": "prescriber", "nurse": "nurse", "therapist": "therapist"}
TEXT_ARGUMENTS = {
    "rule_id": "lithium-nsaid", "medicine_id": "sertraline", "slug": "a-quiet-record", "token": "x" * 43, "key": "x",
    "uidb36": "1", "question": "phq-9-1", "section": "why", "pk": "1", "service_id": "althea-order-sign",
    "who": "maya", "part": "1", "scale": "phq-9", "topic": "conditions", "what": "x",
}  # fmt: skip


def every_route():
    for address, name, view in routes():
        if not address.startswith("static"):
            yield pytest.param(address, name, policy_of(view, name), id=name or address)


def filled(address, hers):
    """The address with this woman's own ids in it."""

    def value(found):
        kind, _, argument = found[1].rpartition(":")
        if argument == "patient":
            return str(hers.patient.pk)
        if hasattr(hers, argument):
            return str(getattr(hers, argument).pk)
        if kind == "uuid":
            return str(hers.entry.pk)
        assert argument in TEXT_ARGUMENTS, f"Say in tests/care/test_matrix.py what {argument!r} may be in /{address}."
        return TEXT_ARGUMENTS[argument]

    plain = re.sub(r"<([^>]+)>", value, address)
    return "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: TEXT_ARGUMENTS[found[1]], plain).strip("^$")


def tables():
    """How many rows every table has, the trail and sessions apart."""
    apart = ("care_auditrow", "care_audithead", "django_session", "usersessions_usersession")
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name not in apart]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


def rows_of(hers):
    """How many rows of each kind belong to this woman."""
    kinds = [
        model
        for model in apps.get_app_config("care").get_models()
        if any(field.name == "patient" for field in model._meta.fields)
    ]
    return {kind.__name__: kind._default_manager.filter(patient=hers.patient).count() for kind in kinds}


def ask(client, address, method):
    client.raise_request_exception = False
    if method == "GET":
        return client.get(address)
    return client.post(address, {"key": str(uuid4()), "patient": "", "version": 1, "words": "x", "next": "/"})


def about_a_person(policy):
    return policy.audience in ("herself", "staff", "helper")


@pytest.mark.parametrize(("address", "name", "policy"), [one for one in every_route() if about_a_person(one.values[2])])
def test_a_stranger_learns_nothing_and_changes_nothing(people, address, name, policy):
    maya, noor = fill(people.maya, people.marchetti), fill(people.noor, people.hale)
    far = fill(people.far, people.ibarra)
    looks_after = {"Dr Hale, not her team": noor, "Dr Ibarra, another clinic": far, "Noor, another patient": noor}
    for who in STRANGERS_TO_MAYA:
        client = signed_in(people.everybody()[who])
        own = looks_after.get(who)
        hidden = [one for one in (maya, noor, far) if one is not own]
        for target in hidden:
            for method in ("GET", "POST"):
                before, hers = tables(), rows_of(target)
                answer = ask(client, filled(address, target), method)
                words = answer.content.decode("utf-8", "replace")
                leaked = [str(one.patient) for one in hidden if canary(one.patient) in words]
                assert leaked == [], f"{who}: {method} /{address} shows {leaked}"
                assert answer.status_code < 500, f"{who}: {method} /{address}"
                assert rows_of(target) == hers, f"{who}: {method} /{address} changed something of hers"
                of_the_clinic = name in OF_THE_CLINIC and who in ("Dr Hale, not her team", "Dr Ibarra, another clinic")
                if method == "POST" and not of_the_clinic and not (own is not None and policy.audience == "herself"):
                    assert tables() == before, f"{who}: POST /{address} changed something"
                if policy.patient and policy.audience == "staff" and who != "nobody signed in":
                    assert answer.status_code == 404, f"{who}: {method} /{address} gave {answer.status_code}"


@pytest.mark.parametrize(("address", "name", "policy"), [one for one in every_route() if about_a_person(one.values[2])])
def test_a_password_alone_opens_nothing_of_the_clinic(people, address, name, policy):
    if policy.audience != "staff":
        return
    maya = fill(people.maya, people.marchetti)
    for method in ("GET", "POST"):
        answer = ask(signed_in(people.marchetti.user, second_factor=False), filled(address, maya), method)
        assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")


@pytest.mark.parametrize(("address", "name", "policy"), [one for one in every_route() if about_a_person(one.values[2])])
def test_her_team_sees_what_its_role_allows_and_each_look_is_in_the_trail(people, address, name, policy):
    maya = fill(people.maya, people.marchetti)
    for who, role in OF_HER_TEAM.items():
        before = AuditRow.objects.count()
        answer = ask(signed_in(people.everybody()[who]), filled(address, maya), "GET")
        allowed = policy.audience == "staff" and role in policy.roles
        assert answer.status_code < 500, f"{who}: /{address}"
        if not allowed:
            assert answer.status_code == 404, f"{who}: /{address} gave {answer.status_code}"
        if answer.status_code == 200 and allowed:
            assert AuditRow.objects.count() == before + (not policy.quiet), f"{who}: /{address} left no row, or several"
        else:
            assert canary(people.maya) not in answer.content.decode("utf-8", "replace")


@pytest.mark.parametrize(("address", "name", "policy"), [one for one in every_route() if about_a_person(one.values[2])])
def test_somebody_she_let_in_sees_one_page_and_nothing_anybody_wrote(people, address, name, policy):
    maya, noor = fill(people.maya, people.marchetti), fill(people.noor, people.hale)
    his = let_somebody_in(people.maya, people.sam)
    client = signed_in(people.sam)
    for target in (maya, noor):
        for method in ("GET", "POST"):
            before = tables()
            answer = ask(client, filled(address, target), method)
            assert answer.status_code in (404, 405), f"{method} /{address} gave {answer.status_code}"
            assert tables() == before, f"{method} /{address} changed something"
    if policy.audience == "helper":
        answer = client.get(f"/with/{his.pk}")
        assert answer.status_code == 200
        assert canary(people.maya) not in answer.content.decode()


OF_THE_CLINIC = {"safety-run", "safety-stop"}
"""What a prescriber may ask of the clinic's machine: rows of nobody."""
ONLY_PRESCRIBERS = {"offer", "new-order", "decide-review"} | {
    "plan-change", "plan-withdraw", "offer-prepare", "offer-share", "offer-close", "offer-decide", "offer-consent",
    "order-findings", "draft-order", "discard-order", "order-ready", "order-agreed", "sign-order", "end-order",
    "stop-order",
}  # fmt: skip
NOT_CLINICAL = {"patients"}
"""Lists that hold names and times, and nothing of a chart."""


@pytest.mark.parametrize(("address", "name", "policy"), list(every_route()))
def test_the_policy_is_the_one_written_down_here(address, name, policy):
    assert isinstance(policy, Policy), f"/{address} has no policy"
    if address.startswith("patients/<uuid:patient>"):
        assert (policy.audience, policy.patient) == ("staff", True)
        assert policy.roles <= CLINICAL | ({"therapist"} if name == "progress-of" else set())
    if name in ONLY_PRESCRIBERS:
        assert policy.roles == {"prescriber"}
    if policy.audience == "helper":
        assert (name, address) == ("beside", "with/<uuid:proxy>")
    if policy.audience == "staff" and not policy.patient and name not in NOT_CLINICAL:
        assert policy.roles <= CLINICAL | {"front desk", "practice admin"}


def test_a_change_without_a_token_against_forgery_is_refused(people):
    from django.test import Client

    maya = fill(people.maya, people.marchetti)
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.maya.user, backend="althea.care.sign_in.Backend")
    for param in every_route():
        address, _, policy = param.values
        if policy.audience in ("herself", "staff", "signed in"):
            assert client.post(filled(address, maya), {"key": str(uuid4())}).status_code in (302, 403, 404, 405), (
                address
            )
