"""What did she type into the composer?  Read into what a draft says, with a sentence for all that cannot be read.

Nothing typed is ever lost: `Typed` holds the words as they came, and the page shows them again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404

from althea.care import entries as said
from althea.care.actions.order import Asked
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Entry, Order, Patient
from althea.care.ready import fair_trial, kept
from althea.care.regimen import (
    MOST_STEPS,
    OFTEN,
    Form,
    Laid,
    Row,
    Tablets,
    at_home,
    form_said,
    forms_of,
    lay_out,
    rows_of,
)
from althea.care.schedule import as_signed, over
from althea.clinic.pages.order.answers import answers_of, kept_unless_asked
from althea.knowledge.codes import code_map
from althea.knowledge.quantity import Dose

LONGEST = 2000
FARTHEST = timedelta(days=366)
ROWS_READ = 100


@dataclass
class Typed:
    """The form as typed. `errors`: by the name of the field."""

    medicine: str = ""
    none: bool = False  # "No medicine now" was chosen
    other: str = ""
    form: str = ""
    strengths: tuple[str, ...] = ()
    halves: bool = False
    as_needed: bool = False
    starts: str = ""
    rows: list[Row] = field(default_factory=lambda: [Row()])
    why: str = ""
    words: str = ""
    review_on: str = ""
    scale: str = ""
    decision: Entry | None = None
    replaces: Order | None = None
    stops: bool = False
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def made_as(self) -> Form | None:
        """The dose form chosen; unchosen, the plainest, but none where one made to release slowly could be meant."""
        forms = forms_of(self.medicine)
        plainest = forms[0] if forms and not any(one.released for one in forms) else None
        return next((one for one in forms if one.name == self.form), plainest)

    @property
    def tablets(self) -> Tablets | None:
        """What the steps are made of; None where they are not made of tablets or capsules."""
        made = self.made_as
        if made is None or not made.thing or not made.strengths:
            return None
        chosen = tuple(one for one in made.strengths if str(one) in self.strengths) or made.strengths
        return made.tablets(chosen, halves=self.halves)


def of_post(post: Any, patient: Patient, draft: Order | None = None) -> Typed:
    """As it came, for this draft or for a new one. An id of another woman's order or decision does not exist: 404.
    A draft that stops her medicine stays one; one that is not kept yet says so itself."""
    count = min(ROWS_READ, sum(name.startswith("dose-") for name in post))
    rows = [
        Row(post.get(f"dose-{at}", ""), post.get(f"often-{at}", "morning"), post.get(f"length-{at}", ""))
        for at in range(count)
    ]
    medicine, other = post.get("medicine", ""), post.get("other", "")
    if medicine == "other" or (not medicine and other.strip()):
        medicine = named(other)
    return Typed(
        medicine=medicine if medicine in knowledge().medicines else "",
        none=medicine == "none",
        other=other,
        form=post.get("made_as", ""),
        strengths=tuple(post.getlist("strength")),
        halves="halves" in post,
        as_needed="as_needed" in post,
        starts=post.get("starts", ""),
        rows=rows or [Row()],
        why=post.get("why", ""),
        words=post.get("words", ""),
        review_on=post.get("review_on", ""),
        scale=post.get("scale", ""),
        decision=decision_of(patient, post.get("decision", "")),
        replaces=order_of(patient, post.get("replaces", "")),
        stops=draft.stops if draft is not None else post.get("stops") == "yes",
        answers=kept_unless_asked(draft, post) | answers_of(post),
    )


def of_order(order: Order, chart: Chart) -> Typed:
    """A draft as it was last saved."""
    keeps = kept(order)
    tablets = keeps.get("tablets", {})
    return Typed(
        medicine=order.medicine,
        form=tablets.get("form", ""),
        strengths=tuple(tablets.get("strengths", ())),
        halves=bool(tablets.get("halves")),
        as_needed=order.as_needed,
        starts=order.steps[0]["from"] if order.steps else "",
        rows=rows_of(order.steps) or [Row()],
        why=order.why,
        words=order.words,
        review_on=order.review_on.isoformat() if order.review_on else "",
        scale=keeps.get("trial", {}).get("scale", ""),
        decision=order.decision,
        replaces=next((one for one in chart.orders if one.pk == order.replaces_id), None),
        stops=order.stops,
        answers=keeps.get("answers", {}),
    )


def named(text: str) -> str:
    """The medicine that these words name, by its own name or a brand; empty: none of the knowledge's."""
    words = " ".join(text.split())[:200]
    if not words:
        return ""
    plain = words.lower()
    for one in knowledge().medicines.values():
        if plain in (one.id, one.name.lower()):
            return str(one.id)
    product = code_map(knowledge().medicines).text(words)
    found = product.medicines if product is not None else ()
    return found[0] if len(found) == 1 else ""


