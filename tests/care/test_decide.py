"""Options prepared, shared and frozen; what she answers; her decision whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import choosing, outbox
from althea.care import entries as said
from althea.care.actions import decide, offer
from althea.care.days import today
from althea.care.facts import chart_of
from althea.care.known import knowledge
from althea.care.models import AuditRow, Entry, OfferReply, Order, Outgoing, Stale
from althea.care.typed import Past
from althea.knowledge.schema.vocabulary import Stamp
from tests.care.choosing import a_day, decided, drafted, items, maya, replied, shared, told
from tests.care.test_facts import an_order

__all__ = ["maya"]  # a fixture
pytestmark = pytest.mark.django_db


def names(one):
    return [row["name"] for row in one.options["offered"]]


# --- preparing and sharing -------------------------------------------------------------------------------------------


def test_options_are_made_from_her_facts_her_values_and_what_she_tried(maya):
    one = drafted(maya)
    assert set(names(one)) == {
        "Sertraline", "Escitalopram", "No medicine now", "Talking therapy: CBT", "Talking therapy: IPT",
    }  # fmt: skip
    assert one.options["values"] == ["breastfeeding", "sex"]
    assert one.options["situations"][0]["id"] == "depression-after-birth"
    past = next(row for row in one.options["offered"] if row["id"] == "escitalopram")["past_for_her"]
    assert past == [
        "You took it before (20 mg) for 60 weeks. It helped in part. You stopped because: “Less desire for sex”."
    ]


def test_they_are_compared_by_the_rules_of_her_clinics_country(maya):
    assert drafted(maya).options["jurisdiction"] == "US"
    maya.clinic.country = "GB"
    maya.clinic.save()
    maya.maya.refresh_from_db()
    assert drafted(maya).options["jurisdiction"] == "GB"


def test_a_medicine_that_must_be_talked_about_first_is_apart_and_not_among_what_she_sees(maya):
    told(maya, said.Result(measure="egfr", value=20, unit="mL/min/1.73m2"))
    one = drafted(maya, candidates=("lithium",))
    assert "Lithium" not in names(one)
    assert [row["name"] for row in one.options["not_without_a_talk"]] == ["Lithium"]
    assert "lithium" not in dict(choosing.may_be_chosen(one.options))


def test_sharing_freezes_it_tells_her_neutrally_and_writes_its_digest_into_the_trail(maya):
    one = shared(maya)
    notice = Outgoing.objects.get(patient=maya.maya)
    assert (notice.kind, notice.link) == ("update", "/options")
    assert AuditRow.objects.get(verb="shared options").about == f"offer {one.pk} {choosing.digest(one)}"
    with pytest.raises(offer.NotNow, match="what she saw is kept as it was"):
        offer.prepare(patient=maya.maya, options=None, by=maya.marchetti.user, at=timezone.now(), draft=one)


def test_a_second_share_is_refused_and_sends_nothing_again(maya):
    one = shared(maya)
    with pytest.raises(offer.NotNow, match="She has been shown this already"):
        offer.share(offer=one, words="", by=maya.marchetti.user, at=timezone.now())
    assert Outgoing.objects.count() == 1


def test_a_new_offer_closes_the_old_one_and_keeps_it_with_her_answer(maya):
    old = shared(maya)
    replied(maya, old, questions="Will I feel flat?")
    new = shared(maya, values=("sleep",))
    old.refresh_from_db()
    assert old.closed_at is not None
    assert OfferReply.objects.get(offer=old).questions == "Will I feel flat?"
    assert choosing.open_offer(maya.maya) == new
    assert items(maya, "offer:") == []


def test_what_changed_before_it_was_shared_stops_the_share(maya):
    draft = drafted(maya)
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81"))
    with pytest.raises(offer.NotNow, match="Something changed since this was prepared"):
        offer.share(offer=draft, words="", by=maya.marchetti.user, at=timezone.now())
    assert not Outgoing.objects.exists()


def test_two_who_share_at_once(maya):
    draft = drafted(maya)
    seen = draft.version
    again = type(draft).objects.get(pk=draft.pk)
    offer.prepare(patient=maya.maya, options=choosing.compare(chart_of(maya.maya), a_day(0), values=()), by=maya.hale.user,
                  at=timezone.now(), draft=again, seen=seen)  # fmt: skip
    with pytest.raises(Stale):
        offer.share(offer=draft, words="", by=maya.marchetti.user, at=timezone.now(), seen=seen)


# --- what changed since ----------------------------------------------------------------------------------------------


def test_a_fact_that_changed_is_named(maya):
    one = shared(maya)
    on = today(maya.maya, timezone.now())
    assert choosing.changed_since(one, chart_of(maya.maya), on) == []
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81"))
    lines = choosing.changed_since(one, chart_of(maya.maya), on)
    assert "Her situation is now: A depressive episode in bipolar disorder." in lines


def test_another_edition_of_the_knowledge_is_named(maya, monkeypatch):
    one = shared(maya)
    newer = replace(knowledge(), stamp=Stamp(dated="2027.01", digest="abcdef"))
    monkeypatch.setattr(choosing, "knowledge", lambda: newer)
    lines = choosing.changed_since(one, chart_of(maya.maya), today(maya.maya, timezone.now()))
    assert lines == [f"The evidence is of another edition: {knowledge().stamp} then, 2027.01+abcdef now."]


# --- what she answers ------------------------------------------------------------------------------------------------


def test_her_answers_are_kept_each_evening_and_the_newest_counts(maya):
    one = shared(maya)
    replied(maya, one, questions="Will I feel flat like last time?")
    replied(maya, one, values=("sleep", "sex", "sleep"), leaning="", questions="What if I want to stop?")
    last = offer.newest_reply(one)
    assert (last.values, last.leaning) == (["sleep", "sex"], "")
    assert OfferReply.objects.count() == 2
    (item,) = items(maya, "offer:")
    assert item.why == "Her questions for the visit: “What if I want to stop?”"
    assert choosing.what_matters(maya.maya)[0] == ("sleep", "sex")


@pytest.mark.parametrize("leaning", ["valproate", "not-now", "<b>", "x" * 60])
def test_leaning_towards_what_is_not_there_is_refused(maya, leaning):
    with pytest.raises(offer.NotNow, match="That is not among these options"):
        replied(maya, shared(maya), leaning=leaning)
    assert not OfferReply.objects.exists()


def test_unknown_values_are_left_out(maya):
    replied(maya, shared(maya), values=("luck", "sex", ""))
    assert OfferReply.objects.get().values == ["sex"]


def test_a_closed_offer_is_not_answered(maya):
    one = shared(maya)
    decided(maya, one)
    one.refresh_from_db()
    with pytest.raises(offer.NotNow, match="no longer open"):
        replied(maya, one)


# --- her decision ----------------------------------------------------------------------------------------------------


def test_a_decision_holds_what_she_saw_what_mattered_and_why(maya):
    one = shared(maya)
    replied(maya, one, values=("sex", "breastfeeding"))
    entry = decided(maya, one)
    body = said.Decision(**entry.body)
    assert body.chosen_words == "Sertraline"
    assert body.seen == choosing.digest(one)
    assert body.values == ["sex", "breastfeeding"]
    assert body.options[-1] == "not-now"
    assert "no-medicine" in body.options
    assert (body.whose, body.knowledge, entry.origin) == ("hers", str(knowledge().stamp), "hers")
    one.refresh_from_db()
    assert one.closed_at is not None
    assert Outgoing.objects.count() == 1, "nobody is told but by the share itself"


@pytest.mark.parametrize(
    ("chosen", "words", "line"),
    [("no-medicine", "No medicine now", decide.WATCHFUL), ("not-now", "Not now", decide.OPEN)],
)
def test_no_medicine_and_not_now_are_recorded_with_the_same_dignity_and_a_day(maya, chosen, words, line):
    told(maya, said.Plan(therapy="IPT", who_does_what=["Sam: the 1 am feed"], review_on=None))
    entry = decided(maya, shared(maya), chosen)
    assert entry.body["chosen_words"] == words
    (row,) = Entry.objects.current().filter(kind="plan")
    assert row.body["who_does_what"] == [line, "Sam: the 1 am feed"]
    assert row.body["review_on"] == entry.on.fromordinal(entry.on.toordinal() + 14).isoformat()
    assert row.body["therapy"] == "IPT"


@pytest.mark.parametrize("chosen", ["no-medicine", "not-now", "cbt"])
def test_without_a_medicine_there_is_a_day_to_look_again(maya, chosen):
    with pytest.raises(decide.NotNow, match="say on which day you look again"):
        decided(maya, shared(maya), chosen, review_on=None)
    with pytest.raises(Past, match="This is before today"):
        decided(maya, shared(maya), chosen, review_on=a_day(-2))
    assert not Entry.objects.filter(kind="decision").exists()


def test_a_day_that_is_near_is_before_her_prescriber_at_once_and_a_far_one_in_its_time(maya):
    one = shared(maya)
    first = decided(maya, one, "no-medicine", review_on=a_day(3))
    assert items(maya, "plan-review") == []
    one.refresh_from_db()
    decided(maya, one, "not-now", instead=first, review_on=a_day(1))
    (item,) = items(maya, "plan-review")
    assert item.why == "Due tomorrow: look again at the plan with her."


def test_a_medicine_after_no_medicine_takes_the_waiting_out_of_the_plan(maya):
    one = shared(maya)
    first = decided(maya, one, "no-medicine")
    one.refresh_from_db()
    decided(maya, one, "sertraline", instead=first)
    (row,) = Entry.objects.current().filter(kind="plan")
    assert row.body["who_does_what"] == []
    assert row.body["review_on"] == a_day(14).isoformat()


def test_a_medicine_leaves_a_plan_alone_that_says_nothing_of_waiting(maya):
    told(maya, said.Plan(therapy="IPT", review_on=a_day(-30)))
    decided(maya, shared(maya))
    assert Entry.objects.filter(kind="plan").count() == 1


def test_a_therapy_that_she_chose_stands_in_the_plan(maya):
    decided(maya, shared(maya), "cbt")
    (row,) = Entry.objects.current().filter(kind="plan")
    assert row.body["therapy"] == "Talking therapy: CBT"


def test_where_nothing_was_compared_no_medicine_and_not_now_may_still_be_chosen(people):
    one = shared(people, candidates=None)
    assert [key for key, _ in choosing.may_be_chosen(one.options)] == ["no-medicine", "not-now"]
    assert decided(people, one, "no-medicine").body["chosen"] == "no-medicine"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"chosen": "lithium"}, "That is not among what she was shown"),
        ({"chosen": ""}, "That is not among what she was shown"),
        ({"whose": ""}, "Say whose choice this mostly was"),
        ({"whose": "nobody's"}, "Say whose choice this mostly was"),
        ({"shown": "0" * 64}, "What was on this page is not what she was shown"),
        ({"talked_over": ("luck",)}, "Tick only what is on the list"),
        ({"changed": True}, "Something changed since she saw the options"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_the_offer_stays_open(maya, change, words):
    one = shared(maya)
    with pytest.raises(decide.NotNow, match=words):
        decided(maya, one, **change)
    one.refresh_from_db()
    assert one.closed_at is None
    assert not Entry.objects.filter(kind="decision").exists()


def test_what_she_was_not_shown_is_not_decided(maya):
    with pytest.raises(decide.NotNow, match="She has not seen this yet"):
        decided(maya, drafted(maya))


def test_of_two_who_record_at_once_the_second_is_told_and_sees_the_first(maya):
    one = shared(maya)
    again = type(one).objects.get(pk=one.pk)
    first = decided(maya, one)
    with pytest.raises(Stale):
        decided(maya, again, "no-medicine")
    again.refresh_from_db()
    with pytest.raises(Stale) as then:
        decided(maya, again, "no-medicine")
    assert then.value.theirs == first
    assert Entry.objects.filter(kind="decision").count() == 1


def test_she_changes_her_mind_and_the_earlier_decision_stays_in_the_record(maya):
    one = shared(maya)
    first = decided(maya, one)
    one.refresh_from_db()
    second = decided(maya, one, "no-medicine", instead=first)
    assert second.supersedes == first
    assert decide.decision_of(one) == second
    with pytest.raises(Stale):
        decided(maya, one, "not-now", instead=first)


def test_a_decision_with_a_signed_order_is_not_replaced(maya):
    one = shared(maya)
    first = decided(maya, one)
    order = an_order(maya)
    Order.objects.create(
        patient=maya.maya, medicine="sertraline", steps=order.steps, decision=first, drafted_by=order.drafted_by,
        drafted_at=order.drafted_at, signed_at=order.signed_at,
        signature=type(order.signature).objects.create(
            signer=maya.marchetti.user, digest="f" * 64, method="totp", at=order.signed_at
        ),
    )  # fmt: skip
    one.refresh_from_db()
    with pytest.raises(decide.NotNow, match="An order was signed on that decision"):
        decided(maya, one, "no-medicine", instead=first)
    later = decided(maya, shared(maya, values=()), "no-medicine")
    assert later.supersedes is None
    assert Entry.objects.current().filter(kind="decision").count() == 2


def test_her_reason_is_kept_in_any_script(maya):
    words = "لا أريد أن أشعر بالخدر 🌿 " * 100
    assert decided(maya, shared(maya), reasons=words).body["reasons"] == words


# --- what is told of it ---------------------------------------------------------------------------------------------


def test_a_notice_of_an_offer_that_was_closed_is_not_sent(maya):
    one = shared(maya)
    decided(maya, one)
    outbox.send_due(timezone.now() + timedelta(days=1))
    assert Outgoing.objects.get(kind="update").state == "dropped"


def test_an_offer_shared_in_the_night_waits_for_the_morning(maya):
    draft = drafted(maya)
    night = timezone.now().replace(hour=5, minute=0) + timedelta(days=1)
    offer.share(offer=draft, words="", by=maya.marchetti.user, at=night)
    assert Outgoing.objects.get().not_before.astimezone(night.tzinfo).hour in (12, 13)
