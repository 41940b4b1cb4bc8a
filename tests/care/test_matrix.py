"""Every route, asked by everybody, about each of three women, looked at and sent to: nothing leaks, nothing is changed.

The routes are walked, not listed: a new one is in the matrix the moment it exists, and fails until it stands in one of
the lists below, which say by hand and in words whose it is: a policy loosened by mistake is seen.
"""

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction

from althea.care.access import Policy
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import Patient
from tests.care.canaries import canary, fill, let_somebody_in
from tests.people import signed_in

pytestmark = pytest.mark.django_db

# --- whose is it?  Every route stands in exactly one of these ---------------------------------------------------------

ANYONE = {
    "cds-discovery", "livez", "readyz", "front", "written", "rules", "rule", "rule-of-a-card", "medicines",
    "medicine (what is known)", "welcome", "help", "service-worker", "manifest", "let-in", "demo", "demo-as",
    "demo-outbox", "account_login", "account_logout", "account_inactive", "account_signup", "account_confirm_email",
    "account_email_verification_sent", "account_reset_password", "account_confirm_login_code", "mfa_login_webauthn",
    "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
    "mfa_authenticate",
}  # fmt: skip
"""Before anybody signed in: nothing of a person."""
SHOWS_HER_OWN = {"help"}
"""Of these: to a woman who is signed in, whom she would call."""
MACHINES = {"cds-service", "cds-feedback"}
SIGNED_IN = {
    "start", "again", "account_reauthenticate", "account_email", "account_change_password", "account_set_password",
    "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "usersessions_list",
}  # fmt: skip
"""Their own account: nothing of a record."""
HERS = {
    "home", "dose", "call-me", "intake", "intake-question", "medicine (hers)", "my-paper", "progress", "still-there",
    "options", "my-plan", "my-plan-paper", "my-agreement", "my-changes", "changes-told", "change", "change-question",
    "my-people", "end-proxy", "my-safety-plan", "messages", "who-looked", "check-in-now", "check-in",
    "check-in-question", "account",
}  # fmt: skip
LET_IN = {"beside"}
ONLY_PRESCRIBERS = {
    "override", "undo-override", "plan-withdraw", "plan-change", "offer", "offer-prepare", "offer-share", "offer-close",
    "offer-decide", "offer-consent", "new-order", "order-findings", "draft-order", "discard-order", "order-ready",
    "order-agreed", "sign-order", "end-order", "stop-order", "decide-review", "withdraw-score",
}  # fmt: skip
HER_TEAM = {
    "chart", "item-done", "assessment", "settle", "settle-section", "ask-about", "settle-edited", "gone-through",
    "plan", "plan-paper", "order", "order-paper", "review", "ask-her", "enter-score", "medicines-of", "add-medicine",
    "medicines-through", "correct-medicine", "stopped-medicine", "labs", "add-results", "labs-through",
    "correct-result", "safety-plan", "life-stage", "withdraw-stage", "messages-of", "who-sees",
}  # fmt: skip
"""Her chart: her prescribers and nurses."""
WITH_THE_THERAPIST = {"progress-of"}
WITHOUT_A_TEAM = {"look-after"}
"""Only for women whom nobody looks after: tests/care/test_who_is_told.py."""
HOW_SHE_IS_REACHED = {"reach"}
"""Her team, and the front desk for every woman of the clinic: her name and her numbers, nothing of her record."""
LISTS = {
    "today", "clinic-messages", "safety", "safety-progress", "safety-run", "safety-stop", "safety-export",
    "safety-file", "safety-write", "safety-list",
}  # fmt: skip
"""Prescribers and nurses, of those they look after."""
OF_WHOM_NOBODY_LOOKS_AFTER = {"look-after"}
AT_THE_DESK = {"new-patient"}
THE_WHOLE_CLINIC = {"patients"}
"""Names and times, and nothing of a chart."""

CLINICAL = ("prescriber", "nurse")
WHOSE = (
    ("anyone", (), False, ANYONE), ("machine", (), False, MACHINES), ("signed in", (), False, SIGNED_IN),
    ("herself", (), True, HERS), ("helper", (), True, LET_IN), ("staff", ("prescriber",), True, ONLY_PRESCRIBERS),
    ("staff", CLINICAL, True, HER_TEAM), ("staff", (*CLINICAL, "therapist"), True, WITH_THE_THERAPIST),
    ("staff", (*CLINICAL, "front desk"), True, HOW_SHE_IS_REACHED),
    ("staff", ("prescriber",), False, WITHOUT_A_TEAM), ("staff", CLINICAL, False, LISTS), ("staff", (*CLINICAL, "front desk"), False, AT_THE_DESK),
    ("staff", (*CLINICAL, "therapist", "front desk", "practice admin"), False, THE_WHOLE_CLINIC),
)  # fmt: skip
"""(who, in which roles, only of those who are theirs, routes)."""

