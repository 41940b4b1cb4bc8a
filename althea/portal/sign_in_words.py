"""What the sign-in page says besides: the notices as a lock screen would show them, and whether this is the demo."""

from typing import Any

from django.conf import settings

from althea.care.outbox import WORDS


def words(request: Any) -> dict[str, Any]:
    """A template context processor; cheap, and without the database."""
    if not request.path.startswith("/account/"):
        return {}
    shown = [(WORDS["check-in"], "8:00 am"), (WORDS["message"], "Tuesday"), (WORDS["visit"], "Monday")]
    return {"lock_screen": shown, "demo": settings.ALTHEA_DEMO}
