"""What she told before the first visit, read at the clinic: into the record by one click, edited first, or set aside."""

import pytest

from althea.care.intake.proposals import proposals
from althea.care.intake.questions import questions
from althea.care.intake.screens import of
from althea.care.models import Entry, IntakeAnswer, IntakeSettled, Message, WorklistItem
from althea.clinic.entry_form import EntryForm
from tests.counting import at_most
from tests.intakes import intake, maya
from tests.people import NOW, send, signed_in

__all__ = ["intake"]  # a fixture
pytestmark = pytest.mark.django_db


# --- the review -----------------------------------------------------------------------------------


def told(people, intake):
    client = maya(people)
    send(
        client,
        "/intake/medicines-before",
        what="escitalopram",
        dose="20 mg",
        weeks="60",
        result="partly",
        stopped="Flat",
    )
    send(client, "/intake/breastfeeding", value="yes")
    send(client, "/intake/illnesses", value=["hypertension"])
    send(client, "/intake")


def test_one_click_makes_a_past_trial_data(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    page = client.get(f"/patients/{people.maya.pk}/assessment").content.decode()
    assert "Took escitalopram, up to 20 mg a day, for 60 weeks, partly" in page
    answer = IntakeAnswer.objects.get(question="medicines-before")
    address = f"/patients/{people.maya.pk}/assessment/settle"
    send(client, address, answer=str(answer.pk), part="0")
    send(client, address, answer=str(answer.pk), part="0")
    row = Entry.objects.get(kind="medicine")
    assert (row.origin, row.body["medicine"], row.body["reached"], row.body["result"]) == (
        "hers",
        "escitalopram",
        "20 mg",
        "partly",
    )
    assert IntakeSettled.objects.count() == 1
    assert "In her record" in client.get(f"/patients/{people.maya.pk}/assessment").content.decode()


def test_an_illness_told_is_provisional_until_confirmed(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="illnesses")
    send(
        signed_in(people.marchetti.user),
        f"/patients/{people.maya.pk}/assessment/settle",
        answer=str(answer.pk),
        part="hypertension",
    )
    assert Entry.objects.get(kind="condition").body["certainty"] == "provisional"


def test_set_aside_is_seen_and_not_recorded(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="breastfeeding")
    send(
        signed_in(people.nurse.user),
        f"/patients/{people.maya.pk}/assessment/settle",
        answer=str(answer.pk),
        part="",
        how="aside",
    )
    assert not Entry.objects.exists()
    assert IntakeSettled.objects.get().why_not == "Not for the record"


def test_an_answer_of_another_woman_cannot_be_settled_here(people, intake):
    told(people, intake)
    answer = IntakeAnswer.objects.get(question="breastfeeding")
    page = send(
        signed_in(people.hale.user), f"/patients/{people.noor.pk}/assessment/settle", answer=str(answer.pk), part=""
    )
    assert page.status_code == 404
    assert not Entry.objects.exists()


def test_gone_through_makes_absence_mean_absence(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/assessment/through", topic="allergies")
    assert "No known allergies" in client.get(f"/patients/{people.maya.pk}/").content.decode()
    send(client, f"/patients/{people.maya.pk}/assessment/through")
    intake.refresh_from_db()
    assert intake.state == "reviewed"
    assert not WorklistItem.objects.filter(closed_at__isnull=True, reason__startswith="intake").exists()


def test_every_question_opens_and_takes_few_queries(people, intake):
    client = maya(people)
    slugs = [one.slug for question in questions().values() for one in of(question)]
    assert len(slugs) > len(questions())
    for slug in slugs:
        with at_most(8):
            assert client.get(f"/intake/{slug}").status_code == 200
    assert client.get("/intake/phq-9-10").status_code == 404
    assert client.get("/intake/nothing").status_code == 404


# --- looking it over before it is added ---------------------------------------------------------------


def past(people, intake):
    told(people, intake)
    return IntakeAnswer.objects.get(question="medicines-before")


def her(people, there):
    return f"/patients/{people.maya.pk}/assessment{there}"


def test_edit_first_shows_the_entry_and_adds_what_was_put_right(people, intake):
    answer, client = past(people, intake), signed_in(people.marchetti.user)
    address = her(people, f"/{answer.pk}/edit?part=0")
    page = client.get(address).content.decode()
    assert 'value="escitalopram"' in page
    assert 'value="20 mg"' in page
    assert "What she said stays as she said it" in page
    assert not Entry.objects.exists()
    sent = {"part": "0", "text": "citalopram", "reached": "40 mg", "weeks": "10", "result": "did not help",
            "running": "no", "on": "2026-06-01"}  # fmt: skip
    assert send(client, address, **sent)["Location"] == her(people, "")
    row = Entry.objects.get(kind="medicine")
    assert (row.body["medicine"], row.body["reached"], row.body["result"]) == ("citalopram", "40 mg", "did not help")
    assert row.origin == "hers"
    assert answer.value[0]["what"] == "escitalopram"
    assert "In her record" in client.get(her(people, "")).content.decode()


def test_what_is_left_empty_is_not_known_and_not_no(people, intake):
    answer, client = past(people, intake), signed_in(people.marchetti.user)
    send(client, her(people, f"/{answer.pk}/edit"), part="0", text="escitalopram", running="", on="2026-06-01")
    body = Entry.objects.get(kind="medicine").body
    assert not {"reached", "weeks", "result", "running", "until"} & set(body)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reached", "a lot", "Write one number and one unit, for example 50 mg."),
        ("weeks", "-3", "Ensure this value is greater than or equal to 0."),
        ("on", "spring", "Enter a valid date."),
        ("text", "", "This field is required."),
        ("result", "wonders", "Select a valid choice."),
        ("why_stopped", "x" * 10_001, "Ensure this value has at most 10000 characters"),
    ],
)
def test_what_cannot_be_added_is_said_beside_its_field_with_everything_still_there(people, intake, field, value, words):
    answer, client = past(people, intake), signed_in(people.marchetti.user)
    sent = {
        "part": "0",
        "text": "escitalopram",
        "from_whom": "Dr Old",
        "running": "no",
        "on": "2026-06-01",
        field: value,
    }
    page = send(client, her(people, f"/{answer.pk}/edit"), **sent)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Dr Old" in page.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("question", [key for key, one in questions().items() if one.becomes and one.kind != "scale"])