def decision_of(patient: Patient, text: str) -> Entry | None:
    if not text:
        return None
    found: Entry | None = Entry.objects.filter(patient=patient, kind="decision", pk=uuid(text)).first()
    if found is None:
        raise Http404
    return found


def order_of(patient: Patient, text: str) -> Order | None:
    """A signed order of hers."""
    if not text:
        return None
    found = Order.objects.filter(patient=patient, pk=uuid(text), signed_at__isnull=False).select_related("end").first()
    if found is None:
        raise Http404
    return found


def uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def a_day(text: str) -> date | None:
    """A date as the browser sends it; None: none, or none that is one."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read(typed: Typed, chart: Chart, on: date) -> tuple[Asked, Laid]:
    """What the draft says, as far as it can be read; what cannot stands in `typed.errors`."""
    wrong = typed.errors
    if typed.replaces is None and typed.medicine:
        typed.replaces = running_of(chart, typed.medicine, on, typed.made_as.route if typed.made_as else "oral")
    if typed.decision is None and typed.replaces is not None and not typed.stops:
        was = typed.replaces.decision_id  # what she decided when it began still holds of its dose
        typed.decision = next((entry for entry, _ in chart.of(said.Decision) if entry.pk == was), None)
    if typed.replaces is not None and typed.medicine and typed.replaces.medicine != typed.medicine:
        name = knowledge().name_of(typed.replaces.medicine)
        wrong["medicine"] = (
            f"This order was to replace her {name}. To change to another medicine, plan how to stop {name} first, "
            "then begin a new order."
        )
    elif typed.none:
        wrong["medicine"] = "No medicine now is her decision, and nothing is ordered by it. Record it with her options."
    elif not typed.medicine:
        wrong["medicine"] = (
            f"“{typed.other.strip()[:60]}” is not in Althea's knowledge, so nothing could be checked. Check the "
            "spelling, or keep it among her medicines from elsewhere."
            if typed.other.strip()
            else "Choose a medicine, or write its name."
        )
    elif typed.stops and typed.replaces is None:
        wrong["medicine"] = "No order of this medicine runs, so there is nothing to stop."
    elif (other := _chosen_otherwise(typed)) is not None:
        wrong["medicine"] = other
    starts = _starts(typed, on)
    rows = typed.rows
    while len(rows) > 1 and rows[-1].empty:
        rows = rows[:-1]
    if len(rows) > MOST_STEPS:
        wrong["rows"] = f"That is {len(rows)} steps. One order holds at most {MOST_STEPS}: order the first part."
    laid = lay_out(rows[:MOST_STEPS], starts, typed.tablets, ends=typed.stops)
    for at, words in laid.errors.items():
        wrong[f"dose-{at}"] = words
    review = _review_on(typed, starts or on)
    for name, text in (("why", typed.why), ("words", typed.words)):
        if len(text) > LONGEST:
            wrong[name] = f"That is {len(text)} characters. Keep it to {LONGEST}."
    if typed.stops and not typed.why.strip():
        wrong["why"] = "Say why she stops: it stays with the record."
    made = typed.made_as
    if made is None and forms_of(typed.medicine):
        wrong["made_as"] = "Choose what it is made as: its tablets and capsules do not all work at one pace."
    known = [one for one in typed.strengths if made and one in {str(each) for each in made.strengths}]
    if typed.strengths and made is not None and not known:
        wrong["made_as"] = "Those tablets are of another medicine or form. Choose from those listed."
    if typed.halves and made is not None and made.kept_whole:
        wrong["halves"] = f"{made.kept_whole} Write doses of whole ones, or choose another form."
    product, rxcui = _product(typed)
    asked = Asked(
        medicine=typed.medicine,
        steps=list(laid.steps),
        product=product,
        rxcui=rxcui,
        route=made.route if made is not None else "oral",
        as_needed=typed.as_needed,
        stops=typed.stops,
        why=typed.why.strip(),
        words=typed.words.strip(),
        review_on=review,
        decision=typed.decision,
        replaces=typed.replaces,
        tablets={"form": made.name if made else "", "strengths": known, "halves": typed.halves},
        answers=typed.answers,
        trial={"scale": typed.scale} if typed.scale in knowledge().scales else {},
    )
    return asked, laid


def _starts(typed: Typed, on: date) -> date | None:
    starts = a_day(typed.starts)
    if not typed.starts.strip():
        typed.errors["starts"] = "Give the day of the first dose."
    elif starts is None:
        typed.errors["starts"] = f"Give a day, for example {on.isoformat()}."
    elif starts < on:
        typed.errors["starts"] = f"This is before today. Pick {on:%-d %B} or later."
    elif starts - on > FARTHEST:
        typed.errors["starts"] = "This is more than a year ahead. Pick a nearer day."
    return starts if "starts" not in typed.errors else None


def _review_on(typed: Typed, starts: date) -> date | None:
    review = a_day(typed.review_on)
    if typed.review_on.strip() and review is None:
        typed.errors["review_on"] = "Give a day for the review, or leave it empty."
    elif review is not None and review < starts:
        typed.errors["review_on"] = f"The review is before the first dose. Pick {starts:%-d %B} or later."
    elif review is not None and review - starts > FARTHEST:
        typed.errors["review_on"] = "The review is more than a year after the first dose. Pick a nearer day."
    return review if "review_on" not in typed.errors else None


def _chosen_otherwise(typed: Typed) -> str | None:
    """Did she decide for another medicine than this one?"""
    if typed.decision is None or typed.stops or typed.decision.body.get("about") == "review":
        return None
    chosen = chosen_medicine(typed.decision)
    if chosen == typed.medicine:
        return None
    words = typed.decision.body.get("chosen_words", "something else")
    name = knowledge().name_of(typed.medicine)
    return f"She decided for “{words}”. To order {name}, record her new decision first."


def chosen_medicine(decision: Entry) -> str:
    """The medicine of the option she chose; empty: none."""
    chosen = str(decision.body.get("chosen", ""))
    option = knowledge().options.get(chosen)
    medicine = option.medicine if option is not None else chosen
    return str(medicine) if medicine in knowledge().medicines else ""


def _product(typed: Typed) -> tuple[str, str]:
    """(what is printed, its RxNorm code): one product where one strength was chosen, else the form by itself."""
    made = typed.made_as
    if made is None or not typed.medicine:
        return "", ""
    chosen = [row for row in made.products if str(row[0]) in typed.strengths]
    if len(chosen) == 1:
        return chosen[0][2], chosen[0][1]
    return f"{knowledge().name_of(typed.medicine)} {made.name}", ""


def fresh(patient: Patient, chart: Chart, query: Any, on: date) -> Typed:
    """The composer as a link opened it: a decision, an order to replace, a dose that was talked over."""
    decision = decision_of(patient, query.get("decision", ""))
    replaces = order_of(patient, query.get("replaces", ""))
    typed = Typed(decision=decision, replaces=replaces, starts=on.isoformat())
    if replaces is not None:
        typed.medicine, typed.why, typed.words = replaces.medicine, replaces.why, replaces.words
    elif decision is not None:
        typed.medicine = chosen_medicine(decision)
    running = running_of(chart, typed.medicine, on)
    if typed.replaces is None and running is not None:
        typed.replaces = running
    if typed.replaces is not None:
        from_old(typed, on)
    dose = " ".join(query.get("dose", "").split())[:40]
    if dose:
        often = typed.rows[0].often
        typed.rows = [Row(_each_time(dose, often), often, "")]
    fair = fair_trial(typed.medicine, chart, on) if decision is not None and typed.replaces is None else None
    if fair is not None:  # shown with its source, and changed as they like
        typed.review_on = (on + timedelta(weeks=float(fair.weeks))).isoformat()
    return typed


def from_old(typed: Typed, on: date) -> None:
    """The tablets she has and how often she takes them go on from the order that is replaced."""
    old = typed.replaces
    if old is None:
        return
    keeps = kept(old).get("tablets", {})
    words = " ".join([old.product, *(step.get("take", "") for step in old.steps)])
    said_so = form_said(old.medicine, words)
    typed.form = keeps.get("form", "") or (said_so.name if said_so is not None else "")
    made = typed.made_as
    if made is not None:
        have = at_home(old.steps, made)
        typed.strengths = tuple(keeps.get("strengths") or (str(one) for one in have))
    halved = bool(keeps.get("halves")) or any("half" in step.get("take", "") for step in old.steps)
    typed.halves = halved and not (made is not None and made.kept_whole)
    ahead = [one for one in as_signed(old) if one.step and (one.last is None or one.last >= on)]
    if ahead:  # what is signed for later stands there too: a change that left it out would end it unsaid
        typed.rows = rows_of([
            one.step | {"from": max(on, one.first).isoformat(), "until": one.last and one.last.isoformat()}
            for one in ahead
        ])  # fmt: skip


def running_of(chart: Chart, medicine: str, on: date, route: str = "oral") -> Order | None:
    """Her own order of this medicine that runs: a new one takes its place, and is never beside it unsaid."""
    running = [
        one
        for one in chart.orders
        if (one.medicine, one.route) == (medicine, route) and not hasattr(one, "end") and not over(one, on)
    ]
    return running[-1] if medicine and running else None


def _each_time(dose: str, often: str) -> str:
    """A dose a day, as a review speaks of it, as the dose of one time; as written where that cannot be worked out."""
    try:
        return largest(Dose.parse(dose), OFTEN[often][2]) or dose
    except ValueError:
        return dose


def largest(dose: Dose, times: Any) -> str:
    """A dose a day as the dose of one time; empty where it does not come out."""
    each = dose.mg / Decimal(str(times))
    return str(Dose(each.normalize(), dose.unit)) if each == each.quantize(Decimal("0.001")) else ""
