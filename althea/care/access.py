"""Who may open which door?  The policies, and the only way to a woman's record.

Deny by default: a route carries one of these policies (`route` gives it one) or it is not served, and the start-up
check refuses to start (`care/checks.py`). `gate.py` applies them before any page runs; a page never fetches a patient,
it is handed the one its policy allowed. A generated matrix asks every route as everybody (`tests/care/test_matrix.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import URLPattern, path
from django.utils import timezone

from althea.care.models import Clinic, Episode, Member, Patient, Proxy, Role, TeamPlace, User

Audience = Literal["anyone", "machine", "signed in", "herself", "staff", "helper"]

VISITS, DOSES, NAMES = "see visits", "see her calendar of doses", "see names of medicines"
PROXY_MAY = (VISITS, DOSES, NAMES)
"""What a woman may let somebody she trusts do. Nothing is given unless she says so."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may ask. `patient`: the address names one, and she must be theirs to look after. `asks`: a POST that only
    asks (the findings beside a draft) and writes nothing but the audit row of the look."""

    audience: Audience
    roles: frozenset[str] = frozenset()
    patient: bool = False
    asks: bool = False
    quiet: bool = False
    """No audit row for a look: it shows nothing of a person (a list of her own sessions, the crisis page)."""
    desk: bool = False
    """The front desk may too, of any woman of its clinic: the page shows nothing of her record."""


PUBLIC = Policy("anyone")
MACHINE = Policy("machine")  # carries its own token; `api` checks it
SIGNED_IN = Policy("signed in", quiet=True)
HERSELF = Policy("herself", patient=True)
HELPER = Policy("helper", patient=True)  # somebody she let in; the address names the `Proxy`, and nothing else opens

EVERY_ROLE = frozenset(Role.values)
CLINICAL = frozenset((Role.PRESCRIBER, Role.NURSE))


def staff(*roles: str) -> Policy:
    """Those who work at the clinic, in these roles: lists, never a chart."""
    return Policy("staff", frozenset(roles) or EVERY_ROLE)


def chart(*roles: str) -> Policy:
    """Those of her own team, in these roles."""
    return Policy("staff", frozenset(roles) or CLINICAL, patient=True)


def reaching() -> Policy:
    """How a woman is reached: for those of her team who treat her, and for the front desk, which knows of everybody."""
    return Policy("staff", CLINICAL | {Role.FRONT_DESK}, patient=True, desk=True)


def asking(policy: Policy) -> Policy:
    return replace(policy, asks=True)


def quiet(policy: Policy) -> Policy:
    """Shows nothing of a person: no audit row for a look."""
    return replace(policy, quiet=True)


def route(address: str, view: Callable[..., Any], policy: Policy, *, name: str) -> URLPattern:
    """One address of Althea, and who may ask for it."""

    def guarded(*args: Any, **named: Any) -> Any:
        return view(*args, **named)

    guarded.__name__ = getattr(view, "__name__", name)
    guarded.__module__ = view.__module__
    guarded.__doc__ = view.__doc__
    guarded.policy = policy  # type: ignore[attr-defined]
    if getattr(view, "csrf_exempt", False):
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return path(address, guarded, name=name)


DECLARED: dict[str, Policy] = {}
"""Policies of routes that other libraries bring, by the name of the route (`site/urls.py` fills it)."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who is asking, as far as the session proves it."""

    user: User
    member: Member | None = None
    patient: Patient | None = None

    @property
    def role(self) -> str:
        return self.member.role if self.member is not None else "herself" if self.patient is not None else "nobody"

    @property
    def clinic(self) -> Clinic | None:
        if self.member is not None:
            return self.member.clinic
        return self.patient.clinic if self.patient is not None else None


def who(user: User) -> Who:
    """The member or the patient this user is. Somebody who left the clinic is neither."""
    member = getattr(user, "member", None)
    if member is not None and (member.left_on is None or member.left_on > timezone.localdate()):
        return Who(user, member=member)
    patient = getattr(user, "patient", None)
    return Who(user, patient=patient)


def places_today() -> Any:
    """Who looks after whom today, as a queryset of places: begun, not over (a locum's has a last day already), and the
    colleague has not left the clinic. The one answer for who may see her, who is told, and whom she reads of."""
    now = timezone.now()
    runs = Q(until__isnull=True) | Q(until__gt=now)
    return TeamPlace.objects.filter(_works_here("member__"), runs, since__lte=now)


def _works_here(of: str = "") -> Q:
    return Q(**{f"{of}left_on__isnull": True}) | Q(**{f"{of}left_on__gt": timezone.localdate()})


def hers_to_see(member: Member) -> Any:
    """The patients this member looks after, as a queryset: the one filter of every list and every chart."""
    place = places_today().filter(patient=OuterRef("pk"), member=member)
    return Patient.objects.filter(Exists(place), clinic_id=member.clinic_id)


def told_of(patient: Patient) -> list[Member]:
    """Who gets a notice of what is open about her: those of her team who can open it. With none of them left, every
    prescriber of her clinic."""
    team = places_today().filter(patient=patient, member__role__in=CLINICAL).select_related("member__user")
    prescribers = Member.objects.filter(_works_here(), clinic=patient.clinic_id, role=Role.PRESCRIBER)
    return [place.member for place in team] or list(prescribers.select_related("user"))


def without_a_team(clinic: Clinic) -> Any:
    """The women in this clinic's care whom nobody looks after who could open what is told of them, as a queryset. One
    whose care was closed is not among them."""
    told = places_today().filter(patient=OuterRef("pk"), member__role__in=CLINICAL)
    care = Episode.objects.filter(patient=OuterRef("pk"))
    return Patient.objects.filter(
        ~Exists(told), ~Exists(care) | Exists(care.filter(closed_on__isnull=True)), clinic=clinic
    )


def patient_for(asking_: Who, policy: Policy, patient_id: UUID | None) -> Patient | None:
    """The patient this policy lets them see; None is "not found", whether she exists or not."""
    if policy.audience == "herself":
        return asking_.patient if patient_id is None or patient_id == getattr(asking_.patient, "pk", None) else None
    if policy.audience == "staff" and asking_.member is not None and patient_id is not None:
        at_desk = policy.desk and asking_.member.role == Role.FRONT_DESK
        hers = Patient.objects.filter(clinic=asking_.member.clinic_id) if at_desk else hers_to_see(asking_.member)
        found: Patient | None = hers.filter(pk=patient_id).first()
        if found is not None:
            found.clinic = asking_.member.clinic  # it is the same: the filter says so
        return found
    return None


def let_in(user: User) -> Any:
    """Where this person is let in today, as a queryset: accepted, not ended, its day not past."""
    now = timezone.now()
    return Proxy.objects.filter(user=user, accepted_at__isnull=False, ended_at__isnull=True, until__gt=now)


def proxy_for(user: User, proxy_id: UUID | None) -> Proxy | None:
    """The one of these that the address names. None is "not found", whether it ended, was another's or never was."""
    found: Proxy | None = let_in(user).select_related("patient__clinic").filter(pk=proxy_id).first()
    return found


def proxy_may(user: User, patient: Patient, what: str) -> bool:
    """May somebody she let in do this?  Only what she named, until the day she named."""
    return any(what in one.may for one in let_in(user).filter(patient=patient))