def test_every_kind_of_answer_can_be_edited_and_added_as_it_was_proposed(people, intake, question):
    """The form, sent back as it was shown, makes the very entry that one click makes."""
    value = {
        "low-times": "3", "illnesses": ["hypertension"], "diagnoses-before": ["bipolar"], "ever-tried": "earlier", "family": ["bipolar-family-history"],
        "allergies": [{"what": "penicillin", "reaction": "rash"}],
        "medicines-now": [{"what": "sertraline", "dose": "50 mg", "times": "1", "since": "2026-01-05"}],
        "medicines-before": [{"what": "escitalopram", "dose": "20 mg", "weeks": "60", "result": "partly"}],
        "pregnant": "not pregnant", "due": "2026-12-24", "birth": "2026-04-07", "breastfeeding": "yes",
        "contraception": ["condoms", "copper-iud"], "planning": "no", "period": "2026-05-28", "smoking": "stopped",
        "goals": [{"words": "Sleep when she sleeps"}],
    }[question]  # fmt: skip
    answer = IntakeAnswer.objects.create(intake=intake, question=question, value=value, at=NOW)
    may = proposals(questions()[question], value, NOW.date(), "answered")[0]
    days = {
        "due": "Due: 24 December 2026",
        "birth": "Gave birth: 7 April 2026",
        "period": "Last period began: 28 May 2026",
    }
    assert may.words == days.get(question, may.words)
    form = EntryForm(may.body, may.on)
    sent = {}
    for bound in form:
        shown = bound.value()
        if shown is not None and shown is not False:
            sent[bound.html_name] = shown if isinstance(shown, list) else str(shown)
    client = signed_in(people.marchetti.user)
    assert send(client, her(people, f"/{answer.pk}/edit"), part=may.part, **sent).status_code == 302
    assert Entry.objects.get().body == may.body.body()


@pytest.mark.parametrize("value", ["0", "1.5", "100"])
def test_a_number_that_counts_no_episodes_stays_her_words(value):
    assert proposals(questions()["low-times"], value, NOW.date(), "answered") == []


