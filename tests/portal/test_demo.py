"""The demo clinic: made-up women as of today, every page of everybody opens, and none of it outside the demo."""

import pytest
from django.test import Client
from django.urls import reverse

from althea.care import audit
from althea.care.demo.build import STAFF, NotADemo, build, email, women
from althea.care.models import Clinic, Patient, User, WorklistItem
from althea.care.recheck import review_today
from tests.people import signed_in

pytestmark = pytest.mark.django_db
HER_PAGES = ("home", "medicine", "progress", "messages", "who-looked", "account", "help")


@pytest.fixture
def demo(settings):
    settings.ALTHEA_DEMO = True
    return build()


def test_outside_the_demo_nobody_is_made_up(settings):
    with pytest.raises(NotADemo):
        build()
    for address in ("/demo", "/demo/outbox"):
        assert Client().get(address).status_code == 404
    assert Client().post("/demo/as/maya").status_code == 404


def test_where_there_are_patients_nobody_is_added(demo):
    with pytest.raises(NotADemo):
        build()


def test_every_page_of_every_woman_opens(demo):
    for row in women():
        if row.get("account"):
            client = signed_in(User.objects.get(email=email(row["id"])))
            for name in HER_PAGES:
                assert client.get(reverse(name)).status_code == 200, f"{row['id']}: {name}"


def test_every_chart_opens_for_her_prescriber(demo):
    client = signed_in(User.objects.get(email=email("marchetti")))
    for patient in Patient.objects.filter(clinic=demo):
        assert client.get(reverse("chart", kwargs={"patient": patient.pk})).status_code == 200, patient.name
    assert client.get("/today").status_code == 200


def test_no_rule_raises_an_error_on_anybody(demo):
    from django.utils import timezone

    for patient in Patient.objects.filter(clinic=demo).select_related("clinic"):
        assert [one.rule for one in review_today(patient, timezone.now()).not_checked if one.error] == []


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("Joanna Reyes", "Self-harm question: “several days”."),
        ("Tess Nguyen", "alproate"),
        ("Ines Calloway", "tamoxifen"),
        ("Carmen Duarte", "ithium"),
        ("Maya Okafor-Lind", "week 5 of 8"),
        ("Priya Raman", "Does lamotrigine mix with my pill?"),
    ],
)  # fmt: skip
def test_the_worklist_tells_the_stories(demo, who, words):
    said = " ".join(
        WorklistItem.objects.filter(patient__name=who, closed_at__isnull=True).values_list("why", flat=True)
    )
    assert words in said


def test_everybody_can_be_signed_in_as_and_comes_where_they_begin(demo):
    for key, *_ in STAFF:
        client = Client()
        assert client.post(f"/demo/as/{key}")["Location"] == "/start"
        there = client.get("/start")["Location"]
        assert client.get(there).status_code == 200
    client = Client()
    client.post("/demo/as/maya")
    assert client.get("/start")["Location"] == "/home"


def test_somebody_who_is_not_there_cannot_be(demo):
    assert Client().post("/demo/as/nobody").status_code == 404


def test_its_trail_is_whole(demo):
    assert [audit.verify(clinic) for clinic in Clinic.objects.all()] == [None, None]


def test_her_invitation_opens(demo):
    page = Client().get("/demo").content.decode()
    link = page.partition('href="/welcome/')[2].partition('"')[0]
    assert "Hello, Amara" in Client().get(f"/welcome/{link}").content.decode()
