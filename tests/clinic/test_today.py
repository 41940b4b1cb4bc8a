"""The worklist: her own patients, most urgent first, and the day's visits; few queries however many there are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import record, worklist
from althea.care.days import today
from althea.care.models import Visit, WorklistItem
from althea.care.stage_words import stage_of
from tests.counting import at_most
from tests.people import a_patient, look_after, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.clinic, timezone.now())


def page(people, who="marchetti", query=""):
    return signed_in(getattr(people, who).user).get(f"/today{query}").content.decode()


def place(patient, group="cannot-wait", why="Self-harm question: “several days”.", **named):
    return worklist.place(patient=patient, group=group, level="critical", reason=f"{group}{why}", why=why,
                          action="Call her", at=timezone.now(), **named)  # fmt: skip


def test_nothing_waits(people):
    words = page(people)
    assert "Nothing that can&#x27;t wait. No more visits today." in words
    assert "Nothing waits for you" in words


def test_most_urgent_first_and_in_words(people):
    place(people.maya, "labs", "Lithium level 23 days late.")
    place(people.maya)
    words = page(people)
    assert "One woman can&#x27;t wait." in words
    assert words.index("Can&#x27;t wait") < words.index("Labs overdue")
    assert "Self-harm question: “several days”." in words


def test_another_prescribers_patient_is_not_here(people):
    place(people.noor)
    assert "Noor Haddad" not in page(people)
    assert "Noor Haddad" in page(people, "hale")


def test_an_unknown_life_stage_says_so(people):
    place(people.maya)
    assert "Life stage not asked" in page(people)


def tell(people, topic, value, on):
    record.add(patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=on, origin="hers",
               by=people.maya.user, at=timezone.now())  # fmt: skip


def test_her_life_stage_stands_after_her_name(people, on):
    born = on - timedelta(days=63)
    tell(people, "delivery", born.isoformat(), born)
    tell(people, "breastfeeding", "yes", on)
    place(people.maya)
    assert "Postpartum, 9 weeks - breastfeeding" in page(people)
    assert "Maya Okafor-Lind" in page(people, query="?show=perinatal")
    assert "Maya Okafor-Lind</bdi>" not in page(people, query="?show=visit")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((("pregnancy", "pregnant", 20), ("gestation", "134", 20)), "Pregnant, 22 weeks"),
        ((("pregnancy", "pregnant", 20),), "Pregnant"),
        ((("pregnancy", "pregnant", 301),), "Life stage not asked"),
        ((("menopause", "peri", 400),), "Perimenopause"),
        ((("menopause", "post", 400),), "After menopause"),
        ((("planning", "yes", 9), ("contraception", "condoms", 9)), "Trying for a baby"),
        ((("contraception", "copper-iud", 9),), "Cycle, copper IUD"),
        ((("contraception", "", 9),), "Cycle, no contraception"),
        ((), "Life stage not asked"),
    ],
)  # fmt: skip
def test_life_stages_in_words(on, told, words):
    rows = [(on - timedelta(days=back), said.LifeStage(topic=topic, value=value)) for topic, value, back in told]
    assert stage_of(rows, on).label == words


def test_done_closes_it_once_and_leaves_a_trail(people):
    item = place(people.maya)
    client = signed_in(people.marchetti.user)
    address = f"/patients/{people.maya.pk}/worklist/{item.pk}"
    assert send(client, address, words="Called her")["Location"] == "/today"
    assert send(client, address, words="again")["Location"] == "/today"
    item.refresh_from_db()
    assert (item.closing, item.closed_by) == ("Called her", people.marchetti.user)


def test_an_item_of_another_patient_cannot_be_closed_through_hers(people):
    item = place(people.noor)
    answer = send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/worklist/{item.pk}")
    assert answer.status_code == 404
    assert WorklistItem.objects.get().closed_at is None


def test_the_next_visit_is_said(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    Visit.objects.create(
        patient=people.maya, member=people.marchetti, at=timezone.now() + timedelta(minutes=14), what="Trial review"
    )
    assert "Your next visit is Maya at 10:20." in page(people)


@pytest.mark.parametrize("count", [1, 50])
def test_the_worklist_takes_few_queries_however_long_it_is(people, count):
    for number in range(count):
        her = a_patient(people.clinic, f"Patient {number}")
        look_after(people.marchetti, her)
        place(her)
    client = signed_in(people.marchetti.user)
    with at_most(9):
        client.get("/today")


def test_what_concerns_one_woman_stands_on_one_line_and_is_done_together(people):
    first, second = place(people.maya), place(people.maya, why="PHQ-9 item 9 (2026-06-09) tells of thoughts of death.")
    words = page(people)
    assert words.count("Maya Okafor-Lind</bdi></a>") == 1
    assert "PHQ-9 item 9 (9 June" in words
    client = signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/worklist/{first.pk}", item=[str(first.pk), str(second.pk)])
    assert WorklistItem.objects.filter(closed_at__isnull=True).count() == 0


@pytest.mark.parametrize("smuggled", ["another patient's", "no id"])
def test_with_an_item_that_is_not_hers_nothing_is_closed(people, smuggled):
    hers, other = place(people.maya), place(people.noor)
    sent = str(other.pk) if smuggled == "another patient's" else "x"
    answer = send(signed_in(people.marchetti.user), f"/patients/{people.maya.pk}/worklist/{hers.pk}", item=[sent])
    assert answer.status_code == 404
    assert WorklistItem.objects.filter(closed_at__isnull=True).count() == 2


def test_where_the_day_stands_is_marked(people, time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    for minutes, what in ((-60, "Follow-up"), (14, "Trial review")):
        Visit.objects.create(
            patient=people.maya, member=people.marchetti, at=timezone.now() + timedelta(minutes=minutes), what=what
        )
    words = page(people)
    assert "2 visits" in words
    assert words.index("Follow-up") < words.index("Now 10:06") < words.index("Trial review")
