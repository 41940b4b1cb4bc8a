"""Her options on her phone: side by side, in her order, none chosen for her, and all she writes is kept."""

import re
from datetime import timedelta
from gzip import compress
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care.actions import offer as acting
from althea.care.days import zone_of
from althea.care.models import CheckIn, Intake, Offer, OfferReply, Visit, WorklistItem
from tests.care.choosing import a_day, after_a_birth, decided, drafted, maya, replied, shared, told, words
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["maya"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return signed_in(people.maya.user)


def names_of(page, field):
    return re.findall(rf'name="{field}" value="([\w-]+)"', page)


def saved(client, one, **named):
    return send(client, "/options", offer=str(one.pk), then="save", **named)


# --- it shows --------------------------------------------------------------------------------------------------------


def test_with_nothing_to_choose_it_says_what_will_show_up(people, client):
    page = words(client.get("/options"))
    assert "Nothing to choose now" in page
    assert "<title>Notes</title>" in page


def test_a_draft_is_not_hers_to_see(maya, client):
    drafted(maya)
    assert "Nothing to choose now" in words(client.get("/options"))


def test_pictures_of_the_same_hundred_and_words_where_nothing_was_counted(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "Each picture is 100 women with low mood after birth." in page
    assert "Escitalopram or sertraline: 43 of 100 better with time and support, 11 of 100 better because of the" in page
    assert "This is the number of SSRIs together." in page
    assert "<strong>54 of 100</strong> feel much better" in page
    assert "It could be from 1 fewer to 29 more." in page
    assert "<strong>43 of 100</strong> feel much better" in page  # no medicine now
    assert "No numbers that we could check</dt><dd><strong>Talking therapy: CBT or IPT.</strong>" in page
    assert "%" not in re.sub(r"<style.*?</style>|<[^>]+>", "", page, flags=re.DOTALL)


def test_the_visit_and_her_prescribers_words(maya, client):
    shared(maya)
    Visit.objects.create(
        patient=maya.maya, member=maya.marchetti, at=timezone.now() + timedelta(days=1), what="Choosing together"
    )
    page = words(client.get("/options"))
    assert "For your visit on" in page
    assert "We talk on Tuesday." in page
    assert "Nothing starts until you and Dr Marchetti have talked." in page


def test_they_stand_in_the_order_of_her_values_with_the_reason_in_words(maya, client):
    shared(maya, values=("sex",))
    page = words(client.get("/options"))
    assert "In the order of what matters to you: sex and closeness." in page
    order = names_of(page, "leaning")
    assert order[-1] == "unsure"
    assert order.index("no-medicine") < order.index("sertraline")
    assert "Why it stands here. Sex and closeness: may lower desire or delay orgasm." in page


def test_none_is_chosen_beforehand_and_no_medicine_has_the_same_weight(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert " checked>" not in page
    labels = re.findall(r'<label><input type="radio" name="leaning"[^>]*><span>([^<]+)<', page)
    assert {"No medicine now", "I&#x27;m not sure yet", "Sertraline"} <= set(labels)


def test_what_she_tried_before_is_said_to_her(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "You took it before (20 mg) for 60 weeks. It helped in part." in page


def test_what_matters_to_her_stands_first_in_her_order_and_nothing_else_is_pressed(maya, client):
    shared(maya, values=("sleep", "breastfeeding"))
    page = words(client.get("/options"))
    shown = re.findall(r'name="toggle" value="([\w-]+)" aria-pressed="(\w+)">(?:<b>(\d)</b>)?', page)
    assert shown[:3] == [("sleep", "true", "1"), ("breastfeeding", "true", "2"), ("pregnancy", "false", "")]
    assert {pressed for _, pressed, _ in shown[2:]} == {"false"}
    assert re.findall(r"</svg>([\w ]+)<svg", page[page.index('id="m-h"') :])[:2] == ["Sleep", "Breastfeeding"]


def test_the_way_to_what_she_leans_towards_is_at_the_top_and_says_what_she_saved(maya, client):
    one = shared(maya)
    top = words(client.get("/options")).partition("How much may it help")[0]
    assert 'href="#lean">Say what I lean towards' in top
    replied(maya, one, leaning="sertraline")
    on = timezone.localtime(timezone=zone_of(maya.maya))
    page = words(client.get("/options"))
    assert f'On {on.day} {on:%B} you leaned towards Sertraline. <a class="onward" href="#lean">Change it' in page
    assert 'id="lean"' in page
    replied(maya, one, leaning="")
    assert "you were not sure yet. <a" in words(client.get("/options"))


def test_where_it_comes_from_is_a_short_line_that_folds(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "From: Antidepressant treatment for postnatal depression (Brown and others)." in page
    assert re.search(r"<summary>From \d documents</summary>", page)


def test_it_is_light_on_a_slow_line(maya, client):
    shared(maya, candidates=("sertraline", "escitalopram", "fluoxetine", "zuranolone"))
    page = re.sub(rb"<style.*?</style>", b"", client.get("/options").content, flags=re.DOTALL)
    assert len(page) < 52_000
    assert len(compress(page)) < 8_000


def test_what_is_held_back_is_not_named(maya, client):
    from althea.care import entries as said

    told(maya, said.Result(measure="egfr", value=20, unit="mL/min/1.73m2"))
    shared(maya, candidates=("lithium",))
    page = words(client.get("/options"))
    assert "lithium" not in page.lower()
    assert "Your prescriber wants to talk with you about them first." in page


def test_where_no_study_fits_it_says_so(people, client):
    shared(people, candidates=None)
    page = words(client.get("/options"))
    assert "We found no study for your situation that we could check." in page
    assert names_of(page, "leaning")[-2:] == ["no-medicine", "unsure"] or "no-medicine" in names_of(page, "leaning")


@pytest.mark.parametrize(
    ("text", "code", "whom", "therapy"),
    [
        (
            "Bipolar II disorder",
            "F31.81",
            "adults with low mood in bipolar disorder",
            "Talking therapy made for bipolar",
        ),
        ("Generalised anxiety disorder", "F41.1", "", "Talking therapy: CBT"),
        ("Depressive episode, moderate", "F32.1", "", "Talking therapy: CBT"),
    ],
)
def test_in_another_situation_it_is_the_same_page(people, client, text, code, whom, therapy):
    from althea.care import entries as said

    told(people, said.Condition(text=text, code=code))
    told(people, said.LifeStage(topic="pregnancy", value="not pregnant"))
    shared(people, candidates=None, values=("weight",))
    page = words(client.get("/options"))
    assert f"Each picture is 100 {whom}" in page
    assert re.search(r"<strong>\d+ of 100</strong> feel much better", page)
    assert "In the order of what matters to you: weight." in page
    assert therapy in page
    assert "no-medicine" in names_of(page, "leaning")


def test_with_two_diagnoses_each_has_its_pictures(people, client):
    from althea.care import entries as said

    for text, code in (("Depressive episode, moderate", "F32.1"), ("Generalised anxiety disorder", "F41.1")):
        told(people, said.Condition(text=text, code=code))
    shared(people, candidates=None)
    page = words(client.get("/options"))
    assert page.count('class="hundreds"') == page.count("How much may it help with") == 2


def test_for_severe_days_before_a_period_no_study_was_compared_and_it_says_so(people, client):
    from althea.care import entries as said

    told(people, said.Condition(text="Premenstrual dysphoric disorder", code="F32.81"))
    shared(people, candidates=("fluoxetine",))
    page = words(client.get("/options"))
    assert "We found no study for your situation that we could check." in page
    assert 'class="people"' not in page
    assert {"fluoxetine", "no-medicine", "unsure"} <= set(names_of(page, "leaning"))


def test_sources_are_named(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "Antidepressant treatment for postnatal depression (Brown and others)" in page
    assert "Not yet reviewed by a clinician." in page


# --- what matters ----------------------------------------------------------------------------------------------------


def test_a_tap_puts_a_value_last_a_second_takes_it_away_and_nothing_typed_is_lost(maya, client):
    one = shared(maya, values=("sex",))
    typed = {"offer": str(one.pk), "value": ["sex"], "leaning": "sertraline", "questions": "Will I feel flat? 🌿"}
    tapped = words(send(client, "/options", toggle="sleep", **typed))
    assert names_of(tapped, "value") == ["sex", "sleep"]
    assert "In the order of what matters to you: sex and closeness, then sleep." in tapped
    assert "Will I feel flat? 🌿" in tapped
    assert 'value="sertraline" checked' in tapped
    assert "Not saved yet." in tapped
    again = words(send(client, "/options", toggle="sex", **typed))
    assert names_of(again, "value") == []
    assert not OfferReply.objects.exists()


@pytest.mark.parametrize("value", ["luck", "", "<b>", "x" * 5000])
def test_a_value_that_is_none_changes_nothing(maya, client, value):
    one = shared(maya)
    page = words(send(client, "/options", toggle=value, offer=str(one.pk), value=["sex", value, "sex"]))
    assert names_of(page, "value") == ["sex"]


# --- it saves --------------------------------------------------------------------------------------------------------


def test_she_who_chose_nothing_is_not_told_that_it_is_saved(maya, client):
    one = shared(maya)
    saved(client, one)
    page = words(client.get("/options"))
    assert "Nothing is chosen yet, and that is fine." in page
    assert "Saved for your visit." not in page
    saved(client, one, leaning="unsure")
    assert "Saved for your visit." in words(client.get("/options")), "not sure yet is an answer"


def test_it_is_saved_and_there_again_on_another_evening(maya, client):
    one = shared(maya)
    answer = saved(client, one, value=["sleep", "sex"], leaning="no-medicine", questions="ماذا لو أردت التوقف؟ 🌙")
    assert (answer.status_code, answer["Location"]) == (302, "/options")
    row = OfferReply.objects.get()
    assert (row.values, row.leaning, row.questions) == (["sleep", "sex"], "no-medicine", "ماذا لو أردت التوقف؟ 🌙")
    page = words(client.get("/options"))
    assert "Saved for your visit." in page
    assert 'value="no-medicine" checked' in page
    assert "ماذا لو أردت التوقف؟ 🌙" in page
    saved(client, one, value=["sex"], leaning="unsure", questions="What if I want to stop?")
    page = words(client.get("/options"))
    assert 'value="unsure" checked' in page
    assert "What I wrote on other evenings" in page
    assert OfferReply.objects.count() == 2


def test_her_questions_are_before_her_prescriber(maya, client):
    saved(client, shared(maya), questions="Will I feel flat? What if I want to stop?")
    item = WorklistItem.objects.get(reason__startswith="offer:")
    assert (item.level, item.to) == ("info", f"/patients/{maya.maya.pk}/options")
    assert item.why == "Her questions for the visit: “Will I feel flat? What if I want to stop?”"


def test_saved_twice_it_counts_once(maya, client):
    sent = {"key": str(uuid4()), "offer": str(shared(maya).pk), "questions": "Once"}
    for _ in range(2):
        client.post("/options", sent)
    assert OfferReply.objects.count() == 1


# --- it refuses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "words_shown"),
    [
        ({"questions": "x" * 10_001}, "That is 10,001 characters. We can keep 10,000."),
        ({"leaning": "lithium", "questions": "Hello"}, "That is not among these options."),
        ({"leaning": "not-now", "questions": "Hello"}, "That is not among these options."),
    ],
)
def test_what_cannot_be_kept_is_said_and_is_still_there(maya, client, sent, words_shown):
    answer = saved(client, shared(maya), **sent)
    assert answer.status_code == 200
    page = words(answer)
    assert f"Not saved. {words_shown}" in page
    assert sent["questions"][:50] in page
    assert not OfferReply.objects.exists()


def test_a_closed_offer_is_not_answered_and_what_she_wrote_is_shown(maya, client):
    one = shared(maya)
    decided(maya, one)
    answer = saved(client, one, questions="Too late?")
    assert answer.status_code == 409
    page = words(answer)
    assert "These options are closed now." in page
    assert "“Too late?”" in page
    assert not OfferReply.objects.exists()


def test_an_offer_that_was_prepared_anew_is_not_answered_for_the_old_one(maya, client):
    old = shared(maya)
    shared(maya, values=("sleep",))
    answer = saved(client, old, questions="About the old one")
    assert answer.status_code == 409
    assert "About the old one" in words(answer)


@pytest.mark.parametrize("key", ["", "x", str(uuid4())])
def test_an_offer_of_another_woman_is_not_answered(maya, client, key):
    after_a_birth(maya, maya.noor)
    noors = shared(maya, patient=maya.noor)
    shared(maya)
    for sent in (key, str(noors.pk)):
        assert send(client, "/options", offer=sent, questions="x").status_code == 409
    assert not OfferReply.objects.exists()


def test_after_the_decision_it_can_be_read_and_says_what_was_decided(maya, client):
    decided(maya, shared(maya), "no-medicine")
    page = words(client.get("/options"))
    assert "you decided: <strong>No medicine now</strong>" in page
    assert "Save for my visit" not in page
    assert "54 of 100" in page


def test_others_are_refused(maya):
    shared(maya)
    for user in (None, maya.sam, maya.marchetti.user):
        assert signed_in(user).get("/options").status_code in (302, 404)
    noor = words(signed_in(maya.noors).get("/options"))
    assert "Nothing to choose now" in noor


# --- around it -------------------------------------------------------------------------------------------------------


def tabs(page):
    bar = page[page.index('class="tabbar"') :]
    return re.findall(r"</svg>([\w ]+)</a>", bar)


def test_the_tabs_have_options_while_they_are_open_and_messages_else(maya, client):
    assert tabs(words(client.get("/home"))) == ["Home", "Medicine", "Messages", "Progress", "Help now"]
    one = shared(maya)
    for address in ("/home", "/options", "/help", "/medicine"):
        assert tabs(words(client.get(address))) == ["Home", "Medicine", "Options", "Progress", "Help now"], address
    assert 'href="/messages"' in words(client.get("/home"))
    decided(maya, one)
    assert "Options" not in tabs(words(client.get("/home")))


def test_home_says_that_they_are_ready_until_she_answers_and_after_a_check_in(maya, client):
    one = shared(maya)
    Intake.objects.create(patient=maya.maya, sent_at=timezone.now())
    assert "Your options are ready" in words(client.get("/home"))
    check_in = CheckIn.objects.create(patient=maya.maya, due_on=a_day(-1), scales=["phq-9"])
    assert "Your options are ready" not in words(client.get("/home"))
    check_in.put(state=CheckIn.State.PASSED)
    replied(maya, one)
    assert "Your options are ready" not in words(client.get("/home"))


def test_no_name_of_a_medicine_is_in_an_address_or_a_title(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "<title>Notes</title>" in page
    for address in re.findall(r'(?:href|action)="([^"]*)"', page):
        assert "sertraline" not in address.lower()


def test_it_works_without_script(maya, client):
    shared(maya)
    page = words(client.get("/options"))
    assert "onclick" not in page
    assert '<button name="toggle"' in page
    assert page.count("<form") == page.count('method="post"')


@pytest.mark.parametrize("count", [1, 25])
def test_it_takes_few_queries(maya, client, count):
    one = shared(maya)
    for at in range(count):
        replied(maya, one, questions=f"{at}")
    with at_most(12):
        client.get("/options")
    assert Offer.objects.count() == 1
    assert acting.newest_reply(one).questions == f"{count - 1}"
