"""The knowledge holds together, and each kind of mistake is named with its file, line and key."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from althea.knowledge import NotKnowledge, load
from althea.knowledge.check import problems
from althea.knowledge.load import read
from althea.knowledge.schema.evidence import Level, Mark
from tests.little import little

RULE = '[[rule]]\nkind = "interaction"\nid = "one"\nof = ["lithium"]\nmeets = ["nsaid"]\n'


def test_our_knowledge_has_no_problem() -> None:
    today = max(one.accessed for one in load().sources.values() if one.accessed is not None)
    assert [str(one) for one in problems(load(), today) if not one.soon] == []


def test_nothing_is_past_its_date() -> None:
    late = [str(one) for one in problems(load(), date.today()) if "to be read again by" in one.words and not one.soon]
    assert late == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RULE + "max_daily = 3\n", r"classes/all\.toml:\d+: rule\[0\]\.max_daily: this key is not known"),
        (RULE.replace("interaction", "magic"), r"rule\[0\]\.kind: 'magic' is no kind of rule"),
        (RULE + RULE, "rule 'one' stands twice; first at classes/all.toml"),
        (RULE.replace('"one"', '"One Rule"'), "is not kebab-case"),
        (RULE + 'level = "loud"\n', "a level is info, warning or critical"),
        (RULE + 'meets_dose_from = "3 tablets"\n', "'tablets' is not a unit of mass"),
        (RULE + 'meets_dose_from = "much mg"\n', "is not a dose"),
        (RULE + "meets_dose_from = 3\n", "write a dose as text with its unit"),
        (RULE + "who = { pregnent = true }\n", r"rule\[0\]\.who\.pregnent: this key is not known"),
        (RULE.replace('meets = ["nsaid"]\n', ""), r"rule\[0\]\.meets: this key is missing"),
    ],
)
def test_a_record_that_cannot_be_read_names_its_place_and_the_mend(tmp_path: Path, rule: str, words: str) -> None:
    with pytest.raises(NotKnowledge, match=words):
        little(tmp_path, rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RULE.replace("nsaid", "nsaids"), "meets: 'nsaids' is not known"),
        (RULE + 'who = { conditions = ["gout"] }\n', "who.conditions: 'gout' is not known"),
        (RULE + 'sources = ["nowhere#1"]\n', "source 'nowhere' is not in sources/"),
        (RULE + "sources = []\n", "it names no source"),
        (RULE + 'sources = ["label"]\n', "names no place"),
        (RULE, "it is marked read and says not when"),
        (RULE + 'mark = "read-twice"\nread_on = 2026-11-01\n', "marked read-twice and says not when"),
        (RULE, "it warns and offers nothing to do"),
        (RULE, "it warns and says nothing to her"),
        (RULE + 'title = "{medicine} and {otter}."\n', "{otter} is not a word that can be filled in"),
        (RULE + f'title = "{"long " * 30}."\n', "Keep it at 139 or fewer"),
        (RULE + f'for_her = "{"word " * 21}."\n', "22 words in one sentence"),
        (RULE + 'why = "She is non-compliant."\n', "is a word we do not use of people"),
        (RULE + "read_on = 2999-01-01\n", "lies in the future"),
        (RULE.replace("interaction", "life-stage").replace('meets = ["nsaid"]\n', ""), "must name a life stage"),
    ],
)
def test_what_shapes_cannot_see_is_found(tmp_path: Path, rule: str, words: str) -> None:
    found = [str(one) for one in problems(little(tmp_path, rule), date(2026, 11, 22), tmp_path)]
    assert any(words in one for one in found), found
    assert all(one.startswith(("classes/", "meets/", "conditions/", "measures/", "life_stages/")) for one in found)


def test_an_unverified_fact_informs_and_never_warns() -> None:
    loud = [one.id for one in load().rules.values() if one.mark is Mark.UNVERIFIED and one.level is not Level.INFO]
    assert loud == []


def test_a_code_that_wants_more_characters_is_not_written_for_what_she_ticks() -> None:
    """Narrow-angle glaucoma was once told as H40.20, which asks for a stage and is no code a bill or a chart may carry."""
    knowledge = load()
    glaucoma = knowledge.conditions["narrow-angle-glaucoma"]
    assert glaucoma.told_as == "H40.20X0"
    half = replace(knowledge, conditions={**knowledge.conditions, glaucoma.id: replace(glaucoma, told_as="H40.20")})
    assert [one.words for one in problems(half, date(2026, 11, 22)) if "told_as" in one.words] == [
        "told_as H40.20 is not a whole code: longer ones begin with it. Take one of those."
    ]


def test_a_date_is_warned_of_ninety_days_before() -> None:
    knowledge = load()
    first = min(one.review_by for one in knowledge.sources.values())
    assert any(one.soon for one in problems(knowledge, first - timedelta(days=90)))
    assert any("Read it, and move the date" in one.words for one in problems(knowledge, first))


def test_the_same_records_give_the_same_knowledge(tmp_path: Path) -> None:
    assert little(tmp_path, RULE) == read(tmp_path, "test00")


def test_the_medicines_we_promise_are_whole() -> None:
    promised = """sertraline escitalopram citalopram fluoxetine paroxetine venlafaxine duloxetine bupropion mirtazapine
    amitriptyline phenelzine lithium lamotrigine valproate carbamazepine oxcarbazepine topiramate quetiapine olanzapine
    aripiprazole risperidone clozapine lorazepam clonazepam lisdexamfetamine methylphenidate atomoxetine zuranolone"""
    assert set(promised.split()) <= set(load().monographs)


def test_the_counts_are_those_of_the_changelog() -> None:
    """A tripwire: if they change without a line in the changelog, suspect the code."""
    knowledge = load()
    text = (Path(__file__).parents[2] / "althea" / "knowledge" / "CHANGELOG.md").read_text()
    for words in (
        f"{len(knowledge.monographs)} medicines whole",
        f"{len(knowledge.scales)} scales",
        f"{len(knowledge.rules)} rules",
    ):
        assert words in text, (
            f"althea/knowledge/CHANGELOG.md should say {words!r} at its top; `althea knowledge check` prints the totals"
        )


def test_every_rule_reads_as_a_sentence_when_nobody_in_particular_is_asked_about():
    """A safety list once said 'EPDS has risen to: worse', with a gap where her value had stood."""
    from althea.engine.explain import title_in_general

    knowledge = load()
    gaps = re.compile(r" (?:to|of|is|are|with)[ ]?[:;,.]|\(\)|  | [:;,.]|\{")
    told = {
        rule.id: title_in_general(
            rule, knowledge.name_of(rule.of[0]) if len(rule.of) == 1 else "the medicine", knowledge
        )
        for rule in knowledge.rules.values()
        if "{value}" in rule.title
    }
    assert {key: words for key, words in told.items() if gaps.search(words)} == {}
    assert told["epds-worse"] == "EPDS has risen: worse by more than chance."
    assert told["lithium-egfr-below-30-start"] == "Do not start lithium with an eGFR below 30."
    assert told["qt-qtc-470"] == "The medicine with a QTc of 470 ms or more and below 500 ms: prolonged for a woman."


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "serotonergic-after-maoi-14-days",
            "The medicine within 14 days of an MAO inhibitor or rasagiline: washout too short.",
        ),
        ("sertraline-max-dose", "A daily dose of sertraline is above the maximum of 200 mg."),
        ("sertraline-steps", "Sertraline rises too fast: the label goes up by 25 to 50 mg a week."),
        ("citalopram-start", "Citalopram: the label starts at 20 mg."),
        ("lithium-nsaid", "An NSAID can raise the lithium level and cause toxicity."),
        ("triptan-ssri-snri", "A triptan with an SSRI or an SNRI: serotonin syndrome is rare; tell her the signs."),
        ("lamotrigine-menopausal-oestrogen", "Oestrogen for menopause may lower the lamotrigine level."),
        (
            "tca-fluoxetine",
            "Fluoxetine inhibits CYP2D6 and can raise the tricyclic antidepressant level to toxicity, for weeks after it stops.",
        ),
        (
            "escitalopram-qt-prolonging",
            "Escitalopram with ziprasidone, thioridazine, iloperidone and others: both prolong the QT interval.",
        ),
    ],
)
def test_a_dose_a_washout_and_a_class_read_as_people_write_them_where_nobody_in_particular_is_asked_about(rule, words):
    """They once said 'Sertraline a dose a day is above' and 'within 14 days of the MAOI MAO inhibitor'."""
    from althea.engine.explain import title_in_general

    knowledge = load()
    found = knowledge.rules[rule]
    named = knowledge.name_of(found.of[0]) if len(found.of) == 1 else "the medicine"
    assert title_in_general(found, named, knowledge) == words


def test_no_rule_says_a_dose_a_day_the_maoi_mao_inhibitor_or_two_articles():
    from althea.engine.explain import title_in_general

    knowledge = load()
    bad = re.compile(r"a dose a day|MAOI an? |\b(?:the|an?|injected) an? |such an? ")
    told = {
        one.id: title_in_general(one, knowledge.name_of(one.of[0]) if len(one.of) == 1 else "the medicine", knowledge)
        for one in knowledge.rules.values()
    }
    assert {key: words for key, words in told.items() if bad.search(words)} == {}
