"""Every address that a woman's rows give, and every form that stands there: for tests that walk the pages.

Nothing here is listed by hand but what an address says besides its rows: a new page, or a new form of an old one, is
walked from the moment it exists.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import uuid4

from django.apps import apps
from django.urls import resolve

from althea.care.changes import CHANGES
from althea.care.checks import routes
from althea.care.gate import policy_of
from althea.care.models import CheckIn, Entry, IntakeAnswer, Order
from althea.clinic import written_women
from tests.care.test_matrix import undone

SLUG = next(iter(written_women._files()))
WORDS = {
    "rule_id": ["lithium-nsaid"], "medicine_id": ["sertraline"], "slug": [SLUG], "service_id": ["x"],
    "token": ["x" * 43], "key": ["x"], "uidb36": ["1"], "pk": ["1"], "who": ["maya"],
    "what": ["diagnosis", "goal", "plan", "severity", *CHANGES],
}  # fmt: skip
"""What an address may hold that names no row."""
KIND = {
    "correct-medicine": "medicine", "correct-result": "result", "withdraw-score": "score", "withdraw-stage": "life-stage",
}  # fmt: skip
"""What kind of entry the page is about."""
AS_WELL = {
    "settle-edited": ("?part=0", "?part=1"), "offer": ("?anew=1", "?again=1", "?draft=1"), "patients": ("?q=a",),
    "new-order": ("?medicine=sertraline",), "progress-of": ("?weeks=12",), "my-safety-plan": ("?change",),
    "check-in": ("?look-over=1",),
}  # fmt: skip
"""The same page, asked for something."""


def rows_of(her):
    """By the word an address has for it: the ids of hers to try, one or two of each sort."""
    entries, seen = [], set()
    for pk, kind in Entry.objects.current().filter(patient=her).values_list("pk", "kind"):
        if kind not in seen:
            seen.add(kind)
            entries.append((pk, kind))
    orders = Order.objects.filter(patient=her)
    found = {
        "patient": [her.pk],
        "entry": entries,
        "decision": list(Entry.objects.filter(patient=her, kind="decision").values_list("pk", flat=True)[:2]),
        "taken": [pk for pk, kind in entries if kind == "medicine"],
        "order": [*orders.filter(signed_at=None).values_list("pk", flat=True)[:2],
                  *orders.filter(signed_at__isnull=False).values_list("pk", flat=True)[:2]],
        "answer": list(IntakeAnswer.objects.filter(intake__patient=her).values_list("pk", flat=True)[:12]),
        "check_in": list(CheckIn.objects.filter(patient=her).order_by("-due_on").values_list("pk", flat=True)[:2]),
    }  # fmt: skip
    for name, model in (("trial", "Trial"), ("item", "WorklistItem"), ("proxy", "Proxy")):
        rows = apps.get_model("care", model).objects.filter(patient=her)
        found[name] = list(rows.values_list("pk", flat=True)[:1])
    return found


QUESTIONS = {"check-in-question": ["phq-9-1", "epds-1", "doses", "side-effects", "goals", "words"], "intake-question": ["why-now", "medicines-before"]}  # fmt: skip


def addresses(address, name, hers):
    """Every address of this route that could be a page of hers."""
    if name == "change-question":
        return [f"/changes/{one.id}/{each.id}" for one in CHANGES.values() for each in one.questions]
    if name in KIND and hers:
        hers = hers | {"entry": [pk for pk, kind in hers["entry"] if kind == KIND[name]]}
    found = [address]
    for whole, argument in re.findall(r"(<(?:\w+:)?(\w+)>)", address):
        values = hers.get(argument) or (QUESTIONS[name] if argument == "question" else WORDS.get(argument, []))
        found = [one.replace(whole, str(value)) for one in found for value in values]
    return ["/" + one + more for one in found if "(" not in one for more in ("", *AS_WELL.get(name, ()))]


def pages_about(her, audience="staff"):
    """Every address of the clinic (or of hers: "herself"), those about her filled with her own ids."""
    rows = rows_of(her)
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is not None and policy.audience == audience and not address.startswith("static"):
            yield from addresses(address, name, rows)


class Forms(HTMLParser):
    """The forms of a page that are posted: (action, fields). `written`: the (action, name) of what one types freely.

    A field or a button that stands apart and names its form is one of it; what a form asks by itself while one types
    (`hx-post`) is a form of the same fields.
    """

    TYPED = ("", "text", "search", "email", "tel", "url", "password", "number", "date", "time")

    def __init__(self, page, address):
        super().__init__()
        self.address, self.found, self.written = address, [], set()
        self.open, self.named, self.asking = None, {}, []
        self.feed(page)
        for action, of in self.asking:
            self.found.append((action, self.found[of][1]))
            self.written |= {(action, name) for there, name in self.written if there == self.found[of][0]}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and attrs.get("method", "").lower() == "post":
            self.open = len(self.found)
            self.named[attrs.get("id")] = self.open
            self.found.append((attrs.get("action") or self.address, []))
            if attrs.get("hx-post", self.found[-1][0]) != self.found[-1][0]:
                self.asking.append((attrs["hx-post"], self.open))
        elif tag in ("input", "button", "select", "textarea", "option") and attrs.get("name"):
            of = self.named.get(attrs["form"]) if "form" in attrs else self.open
            if of is not None:
                self.found[of][1].append((attrs["name"], attrs.get("value") or "x"))
                if tag == "textarea" or (tag == "input" and attrs.get("type", "") in self.TYPED):
                    self.written.add((self.found[of][0], attrs["name"]))

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def name_of(action):
    """Which route answers this form."""
    return resolve(urlsplit(action).path).view_name


def forms_on(client, pages):
    """Every form of these pages as it stands there, once: (the page, where it is sent, its fields, what of it is
    written)."""
    seen = set()
    for address in pages:
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        forms = Forms(answer.content.decode(), address)
        for action, fields in forms.found:
            sent = tuple(pair for pair in fields if pair[0] not in ("key", "csrfmiddlewaretoken"))
            if (action, sent) not in seen:
                seen.add((action, sent))
                yield address, action, list(sent), {name for name, _ in sent if (action, name) in forms.written}


def answering(audiences, client_of, her):
    """The routes that a form may be sent to: all of these audiences but those that say they take none (405)."""
    rows, found = rows_of(her), set()
    for address, name, view in routes():
        policy = policy_of(view, name)
        if policy is None or policy.audience not in audiences or address.startswith("static"):
            continue
        there = next(iter(addresses(address, name, rows)), None)
        with undone():
            if there is None or client_of(policy).post(there, {"key": str(uuid4())}).status_code != 405:
                found.add(name)
    return found
