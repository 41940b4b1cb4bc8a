"""Whatever people are called and whatever they write: kept letter by letter on both databases, and shown as theirs."""

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from althea.care import entries as said
from althea.care.actions import record
from althea.care.entries import LONGEST
from althea.care.models import CheckIn, Entry, IntakeAnswer, Message, Origin, Patient, Trial
from tests.care.canaries import TODAY, fill
from tests.care.walking import pages_about
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db
TEXTS = {
    "emoji": "Better 🙂 at night 🌙",
    "a family of one character": "Ada and us: 👩‍👩‍👧",
    "right to left": "ليلى لا تنام",
    "right to left in the middle": "She said שלום twice",
    "an override of direction": "a\u202eb\u202cc",
    "composed": unicodedata.normalize("NFC", "Zoë Müller"),
    "decomposed": unicodedata.normalize("NFD", "Zoë Müller"),
    "a dotless i": "Işıl İnci",
    "four bytes": "𝔐𝔞𝔶𝔞",
    "markup": "<script>alert(1)</script> & <b>bold</b>",
    "a quote": 'it\'s "fine" \\ %s {{ x }} {% y %}',
    "several lines": "One\nTwo\n\nThree",
}


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_a_message_is_kept_letter_by_letter_and_read_as_it_was_written(people, words):
    send(signed_in(people.maya.user), "/messages", body=words)
    assert Message.objects.get().body.replace("\r\n", "\n") == words
    page = signed_in(people.marchetti.user).get(f"/patients/{people.maya.pk}/messages").content.decode()
    assert all(line in unescape(page) for line in words.split("\n"))
    assert "<script>alert(1)" not in page


@given(words=st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_goes_into_the_record_and_comes_out_the_same(people, words):
    entry = record.add(
        patient=people.maya, body=said.Goal(words=words), on=TODAY, origin=Origin.HERS, by=people.maya.user, at=NOW
    )
    assert Entry.objects.get(pk=entry.pk).body["words"] == words


@pytest.mark.parametrize("name", ["ليلى حدّاد", "ליאה כהן", "Zoë 🌸 Müller", "👩‍⚕️", "O'Brien <Ada>", "李娜"])
def test_a_name_is_kept_found_and_shown(people, name):
    Patient.objects.filter(pk=people.maya.pk).update(name=name)
    client = signed_in(people.marchetti.user)
    assert Patient.objects.get(pk=people.maya.pk).name == name
    page = client.get(f"/patients?q={name}").content.decode()
    assert f"<bdi>{name}</bdi>" in unescape(page)


class Apart(HTMLParser):
    """Where does a name stand that is not set apart from the words around it?"""

    VOID = ("input", "meta", "link", "br", "use", "img", "hr")

    def __init__(self, page, name):
        super().__init__()
        self.name, self.open, self.found = name, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        apart = tag in ("bdi", "title", "option", "caption", "textarea") or attrs.get("dir") == "auto"
        hidden = "vh" in (attrs.get("class") or "").split()  # read aloud, where direction is no matter of place
        if tag not in self.VOID:
            self.open.append((tag, apart or hidden))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.name in data and not any(apart for _, apart in self.open):
            self.found.append("".join(f"<{tag}>" for tag, _ in self.open[-3:]) + data.strip()[:60])


def test_her_name_stands_apart_on_every_page_of_the_clinic(people):
    """A name written from right to left must not turn the age and the dose beside it around."""
    Patient.objects.filter(pk=people.maya.pk).update(name="ליאה כהן", called="ליאה כהן")
    people.maya.refresh_from_db()
    fill(people.maya, people.marchetti)
    client = signed_in(people.marchetti.user)
    wrong = {}
    for address in pages_about(people.maya):
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            found = Apart(answer.content.decode(), "ליאה כהן").found
            if found:
                wrong[re.sub(r"[0-9a-f-]{36}", "…", address)] = found
    assert wrong == {}


# --- ten thousand characters, and one more -------------------------------------------------------------------------


@pytest.fixture
def week(people):
    trial = Trial.objects.create(
        patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood", scale="phq-9", weeks=8,
        started_on=TODAY, created_at=NOW,
    )  # fmt: skip
    return CheckIn.objects.create(patient=people.maya, trial=trial, due_on=TODAY, scales=["phq-9"])


def free_texts(people, week):
    """(who, address, field, the other fields) of everything one may write freely."""
    her = f"/patients/{people.maya.pk}"
    yield people.maya.user, f"/check-in/{week.pk}/words", "value", {}
    yield people.maya.user, f"/check-in/{week.pk}/side-effects", "what", {"bother": "1"}
    yield people.maya.user, "/messages", "body", {}
    yield people.maya.user, "/intake/why-now", "value", {}
    yield people.maya.user, "/intake/medicines-before", "stopped", {"what": "sertraline"}
    yield people.marchetti.user, f"{her}/messages", "body", {}


@pytest.mark.parametrize("which", range(6))
def test_ten_thousand_characters_are_kept_and_one_more_is_refused_with_the_text_still_there(people, week, which):
    from althea.care.models import Intake

    Intake.objects.create(patient=people.maya, sent_at=NOW)
    user, address, field, others = list(free_texts(people, week))[which]
    client = signed_in(user)
    whole, more = "ж" * LONGEST, "ж" * (LONGEST + 1)
    refused = client.post(address, {"key": str(uuid4()), field: more, **others})
    assert refused.status_code == 200, address
    assert more in refused.content.decode()
    assert re.search(r"10,?00[01]", refused.content.decode()), address
    assert client.post(address, {"key": str(uuid4()), field: whole, **others}).status_code in (302, 303)
    kept = [one.body for one in Message.objects.all()]
    kept += [str(one.value) for one in IntakeAnswer.objects.all()]
    kept += [str(one.value) for one in week.answers.all()]
    assert any(whole in one for one in kept)
    assert not any(more in one for one in kept)
