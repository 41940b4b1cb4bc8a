"""How is the demo clinic made?  From `women.toml`, with histories that end today; never where real people are.

The record is written through the same actions as anywhere, with moments in the past; what a prescriber once signed is
put there with a signature that says "demo". At the end the real nightly look makes the worklist.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from althea.care import entries as said
from althea.care import jobs
from althea.care.actions import intake as answering
from althea.care.actions import message, record, safety
from althea.care.actions import people as letting_in
from althea.care.actions import trial as trials
from althea.care.days import moment, today
from althea.care.known import knowledge
from althea.care.models import (
    CheckIn,
    Clinic,
    Episode,
    Intake,
    Member,
    Order,
    OrderEnd,
    Origin,
    Patient,
    Role,
    Signature,
    TeamPlace,
    User,
    Visit,
)
from althea.care.recheck import recheck
from althea.care.signing import digest_of

STAFF = (
    ("marchetti", "Dr Marchetti", Role.PRESCRIBER, "Psychiatrist"),
    ("hale", "Dr Hale", Role.PRESCRIBER, "Psychiatric nurse practitioner"),
    ("okoye", "Nurse Okoye", Role.NURSE, "Nurse"),
    ("whitlock", "Lena Whitlock", Role.THERAPIST, "Psychotherapist"),
    ("desk", "Front desk", Role.FRONT_DESK, ""),
    ("practice", "Practice admin", Role.ADMIN, ""),
)
DATES = ("since", "until", "review_on")
HERS = ("goal", "life-stage", "symptom", "side-effect", "dose-taken", "tobacco", "safety-plan", "medicine")
NOON = time(12)


class NotADemo(Exception):
    """This is not the demo: nothing is made up here."""


def women() -> list[dict[str, Any]]:
    """As they are written."""
    rows: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("women.toml").read_text("utf-8"))["woman"]
    return rows


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
        for row in women():
            _Woman(row, clinic, staff, at).make()
        for patient in Patient.objects.filter(clinic=clinic).select_related("clinic"):
            recheck(patient, at)
        jobs.due_reviews(clinic, today(clinic, at), at)
    return clinic


def _member(clinic: Clinic, key: str, name: str, role: str, title: str) -> Member:
    user = User.objects.create_user(email(key), None, name=name)
    return Member.objects.create(user=user, clinic=clinic, role=role, title=title)


class _Woman:
    """One woman and her history."""

    def __init__(self, row: dict[str, Any], clinic: Clinic, staff: dict[str, Member], at: datetime) -> None:
        self.row, self.clinic, self.staff, self.now = row, clinic, staff, at
        self.today = today(clinic, at)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def at(self, days: int, clock: time = NOON) -> datetime:
        """That day at this wall time, never later than now where the day is not ahead."""
        found = moment(self.clinic, self.ago(days), clock)
        return found if days < 0 else min(found, self.now)

    def make(self) -> None:
        row = self.row
        years, _, birthday = row["born"].partition(", ")
        user = User.objects.create_user(email(row["id"]), None, name=row["name"]) if row.get("account") else None
        confidant = row.get("confidant", ["", ""])
        self.patient = Patient.objects.create(
            clinic=self.clinic, user=user, name=row["name"], called=row.get("called", ""), email=email(row["id"]),
            born_on=self._born(int(years), birthday), confidant=confidant[0], confidant_phone=confidant[1],
        )  # fmt: skip
        self.user = user or self.staff[row["team"][0]].user
        self.by = self.staff[row["team"][0]].user
        for key in row["team"]:
            TeamPlace.objects.create(patient=self.patient, member=self.staff[key], since=self.at(1500))
        Episode.objects.create(patient=self.patient, why=row["why"], opened_on=self.ago(row.get("looked", 0)))
        if "looked" in row:
            for topic in ("medicines", "conditions", "allergies", "observations"):
                self._add(row["looked"], said.Looked(topic=topic), Origin.CLINIC)
        for what, reaction in row.get("allergy", ()):
            self._add(row["looked"], said.Allergy(text=what, reaction=reaction), Origin.HERS)
        for days, kind, body in row.get("says", ()):
            origin = Origin.HERS if kind in HERS else Origin.CLINIC
            self._add(days, said.of(kind, self._dated(body)), origin)
        for order in row.get("orders", ()):
            self._order(order)
        self._scores()
        self._rest()

    def _born(self, years: int, birthday: str) -> date:
        """A birthday on 29 February is one in a leap year."""
        month, day = map(int, birthday.split("-"))
        year = self.today.year - years - ((self.today.month, self.today.day) < (month, day))
        while (month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
            year -= 1
        return date(year, month, day)

    def _dated(self, body: dict[str, Any]) -> dict[str, Any]:
        """Days ago as days; "@63" in a value as a day as well."""
        found = {key: self.ago(value) if key in DATES else value for key, value in body.items()}
        value = found.get("value")
        if isinstance(value, str) and value.startswith("@"):
            found["value"] = self.ago(int(value[1:])).isoformat()
        return found

    def _add(self, days: int, body: said.Body, origin: Origin) -> Any:
        by = self.user if origin is Origin.HERS else self.by
        return record.add(
            patient=self.patient, body=body, on=self.ago(days), origin=origin, by=by, at=self.at(max(days, 0))
        )

    def _order(self, told: dict[str, Any]) -> None:
        """What was signed then, and the trial that began with it, with her decision where the story has one."""
        begun = told["on"]
        decision = None
        if "decision" in told:
            words = told["decision"]
            body = said.Decision(
                about="options", chosen=words["chosen"], chosen_words=words["words"], values=words["values"],
                reasons=words["reasons"], whose="hers", options=[words["chosen"], "no-medicine"],
                knowledge=str(knowledge().stamp),
            )  # fmt: skip
            decision = self._add(begun + 2, body, Origin.HERS)
        steps, first = [], begun
        for days, dose, take in told["steps"]:
            until = self.ago(first - days + 1).isoformat() if days else None
            steps.append(
                {"from": self.ago(first).isoformat(), "until": until, "dose": dose, "times_a_day": 1, "take": take}
            )
            first -= days
        signed = self.at(begun, time(9))
        shown = {"patient": str(self.patient.pk), "medicine": told["medicine"], "steps": steps}
        signature = Signature.objects.create(signer=self.by, digest=digest_of(shown), method="demo", at=signed)
        order = Order.objects.create(
            patient=self.patient, medicine=told["medicine"], steps=steps, why=told["problem"], decision=decision,
            drafted_by=self.by, drafted_at=signed, signature=signature, signed_at=signed,
            knowledge=str(knowledge().stamp),
        )  # fmt: skip
        if "ended" in told:
            days, why = told["ended"]
            OrderEnd.objects.create(order=order, on=self.ago(days), why=why, by=self.by, at=self.at(days))
            return
        if "weeks" in told:
            review_on = self.ago(told["review"]) if "review" in told else None
            trials.start(
                patient=self.patient, order=order, problem=told["problem"], scale=told["scale"],
                also=told.get("also", ()), weeks=told["weeks"], review_on=review_on, decision=decision, by=self.by,
                at=signed,
            )  # fmt: skip

    def _scores(self) -> None:
        """Scores of the past; today's check-in is left for her to do, where the story has one for today."""
        harm = {int(days): value for days, value in self.row.get("self_harm", {}).items()}
        for scale, rows in self.row.get("scores", {}).items():
            for days, total in rows:
                items = {"item 9": harm.get(days, 0)} if scale == "phq-9" else {}
                band = next((one.name for one in knowledge().scales[scale].bands if one.low <= total <= one.high), "")
                self._add(days, said.Score(scale=scale, total=Decimal(total), band=band, items=items), Origin.HERS)
                if harm.get(days) and days == 0:
                    safety.told(patient=self.patient, source="check-in of last night", question="phq-9/item 9",
                                value=harm[days], by=self.user, at=self.now)  # fmt: skip
        CheckIn.objects.filter(patient=self.patient, due_on__lt=self.today).update(state=CheckIn.State.DONE)
        for days, words in self.row.get("words", ()):
            self._add(days, said.Symptom(words=words), Origin.HERS)

    def _rest(self) -> None:
        row = self.row
        for days, whose, words in row.get("messages", ()):
            hers = whose == "hers"
            by = self.user if hers else self.by
            message.write(patient=self.patient, body=words, by=by, from_her=hers, at=self.at(days, time(7, 52)))
        for days, clock, what, *done in row.get("visits", ()):
            start = self.at(days, time.fromisoformat(clock)) if days < 0 else moment(
                self.clinic, self.ago(days), time.fromisoformat(clock)
            )  # fmt: skip
            Visit.objects.create(
                patient=self.patient, member=self.staff[row["team"][0]], at=start, what=what,
                done_at=start + timedelta(minutes=20) if done else None,
            )  # fmt: skip
        for question, words in row.get("intake", {}).items():
            intake, _ = Intake.objects.get_or_create(patient=self.patient, defaults={"sent_at": self.at(4)})
            answering.answer(
                intake=intake, question=question, value=words, said="answered", by=self.user, at=self.at(1, time(20))
            )
        if row.get("invited"):
            Intake.objects.create(patient=self.patient, sent_at=self.now)
            letting_in.invite(patient=self.patient, by=self.by, at=self.now)
