"""What was done about a finding is read where it is signed, on the signed order, and on her chart."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from althea.care import entries as said
from althea.care.models import FindingSeen, Signature
from tests.clinic.prescribing import (
    a_draft,
    address,
    codes,
    decided,
    form,
    looked,
    on_of,
    post,
    signed_as_shown,
    signed_order,
    tell,
)
from tests.people import signed_in

__all__ = ["codes"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
WARN = "Warn about dizziness and double vision in the pill-free week."


@pytest.fixture
def order(people):
    """Lamotrigine beside the pill; of what the warning asks for, one sentence is ticked."""
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    named = {"medicine": "lamotrigine", "strength": None}
    words = post(people, form(people, ("25 mg", "evening", ""), do="check", **named)).content.decode()
    key = words.split(f'value="{WARN}"')[0].rsplit('name="', 1)[1].split('"')[0]
    return a_draft(people, ("25 mg", "evening", ""), **named, **{key: WARN})


def read(people, end):
    return signed_in(people.marchetti.user).get(address(people, end)).content.decode()


def finding(words):
    return next(part for part in words.split("<article")[1:] if "expect about half the level" in part)


def test_the_page_that_is_signed_and_the_signed_order_say_what_will_be_done_before_why(people, order):
    told = finding(read(people, f"{order.pk}/sign"))
    assert f"<p>We will do this: {WARN}</p>" in told
    assert told.index(WARN) < told.index("Why and source") < told.index("glucuronidation")
    told = finding(read(people, str(signed_as_shown(people, order).pk)))
    assert f"<p>We will do this: {WARN}</p>" in told


SHE_READS_NONE = "What you ticked at a finding stays in her record, and she does not read it."


def test_who_signs_is_told_that_she_reads_nothing_of_what_was_ticked(people, order):
    assert SHE_READS_NONE in read(people, f"{order.pk}/sign")


def test_where_nothing_was_ticked_nothing_is_said_of_it(people):
    looked(people)
    assert SHE_READS_NONE not in read(people, f"{a_draft(people).pk}/sign")


def test_it_is_a_row_of_her_record_and_sets_nothing_aside(people, order):
    signed = signed_as_shown(people, order)
    row = FindingSeen.objects.get(order=signed, answer="settled")
    assert (row.code, row.words, row.until) == ("suggestion", WARN, None)


def test_her_chart_says_it_with_the_finding_of_the_same_matter_that_stays(people, order):
    chart = f"/patients/{people.maya.pk}/"
    assert "we will do this" not in signed_in(people.marchetti.user).get(chart).content.decode()
    signed_as_shown(people, order)
    words = signed_in(people.marchetti.user).get(chart).content.decode()
    assert f"Dr Marchetti on {on_of(people):%-d %B}: we will do this. {WARN}" in words
    assert "lowers the lamotrigine level" in words


def test_what_was_only_shown_says_nothing_was_done(people):
    looked(people)
    tell(people, said.LifeStage(topic="contraception", value="combined-pill"))
    tell(people, said.Medicine(text="ethinylestradiol", medicine="ethinylestradiol", running=True))
    order = a_draft(people, ("25 mg", "evening", ""), medicine="lamotrigine", strength=None)
    told = finding(read(people, f"{order.pk}/sign"))
    assert "We will do this" not in told
    assert "glucuronidation" in told


def test_a_signed_order_says_under_her_name_who_signed_it_and_keeps_the_mark_of_the_text(people, order):
    signed = signed_as_shown(people, order)
    words = read(people, str(signed.pk))
    assert f"Signed by Dr Marchetti on {on_of(people):%-d %B %Y}.</p>" in words
    assert Signature.objects.get(order=signed).digest in words.split("Mark of the text that was signed")[1]


def test_an_order_in_the_place_of_one_that_has_not_begun_says_what_becomes_of_that_one(people):
    looked(people)
    first = on_of(people) + timedelta(days=10)
    step = {"from": first.isoformat(), "until": None, "dose": "100 mg", "times_a_day": 1, "when": "each morning",
            "take": "2 tablets of 50 mg each morning", "often": "morning"}  # fmt: skip
    old = signed_order(people, steps=[step])
    words = read(people, f"new?replaces={old.pk}")
    assert "That one has not begun: begin this one sooner, and nothing of it is taken." in words
    order = a_draft(people, replaces=str(old.pk))
    words = read(people, f"{order.pk}/sign")
    assert "which has not begun. Begin sooner than it, and nothing of it is taken" in words
    begun = signed_order(people, medicine="quetiapine")
    assert "has not begun" not in read(people, f"new?replaces={begun.pk}")


# --- a critical finding about the order -------------------------------------------------------------------------------


def beside_phenelzine(people):
    looked(people)
    tell(people, said.Medicine(text="phenelzine", medicine="phenelzine", dose="15 mg", times_a_day=3, running=True))


def critical(words):
    return words.split('class="finding crit')[1].split("</article>")[0]


def test_what_must_not_be_combined_is_said_and_not_ticked(people):
    beside_phenelzine(people)
    part = critical(post(people, form(people, do="check")).content.decode())
    assert "Do not combine them." in part
    assert 'type="checkbox"' not in part
    assert "We will do this" not in part
    assert "Override with a reason" in part


def test_a_draft_that_holds_such_a_tick_is_not_answered_and_the_page_says_what_is_needed(people):
    beside_phenelzine(people)
    words = post(people, form(people, do="check")).content.decode()
    key = critical(words).split('name="how-')[1].split('"')[0]
    order = a_draft(people, **{f"do-{key}": "Do not combine them."})
    words = read(people, str(order.pk))
    assert "This does not settle it. Change the order, or give one of the reasons above." in critical(words)
    assert "Answered." not in critical(words)
    needed = "To sign, act on 1 critical finding or give a reason."
    assert needed in words.split('id="waiting"')[1][:200]
    words = read(people, f"{order.pk}/sign")
    assert f"<li>{needed}</li>" in words
    assert "We will do this" not in words
    assert 'id="sign-form"' not in words


# --- "not now, because" -----------------------------------------------------------------------------------------------


def answer_before_the_first_dose(people, order, how, why):
    """Every check of the page that is signed, answered in the same way."""
    words = read(people, f"{order.pk}/sign")
    keys = {part.split('"')[0] for part in words.split('name="how-')[1:]}
    version = words.split('name="version" value="')[1].split('"')[0]
    fields = {"version": version} | {f"how-{key}": how for key in keys} | {f"words-{key}": why for key in keys}
    assert post(people, fields, f"{order.pk}/ready").status_code == 302
    order.refresh_from_db()
    return keys


class Sent(HTMLParser):
    """What a browser would send of the form #composer-form as it stands: the fields that answer findings."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.name, self.text = {}, "", False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, mine = attrs.get("name", ""), attrs.get("form") == "composer-form"
        if tag == "option" and self.name and "selected" in attrs:
            self.fields[self.name] = attrs["value"]
        elif not mine or not name.startswith(("how-", "do-", "words-")):
            return
        elif tag == "select":
            self.name = name
            self.fields[name] = ""
        elif tag == "textarea":
            self.name, self.text = name, True
            self.fields[name] = ""
        elif attrs.get("type") != "checkbox" or "checked" in attrs:
            self.fields[name] = attrs["value"]

    def handle_data(self, data):
        if self.text:
            self.fields[self.name] += data

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.name, self.text = "", False


