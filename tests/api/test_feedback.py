"""What became of a card: read strictly, kept without patient and words, never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from althea.api.models import CardFeedback, OnlyAdded
from tests.api.conftest import SIGN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cds", "demo")]

ADDRESS = f"{SIGN}/feedback"
ACCEPTED = {
    "card": "4e0a3a1e-8ab7-4592-8f5e-852d4f7a3c12",
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "9d0f7c5e-3a0e-4f0a-9c1f-6a2f4d9f1b22"}],
    "outcomeTimestamp": "2026-11-22T10:00:01Z",
}
OVERRIDDEN = {
    "card": "4e0a3a1e-8ab7-4592-8f5e-852d4f7a3c11",
    "outcome": "overridden",
    "overrideReason": {
        "reason": {"system": "urn:althea:override-reasons", "code": "benefit-outweighs"},
        "userComment": "discussed with Maya Okafor-Lind",
    },
    "outcomeTimestamp": "2026-11-22T10:00:00Z",
}


def test_feedback_about_cards_we_do_not_know_is_kept(post):
    assert post(ADDRESS, {"feedback": [OVERRIDDEN, ACCEPTED]}).status_code == 200
    row = CardFeedback.objects.get(outcome="overridden")
    assert str(row.card) == OVERRIDDEN["card"]
    assert (row.service, row.rule) == ("althea-order-sign", None)
    assert (row.reason_system, row.reason_code) == ("urn:althea:override-reasons", "benefit-outweighs")
    assert row.outcome_timestamp.isoformat() == "2026-11-22T10:00:00+00:00"
    assert CardFeedback.objects.count() == 2


def test_the_comment_is_stored_nowhere(post):
    post(ADDRESS, {"feedback": [OVERRIDDEN]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api_cardfeedback")
        assert "Okafor" not in repr(cursor.fetchall())


@pytest.mark.parametrize("reason", [None, {"userComment": "because"}, {"reason": {"code": "other"}}])
def test_a_reason_may_be_left_out_or_given_in_words_or_without_a_system(post, reason):
    assert post(ADDRESS, {"feedback": [OVERRIDDEN | {"overrideReason": reason}]}).status_code == 200


BAD = {
    "feedback: missing": {},
    "feedback: ": {"feedback": {}},
    "feedback: missing or empty": {"feedback": []},
    "feedback: more than": {"feedback": [ACCEPTED] * 1001},
    "feedback[0]: not an object": {"feedback": ["accepted"]},
    "feedback[1].card": {"feedback": [ACCEPTED, ACCEPTED | {"card": "not-a-uuid"}]},
    "feedback[0].card": {"feedback": [ACCEPTED | {"card": 7}]},
    "feedback[0].outcome:": {"feedback": [ACCEPTED | {"outcome": "ignored"}]},
    "feedback[0].outcome: must": {"feedback": [ACCEPTED | {"outcome": ["accepted"]}]},
    "feedback[0].acceptedSuggestions:": {"feedback": [ACCEPTED | {"acceptedSuggestions": []}]},
    "feedback[0].acceptedSuggestions[0].id": {"feedback": [ACCEPTED | {"acceptedSuggestions": [{}]}]},
    "feedback[0].outcomeTimestamp": {"feedback": [ACCEPTED | {"outcomeTimestamp": "2026-11-22T10:00:00"}]},
    "feedback[0].outcomeTimestamp: must": {"feedback": [ACCEPTED | {"outcomeTimestamp": "0001-01-01T00:00:00+23:00"}]},
    "feedback[0].overrideReason:": {"feedback": [OVERRIDDEN | {"overrideReason": {}}]},
    "feedback[0].overrideReason.reason:": {"feedback": [OVERRIDDEN | {"overrideReason": {"reason": "no"}}]},
    "feedback[0].overrideReason.reason.code": {
        "feedback": [OVERRIDDEN | {"overrideReason": {"reason": {"code": "Maya said that she would rather"}}}]
    },
    "feedback[0].overrideReason.reason.system": {
        "feedback": [OVERRIDDEN | {"overrideReason": {"reason": {"code": "other", "system": "Maya said so"}}}]
    },
}


@pytest.mark.parametrize("place", BAD)
def test_feedback_that_is_not_right_is_refused_whole_with_the_place(post, place):
    response = post(ADDRESS, BAD[place])
    assert response.status_code == 400
    assert response.json()["error"].startswith(place)
    assert CardFeedback.objects.count() == 0


@pytest.fixture
def row(post):
    post(ADDRESS, {"feedback": [OVERRIDDEN]})
    return CardFeedback.objects.get()


def test_the_model_refuses_to_change_or_remove(row):
    row.outcome = "accepted"
    for attempt in (
        row.save,
        row.delete,
        CardFeedback.objects.all().delete,
        lambda: CardFeedback.objects.update(outcome="accepted"),
        lambda: CardFeedback.objects.bulk_update([row], ["outcome"]),
    ):
        with pytest.raises(OnlyAdded):
            attempt()


@pytest.mark.parametrize(
    "statement", ["UPDATE api_cardfeedback SET outcome = 'accepted'", "DELETE FROM api_cardfeedback"]
)
def test_the_database_refuses_to_change_or_remove(row, statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(statement)
    assert CardFeedback.objects.get().outcome == "overridden"


def test_there_is_no_column_for_a_patient_or_for_words():
    assert {field.name for field in CardFeedback._meta.get_fields()} == {
        "id", "card", "service", "rule", "outcome",
        "reason_system", "reason_code", "outcome_timestamp", "received_at",
    }  # fmt: skip
