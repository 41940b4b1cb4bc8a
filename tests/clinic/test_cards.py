"""A card's own words, taken apart for the page; nothing is lost and nothing is added."""

from datetime import date

from althea.care.known import knowledge
from althea.clinic.cards import counted, shown
from althea.clinic.written_women import _files, dated
from althea.fhir import cds

DETAIL = """**Because**

- takes lithium 900 mg a day (2026-07-25)
- not pregnant, stated 2026-11-18
- a note \\[sic\\] &lt;b&gt;

It builds up.

**What to do**

- Use acetaminophen.

**Source**

- A label; 7.1

Knowledge 2026.11+abc; read in the primary document on 2026-11-22, not read a second time. Not yet reviewed by a clinician."""


def card(detail=DETAIL, code="lithium-nsaid", indicator="warning"):
    topic = {"system": "urn:althea:rules", "code": code, "display": "x"}
    return {
        "summary": "It is due since 2026-11-01.",
        "indicator": indicator,
        "detail": detail,
        "source": {"topic": topic},
    }


def test_a_card_is_taken_apart():
    one = shown(card())
    assert (one["word"], one["icon"], one["title"]) == ("Warning", "triangle-alert", "It is due since 1 November 2026.")
    because, why, do = one["sections"]
    assert because["heading"] == "From her record"
    assert [(item["words"], item["on"]) for item in because["items"]] == [
        ("Takes lithium 900 mg a day", "25 July 2026"),
        ("Not pregnant", "18 November 2026"),
        ("A note [sic] <b>", ""),
    ]
    assert why["words"] == ["It builds up."]
    assert (do["heading"], do["items"][0]["words"]) == ("What to do", "Use acetaminophen.")
    assert one["sources"][0]["words"] == "A label; 7.1"
    assert one["foot"].startswith("Knowledge 2026.11+abc; read in the primary document on 22 November 2026")


def test_what_could_not_be_checked_is_no_finding():
    unchecked = shown(card("- **her weight**: 2 checks waited.\n\nKnowledge 1.", "not-checked", "info"))
    assert unchecked["not_checked"]
    assert unchecked["sections"][0]["items"] == [
        {"strong": "Her weight", "words": ": 2 checks waited.", "on": "", "iso": ""}
    ]
    assert counted([unchecked]) == ""


def test_findings_are_counted_in_words():
    cards = [shown(card(indicator=level)) for level in ("critical", "warning", "warning", "info")]
    assert counted(cards) == "1 critical, 2 warnings, 1 for information"


def test_no_word_of_a_real_card_is_lost():
    today = date(2026, 11, 22)
    for written in _files().values():
        for real in cds.answer(dated(written["request"], today), today, knowledge())["cards"]:
            one = shown(real)
            drawn = " ".join(
                [one["foot"], *(line["strong"] + line["words"] + line["iso"] for line in one["sources"])]
                + [
                    " ".join(
                        [part["heading"], *part["words"], *(i["strong"] + i["words"] + i["iso"] for i in part["items"])]
                    )
                    for part in one["sections"]
                ]
            )
            assert len(drawn) > 0.85 * len(real["detail"].replace("*", ""))
