"""What happened to one woman, as deeds with their moments?  `build.py` does the deeds of all women in their order.

Every deed is one of the actions that a page would call, with its own moment and its own person. What has no action here
is put there as it would stand: an order that a prescriber once signed carries a signature that says "demo".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from althea.care import choosing
from althea.care import entries as said
from althea.care.actions import checkin, decide, findings, message, patient, people, record, safety, worklist
from althea.care.actions import intake as answering
from althea.care.actions import offer as offering
from althea.care.actions import trial as trials
from althea.care.days import moment, today
from althea.care.demo.answers import near, ships, spread
from althea.care.demo.drafts import half_written
from althea.care.facts import chart_of
from althea.care.goals_told import asked_of
from althea.care.known import knowledge
from althea.care.models import (
    CheckIn,
    Clinic,
    Entry,
    Intake,
    Member,
    Message,
    Offer,
    Order,
    OrderEnd,
    Origin,
    Patient,
    Signature,
    Trial,
    User,
    Visit,
    WorklistItem,
)  # fmt: skip
from althea.care.recheck import review_today
from althea.care.signing import digest_of
from althea.care.story import REPLACED

DATES = ("since", "until", "review_on")
HERS = ("goal", "life-stage", "symptom", "side-effect", "dose-taken", "tobacco", "safety-plan", "medicine")
IN_THE_MORNING, NOON = time(9), time(12)
SPREAD = ("phq-9", "gad-7", "epds")
"""Scales whose total is the plain sum of their answers."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done, and when."""

    at: datetime
    do: Callable[[], Any]