@pytest.fixture
def clozapine(people):
    """A first order with checks before it: one critical, one a warning, two for information."""
    looked(people)
    return {
        "medicine": "clozapine", "made_as": "oral tablet", "strength": "25 mg", "scale": "phq-9",
        "decision": str(decided(people, "clozapine").pk),
    }  # fmt: skip


STEP = ("12.5 mg", "evening", "")


def save_again(people, order, named, **changed):
    """Opened in the composer, and saved as it stands, but for what was changed."""
    fields = form(people, STEP, version=str(order.version), **named)
    sent = fields | Sent(read(people, str(order.pk))).fields | changed
    assert post(people, sent, f"{order.pk}/draft").status_code == 302
    order.refresh_from_db()
    return order.findings["answers"]


@pytest.mark.parametrize(("how", "why"), [("not-now", "She comes back on Monday."), ("is-done", "At her GP, in May.")])
def test_what_was_said_of_a_check_before_the_signature_stays_when_the_draft_is_saved_again(people, clozapine, how, why):
    order = a_draft(people, STEP, **clozapine)
    keys = answer_before_the_first_dose(people, order, how, why)
    before = order.findings["answers"]
    assert len(keys) > 3
    assert {(one["how"], one["words"]) for one in before.values()} == {(how, why)}
    assert save_again(people, order, clozapine) == before


