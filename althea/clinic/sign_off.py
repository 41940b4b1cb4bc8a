"""What did I begin and not finish?  Orders I drafted and did not sign, options I prepared and did not share.

Prescriptions that run out are not among them: the record holds no supply. Two queries, however many women there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from althea.care.access import hers_to_see
from althea.care.known import knowledge
from althea.care.models import Member, Offer, Order

SHOWN = 4
"""So many of each; that there are others is said."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One line: where it is finished, and of whom."""

    icon: str
    words: str
    name: str
    url: str


def not_finished(member: Member) -> tuple[list[Begun], bool]:
    """(of her own patients what I began, the oldest first; are there others?)"""
    mine = hers_to_see(member)
    drafts = Order.objects.filter(patient__in=mine, drafted_by=member.user_id, signed_at__isnull=True)
    offers = Offer.objects.filter(
        patient__in=mine, prepared_by=member.user_id, shared_at__isnull=True, closed_at__isnull=True
    )
    orders = list(drafts.select_related("patient").order_by("drafted_at", "pk")[: SHOWN + 1])
    shares = list(offers.select_related("patient").order_by("prepared_at", "pk")[: SHOWN + 1])
    lines = [
        Begun("notebook-pen", f"{name[:1].upper()}{name[1:]}, not signed", one.patient.name,
              reverse("order", kwargs={"patient": one.patient_id, "order": one.pk}))
        for one in orders[:SHOWN]
        for name in (knowledge().name_of(one.medicine),)
    ]  # fmt: skip
    lines += [
        Begun("list-checks", "Options, not shared with her", one.patient.name,
              f"{reverse('offer', kwargs={'patient': one.patient_id})}?draft=1")
        for one in shares[:SHOWN]
    ]  # fmt: skip
    return lines, max(len(orders), len(shares)) > SHOWN
