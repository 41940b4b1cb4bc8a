"""Drafts and signatures, as the tests of orders make them."""

from datetime import date

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache

from althea.care import entries as said
from althea.care.actions import order as acting
from althea.care.actions import record
from althea.care.actions.order import Asked
from althea.care.ready import prepared
from althea.care.regimen import Row, Tablets, lay_out
from althea.care.signing import Proof
from althea.knowledge.quantity import Dose
from tests.codes import code_now
from tests.people import NOW

TODAY = date(2026, 6, 9)


@pytest.fixture(autouse=True)
def codes(people):
    """Dr Marchetti's authenticator, and Dr Hale's."""
    secrets = {member.user.pk: generate_totp_secret() for member in (people.marchetti, people.hale)}
    for member in (people.marchetti, people.hale):
        TOTP.activate(member.user, secrets[member.user.pk])

    def code(member, ahead=0):
        return code_now(secrets[member.user.pk], ahead)

    yield code
    cache.clear()


def tell(people, body, on=TODAY, origin="clinic"):
    return record.add(patient=people.maya, body=body, on=on, origin=origin, by=people.marchetti.user, at=NOW)


def looked(people):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        tell(people, said.Looked(topic=topic))


def decided(people, chosen="sertraline"):
    return tell(
        people,
        said.Decision(about="options", chosen=chosen, chosen_words=chosen.capitalize(), whose="hers"),
        origin="hers",
    )  # fmt: skip


def steps_of(*rows, starts=TODAY, ends=False):
    tablets = Tablets(tuple(Dose.parse(one) for one in ("25 mg", "50 mg", "100 mg")), halves=True)
    laid = lay_out([Row(*row) for row in rows], starts, tablets, ends=ends)
    assert laid.errors == {}
    return list(laid.steps)


def asked(*rows, medicine="sertraline", starts=TODAY, **named):
    steps = steps_of(*(rows or (("50 mg", "morning", ""),)), starts=starts, ends=named.get("stops", False))
    return Asked(medicine=medicine, steps=steps, why="Low mood", **named)


def a_draft(people, *rows, **named):
    return acting.draft(patient=people.maya, asked=asked(*rows, **named), by=people.marchetti.user, at=NOW)


def sign(people, order, code, shown=None, by=None):
    user = (by or people.marchetti).user
    shown = prepared(order, user, NOW).digest if shown is None else shown
    return acting.sign(order=order, proof=Proof(code=code), shown=shown, by=user, at=NOW)


def an_order(people, codes, *rows, ahead=0, **named):
    return sign(people, a_draft(people, *rows, **named), codes(people.marchetti, ahead))
