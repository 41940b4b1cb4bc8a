"""A trial reads as a table, and she may always leave."""

from __future__ import annotations

import pytest

from althea.engine.trial import LIVE, STEPS, Actor, NotAllowed, State, Verb, take


@pytest.mark.parametrize("at", LIVE)
def test_she_may_leave_at_any_time_and_needs_nothing(at):
    assert take(at, Verb.LEAVE, by=Actor.PATIENT) is State.ENDED


def test_nobody_agrees_or_leaves_for_her():
    with pytest.raises(NotAllowed, match=r"^Only the patient can agree this trial\.$"):
        take(State.PROPOSED, Verb.AGREE, by=Actor.PRESCRIBER, have={"consent"})
    with pytest.raises(NotAllowed, match=r"^Only the patient can leave this trial\.$"):
        take(State.STEADY, Verb.LEAVE, by=Actor.PRESCRIBER)


def test_a_step_says_what_is_still_needed():
    with pytest.raises(
        NotAllowed, match=r"^Before you start this trial: signed order and baseline checks still needed\.$"
    ):
        take(State.AGREED, Verb.START, by=Actor.PRESCRIBER)
    assert (
        take(State.AGREED, Verb.START, by=Actor.PRESCRIBER, have={"signed order", "baseline checks"}) is State.TITRATING
    )


def test_a_step_that_is_not_there_names_those_that_are():
    with pytest.raises(NotAllowed, match=r"^This trial is proposed\. You can agree or decline, not settle it\.$"):
        take(State.PROPOSED, Verb.SETTLE, by=Actor.PRESCRIBER)


@pytest.mark.parametrize("over", [State.ENDED, State.DECLINED])
def test_what_is_over_is_over(over):
    with pytest.raises(NotAllowed, match="propose a new one"):
        take(over, Verb.REVIEW, by=Actor.PRESCRIBER)


def test_every_live_state_leads_to_an_end_and_every_state_is_reached():
    assert all((at, Verb.STOP) in STEPS for at in LIVE)
    assert {step.to for step in STEPS.values()} | {State.PROPOSED} == set(State)
