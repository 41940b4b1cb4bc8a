"""A stand-in for the medical part, so that these tests are about HTTP alone."""

import json
import sys
from types import ModuleType

import pytest

SERVICES = [
    {"hook": "patient-view", "id": "althea-patient-view", "title": "Althea", "description": "Checks."},
    {"hook": "order-sign", "id": "althea-order-sign", "title": "Althea", "description": "Checks."},
]
SIGN = "/cds-services/althea-order-sign"
QUESTION = {
    "hook": "order-sign",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/p1", "patientId": "maya"},
}


@pytest.fixture
def cds(monkeypatch):
    """`althea.fhir.cds` as HTTP sees it: services(), answer(), BadRequest."""
    module = ModuleType("althea.fhir.cds")

    class BadRequest(Exception):
        def __init__(self, message, status=400):
            super().__init__(message)
            self.status = status

    module.BadRequest = BadRequest
    module.services = lambda: SERVICES
    module.answer = lambda request, today, knowledge, **_: {"cards": []}
    monkeypatch.setitem(sys.modules, "althea.fhir.cds", module)
    import althea.fhir

    monkeypatch.setattr(althea.fhir, "cds", module, raising=False)
    monkeypatch.setattr("althea.api.cds_hooks._knowledge", lambda: None)
    return module


@pytest.fixture
def demo(settings):
    settings.ALTHEA_DEMO = True


@pytest.fixture
def post(client):
    """Posts a body as it is, or an object as JSON."""

    def posting(path, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(path, data, content_type="application/json", headers=headers)

    return posting
