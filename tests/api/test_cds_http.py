"""CDS Hooks over HTTP: what is answered, what is refused, and how."""

import base64
import hashlib
import hmac
import json
import logging
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.api.conftest import QUESTION, SERVICES, SIGN

pytestmark = pytest.mark.usefixtures("cds")


# ---- discovery and addresses ---------------------------------------------------------------------


def test_discovery_lists_the_services_to_anyone(client):
    response = client.get("/cds-services")
    assert response.status_code == 200
    assert response.json() == {"services": SERVICES}
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/cds-services", SIGN, f"{SIGN}/feedback"])
def test_a_browser_may_ask_first_from_anywhere(client, path):
    response = client.options(path)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response["Access-Control-Allow-Headers"]
    assert "OPTIONS" in response["Access-Control-Allow-Methods"]


def test_errors_carry_cors_too_so_that_a_browser_can_read_them(client):
    response = client.post("/cds-services/nobody")
    assert response.status_code == 404
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/cds-services/nobody", "/cds-services/nobody/feedback", "/cds-services/a%00b"])
def test_an_unknown_service_is_not_found(client, path):
    response = client.post(path, "{}", content_type="application/json")
    assert response.status_code == 404
    assert "error" in response.json()


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "/cds-services"), ("get", SIGN), ("put", SIGN), ("delete", SIGN), ("get", f"{SIGN}/feedback")],
)
def test_other_methods_are_refused_with_the_ones_that_work(client, method, path):
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert "OPTIONS" in response["Allow"]
    assert "error" in response.json()


# ---- questions -----------------------------------------------------------------------------------


def test_a_good_question_is_answered(demo, post):
    response = post(SIGN, QUESTION)
    assert response.status_code == 200
    assert response.json() == {"cards": []}


def test_the_answer_gets_the_question_and_a_day(demo, post, cds):
    asked = []
    cds.answer = lambda request, today, knowledge, **_: asked.append((request, today)) or {"cards": []}
    post(SIGN, QUESTION)
    assert asked[0][0] == QUESTION
    assert asked[0][1].year >= 2026


@pytest.mark.parametrize("status", [400, 412])
def test_what_the_medical_part_refuses_keeps_its_status_and_words(demo, post, cds, status):
    def answer(request, today, knowledge, **_):
        raise cds.BadRequest("context.patientId: missing", status)

    cds.answer = answer
    response = post(SIGN, QUESTION)
    assert response.status_code == status
    assert response.json() == {"error": "context.patientId: missing"}


