"""What the tests of prescribing share: Dr Marchetti's code, and a form as the composer sends it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record
from althea.care.days import today
from althea.care.models import Order, Signature
from tests.codes import code_now
from tests.people import signed_in


def on_of(people):
    return today(people.maya, timezone.now())


def with_code(member):
    TOTP.activate(member.user, generate_totp_secret())


@pytest.fixture
def codes(people):
    """Dr Marchetti has an authenticator; a code is taken once."""
    with_code(people.marchetti)
    yield
    cache.clear()


def code_of(member, ahead=0):
    """The code of now, or, where the settings allow one to each side, of the half minute after it."""
    secret = decrypt(Authenticator.objects.get(user=member.user, type="totp").data["secret"])
    return code_now(secret, ahead)


def tell(people, body, origin="clinic"):
    by, now = people.marchetti.user, timezone.now()
    return record.add(patient=people.maya, body=body, on=on_of(people), origin=origin, by=by, at=now)


def looked(people):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        tell(people, said.Looked(topic=topic))


def decided(people, chosen="sertraline"):
    body = said.Decision(
        about="options", chosen=chosen, chosen_words=chosen.capitalize(), whose="hers", reasons="I want to sleep."
    )
    return tell(people, body, "hers")


def form(people, *rows, **named):
    """Rows of (dose, how often, for how long)."""
    fields = {
        "medicine": "sertraline", "made_as": "oral tablet", "strength": "50 mg", "halves": "on",
        "starts": on_of(people).isoformat(), "why": "Low mood", "words": "With food.", "do": "save", **named,
    }  # fmt: skip
    for at, (dose, often, length) in enumerate(rows or [("50 mg", "morning", "")]):
        fields |= {f"dose-{at}": dose, f"often-{at}": often, f"length-{at}": length}
    return {name: value for name, value in fields.items() if value is not None}


def address(people, end="new"):
    return f"/patients/{people.maya.pk}/orders/{end}"


def post(people, fields, end="new", who=None):
    client = signed_in((who or people.marchetti).user)
    return client.post(address(people, end), {"key": str(uuid4()), **fields})


def a_draft(people, *rows, **named):
    answer = post(people, form(people, *rows, **named))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Order.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def digest(words):
    """Of the text that the page to sign shows."""
    return words.split('name="digest" value="')[1].split('"')[0]


def signed_as_shown(people, order):
    """The draft, opened at its page to sign and signed as it stands there."""
    words = signed_in(people.marchetti.user).get(address(people, f"{order.pk}/sign")).content.decode()
    answer = post(people, {"digest": digest(words), "code": code_of(people.marchetti)}, f"{order.pk}/sign")
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def on(people):
    """Today, with all of her record gone through."""
    looked(people)
    return on_of(people)


def step(first, last=None, dose="100 mg", **named):
    """One step of an order, as it is kept; without a last day it goes on."""
    return {
        "from": first.isoformat(), "until": last and last.isoformat(), "dose": dose, "times_a_day": 1,
        "when": "each morning", "take": f"1 tablet of {dose} each morning", "often": "morning", **named,
    }  # fmt: skip


def signed_order(people, days=60, **named):
    """An order that was signed so many days ago."""
    first = on_of(people) - timedelta(days=days)
    step = {
        "from": first.isoformat(), "until": None, "dose": "100 mg", "times_a_day": 1, "when": "each morning",
        "take": "2 tablets of 50 mg each morning", "often": "morning",
    }  # fmt: skip
    fields = {"patient": people.maya, "medicine": "sertraline", "steps": [step], "why": "Low mood", **named}
    begins, by = date.fromisoformat(fields["steps"][0]["from"]), people.marchetti.user
    at = timezone.now() - max(on_of(people) - begins, timedelta(0))
    signature = Signature.objects.create(signer=by, digest=uuid4().hex, method="totp", at=at)
    return Order.objects.create(drafted_by=by, drafted_at=at, signed_at=at, signature=signature, **fields)
