"""The rows of the record and of the work."""

from althea.care.models.course import (
    CheckIn,
    CheckInAnswer,
    Episode,
    Intake,
    IntakeAnswer,
    IntakeSettled,
    Offer,
    OfferReply,
    Trial,
    TrialStep,
)
from althea.care.models.entry import Entry, Origin
from althea.care.models.frozen import OnlyAdded, Stale
from althea.care.models.orders import FindingSeen, Order, OrderEnd, Signature
from althea.care.models.people import Clinic, Invitation, Member, Patient, Proxy, Role, TeamPlace, User
from althea.care.models.sweep import Sweep, SweepFinding, SweepWoman
from althea.care.models.trail import AuditHead, AuditRow, Deed, Outgoing, TickDone
from althea.care.models.work import Message, MessageRead, Visit, WorklistItem

__all__ = [
    "AuditHead", "AuditRow", "CheckIn", "CheckInAnswer", "Clinic", "Deed", "Entry", "Episode", "FindingSeen",
    "Intake", "IntakeAnswer", "IntakeSettled", "Invitation", "Member", "Message", "MessageRead", "Offer",
    "OfferReply", "OnlyAdded", "Order", "OrderEnd", "Origin", "Outgoing", "Patient", "Proxy", "Role", "Signature",
    "Stale", "Sweep", "SweepFinding", "SweepWoman", "TeamPlace", "TickDone", "Trial", "TrialStep", "User", "Visit",
    "WorklistItem",
]  # fmt: skip
