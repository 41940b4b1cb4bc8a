"""Which systems may ask for advice, and with which keys?  Read and checked when Althea starts."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Clients = dict[str, dict[str, Any]]


def cds_clients(text: str) -> Clients:
    """{issuer: JWKS} from JSON, or from the JSON file at that path.  Empty: nobody may ask."""
    text = text.strip()
    if not text:
        return {}
    try:
        clients = json.loads(text if text.startswith("{") else Path(text).read_text("utf-8"))
    except (OSError, ValueError):
        raise ImproperlyConfigured("ALTHEA_CDS_CLIENTS is neither JSON nor the path of a JSON file.") from None
    if not isinstance(clients, dict):
        raise ImproperlyConfigured("ALTHEA_CDS_CLIENTS is not an object of issuers and their JWKS.")
    for issuer, keys in clients.items():
        if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list) or not keys["keys"]:
            raise ImproperlyConfigured(f"ALTHEA_CDS_CLIENTS: {issuer} has no keys.")
        for number, key in enumerate(keys["keys"]):
            problem = _problem(key)
            if problem:
                raise ImproperlyConfigured(f"ALTHEA_CDS_CLIENTS: {issuer}, key {number}: {problem}.")
    return clients


def _problem(key: Any) -> str | None:
    if not isinstance(key, dict) or not isinstance(key.get("kid"), str) or not key["kid"]:
        return "it has no kid"
    if "d" in key:
        return "it is the private key; only its owner may have that"
    if key.get("kty") == "EC" and key.get("crv") == "P-384":
        return None
    if key.get("kty") == "RSA" and isinstance(key.get("n"), str):
        modulus = int.from_bytes(urlsafe_b64decode(key["n"] + "=" * (-len(key["n"]) % 4)))
        return None if modulus.bit_length() >= 2048 else "an RSA key needs at least 2048 bits"
    return "it must be an EC key on P-384 or an RSA key"
