"""Two medicines on trial: she may say of which she thinks a side effect comes, and it is kept as her view."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.actions import checkin
from althea.care.facts import chart_of
from althea.care.models import CheckInAnswer, Entry, Trial
from althea.care.trial_case import side_effects
from althea.clinic.evidence import her_view
from tests.care.telling import on, trial, week
from tests.clinic.reviewing import scored
from tests.people import NOW, send, signed_in

__all__ = ["on", "trial", "week"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return signed_in(people.maya.user)


def beside(people, on, back=9, **named):
    """Another trial, of lamotrigine."""
    values = {"state": "titrating", "started_on": on - timedelta(days=back), **named}
    return Trial.objects.create(
        patient=people.maya,
        medicine="lamotrigine",
        problem="Low mood",
        scale="phq-9",
        weeks=8,
        created_at=NOW,
        **values,
    )


def page(client, week):
    return client.get(f"/check-in/{week.pk}/side-effects").content.decode()


def tell(client, week, **fields):
    return send(client, f"/check-in/{week.pk}/side-effects", **({"what": "Itchy arms", "bother": "1"} | fields))


def kept(client, week, **fields):
    tell(client, week, **fields)
    send(client, f"/check-in/{week.pk}")
    return Entry.objects.get(kind="side-effect").body


def test_of_one_medicine_alone_nothing_is_asked(client, week):
    assert "Which do you think it comes from?" not in page(client, week)
    assert "thinks" not in kept(client, week)


@pytest.mark.parametrize("named", [{"state": "ended"}, {"state": "agreed", "started_on": None}, {"back": -3}])
def test_what_is_over_or_not_begun_is_not_among_them(people, client, week, on, named):
    beside(people, on, **named)
    assert "Which do you think it comes from?" not in page(client, week)


def test_of_two_she_may_say_which_or_that_she_does_not_know_or_nothing(people, client, week, on):
    beside(people, on)
    words = page(client, week)
    asked = words.partition("Which do you think it comes from?")[2].partition("</fieldset>")[0]
    assert [one in asked for one in ("Sertraline", "Lamotrigine", "I don&#x27;t know", "Not said")] == [True] * 3 + [
        False
    ]
    assert " checked" not in asked


@pytest.mark.parametrize(
    ("thinks", "view", "over"),
    [
        ("lamotrigine", "she thinks lamotrigine", "Itchy arms. You think it comes from lamotrigine"),
        ("not-known", "she does not know from which", "Itchy arms. You don&#x27;t know what it comes from"),
        ("", "", "Itchy arms</span>"),
    ],
)
def test_her_view_is_kept_as_hers_and_never_as_the_cause(people, client, week, on, thinks, view, over):
    other = beside(people, on)
    tell(client, week, thinks=thinks)
    assert over in client.get(f"/check-in/{week.pk}?look-over=1").content.decode()
    body = kept(client, week, thinks=thinks)
    assert body["medicine"] == ""
    assert body.get("thinks", "") == thinks
    assert her_view(said.SideEffect(**body)) == view
    chart = chart_of(people.maya)
    assert len(side_effects(other, chart)) == len(side_effects(week.trial, chart)) == 1, "it counts in both"


def test_chart_and_review_say_it_as_her_view(people, client, week, on):
    beside(people, on)
    scored(people, on, (33, 21), (0, 13))
    kept(client, week, thinks="lamotrigine")
    doctor = signed_in(people.marchetti.user)
    assert (
        "bothers her a little; she thinks lamotrigine." in doctor.get(f"/patients/{people.maya.pk}/").content.decode()
    )
    review = doctor.get(f"/patients/{people.maya.pk}/trials/{week.trial_id}/review").content.decode()
    assert "<dd>Itchy arms<small>bothers her a little; she thinks lamotrigine</small></dd>" in review


@pytest.mark.parametrize(
    ("thinks_so", "words"), [(True, "she thinks sertraline"), (False, "she thinks not sertraline"), (None, "")]
)
def test_what_she_said_of_one_medicine_is_read_as_her_view_too(on, thinks_so, words):
    body = said.SideEffect(what="Dry mouth", since=on, medicine="sertraline", thinks_so=thinks_so)
    assert her_view(body) == words


def test_a_choice_once_made_can_be_unmade_without_script(people, client, week, on):
    beside(people, on)
    tell(client, week, thinks="lamotrigine")
    words = page(client, week)
    assert 'name="thinks" value="lamotrigine" checked' in words
    assert 'name="thinks" value=""' in words
    assert "thinks" not in kept(client, week, thinks="")


def test_a_cause_without_an_effect_is_asked_for_the_effect(people, client, week, on):
    beside(people, on)
    words = tell(client, week, what="", bother="", thinks="lamotrigine").content.decode()
    assert "Write what it is that bothers you. A word is enough." in words
    assert 'name="thinks" value="lamotrigine" checked' in words
    assert not CheckInAnswer.objects.exists()


@pytest.mark.parametrize("thinks", ["lithium", "lamotrigine", "x" * 10_000])
def test_a_medicine_that_is_not_among_them_is_refused_in_words(people, client, week, thinks):
    words = tell(client, week, thinks=thinks).content.decode()
    assert "Your medicines were changed since you opened this page. Look at it again, then go on." in words
    assert 'value="Itchy arms"' in words
    assert not CheckInAnswer.objects.exists()


def test_the_medicines_stand_in_the_order_in_which_they_were_begun(people, week, on):
    beside(people, on, back=50)
    assert checkin.may_come_from(week, on) == ["lamotrigine", "sertraline"]
