"""Who is asking?  A CDS client signs a token for each call; this says whether to believe it.

Asked for everywhere except in the demo: ES384 or RS384, signed with a key that the settings hold for its
issuer, for exactly this address, living at most five minutes, used once.  Keys that a token brings along or
points to (jwk, jku, x5u) are never looked at.
"""

import hashlib
import time
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from althea.api.http import Refused
from althea.fhir.parse import NotReadable, parse

ALGORITHMS = ("ES384", "RS384")
LIFE = 300  # seconds
SKEW = 60  # two clocks may differ by this much
LONGEST = 8192


def check_token(request: HttpRequest, audiences: list[str]) -> None:
    """Raises `Refused` (401) unless the demo is on or the token is good for one of these addresses."""
    if settings.ALTHEA_DEMO:
        return
    given = request.headers.get("Authorization", "")
    if not given:
        raise _refused("This address needs a signed token.", error="")
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST:
        raise _refused("Send 'Authorization: Bearer' and a signed token.")
    claims = _verified(token)
    now = time.time()
    _check_claims(claims, audiences, now)
    _check_first_use(claims, now)


def _refused(why: str, error: str = "invalid_token") -> Refused:
    challenge = 'Bearer realm="althea"' + (f', error="{error}"' if error else "")
    return Refused(401, why, {"WWW-Authenticate": challenge})


def _part(text: str) -> dict[str, object]:
    """One of a token's dotted parts, not yet believed."""
    try:
        read = parse(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NotBase64, NotReadable, ValueError):
        raise _refused("The token cannot be read.") from None
    if not isinstance(read, dict):
        raise _refused("The token cannot be read.")
    return read


def _verified(token: str) -> dict[str, object]:
    """The claims, once the signature is that of a known issuer's own key."""
    parts = token.split(".")
    if len(parts) != 3:
        raise _refused("The token cannot be read.")
    header, claims = _part(parts[0]), _part(parts[1])
    if header.get("alg") not in ALGORITHMS:
        raise _refused("The token must be signed with ES384 or RS384.")
    if "crit" in header or header.get("typ", "JWT") not in ("JWT", "jwt"):
        raise _refused("The token is of a kind that is not accepted.")
    issuer = claims.get("iss")
    clients: dict[str, Any] = settings.ALTHEA_CDS_CLIENTS
    keys = clients.get(issuer) if isinstance(issuer, str) else None
    if not keys:
        raise _refused("The token's issuer is not known here.")
    usable = [key for key in keys["keys"] if header.get("kid") and key.get("kid") == header["kid"]]
    if not usable:
        raise _refused("The token's key is not known here.")
    try:
        verified = jwt.decode(token, KeySet.import_key_set({"keys": usable}), algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError):
        raise _refused("The token's signature is not right.") from None
    return verified.claims


def _moment(claims: dict[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(f"The token's {name} is missing or not a number.")
    return value


def _check_claims(claims: dict[str, object], audiences: list[str], now: float) -> None:
    if claims.get("aud") not in audiences and claims.get("aud") not in [[one] for one in audiences]:
        raise _refused("The token is for another address.")
    expires, issued = _moment(claims, "exp"), _moment(claims, "iat")
    if expires <= now:
        raise _refused("The token has expired.")
    if expires - issued > LIFE or expires > now + LIFE + SKEW:
        raise _refused("The token lives longer than five minutes.")
    if issued > now + SKEW or ("nbf" in claims and _moment(claims, "nbf") > now + SKEW):
        raise _refused("The token is not valid yet.")


def _check_first_use(claims: dict[str, object], now: float) -> None:
    """Last of all, so that only a token which is good in every other way uses up its id."""
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.strip() or len(jti) > 256:
        raise _refused("The token has no usable id (jti).")
    seen = hashlib.sha256(f"{claims['iss']}\n{jti}".encode()).hexdigest()
    if not cache.add(f"jti-{seen}", 1, timeout=int(_moment(claims, "exp") - now) + SKEW):
        raise _refused("The token was used before.")
