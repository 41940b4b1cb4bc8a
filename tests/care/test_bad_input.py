"""Whatever is typed into any field of any form: it is kept whole or refused in words, nothing of it is cut unsaid, and
no page breaks.

The forms are those of `full_records.py`; `test_wrong_patient.py` sees to it that no route that takes one is left out.
"""

import re
from html import unescape
from uuid import uuid4

import pytest

from tests.care.full_records import both, every_form
from tests.care.test_matrix import undone
from tests.care.walking import name_of
from tests.clinic.prescribing import form, on_of
from tests.faults.test_steps import whole

__all__ = ["both"]  # a fixture
pytestmark = pytest.mark.django_db
FIRST, LAST = "Anfang", "Ende"
LONG = FIRST + "ж" * 10_000 + LAST
ODD = f"{FIRST} 👩‍👩‍👧 ليلى \u202eb\u202c <script>alert(1)</script> {LAST}"
ONLY_ASKS = {"order-findings"}
"""It answers a question of the page with findings, and saves nothing."""
NOT_SAID_AGAIN = {("sign-order", "code")}
"""A code is not written into a page."""
NO_LONGER_THAN_ITS_FIELD = {"new-order", "draft-order", "order-ready"}
"""Words beside a finding or a check: their field takes 500 characters, and what a page cannot send is cut there."""
SAID_ON_THE_NEXT_PAGE = {("correct-medicine", "allergy")}
"""Its field takes 300 characters; what a page cannot send is refused in words at the head of the page it leads to."""
NOT_READ = {("new-order", "other"), ("draft-order", "other")}
"""The name of another medicine counts where no other is chosen."""
SAVED = {
    "staff": {
        ("ask-about", "words"), ("draft-order", "why"), ("draft-order", "words"), ("end-order", "why"),
        ("messages-of", "body"), ("new-order", "why"), ("new-order", "words"), ("offer-share", "words"),
        ("order-agreed", "text"), ("order-ready", "words"), ("plan-change", "words"), ("safety-plan", "lines"),
        ("safety-write", "body"), ("settle", "why"), ("stop-order", "why"),
    },
    "herself": {
        ("change-question", "value"), ("check-in-question", "value"), ("intake-question", "value"), ("messages", "body"),
        ("my-agreement", "question"), ("my-safety-plan", "lines"),
    },
}  # fmt: skip
"""What goes through as it is sent here. The others want more than a walk fills in: their tests stand with their pages."""


def given(people, name, sent, field, text):
    """The form as it stands, this field with the text in it; an order is filled in, as it stands nothing is ordered."""
    fields = dict(sent)
    if name in ("new-order", "draft-order"):
        fields = form(people, medicine="trazodone", do="save", version=fields.get("version"))
    if name == "stop-order":
        fields = {"how": "last", "do": "draft", "starts": on_of(people).isoformat(), "why": "Well for a year"}
    if field.startswith("words-"):  # words to a reason
        fields = {**fields, field.replace("words-", "how-"): "override:will-monitor"}
    return {**fields, "key": str(uuid4()), field: text}


def everything(people, audience, text):
    """(route, field, the answer, how often the beginning and the end of the text are kept), of every field that is
    written, once at each address: one of questions is another for each of them."""
    seen = set()
    for client, _, action, sent, written in list(every_form(people, audience)):
        name, where = name_of(action), re.sub(r"[0-9a-f-]{36}", "…", action)
        for field in sorted(written - {one for there, one in seen if there == where}):
            seen.add((where, field))
            with undone():
                answer = client.post(action, given(people, name, sent, field, text))
                kept = repr((whole(), dict(client.session.items())))
            yield name, field, answer, kept.count(FIRST), kept.count(LAST)


@pytest.mark.parametrize("text", [LONG, ODD], ids=["ten thousand characters and more", "emoji, right to left, markup"])
@pytest.mark.parametrize("audience", ["staff", "herself"])
def test_what_is_typed_into_any_field_is_kept_whole_or_refused_with_the_text_still_there(people, both, audience, text):
    wrong, saved = [], set()
    for name, field, answer, begun, ended in everything(people, audience, text):
        page, where = answer.content.decode("utf-8", "replace"), f"{field} of {answer.request['PATH_INFO']}"
        if answer.status_code >= 500:
            wrong.append(f"{where} broke")
        if "<script>alert(1)" in page:
            wrong.append(f"{where} is run")
        if begun != ended and not (name in NO_LONGER_THAN_ITS_FIELD and field.startswith("words-")):
            wrong.append(f"{where} is cut")
        if answer.status_code in (302, 303):
            saved.add((name, field.partition("-")[0]))
            if not begun and (name, field) not in NOT_READ | SAID_ON_THE_NEXT_PAGE:
                wrong.append(f"{where} is lost")
        elif begun:
            wrong.append(f"{where} was refused, and kept")
        elif name not in ONLY_ASKS and (name, field) not in NOT_SAID_AGAIN and text not in unescape(page):
            wrong.append(f"{where} is gone")
    assert not wrong, "\n".join(wrong)
    assert text == LONG or saved >= SAVED[audience]
