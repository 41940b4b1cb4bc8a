"""A finding that still stands is not ended by a click: it is acted on, or set aside with a reason, until a day if one likes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import findings, worklist
from althea.care.actions.worklist import STILL_SO, NotSaid
from althea.care.days import today
from althea.care.models import AuditRow, FindingSeen, Outgoing, WorklistItem
from althea.care.recheck import recheck, review_today
from althea.engine.finding import NotChecked
from althea.knowledge.schema.evidence import Level
from tests.clinic.prescribing import looked, tell
from tests.people import send, signed_in

pytestmark = pytest.mark.django_db
BLEEDS = "Sertraline with ibuprofen"
ASIDE = "Set it aside, or until a day"


@pytest.fixture
def item(people):
    """Sertraline, and ibuprofen from the midwife: it is on the worklist after the night."""
    looked(people)
    for name in ("sertraline", "ibuprofen"):
        tell(people, said.Medicine(text=name, medicine=name, dose="100 mg", times_a_day=1, running=True))
    recheck(people.maya, timezone.now())
    return WorklistItem.objects.get(patient=people.maya, why__startswith=BLEEDS)


def day_page(people, who="marchetti"):
    return signed_in(getattr(people, who).user).get("/today").content.decode()


def done(people, *items, who="marchetti", **sent):
    held = [f"{one.pk} {one.version}" for one in items]
    address = f"/patients/{people.maya.pk}/worklist/{items[0].pk}"
    return send(signed_in(getattr(people, who).user), address, item=held, **sent)


def ask(people, item, who="marchetti"):
    return signed_in(getattr(people, who).user).get(f"/patients/{people.maya.pk}/override?item={item.pk}")


def aside(people, words, client=None, **sent):
    """The form of the page, sent as it stands with these answers."""
    client = client or signed_in(people.marchetti.user)
    hidden = {
        part.split('"')[0]: part.split('value="')[1].split('"')[0]
        for part in words.split('<input type="hidden" name="')[1:]
    }
    fields = {key: value for key, value in hidden.items() if key in ("rule", "finding", "item")}
    given = {"code": "will-monitor", "words": "Four days only, with food."} | sent
    return send(client, f"/patients/{people.maya.pk}/override", **fields, **given)


def day(people):
    return today(people.maya, timezone.now())


def open_(item):
    item.refresh_from_db()
    return item.closed_at is None


# --- what the worklist offers ------------------------------------------------------------------------------------


def test_the_worklist_says_that_it_stays_and_offers_no_done(people, item):
    row = day_page(people).split('<details class="more do">')[1].split("</details>")[0]
    assert "It stays until it is no longer so." in row
    assert f'<a href="/patients/{people.maya.pk}/override?item={item.pk}">{ASIDE}' in row
    assert ">Done<" not in row


def test_who_may_not_set_aside_is_offered_no_link_that_leads_nowhere(people, item):
    words = day_page(people, "nurse")
    assert "It stays until it is no longer so." in words
    assert ASIDE not in words
    assert ask(people, item, "nurse").status_code == 404


def test_what_stands_beside_it_on_the_line_is_done_by_itself(people, item):
    other = worklist.place(patient=people.maya, group=item.group, level="info", reason="told:x", why="She moved.",
                           action="Look at it", at=timezone.now())  # fmt: skip
    row = day_page(people).split('<details class="more do">')[1].split("</details>")[0]
    assert ">Done<" in row
    assert f'name="item" value="{other.pk} ' in row
    assert f'name="item" value="{item.pk} ' not in row
    assert ASIDE in row
    assert done(people, other).status_code == 302
    assert not open_(other)
    assert open_(item)


# --- Done, sent by hand ------------------------------------------------------------------------------------------


def test_done_sent_by_hand_is_refused_with_what_to_do(people, item):
    words = done(people, item, words="Seen").content.decode()
    assert "Not closed: it still stands" in words
    assert STILL_SO in words
    assert ASIDE in words
    assert open_(item)
    assert not AuditRow.objects.filter(verb="closed item").exists()


def test_of_a_line_with_it_none_is_closed_by_hand_and_the_others_can_be(people, item):
    other = worklist.place(patient=people.maya, group=item.group, level="info", reason="told:x", why="She moved.",
                           action="Look at it", at=timezone.now())  # fmt: skip
    words = done(people, item, other, words="Noted").content.decode()
    assert "Not closed: one of these still stands" in words
    assert "Noted</textarea>" in words
    assert f'name="item" value="{other.pk} ' in words
    assert f'name="item" value="{item.pk} ' not in words
    assert open_(other)


def test_no_door_closes_it_with_a_word(people, item):
    with pytest.raises(NotSaid, match="here again tomorrow"):
        worklist.close(item=item, by=people.marchetti.user, words="x", at=timezone.now())


def test_one_that_is_no_longer_so_is_closed_as_that(people, item):
    stale = worklist.place(patient=people.maya, group="other", level="warning", reason="finding:gone", why="Was so.",
                           action="Open chart", at=timezone.now())  # fmt: skip
    assert done(people, stale, words="Seen").status_code == 302
    stale.refresh_from_db()
    assert (stale.closing, stale.closed_by) == ("No longer so.", None)


def test_a_check_that_could_not_be_made_stays_and_cannot_be_set_aside(people, monkeypatch):
    from althea.care import recheck as looking

    check = NotChecked(rule="x", title="x", missing=("how many days",), could_be=Level.CRITICAL, medicines=("x",))
    monkeypatch.setattr(looking, "unsure_to_begin_low", lambda *given: {"lamotrigine": check})
    recheck(people.maya, timezone.now())
    gap = WorklistItem.objects.get(reason="finding:gap/lamotrigine")
    for words in (day_page(people), done(people, gap).content.decode()):
        assert ASIDE not in words
    assert "It stays until it is no longer so." in day_page(people)
    assert open_(gap)


def test_night_after_night_it_is_one_item_and_one_notice(people, item):
    was = Outgoing.objects.filter(kind="staff").count()
    for night in (1, 2, 3):
        recheck(people.maya, timezone.now() + timedelta(days=night))
    assert WorklistItem.objects.get(why__startswith=BLEEDS).pk == item.pk
    assert Outgoing.objects.filter(kind="staff").count() == was


# --- set aside from the worklist, until a day --------------------------------------------------------------------


def test_set_aside_from_the_worklist_it_is_gone_and_she_is_back_there(people, item):
    words = ask(people, item).content.decode()
    assert "Override with a reason" in words
    assert "Nothing was set aside yet" not in words
    answer = aside(people, words)
    assert answer["Location"] == "/today"
    assert not open_(item)
    assert FindingSeen.objects.get().until == day(people) + timedelta(days=90)
    assert BLEEDS not in day_page(people)


def test_until_a_day_it_is_away_and_on_that_day_it_is_back(people, item):
    again = day(people) + timedelta(days=7)
    client = signed_in(people.marchetti.user)
    aside(people, ask(people, item).content.decode(), client, again=again.isoformat())
    assert f"Set aside. It is looked at again on {again:%-d %B %Y}." in client.get("/today").content.decode()
    recheck(people.maya, timezone.now() + timedelta(days=6))
    assert not WorklistItem.objects.filter(why__startswith=BLEEDS, closed_at__isnull=True).exists()
    recheck(people.maya, timezone.now() + timedelta(days=7))
    assert WorklistItem.objects.filter(why__startswith=BLEEDS, closed_at__isnull=True).exists()


@pytest.mark.parametrize("back", [0, -1, 91])
def test_a_day_that_is_over_or_too_far_is_said_to_be_and_nothing_is_lost(people, item, back):
    again = day(people) + timedelta(days=back)
    words = aside(people, ask(people, item).content.decode(), again=again.isoformat()).content.decode()
    assert "Nothing was set aside yet" in words
    first, last = (day(people) + timedelta(days=count) for count in (1, 90))
    assert f"Choose a day from {first:%-d %B %Y} to {last:%-d %B %Y}." in words
    assert "Four days only, with food." in words
    assert f'value="{again.isoformat()}"' in words
    assert f'name="item" value="{item.pk}"' in words
    assert open_(item)


def test_what_is_no_day_is_said_to_be(people, item):
    words = aside(people, ask(people, item).content.decode(), again="next week").content.decode()
    assert "Enter a day, for example 2026-07-01, or leave it empty." in words
    assert open_(item)


def test_to_open_the_page_sets_nothing_aside_whatever_its_address_says(people, item):
    address = f"/patients/{people.maya.pk}/override?item={item.pk}&code=will-monitor&words=x"
    assert signed_in(people.marchetti.user).get(address).status_code == 200
    assert not FindingSeen.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_address_that_names_no_item_of_hers_leads_to_her_chart(people, item, key):
    answer = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/override?item={key}")
    assert answer["Location"] == f"/patients/{people.maya.pk}/"


def test_a_day_out_of_bounds_is_refused_by_the_deed_too(people, item):
    found = next(one for one in review_today(people.maya, timezone.now()).findings if one.title.startswith(BLEEDS))
    with pytest.raises(findings.NotThen):
        findings.override(patient=people.maya, finding=found, code="will-monitor", words="x",
                          by=people.marchetti.user, at=timezone.now(), again=day(people))  # fmt: skip


def test_of_several_on_one_line_each_is_set_aside_by_its_own_name(people, item):
    other = worklist.place(patient=people.maya, group=item.group, level="warning", reason="finding:due ecg",
                           why="An ECG is due.", action="Open chart", at=timezone.now())  # fmt: skip
    row = day_page(people).split('<details class="more do">')[1].split("</details>")[0]
    assert row.count("These stay until they are no longer so.") == 1
    for one in (item, other):
        assert f'?item={one.pk}">{ASIDE}: {one.why[:20]}' in row


def test_a_day_to_look_again_is_kept_when_more_of_the_same_is_set_aside_after_it(people, item):
    aside(people, ask(people, item).content.decode(), again=(day(people) + timedelta(days=3)).isoformat())
    tell(people, said.Medicine(text="naproxen", medicine="naproxen", dose="250 mg", times_a_day=2, running=True))
    recheck(people.maya, timezone.now())
    more = WorklistItem.objects.get(patient=people.maya, closed_at=None, reason=item.reason)
    aside(people, ask(people, more).content.decode())
    assert not WorklistItem.objects.filter(patient=people.maya, closed_at=None, reason=item.reason).exists()
    recheck(people.maya, timezone.now() + timedelta(days=3))
    assert WorklistItem.objects.filter(patient=people.maya, closed_at=None, reason=item.reason).exists()


def test_without_an_item_nothing_is_said_to_be_gone(people, item):
    """Back from a refusal, or opened by hand."""
    words = (
        signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/override/undo", follow=True).content.decode()
    )
    assert "That finding is no longer there" not in words
