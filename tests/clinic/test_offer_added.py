"""A medicine her prescriber added to her options: it can be taken out again, and what it needs is said before it is
shared."""

import pytest

from althea.care import choosing
from althea.care import entries as said
from althea.care.models import Offer
from tests.care.choosing import drafted, maya, shared, told, words
from tests.clinic.offering import at, client
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["client", "maya"]  # fixtures
pytestmark = pytest.mark.django_db


def test_a_medicine_that_was_added_stands_in_the_list_and_can_be_taken_out(maya, client):
    """It stood in a hidden field while 'Another medicine' said None, and was shared with her against all intent."""
    one = drafted(maya, candidates=("sertraline", "aripiprazole"))
    page = words(client.get(at(maya, "?change=1")))
    assert 'type="hidden" name="candidate"' not in page
    assert 'value="aripiprazole" checked' in page
    assert 'value="sertraline" checked' in page
    added = page.partition("Added by you")[2]
    assert '<span class="strong">Aripiprazole</span>' in added
    assert '<option value="aripiprazole">' not in added, "it is not offered a second time"
    assert "One more medicine" in added
    send(client, at(maya, "/prepare"), offer=str(one.pk), version=one.version, candidate=["sertraline", ""])
    one.refresh_from_db()
    assert choosing.candidates_of(one.options) == ("sertraline",)


def test_where_none_was_added_there_is_no_such_list(maya, client):
    drafted(maya)
    page = words(client.get(at(maya, "?change=1")))
    assert "Added by you" not in page
    assert "Another medicine" in page


def test_a_medicine_that_was_added_and_is_held_back_says_why_in_the_list(maya, client):
    drafted(maya, candidates=("valproate",))
    added = words(client.get(at(maya, "?change=1"))).partition("Added by you")[2]
    assert "Valproate is not offered without a talk while she could become pregnant." in added
    assert 'value="valproate" checked' in added


def test_valproate_is_not_shown_to_a_woman_with_a_coil_as_one_option_of_many(maya, client):
    shared(maya, candidates=("sertraline", "valproate"))
    offered = Offer.objects.get().options
    assert "valproate" not in [one["id"] for one in offered["offered"]]
    page = words(client.get(at(maya)))
    assert "Valproate" in page.partition("Not without a talk")[2].partition('id="her-view"')[0]
    assert "Valproate" not in page.partition('id="her-view"')[2].partition("</section>")[0]
    assert "Valproate" not in words(signed_in(maya.maya.user).get("/options"))


def test_what_is_not_written_for_her_is_a_warning_to_her_prescriber(maya, client):
    drafted(maya, candidates=("sertraline", "aripiprazole"))
    page = words(client.get(at(maya)))
    before = page.partition("Aripiprazole: not all that is known is written for her to read. Tell her.")[0]
    assert before.rpartition('<div class="note')[2].startswith(" warn")
    hers = page.partition('id="her-view"')[2]
    assert "Not written for you yet. Ask your prescriber: there is something to know." in hers


def test_the_list_with_added_ones_takes_few_queries(maya, client):
    told(maya, said.LifeStage(topic="planning", value="no"))
    drafted(maya, candidates=("sertraline", "aripiprazole", "valproate"))
    with at_most(12):
        client.get(at(maya, "?change=1"))
