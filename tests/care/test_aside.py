"""What a prescriber set aside is one rule, about these medicines, on what it rested on: anything else is new, and comes up
wherever findings do. What only grew older, or is taken in a smaller dose, stays quiet."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from althea.care import entries as said
from althea.care.actions import changes, findings
from althea.care.actions import order as acting
from althea.care.aside import all_grounds, aside_of
from althea.care.models import FindingSeen, Outgoing, WorklistItem
from althea.care.ready import prepared
from althea.care.recheck import recheck, review_today
from althea.knowledge.schema.evidence import Level
from tests.care.ordering import TODAY, a_draft, codes, looked, sign, tell
from tests.people import NOW, signed_in

__all__ = ["codes"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def taking(people, name, dose, times=1):
    body = said.Medicine(text=name, medicine=name, dose=dose, times_a_day=times, running=True, since=TODAY)
    return tell(people, body, on=TODAY - timedelta(days=200))


def stage(people, topic, value, on=TODAY):
    return tell(people, said.LifeStage(topic=topic, value=value), on=on)


def found(people, rule, at=NOW):
    """The finding that speaks of it, by whichever rule it stands under."""
    rows = [part for one in review_today(people.maya, at).findings for part in (one, *one.also)]
    return next(one for one in rows if one.rule == rule)


def loud(people, at=NOW):
    """What nobody has set aside, at warning or above."""
    on = at.date()
    open_ = aside_of(people.maya, on).open_of(review_today(people.maya, at).findings)
    return [one.title for one in open_ if one.level >= Level.WARNING]


def set_aside(people, *words, at=NOW):
    """Everything loud whose title holds one of these words; without words, everything loud."""
    for one in aside_of(people.maya, at.date()).open_of(review_today(people.maya, at).findings):
        if one.level >= Level.WARNING and (not words or any(word in one.title for word in words)):
            findings.override(
                patient=people.maya, finding=one, code="will-monitor", words="Talked over.", by=people.marchetti.user,
                at=at,
            )  # fmt: skip


def items(people):
    rows = WorklistItem.objects.filter(patient=people.maya, reason__startswith="finding:", closed_at=None)
    return [one.why for one in rows]


def told(people, body, words="She told.", on=TODAY, at=NOW):
    return changes.tell(
        patient=people.maya, bodies=[(body, on)], words=words, origin="hers", by=people.maya.user, at=at
    )  # fmt: skip


def chart(people):
    page = signed_in(people.marchetti.user).get(reverse("chart", kwargs={"patient": people.maya.pk}))
    return page.content.decode()


def medicine(name):
    return said.Medicine(text=name, medicine=name, running=True, since=TODAY)


# --- another rule -----------------------------------------------------------------------------------------------------


def valproate_with_condoms(people):
    """A draft; that a pregnancy is not known to be prevented is overridden."""
    looked(people)
    stage(people, "pregnancy", "not pregnant")
    stage(people, "contraception", "condoms")
    order = a_draft(people, ("500 mg", "morning", ""), medicine="valproate")
    ready = prepared(order, people.marchetti.user, NOW)
    answers = {
        one.key: {"how": "override", "code": "will-monitor", "words": "Condoms, talked over."}
        for one in ready.reviewed.found
        if one.critical
    }
    acting.answer(order=order, seen=order.version, answers=answers, scale="", by=people.marchetti.user, at=NOW)
    order.refresh_from_db()
    return order


def on_valproate_with_condoms(people, codes):
    """The same, signed at the visit."""
    return sign(people, valproate_with_condoms(people), codes(people.marchetti))


def test_what_was_signed_with_a_reason_is_the_same_in_her_record_and_does_not_come_back_as_it_ages(people, codes):
    on_valproate_with_condoms(people, codes)
    for days in (0, 1, 30, 60, 89):
        at = NOW + timedelta(days=days)
        recheck(people.maya, at)
        assert not any("not known to be prevented" in one for one in items(people)), days
    recheck(people.maya, NOW + timedelta(days=91))
    assert any("not known to be prevented" in one for one in items(people)), "it is looked at again"


def test_that_she_is_pregnant_is_not_covered_by_condoms_that_were_set_aside(people, codes):
    on_valproate_with_condoms(people, codes)
    before = Outgoing.objects.filter(kind="staff").count()
    day = TODAY + timedelta(days=30)
    came = told(people, said.LifeStage(topic="pregnancy", value="pregnant"), "She is pregnant.", on=day, at=LATER)
    assert came.new[0].title.startswith("Pregnant on valproate")
    assert any(one.startswith("Pregnant on valproate") for one in items(people))
    assert Outgoing.objects.filter(kind="staff").count() > before
    told_item = WorklistItem.objects.get(patient=people.maya, reason__startswith="told:")
    assert "Pregnant on valproate" in told_item.why
    assert "nothing new" not in told_item.why
    recheck(people.maya, LATER + timedelta(days=1))
    assert any(one.startswith("Pregnant on valproate") for one in items(people)), "and the next night too"


def test_an_answer_to_a_draft_is_asked_for_anew_once_another_rule_speaks(people, codes):
    order = valproate_with_condoms(people)
    assert "findings" not in dict(prepared(order, people.marchetti.user, NOW).lacking)
    day = TODAY + timedelta(days=1)
    stage(people, "pregnancy", "pregnant", on=day)
    order.steps[0]["from"] = day.isoformat()
    lacking = dict(prepared(order, people.marchetti.user, NOW + timedelta(days=1)).lacking)
    assert lacking["findings"] == "To sign, act on 1 critical finding or give a reason."


# --- a newer result or answer -----------------------------------------------------------------------------------------


def level(people, value, days_ago=0):
    body = said.Result(measure="lithium-level", value=Decimal(value), unit="mmol/L")
    return tell(people, body, on=TODAY - timedelta(days=days_ago))


def on_lithium_with_a_toxic_level_set_aside(people):
    looked(people)
    taking(people, "lithium", "900 mg")
    level(people, "1.6", days_ago=3)
    recheck(people.maya, NOW)
    set_aside(people, "toxic")


def test_a_newer_result_comes_up_on_the_worklist_the_chart_and_by_a_notice(people):
    on_lithium_with_a_toxic_level_set_aside(people)
    assert not any("toxic" in one for one in [*items(people), *loud(people)])
    before = Outgoing.objects.filter(kind="staff").count()
    level(people, "3.1")
    recheck(people.maya, NOW)
    assert any("3.1 mmol/L" in one for one in items(people))
    assert any("3.1 mmol/L" in one for one in loud(people))
    assert Outgoing.objects.filter(kind="staff").count() > before
    assert "Lithium level 3.1 mmol/L" in chart(people)


def test_the_same_result_stays_quiet_while_it_ages_and_when_its_entry_is_corrected(people):
    on_lithium_with_a_toxic_level_set_aside(people)
    for days in (1, 5, 12):
        recheck(people.maya, NOW + timedelta(days=days))
        assert not any("toxic" in one for one in items(people)), days
    level(people, "1.6", days_ago=3)
    recheck(people.maya, NOW)
    assert not any("toxic" in one for one in items(people)), "the same value of the same day"


def test_a_newer_answer_about_self_harm_is_never_covered_by_an_older_one(people):
    looked(people)
    tell(people, said.Score(scale="phq-9", total=15, items={"item 9": 1}), on=TODAY - timedelta(days=14))
    set_aside(people, "self-harm")
    recheck(people.maya, NOW)
    assert not any("self-harm" in one for one in items(people))
    tell(people, said.Score(scale="phq-9", total=15, items={"item 9": 1}))
    recheck(people.maya, NOW)
    assert any("self-harm" in one for one in items(people)), "not even where it is the same answer"


# --- another medicine -------------------------------------------------------------------------------------------------


def bleeding(rows):
    return [one for one in rows if "bleeding" in one]


@pytest.mark.parametrize("second", ["naproxen", "warfarin", "apixaban"])
def test_another_medicine_is_news_though_the_reason_is_the_same(people, second):
    looked(people)
    taking(people, "sertraline", "100 mg")
    told(people, medicine("ibuprofen"))
    set_aside(people, "ibuprofen")
    assert not bleeding(loud(people))
    came = told(people, medicine(second))
    assert any(second in one.title for one in came.new)
    assert len(bleeding(items(people))) == 1, "one reason is one item"
    assert second in bleeding(items(people))[0]
    assert second in bleeding(loud(people))[0]


@pytest.mark.parametrize("order", [("warfarin", "ibuprofen"), ("ibuprofen", "warfarin")])
def test_what_was_found_first_does_not_vanish_behind_what_came_after(people, order):
    """One finding a reason; it says the other medicine too, and the newer is told of by its own title."""
    looked(people)
    taking(people, "sertraline", "100 mg")
    told(people, medicine(order[0]))
    came = told(people, medicine(order[1]))
    assert [order[1] in one.title for one in came.new] == [True]
    whole = found(people, "ssri-snri-nsaid")
    assert [one.rule for one in whole.also] == ["ssri-snri-warfarin"]
    assert whole.beside == ("Also: Sertraline with warfarin: more bleeding, and the INR can change.",)
    assert "Also: Sertraline with warfarin" in chart(people)


def test_both_set_aside_at_once_stay_quiet_and_one_that_ends_brings_nothing_back(people):
    looked(people)
    taking(people, "sertraline", "100 mg")
    for name in ("ibuprofen", "warfarin"):
        told(people, medicine(name))
    set_aside(people, "bleeding")
    assert not bleeding(loud(people))
    taken = said.Medicine(text="ibuprofen", medicine="ibuprofen", running=False, until=TODAY)
    entry = next(one for one in people.maya.entries.current() if one.body.get("medicine") == "ibuprofen")
    changes.tell(
        patient=people.maya, bodies=[(taken, TODAY)], words="It ended.", origin="hers", by=people.maya.user, at=NOW,
        supersedes=entry,
    )  # fmt: skip
    assert not bleeding(loud(people))
    assert not bleeding(items(people))


def test_to_take_back_one_answer_leaves_those_that_are_about_something_else(people):
    looked(people)
    taking(people, "sertraline", "100 mg")
    told(people, medicine("ibuprofen"))
    set_aside(people, "ibuprofen")
    told(people, medicine("warfarin"))
    set_aside(people, "warfarin")
    assert not bleeding(loud(people))
    findings.undo(
        row=FindingSeen.objects.get(title__contains="warfarin"), by=people.marchetti.user, at=NOW + timedelta(hours=1)
    )
    assert ["warfarin" in one for one in bleeding(loud(people))] == [True]


# --- more, and less ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dose", "comes_back"), [("300 mg", False), ("250 mg", False), ("350 mg", True)])
def test_a_dose_above_its_limit_comes_back_when_it_rises_and_not_when_it_falls(people, dose, comes_back):
    looked(people)
    entry = taking(people, "sertraline", "300 mg")
    set_aside(people)
    assert loud(people) == []
    body = said.of(entry.kind, entry.body).model_copy(update={"dose": dose})
    changes.tell(
        patient=people.maya, bodies=[(body, TODAY)], words="Her dose.", origin="hers", by=people.maya.user, at=NOW,
        supersedes=entry,
    )  # fmt: skip
    assert bool(loud(people)) is comes_back
    assert bool(items(people)) is comes_back


def test_what_was_set_aside_before_its_grounds_were_kept_is_looked_at_once_again(people):
    looked(people)
    taking(people, "sertraline", "100 mg")
    told(people, medicine("ibuprofen"))
    one = found(people, "ssri-snri-nsaid")
    FindingSeen.objects.create(
        patient=people.maya, rule=one.rule, reason=list(one.reason), level="warning", title=one.title,
        answer="overridden", code="will-monitor", words="Yes.", until=TODAY + timedelta(days=90), knowledge="x",
        by=people.marchetti.user, at=NOW,
    )  # fmt: skip
    assert bleeding(loud(people))
    assert all_grounds((one,)), "a finding always rests on something"
