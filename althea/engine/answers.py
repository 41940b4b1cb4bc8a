"""What was answered?  Turns a list, printed options or named answers into scores, one for each item of a scale.

Anything that is not an answer raises `NotAnAnswer`, which names the item, why, and the mend, and never repeats what
was answered. `None` means not answered. True is not 1: a number is wanted where the scale asks for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from althea.knowledge.schema.scale import Item, Scale

OPTIONS = "option_index_top_to_bottom"
YES = frozenset({"y", "yes", "true"})
NO = frozenset({"n", "no", "false"})
Scores = dict[str, int | None]


class NotAnAnswer(ValueError):
    """This cannot be scored: which item, why, and what would mend it."""

    def __init__(self, item: str, why: str, mend: str) -> None:
        super().__init__(f"{item}: {why}. {mend}")
        self.item = item
        self.why = why
        self.mend = mend


def read(scale: Scale, answers: object) -> Scores:
    """The score of each item, reversals applied; None where there is no answer."""
    if isinstance(answers, list):
        return _listed(scale, answers)
    if not isinstance(answers, dict):
        raise NotAnAnswer("the answers", "neither a list nor an object", f"Give {_wanted(scale)}.")
    if OPTIONS not in answers:
        return _named(scale, answers)
    if len(answers) > 1:
        raise NotAnAnswer(OPTIONS, "stands beside other answers", "Give the options alone.")
    options = answers[OPTIONS]
    if not isinstance(options, list):
        raise NotAnAnswer(OPTIONS, "not a list", "Give the place of each option, the first being 0.")
    _refuse_length(scale, options)
    return _filled(scale, {item.id: _option(item, place) for item, place in zip(scale.items, options, strict=False)})


def score_of(item: Item, answer: object) -> int | None:
    """One answer as scored."""
    if answer is None:
        return None
    if item.answer == "yes-no":
        said = _yes_or_no(answer)
        if said is not None:
            return int(said is not item.reversed)
        if isinstance(answer, (bool, str, float)):
            raise NotAnAnswer(item.id, "neither yes nor no", "Write true or false, or null if it was not answered.")
    elif item.answer == "choice" and isinstance(answer, str):
        return _choice(item, answer)
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise NotAnAnswer(item.id, "not a whole number", f"Write a number {_range(item)}, or null if not answered.")
    if not item.low <= answer <= item.high:
        raise NotAnAnswer(item.id, "out of range", f"Write a number {_range(item)}, or null if not answered.")
    return answer


def known(scale: Scale, items: Mapping[str, object]) -> Scores:
    """The scores that can be read from a record's answers; what cannot be read is not answered."""
    scores: Scores = {}
    for item in scale.items:
        answer = next((items[name] for name in (item.id, *item.also) if name in items), None)
        # What a record holds is as scored; only the words of a form still need reversing.
        try:
            scores[item.id] = int(answer) if isinstance(answer, bool) else score_of(item, answer)
        except NotAnAnswer:
            scores[item.id] = None
    return scores


def _listed(scale: Scale, answers: Sequence[object]) -> Scores:
    _refuse_length(scale, answers)
    return _filled(scale, {item.id: score_of(item, answer) for item, answer in zip(scale.items, answers, strict=False)})


def _named(scale: Scale, answers: Mapping[object, object]) -> Scores:
    names = {name: item for item in scale.items for name in (item.id, *item.also)}
    scores: Scores = {}
    for name, answer in answers.items():
        if scale.group and name == scale.group:
            scores |= _grouped(scale, answer)
        elif name not in names:
            raise NotAnAnswer("a name", f"not an answer of the {scale.name}", f"Give {_wanted(scale)}.")
        elif names[str(name)].id in scores:
            raise NotAnAnswer(names[str(name)].id, "answered twice", "Give it under one name only.")
        else:
            scores[names[str(name)].id] = score_of(names[str(name)], answer)
    if not answers:
        raise NotAnAnswer("the answers", "empty", f"Give {_wanted(scale)}.")
    return _filled(scale, scores)


def _grouped(scale: Scale, answer: object) -> Scores:
    """The counted items together: a list of answers, or how many were yes (which ones does not matter to the score)."""
    items = [item for item in scale.items if item.counts]
    if answer is None:
        return dict.fromkeys((item.id for item in items), None)
    if isinstance(answer, list):
        if len(answer) != len(items):
            raise NotAnAnswer(scale.group, f"{len(answer)} answers", f"Give all {len(items)}; null if not answered.")
        return {item.id: score_of(item, one) for item, one in zip(items, answer, strict=True)}
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise NotAnAnswer(scale.group, "neither a count nor a list", f"Write how many of {len(items)} were yes.")
    if not 0 <= answer <= len(items):
        raise NotAnAnswer(scale.group, "out of range", f"Write how many of {len(items)} were yes.")
    return {item.id: int(place < answer) for place, item in enumerate(items)}


def _option(item: Item, place: object) -> int | None:
    """The score of a printed option, counted from the top."""
    if place is None:
        return None
    if item.answer != "number":
        raise NotAnAnswer(item.id, "has no printed order", "Give the answer itself.")
    last = (item.high - item.low) // item.step
    if isinstance(place, bool) or not isinstance(place, int):
        raise NotAnAnswer(item.id, "not a whole number", f"Write the option's place, 0 to {last}, or null.")
    if not 0 <= place <= last:
        raise NotAnAnswer(item.id, "out of range", f"Write the option's place, 0 to {last}, or null.")
    return item.high - place * item.step if item.reversed else item.low + place * item.step


def _yes_or_no(answer: object) -> bool | None:
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, str):
        word = answer.strip().lower()
        return True if word in YES else False if word in NO else None
    return None


def _choice(item: Item, answer: str) -> int:
    word = answer.strip().lower().removesuffix(" problem")
    if word not in item.choices:
        raise NotAnAnswer(item.id, "not one of its words", f"Write {', '.join(item.choices)}, or null.")
    return item.low + item.choices.index(word)


def _refuse_length(scale: Scale, answers: Sequence[object]) -> None:
    most = len(scale.items)
    least = sum(not item.optional for item in scale.items)
    if len(answers) > most:
        raise NotAnAnswer(f"answer {most + 1}", f"too many: the {scale.name} has {most}", f"Give {_wanted(scale)}.")
    if len(answers) < least:
        why = f"missing: {len(answers)} answers, and the {scale.name} has {least}"
        raise NotAnAnswer(scale.items[len(answers)].id, why, "Give them all in order, null where not answered.")


def _filled(scale: Scale, scores: Scores) -> Scores:
    return {item.id: scores.get(item.id) for item in scale.items}


def _range(item: Item) -> str:
    return f"from {item.low} to {item.high}"


def _wanted(scale: Scale) -> str:
    if scale.items[0].id.startswith("item ") and not scale.group:
        return f"a list of {sum(not item.optional for item in scale.items)} answers in order"
    names = [item.id for item in scale.items if not (scale.group and item.counts)]
    return ", ".join([scale.group, *names] if scale.group else names)
