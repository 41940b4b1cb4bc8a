"""Beside the form of an order: what the checks say as she types, and the answers to it."""

from datetime import timedelta

import pytest

from althea.care import entries as said
from althea.care.known import knowledge
from althea.care.models import Order
from althea.clinic.pages.order.beside import _card
from althea.clinic.pages.order.form import Typed
from tests.clinic.prescribing import a_draft, address, decided, form, looked, on_of, post, signed_order, tell
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def page(people, end="new", query=""):
    answer = signed_in(people.marchetti.user).get(address(people, end) + query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- beside the form -----------------------------------------------------------------------------------------------------


def test_the_findings_beside_the_form_are_asked_and_nothing_is_kept(people):
    looked(people)
    client = signed_in(people.marchetti.user)
    answer = client.post(address(people, "findings"), form(people, ("250 mg", "morning", "")))
    assert answer.status_code == 200
    words = answer.content.decode()
    assert "<html" not in words
    assert "Sertraline 250 mg a day is above the maximum of 200 mg." in words
    assert 'id="from-1" hx-swap-oob="true"' in words
    assert not Order.objects.exists()


def test_what_could_not_be_checked_says_what_was_missing_and_of_which_knowledge(people):
    words = post(people, form(people, do="check")).content.decode()
    assert "could not be made" in words
    assert "Missing: " in words
    assert "Knowledge 20" in words
    assert "Not yet reviewed by a clinician." in words


def test_a_critical_finding_says_what_is_needed_to_sign_and_its_answer_is_kept(people):
    looked(people)
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))
    words = post(people, form(people, do="check")).content.decode()
    assert "critical finding" in words.split('id="waiting"')[1][:200]
    keys = [part.split('"')[0] for part in words.split('name="how-')[1:]]
    answers = {f"how-{key}": "override:will-monitor" for key in keys}
    again = post(people, form(people, do="check", **answers)).content.decode()
    assert "Write in your own words why: it stays in her record." in again
    answers |= {f"words-{key}": "Talked over with her." for key in keys}
    order = a_draft(people, **answers)
    assert set(order.findings["answers"]) == set(keys)
    words = page(people, order.pk)
    assert "Answered. You can change it until it is signed." in words
    assert "critical finding" not in words.split('id="waiting"')[1][:200]


def test_a_dose_a_day_from_a_review_is_the_dose_of_one_time(people):
    old = signed_order(people)
    step = {**old.steps[0], "dose": "50 mg", "times_a_day": 2, "often": "twice", "when": "morning and evening"}
    old = signed_order(people, steps=[step], medicine="quetiapine")
    assert 'value="75 mg" aria-label="Dose, step 1"' in page(people, query=f"?replaces={old.pk}&dose=150 mg")


def test_no_medicine_now_stands_among_the_cards_and_is_no_order(people):
    words = page(people)
    assert "No medicine now" in words
    assert "Her choice too" in words
    answer = post(people, form(people, medicine="none", strength=None)).content.decode()
    assert "No medicine now is her decision, and nothing is ordered by it. Record it with her options." in answer
    assert not Order.objects.exists()


def topic(name, standing="between", in_short="not known"):
    return {"name": name, "hers": True, "standing": standing, "in_short": in_short}


def card_of(**told):
    first = {
        "id": "sertraline",
        "name": "Sertraline",
        "for_her": "It lifts the mood of many people, and they know it well. More.",
    }
    return _card(first | told, False, Typed())


def test_a_card_of_which_her_wish_is_not_known_still_says_what_the_medicine_is():
    card = card_of(topics=[topic("Weight"), topic("Sleep")])
    assert knowledge().options["sertraline"].medicine == card["value"]
    assert (card["words"], card["small"]) == (
        "It lifts the mood of many people, and they know it well.",
        "Nothing checked is known on weight and sleep.",
    )
    assert card["fit"]["label"] == "Possible"


def test_a_card_says_in_two_lines_what_it_does_and_what_is_known_of_her_wishes():
    helped = {"here": True, "of": 100, "more": 10, "mark": "read-twice"}
    card = card_of(topics=[topic("Weight", "against", "weight may go up"), topic("Sleep")], benefits=[helped])
    assert (card["words"], card["small"]) == ("About 10 more of 100 feel much better.", "Weight may go up.")
    card = card_of(topics=[topic("Milk", "for", "very little reaches it")], benefits=[helped | {"mark": "unverified"}])
    assert card["words"] == "About 10 more of 100 feel much better (not verified)."
    assert card["small"] == "Milk: very little reaches it."


