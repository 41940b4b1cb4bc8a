"""Did this person, just now, with a second factor, sign exactly this?

What is signed is a text: the digest of the canonical JSON of what was on the page. The page shows it, a one-time code
(or a passkey) is asked for it, and the signature holds it; another text, another person, or the same code again is
refused. A code counts once: allauth remembers which were used.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from althea.care.models import Signature, User


class NotSigned(Exception):
    """The second factor was not right; its words are the page's."""


def digest_of(shown: Any) -> str:
    """SHA-256 of exactly what was shown: sorted keys, no spaces, dates and decimals as text."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def sign_with_code(*, signer: User, code: str, digest: str, shown: str, at: datetime) -> Signature:
    """A signature of `shown` by a one-time code. `digest`: of what the record holds now; both must be one text."""
    if shown != digest:
        raise NotSigned("Something changed since this page was shown. Read it again, then sign.")
    keys = Authenticator.objects.filter(user=signer, type=Authenticator.Type.TOTP).first()
    if keys is None:
        raise NotSigned("You have no second factor yet. Set one up under your name, then sign.")
    if not TOTP(keys).validate_code(code.replace(" ", "")):
        raise NotSigned("That code did not match, or was used already. Wait for the next one and enter it.")
    return Signature.objects.create(signer=signer, digest=digest, method="totp", at=at)