# --- who is asking? ---------------------------------------------------------------------------------------------------

LET_IN_BY_MAYA = "Sam, whom Maya let in"
ROLES = {
    "front desk": "front desk", "nurse": "nurse", "therapist": "therapist", "Dr Marchetti, hers": "prescriber",
    "Dr Hale, not her team": "prescriber", "Dr Ibarra, another clinic": "prescriber", "practice admin": "practice admin",
}  # fmt: skip
WOMEN = {"Maya": "maya", "Noor, another patient": "noor"}
THEIRS = WOMEN | {
    "Dr Marchetti, hers": "maya", "nurse": "maya", "therapist": "maya", "Dr Hale, not her team": "noor",
    "Dr Ibarra, another clinic": "far",
}  # fmt: skip
"""Whose record is theirs: her own, or that of the one they look after."""
NOBODY = "nobody signed in"
EVERYBODY = (NOBODY, *WOMEN, "Sam, her partner", LET_IN_BY_MAYA, *ROLES)
MADE_ANEW = ("AuditRow", "SweepFinding", "SweepWoman")
"""Rows about a woman that are nobody's words: the trail, and what the last look at everybody found."""
OF_THE_GATE = ('"care_auditrow"', '"care_audithead"', '"care_deed"')
"""Tables that the gate itself writes to, about nothing of the record."""
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
        if argument in ("patient", "her"):
            return str(hers.patient.pk)
        if hasattr(hers, argument):
            return str(getattr(hers, argument).pk)
        if kind == "uuid":
            return str(hers.entry.pk)
        assert argument in TEXT_ARGUMENTS, f"Say in tests/care/test_matrix.py what {argument!r} may be in /{address}."
        return TEXT_ARGUMENTS[argument]

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: TEXT_ARGUMENTS[found[1]], address).replace("^", "").strip("$")
    return "/" + re.sub(r"<([^>]+)>", value, plain)


def kinds():
    """Every kind of row that belongs to a woman."""
    for model in apps.get_app_config("care").get_models():
        if any(field.name == "patient" for field in model._meta.fields):
            yield model


def rows_of(hers):
    """How many rows of each kind belong to this woman."""
    return {kind.__name__: kind._default_manager.filter(patient=hers.patient).count() for kind in kinds()}


def all_of(hers):
    """Every value of every row of this woman."""
    found = {"Patient": list(Patient.objects.filter(pk=hers.patient.pk).values_list())}
    for kind in kinds():
        if kind.__name__ not in MADE_ANEW:
            rows = kind._default_manager.filter(patient=hers.patient).order_by("pk")
            found[kind.__name__] = list(rows.values_list())
    return found