@pytest.mark.parametrize(
    ("standings", "label", "kind"),
    [
        (["for", "between"], "Fits her first wish", "ok"),
        (["between", "for"], "Fits a wish", "ok"),
        (["for", "against"], "Goes against a wish", "warn"),
        (["between"], "Possible", "info"),
    ],
)
def test_a_chip_says_how_a_medicine_stands_to_what_she_wishes(standings, label, kind):
    fit = card_of(topics=[topic(f"Wish {at}", one) for at, one in enumerate(standings)])["fit"]
    assert (fit["label"], fit["kind"]) == (label, kind)


def test_where_nobody_asked_what_matters_to_her_no_card_claims_to_fit():
    assert card_of(topics=[])["fit"] is None


def test_a_draft_that_waits_is_seen_before_another_is_begun(people):
    order = a_draft(people)
    words = page(people)
    assert f'href="{address(people, order.pk)}">Go on with it' in words


def test_a_long_acting_injection_is_not_ordered_as_a_dose_a_day(people):
    words = post(people, form(people, medicine="aripiprazole", strength=None, do="check")).content.decode()
    assert "Long-acting injections cannot be ordered here yet." in words
    assert 'value="injection"' not in words


def test_the_fair_trial_stands_beside_the_review_day(people):
    tell(people, said.Condition(text="Major depressive disorder", code="F33.1"))
    entry = decided(people)
    words = page(people, query=f"?decision={entry.pk}")
    assert "A fair trial: " in words
    assert 'id="f-review_on" name="review_on" value="20' in words


def test_a_form_that_could_be_mistaken_for_another_is_chosen_and_never_assumed(people):
    looked(people)
    fields = form(people, ("150 mg", "morning", ""), medicine="bupropion", strength=None, halves=None, made_as="")
    words = post(people, fields).content.decode()
    assert "Choose what it is made as: its tablets and capsules do not all work at one pace." in words
    assert not Order.objects.exists()
    order = a_draft(people, ("150 mg", "morning", ""), medicine="bupropion", strength="150 mg", halves=None,
                    made_as="extended release oral tablet")  # fmt: skip
    assert "Extended Release" in order.product


def test_a_change_keeps_the_form_that_her_order_names(people):
    step = {"from": "2026-01-01", "until": None, "dose": "500 mg", "times_a_day": 1,
            "take": "1 delayed-release tablet each evening"}  # fmt: skip
    old = signed_order(people, medicine="valproate", steps=[step])
    words = page(people, query=f"?replaces={old.pk}")
    assert 'value="delayed release oral tablet" selected' in words
    unsure = signed_order(people, medicine="bupropion", steps=[{**step, "take": "1 tablet each morning"}])
    assert '<option value="">Choose</option>' in page(people, query=f"?replaces={unsure.pk}")


# --- what is done about a finding ----------------------------------------------------------------------------------------


def on_the_pill(people):
    """She takes the combined pill; lamotrigine beside it is a warning whose rule says what to do."""
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    return {"medicine": "lamotrigine", "strength": None}


WARN = "Warn about dizziness and double vision in the pill-free week."
TITRATE = "Titrate as usual; plan maintenance by effect and level."


def key_of(words, line):
    """The field of the tick beside this sentence."""
    return words.split(f'value="{line}"')[0].rsplit('name="', 1)[1].split('"')[0]


def test_what_a_warning_asks_for_is_one_click_a_sentence_and_is_kept_in_the_draft(people):
    fields = form(people, ("25 mg", "evening", ""), **on_the_pill(people))
    words = post(people, fields | {"do": "check"}).content.decode()
    assert "We will do this" in words
    key = key_of(words, WARN)
    again = post(people, fields | {"do": "check", key: [WARN, TITRATE]}).content.decode()
    assert "Answered. You can change it until it is signed." in again
    assert again.count(f'value="{WARN}" form="composer-form" checked') == 1
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine", strength=None, **{key: [WARN, TITRATE]})
    (given,) = [one for one in order.findings["answers"].values() if one["how"] == "done"]
    assert given["code"] == f"{WARN}\n{TITRATE}"


def test_a_tick_taken_away_is_no_answer_any_more(people):
    fields = form(people, ("25 mg", "evening", ""), **on_the_pill(people))
    key = key_of(post(people, fields | {"do": "check"}).content.decode(), WARN)
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine", strength=None, **{key: WARN})
    words = page(people, order.pk)
    how = key.replace("do-", "how-")
    post(people, fields | {"do": "save", "version": order.version, how: ""}, f"{order.pk}/draft")
    assert "checked" in words.split(f'value="{WARN}"')[1].split(">")[0]
    order.refresh_from_db()
    assert key.removeprefix("do-") not in order.findings["answers"]


def test_a_reason_given_beside_a_tick_keeps_both(people):
    fields = form(people, ("25 mg", "evening", ""), **on_the_pill(people))
    key = key_of(post(people, fields | {"do": "check"}).content.decode(), WARN)
    both = {key: WARN, key.replace("do-", "how-"): "override:will-monitor", key.replace("do-", "words-"): "By phone."}
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine", strength=None, **both)
    given = order.findings["answers"][key.removeprefix("do-")]
    assert given == {"how": "override", "code": "will-monitor", "words": "By phone.", "do": WARN}


