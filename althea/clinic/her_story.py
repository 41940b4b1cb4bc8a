"""How has it gone?  Her timeline, and above it her whole story with a frame around the time that is shown.

What the record holds (`care/story.py`, `care/stages_lived.py`) is handed to `look.chart` in the words of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from althea.care import entries as said
from althea.care import story
from althea.care.facts import Chart
from althea.care.known import knowledge
from althea.care.models import Trial
from althea.care.past_trials import past_trials
from althea.care.stages_lived import Lived, stages, weeks_after
from althea.care.trial_case import Case, category_at_end
from althea.clinic import evidence
from althea.engine.facts import plain
from althea.look.chart.drawing import Drawing
from althea.look.chart.story import Band, Dose, Event, Goal, Medicine, Other, Score, Stage, Story, timeline
from althea.look.chart.strip import strip
from althea.look.words import day

AHEAD, BEFORE, AFTER = timedelta(days=21), timedelta(days=14), timedelta(days=5)
SHORTEST, A_YEAR, FARTHEST = timedelta(days=28), timedelta(days=365), timedelta(days=730)
RECENT = timedelta(weeks=26)
"""Longer after a birth, the weeks of a trial are too narrow to read beside it."""
RANGES = {"trial": "This trial", "birth": "Since birth", "year": "1 year", "all": "All"}
TINTS = 5
ABOUT = {"phq-9": "depression", "gad-7": "worry", "epds": "perinatal mood"}


@dataclass(frozen=True)
class HerStory:
    """Her story on a day. `trial`: the one under way, `case`: how it goes, `ended`: those that are over.

    `louder`: the medicines of which a finding warns.
    """

    chart: Chart
    on: date
    trial: Trial | None = None
    case: Case | None = None
    ended: Sequence[Trial] = ()
    louder: Collection[str] = ()
    wanted: str = ""

    @cached_property
    def stages(self) -> list[Lived]:
        return stages(self.chart, self.on)

    @cached_property
    def medicines(self) -> list[story.Taken]:
        return story.medicines(self.chart, self.on)

    @cached_property
    def begins(self) -> dict[str, date]:
        """Where each time that can be shown begins: none of a trial or a birth that is not there."""
        on, found = self.on, {}
        if self.trial is not None and self.trial.started_on is not None:
            found["trial"] = self.trial.started_on - BEFORE
        if born := self._born:
            found["birth"] = born - BEFORE
        found["year"] = on - A_YEAR
        days = [entry.on for entry, body in self.chart.entries if isinstance(body, said.Score | said.SideEffect)]
        days += [one.first for one in self.medicines] + [one.first for one in self.stages]
        found["all"] = min(days, default=found["year"]) - BEFORE
        return {key: min(first, on - SHORTEST) for key, first in found.items()}

    @property
    def _born(self) -> date | None:
        return max((one.first for one in self.stages if one.birth), default=None)

    @cached_property
    def shown(self) -> str:
        """Which time is shown?  As wanted; else since a birth that is not long ago, this trial, or the last year."""
        if self.wanted in self.begins:
            return self.wanted
        trial, born = self.begins.get("trial"), self._born
        if born is not None and self.on - born <= RECENT and (trial is None or trial >= self.begins["birth"]):
            return "birth"
        if trial is not None:
            return "trial"
        return "all" if self.begins["all"] > self.begins["year"] else "year"

    @property
    def ranges(self) -> list[tuple[str, str, bool]]:
        """As `_tabs.html` takes them."""
        return [(label, f"?show={key}", key == self.shown) for key, label in RANGES.items() if key in self.begins]

    @property
    def first(self) -> date:
        return self.begins[self.shown]

    @cached_property
    def last(self) -> date:
        """Three weeks ahead, or to the end of what is planned."""
        days = [self.on + AHEAD]
        if self.trial is not None and self.trial.review_on is not None:
            days.append(self.trial.review_on)
        if self._trial_ends is not None:
            days.append(self._trial_ends + AFTER)
        for one in self.medicines:
            days += [first + BEFORE for first, _, _ in one.steps]
            days += [last + AFTER for _, last, _ in one.steps if last is not None]
        return min(max(days), self.on + FARTHEST)

    @property
    def _trial_ends(self) -> date | None:
        """The last day of the weeks that were planned for the trial. None: not planned."""
        trial = self.trial
        if trial is None or trial.started_on is None or not trial.weeks:
            return None
        return trial.started_on + timedelta(weeks=trial.weeks) - timedelta(days=1)

    # --- the timeline -----------------------------------------------------------------------------

    def drawing(self) -> Drawing:
        """The timeline; the day of the full trial dose marked on its medicine."""
        on, trial = self.on, self.trial
        week = (on - trial.started_on).days // 7 + 1 if trial is not None and trial.started_on else None
        scales = story.scores(self.chart)
        order = dict.fromkeys([*([trial.scale] if trial is not None else []), *scales])
        missed = self.case.doses.missed if self.case is not None else ()
        happened = [one for one in story.happened(self.chart, on, missed) if self._meets(one.first, one.last)]
        taken = [one for one in self.medicines if self._meets(one.first, one.last or self.last)]
        others = [one for one in story.elsewhere(self.chart) if self._meets(one.first, one.last or on)]
        return timeline(
            Story(
                first=self.first,
                last=self.last,
                today=on,
                words=self._course(),
                now=f"Today, week {week}" if week is not None and week > 0 else "Today",
                stages=tuple(self._stage(one) for one in self.stages if self._meets(one.first, one.last or on)),
                stage_marks=tuple(weeks_after(self.stages)),
                medicines=tuple(self._medicine(one) for one in taken),
                others=tuple(self._other(one) for one in others),
                events=tuple(Event(one.first, one.words, one.kind, one.last, one.count) for one in happened),
                scores=tuple(filter(None, (self._score(scale, scales.get(scale, [])) for scale in order))),
                marks=self._marks(),
            )
        )

    def _course(self) -> str:
        """What the drawing shows, in a line: read before everything else by who does not see it."""
        course = self.case.course if self.case is not None else None
        if course is None or course.baseline is None or course.latest is None:
            return ""
        return (
            f"{course.scale} {plain(course.baseline)} at the start of this trial, {plain(course.latest)} at its newest"
        )

    def _meets(self, first: date, last: date | None) -> bool:
        return first <= self.last and (last or first) >= self.first

    def _score(self, scale: str, points: list[tuple[date, float]]) -> Score | None:
        """Its points of the time that is shown. None: there is none."""
        whole = score_drawn(scale, points, self.trial) if points else None
        shown = tuple(one for one in points if self._meets(one[0], None))
        return replace(whole, points=shown) if whole is not None and shown else None

    def _stage(self, one: Lived) -> Stage:
        begins = f"Birth {day(one.first, self.on)}" if one.birth else ""
        words = f"{one.words}, told {day(one.first, self.on)}" if one.told else one.words
        if begins and one.first < self.first:  # its beginning is not drawn, and said all the same
            return Stage(one.first, one.last, f"{begins}, {words.lower()}", one.css)
        return Stage(one.first, one.last, words, one.css, begins)

    def _medicine(self, one: story.Taken) -> Medicine:
        mine = self.trial is not None and one.medicine == self.trial.medicine and not one.past
        steps, plan, ends = list(one.steps), "", self._trial_ends
        first, last, amount = steps[-1]
        if mine and self.trial is not None and ends is not None and last is None and max(first, self.on) <= ends:
            steps[-1], plan = (first, ends, amount), f"planned to week {self.trial.weeks}"
        elif one.last is not None and one.last > self.on:
            plan = f"planned to {day(one.last, self.on)}"
        reached = evidence.reached(self.case) if mine and self.case is not None else None
        doses = tuple(Dose(*step) for step in steps)
        return Medicine(one.name, one.unit, doses, f"{one.unit} a day", reached, plan, one.words, one.past)

    def _other(self, one: story.Elsewhere) -> Other:
        if one.told:
            when = f"told {day(one.first, self.on)}, since when is not known"
        else:
            when = f"until {day(one.last, self.on)}" if one.last else f"since {day(one.first, self.on)}"
        words = ", ".join(filter(None, (one.words, when)))
        return Other(one.name, one.first, one.last, words, warn=one.medicine in self.louder)

    def _marks(self) -> tuple[tuple[date, str], ...]:
        trial, ends = self.trial, self._trial_ends
        if trial is None or trial.started_on is None:
            return ()
        found = [(trial.started_on, f"Start {day(trial.started_on, self.on)}")]
        return (*found, (ends + timedelta(days=1), f"Week {trial.weeks}")) if ends is not None else tuple(found)

    # --- the strip --------------------------------------------------------------------------------

    @cached_property
    def _whole(self) -> tuple[list[story.Taken], list[str]]:
        ended = [(one, category_at_end(one, self.chart)) for one in self.ended]
        past = past_trials(self.chart, ended, self.on)
        return story.whole_story(self.chart, self.medicines, past, self.on)

    def before(self) -> Drawing | None:
        """Everything since its beginning in one strip. None: nothing lies before the time that is shown."""
        taken, undated = self._whole
        lived = [one for one in self.stages if not one.told]
        begun = min([one.first for one in taken] + [one.first for one in lived], default=self.on)
        if begun >= self.first:
            return None
        return strip(
            date(begun.year, 1, 1),
            self.on,
            (self.first, self.last),
            stages=tuple(self._stage(one) for one in self.stages),
            medicines=tuple(
                Medicine(one.name, one.unit, tuple(Dose(*step) for step in one.steps), story=one.words, past=one.past)
                for one in taken
            ),
            silences=story.silences(self.chart, taken, undated),
        )

    @property
    def undated(self) -> list[str]:
        """What she took before, of which the days are not known."""
        return self._whole[1]


def score_drawn(scale: str, points: list[tuple[date, float]], trial: Trial | None) -> Score:
    """A scale on its own range. The goal is half of the first score, where the trial's scale has one: response."""
    book = knowledge().scales[scale]
    bands = sorted(book.bands, key=lambda one: one.low)
    highest = max([float(band.high) for band in bands] or [max(value for _, value in points)])
    goal = None
    if trial is not None and trial.scale == scale and trial.started_on is not None:
        begun = [value for when, value in points if when <= trial.started_on] or [points[0][1]]
        goal = Goal(float(evidence.half(Decimal(begun[-1]))), f"half of {begun[-1]:g}: response", trial.started_on)
    named = tuple(
        Band(float(one.low), float(one.high) + 1, evidence.short(one), min(TINTS, at + 1))
        for at, one in enumerate(bands)
    )
    return Score(book.name, ABOUT.get(scale, ""), highest, tuple(points), named, goal)