class History:
    """One woman as `women/*.toml` writes her. `deeds()`: what is to be done, oldest first for those of one moment."""

    def __init__(self, row: dict[str, Any], clinic: Clinic, staff: dict[str, Member], now: datetime) -> None:
        self.row, self.clinic, self.staff, self.now = row, clinic, staff, now
        self.today = today(clinic, now)
        self.by = staff[row["team"][0]].user
        self.found: list[Deed] = []
        self.patient: Patient
        self.user: User
        told = [one["on"] for one in row.get("orders", ())] + [row.get("looked", 0)]
        told += [days for scores in row.get("scores", {}).values() for days, _ in scores]
        self.since: int = row.get("since", 0 if row.get("invited") else max(told) + 3)

    # ---- days ------------------------------------------------------------------------------------

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def at(self, days: int, clock: time = NOON) -> datetime:
        """That day at this wall time, never later than now where the day is not ahead."""
        found = moment(self.clinic, self.ago(days), clock)
        return found if days < 0 else min(found, self.now)

    def then(self, days: int, clock: time, do: Callable[[datetime], Any]) -> None:
        """Put a deed there. Nothing happens before she is known here: what is older is told on her first day."""
        at = self.at(min(days, self.since), clock)
        self.found.append(Deed(at, lambda: do(at)))

    def deeds(self) -> list[Deed]:
        self._comes()
        self._says()
        if "offer" in self.row:
            self._offers(self.row["offer"])
        for order in self.row.get("orders", ()):
            self._order(order)
        self._scores()
        self._talks()
        if "draft" in self.row:
            self.then(0, IN_THE_MORNING, lambda at: self._drafts(self.row["draft"], at))
        if "left" in self.row:
            self.then(self.row["left"], NOON, lambda at: patient.leave(patient=self.patient, by=self.by, at=at))
        return self.found

    # ---- she comes -------------------------------------------------------------------------------

    def _comes(self) -> None:
        row = self.row
        self.then(self.since, time(8), self._registered)
        account = row.get("account", True) and not row.get("invited")
        if account:
            self.then(self.since, time(8, 30), self._accepts)
        for key in row["team"][1:]:
            self.then(self.since, time(8, 40), partial(self._joined_by, key))
        told = row.get("intake", {"why-now": row["why"]} if account else {})
        for question, value in told.items():
            self.then(self.since, time(8, 50), partial(self._answers, question, value))
        if account and not row.get("intake_open"):
            self.then(self.since, time(8, 55), self._sends)
        if account and "looked" in row:
            self.then(row["looked"], time(11, 50), self._read)

    def _registered(self, at: datetime) -> None:
        row = self.row
        years, _, birthday = row["born"].partition(", ")
        self.patient, self.token = patient.register(
            clinic=self.clinic, name=row["name"], called=row.get("called", ""),
            born_on=self._born(int(years), birthday), email=f"{row['id']}@demo.example",
            prescriber=self.staff[row["team"][0]], why=row["why"], by=self.by, at=at, on=today(self.clinic, at),
        )  # fmt: skip
        self.user = self.by
        name, phone = row.get("confidant", ("", ""))
        self.patient.put(phone=row.get("phone", ""), confidant=name, confidant_phone=phone)

    def _joined_by(self, key: str, at: datetime) -> None:
        people.join_team(patient=self.patient, member=self.staff[key], by=self.by, at=at)

    def _accepts(self, at: datetime) -> None:
        self.user = people.accept(token=self.token, password=None, at=at)
        self.patient.refresh_from_db()

    def _born(self, years: int, birthday: str) -> date:
        """A birthday on 29 February is one in a leap year."""
        month, day = map(int, birthday.split("-"))
        year = self.today.year - years - ((self.today.month, self.today.day) < (month, day))
        while (month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
            year -= 1
        return date(year, month, day)

    def _intake(self) -> Intake:
        intake: Intake = Intake.objects.select_related("patient__clinic").get(patient=self.patient)
        return intake

    def _answers(self, question: str, value: Any, at: datetime) -> None:
        said_how = "answered" if value != "" else "rather-talk"
        answering.answer(
            intake=self._intake(), question=question, value=value or None, said=said_how, by=self.user, at=at
        )

    def _sends(self, at: datetime) -> None:
        answering.submit(intake=self._intake(), by=self.user, at=at)

    def _read(self, at: datetime) -> None:
        answering.reviewed(intake=self._intake(), by=self.by, at=at)

    # ---- what the record says --------------------------------------------------------------------

    def _says(self) -> None:
        row = self.row
        if "looked" in row:
            for topic in ("medicines", "conditions", "allergies", "observations"):
                self._says_one(row["looked"], said.Looked(topic=topic))
        for what, reaction in row.get("allergy", ()):
            self._says_one(row["looked"], said.Allergy(text=what, reaction=reaction), Origin.HERS)
        for days, kind, body in row.get("says", ()):
            origin = Origin.HERS if kind in HERS else Origin.CLINIC
            self._says_one(days, said.of(kind, self._dated(body)), origin)

    def _says_one(self, days: int, body: said.Body, origin: Origin = Origin.CLINIC) -> None:
        self.then(days, NOON, lambda at: self._add(days, body, origin, at))

    def _dated(self, body: dict[str, Any]) -> dict[str, Any]:
        """Days ago as days; "@63" in a value as a day as well."""
        found = {key: self.ago(value) if key in DATES else value for key, value in body.items()}
        value = found.get("value")
        if isinstance(value, str) and value.startswith("@"):
            found["value"] = self.ago(int(value[1:])).isoformat()
        return found

    def _add(self, days: int, body: said.Body, origin: Origin, at: datetime) -> Entry:
        by = self.user if origin is Origin.HERS else self.by
        return record.add(patient=self.patient, body=body, on=self.ago(days), origin=origin, by=by, at=at)

    # ---- orders and trials -----------------------------------------------------------------------

    def _order(self, told: dict[str, Any]) -> None:
        self.then(told["on"], IN_THE_MORNING, lambda at: self._signed(told, at))
        for days, words, next_on in told.get("reviews", ()):
            self.then(days, time(10), partial(self._reviewed, told["medicine"], words, next_on))
        if "ended" in told:
            days, why = told["ended"]
            self.then(days, time(10, 30), lambda at: self._ended(told, self.ago(days), why, at))

    def _signed(self, told: dict[str, Any], at: datetime) -> None:
        """What was signed then, and the trial that began with it, with her decision where the story has one."""
        decision = self._decided(told["decision"], told["on"], at) if "decision" in told else None
        before = Order.objects.filter(patient=self.patient, medicine=told["medicine"], end__isnull=True).first()
        replaced = before if told.get("replaces") else None
        steps = self._steps(told)
        order = Order.objects.create(
            patient=self.patient, medicine=told["medicine"], steps=steps, why=told["problem"], decision=decision,
            words=told.get("words", ""), stops=told.get("stops", False), replaces=replaced, drafted_by=self.by,
            drafted_at=at, signature=self._signature(told, steps, at), signed_at=at, knowledge=str(knowledge().stamp),
        )  # fmt: skip
        if replaced is not None:
            first = date.fromisoformat(steps[0]["from"])
            OrderEnd.objects.create(order=replaced, on=first, why=REPLACED, by=self.by, at=at)
            trial = trials.live(self.patient)
            if trial is not None and not order.stops:
                trials.change_dose(trial=trial, order=order, why=told.get("why", ""), by=self.by, at=at)
        elif "weeks" in told:
            review_on = self.ago(told["review"]) if "review" in told else None
            trials.start(
                patient=self.patient, order=order, problem=told["problem"], scale=told["scale"],
                also=told.get("also", ()), weeks=told["weeks"], review_on=review_on, decision=decision, by=self.by,
                at=at,
            )  # fmt: skip

    def _steps(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        steps, first = [], told.get("from", told["on"])
        for days, dose, take in told["steps"]:
            until = self.ago(first - days + 1).isoformat() if days else None
            times = told.get("times", 1)
            steps.append(
                {"from": self.ago(first).isoformat(), "until": until, "dose": dose, "times_a_day": times, "take": take}
            )
            first -= days
        return steps

    def _signature(self, told: dict[str, Any], steps: list[dict[str, Any]], at: datetime) -> Signature:
        shown = {"patient": str(self.patient.pk), "medicine": told["medicine"], "steps": steps}
        signed: Signature = Signature.objects.create(signer=self.by, digest=digest_of(shown), method="demo", at=at)
        return signed

    def _decided(self, words: dict[str, Any], days: int, at: datetime) -> Entry:
        """Her decision, on the options that were open where there were any, and that she agreed to it."""
        offered = Offer.objects.filter(patient=self.patient, shared_at__isnull=False, closed_at__isnull=True).first()
        shown: dict[str, Any] = {}
        if offered is not None:
            talked = [key for key, _ in decide.TALKED_OVER[:2]]
            shown = {"offer": str(offered.pk), "seen": choosing.digest(offered), "talked_over": talked}
            offering.close(offer=offered, by=self.by, at=at, words="She decided.")
        body = said.Decision(
            about="options", chosen=words["chosen"], chosen_words=words["words"], values=words["values"],
            reasons=words["reasons"], whose="hers", options=[words["chosen"], "no-medicine"],
            knowledge=str(knowledge().stamp), **shown,
        )  # fmt: skip
        decision = self._add(days, body, Origin.HERS, at)
        text = decide.consent_text(decision, offered)
        decide.consent(
            decision=decision, text=text, shown=decide.text_digest(text), how="at the visit", by=self.user, at=at
        )
        return decision

    # ---- options ---------------------------------------------------------------------------------

    def _offers(self, told: dict[str, Any]) -> None:
        """Options shared some days ago, by what was known then, and what she answered, evening by evening."""
        self.then(told["on"], time(12, 10), lambda at: self._shared(told, at))
        for days, values, leaning, questions in told.get("replies", ()):
            given = {"values": values, "leaning": leaning, "questions": questions}
            self.then(days, time(20), partial(self._replies, given))

    def _shared(self, told: dict[str, Any], at: datetime) -> None:
        options = choosing.compare(
            chart_of(self.patient), self.ago(told["on"]), values=told["values"], candidates=told["candidates"]
        )
        offered = offering.prepare(patient=self.patient, options=options, by=self.by, at=at)
        offering.share(offer=offered, words=told["words"], by=self.by, at=at)

    def _replies(self, given: dict[str, Any], at: datetime) -> None:
        offered = Offer.objects.select_related("patient__clinic").get(patient=self.patient, closed_at__isnull=True)
        offering.reply(offer=offered, by=self.user, at=at, **given)

    def _reviewed(self, medicine: str, words: str, next_on: int, at: datetime) -> None:
        trial = Trial.objects.get(patient=self.patient, medicine=medicine)
        trial = trials.review(trial=trial, have=("score since last review",), why=words, by=self.by, at=at)
        trials.go_on(trial=trial, review_on=self.ago(next_on), why=words, by=self.by, at=at)

    def _ended(self, told: dict[str, Any], on: date, why: str, at: datetime) -> None:
        order = Order.objects.filter(patient=self.patient, medicine=told["medicine"], end__isnull=True).get()
        OrderEnd.objects.create(order=order, on=on, why=why, by=self.by, at=at)
        trial = trials.live(self.patient)
        if trial is None or trial.medicine != told["medicine"]:
            return
        if told.get("she_left"):
            trials.leave(trial=trial, words=told["she_left"], by=self.user, at=at)
        else:
            trials.stop(trial=trial, why=why, by=self.by, at=at, outcome=told.get("outcome", why))

    def _drafts(self, told: dict[str, Any], at: datetime) -> None:
        decision = self._decided(told["decision"], 0, at) if "decision" in told else None
        half_written(patient=self.patient, told=told, decision=decision, on=self.today, by=self.by, at=at)

    # ---- scores and check-ins --------------------------------------------------------------------

    def _scores(self) -> None:
        harm = {int(days): value for days, value in self.row.get("self_harm", {}).items()}
        words = dict(self.row.get("words", ()))
        clock = time.fromisoformat(self.row.get("clock", "20:10"))
        for scale, rows in self.row.get("scores", {}).items():
            for days, total in rows:
                value = harm.get(days, 0) if scale == "phq-9" else 0
                line = words.pop(days, "")
                self.then(days, clock, partial(self._score, scale, days, total, value, line))
        for days, line in words.items():
            self.then(days, clock, partial(self._add, days, said.Symptom(words=line), Origin.HERS))

    def _score(self, scale: str, days: int, total: float, harm: int, words: str, at: datetime) -> None:
        """By her check-in of that day, where there was one; else as a number that the clinic entered."""
        book = knowledge().scales[scale]
        items: dict[str, Any] = spread(book, int(total), harm, len(self.row["id"])) if scale in SPREAD else {}
        waiting = CheckIn.objects.filter(patient=self.patient, due_on=self.ago(days), state=CheckIn.State.WAITING)
        check_in = next((one for one in waiting if one.scales == [scale]), None) if ships(book) else None
        if check_in is not None:
            check_in.patient = self.patient
            for name, value in items.items():
                checkin.answer(check_in=check_in, question=f"{scale}/{name}", value=value, by=self.user, at=at)
            checkin.answer(check_in=check_in, question="doses", value=self._missed(days), by=self.user, at=at)
            if lines := dict(self.row.get("near", ())).get(days):
                told = near(asked_of(self.patient), lines)
                checkin.answer(check_in=check_in, question=checkin.GOALS, value=told, by=self.user, at=at)
            if words:
                checkin.answer(check_in=check_in, question="words", value=words, by=self.user, at=at)
            checkin.complete(check_in=check_in, by=self.user, at=at)
            return
        band = next((one.name for one in book.bands if one.low <= total <= one.high), "")
        body = said.Score(scale=scale, total=Decimal(str(total)), band=band, items=items)
        self._add(days, body, Origin.CLINIC, at)
        if words:
            self._add(days, said.Symptom(words=words), Origin.HERS, at)
        if harm and days <= 1:
            source = f"score of {self.ago(days)}"
            asked = f"{scale}/item 9"
            safety.told(patient=self.patient, source=source, question=asked, value=harm, by=self.user, at=at)

    def _missed(self, days: int) -> list[str]:
        """The days of that week without a dose; `missed` holds them as days ago."""
        rows = [one for one in self.row.get("missed", ()) if days <= one < days + 7]
        return [self.ago(one).isoformat() for one in rows] or ["none"]

    # ---- words, visits, and what was done about it -----------------------------------------------

    def _talks(self) -> None:
        row = self.row
        for days, whose, words in row.get("messages", ()):
            hers = whose == "hers"
            clock = time(7, 52) if hers else time(16, 20)
            self.then(days, clock, partial(self._writes, hers, words))
        for days, clock, what, *done in row.get("visits", ()):
            agreed = self.since if days > 0 else min(self.since, 1)
            self.then(agreed, NOON, partial(self._visit, days, clock, what, bool(done)))
        for days, clock in row.get("asked_for_a_call", ()):
            at_ = time.fromisoformat(clock)
            self.then(days, at_, lambda at: safety.asked_for_a_call(patient=self.patient, by=self.user, at=at))
        for days, reason, who, words in row.get("settled", ()):
            self.then(days, time(11), partial(self._settled, reason, who, words))
        for days, rule, code, words in row.get("set_aside", ()):
            self.then(days, time(15), partial(self._set_aside, rule, code, words))

    def _writes(self, hers: bool, words: str, at: datetime) -> None:
        newest = Message.objects.filter(patient=self.patient).order_by("-at").first()
        by = self.user if hers else self.by
        message.write(patient=self.patient, body=words, by=by, from_her=hers, at=at, answers=newest)

    def _visit(self, days: int, clock: str, what: str, done: bool, at: datetime) -> None:
        start = moment(self.clinic, self.ago(days), time.fromisoformat(clock))
        over = start + timedelta(minutes=20)
        Visit.objects.create(
            patient=self.patient, member=self.staff[self.row["team"][0]], at=start, what=what,
            done_at=over if (done or days > 0) and over <= self.now else None,
        )  # fmt: skip

    def _settled(self, reason: str, who: str, words: str, at: datetime) -> None:
        rows = WorklistItem.objects.filter(patient=self.patient, reason__startswith=reason, closed_at__isnull=True)
        for item in rows.select_related("patient__clinic"):
            worklist.close(item=item, by=self.staff[who].user, words=words, at=at)

    def _set_aside(self, rule: str, code: str, words: str, at: datetime) -> None:
        found = next(one for one in review_today(self.patient, at).findings if one.rule == rule)
        findings.override(patient=self.patient, finding=found, code=code, words=words, by=self.by, at=at)
