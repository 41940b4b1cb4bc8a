"""Where may a trial go from here?  The trial of a medicine as a table of steps.

`take` returns the next state or raises `NotAllowed`, whose words are the page's words. A switch is not a state: it is
STOP here and PROPOSE there. She may leave at any time, and needs nothing and nobody to do so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Where a trial stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    TITRATING = "titrating"
    STEADY = "steady"
    REVIEWED = "reviewed"
    DECLINED = "declined"
    ENDED = "ended"


class Verb(Enum):
    """What may be done with it."""

    AGREE = "agree"
    DECLINE = "decline"
    START = "start"
    CHANGE_DOSE = "change the dose of"
    SETTLE = "settle"
    REVIEW = "review"
    CONTINUE = "continue"
    ADJUST = "adjust"
    STOP = "stop"
    LEAVE = "leave"


class Actor(Enum):
    """Who does it."""

    PATIENT = "the patient"
    PRESCRIBER = "the prescriber"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed step: where it leads, who may take it, what must be there before."""

    to: State
    who: Actor
    needs: tuple[str, ...] = ()


LIVE = (State.AGREED, State.TITRATING, State.STEADY, State.REVIEWED)

STEPS: dict[tuple[State, Verb], Step] = {
    (State.PROPOSED, Verb.AGREE): Step(State.AGREED, Actor.PATIENT, ("consent",)),
    (State.PROPOSED, Verb.DECLINE): Step(State.DECLINED, Actor.PATIENT),
    (State.AGREED, Verb.START): Step(State.TITRATING, Actor.PRESCRIBER, ("signed order", "baseline checks")),
    (State.TITRATING, Verb.CHANGE_DOSE): Step(State.TITRATING, Actor.PRESCRIBER, ("signed order",)),
    (State.TITRATING, Verb.SETTLE): Step(State.STEADY, Actor.PRESCRIBER),
    (State.TITRATING, Verb.REVIEW): Step(State.REVIEWED, Actor.PRESCRIBER, ("score since last review",)),
    (State.STEADY, Verb.REVIEW): Step(State.REVIEWED, Actor.PRESCRIBER, ("score since last review",)),
    (State.REVIEWED, Verb.CONTINUE): Step(State.STEADY, Actor.PRESCRIBER),
    (State.REVIEWED, Verb.ADJUST): Step(State.TITRATING, Actor.PRESCRIBER, ("signed order",)),
    **{(at, Verb.STOP): Step(State.ENDED, Actor.PRESCRIBER, ("stopping plan",)) for at in LIVE},
    **{(at, Verb.LEAVE): Step(State.ENDED, Actor.PATIENT) for at in LIVE},
}


class NotAllowed(Exception):
    """A step that cannot be taken; its words say why and what is possible instead."""


def take(state: State, verb: Verb, *, by: Actor, have: Collection[str] = ()) -> State:
    """The state after this step. Raises NotAllowed."""
    step = STEPS.get((state, verb))
    if step is None:
        can = [one.value for at, one in STEPS if at is state]
        if not can:
            raise NotAllowed(f"This trial is {state.value}. Nothing more happens to it; propose a new one.")
        raise NotAllowed(f"This trial is {state.value}. You can {_either(can)}, not {verb.value} it.")
    if step.who is not by:
        raise NotAllowed(f"Only {step.who.value} can {verb.value} this trial.")
    lacking = [need for need in step.needs if need not in have]
    if lacking:
        raise NotAllowed(f"Before you {verb.value} this trial: {_both(lacking)} still needed.")
    return step.to


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _both(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
