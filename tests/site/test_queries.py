"""Every page, for a clinic with a few women and with many: at most twelve queries, and not one more for the many. And
each is whole without script.

The routes are walked, not listed, with every row of a woman's that an address may name: a new page is here the moment
it exists. The women are some of the demo's, so that one has an offer and another none, one a trial and another none.
"""

import re

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from althea.care import everyone
from althea.care.checks import routes
from althea.care.demo import build as building
from althea.care.demo.build import email
from althea.care.gate import policy_of
from althea.care.models import Member, Patient
from althea.care.unsaved import page_above
from tests.care.canaries import fill
from tests.care.walking import addresses, rows_of
from tests.counting import OWN
from tests.people import a_patient, look_after, signed_in

pytestmark = pytest.mark.django_db
MOST = 12
WOMEN = ("maya", "priya", "yuki", "joanna", "leila", "ruth")
"""A trial and a review; a draft; options that she sees; options that she answered; an intake; asked and not answered."""
MANY = 50
ONLY_SENT_TO = 405
"""It has nothing to read: who opens it is led to the page whose form is sent there."""
IS_NO_PAGE = re.compile(
    r"^(cds-.*|livez|readyz|service-worker|manifest|welcome|let-in|beside|demo.*|.*_confirm_email)$"
)
"""Words for machines; pages that a link of a mail opens; the way into the demo."""


@pytest.fixture(scope="module")
def clinic(django_db_setup, django_db_blocker):
    """Some women of the demo, built once."""
    some = tuple(row for row in building.women() if row["id"] in WOMEN)
    with django_db_blocker.unblock(), override_settings(ALTHEA_DEMO=True), transaction.atomic():
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(building, "women", lambda: some)
            yield building.build()
        transaction.set_rollback(True)


def asked(client, there):
    """(how many queries, the status, what is missing without script)"""
    count = 0

    def counted(execute, sql, *rest):
        nonlocal count
        count += not sql.startswith(OWN)
        return execute(sql, *rest)

    with connection.execute_wrapper(counted):
        answer = client.get(there)
    leads_up = answer.get("Location") == page_above(there)
    return count, ONLY_SENT_TO if leads_up else answer.status_code, missing_in(answer)


def missing_in(answer):
    """What of this page only a script would bring: its heading, or what is fetched when it is loaded."""
    if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
        return ""
    words = answer.content.decode()
    asks_by_itself = re.findall(r'hx-trigger="[^"]*\b(load|revealed|intersect)\b', words)
    return "no heading" if "<h1" not in words else f"fetched on {asks_by_itself}" if asks_by_itself else ""


def walked():
    """(address, whose browser) -> queries, of every page that opens; and the routes that open to nobody."""
    marchetti = Member.objects.get(user__email=email("marchetti"))
    women = {who: Patient.objects.select_related("user").get(email=email(who)) for who in WOMEN}
    clients = {"": signed_in(None), "marchetti": signed_in(marchetti.user)}
    clients |= {who: signed_in(her.user) for who, her in women.items()}
    rows = {who: rows_of(her) for who, her in women.items()}
    found, closed, bare = {}, set(), set()
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is None or policy.audience == "machine" or IS_NO_PAGE.match(name):
            continue
        askers = {"marchetti": [{}]} | {"anyone": {"": [{}]}, "signed in": {"maya": [{}]}}.get(policy.audience, {})
        if policy.patient:
            askers = {"marchetti": rows.values()} if policy.audience == "staff" else {who: [rows[who]] for who in WOMEN}
        statuses = set()
        for who, all_of_them in askers.items():
            for there in (one for hers in all_of_them for one in addresses(address, name, hers)):
                if policy.audience == "signed in":  # such a page may write down at first what it shows
                    clients[who].get(there)
                count, status, missing = asked(clients[who], there)
                statuses.add(status)
                if status == 200:
                    found[there, who] = count
                    bare |= {(there, missing)} if missing and not policy.asks else set()
        if not statuses & {200, ONLY_SENT_TO}:
            closed.add(name)
    return clients, found, closed, bare


@pytest.fixture(scope="module")
def both(clinic, django_db_blocker):
    """(what every page took with a few women, with many, the routes that open to nobody, pages that need a script)."""
    with django_db_blocker.unblock(), override_settings(ALTHEA_DEMO=True):
        clients, few, closed, bare = walked()
        marchetti = Member.objects.select_related("clinic", "user").get(user__email=email("marchetti"))
        for number in range(MANY):
            woman = a_patient(marchetti.clinic, f"Woman {number:02}")
            look_after(marchetti, woman)
            fill(woman, marchetti)
        at = timezone.now()
        everyone.go_round(everyone.begin(clinic=marchetti.clinic, by=None, at=at).pk, at)
        many = {(there, who): asked(clients[who], there)[0] for there, who in few}
    return few, many, closed, bare


def test_no_page_takes_more_than_twelve_queries(both):
    few, many, *_ = both
    dear = {there: (few[there], many[there]) for there in few if max(few[there], many[there]) > MOST}
    assert dear == {}


def test_no_page_takes_one_query_more_for_many_women(both):
    few, many, *_ = both
    assert {there: (few[there], many[there]) for there in few if few[there] != many[there]} == {}


LEADS_ON = {
    "account_change_password", "account_confirm_login_code", "account_reauthenticate", "account_reset_password_from_key",
    "add-results", "again", "change", "changes-told", "check-in-now", "end-proxy", "look-after", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn", "mfa_generate_recovery_codes",
    "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes", "start",
}  # fmt: skip
"""They lead to another page, or open only for who has just done what leads there."""


def test_every_page_opened(both):
    few, _, closed, _ = both
    assert len(few) > 100
    assert sorted(closed - LEADS_ON) == []


def test_every_page_is_whole_without_script(both):
    """Nobody runs a script here: what a page says stands in it, and it waits for nothing."""
    *_, bare = both
    assert sorted(bare) == []