BAD_BODIES = {
    "empty": (b"", "line 1 column 1"),
    "not UTF-8": (b'{"hook": "\xff"}', "line 1 byte 11"),
    "UTF-16": ('{"hook": 1}'.encode("utf-16"), "line 1 byte 1"),
    "broken": (b'{"hook": ', "line 1 column 10"),
    "two values": (b"{}{}", "line 1 column 3"),
    "a list": (b"[]", "line 1 column 1"),
    "a string": (b'"order-sign"', "line 1 column 1"),
    "null": (b"null", "line 1 column 1"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "line 1 byte 201"),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "line 1 byte"),
    "NaN": (b'{"hook": NaN}', "line 1 column 10"),
    "Infinity": (b'{"hook": Infinity}', "line 1 column 10"),
    "minus Infinity": (b'{"hook": -Infinity}', "line 1 column 10"),
    "5,000 digits": (b'{"a": ' + b"7" * 5000 + b"}", "line 1 column 7"),
    "5,000 decimals": (b'{"a": 0.' + b"7" * 5000 + b"}", "line 1 column 7"),
    "1e999": (b'{"a": 1e999}', "line 1 column 7"),
    "half a pair": (rb'{"a": "\ud800"}', "line 1 column 8"),
    "NUL escaped": (rb'{"a": "\u0000"}', "line 1 column 8"),
    "NUL raw": (b'{"a": "\x00"}', "line 1 column 8"),
    "another hook": (json.dumps(QUESTION | {"hook": "patient-view"}).encode(), "hook:"),
    "no hook": (b"{}", "hook:"),
    "hook is a list": (b'{"hook": []}', "hook:"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_cannot_be_read_is_refused_with_the_place(demo, post, name):
    body, place = BAD_BODIES[name]
    response = post(SIGN, body)
    assert response.status_code == 400
    assert response.json()["error"].startswith(place)


def test_a_key_that_stands_twice_is_read(demo, post):
    body = json.dumps(QUESTION).encode()[:-1] + b', "hook": "order-sign"}'
    assert post(SIGN, body).status_code == 200


def test_a_body_over_the_limit_is_refused_at_once_and_the_limit_is_named(demo, post):
    body = b" " * (50 * 1024 * 1024)
    started = time.process_time()
    response = post(SIGN, body)
    assert response.status_code == 413
    assert "10 MB" in response.json()["error"]
    assert time.process_time() - started < 2


def test_a_body_over_the_limit_is_refused_before_it_is_read(demo, rf, cds):
    from althea.api.cds_hooks import service

    request = rf.post(SIGN, b"{}", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(10 * 1024 * 1024 + 1)
    request._stream = None  # reading would fail
    assert service(request, service_id="althea-order-sign").status_code == 413


def test_an_honest_ten_megabytes_are_read(demo, post):
    padded = json.dumps(QUESTION).encode().ljust(10 * 1024 * 1024)
    assert post(SIGN, padded).status_code == 200


def test_a_failure_is_500_without_traceback_and_the_log_names_no_value(demo, post, cds, caplog):
    def answer(request, today, knowledge, **_):
        raise KeyError("Maya Okafor-Lind")

    cds.answer = answer
    with caplog.at_level(logging.DEBUG):
        response = post(SIGN, QUESTION)
    assert response.status_code == 500
    assert "Traceback" not in response.content.decode()
    assert "Okafor" not in response.content.decode() + caplog.text
    assert "KeyError at" in caplog.text
    assert "test_cds_http.py" in caplog.text


def test_answers_carry_the_security_headers(client):
    response = client.get("/cds-services")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


# ---- tokens --------------------------------------------------------------------------------------

EHR = "https://ehr.example/cds"
EC = ECKey.generate_key("P-384", {"kid": "ec-1"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1"})
STRANGER = ECKey.generate_key("P-384", {"kid": "ec-1"})
P256 = ECKey.generate_key("P-256", {"kid": "p256-1"})
OTHERS = ECKey.generate_key("P-384", {"kid": "other-1"})
HERE = f"http://testserver{SIGN}"


@pytest.fixture
def clients(settings):
    settings.ALTHEA_CDS_CLIENTS = {
        EHR: {"keys": [key.as_dict(private=False) for key in (EC, RSA, P256)]},
        "https://other.example": {"keys": [OTHERS.as_dict(private=False)]},
    }


def claims(**changed):
    now = int(time.time())
    every = {"iss": EHR, "sub": EHR, "aud": HERE, "iat": now, "exp": now + 240, "jti": "one"} | changed
    return {name: value for name, value in every.items() if value is not None}


def signed(key=EC, alg="ES384", header=None, **changed):
    whole = {"alg": alg, "kid": key.kid, "typ": "JWT"} | (header or {})
    return jwt.encode(whole, claims(**changed), key, algorithms=[alg])


def by_hand(header, payload, sign=lambda text: b""):
    def part(value):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    text = part(header) + b"." + part(payload)
    return (text + b"." + part(sign(text))).decode()


def with_public_key_as_secret():
    secret = EC.as_pem(private=False)
    return by_hand(
        {"alg": "HS384", "kid": "ec-1"},
        claims(),
        lambda text: hmac.new(secret, text, hashlib.sha384).digest(),
    )


def changed_after_signing():
    head, _, signature = signed().split(".")
    payload = base64.urlsafe_b64encode(json.dumps(claims(jti="two")).encode()).rstrip(b"=").decode()
    return f"{head}.{payload}.{signature}"


def now():
    """Asked when a token is made: between reading this file and the test lie minutes."""
    return int(time.time())


BAD_TOKENS = {
    "empty": lambda: "",
    "not a token": lambda: "let-me-in",
    "two parts": lambda: ".".join(signed().split(".")[:2]),
    "four parts": lambda: signed() + ".x",
    "not base64": lambda: "!!.!!.!!",
    "enormous": lambda: "a" * 20_000,
    "alg none": lambda: by_hand({"alg": "none", "kid": "ec-1"}, claims()),
    "alg None in capitals": lambda: by_hand({"alg": "NONE", "kid": "ec-1"}, claims()),
    "no alg": lambda: by_hand({"kid": "ec-1"}, claims()),
    "HS384 with the public key as secret": with_public_key_as_secret,
    "RS256": lambda: signed(RSA, "RS256"),
    "ES256": lambda: signed(P256, "ES256"),
    "ES384 named over an RSA key": lambda: by_hand({"alg": "ES384", "kid": "rsa-1"}, claims(), lambda text: b"x" * 96),
    "no signature": lambda: signed().rsplit(".", 1)[0] + ".",
    "zero signature": lambda: by_hand({"alg": "ES384", "kid": "ec-1"}, claims(), lambda text: bytes(96)),
    "a stranger's key with a known kid": lambda: signed(STRANGER),
    "a key brought along": lambda: signed(STRANGER, header={"jwk": STRANGER.as_dict(private=False)}),
    "a key pointed to": lambda: signed(STRANGER, header={"jku": "https://evil.example/jwks.json"}),
    "another issuer's key": lambda: signed(OTHERS),
    "unknown kid": lambda: signed(EC, header={"kid": "nobody"}),
    "no kid": lambda: by_hand({"alg": "ES384"}, claims(), lambda text: bytes(96)),
    "changed after signing": changed_after_signing,
    "crit": lambda: by_hand({"alg": "ES384", "kid": "ec-1", "crit": ["b64"], "b64": False}, claims()),
    "unknown issuer": lambda: signed(iss="https://evil.example"),
    "no issuer": lambda: signed(iss=None),
    "issuer is a list": lambda: signed(iss=[EHR]),
    "another audience": lambda: signed(aud="https://elsewhere.example/cds-services/althea-order-sign"),
    "another service": lambda: signed(aud="http://testserver/cds-services/althea-patient-view"),
    "audience a prefix": lambda: signed(aud="http://testserver/cds-services"),
    "several audiences": lambda: signed(aud=[HERE, "https://elsewhere.example"]),
    "no audience": lambda: signed(aud=None),
    "expired": lambda: signed(iat=now() - 400, exp=now() - 101),
    "no exp": lambda: signed(exp=None),
    "exp in words": lambda: signed(exp="tomorrow"),
    "exp true": lambda: signed(exp=True),
    "lives an hour": lambda: signed(exp=now() + 3600),
    "lives an hour from a later start": lambda: signed(iat=now() + 3400, exp=now() + 3600),
    "no iat": lambda: signed(iat=None),
    "not valid yet": lambda: signed(nbf=now() + 200),
    "no jti": lambda: signed(jti=None),
    "empty jti": lambda: signed(jti=" "),
    "jti a number": lambda: signed(jti=7),
    "deep claims": lambda: by_hand({"alg": "ES384", "kid": "ec-1"}, b"[" * 5000),
    "claims a list": lambda: by_hand({"alg": "ES384", "kid": "ec-1"}, []),
}


@pytest.mark.usefixtures("clients")
class TestTokens:
    @pytest.mark.parametrize("make", [lambda: signed(), lambda: signed(RSA, "RS384")], ids=["ES384", "RS384"])
    def test_a_good_token_is_let_in(self, post, make):
        assert post(SIGN, QUESTION, Authorization=f"Bearer {make()}").status_code == 200

    @pytest.mark.parametrize("name", BAD_TOKENS)
    def test_a_bad_token_is_refused(self, post, name):
        response = post(SIGN, QUESTION, Authorization=f"Bearer {BAD_TOKENS[name]()}")
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer ")
        assert "error" in response.json()

    def test_no_token_is_refused(self, post):
        response = post(SIGN, QUESTION)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="althea"'

    def test_another_scheme_is_refused(self, post):
        assert post(SIGN, QUESTION, Authorization=f"Basic {signed()}").status_code == 401

    def test_a_token_is_used_once(self, post):
        token = signed()
        assert post(SIGN, QUESTION, Authorization=f"Bearer {token}").status_code == 200
        assert post(SIGN, QUESTION, Authorization=f"Bearer {token}").status_code == 401

    def test_a_refused_token_does_not_use_up_its_id(self, post):
        post(SIGN, QUESTION, Authorization=f"Bearer {signed(exp=now() + 3600)}")
        assert post(SIGN, QUESTION, Authorization=f"Bearer {signed()}").status_code == 200

    def test_discovery_needs_none(self, client):
        assert client.get("/cds-services").status_code == 200

    def test_where_a_public_address_is_set_tokens_are_for_that(self, post, settings):
        settings.ALTHEA_BASE_URL = "https://althea.example"
        assert post(SIGN, QUESTION, Authorization=f"Bearer {signed()}").status_code == 401
        public = signed(aud=f"https://althea.example{SIGN}")
        assert post(SIGN, QUESTION, Authorization=f"Bearer {public}").status_code == 200

    def test_being_on_the_same_machine_is_not_a_token(self, client):
        response = client.post(SIGN, b"{}", content_type="application/json", REMOTE_ADDR="127.0.0.1")
        assert response.status_code == 401

    def test_feedback_needs_a_token_too(self, post):
        assert post(f"{SIGN}/feedback", {"feedback": []}).status_code == 401


def test_a_card_links_to_the_rule_where_this_service_is_reached(demo, post, cds, settings):
    told = []
    cds.answer = lambda request, today, knowledge, **more: told.append(more) or {"cards": []}
    post(SIGN, QUESTION)
    settings.ALTHEA_BASE_URL, settings.ALTHEA_JURISDICTION = "https://althea.example", "UK"
    post(SIGN, QUESTION)
    assert told[0] == {"base_url": "http://testserver", "jurisdiction": "US"}
    assert told[1] == {"base_url": "https://althea.example", "jurisdiction": "UK"}
