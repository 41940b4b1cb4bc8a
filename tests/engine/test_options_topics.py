"""What is known of a medicine that nobody wrote topics for: said to her where it has her words, and to her prescriber."""

from __future__ import annotations

import pytest

from althea.engine.options_shown import OptionShown, TopicShown
from althea.engine.options_topics import NOT_WRITTEN
from althea.knowledge.schema.choice import TOPICS
from tests.cast import someone
from tests.engine.test_options import KNOWLEDGE, compared, ids, one

NOTHING = "We found nothing about this that we could check."


def topic(option: OptionShown, about: str) -> TopicShown:
    return next(row for row in option.topics if row.about == about)


def bipolar(medicine: str, **more: object) -> OptionShown:
    return one(compared(someone(has="bipolar", **more), candidates=(medicine,)), medicine)  # type: ignore[arg-type]


# --- her words -------------------------------------------------------------------------------------------------------


def test_valproate_is_never_not_known_in_pregnancy_or_in_milk() -> None:
    """A woman read 'We found nothing about this' of the medicine with the plainest warning there is."""
    valproate = bipolar("valproate", breastfeeding=True)
    pregnancy, milk = topic(valproate, "pregnancy"), topic(valproate, "breastfeeding")
    assert pregnancy.for_her.startswith("Valproate can harm a baby in the womb.")
    assert "About 10 in 100 babies exposed to valproate have a major birth defect." in pregnancy.for_her
    assert (pregnancy.in_short, pregnancy.grade, pregnancy.standing) == ("a known risk", "known risk", "against")
    assert "valproate-label#Boxed Warning" in pregnancy.sources
    assert milk.for_her == "Little valproate gets into milk. Watch your baby for yellow skin or bruises."
    assert milk.standing == "between"


def test_the_loudest_is_said_first() -> None:
    clozapine = topic(bipolar("clozapine", breastfeeding=True), "breastfeeding")
    assert clozapine.for_her.startswith("With this medicine another way of feeding is safer for your baby.")
    assert clozapine.standing == "against"
    topiramate = topic(bipolar("topiramate"), "pregnancy")
    assert topiramate.for_her.startswith("This medicine can harm an early pregnancy.")
    assert topiramate.standing == "against"


def test_what_is_for_a_woman_who_is_pregnant_and_takes_it_is_no_word_of_a_comparison() -> None:
    for medicine in KNOWLEDGE.monographs:
        words = topic(bipolar(medicine), "pregnancy").for_her
        assert "Call us today" not in words, medicine


@pytest.mark.parametrize("medicine", sorted(KNOWLEDGE.monographs))
@pytest.mark.parametrize("about", ["pregnancy", "breastfeeding"])
def test_of_no_medicine_written_up_whole_nothing_is_known(medicine: str, about: str) -> None:
    told = topic(bipolar(medicine, breastfeeding=True), about)
    if (medicine, about) == ("methylphenidate", "pregnancy"):  # nobody read it in its document yet
        assert told.for_her == NOTHING
        return
    assert told.for_her != NOTHING
    assert told.grade != "not known"
    assert told.sources


def test_what_speaks_against_it_stands_behind_in_her_order() -> None:
    options = compared(someone(has="bipolar"), "pregnancy", candidates=("topiramate", "aripiprazole"))
    assert ids(options).index("aripiprazole") < ids(options).index("topiramate")
    assert one(options, "topiramate").because == ("Pregnancy: a known risk",)


def test_what_was_written_for_the_comparison_stays_as_it_was_written() -> None:
    written = {row.about: row for row in KNOWLEDGE.options["lithium"].topics}
    shown = bipolar("lithium")
    for about in ("pregnancy", "stopping"):
        assert topic(shown, about).for_her == written[about].for_her  # type: ignore[index]


# --- only her prescriber's words -------------------------------------------------------------------------------------


def test_where_nothing_is_written_for_her_she_is_sent_to_her_prescriber_and_hers_is_told() -> None:
    options = compared(someone(has="bipolar"), candidates=("aripiprazole",))
    told = topic(one(options, "aripiprazole"), "pregnancy")
    assert told.for_her == NOT_WRITTEN == "Not written for you yet. Ask your prescriber: there is something to know."
    assert told.in_short == "something to know: ask"
    note = next(line for line in options.notes if line.startswith("Aripiprazole: not all that is known is written"))
    assert "Pregnancy: Data have not established a risk of major birth defects or miscarriage" in note
    assert "Weight: " in note


def test_her_prescriber_is_told_only_what_applies_to_her() -> None:
    options = compared(someone(has="bipolar", menopause="post", age=60), candidates=("aripiprazole",))
    note = next(line for line in options.notes if line.startswith("Aripiprazole: "))
    assert "Pregnancy: " not in note


def test_what_nobody_read_is_still_not_known() -> None:
    told = topic(bipolar("valproate"), "sleep")
    assert (told.grade, told.for_her) == ("not known", NOTHING)


def test_no_word_of_ours_is_longer_than_a_chip() -> None:
    for medicine in KNOWLEDGE.monographs:
        for row in bipolar(medicine, breastfeeding=True).topics:
            assert row.name == TOPICS[row.about]  # type: ignore[index]
            if medicine not in KNOWLEDGE.options:
                assert len(row.in_short) <= 34


# --- no ordinary option ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("contraception", ["copper-iud", "implant", "injectable-dmpa", "combined-pill"])
def test_contraception_does_not_make_valproate_an_ordinary_option(contraception: str) -> None:
    options = compared(someone(has="bipolar", contraception=contraception), candidates=("valproate",))
    assert "valproate" not in ids(options)
    held = one(options, "valproate").held[0]
    assert held.title == "Valproate is not offered without a talk while she could become pregnant."
    assert (held.rule, held.level) == ("valproate-unprotected", "warning")
    assert held.do[0] == "Choose another medicine unless others failed or are not acceptable."


@pytest.mark.parametrize(
    "who", [{"menopause": None, "age": 47}, {"menopause": "peri", "age": 51}, {"pregnant": None}, {"planning": None}]
)
def test_not_knowing_whether_she_can_become_pregnant_holds_valproate_back(who: dict[str, object]) -> None:
    options = compared(someone(has="bipolar", **who), candidates=("valproate",))  # type: ignore[arg-type]
    assert "valproate" not in ids(options)


@pytest.mark.parametrize("who", [{"menopause": "post", "age": 60}, {"cannot": "hysterectomy"}, {"sex": "male"}])
def test_who_cannot_become_pregnant_is_offered_valproate_like_another(who: dict[str, object]) -> None:
    options = compared(someone(has="bipolar", **who), candidates=("valproate",))  # type: ignore[arg-type]
    assert "valproate" in ids(options)


def test_a_warning_before_a_pregnancy_holds_nothing_back() -> None:
    assert "topiramate" in ids(compared(someone(has="bipolar"), candidates=("topiramate",)))
