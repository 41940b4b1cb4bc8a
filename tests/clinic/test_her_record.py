"""All pages of one woman's record stand under the same heading, with the same tabs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import message, record
from althea.care.days import today
from althea.clinic.frame import OF_HER_RECORD
from tests.counting import at_most
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(people):
    """She breastfeeds, and may not have sulfa antibiotics."""
    on = today(people.maya, timezone.now())
    for body in (
        said.LifeStage(topic="delivery", value=(on - timedelta(days=60)).isoformat()),
        said.LifeStage(topic="breastfeeding", value="yes"),
        said.Allergy(text="sulfa antibiotics", reaction="rash"),
    ):
        record.add(patient=people.maya, body=body, on=on, origin="clinic", by=people.marchetti.user, at=timezone.now())
    return people.maya


@pytest.mark.parametrize(("label", "name"), OF_HER_RECORD)
def test_every_page_says_who_she_is_and_leads_to_the_others(people, maya, label, name):
    page = signed_in(people.marchetti.user).get(reverse(name, kwargs={"patient": maya.pk})).content.decode()
    heading, _, below = page.partition("</h1>")[2].partition('<div class="tabrow')
    assert f"born {maya.born_on:%-d %b %Y}" in heading
    assert "breastfeeding" in heading
    assert "Allergy: sulfa antibiotics (rash)" in heading
    tabs = below.partition("</nav>")[0]
    assert f'aria-current="page">{label}</a>' in tabs
    for _, other in OF_HER_RECORD:
        assert f'href="{reverse(other, kwargs={"patient": maya.pk})}"' in tabs
    assert page.count("<h1") == 1


@pytest.mark.parametrize("count", [1, 60])
@pytest.mark.parametrize("name", ["messages-of", "who-sees", "assessment", "plan", "progress-of"])
def test_they_take_few_queries_however_long_her_record(people, maya, name, count):
    on = today(maya, timezone.now())
    for back in range(count):
        message.write(patient=maya, body="How are you?", by=people.marchetti.user, from_her=False, at=timezone.now())
        record.add(patient=maya, body=said.Score(scale="phq-9", total=9), on=on - timedelta(days=back), origin="hers",
                   by=maya.user, at=timezone.now())  # fmt: skip
    client = signed_in(people.marchetti.user)
    with at_most(12):
        assert client.get(reverse(name, kwargs={"patient": maya.pk})).status_code == 200


def test_a_therapist_reads_neither_life_stage_nor_allergy_above_the_progress(people, maya):
    page = signed_in(people.therapist.user).get(reverse("progress-of", kwargs={"patient": maya.pk})).content.decode()
    assert maya.name in page
    assert "sulfa" not in page
    assert "breastfeeding" not in page
    assert "Her record" not in page, "no tab leads to a page that is not hers to open"
