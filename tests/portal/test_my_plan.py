"""Her plan in plain words, what she decided and why, and her agreement, which she may take back."""

from uuid import uuid4

import pytest

from althea.care import entries as said
from althea.care.actions import decide as acting
from althea.care.models import Entry, Message, WorklistItem
from tests.care.choosing import a_day, agreed, decided, maya, shared, told, words
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import send, signed_in

__all__ = ["maya"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return signed_in(people.maya.user)


def say(client, entry, what, **named):
    text = acting.consent_text(entry, None) if "shown" not in named else ""
    return send(client, f"/plan/agree/{entry.pk}", say=what, **({"shown": acting.text_digest(text)} | named))


def digest_on(client, entry):
    page = client.get(f"/plan/agree/{entry.pk}").content.decode()
    return page.partition('name="shown" value="')[2][:64]


# --- it shows --------------------------------------------------------------------------------------------------------


def test_of_nothing_known_it_says_so(people, client):
    page = words(client.get("/plan"))
    assert "We have not given it a name yet." in page
    assert "Nothing decided yet. Deciding later is fine too." in page
    assert "No medicine from here at present." in page
    assert "We have not talked about this yet." in page
    assert "<title>Notes</title>" in page


def test_a_diagnosis_is_said_in_plain_words_and_how_sure_it_is(maya, client):
    told(maya, said.Condition(text="Generalized anxiety disorder", code="F41.1", certainty="provisional"))
    told(maya, said.Condition(text="Bipolar II disorder", code="F31.81", certainty="ruled-out"))
    page = words(client.get("/plan"))
    assert "Low mood after birth" in page
    assert "In your record: Postpartum depression." in page
    assert "Worry that does not stop" in page
    assert "We think so, and are not sure yet." in page
    assert "Bipolar" not in page


def test_an_illness_that_was_first_thought_of_and_then_known_stands_once(maya, client):
    told(maya, said.Condition(text="Depression", code="F32.A", certainty="provisional"))
    page = words(client.get("/plan"))
    assert page.count("Low mood after birth") == 1
    assert "In your record: Postpartum depression." in page
    assert "Depression. We think so" not in page


def test_what_was_agreed_who_does_what_and_when_next(maya, client):
    told(maya, said.Goal(words="Enjoy Ada", measure="nights of 7", now="4 of 7"))
    told(maya, said.Plan(therapy="IPT with Lena", support="Sam", who_does_what=["Sam: the 1 am feed <b>"],
                         if_pregnant="Call us the same day.", review_on=a_day(10)))  # fmt: skip
    page = words(client.get("/plan"))
    assert "“Enjoy Ada”" in page
    assert "Nights of 7: <strong><bdi>4 of 7</bdi></strong>" in page
    assert ", written at the clinic.</span>" in page
    assert "Sam: the 1 am feed &lt;b&gt;" in page
    assert "Call us the same day." in page
    assert "in 10 days" in page


def test_what_keeps_her_well_is_the_plan_that_was_made_when_she_was(maya, client):
    assert "Not written yet. Your prescriber writes it with you." in words(client.get("/plan"))
    told(maya, said.Maintenance(trial="x", early_signs="I stop answering Nadia.", how_long="6 to 12 months.",
                                watch="Sleep", review_on=a_day(28)))  # fmt: skip
    page = words(client.get("/plan"))
    keeps = page[page.index("What keeps me well") : page.index("If I am or may be pregnant")]
    assert "Not written yet" not in keeps
    assert "“I stop answering Nadia.”" in keeps
    assert "How long we go on</dt><dd>6 to 12 months." in keeps
    assert "What we watch" in keeps


def test_what_she_decided_and_why_and_what_she_decided_before(maya, client):
    one = shared(maya)
    first = decided(maya, one, reasons="It is known in milk.")
    one.refresh_from_db()
    decided(maya, one, "no-medicine", instead=first, reasons="أريد أن أنتظر 🌿")
    page = words(client.get("/plan"))
    now, _, before = page.partition("Decided before")
    assert "“أريد أن أنتظر 🌿”" in now
    assert "It is known in milk." not in now
    assert "It is known in milk." in before
    assert "You changed your mind since." in before
    assert "I see it differently now" in now


def test_what_led_to_a_signed_order_stays_among_what_she_decided_before(maya, client):
    first = decided(maya, shared(maya), reasons="It is known in milk.")
    an_order(maya, decision=first)
    decided(maya, shared(maya), "no-medicine", reasons="I am well now.")
    now, _, before = words(client.get("/plan")).partition("Decided before")
    assert "“I am well now.”" in now
    assert "“It is known in milk.”" in before
    assert "You changed your mind since." not in before


def test_a_medicine_with_her_own_reason(maya, client):
    entry = decided(maya, shared(maya), reasons="It is known in milk.")
    an_order(maya, decision=entry)
    page = words(client.get("/plan"))
    assert "Why: It is known in milk." in page


def test_another_woman_sees_nothing_of_it(maya):
    told(maya, said.Goal(words="Enjoy Ada"))
    decided(maya, shared(maya))
    entry = Entry.objects.get(kind="decision")
    assert "Enjoy Ada" not in words(signed_in(maya.noors).get("/plan"))
    for user in (maya.noors, maya.sam, maya.marchetti.user):
        assert signed_in(user).get(f"/plan/agree/{entry.pk}").status_code == 404
    assert signed_in(maya.sam).get("/plan/paper").status_code == 404


# --- her agreement ---------------------------------------------------------------------------------------------------


def test_she_reads_the_text_and_agrees(maya, client):
    entry = decided(maya, shared(maya))
    assert "Read what was decided" in words(client.get("/plan"))
    assert f'href="/plan/agree/{entry.pk}"' in words(client.get("/home"))
    page = words(client.get(f"/plan/agree/{entry.pk}"))
    assert "You decided on sertraline, for low mood after birth." in page
    say(client, entry, "agree", shown=digest_on(client, entry))
    body = Entry.objects.get(kind="consent").body
    assert body["how"] == "on her phone"
    assert body["text"].startswith("You decided on sertraline")
    assert "Nothing to do today" in words(client.get("/home"))
    page = words(client.get("/plan"))
    assert "Read what was decided" not in page
    assert "You agreed on" in page


def test_not_yet_is_an_answer(maya, client):
    entry = decided(maya, shared(maya))
    say(client, entry, "not-yet")
    assert "There is no hurry." in words(client.get("/plan"))
    assert WorklistItem.objects.get(reason=f"consent:{entry.pk}").why == "She does not want to agree yet."
    assert not Entry.objects.filter(kind="consent").exists()


def test_a_question_reaches_her_team(maya, client):
    entry = decided(maya, shared(maya))
    empty = words(say(client, entry, "question"))
    assert "Write your question first" in empty
    say(client, entry, "question", question="Will I feel flat? 🌿")
    assert Message.objects.get().body == "Will I feel flat? 🌿"


def test_she_takes_it_back_and_may_agree_again(maya, client):
    entry = decided(maya, shared(maya))
    agreed(maya, entry)
    assert "Take back my agreement" in words(client.get(f"/plan/agree/{entry.pk}"))
    say(client, entry, "take-back")
    page = words(client.get("/plan"))
    assert "You took back your agreement on" in page
    assert WorklistItem.objects.get(reason=f"consent:{entry.pk}").level == "warning"
    assert say(client, entry, "take-back").status_code == 302, "twice is once"
    say(client, entry, "agree", shown=digest_on(client, entry))
    assert acting.consent_to(entry) is not None


@pytest.mark.parametrize(
    ("sent", "words_shown"),
    [
        ({"say": "agree", "shown": "x"}, "The text changed since this page was shown."),
        ({"say": "question", "question": "x" * 10_001}, "That is 10,001 characters."),
        ({"say": "maybe"}, "Write your question first, or choose one of the others."),
        ({"say": ""}, "Write your question first, or choose one of the others."),
    ],
)
def test_what_cannot_be_kept_is_said(maya, client, sent, words_shown):
    entry = decided(maya, shared(maya))
    answer = send(client, f"/plan/agree/{entry.pk}", **sent)
    assert answer.status_code in (200, 409)
    assert words_shown in words(answer)
    assert not Entry.objects.filter(kind="consent").exists()
    assert not Message.objects.exists()


def test_a_decision_she_changed_is_kept_and_no_longer_agreed_to(maya, client):
    one = shared(maya)
    first = decided(maya, one)
    shown = digest_on(client, first)
    one.refresh_from_db()
    decided(maya, one, "no-medicine", instead=first)
    assert "You changed your mind since." in words(client.get(f"/plan/agree/{first.pk}"))
    assert say(client, first, "agree", shown=shown).status_code == 409
    assert client.get(f"/plan/agree/{uuid4()}").status_code == 404


# --- on paper --------------------------------------------------------------------------------------------------------


def test_her_paper_is_a_pdf_whose_name_says_nothing(maya, client):
    told(maya, said.Goal(words="Enjoy Ada"))
    decided(maya, shared(maya), "no-medicine", review_on=a_day(14))
    answer = client.get("/plan/paper")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="notes.pdf"'
    assert answer.content.startswith(b"%PDF-")


def test_the_paper_says_what_the_page_says(maya):
    from althea.care.facts import chart_of
    from althea.care.her_plan import as_paper, her_plan

    told(maya, said.Goal(words="Enjoy Ada", measure="nights of 7", now="4 of 7"))
    told(maya, said.Condition(text="bipolar II disorder", code="F31.81"))
    told(maya, said.Plan(therapy="IPT", who_does_what=["Sam: the 1 am feed", "walk together"], if_pregnant="Call."))
    on = a_day(0)
    before = as_paper(her_plan(chart_of(maya.maya), on), maya.maya, on, by="Dr Marchetti", version=2)
    assert before["agreed"][0] == {"heading": "What I decided", "words": "No decision is written down yet."}
    decided(maya, shared(maya), "no-medicine", reasons="I want to wait.")
    told_ = as_paper(her_plan(chart_of(maya.maya), on), maya.maya, on, by="Dr Marchetti", version=3)
    assert [(one["measure"], one["now"]) for one in told_["goals"]] == [("nights of 7", f"4 of 7 ({on:%-d %B %Y})")]
    assert told_["treating"] == "Bipolar II disorder. Low mood after birth."
    assert told_["made"]["called"] == told_["signed_by"][0] == "Maya Okafor-Lind"
    assert told_["agreed"][0]["words"].startswith("No medicine now, on ")
    assert told_["agreed"][1]["words"] == "“I want to wait.”"
    assert told_["tasks"][1:] == [{"who": "Sam", "what": "the 1 am feed"}, {"who": "We", "what": "walk together"}]
    numbers = [one["number"] for one in told_["calls"]]
    assert "988" in numbers
    assert "1-833-852-6262" in numbers


def test_without_script_each_answer_is_a_button(maya, client):
    entry = decided(maya, shared(maya))
    page = words(client.get(f"/plan/agree/{entry.pk}"))
    for what in ("agree", "not-yet", "question"):
        assert f'name="say" value="{what}"' in page
    assert "onclick" not in page


@pytest.mark.parametrize("count", [1, 8])
def test_the_pages_take_few_queries(maya, client, count):
    an_order(maya)
    for _ in range(count):
        entry = decided(maya, shared(maya))
        agreed(maya, entry)
    told(maya, said.Goal(words="x"), on=a_day(-3))
    for address in ("/plan", f"/plan/agree/{entry.pk}", "/plan/paper"):
        with at_most(12):
            client.get(address)
