"""A notice goes to who looks after her today, once for each thing there is to tell; what nobody opened is told again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from althea.care import audit, outbox
from althea.care.access import hers_to_see, without_a_team
from althea.care.actions import patient as patients
from althea.care.actions import safety, worklist
from althea.care.models import Episode, Outgoing, TeamPlace, WorklistItem
from tests.people import a_member, send, signed_in

pytestmark = pytest.mark.django_db
ASKED = "phq-9/item 9"
MORNING = "2026-06-10T10:00:00Z"  # six o'clock in New York


def told(member=None):
    rows = Outgoing.objects.filter(kind__in=("staff", "again"))
    return (rows if member is None else rows.filter(user=member.user)).count()


def place(her, level="critical", reason="finding:x", **values):
    values = {"group": "cannot-wait", "why": "Lithium 1.9", "action": "Look", "tell": True} | values
    return worklist.place(patient=her, level=level, reason=reason, at=timezone.now(), **values)


def harm(people, value, before=0):
    return safety.told(
        patient=people.maya, source="check-in 1", question=ASKED, value=value, by=people.maya.user,
        at=timezone.now(), before=before,
    )  # fmt: skip


# --- who ------------------------------------------------------------------------------------------------------------


def test_a_locum_with_a_last_day_is_told_and_sees_her(people):
    TeamPlace.objects.update(until=timezone.now() + timedelta(days=30))
    place(people.maya)
    assert told(people.marchetti) == told(people.nurse) == 1
    assert people.maya in hers_to_see(people.marchetti)


def test_whose_place_is_over_is_not_told(people):
    TeamPlace.objects.filter(member=people.nurse).update(until=timezone.now() - timedelta(days=1))
    place(people.maya)
    assert (told(people.marchetti), told(people.nurse)) == (1, 0)


def test_when_all_of_her_team_have_left_every_prescriber_of_her_clinic_is_told(people):
    for member in (people.marchetti, people.nurse):
        member.left_on = timezone.localdate() - timedelta(days=1)
        member.save()
    place(people.maya)
    assert told(people.hale) == 1
    assert told(people.marchetti) == told(people.nurse) == told(people.ibarra) == 0


def test_a_team_of_a_therapist_alone_is_nobody_who_could_open_it(people):
    TeamPlace.objects.filter(patient=people.maya).exclude(member=people.therapist).delete()
    place(people.maya)
    assert told(people.hale) == 1
    assert people.maya in without_a_team(people.clinic)


def test_without_a_team_she_stands_on_every_prescribers_today_and_one_of_them_takes_her(people):
    TeamPlace.objects.filter(patient=people.maya).delete()
    place(people.maya)
    hale = signed_in(people.hale.user)
    page = hale.get("/today").content.decode()
    assert "Without a team" in page
    assert "Maya Okafor-Lind" in page
    assert "1 open" in page
    assert "Lithium" not in page, "what it is about is read by who looks after her"
    answer = send(hale, f"/today/look-after/{people.maya.pk}")
    assert answer["Location"] == f"/patients/{people.maya.pk}/"
    assert people.maya in hers_to_see(people.hale)
    assert "Without a team" not in hale.get("/today").content.decode()


@pytest.mark.parametrize("level", ["critical", "info"])
def test_what_cannot_wait_of_a_woman_without_a_team_stands_above_everything(people, level):
    TeamPlace.objects.filter(patient=people.maya).delete()
    place(people.maya, group="cannot-wait" if level == "critical" else "other", level=level)
    page = signed_in(people.hale.user).get("/today").content.decode()
    above = page.index("Without a team") < page.index('class="wl"')
    assert (above, "1 cannot wait" in page) == (level == "critical", level == "critical")


def test_a_nurse_is_not_asked_to_take_her(people):
    TeamPlace.objects.filter(patient=people.maya).delete()
    assert "Without a team" not in signed_in(people.nurse.user).get("/today").content.decode()


@pytest.mark.parametrize("whose", ["a colleague's", "another clinic's"])
def test_nobody_takes_a_woman_who_has_a_team_or_is_of_another_clinic(people, whose):
    her = people.maya if whose == "a colleague's" else people.far
    TeamPlace.objects.filter(patient=people.far).delete()
    hale = signed_in(people.hale.user)
    assert send(hale, f"/today/look-after/{her.pk}")["Location"] == "/today"
    assert "Somebody looks after her by now. Nothing was changed." in hale.get("/today").content.decode()
    assert her not in hers_to_see(people.hale)


def test_a_woman_who_left_the_clinic_is_not_without_a_team(people):
    Episode.objects.create(patient=people.maya, why="Low mood", opened_on="2026-01-05")
    patients.leave(patient=people.maya, by=people.marchetti.user, at=timezone.now())
    assert people.maya not in without_a_team(people.clinic)


# --- how often ------------------------------------------------------------------------------------------------------


def test_a_new_opening_is_told_though_the_last_was_told_too(people):
    item = place(people.maya)
    place(people.maya)
    assert told(people.marchetti) == 1, "found again, and open: once"
    worklist.close(item=item, by=None, words="No longer so.", at=timezone.now())
    place(people.maya)
    assert told(people.marchetti) == 2


def test_a_rise_is_told_and_a_fall_is_not(people):
    place(people.maya, level="warning", group="other")
    place(people.maya, level="critical")
    assert told(people.marchetti) == 2
    place(people.maya, level="warning", group="other")
    place(people.maya, level="critical")
    assert told(people.marchetti) == 2, "the same again is not told again"


def test_worse_in_the_same_open_item_is_told(people):
    place(people.maya, harm="1.9")
    place(people.maya, harm="3.1", why="Lithium 3.1")
    assert told(people.marchetti) == 2


def test_more_often_on_self_harm_is_told_again_and_less_often_hides_nothing(people):
    harm(people, 1)
    harm(people, 3, before=1)
    assert told(people.marchetti) == 2
    item = harm(people, 1, before=3)
    assert "“nearly every day”. She saw the help page. Later changed to “several days”." in item.why
    assert told(people.marchetti) == 2


def test_an_answer_given_again_after_the_call_was_closed_opens_and_tells(people):
    item = harm(people, 3)
    worklist.close(item=item, by=people.nurse.user, words="Called her.", at=timezone.now())
    assert harm(people, 1, before=3).pk != item.pk
    assert told(people.marchetti) == 2


# --- until somebody looks --------------------------------------------------------------------------------------------


@pytest.fixture
def monday(time_machine):
    time_machine.move_to("2026-06-09T14:06:00Z", tick=False)
    return time_machine


def again(people):
    return worklist.tell_again(clinic=people.clinic, at=timezone.now())


def test_what_is_critical_and_nobody_opened_is_told_each_morning_once_and_not_at_night(people, monday):
    place(people.maya)
    monday.move_to(MORNING, tick=False)
    assert again(people) == 2
    assert again(people) == 0
    row = Outgoing.objects.filter(kind="again", user=people.marchetti.user).get()
    assert f"{row.not_before:%H:%M}" == "12:00", "eight o'clock in New York"
    monday.move_to("2026-06-11T10:00:00Z", tick=False)
    assert again(people) == 2


def test_once_somebody_opened_her_record_it_is_not(people, monday):
    place(people.maya)
    monday.shift(timedelta(hours=1))
    signed_in(people.nurse.user).get(f"/patients/{people.maya.pk}/")
    monday.move_to(MORNING, tick=False)
    assert again(people) == 0


def test_a_look_before_it_was_told_and_a_look_of_hers_are_no_opening(people, monday):
    signed_in(people.nurse.user).get(f"/patients/{people.maya.pk}/")
    monday.shift(timedelta(hours=1))
    place(people.maya)
    monday.shift(timedelta(hours=1))
    audit.write(clinic=people.clinic, by=people.maya.user, verb="looked at", at=timezone.now(), patient=people.maya)
    monday.move_to(MORNING, tick=False)
    assert again(people) == 2


def test_a_warning_is_told_once(people, monday):
    place(people.maya, level="warning")
    monday.move_to(MORNING, tick=False)
    assert again(people) == 0


def test_what_was_closed_before_the_mail_went_out_is_not_sent(people, monday):
    item = place(people.maya)
    worklist.close(item=item, by=None, words="No longer so.", at=timezone.now())
    outbox.send_due(timezone.now())
    assert mail.outbox == []
    assert set(Outgoing.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_late_worker_does_not_send_it_at_night(people, monday):
    place(people.maya)
    outbox.send_due(timezone.now())
    monday.move_to(MORNING, tick=False)
    again(people)
    monday.move_to("2026-06-11T03:00:00Z", tick=False)  # eleven in the evening
    before = len(mail.outbox)
    outbox.send_due(timezone.now())
    assert len(mail.outbox) == before
    assert WorklistItem.objects.get().closed_at is None


def test_a_new_colleague_is_told_of_what_is_open_the_next_morning(people, monday):
    place(people.maya)
    other = a_member(people.clinic, "Dr Winter", "winter@example.org", "prescriber")
    TeamPlace.objects.create(patient=people.maya, member=other, since=timezone.now())
    monday.move_to(MORNING, tick=False)
    again(people)
    assert told(other) == 1
