"""Maya nine weeks after birth, with options to choose between: what the tests of choosing begin with."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from althea.care import choosing
from althea.care import entries as said
from althea.care.actions import decide, offer, record
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.models import WorklistItem

SEEN = ("benefits and side effects", "other options, and none")


def told(people, body, *, on=None, patient=None):
    """An entry of her record, as of today."""
    patient = patient or people.maya
    at = timezone.now()
    return record.add(
        patient=patient, body=body, on=on or today(patient, at), origin="clinic", by=people.marchetti.user, at=at
    )


def after_a_birth(people, patient=None):
    """Depression after a birth, breastfeeding, a copper coil: options were compared for this."""
    patient = patient or people.maya
    on = today(patient, timezone.now())
    born = on - timedelta(days=63)
    for topic in ("medicines", "conditions", "allergies", "observations"):
        told(people, said.Looked(topic=topic), patient=patient)
    told(people, said.Condition(text="Postpartum depression", code="F53.0", since=born), patient=patient)
    told(people, said.LifeStage(topic="delivery", value=born.isoformat()), on=born, patient=patient)
    for topic, value in (("breastfeeding", "yes"), ("pregnancy", "not pregnant"), ("contraception", "copper-iud")):
        told(people, said.LifeStage(topic=topic, value=value), patient=patient)
    told(people, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, reached="20 mg", weeks=60,
                               result="partly", why_stopped="Less desire for sex"), patient=patient)  # fmt: skip


def drafted(people, *, values=("breastfeeding", "sex"), candidates=("sertraline", "escitalopram"), patient=None):
    patient = patient or people.maya
    at = timezone.now()
    options = choosing.compare(chart_of(patient), today(patient, at), values=values, candidates=candidates)
    return offer.prepare(patient=patient, options=options, by=people.marchetti.user, at=at)


def shared(people, **named):
    """An offer that she sees."""
    draft = drafted(people, **named)
    return offer.share(offer=draft, words="We talk on Tuesday.", by=people.marchetti.user, at=timezone.now())


def replied(people, one, *, values=("sex",), leaning="sertraline", questions=""):
    return offer.reply(
        offer=one, values=values, leaning=leaning, questions=questions, by=people.maya.user, at=timezone.now()
    )


def decided(people, one, chosen="sertraline", **named):
    at = timezone.now()
    needs_a_day = chosen in ("no-medicine", "not-now", "cbt", "ipt")
    asked = {
        "offered": one, "seen": one.version, "shown": choosing.digest(one), "chosen": chosen, "whose": "hers",
        "reasons": "It is the one best known in breastfeeding.", "talked_over": SEEN,
        "review_on": today(people.maya, at) + timedelta(days=14) if needs_a_day else None,
        "by": people.marchetti.user, "at": at,
    }  # fmt: skip
    return decide.decide(**(asked | named))


def agreed(people, decision, how="on her phone"):
    from althea.care.models import Offer

    one = Offer.objects.filter(pk=decision.body["offer"] or None).first()
    text = decide.consent_text(decision, one)
    return decide.consent(
        decision=decision, text=text, shown=decide.text_digest(text), how=how, by=people.maya.user, at=timezone.now()
    )


def a_day(ahead: int) -> date:
    """A day by her clinic's clock, not by this machine's."""
    return timezone.now().astimezone(ZoneInfo("America/New_York")).date() + timedelta(days=ahead)


@pytest.fixture
def maya(people):
    after_a_birth(people)
    return people


def items(people, prefix):
    return list(WorklistItem.objects.filter(patient=people.maya, reason__startswith=prefix, closed_at__isnull=True))


def words(answer):
    """A page as one line."""
    return " ".join(answer.content.decode().split())