class Wrote:
    """What was written, sessions apart: a form that arrives signed out waits in one."""

    def __init__(self):
        self.words = []

    def __call__(self, execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in sql[:40]:
            self.words.append(" ".join(sql.split()[:3]).removesuffix(" SET"))
        return execute(sql, *rest)


@contextmanager
def undone():
    """What is done in it is gone after it."""
    point = transaction.savepoint()
    yield
    transaction.set_rollback(False)
    transaction.savepoint_rollback(point)


def ask(client, address, method, patient=""):
    client.raise_request_exception = False
    if method == "GET":
        return client.get(address)
    kept = client.cookies.get("sessionid")
    fields = {"key": str(uuid4()), "patient": patient, "version": 1, "words": "x", "next": "/"}
    answer = client.post(address, fields)
    if kept is not None:  # this one may have signed them out
        client.cookies["sessionid"] = kept.value
    return answer


def opens(who, policy, own):
    """Is this door theirs?  `own`: it is about the woman who is theirs."""
    if policy.audience in ("anyone", "machine"):
        return True
    if policy.audience == "signed in":
        return who != NOBODY
    if policy.audience == "herself":
        return who in WOMEN
    return policy.audience == "staff" and ROLES.get(who) in policy.roles and (own or not policy.patient)


def theirs_to(who, name):
    """Whose record is theirs, on this page."""
    if who == "front desk" and name in HOW_SHE_IS_REACHED:
        return {"maya", "noor"}
    return {THEIRS[who]} if who in THEIRS else set()


def wrong_with(who, param, method, client, women, about):
    """What is wrong with one cell of the matrix, in words."""
    address, name, policy = param.values
    theirs, wrote = theirs_to(who, name), Wrote()
    mine = opens(who, policy, about in theirs)
    with connection.execute_wrapper(wrote):
        answer = ask(client, filled(address, women[about]), method, str(women[about].patient.pk))
    said = answer.content.decode("utf-8", "replace") + answer.headers.get("Location", "")
    shows_hers = policy.audience in ("herself", "staff") or name in SHOWS_HER_OWN
    may_show = theirs if mine and shows_hers and who != "front desk" else ()
    if shown := [key for key, hers in women.items() if key not in may_show and canary(hers.patient) in said]:
        yield f"shows {shown}"
    if answer.status_code >= 500:
        yield f"gave {answer.status_code}"
    if not mine and answer.status_code not in ((302, 401) if who == NOBODY else (404,)):
        yield f"gave {answer.status_code}"
    if not mine and wrote.words:
        yield f"wrote {wrote.words}"
    looks = wrote.words.count('INSERT INTO "care_auditrow"')
    looked_at = mine and method == "GET" and answer.status_code == 200 and policy.audience in ("herself", "staff")
    if looked_at and looks != (not policy.quiet):
        yield f"left {looks} rows in the trail"
    if any(not one.endswith(OF_THE_GATE) for one in wrote.words):
        yield from (
            f"changed something of {key}" for key in women if key not in theirs and all_of(women[key]) != women[key].all
        )


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_sees_and_changes_only_what_is_theirs(people, who):
    """One cell for each route, way of asking and woman: her own, another of the clinic, and one of another clinic."""
    women = {"maya": fill(people.maya, people.marchetti), "noor": fill(people.noor, people.hale),
             "far": fill(people.far, people.ibarra)}  # fmt: skip
    if who == LET_IN_BY_MAYA:
        let_somebody_in(people.maya, people.sam)
    for hers in women.values():
        hers.all = all_of(hers)
    client = signed_in(people.sam if who == LET_IN_BY_MAYA else people.everybody()[who])
    wrong, cells = [], 0
    for param in every_route():
        address, _, policy = param.values
        for about in women if "uuid:" in address or policy.audience == "herself" else ["maya"]:
            for method in ("GET", "POST"):
                cells += 1
                with undone():
                    found = list(wrong_with(who, param, method, client, women, about))
                wrong += [f"{method} /{address} about {about}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)
    assert cells > 550


def test_a_password_alone_opens_nothing_of_the_clinic(people):
    maya = fill(people.maya, people.marchetti)
    for who in ROLES:
        client = signed_in(people.everybody()[who], second_factor=False)
        for param in every_route():
            address, _, policy = param.values
            for method in ("GET", "POST") if policy.audience in ("staff", "herself", "helper") else ():
                answer = ask(client, filled(address, maya), method)
                assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/"), f"{who}: {method} /{address}"


def test_somebody_she_let_in_sees_one_page_and_nothing_anybody_wrote(people):
    fill(people.maya, people.marchetti)
    his = let_somebody_in(people.maya, people.sam)
    answer = signed_in(people.sam).get(f"/with/{his.pk}")
    assert answer.status_code == 200
    assert canary(people.maya) not in answer.content.decode()


@pytest.mark.parametrize(("address", "name", "policy"), list(every_route()))
def test_the_policy_is_the_one_written_down_here(address, name, policy):
    assert isinstance(policy, Policy), f"/{address} has no policy"
    if name == "medicine":  # two pages have this name
        name = "medicine (what is known)" if address.startswith("medicines") else "medicine (hers)"
    written = [(who, set(roles), theirs) for who, roles, theirs, names in WHOSE if name in names]
    assert written == [(policy.audience, set(policy.roles), policy.patient)], f"Say in one list whose {name} is."
    assert address.startswith("patients/<uuid:patient>") == (policy.audience == "staff" and policy.patient)


def test_no_list_names_a_route_that_is_not_there():
    names = {param.values[1] for param in every_route()} | {"medicine (what is known)", "medicine (hers)"}
    assert sorted(name for *_, listed in WHOSE for name in listed if name not in names) == []


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
