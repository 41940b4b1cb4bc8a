"""Two prescribers' browsers at the same moment: one signature, one end of the old order, and the other is told."""

import threading

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import connection, connections

from althea.care.actions import order as acting
from althea.care.models import Order, OrderEnd, Signature, Stale
from althea.care.ready import prepared
from althea.care.signing import NotSigned, Proof
from tests.care.ordering import asked
from tests.codes import code_now
from tests.people import NOW, cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def codes(settings):
    settings.MFA_TOTP_TOLERANCE = 3  # three codes of which none runs out meanwhile
    cache.clear()
    people, secret = cast(), generate_totp_secret()
    TOTP.activate(people.marchetti.user, secret)
    return people, [code_now(secret, ahead) for ahead in (0, 1, 2)]


def at_once(deeds):
    """Run them together; what each came to."""
    start, came = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            start.wait()
            deed()
            came.append("signed")
        except (acting.NotNow, NotSigned, Stale) as sorry:
            came.append(type(sorry).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def signing(people, order, code):
    user = people.marchetti.user
    shown = prepared(order, user, NOW).digest
    return lambda: acting.sign(order=order, proof=Proof(code=code), shown=shown, by=user, at=NOW)


if connection.vendor == "postgresql":  # SQLite has one writer at a time: nothing can happen at once there

    def test_one_draft_signed_in_two_tabs_at_once_is_signed_once(codes):
        people, numbers = codes
        order = acting.draft(patient=people.maya, asked=asked(), by=people.marchetti.user, at=NOW)
        came = at_once([signing(people, Order.objects.get(pk=order.pk), code) for code in numbers[:2]])
        assert came == ["NotNow", "signed"]
        assert Signature.objects.count() == 1

    def test_two_drafts_that_replace_one_order_at_once_end_it_once(codes):
        people, numbers = codes
        by = people.marchetti.user
        old = acting.draft(patient=people.maya, asked=asked(), by=by, at=NOW)
        signing(people, old, numbers[0])()
        old = Order.objects.get(pk=old.pk)
        drafts = [
            acting.draft(patient=people.maya, asked=asked((dose, "morning", ""), replaces=old), by=by, at=NOW)
            for dose in ("75 mg", "100 mg")
        ]
        came = at_once([signing(people, one, code) for one, code in zip(drafts, numbers[1:], strict=True)])
        assert len(came) == 2
        assert came.count("signed") == 1
        assert OrderEnd.objects.count() == 1
