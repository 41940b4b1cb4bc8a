"""How is the demo clinic made?  From `women/*.toml`, with histories that end today; never where real people are.

What happened to each woman is a list of deeds (`history.py`): the same actions as anywhere, with moments in the past.
The deeds of all of them are done in the order of their moments, so that the trail reads as one clinic's; at the end
the real nightly look makes the worklist.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from althea.care import everyone, jobs
from althea.care.days import today
from althea.care.demo.history import History
from althea.care.models import Clinic, Member, Outgoing, Patient, Role, User

STAFF = (
    ("marchetti", "Dr Marchetti", Role.PRESCRIBER, "Psychiatrist"),
    ("hale", "Dr Hale", Role.PRESCRIBER, "Psychiatric nurse practitioner"),
    ("okoye", "Nurse Okoye", Role.NURSE, "Nurse"),
    ("whitlock", "Lena Whitlock", Role.THERAPIST, "Psychotherapist"),
    ("desk", "Front desk", Role.FRONT_DESK, ""),
    ("practice", "Practice admin", Role.ADMIN, ""),
)
THEMES = {
    "perinatal": "Pregnant, or after a birth",
    "mood": "Depression",
    "bipolar": "Bipolar disorder",
    "worry": "Worry, panic and what stays after a fright",
    "other": "Premenstrual, attention, psychosis, sleep",
}
"""The files of the women, in the order in which they are read, and what their group is called."""


class NotADemo(Exception):
    """This is not the demo: nothing is made up here."""


@cache
def women() -> tuple[dict[str, Any], ...]:
    """As they are written, each with the `theme` of her file."""
    found: list[dict[str, Any]] = []
    for theme in THEMES:
        file = Path(__file__).with_name("women") / f"{theme}.toml"
        found += [one | {"theme": theme} for one in tomllib.loads(file.read_text("utf-8"))["woman"]]
    return tuple(found)


def email(who: str) -> str:
    return f"{who}@demo.example"


def build(now: datetime | None = None) -> Clinic:
    """Fill an empty database. Raises NotADemo outside the demo, or where there are patients already."""
    if not settings.ALTHEA_DEMO:
        raise NotADemo("These settings are not the demo's: no one is made up here.")
    if Patient.objects.exists():
        raise NotADemo("There are patients here already: the demo is built into an empty database.")
    at = now or timezone.now()
    with transaction.atomic():
        clinic = Clinic.objects.create(
            name="Riverside Women's Clinic", phone="555 0100", hours="in working hours, Monday to Friday"
        )
        staff = {key: _member(clinic, key, name, role, title) for key, name, role, title in STAFF}
        elsewhere = Clinic.objects.create(name="Hillside Practice")
        _member(elsewhere, "ibarra", "Dr Ibarra", Role.PRESCRIBER, "Psychiatrist")
        deeds = [deed for row in women() for deed in History(row, clinic, staff, at).deeds()]
        for deed in sorted(deeds, key=lambda one: one.at):
            deed.do()
        everyone.go_round(everyone.begin(clinic=clinic, by=None, at=at).pk, at)
        jobs.pass_over(clinic, today(clinic, at), at)
        jobs.due_reviews(clinic, today(clinic, at), at)
        _sent(at)
    return clinic


def _member(clinic: Clinic, key: str, name: str, role: str, title: str) -> Member:
    user = User.objects.create_user(email(key), None, name=name)
    if role == Role.PRESCRIBER:  # they sign as anywhere, with a code; in the demo the page shows it (care/signing.py)
        TOTP.activate(user, generate_totp_secret())
    return Member.objects.create(user=user, clinic=clinic, role=role, title=title)


def _sent(at: datetime) -> None:
    """Notices of the past went out in the past: the worker finds only those of the last hour to send."""
    old = Outgoing.objects.filter(not_before__lt=at - timedelta(hours=1))
    old.update(state=Outgoing.State.SENT, sent_at=F("not_before"))
