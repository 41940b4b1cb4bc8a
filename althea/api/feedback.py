"""What became of a card?  Read strictly, kept sparingly.

All entries of one call are kept or none.  `userComment` is read past and never stored: it may be about her.
"""

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from althea.api.http import Refused
from althea.api.models import CardFeedback

MOST = 1000
# Codes and addresses of code systems, narrow enough that no sentence fits in.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SYSTEM = re.compile(r"(urn|https?):[!-~]{1,190}")


def keep(service: str, body: dict[str, object], received_at: datetime) -> None:
    """Stores the feedback of one call, or raises `Refused` (400) with the place."""
    entries = body.get("feedback")
    if not isinstance(entries, list) or not entries:
        raise Refused(400, "feedback: missing or empty. Send a list with one entry for each card.")
    if len(entries) > MOST:
        raise Refused(400, f"feedback: more than {MOST} entries. Send them in parts.")
    rows = [_row(f"feedback[{n}]", entry, service, received_at) for n, entry in enumerate(entries)]
    with transaction.atomic():
        CardFeedback.objects.bulk_create(rows)


def _row(place: str, entry: object, service: str, received_at: datetime) -> CardFeedback:
    if not isinstance(entry, dict):
        raise Refused(400, f"{place}: not an object.")
    outcome = entry.get("outcome")
    if outcome not in CardFeedback.Outcome.values:
        raise Refused(400, f"{place}.outcome: must be accepted or overridden.")
    if outcome == CardFeedback.Outcome.ACCEPTED:
        _check_accepted(place, entry.get("acceptedSuggestions"))
    system, code = _reason(place, entry.get("overrideReason"))
    return CardFeedback(
        card=_uuid(f"{place}.card", entry.get("card")),
        service=service,
        outcome=outcome,
        reason_system=system,
        reason_code=code,
        outcome_timestamp=_moment(f"{place}.outcomeTimestamp", entry.get("outcomeTimestamp")),
        received_at=received_at,
    )


def _uuid(place: str, value: object) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else UUID("")
    except ValueError:
        raise Refused(400, f"{place}: must be the uuid of a card.") from None


def _moment(place: str, value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) and "T" in value else "")
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None or not 2000 <= moment.year <= 9000:
        raise Refused(400, f"{place}: must be a date and time with its zone, for example 2026-11-22T10:00:00Z.")
    return moment


def _check_accepted(place: str, suggestions: object) -> None:
    if not isinstance(suggestions, list) or not suggestions:
        raise Refused(400, f"{place}.acceptedSuggestions: an accepted card names the suggestions taken.")
    for n, one in enumerate(suggestions):
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not one["id"]:
            raise Refused(400, f"{place}.acceptedSuggestions[{n}].id: missing.")


def _reason(place: str, given: object) -> tuple[str | None, str | None]:
    if given is None:
        return None, None
    place = f"{place}.overrideReason"
    if not isinstance(given, dict) or not (given.get("reason") or given.get("userComment")):
        raise Refused(400, f"{place}: needs a reason, a userComment, or both.")
    reason = given.get("reason")
    if reason is None:
        return None, None
    if not isinstance(reason, dict):
        raise Refused(400, f"{place}.reason: must be a coding.")
    code, system = reason.get("code"), reason.get("system")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Refused(400, f"{place}.reason.code: must be one of the codes offered on the card.")
    if system is not None and (not isinstance(system, str) or not _SYSTEM.fullmatch(system)):
        raise Refused(400, f"{place}.reason.system: must be the address of a code system.")
    return system, code