def test_a_start_above_the_label_is_not_answered_by_a_tick_but_by_the_order_or_a_reason(people):
    fields = form(people, ("50 mg", "evening", ""), **on_the_pill(people))
    words = post(people, fields | {"do": "check"}).content.decode()
    critical = words.split('class="finding crit')[1].split("</article>")[0]
    assert "Keep to 25 mg for weeks 1 and 2" in critical
    assert 'type="checkbox"' not in critical
    assert "Override with a reason" in critical


def test_a_finding_shows_its_source_and_keeps_the_why_behind_a_fold(people):
    words = post(people, form(people, ("25 mg", "evening", ""), do="check", **on_the_pill(people))).content.decode()
    finding = next(part for part in words.split("<article")[1:] if WARN in part)
    assert finding.index("Oestrogen contraception induces glucuronidation") > finding.index("Why and source")
    assert "Rule lamotrigine-started-on-oestrogen" in finding


# --- the facts, the head, the day of the review ---------------------------------------------------------------------------


def test_the_facts_stand_as_label_and_value_and_what_nobody_said_is_not_known(people):
    words = page(people)
    assert "<dt>Contraception</dt><dd>Not known</dd>" in words
    assert "<dt>Results</dt><dd>Not known</dd>" in words
    tell(people, said.Looked(topic="medicines"))
    assert "<dt>Takes</dt><dd>Nothing</dd>" in page(people)


def test_of_many_facts_the_first_stand_and_the_rest_are_counted(people):
    names = ("ibuprofen", "naproxen", "omeprazole", "cetirizine", "levothyroxine", "metformin", "lithium", "lorazepam")
    for name in names:
        tell(people, said.Medicine(text=name, medicine=name, running=True))
    takes = page(people).split("<dt>Takes</dt><dd>")[1].split("</dd>")[0]
    assert takes.count("<br>") == 6
    assert takes.endswith("<br>and 2 more")


def test_the_head_says_for_which_diagnosis_her_latest_score_and_what_she_decided(people):
    tell(people, said.Condition(text="Bipolar II disorder", code="F31.81"))
    tell(people, said.Condition(text="Endometriosis", code="N80.9"))
    tell(people, said.Score(scale="phq-9", total=17))
    entry, on = decided(people, "lamotrigine"), f"{on_of(people):%-d %B}"
    words = page(people, query=f"?decision={entry.pk}")
    assert f"New order for bipolar II disorder (PHQ-9 17, {on}). She decided on {on}: Lamotrigine." in words


def test_a_review_day_is_one_click_where_the_knowledge_gives_the_weeks(people):
    tell(people, said.Condition(text="Bipolar II disorder", code="F31.81"))
    entry, on = decided(people, "lamotrigine"), on_of(people)
    rows = [("25 mg", "evening", "2 weeks"), ("200 mg", "evening", "")]
    fields = form(
        people, *rows, medicine="lamotrigine", strength=None, decision=str(entry.pk), review_on="", do="check"
    )
    words = post(people, fields).content.decode()
    assert "Needed to sign. A fair trial: 8 weeks at 200 mg a day" in words
    assert f"Use {on + timedelta(weeks=8):%-d %b}, week 8" in words
    later = on + timedelta(weeks=10)
    assert f"Use {later:%-d %b}, 8 weeks at 200 mg" in words
    again = post(people, fields | {"do": "", "review": later.isoformat()}).content.decode()
    assert f'name="review_on" value="{later.isoformat()}"' in again
    assert "Needed to sign" not in again


def test_what_a_signature_needs_is_told_at_its_field_and_nothing_typed_is_lost(people):
    tell(people, said.Condition(text="Bipolar II disorder", code="F31.81"))
    entry = decided(people, "lamotrigine")
    rows = [("25 mg", "evening", "2 weeks"), ("50 mg", "evening", "")]
    fields = form(
        people, *rows, medicine="lamotrigine", strength=None, decision=str(entry.pk), why="", scale="", do="sign"
    )
    words = post(people, fields).content.decode()
    assert "Not signed yet. 3 things need a look" in words
    for name, line in (("review_on", "Give a day for the review."), ("why", "Say what it is for: the trial is judged by it."),
                       ("scale", "Choose the scale that will show whether it helps.")):  # fmt: skip
        assert f'<a href="#f-{name}">{line}</a>' in words
    assert words.count('value="25 mg" aria-label="Dose') == 1
    assert "With food." in words


def test_a_day_that_is_none_is_no_review(people):
    words = post(people, form(people, review="soon", review_on="", do=None)).content.decode()
    assert 'name="review_on" value=""' in words
