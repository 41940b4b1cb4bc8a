"""Who is who?  The clinic, those who work there, the women in its care, and whom each of them let in."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from althea.care.models.frozen import Versioned


class Clinic(models.Model):
    """A practice. Nothing is shared between two."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, default="US")
    time_zone = models.CharField(max_length=64, default="America/New_York")
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=120, blank=True)  # when somebody reads what she sends, in her words
    crisis_lines: models.JSONField[Any] = models.JSONField(default=list)
    """[{"name", "number", "how"}], first one first. Shown on the help page; kept by the clinic."""

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **named: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **named)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in. What they may do follows from `Member`, `Patient` and `Proxy`, never from here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False  # there is no admin site
    is_superuser = False

    objects = Users()

    def __str__(self) -> str:
        return self.name or "somebody"


class Role(models.TextChoices):
    PRESCRIBER = "prescriber"
    NURSE = "nurse"
    THERAPIST = "therapist"
    FRONT_DESK = "front desk"
    ADMIN = "practice admin"


class Member(models.Model):
    """Somebody who works at a clinic."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="member")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=20, choices=Role)
    title = models.CharField(max_length=120, blank=True)  # "Psychiatrist", as she would say it
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(role__in=Role.values), name="member_role")]

    def __str__(self) -> str:
        return str(self.user)


class Patient(Versioned):
    """A woman in the clinic's care. `called`: what she wants to be called."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="patient")
    name = models.CharField(max_length=200)
    called = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=10, default="female")  # FHIR administrative gender
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the clinic's
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    notices = models.CharField(max_length=10, default="email")  # email or none
    notice_words = models.CharField(max_length=40, blank=True)  # empty: "You have a new message."
    quiet_from = models.TimeField(null=True, blank=True)  # None: 9 in the evening
    quiet_until = models.TimeField(null=True, blank=True)  # None: 8 in the morning
    confidant = models.CharField(max_length=100, blank=True)  # "Sam": whom she would call
    confidant_phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["clinic", "name"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(notices__in=["email", "none"]), name="patient_notices"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.called or self.name.split(" ")[0]


class TeamPlace(models.Model):
    """Who of the clinic looks after her. Only they see her chart."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="team")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="patients")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "member"], condition=models.Q(until__isnull=True), name="team_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.patient_id}"


class Proxy(models.Model):
    """Somebody she let in: to what, until when. Nothing unless she said so, and she may end it at any time.

    `called` and `email` are hers to write. Until the link was followed (`accepted_at`) there is nobody, and nothing is
    seen; of the link only its digest is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="proxies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="proxy_for")
    called = models.CharField(max_length=100, blank=True)  # "Sam"
    email = models.EmailField(blank=True)
    may: models.JSONField[Any] = models.JSONField(default=list)  # words of `access.PROXY_MAY`; empty: nothing
    until = models.DateTimeField()
    digest = models.CharField(max_length=64, null=True, unique=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    link_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} for {self.patient_id}"


class Invitation(models.Model):
    """A link that lets her make her own account, once. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)
