"""Are the scales' records sound?  Bands without gap or overlap, evidence for every number, wording only where allowed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from althea.engine.facts import Score
from althea.knowledge.load import NotKnowledge, load
from althea.knowledge.scales import load_scales, named
from althea.knowledge.schema.evidence import Level
from althea.knowledge.schema.scale import Scale
from tests.cast import answer, ask, someone

SCALES = load_scales()
EVERY = pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
EXPECTED = {
    "phq-9", "phq-2", "gad-7", "epds", "audit-c", "aims", "mdq", "asrm", "c-ssrs-screener", "qids-sr16", "asrs-v1.1-part-a",
    "pcl-5", "ymrs", "isi", "dast-10", "y-bocs", "pdss", "pass", "fibser", "bars",
}  # fmt: skip


def test_these_are_the_scales() -> None:
    assert set(SCALES) == EXPECTED


@EVERY
def test_bands_cover_every_total_once(scale: Scale) -> None:
    if not scale.bands:
        assert scale.levels or any(flag.yes for flag in scale.flags)
        return
    covered = [total for band in scale.bands for total in range(band.low, band.high + 1)]
    assert covered == list(range(scale.highest + 1))


@EVERY
def test_bands_are_lower_case_and_differ(scale: Scale) -> None:
    names = [band.name for band in scale.bands]
    assert names == [name.lower() for name in names]
    assert len(set(names)) == len(names)


@EVERY
def test_cuts_rise_and_can_be_reached(scale: Scale) -> None:
    assert list(scale.cuts) == sorted(set(scale.cuts))
    assert all(0 < cut <= scale.highest for cut in scale.cuts)


@EVERY
def test_every_number_says_where_it_was_read(scale: Scale) -> None:
    about = {name for evidence in scale.evidence for name in evidence.about}
    wanted = {f"ge{cut}" for cut in scale.cuts} | {flag.name for flag in (*scale.flags, *scale.levels)} | {"licence"}
    wanted |= {"bands"} if scale.bands else set()
    wanted |= {name for name in ("reliable_change", "remission_below") if getattr(scale, name) is not None}
    wanted |= {name for name in ("skips", "either", "answers_level") if getattr(scale, name)}
    wanted |= {"text"} if scale.wording == "text" else set()
    wanted |= {"loinc"} if scale.loinc_total else set()
    assert wanted <= about
    assert about <= wanted | {f"item{number}_positive" for number in range(1, 32)}


@EVERY
def test_read_has_its_day_and_unverified_has_none(scale: Scale) -> None:
    for claim in (scale, *scale.evidence):
        assert (claim.read_on is None) is (claim.mark == "unverified")


@EVERY
def test_names_inside_a_record_are_items_of_it(scale: Scale) -> None:
    items = [item.id for item in scale.items]
    assert len(set(items)) == len(items)
    used = {name for domain in scale.domains for name in domain.items}
    used |= {name for skip in scale.skips for name in (*skip.items, *skip.when)} | {
        name for group in scale.either for name in group
    }
    flags = (*scale.flags, *scale.levels, *scale.answers_level)
    used |= {name for flag in flags for criterion in flag.criteria for name in criterion.items}
    assert used <= set(items)


@EVERY
def test_what_a_total_can_do_without_comes_last(scale: Scale) -> None:
    optional = [item.optional for item in scale.items]
    assert optional == sorted(optional)


@EVERY
def test_options_end_at_the_highest_score(scale: Scale) -> None:
    for item in scale.items:
        assert (item.high - item.low) % item.step == 0
        assert len(item.choices) in (0, item.high - item.low + 1)


@EVERY
def test_wording_stands_only_where_its_licence_was_read(scale: Scale) -> None:
    text = [item for item in scale.items if item.text]
    if scale.wording == "text":
        assert scale.id in {"phq-9", "gad-7", "audit-c", "aims"}
        assert len(text) == len(scale.items)
        licence = next(evidence for evidence in scale.evidence if "licence" in evidence.about)
        assert licence.mark in ("read", "read-twice")
    else:
        assert not text
        assert not scale.stem
        assert not [item for item in scale.items if item.short], "our word for a question hints at the question"
    assert not [item for item in scale.items if item.short and item.critical_from is not None], "it has its own page"
    assert scale.licence
    assert scale.attribution


def test_these_are_never_shown_in_words() -> None:
    assert {SCALES[name].wording for name in ("epds", "mdq", "asrm", "c-ssrs-screener")} == {"score-entry"}


def test_names_match_whatever_their_case_and_punctuation() -> None:
    for said, meant in {
        "PHQ-9": "phq-9", "phq9": "phq-9", "EPDS": "epds", "C-SSRS-screener": "c-ssrs-screener", "C-SSRS": "c-ssrs-screener",
        "QIDS": "qids-sr16", "qids sr 16": "qids-sr16", "ASRS": "asrs-v1.1-part-a", "ASRS-v1.1": "asrs-v1.1-part-a", "Pass": "pass",
        "Y.BOCS": "y-bocs", "dast 10": "dast-10", "PCL5": "pcl-5", "audit c": "audit-c",
    }.items():  # fmt: skip
        found = named(SCALES, said)
        assert found is not None, said
        assert found.id == meant


def test_audit_is_another_scale_than_audit_c() -> None:
    assert named(SCALES, "AUDIT") is None
    assert named(SCALES, "") is None


def test_no_two_scales_share_a_name() -> None:
    owners: dict[str, set[str]] = {}
    for scale in SCALES.values():
        for name in (scale.id, scale.name, *scale.aliases):
            owners.setdefault("".join(sign for sign in name.lower() if sign.isalnum()), set()).add(scale.id)
    assert all(len(who) == 1 for who in owners.values())


def test_the_same_scales_come_from_the_whole_knowledge_and_from_the_cache(tmp_path: Path) -> None:
    assert load_scales(cache=tmp_path) == load_scales(cache=tmp_path) == SCALES
    assert len(list(tmp_path.glob("scales-*.pickle"))) == 1


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert set(load_scales(cache=tmp_path / "file" / "below")) == EXPECTED


def test_a_spoilt_cache_is_read_anew(tmp_path: Path) -> None:
    load_scales(cache=tmp_path)
    kept = next(tmp_path.glob("scales-*.pickle"))
    kept.write_bytes(b"not a pickle")
    assert set(load_scales(cache=tmp_path)) == EXPECTED


def test_a_record_that_is_no_scale_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scales").mkdir()
    (tmp_path / "scales" / "x.toml").write_text('[[symptom]]\nid = "rash"\nname = "rash"\nphrases = ["rash"]\n')
    with pytest.raises(NotKnowledge, match=r"holds \[\[scale"):
        load_scales(tmp_path, cache=tmp_path)


def test_thresholds_agree_with_those_the_trials_reason_with() -> None:
    numbers = load().numbers
    for scale in SCALES.values():
        for number, here in (
            (f"remission-{scale.id}", scale.remission_below),
            (f"reliable-change-{scale.id}", scale.reliable_change),
        ):
            if number in numbers:
                assert here == numbers[number].value, number


def test_every_document_cited_is_known() -> None:
    known = load().sources
    for scale in SCALES.values():
        for place in (
            *scale.sources,
            scale.licence_source,
            *(one for evidence in scale.evidence for one in evidence.sources),
        ):
            assert place.partition("#")[0] in known, place


# --- the rules on scores (classes/safety-scores.toml) ----------------------------------------------------------------

SERTRALINE = "sertraline 50 mg since 2026-01-01"
YES_AND_MODERATE = {"co_occurring": True, "impairment": "moderate"}
HOT = [
    ("epds-item-10-self-harm", Level.CRITICAL, {"scores": {"epds": {"item 10": 1}}}),
    ("phq-9-item-9-self-harm", Level.CRITICAL, {"scores": {"phq-9": {"item 9": 1}}}),
    ("qids-sr16-item-12-self-harm", Level.CRITICAL, {"scores": {"qids-sr16": {"item 12": 2}}}),
    ("qids-sr16-item-12-emptiness", Level.INFO, {"scores": {"qids-sr16": {"item 12": 1}}}),
    ("c-ssrs-high", Level.CRITICAL, {"scores": {"c-ssrs-screener": {"q6_3months": True}}}),
    ("c-ssrs-moderate", Level.WARNING, {"scores": {"c-ssrs-screener": {"q2": True, "q3": True, "q4": False}}}),
    ("c-ssrs-low", Level.INFO, {"scores": {"c-ssrs-screener": {"q1": True, "q2": False}}}),
    ("phq-9-worse", Level.WARNING, {"scores": {"phq-9": [(16, 0), (10, 30)]}}),
    ("gad-7-worse", Level.WARNING, {"scores": {"gad-7": [(12, 0), (8, 30)]}}),
    ("epds-worse", Level.WARNING, {"scores": {"epds": [(12, 0), (8, 30)]}}),
    ("epds-likely-depression", Level.INFO, {"scores": {"epds": 13}}),
    ("epds-likely-depression", Level.INFO, {"scores": {"epds": 13}, "born_days_ago": 60, "taking": SERTRALINE}),
    ("epds-likely-depression-postpartum-no-medicine", Level.WARNING, {"scores": {"epds": 13}, "born_days_ago": 60}),
    ("epds-likely-depression-pregnant-no-medicine", Level.WARNING, {"scores": {"epds": 13}, "pregnant": True}),
    ("asrm-mania-on-antidepressant", Level.WARNING, {"scores": {"asrm": 6}, "taking": SERTRALINE}),
    ("mdq-seven-on-antidepressant", Level.INFO, {"scores": {"mdq": 7}, "taking": SERTRALINE}),
    (
        "audit-c-high-with-benzodiazepine",
        Level.WARNING,
        {"scores": {"audit-c": 8}, "taking": "lorazepam 1 mg since 2026-10-01"},
    ),
    ("fibser-burden-severe", Level.WARNING, {"scores": {"fibser": 5}}),
    ("fibser-burden-severe-answer", Level.WARNING, {"scores": {"fibser": {"burden": 5}}}),
    ("fibser-burden-moderate", Level.INFO, {"scores": {"fibser": 3}}),
    (
        "bars-akathisia-on-antipsychotic",
        Level.WARNING,
        {"scores": {"bars": 2}, "taking": "aripiprazole 10 mg since 2026-10-01"},
    ),
    (
        "bars-akathisia-on-antipsychotic-answer",
        Level.WARNING,
        {"scores": {"bars": {"global": 2}}, "taking": "aripiprazole 10 mg since 2026-10-01"},
    ),
]
QUIET = [
    ("epds-item-10-self-harm", {"scores": {"epds": {"item 10": 0}}}),
    ("epds-item-10-self-harm", {"scores": {"epds": ({"item 10": 3}, 15)}}),
    ("phq-9-item-9-self-harm", {"scores": {"phq-9": 20}}),
    ("c-ssrs-high", {"scores": {"c-ssrs-screener": {"q1": False, "q2": False, "q6_lifetime": False}}}),
    ("phq-9-worse", {"scores": {"phq-9": [(15, 0), (10, 30)]}}),
    ("epds-likely-depression", {"scores": {"epds": 12}}),
    ("epds-likely-depression-postpartum-no-medicine", {"scores": {"epds": 13}, "born_days_ago": 366}),
    ("asrm-mania-on-antidepressant", {"scores": {"asrm": 5}, "taking": SERTRALINE}),
    ("asrm-mania-on-antidepressant", {"scores": {"asrm": 12}}),
    ("mdq-seven-on-antidepressant", {"scores": {"mdq": 7}, "taking": [SERTRALINE, "lithium 900 mg since 2026-01-01"]}),
    ("mdq-positive-on-antidepressant", {"scores": {"mdq": 13}, "taking": SERTRALINE}),
    ("mdq-positive-on-antidepressant", {"scores": {"mdq": YES_AND_MODERATE}, "taking": SERTRALINE}),
    ("audit-c-high-with-benzodiazepine", {"scores": {"audit-c": 7}, "taking": "lorazepam 1 mg since 2026-10-01"}),
    ("fibser-burden-moderate", {"scores": {"fibser": 2}}),
    ("bars-akathisia-on-antipsychotic", {"scores": {"bars": 1}, "taking": "aripiprazole 10 mg since 2026-10-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "level", "she"), HOT)
def test_a_score_that_asks_is_heard(rule: str, level: Level, she: dict[str, Any]) -> None:
    finding = ask(rule, someone(**she), load())
    assert finding is not None
    assert finding.level is level
    assert len(finding.title) <= 139


@pytest.mark.parametrize(("rule", "she"), QUIET)
def test_a_score_just_below_or_too_old_is_quiet(rule: str, she: dict[str, Any]) -> None:
    assert ask(rule, someone(**she), load()) is None


def test_a_positive_mdq_on_an_antidepressant_alone_warns() -> None:
    facts = someone(taking=SERTRALINE)
    positive = Score(scale="mdq", on=facts.on, total=Decimal(8), items=YES_AND_MODERATE)
    finding = ask("mdq-positive-on-antidepressant", replace(facts, scores={"mdq": (positive,)}), load())
    assert finding is not None
    assert finding.level is Level.WARNING
    minor = replace(positive, items={"co_occurring": True, "impairment": "minor"})
    assert ask("mdq-positive-on-antidepressant", replace(facts, scores={"mdq": (minor,)}), load()) is None


def test_thoughts_of_death_told_on_two_scales_are_one_finding() -> None:
    facts = someone(scores={"epds": {"item 10": 2}, "phq-9": {"item 9": 1}, "c-ssrs-screener": {"q3": True}})
    found = [one for one in answer(facts, load()).findings if one.reason == ("suicide-risk",)]
    assert [one.level for one in found] == [Level.CRITICAL]