def test_a_score_is_not_edited(people, intake):
    answer = IntakeAnswer.objects.create(intake=intake, question="gad-7", value={"item 1": 1}, at=NOW)
    client = signed_in(people.marchetti.user)
    assert client.get(her(people, f"/{answer.pk}/edit")).status_code == 404
    assert f"/{answer.pk}/edit" not in client.get(her(people, "")).content.decode()


def test_one_click_adds_a_section_and_leaves_what_was_settled(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    answer = IntakeAnswer.objects.get(question="illnesses")
    send(client, her(people, "/settle"), answer=str(answer.pk), part="hypertension", how="aside", why="Long over")
    send(client, her(people, "/section"), section="medicines")
    assert [row.kind for row in Entry.objects.all()] == ["medicine"]
    assert "Added: 1 of “Medicines, now and before”." in client.get(her(people, "")).content.decode()
    send(client, her(people, "/section"), section="health")
    assert not Entry.objects.filter(kind="condition").exists()
    assert "All of it was settled already." in client.get(her(people, "")).content.decode()


def test_set_aside_keeps_her_own_word_for_it(people, intake):
    told(people, intake)
    answer, client = IntakeAnswer.objects.get(question="breastfeeding"), signed_in(people.marchetti.user)
    long = send(client, her(people, "/settle"), answer=str(answer.pk), part="", how="aside", why="x" * 301)
    assert "A reason has room for 300 characters." in long.content.decode()
    assert "x" * 301 in long.content.decode()
    send(client, her(people, "/settle"), answer=str(answer.pk), part="", how="aside", why="She stopped in March")
    assert IntakeSettled.objects.get().why_not == "She stopped in March"
    assert "She stopped in March" in client.get(her(people, "")).content.decode()


def test_she_is_asked_about_an_answer_and_her_message_says_which(people, intake):
    answer, client = past(people, intake), signed_in(people.marchetti.user)
    assert (
        "Write what you want to ask."
        in send(client, her(people, "/ask"), answer=str(answer.pk), words=" ").content.decode()
    )
    send(client, her(people, "/ask"), answer=str(answer.pk), words="Was it 10 or 20 mg?")
    row = Message.objects.get()
    assert (row.from_her, row.patient) == (False, people.maya)
    assert row.body == (
        "You were asked: Which medicines for your mood, sleep, worry or attention did you try before?\n\n"
        "Was it 10 or 20 mg?"
    )
    assert "Was it 10 or 20 mg?" in maya(people).get("/messages").content.decode()


def test_the_review_takes_few_queries_however_much_she_told(people, intake):
    told(people, intake)
    client = signed_in(people.marchetti.user)
    with at_most(11):
        client.get(her(people, ""))


# --- what must be seen today, and what is not hers ---------------------------------------------------------------------


def test_an_answer_on_self_harm_stands_out_from_the_score(people, intake):
    client = maya(people)
    for at in range(1, 10):
        send(client, f"/intake/phq-9-{at}", value="1" if at == 9 else "2")
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/assessment").content.decode()
    urgent = page[page.index('class="note crit"') :]
    assert "Several days (1)" in urgent[: urgent.index("</div></div>")]
    assert page.count('class="note crit"') == 1
    assert page.count("More than half the days (2)") == 8


def test_the_chart_says_what_cannot_wait_before_anything_is_in_her_record(people, intake):
    send(maya(people), "/intake/phq-9-9", value="1")
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/").content.decode()
    assert WorklistItem.objects.get().why in page
    assert f"/patients/{people.maya.pk}/assessment" in page
    assert "Her safety plan" in page


def test_an_illness_of_the_family_is_no_diagnosis_of_hers(people, intake):
    send(maya(people), "/intake/family", value=["bipolar-family-history"])
    answer, client = IntakeAnswer.objects.get(question="family"), signed_in(people.marchetti.user)
    send(client, f"/patients/{people.maya.pk}/assessment/settle", answer=str(answer.pk), part="bipolar-family-history")
    assert Entry.objects.get().kind == "family"
    page = client.get(f"/patients/{people.maya.pk}/plan").content.decode()
    assert "None recorded yet." in page
    assert "In her family" in page
    send(client, f"/patients/{people.maya.pk}/plan/withdraw", entry=str(Entry.objects.get().pk))
    assert "In her family" not in client.get(f"/patients/{people.maya.pk}/plan").content.decode()
