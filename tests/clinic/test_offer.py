"""Options at the clinic: prepared for her, shared as they stand, and decided with her at the visit."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import choosing
from althea.care import entries as said
from althea.care.actions import decide
from althea.care.days import today
from althea.care.known import knowledge
from althea.care.models import Entry, Offer, Outgoing
from althea.knowledge.schema.vocabulary import Stamp
from tests.care.choosing import after_a_birth, agreed, decided, drafted, maya, replied, shared, told, words
from tests.clinic.offering import at, client
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["client", "maya"]  # fixtures
pytestmark = pytest.mark.django_db


def choice(one, chosen="sertraline", **named):
    return {
        "offer": str(one.pk), "version": one.version, "shown": choosing.digest(one), "chosen": chosen, "whose": "hers",
        "reasons": "It is known in milk.", "talked_over": ["benefits and side effects"], "review_on": "",
    } | named  # fmt: skip


def a_day(people, ahead=14):
    return (today(people.maya, timezone.now()) + timedelta(days=ahead)).isoformat()


# --- preparing -------------------------------------------------------------------------------------------------------


def test_the_medicines_studied_in_her_situation_are_offered_with_what_speaks_against_them(maya, client):
    page = words(client.get(at(maya)))
    assert "Studied in her situation: depression in the year after a birth." in page
    assert "Sertraline" in page
    assert "Tried before: 20 mg, 60 weeks, it helped in part." in page
    assert "She has not said yet." in page
    assert " checked>" not in page, "no medicine is picked beforehand"


def test_where_nothing_was_compared_it_says_so(people, client):
    page = words(client.get(at(people)))
    assert "No comparison is written for her diagnoses." in page
    send(client, at(people, "/prepare"))
    assert "there are no numbers" in words(client.get(at(people)))


def test_a_draft_shows_her_view_and_what_is_held_back_apart(maya, client):
    told(maya, said.Result(measure="egfr", value=20, unit="mL/min/1.73m2"))
    send(client, at(maya, "/prepare"), candidate=["sertraline", "lithium", "", "luck", "<b>"])
    page = words(client.get(at(maya)))
    before, _, rest = page.partition("Not without a talk")
    apart, _, her_view = rest.partition('id="her-view"')
    assert "She does not see these" in apart
    assert "Lithium" in apart
    assert "Lithium" not in before + her_view
    assert "54 of 100</strong> feel much better" in her_view
    assert Offer.objects.get().shared_at is None
    assert not Outgoing.objects.exists()


def test_an_option_stands_in_one_line_with_its_number_how_sure_it_is_and_what_matters_to_her(maya, client):
    drafted(maya, values=("breastfeeding", "sex"))
    page = words(client.get(at(maya)))
    assert "What matters to her: Breastfeeding, then Sex and closeness" in page
    row = page.partition("<h3>Sertraline</h3>")[2].partition("<h3>")[0]
    assert "<strong>54 of 100</strong> better, 43 anyway" in row
    assert "low certainty" in row
    assert "Breastfeeding: well studied, and very little reaches the milk" in row
    assert 'aria-label="For"' in row
    assert 'aria-label="Against"' in row
    assert "205 women in 4 trials of SSRIs against placebo" in row
    assert "No numbers that we could check" in page.partition("<h3>Talking therapy: CBT</h3>")[2].partition("<h3>")[0]


def test_without_values_nothing_is_said_to_speak_for_or_against(maya, client):
    drafted(maya, values=())
    page = words(client.get(at(maya)))
    assert "What matters to her" not in page
    assert 'class="fits"' not in page


def test_her_options_stand_under_the_head_of_her_record(maya, client):
    for part in ("", "?anew=1"):
        page = words(client.get(at(maya, part)))
        assert 'Maya Okafor-Lind</bdi><span class="vh">: options' in page
        assert "No known allergies" in page


def test_which_are_compared_may_be_changed_before_it_is_shared(maya, client):
    one = drafted(maya)
    change = words(client.get(at(maya, "?change=1")))
    assert 'value="sertraline" checked' in change
    send(client, at(maya, "/prepare"), offer=str(one.pk), version=one.version, candidate="fluoxetine")
    one.refresh_from_db()
    assert choosing.candidates_of(one.options) == ("fluoxetine",)
    late = send(client, at(maya, "/prepare"), offer=str(one.pk), version=1, candidate="sertraline")
    assert late.status_code == 409


# --- sharing ---------------------------------------------------------------------------------------------------------


def test_it_is_shared_with_her_prescribers_words(maya, client):
    one = drafted(maya)
    send(client, at(maya, "/share"), offer=str(one.pk), version=one.version, words="We talk on Tuesday. أهلا 🌿")
    one.refresh_from_db()
    assert (one.words, one.shared_at is not None) == ("We talk on Tuesday. أهلا 🌿", True)
    assert "Maya sees it now. She got a neutral notice." in words(client.get(at(maya)))
    assert Outgoing.objects.count() == 1


def test_of_two_who_share_the_second_keeps_the_words_that_were_typed(maya, client):
    one = drafted(maya)
    seen = one.version
    send(client, at(maya, "/prepare"), offer=str(one.pk), version=seen, candidate="fluoxetine")
    late = send(client, at(maya, "/share"), offer=str(one.pk), version=seen, words="We talk on Tuesday.")
    assert late.status_code == 409
    page = words(late)
    assert "Somebody else changed this while you were working." in page
    assert "We talk on Tuesday.</textarea>" in page
    assert "Fluoxetine" in page
    assert not Outgoing.objects.exists()


def test_a_woman_without_an_account_cannot_see_it_at_home(maya, client):
    maya.maya.put(user=None)
    drafted(maya)
    assert "She has no account yet, so she cannot see it at home." in words(client.get(at(maya)))


def test_words_that_cannot_be_kept_share_nothing(maya, client):
    one, typed = drafted(maya), "x" * 10_001
    page = words(send(client, at(maya, "/share"), offer=str(one.pk), version=one.version, words=typed))
    assert "Not saved." in page
    assert typed[:50] in page
    one.refresh_from_db()
    assert one.shared_at is None


def test_what_changed_since_it_was_prepared_is_said_and_not_shared(maya, client):
    one = drafted(maya)
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81"))
    page = words(send(client, at(maya, "/share"), offer=str(one.pk), version=one.version, words="Hello"))
    assert "Something changed since this was prepared." in page
    assert "Her situation is now: A depressive episode in bipolar disorder." in page
    assert not Outgoing.objects.exists()


# --- her answer, and what changed since ------------------------------------------------------------------------------


def test_what_she_answered_stands_there_in_her_words(maya, client):
    one = shared(maya)
    assert "Nothing yet." in words(client.get(at(maya)))
    replied(maya, one, questions="Will I feel flat?")
    replied(maya, one, questions="What if I want to stop? <i>", leaning="", values=("sleep",))
    page = words(client.get(at(maya)))
    assert "“What if I want to stop? &lt;i&gt;”" in page
    assert "Not sure yet" in page
    assert "What matters: Sleep" in page
    assert "Will I feel flat?" in page  # an earlier evening


def test_facts_that_changed_since_she_saw_it_are_said(maya, client):
    shared(maya)
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81"))
    page = words(client.get(at(maya)))
    assert "Something is otherwise than she was told." in page
    assert "Prepare it anew" in page


def test_prepared_anew_the_old_one_is_closed_and_kept(maya, client):
    old = shared(maya)
    assert "She has one open now." in words(client.get(at(maya, "?anew=1")))
    answer = send(client, at(maya, "/prepare"), candidate="fluoxetine")
    new = Offer.objects.get(shared_at__isnull=True)
    assert "Options, not shared yet" in words(client.get(answer["Location"]))
    assert "A new comparison is prepared and not shared yet." in words(client.get(at(maya)))
    send(client, at(maya, "/prepare"), candidate="sertraline")
    new.refresh_from_db()
    assert new.closed_at is not None, "an older draft is closed"
    draft = Offer.objects.get(shared_at__isnull=True, closed_at__isnull=True)
    send(client, at(maya, "/share"), offer=str(draft.pk), version=draft.version, words="")
    old.refresh_from_db()
    assert old.closed_at is not None


def test_it_may_be_taken_back(maya, client):
    one = shared(maya)
    send(client, at(maya, "/close"), offer=str(one.pk), version=one.version)
    one.refresh_from_db()
    assert one.closed_at is not None
    again = words(send(client, at(maya, "/close"), offer=str(one.pk), version=one.version))
    assert "This one is closed already." in again


# --- her decision ----------------------------------------------------------------------------------------------------


def test_nothing_is_chosen_beforehand_and_none_has_the_same_weight(maya, client):
    one = shared(maya)
    replied(maya, one, leaning="sertraline")
    page = words(client.get(at(maya)))
    form = page[page.index('id="decide"') :]
    assert "checked" not in form[: form.index("</form>")]
    for key in ("sertraline", "no-medicine", "not-now", "cbt"):
        assert f'<input type="radio" name="chosen" value="{key}"' in form


def test_her_decision_is_recorded_and_leads_to_the_order(maya, client):
    one = shared(maya)
    assert send(client, at(maya, "/decide"), **choice(one)).status_code == 302
    entry = Entry.objects.get(kind="decision")
    assert (entry.body["chosen"], entry.body["reasons"]) == ("sertraline", "It is known in milk.")
    page = words(client.get(at(maya)))
    assert "Recorded: Sertraline." in page
    assert f"/orders/new?decision={entry.pk}" in page
    assert "sertraline" not in at(maya)
    assert 'id="decide"' not in page


@pytest.mark.parametrize("chosen", ["no-medicine", "not-now"])
def test_no_medicine_and_not_now_have_a_day_and_no_order(maya, client, chosen):
    one = shared(maya)
    page = words(send(client, at(maya, "/decide"), **choice(one, chosen)))
    assert "say on which day you look again together" in page
    assert "It is known in milk." in page
    send(client, at(maya, "/decide"), **choice(one, chosen, review_on=a_day(maya)))
    assert Entry.objects.get(kind="decision").body["chosen"] == chosen
    assert "/orders/new" not in words(client.get(at(maya)))


@pytest.mark.parametrize(
    ("change", "words_shown"),
    [
        ({"chosen": "lithium"}, "That is not among what she was shown."),
        ({"chosen": ""}, "Pick what was decided."),
        ({"whose": ""}, "Say whose choice this mostly was"),
        ({"reasons": "x" * 10_001}, "That is 10,001 characters."),
        ({"chosen": "no-medicine", "review_on": "2020-01-01"}, "This is before today."),
        ({"chosen": "no-medicine", "review_on": "soon"}, "Write a day as 2026-06-09"),
        ({"shown": "x"}, "What was on this page is not what she was shown."),
        ({"shown": ""}, "What was on this page is not what she was shown."),
    ],
)
def test_what_cannot_be_recorded_is_said_and_the_offer_stays_open(maya, client, change, words_shown):
    one = shared(maya)
    answer = send(client, at(maya, "/decide"), **choice(one, **change))
    assert answer.status_code == 200
    page = words(answer)
    assert "Not saved." in page
    assert words_shown in page
    one.refresh_from_db()
    assert one.closed_at is None
    assert not Entry.objects.filter(kind="decision").exists()


def test_what_changed_must_have_been_talked_over(maya, client):
    one = shared(maya)
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81"))
    page = words(send(client, at(maya, "/decide"), **choice(one)))
    assert "Something changed since she saw the options. Talk about it first" in page
    send(client, at(maya, "/decide"), **choice(one, talked_over=[decide.CHANGED]))
    assert Entry.objects.get(kind="decision").body["talked_over"] == [decide.CHANGED]


def test_another_edition_of_the_knowledge_must_have_been_talked_over_too(maya, client, monkeypatch):
    one = shared(maya)
    newer = replace(knowledge(), stamp=Stamp(dated="2027.01", digest="abcdef"))
    monkeypatch.setattr(choosing, "knowledge", lambda: newer)
    assert "The evidence is of another edition" in words(client.get(at(maya)))
    page = words(send(client, at(maya, "/decide"), **choice(one)))
    assert "Talk about it first" in page
    send(client, at(maya, "/decide"), **choice(one, talked_over=[decide.CHANGED]))
    assert Entry.objects.get(kind="decision").body["knowledge"] == str(knowledge().stamp), "of what she was shown"


def test_of_two_prescribers_the_second_sees_the_first_and_keeps_what_was_typed(maya, client):
    one = shared(maya)
    sent = choice(one)
    decided(maya, one, "no-medicine", reasons="I want to wait")
    late = send(client, at(maya, "/decide"), **sent)
    assert late.status_code == 409
    page = words(late)
    assert "recorded her decision while you were working" in page
    assert "“I want to wait”" in page
    assert "It is known in milk." in page
    assert Entry.objects.filter(kind="decision").count() == 1


def test_she_changed_her_mind(maya, client):
    one = shared(maya)
    send(client, at(maya, "/decide"), **choice(one))
    first = Entry.objects.get(kind="decision")
    page = words(client.get(at(maya, "?again=1")))
    assert f'name="instead" value="{first.pk}"' in page
    one.refresh_from_db()
    send(client, at(maya, "/decide"), **choice(one, "no-medicine", instead=str(first.pk), review_on=a_day(maya)))
    assert Entry.objects.current().get(kind="decision").body["chosen"] == "no-medicine"
    assert "She changed her mind since." in words(client.get(at(maya)))


def test_sent_twice_it_counts_once(maya, client):
    one = shared(maya)
    sent = {"key": str(uuid4()), **choice(one)}
    for _ in range(2):
        assert client.post(at(maya, "/decide"), sent).status_code == 302
    assert Entry.objects.filter(kind="decision").count() == 1


# --- her agreement ---------------------------------------------------------------------------------------------------


def test_she_may_agree_at_the_visit_to_the_text_on_the_page(maya, client):
    entry = decided(maya, shared(maya))
    page = words(client.get(at(maya)))
    assert "You decided on sertraline, for low mood after birth." in page
    stale = words(send(client, at(maya, "/consent"), decision=str(entry.pk), shown="x"))
    assert "The text changed since this page was shown." in stale
    text = decide.consent_text(entry, Offer.objects.get())
    send(client, at(maya, "/consent"), decision=str(entry.pk), shown=decide.text_digest(text))
    body = Entry.objects.get(kind="consent").body
    assert (body["how"], body["text"]) == ("at the visit", text)
    assert "She agreed, at the visit" in words(client.get(at(maya)))


def test_taken_back_it_is_seen_here(maya, client):
    entry = decided(maya, shared(maya))
    decide.take_back(agreed=agreed(maya, entry), by=maya.maya.user, at=timezone.now())
    assert "She took back her agreement" in words(client.get(at(maya)))


# --- who, and how many queries ---------------------------------------------------------------------------------------


def test_only_her_prescriber(maya):
    one = shared(maya)
    for member in (maya.nurse, maya.therapist, maya.hale, maya.ibarra, maya.desk):
        other = signed_in(member.user)
        assert other.get(at(maya)).status_code == 404
        for part in ("/prepare", "/share", "/close", "/decide", "/consent"):
            assert send(other, at(maya, part), **choice(one)).status_code == 404
    one.refresh_from_db()
    assert one.closed_at is None


@pytest.mark.parametrize("part", ["/prepare", "/share", "/close", "/decide", "/consent"])
def test_an_offer_of_another_woman_does_not_exist(maya, client, part):
    after_a_birth(maya, maya.noor)
    noors = shared(maya, patient=maya.noor)
    for key in (str(noors.pk), str(uuid4()), "x"):
        sent = choice(noors, offer=key, decision=key, words="x")
        assert send(client, at(maya, part), **sent).status_code == 404
    noors.refresh_from_db()
    assert noors.closed_at is None


def test_it_works_without_script(maya, client):
    shared(maya)
    page = words(client.get(at(maya)))
    assert " hx-" not in page
    assert "onclick" not in page
    assert "<title>Options · Notes</title>" in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_takes_few_queries(maya, client, count):
    for at_ in range(count):
        replied(maya, shared(maya), questions=f"{at_}")
        decided(maya, choosing.open_offer(maya.maya))
    shared(maya)
    for part in ("", "?anew=1"):
        with at_most(12):
            client.get(at(maya, part))