def test_a_check_put_off_is_told_in_the_composer_and_done_since_it_is_done(people, clozapine):
    order = a_draft(people, STEP, **clozapine)
    answer_before_the_first_dose(people, order, "not-now", "She comes back on Monday.")
    words = read(people, str(order.pk))
    warning = next(part for part in words.split("<article")[1:] if "family" in part)
    assert '<option value="not-now" selected>Not now, because</option>' in warning
    assert "Answered. You can change it until it is signed." in warning
    key = warning.split('name="how-')[1].split('"')[0]
    told = save_again(people, order, clozapine, **{f"do-{key}": "ordered"})[key]
    assert told["how"] == "ordered"
    told = save_again(people, order, clozapine, **{f"how-{key}": "", f"do-{key}": "", f"words-{key}": ""})
    assert key not in told, "taken away, it is gone"


def test_a_critical_check_put_off_stays_open_and_says_so(people, clozapine):
    order = a_draft(people, STEP, **clozapine)
    answer_before_the_first_dose(people, order, "not-now", "She comes back on Monday.")
    part = critical(read(people, str(order.pk)))
    assert "Tick that it is ordered or done, change the order, or give one of the reasons above." in part
    assert "Answered." not in part
    assert 'value="ordered"' in part
    assert 'value="Take an ANC before the first dose."' not in part


# --- words without a reason --------------------------------------------------------------------------------------------


NO_REASON = "Choose the reason that these words belong to, or take them out."


def test_words_beside_a_finding_without_a_reason_are_kept_and_it_cannot_be_signed(people):
    beside_phenelzine(people)
    words = post(people, form(people, do="check")).content.decode()
    key = critical(words).split('name="how-')[1].split('"')[0]
    said_so = {f"how-{key}": "", f"words-{key}": "Her own doctor ends it on Friday."}
    assert NO_REASON in critical(post(people, form(people, do="check", **said_so)).content.decode())
    order = a_draft(people, **said_so)
    part = critical(read(people, str(order.pk)))
    assert "Her own doctor ends it on Friday.</textarea>" in part
    assert NO_REASON in part
    assert "open><summary" in part
    words = read(people, f"{order.pk}/sign")
    assert "Words stand beside a finding, and no reason is chosen: choose one, or take the words out." in words
    assert 'id="sign-form"' not in words


def test_words_taken_out_again_are_gone(people):
    beside_phenelzine(people)
    key = critical(post(people, form(people, do="check")).content.decode()).split('name="how-')[1].split('"')[0]
    order = a_draft(people, **{f"how-{key}": "", f"words-{key}": "Perhaps."})
    fields = form(people, **{f"how-{key}": "", f"words-{key}": ""}, version=order.version)
    assert post(people, fields, f"{order.pk}/draft").status_code == 302
    part = critical(read(people, str(order.pk)))
    assert (NO_REASON in part, "Perhaps." in part) == (False, False)
