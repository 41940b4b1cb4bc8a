"""What changed and was not said anew is not known any more: birth control, milk, and a pregnancy that was lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, record
from althea.care.changes import CHANGES, telling
from althea.care.facts import chart_of, facts_for
from althea.care.models import Entry, Outgoing, WorklistItem
from althea.care.recheck import recheck
from althea.care.stage_words import stage_of
from althea.clinic.pages.life_stage import in_words
from tests.care.test_changes import looked, notices, on, taking
from tests.people import send, signed_in

__all__ = ["on"]  # a fixture
pytestmark = pytest.mark.django_db
NOT_PREVENTED = "A pregnancy is not known to be prevented on valproate, a major teratogen."


def told(people, on, topic, value, back=0):
    return record.add(
        patient=people.maya, body=said.LifeStage(topic=topic, value=value), on=on - timedelta(days=back), origin="hers",
        by=people.maya.user, at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def protected(people, on):
    """On valproate, not pregnant, by a method that works: nothing speaks against it."""
    looked(people, on)
    taking(people, on, "valproate", "1000 mg")
    told(people, on, "contraception", "combined-pill", 30)
    told(people, on, "breastfeeding", "no", 30)
    told(people, on, "pregnancy", "not pregnant", 3)
    recheck(people.maya, timezone.now())
    assert not WorklistItem.objects.exists()
    return people


def she_says(people, on, change, **answers):
    given = {key: {"value": None, "said": value} for key, value in answers.items()}
    one = CHANGES[change]
    what = telling(one, given, on)
    return changes.tell(
        patient=people.maya, bodies=what.bodies, words=what.words, origin="hers", by=people.maya.user,
        at=timezone.now(), to=what.to or one.to, now=what.now, action=what.action,
    )  # fmt: skip


def chip(people, on):
    return stage_of([(entry.on, body) for entry, body in chart_of(people.maya).of(said.LifeStage)], on).label


@pytest.mark.parametrize(("how", "begins"), [
    ("unknown", "Her birth control changed. What she uses now is not known."),
    ("rather-talk", "She would rather talk about it: birth control. Her birth control changed. What she uses now is"),
])  # fmt: skip
def test_birth_control_that_changed_to_she_does_not_say_what_is_not_known_and_her_prescriber_is_told(
    protected, on, how, begins
):
    came = she_says(protected, on, "contraception", methods=how)
    assert [one.title for one in came.new] == [NOT_PREVENTED]
    stage = facts_for(protected.maya, on).stage
    assert (stage.methods, stage.methods_on) == (None, None)
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert (item.level, item.group) == ("critical", "cannot-wait")
    assert item.why.startswith(begins)
    assert notices(protected) >= 1
    assert chip(protected, on) == "Cycle, contraception not known"
    assert in_words(said.LifeStage(topic="contraception", value="unknown")) == "Not known"


@pytest.mark.parametrize("how", ["unknown", "rather-talk"])
def test_from_her_phone_it_is_the_same_and_asks_her_to_call(protected, how):
    client = signed_in(protected.maya.user)
    send(client, "/changes/contraception/methods", how=how)
    over = client.get("/changes/contraception").content.decode()
    assert ("We tell your care team that it changed, and that" in over) is (how == "rather-talk")
    assert send(client, "/changes/contraception")["Location"] == "/changes/told"
    assert Entry.objects.filter(body={"topic": "contraception", "value": "unknown"}).count() == 1
    assert "Please talk to your clinic soon" in client.get("/changes/told").content.decode()


def test_the_method_told_again_the_same_day_takes_the_place_of_not_known(protected, on):
    she_says(protected, on, "contraception", methods="unknown")
    changes.tell(patient=protected.maya, bodies=[(said.LifeStage(topic="contraception", value="copper-iud"), on)],
                 words="", origin="clinic", by=protected.marchetti.user, at=timezone.now())  # fmt: skip
    assert facts_for(protected.maya, on).stage.methods == ("copper-iud",)


@pytest.mark.parametrize("how", ["unknown", "rather-talk"])
def test_breastfeeding_that_changed_is_not_the_old_no(protected, on, how):
    she_says(protected, on, "feeding", milk=how)
    assert facts_for(protected.maya, on).stage.breastfeeding is None
    assert "Whether she breastfeeds now is not known." in WorklistItem.objects.get(reason__startswith="told:").why


def test_after_a_birth_neither_the_old_method_nor_the_old_no_holds(protected, on):
    given = {"born": {"value": on.isoformat(), "said": "answered"}, "milk": {"value": None, "said": "unknown"}}
    what = telling(CHANGES["birth"], given, on)
    came = changes.tell(patient=protected.maya, bodies=what.bodies, words=what.words, origin="hers",
                        by=protected.maya.user, at=timezone.now(), now=what.now)  # fmt: skip
    stage = facts_for(protected.maya, on).stage
    assert (stage.delivered_on, stage.methods, stage.breastfeeding) == (on, None, None)
    assert NOT_PREVENTED in [one.title for one in came.new]


def test_a_year_after_the_birth_the_method_from_before_it_is_not_in_her_heading(protected, on):
    told(protected, on, "contraception", "copper-iud", 700)
    told(protected, on, "delivery", (on - timedelta(days=10)).isoformat(), 10)
    assert chip(protected, on + timedelta(days=400)) == "Cycle, contraception not known"
    told(protected, on, "contraception", "implant", 5)
    assert chip(protected, on + timedelta(days=400)) == "Cycle, implant"


def test_a_pill_she_says_she_stopped_is_not_her_method_any_more(protected, on):
    entry = record.add(
        patient=protected.maya, body=said.Medicine(text="Yasmin", running=True, since=on - timedelta(days=300)),
        on=on - timedelta(days=30), origin="hers", by=protected.maya.user, at=timezone.now(),
    )  # fmt: skip
    recheck(protected.maya, timezone.now())
    assert facts_for(protected.maya, on).stage.methods == ("combined-pill",)
    entry.patient = protected.maya
    came = changes.stopped(patient=protected.maya, taken=entry, on=on, why="", origin="hers", by=protected.maya.user,
                           at=timezone.now())  # fmt: skip
    assert NOT_PREVENTED in [one.title for one in came.new]
    assert facts_for(protected.maya, on).stage.methods is None
    assert notices(protected) >= 1


def test_a_pill_that_is_ordered_here_and_that_she_left_is_not_her_method_either(protected, on):
    order = taking(protected, on, "ethinylestradiol", "0.03 mg")
    assert facts_for(protected.maya, on).stage.methods == ("combined-pill",)
    changes.stopped(patient=protected.maya, taken=order, on=on - timedelta(days=2), why="", origin="hers",
                    by=protected.maya.user, at=timezone.now())  # fmt: skip
    assert facts_for(protected.maya, on).stage.methods is None


def test_the_clinic_records_that_what_she_uses_is_not_known(protected, on):
    client, address = signed_in(protected.marchetti.user), f"/patients/{protected.maya.pk}/life-stage"
    assert "one of the three" in send(client, address, topic="contraception", none=["yes", "unknown"]).content.decode()
    assert send(client, address, topic="contraception", none="unknown").status_code == 302
    assert facts_for(protected.maya, on).stage.methods is None
    assert NOT_PREVENTED in set(WorklistItem.objects.values_list("why", flat=True))


def test_the_clinic_reads_that_a_method_from_before_a_birth_has_to_be_asked_again(protected, on):
    address = f"/patients/{protected.maya.pk}/life-stage"
    client = signed_in(protected.marchetti.user)
    again = "Said before a pregnancy or birth: ask again"
    assert again not in client.get(address).content.decode()
    told(protected, on, "delivery", (on - timedelta(days=10)).isoformat(), 10)
    assert again in client.get(address).content.decode()


# --- a loss ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pregnant(people, on):
    told(people, on, "pregnancy", "pregnant", 20)
    told(people, on, "gestation", "56", 20)
    return people


def lost(people, on, day=None):
    given = {"status": {"value": "lost", "said": "answered"}}
    given["lost-on"] = {"value": day and day.isoformat(), "said": "answered" if day else "rather-talk"}
    what = telling(CHANGES["pregnancy"], given, on)
    return changes.tell(
        patient=people.maya, bodies=what.bodies, words=what.words, origin="hers", by=people.maya.user,
        at=timezone.now(), to=what.to, now=what.now, action=what.action,
    )  # fmt: skip


@pytest.mark.parametrize("back", [None, 0, 6])
def test_a_loss_she_tells_ends_the_pregnancy_everywhere_and_no_code_is_made_up(pregnant, on, back):
    day = on if back is None else on - timedelta(days=back)
    assert not lost(pregnant, on, None if back is None else day).possibly_pregnant
    stage = facts_for(pregnant.maya, on).stage
    assert (stage.pregnancy.status, stage.pregnancy.on, stage.gestation_days) == ("not pregnant", day, None)
    assert chip(pregnant, on) == "Not pregnant"
    entry = Entry.objects.order_by("recorded_at").last()
    assert (entry.kind, entry.body) == ("life-stage", {"topic": "ended", "value": day.isoformat()})


def test_the_item_says_that_no_code_is_recorded_and_leads_to_where_one_is_given(pregnant, on):
    lost(pregnant, on)
    item = WorklistItem.objects.get(reason__startswith="told:")
    assert item.why.startswith(f"She lost a pregnancy ({on:%-d %B}). No code is recorded for it.")
    assert (item.action, item.level) == ("Code the loss", "warning")
    assert Outgoing.objects.filter(kind="staff", user=pregnant.marchetti.user).count() == 1
    page = signed_in(pregnant.marchetti.user).get(item.to).content.decode()
    opened = page[page.index('name="changed" open') :]
    assert opened.index("A pregnancy ended early") < opened.index("</summary>")
    assert f"{on:%-d %B %Y}" in page
    assert "Does not grow old" in page


def test_pregnant_again_after_a_loss_is_pregnant(pregnant, on):
    lost(pregnant, on, on - timedelta(days=6))
    told(pregnant, on, "pregnancy", "pregnant")
    assert facts_for(pregnant.maya, on).stage.pregnancy.status == "pregnant"


def test_a_loss_told_by_mistake_is_taken_back_whole(pregnant, on):
    entry = lost(pregnant, on).entries[0]
    entry.patient = pregnant.maya
    changes.withdraw(entry=entry, by=pregnant.marchetti.user, at=timezone.now())
    assert facts_for(pregnant.maya, on).stage.pregnancy.status == "pregnant"
