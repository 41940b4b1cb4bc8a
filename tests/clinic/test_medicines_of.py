"""What she takes, from whom, and what became of it: shown, added, corrected, and checked again each time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from althea.care import entries as said
from althea.care.actions import changes, record
from althea.care.days import today
from althea.care.models import Entry, Order, OrderEnd, Trial, WorklistItem
from althea.care.stage_words import stage_of
from tests.care.test_facts import an_order
from tests.counting import at_most
from tests.people import NOW, send, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(people):
    return today(people.maya, timezone.now())


@pytest.fixture
def address(people):
    return f"/patients/{people.maya.pk}/medicines"


def page(people, address, who="marchetti"):
    answer = signed_in(getattr(people, who).user).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def taking(people, on, medicine="sertraline", dose="75 mg", **named):
    first = (on - timedelta(days=60)).isoformat()
    steps = [{"from": first, "until": None, "dose": dose, "times_a_day": 1, "take": "1 tablet each morning"}]
    return an_order(people, medicine=medicine, steps=steps, **named)


def told(people, on, body, origin="clinic"):
    return record.add(patient=people.maya, body=body, on=on, origin=origin, by=people.marchetti.user,
                      at=timezone.now())  # fmt: skip


def looked(people, on):
    for topic in ("medicines", "conditions", "allergies", "observations"):
        told(people, on, said.Looked(topic=topic))


def add(people, address, **fields):
    client = signed_in(people.marchetti.user)
    return client, send(client, f"{address}/add", **{"runs": "now", "unit": "mg", "do": "save", **fields})


def test_of_a_woman_of_whom_nothing_is_known_it_says_so_and_not_none(people, address, on):
    words = page(people, address)
    assert "Nothing is ordered here." in words
    assert "Not gone through with her yet: none is known, which is not the same as none." in words
    assert "No past trial is known." in words
    told(people, on, said.Looked(topic="medicines"))
    assert "None, as gone through with her on" in page(people, address)


def test_orders_with_the_step_of_today_and_who_signed(people, address, on):
    ahead = (on + timedelta(days=3)).isoformat()
    taking(people, on)
    order = Order.objects.get()
    Order.objects.create(patient=people.maya, medicine="lithium", drafted_by=people.hale.user, drafted_at=NOW)
    words = page(people, address)
    assert "<strong>75 mg</strong>, <bdi>1 tablet each morning</bdi>" in words
    assert "Signed by Dr Marchetti" in words
    assert f'href="{address.removesuffix("/medicines")}/orders/{order.pk}/stop"' in words
    assert f'href="{address.removesuffix("/medicines")}/orders/new?replaces={order.pk}"' in words
    assert "Drafts waiting" in words
    assert "drafted by Dr Hale" in words
    assert ahead not in words


def test_a_nurse_has_no_button_to_order(people, address, on):
    taking(people, on)
    words = page(people, address, "nurse")
    assert "New order" not in words
    assert "Stop or taper" not in words
    assert "She stopped it" in words


@pytest.mark.parametrize(
    ("times", "words"), [("1", "once a day"), ("2", "twice a day"), ("3", "3 times a day"), ("0.5", "0.5 times a day")]
)
def test_how_often_is_said_as_people_say_it(people, address, on, times, words):
    told(people, on, said.Medicine(text="Tamoxifen", dose="20 mg", times_a_day=times, running=True))
    assert f"20 mg, {words}" in page(people, address)


def test_past_trials_as_data_and_unknown_where_it_is_not_known(people, address, on):
    told(people, on, said.Medicine(text="escitalopram", medicine="escitalopram", running=False, reached="20 mg",
                                   weeks="60", result="partly", why_stopped="Less desire for sex"))  # fmt: skip
    told(people, on, said.Medicine(text="something blue", running=False))
    words = page(people, address)
    assert '<td data-of="Highest dose a day">20 mg</td>' in words
    assert '<td data-of="Result">Partly</td>' in words
    assert '<td data-of="Result">Not known</td>' in words
    assert "Less desire for sex" in words


def test_a_past_medicine_nobody_asked_about_says_perhaps(people, address, on):
    told(people, on, said.Medicine(text="quetiapine", medicine="quetiapine"))
    assert "Perhaps still taken" in page(people, address)


def test_one_from_elsewhere_is_saved_checked_and_what_came_of_it_is_shown_once(people, address, on):
    looked(people, on)
    taking(people, on)
    client, answer = add(people, address, what="Advil", dose="400", times="3", whom="her midwife")
    assert answer.status_code == 302
    body = said.Medicine(**Entry.objects.get(kind="medicine").body)
    assert (body.text, body.medicine, body.dose, body.running) == ("Advil", "ibuprofen", "400 mg", True)
    words = client.get(address).content.decode()
    assert "Saved: Advil (ibuprofen). Checked again: 1 new warning" in words
    assert "Checked again: this came of it" in words
    assert "Sertraline with ibuprofen for longer raises the risk of bleeding." in words
    assert "this came of it" not in client.get(address).content.decode()


def test_one_that_begins_beside_hers_is_put_before_her_prescriber(people, address, on):
    looked(people, on)
    taking(people, on, "lamotrigine", "200 mg")
    client, _ = add(people, address, what="Yaz")
    assert "about halves the lamotrigine level" in client.get(address).content.decode()
    assert WorklistItem.objects.get(reason__startswith="told:").why.startswith("From elsewhere: Yaz.")


def test_a_brand_is_looked_up_before_it_is_saved(people, address):
    _, answer = add(people, address, what="adv", do="look")
    words = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Advil">Advil (ibuprofen)</button>' in words
    assert not Entry.objects.exists()
    _, answer = add(people, address, what="adv", pick="Advil")
    assert "Read as: <strong>ibuprofen</strong>." in answer.content.decode()
    assert 'value="Advil"' in answer.content.decode()


def test_one_that_is_in_no_table_is_asked_about_and_then_kept_in_its_words(people, address):
    client, answer = add(people, address, what="Дуглас 💊 עשב")
    assert answer.status_code == 200
    assert "is not in Althea&#x27;s knowledge: not checked.</strong>" in answer.content.decode()
    assert not Entry.objects.exists()
    client, answer = add(people, address, what="Дуглас 💊 עשב", as_written="yes")
    assert answer.status_code == 302
    words = client.get(address).content.decode()
    assert "Дуглас 💊 עשב" in words
    assert "Not in Althea&#x27;s knowledge: not checked" in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"what": "x" * 10_000}, "That is 10,000 characters. A name can have 300. Write only the name."),
        ({"what": ""}, "Write the name of the medicine."),
        ({"what": "Advil", "since": "2999-01-01"}, "1 January 2999 is after today. Enter the day it happened."),
        ({"what": "Advil", "since": "1990-01-01"}, "1 January 1990 is before she was born. Check the year."),
        ({"what": "Advil", "since": "2025-02-29"}, "Enter a day, for example 2026-04-07."),
        ({"what": "Advil", "since": "2026-03-01", "until": "2026-02-01"}, "This is before the day she began."),
        ({"what": "Advil", "dose": "-400"}, "Enter a number above 0."),
        ({"what": "Advil", "dose": "1,250"}, "1,250 could be read in two ways. Write it without a comma."),
        ({"what": "Advil", "dose": "two"}, "“two” is not a number. Enter a number, for example 12.5."),
        ({"what": "Advil", "dose": "NaN"}, "Enter a number above 0."),
        ({"what": "Advil", "times": "30"}, "30 times a day is more than once an hour. Check the number."),
        ({"what": "Advil", "weeks": "9999"}, "9999 weeks is longer than fifty years. Check the number."),
        ({"what": "Advil", "runs": "never"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_still_there(people, address, fields, words):
    _, answer = add(people, address, **{"why_stopped": "still here", **fields})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert words in shown
    assert 'value="still here"' in shown
    assert not Entry.objects.exists()


def test_12_5_with_a_comma_is_a_number(people, address):
    add(people, address, what="Advil", dose="12,5")
    assert Entry.objects.get().body["dose"] == "12.5 mg"


def test_a_correction_takes_the_place_and_the_second_editor_is_told(people, address, on):
    entry = told(people, on, said.Medicine(text="Advil", medicine="ibuprofen", running=True), origin="hers")
    where = f"{address}/{entry.pk}"
    assert 'value="Advil"' in page(people, where)
    first, second = signed_in(people.marchetti.user), signed_in(people.nurse.user)
    fields = {"what": "Advil", "runs": "now", "unit": "mg", "do": "save"}
    assert send(first, where, **fields, dose="200").status_code == 302
    late = send(second, where, **fields, dose="600")
    assert late.status_code == 409
    words = late.content.decode()
    assert "Somebody else changed this while you were working." in words
    assert "200 mg" in words, "theirs is shown"
    assert "600" in words, "and so is hers"
    standing = Entry.objects.current().get()
    assert (standing.body["dose"], standing.origin) == ("200 mg", "hers")


def test_an_entry_made_by_mistake_no_longer_counts_and_cannot_be_withdrawn_twice(people, address, on):
    entry = told(people, on, said.Medicine(text="Advil", medicine="ibuprofen", running=True))
    client = signed_in(people.marchetti.user)
    assert send(client, f"{address}/{entry.pk}", do="withdraw").status_code == 302
    assert not Entry.objects.current().exists()
    assert send(client, f"{address}/{entry.pk}", do="withdraw").status_code == 409


def test_she_stopped_an_order_herself_and_it_stays_open(people, address, on):
    order = taking(people, on)
    trial = Trial.objects.create(patient=people.maya, medicine="sertraline", state="titrating", problem="Low mood",
                                 scale="phq-9", created_at=timezone.now())  # fmt: skip
    where = f"{address}/{order.pk}/stopped"
    assert "The order stays open until its prescriber ends it" in page(people, where)
    client = signed_in(people.nurse.user)
    late = send(client, where, on="2999-01-01")
    assert "is after today. To plan a stop, use “Stop or taper”." in late.content.decode()
    send(client, where, on=on.isoformat(), why="Too flat")
    trial.refresh_from_db()
    assert trial.state == "ended"
    assert not OrderEnd.objects.exists()
    words = page(people, address)
    assert "Noted that she stopped it" in words
    assert "every check counts it as taken until it is ended" in words
    assert "She stopped it<span" not in words


def test_all_of_it_gone_through_is_said_and_checked(people, address, on):
    client = signed_in(people.nurse.user)
    send(client, f"{address}/through")
    assert Entry.objects.get().body == {"topic": "medicines"}
    assert "Noted: what is not there, she does not take." in client.get(address).content.decode()


def test_a_form_sent_twice_adds_one(people, address):
    client, key = signed_in(people.marchetti.user), str(uuid4())
    fields = {"key": key, "what": "Advil", "runs": "now", "unit": "mg", "do": "save"}
    for _ in range(2):
        assert client.post(f"{address}/add", fields).status_code == 302
    assert Entry.objects.count() == 1


def test_the_medicine_of_another_woman_is_not_there(people, address, on):
    theirs = record.add(patient=people.noor, body=said.Medicine(text="Advil", running=True), on=on, origin="hers",
                        by=people.hale.user, at=NOW)  # fmt: skip
    client = signed_in(people.marchetti.user)
    for where in (f"{address}/{theirs.pk}", f"{address}/{theirs.pk}/stopped", f"{address}/{uuid4()}"):
        assert client.get(where).status_code == 404
        assert send(client, where, do="withdraw").status_code == 404


def test_no_medicine_in_the_title_or_in_an_address(people, address, on):
    taking(people, on)
    words = page(people, address)
    assert "<title>Medicines · Notes</title>" in words
    assert "sertraline" not in "".join(part.split('"')[0] for part in words.split('href="')[1:])


def test_markup_in_a_name_is_text(people, address):
    client, _ = add(people, address, what="<script>alert(1)</script>", as_written="yes")
    assert "<script>alert" not in client.get(address).content.decode()


@pytest.mark.parametrize("where", ["", "/add"])
@pytest.mark.parametrize("count", [1, 60])
def test_the_pages_take_few_queries_however_long_the_list(people, address, on, count, where):
    taking(people, on)
    for at in range(count):
        told(people, on - timedelta(days=at), said.Medicine(text=f"Herb {at}", running=at % 2 == 0))
    client = signed_in(people.marchetti.user)
    with at_most(12):
        client.get(address + where)


def test_a_misspelt_name_is_asked_about_and_one_click_puts_it_right(people, address):
    client, answer = add(people, address, what="tramadoll")
    words = answer.content.decode()
    assert "“<bdi>tramadoll</bdi>” is not in Althea&#x27;s knowledge: not checked." in words
    assert '<button class="btn sm" name="pick" value="tramadol">tramadol</button>' in words
    assert not Entry.objects.exists()
    client, answer = add(people, address, what="tramadoll", as_written="yes")
    words = client.get(answer["Location"]).content.decode()
    assert "Saved: tramadoll. Not recognised: “tramadoll”. Nothing was checked against it." in words
    assert "nothing new speaks" not in words
    assert WorklistItem.objects.get(reason__startswith="told:").level == "warning"


def test_the_heading_says_possibly_pregnant_where_two_statements_disagree(people, on):
    two = [(on, said.LifeStage(topic="pregnancy", value=value)) for value in ("pregnant", "not pregnant")]
    assert stage_of(two, on).label == "Possibly pregnant"
    assert stage_of(two[1:], on).label != "Possibly pregnant"
    assert stage_of([(on - timedelta(days=90), two[0][1]), two[1]], on).label != "Possibly pregnant"
    assert stage_of([two[0], (on - timedelta(days=5), two[1][1])], on).label == "Pregnant", "the newer day is news"


def test_came_of_it_of_one_woman_is_not_shown_with_another(people, address, on):
    looked(people, on)
    taking(people, on)
    record.add(patient=people.noor, body=said.Looked(topic="medicines"), on=on, origin="clinic", by=people.hale.user,
               at=NOW)  # fmt: skip
    from tests.people import look_after

    look_after(people.marchetti, people.noor)
    client, _ = add(people, address, what="Advil", dose="400", times="3")
    assert "this came of it" not in client.get(f"/patients/{people.noor.pk}/medicines").content.decode()


def test_what_she_told_waits_here_until_somebody_has_worked_through_it(people, address, on):
    changes.asked_to_talk(patient=people.maya, about="a pregnancy", by=people.maya.user, at=timezone.now())
    words = page(people, address)
    assert "She would rather talk about it: a pregnancy." in words
    item = WorklistItem.objects.get()
    there = f"/patients/{people.maya.pk}/worklist/{item.pk}"
    seen = words.split(there)[1].split('name="item" value="')[1].split('"')[0]
    assert seen == f"{item.pk} {item.version}"
    send(signed_in(people.nurse.user), there, item=seen)
    assert "To look at" not in page(people, address)


def test_her_word_is_shown_as_hers(people, address, on):
    changes.tell(patient=people.maya, bodies=[(said.Medicine(text="Advil", medicine="ibuprofen", running=True), on)],
                 words="x", origin="hers", by=people.maya.user, at=timezone.now())  # fmt: skip
    assert "Her words," in page(people, address)


def test_what_she_takes_now_has_no_last_day_and_the_page_says_what_to_do(people, address, on):
    _, answer = add(people, address, what="ibuprofen", until=(on - timedelta(days=3)).isoformat())
    assert "She takes it now, so there is no last day. Empty it, or say that she took it before." in (
        answer.content.decode()
    )
    assert not Entry.objects.filter(kind="medicine").exists()
    _, answer = add(people, address, what="ibuprofen", runs="before", until=(on - timedelta(days=3)).isoformat())
    assert answer.status_code == 302


def test_what_was_told_of_whom_and_why_stands_in_its_own_words(people, address, on):
    told(people, on, said.Medicine(text="ibuprofen", running=True, from_whom="for mastitis, from her midwife"))
    assert "<bdi>For mastitis, from her midwife</bdi>" in page(people, address)


def test_only_the_correction_of_a_medicine_has_all_its_fields_open_from_the_start(people, address, on):
    assert "took-before" in page(people, f"{address}/add")
    row = told(people, on, said.Medicine(text="ibuprofen", running=True, reached="800 mg"))
    assert "took-before" not in page(people, f"{address}/{row.pk}")
