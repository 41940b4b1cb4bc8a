"""Did this person, just now, with a second factor, sign exactly this?

What is signed is a text: the digest of the canonical JSON of what was on the page. The page shows it, a one-time code
or a passkey is asked for it, and the signature holds it; another text, another person, or the same proof again is
refused. A code counts once. A passkey signs a challenge that is made of the digest, so that what it was touched for
can be told afterwards.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from fido2.utils import websafe_encode
from fido2.webauthn import UserVerificationRequirement

from althea.care.models import Signature, User

MOST_WRONG, WRONG_SECONDS = 5, 300
"""So many wrong codes, and signing waits for so long: a code has only six digits."""
CHANGED = "Something changed since this page was shown. Read it again, then sign."
NO_FACTOR = "You have no second factor yet. Set one up under your name, then sign."
WRONG_CODE = "That code did not match, or was used already. Wait for the next one and enter it."
WRONG_PASSKEY = "The passkey did not answer for this text. Read it again, then sign."
TOO_MANY = "Too many codes did not match. Wait five minutes, then sign."


class NotSigned(Exception):
    """The second factor was not right; its words are the page's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came with the form. `state`: what the server kept of the passkey's question, taken out of the session."""

    code: str = ""
    passkey: str = ""
    state: dict[str, Any] | None = None


def digest_of(shown: Any) -> str:
    """SHA-256 of exactly what was shown: sorted keys, no spaces, dates and decimals as text."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def sign(*, signer: User, proof: Proof, digest: str, shown: str, at: datetime) -> Signature:
    """A signature of `shown`. `digest`: of what the record holds now; both must be one text. Raises NotSigned."""
    if proof.passkey:
        return sign_with_passkey(
            signer=signer, answer=proof.passkey, state=proof.state, digest=digest, shown=shown, at=at
        )
    return sign_with_code(signer=signer, code=proof.code, digest=digest, shown=shown, at=at)


def sign_with_code(*, signer: User, code: str, digest: str, shown: str, at: datetime) -> Signature:
    """By a one-time code of the signer's own authenticator."""
    if shown != digest:
        raise NotSigned(CHANGED)
    keys = Authenticator.objects.filter(user=signer, type=Authenticator.Type.TOTP).first()
    if keys is None:
        raise NotSigned(NO_FACTOR)
    wrong = f"althea.signing.wrong.{signer.pk}"
    if cache.get(wrong, 0) >= MOST_WRONG:
        raise NotSigned(TOO_MANY)
    digits = "".join(code.split())
    if not TOTP(keys).validate_code(digits) or not _first_use(signer, digits):
        cache.add(wrong, 0, timeout=WRONG_SECONDS)
        cache.incr(wrong)
        raise NotSigned(WRONG_CODE)
    cache.delete(wrong)
    return Signature.objects.create(signer=signer, digest=digest, method="totp", at=at)


def _first_use(signer: User, digits: str) -> bool:
    """A code is used once for as long as it could be right, whatever the tolerance."""
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)
    return bool(cache.add(f"althea.signing.used.{signer.pk}.{digits}", "y", timeout=seconds))


# --- the passkey ----------------------------------------------------------------------------------------------------


def ask_passkey(signer: User, digest: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """(what the browser is asked, what the server keeps of it). None: the signer has no passkey. Within a request."""
    credentials = passkeys.get_credentials(signer)
    if not credentials:
        return None
    nonce = secrets.token_hex(16)
    options, state = passkeys.get_server().authenticate_begin(
        credentials=credentials,
        user_verification=UserVerificationRequirement(app_settings.WEBAUTHN_USER_VERIFICATION),
        challenge=_challenge(nonce, digest),
    )
    return dict(options), {**state, "nonce": nonce, "signer": str(signer.pk)}


def sign_with_passkey(
    *, signer: User, answer: str, state: dict[str, Any] | None, digest: str, shown: str, at: datetime
) -> Signature:
    """By a passkey, whose challenge was made of this digest and of nothing else."""
    if shown != digest:
        raise NotSigned(CHANGED)
    if state is None or state.get("signer") != str(signer.pk):
        raise NotSigned(WRONG_PASSKEY)
    if state.get("challenge") != websafe_encode(_challenge(str(state.get("nonce", "")), digest)):
        raise NotSigned(CHANGED)
    kept = {key: value for key, value in state.items() if key not in ("nonce", "signer")}
    try:
        given = json.loads(answer)
        found = passkeys.get_server().authenticate_complete(kept, passkeys.get_credentials(signer), given)
    except (ValueError, TypeError, KeyError, AttributeError, ValidationError):
        raise NotSigned(WRONG_PASSKEY) from None
    used = passkeys.get_authenticator_by_credential_id(signer, found.credential_id)
    if used is None:
        raise NotSigned(WRONG_PASSKEY)
    used.record_usage()
    return Signature.objects.create(signer=signer, digest=digest, method="passkey", at=at)


def _challenge(nonce: str, digest: str) -> bytes:
    return hashlib.sha256(f"{nonce} {digest}".encode()).digest()


# --- the demo -------------------------------------------------------------------------------------------------------


def demo_code(signer: User) -> str:
    """In the demo: the code that this made-up person's authenticator shows now. Elsewhere, nothing is ever said."""
    if not settings.ALTHEA_DEMO:
        return ""
    keys = Authenticator.objects.filter(user=signer, type=Authenticator.Type.TOTP).first()
    if keys is None:
        return ""
    secret = decrypt(keys.data["secret"])
    counters = list(yield_hotp_counters_from_time())
    used = f"althea.signing.used.{signer.pk}."
    codes = (format_hotp_value(hotp_value(secret, one)) for one in counters[len(counters) // 2 :])
    return next((code for code in codes if not cache.get(used + code)), "")
