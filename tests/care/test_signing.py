"""A passkey signs one text: its challenge is made of the digest, and another text, person or answer is refused."""

import json

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import RequestFactory
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from althea.care.models import Signature
from althea.care.signing import CHANGED, WRONG_PASSKEY, NotSigned, Proof, ask_passkey, demo_code, sign
from tests.people import NOW

pytestmark = pytest.mark.django_db
HOST = "testserver"
ORIGIN = f"https://{HOST}"


@pytest.fixture(autouse=True)
def within_a_request(settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    with context.request_context(RequestFactory().get("/", HTTP_HOST=HOST)):
        yield


class SoftKey:
    """A passkey of software: what a browser and an authenticator do together."""

    def __init__(self, user, name=b"one"):
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), name
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(sha256(HOST.encode()), 0x45, 0, held)
        client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"x" * 32, ORIGIN)
        credential = {
            "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
            },
        }  # fmt: skip
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": credential}
        )

    def answer(self, challenge):
        client = CollectedClientData.create(CollectedClientData.TYPE.GET, challenge, ORIGIN)
        data = AuthenticatorData.create(sha256(HOST.encode()), 0x05, 1)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(data),
                    "signature": websafe_encode(signature), "userHandle": None,
                },
            }
        )  # fmt: skip


def asked(user, digest):
    question, state = ask_passkey(user, digest)
    return websafe_decode(state["challenge"]), state, question


def test_the_answer_to_the_question_for_this_text_signs_it(people):
    user = people.marchetti.user
    key = SoftKey(user)
    challenge, state, _ = asked(user, "a" * 64)
    signed = sign(
        signer=user, proof=Proof(passkey=key.answer(challenge), state=state), digest="a" * 64, shown="a" * 64, at=NOW
    )
    assert (signed.method, signed.digest, signed.signer) == ("passkey", "a" * 64, user)
    assert Authenticator.objects.get(user=user).last_used_at is not None


def test_each_question_is_another_and_none_is_asked_of_who_has_no_passkey(people):
    user = people.marchetti.user
    assert ask_passkey(user, "a" * 64) is None
    SoftKey(user)
    assert asked(user, "a" * 64)[0] != asked(user, "a" * 64)[0]


def refused(people, user, passkey, state, digest="a" * 64, shown="a" * 64):
    with pytest.raises(NotSigned) as told:
        sign(signer=user, proof=Proof(passkey=passkey, state=state), digest=digest, shown=shown, at=NOW)
    assert not Signature.objects.exists()
    return str(told.value)


def test_an_answer_for_another_text_is_refused(people):
    user = people.marchetti.user
    key = SoftKey(user)
    challenge, state, _ = asked(user, "b" * 64)
    assert refused(people, user, key.answer(challenge), state) == CHANGED
    assert refused(people, user, key.answer(challenge), state, shown="b" * 64) == CHANGED
    own, mine, _ = asked(user, "a" * 64)
    assert refused(people, user, key.answer(challenge), mine) == WRONG_PASSKEY
    assert refused(people, user, key.answer(own), {**mine, "nonce": "0" * 32}) == CHANGED


def test_an_answer_that_was_not_asked_for_or_is_somebody_elses_is_refused(people):
    user, other = people.marchetti.user, people.hale.user
    key, theirs = SoftKey(user), SoftKey(other, b"two")
    challenge, state, _ = asked(user, "a" * 64)
    assert refused(people, user, key.answer(challenge), None) == WRONG_PASSKEY
    assert refused(people, other, key.answer(challenge), state) == WRONG_PASSKEY
    assert refused(people, user, theirs.answer(challenge), state) == WRONG_PASSKEY


@pytest.mark.parametrize("answer", ["x", "{}", "[]", "null", '{"id": 1}', "9" * 20_000, '{"response": {}}'])
def test_what_is_no_answer_is_refused_in_words(people, answer):
    user = people.marchetti.user
    SoftKey(user)
    _, state, _ = asked(user, "a" * 64)
    assert refused(people, user, answer, state) == WRONG_PASSKEY


def test_outside_the_demo_there_is_no_code_to_show(people, settings):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = people.marchetti.user
    TOTP.activate(user, generate_totp_secret())
    assert demo_code(user) == ""
    settings.ALTHEA_DEMO = True
    assert len(demo_code(user)) == 6
    assert demo_code(people.hale.user) == ""
