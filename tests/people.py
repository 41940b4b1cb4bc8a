"""The cast of the record: who is who at the clinic, and a browserless way to be each of them.

Maya Okafor-Lind is the patient; Dr Marchetti is hers; Dr Hale works at the same clinic and is not of her team; Dr
Ibarra works at another; Sam is Maya's partner, and in these tests he holds her phone. Noor is another patient of Dr
Marchetti's clinic whom Dr Hale looks after.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from althea.care.models import Clinic, Member, Patient, Role, TeamPlace, User

NOW = datetime(2026, 6, 9, 14, 6, tzinfo=UTC)  # Tuesday 9 June, 10:06 in New York
BORN = date(1994, 2, 14)


@dataclass
class Cast:
    clinic: Clinic
    elsewhere: Clinic
    maya: Patient
    noor: Patient
    far: Patient  # a patient of the other clinic
    marchetti: Member
    hale: Member
    ibarra: Member
    nurse: Member
    therapist: Member
    desk: Member
    admin: Member
    sam: User
    noors: User

    def everybody(self) -> dict[str, User | None]:
        """The principals of the access matrix."""
        return {
            "nobody signed in": None,
            "Maya": self.maya.user,
            "Noor, another patient": self.noors,
            "Sam, her partner": self.sam,
            "front desk": self.desk.user,
            "nurse": self.nurse.user,
            "therapist": self.therapist.user,
            "Dr Marchetti, hers": self.marchetti.user,
            "Dr Hale, not her team": self.hale.user,
            "Dr Ibarra, another clinic": self.ibarra.user,
            "practice admin": self.admin.user,
        }


def a_user(name: str, email: str) -> User:
    return User.objects.create_user(email, "a long enough password", name=name)


def a_member(clinic: Clinic, name: str, email: str, role: str) -> Member:
    return Member.objects.create(user=a_user(name, email), clinic=clinic, role=role)


def a_patient(clinic: Clinic, name: str, *, user: User | None = None, born_on: date = BORN) -> Patient:
    email = user.email if user is not None else f"{uuid4()}@example.org"
    return Patient.objects.create(clinic=clinic, user=user, name=name, born_on=born_on, email=email)


def look_after(member: Member, patient: Patient, since: datetime = NOW - timedelta(days=400)) -> None:
    TeamPlace.objects.create(patient=patient, member=member, since=since)


def cast() -> Cast:
    """Everybody, in the database."""
    clinic = Clinic.objects.create(name="Riverside Women's Clinic", phone="555 0100")
    elsewhere = Clinic.objects.create(name="Hillside Practice")
    maya_user, noors = a_user("Maya Okafor-Lind", "maya@example.org"), a_user("Noor Haddad", "noor@example.org")
    made = Cast(
        clinic=clinic,
        elsewhere=elsewhere,
        maya=a_patient(clinic, "Maya Okafor-Lind", user=maya_user),
        noor=a_patient(clinic, "Noor Haddad", user=noors),
        far=a_patient(elsewhere, "Far Away"),
        marchetti=a_member(clinic, "Dr Marchetti", "marchetti@example.org", Role.PRESCRIBER),
        hale=a_member(clinic, "Dr Hale", "hale@example.org", Role.PRESCRIBER),
        ibarra=a_member(elsewhere, "Dr Ibarra", "ibarra@example.org", Role.PRESCRIBER),
        nurse=a_member(clinic, "Nurse Okoye", "okoye@example.org", Role.NURSE),
        therapist=a_member(clinic, "Lena Whitlock", "whitlock@example.org", Role.THERAPIST),
        desk=a_member(clinic, "Front desk", "desk@example.org", Role.FRONT_DESK),
        admin=a_member(clinic, "Practice admin", "admin@example.org", Role.ADMIN),
        sam=a_user("Sam Lind", "sam@example.org"),
        noors=noors,
    )
    for member in (made.marchetti, made.nurse, made.therapist):
        look_after(member, made.maya)
    look_after(made.hale, made.noor)
    look_after(made.ibarra, made.far)
    return made


def signed_in(user: User | None, *, second_factor: bool = True) -> Client:
    """A browserless browser in which this person has signed in (None: nobody has)."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="althea.care.sign_in.Backend")
        session, at = client.session, time.time()
        methods = ["password", "mfa"] if second_factor else ["password"]
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": one, "at": at} for one in methods]
        session.save()
    return client


def send(client: Client, address: str, **fields: object) -> object:
    """Send a form as a page would: with a key of its own."""
    return client.post(address, {"key": str(uuid4()), **fields})
