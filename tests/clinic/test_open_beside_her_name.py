"""What is not known of her life and matters to a medicine stands beside her name, on every page where one is decided on."""

from datetime import date, timedelta

import pytest

from althea.care import entries as said
from althea.care.stage_words import stage_of
from tests.clinic.reviewing import a_trial, scored, taking, tell
from tests.clinic.reviewing import address as review_of
from tests.clinic.reviewing import on as on
from tests.people import signed_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)
ASKED = "Breastfeeding and contraception not asked"


def chip(*told):
    """(topic, value, days ago) -> (label, what is open)."""
    rows = [(DAY - timedelta(days=back), said.LifeStage(topic=topic, value=value)) for topic, value, back in told]
    found = stage_of(sorted(rows, key=lambda row: row[0], reverse=True), DAY)
    return found.label, found.open


def born(back):
    return ("delivery", (DAY - timedelta(days=back)).isoformat(), back)


@pytest.mark.parametrize(
    ("told", "label", "open_"),
    [
        ([born(63)], "Postpartum, 9 weeks", ASKED),
        ([born(63), ("breastfeeding", "yes", 5)], "Postpartum, 9 weeks - breastfeeding", "Contraception not asked"),
        ([born(63), ("breastfeeding", "no", 5), ("contraception", "", 4)], "Postpartum, 9 weeks", ""),
        ([born(63), ("breastfeeding", "no", 64), ("contraception", "condoms", 64)], "Postpartum, 9 weeks",
         "Breastfeeding and contraception not known"),
        ([born(63), ("breastfeeding", "unknown", 5)], "Postpartum, 9 weeks",
         "Contraception not asked, breastfeeding not known"),
        ([("contraception", "copper-iud", 9)], "Cycle, copper IUD", ""),
        ([("contraception", "condoms", 9)], "Cycle, condoms", "Pregnancy not asked"),
        ([("contraception", "", 9)], "Cycle, no contraception", "Pregnancy not asked"),
        ([("contraception", "unknown", 9)], "Cycle, contraception not known", "Pregnancy not asked"),
        ([("contraception", "condoms", 9), ("pregnancy", "not pregnant", 3)], "Cycle, condoms", ""),
        ([("contraception", "condoms", 9), ("pregnancy", "not pregnant", 300)], "Cycle, condoms", "Pregnancy not known"),
        ([("contraception", "condoms", 9), ("pregnancy", "unknown", 3)], "Cycle, condoms", "Pregnancy not known"),
        ([("pregnancy", "not pregnant", 3)], "Not pregnant", "Contraception not asked"),
        ([("planning", "yes", 3)], "Trying for a baby", "Pregnancy not asked"),
        ([("planning", "yes", 3), ("pregnancy", "not pregnant", 3)], "Trying for a baby", ""),
        ([("menopause", "peri", 30)], "Perimenopause", "Pregnancy and contraception not asked"),
        ([("menopause", "peri", 30), ("contraception", "copper-iud", 9)], "Perimenopause", ""),
        ([("menopause", "post", 30)], "After menopause", ""),
        ([("pregnancy", "pregnant", 30)], "Pregnant", ""),
        ([("pregnancy", "pregnant", 9), ("pregnancy", "not pregnant", 3)], "Possibly pregnant", ""),
        ([], "Life stage not asked", ""),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said_and_what_the_label_says_is_not_said_twice(told, label, open_):
    assert chip(*told) == (label, open_)


@pytest.fixture
def her(people, on):
    """Nine weeks after a birth, on sertraline, and nobody asked about milk or contraception."""
    tell(people, said.LifeStage(topic="delivery", value=(on - timedelta(days=63)).isoformat()), on, 63)
    taking(people, on, (56, "50 mg"))
    scored(people, on, (56, 20), (1, 12))
    return a_trial(people, on)


def head(people, there):
    words = signed_in(people.marchetti.user).get(there).content.decode()
    return words.split("<h1>")[1].split("</header>" if "</header>" in words.split("<h1>")[1] else "</div>")[0]


@pytest.mark.parametrize(
    "page", ["", "plan", "assessment", "medicines", "orders/new?medicine=sertraline", "options", "review"]
)
def test_it_stands_at_the_head_of_each_page_where_a_medicine_is_decided_on(people, her, page):
    there = review_of(her) if page == "review" else f"/patients/{people.maya.pk}/{page}"
    words = head(people, there)
    assert f'<span class="chip line">{ASKED}</span>' in words
    assert "Allergies not asked" in words


def test_in_a_list_the_stage_stands_alone(people, her):
    words = signed_in(people.marchetti.user).get("/patients").content.decode()
    assert "Postpartum, 9 weeks" in words
    assert ASKED not in words


@pytest.mark.parametrize(
    ("topic", "value", "open_"),
    [
        ("pregnancy", "unknown", "Contraception not asked, pregnancy not known"),
        ("planning", "unknown", "Pregnancy and contraception not asked"),
        ("planning", "no", "Pregnancy and contraception not asked"),
    ],
)
def test_what_was_asked_today_is_not_said_to_be_not_asked(topic, value, open_):
    assert chip((topic, value, 1)) == ("Life stage not known", open_)


def test_without_a_uterus_nobody_is_said_to_have_to_be_asked(people, on):
    tell(people, said.LifeStage(topic="menopause", value="peri"), on)
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert "contraception not asked" in page
    tell(people, said.Condition(text="Hysterectomy", code="Z90.710", status="active", certainty="confirmed"), on)
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert "contraception not asked" not in page
