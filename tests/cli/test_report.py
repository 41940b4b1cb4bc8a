"""The sweep's report: one file that stands alone, opens with its warning, and never sees more than it lists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from althea.cli.report import LISTED, draw
from tests.cli.sweeps import BY_STAGE, FINDINGS, NOT_CHECKED, RUN, finding

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(tmp_path):
    out = tmp_path / "report.html"
    draw(RUN, FINDINGS, NOT_CHECKED, out, by_stage=BY_STAGE, with_findings=713)
    return out.read_text("utf-8")


def body(page):
    return page[page.index("<body>") :]


def test_it_opens_with_its_warning(page):
    text = re.sub(r"<[^>]*>", " ", body(page)).split()
    assert " ".join(text[4:]).startswith("Contains health information. Keep it,")
    assert "Not yet reviewed by a clinician." in page


def test_it_stands_alone(page):
    assert "<script" not in page
    assert "<link" not in page.replace('<link rel="icon" href="data:,">', "")
    assert page.count("<style>") == 1
    assert " style=" not in body(page)
    assert re.findall(r"(?:src|href)=\"(?!#|data:)", body(page)) == []
    assert re.findall(r"url\((?!data:)", page) == []
    assert sum(map(len, re.findall(r"base64,([^)]*)\)", page))) < 150_000


def test_it_counts_by_level_finding_and_life_stage(page):
    for part in ("1,284 women among 1,400 people", "22 November 2026", ">14<", ">97<", ">210<", "713"):
        assert part in page
    table = page[page.index('<table class="heat">') :]
    assert (
        table.index("Valproate, and a pregnancy")
        < table.index("No weight or glucose")
        < table.index("Folic acid")
        < table.index("An estrogen pill")
    )
    assert '<b class="v8">12</b>' in table


def test_the_most_urgent_come_first_with_their_reasons(page):
    table = page[page.index('<table class="urgent">') :]
    assert table.index("w-0017") < table.index("w-0342") < table.index("w-1201") < table.index("w-0900")
    assert "contraception: condoms (8 June 2026)" in table
    assert "not known" in table
    assert "708 more women are in" in page


def test_what_could_not_be_checked_or_read_is_said(page):
    waiting = page[page.index('id="waiting"') :]
    assert (
        waiting.index("whether she is pregnant")
        < waiting.index("whether she is breastfeeding")
        < waiting.index("her weight")
    )
    for part in ("Observation.ndjson", "not JSON: it ends in the middle", "Claim: 5,100", "2026.11+abc123", "310 MB"):
        assert part in waiting


def test_it_reads_no_more_people_than_it_lists(tmp_path):
    read = []

    def endless():
        number = 0
        while True:
            number += 1
            read.append(number)
            yield finding(f"w-{number:05}", "folic-acid")

    draw(RUN, endless(), NOT_CHECKED, tmp_path / "report.html", by_stage=BY_STAGE, with_findings=90_000)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert len(read) == LISTED + 1  # one row further, to see that the last person's rows are over
    assert page.count("<li><svg") == LISTED
    assert "89,500 more women are in" in page


def test_a_clean_sweep_says_so(tmp_path):
    run = {**RUN, "bad_lines": [], "counts": {"patients": 0, "adults": 0, "women": 0}}
    draw(run, [], [], tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    for part in (
        "No woman has a critical finding or a warning. See below",
        "Every check that was asked could be made",
        "Every line could be read",
    ):
        assert part in page


def test_other_reasons_stand_below_what_was_missing(page):
    waiting = page[page.index('id="waiting"') :]
    assert waiting.count("whether she is breastfeeding") == 1
    assert "Althea&#x27;s knowledge is for adults: not checked: 48" in waiting
    assert "medicines that are not in Althea&#x27;s knowledge: 64" in waiting


def test_more_bad_lines_than_were_kept_are_counted(tmp_path):
    draw({**RUN, "bad_line_count": 1_200}, [], [], tmp_path / "report.html")
    assert "1,200 lines" in (tmp_path / "report.html").read_text("utf-8")


def test_words_of_a_record_cannot_become_markup(tmp_path):
    rows = [finding('<img src="x">', "folic-acid", because="<script>alert(1)</script>")]
    run = {**RUN, "bad_lines": [{"file": "<b>", "line": 1, "why": "<i>"}]}
    draw(run, rows, NOT_CHECKED, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;i&gt;" in page


def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(tmp_path):
    out = tmp_path / "report.html"
    draw(RUN, FINDINGS, NOT_CHECKED, out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_drawing_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyError):
        draw(RUN, [{"patient_id": "w-1"}], [], tmp_path / "report.html")
    assert os.listdir(tmp_path) == []


def test_the_same_sweep_is_drawn_the_same(tmp_path, page):
    draw(RUN, iter(FINDINGS), iter(NOT_CHECKED), tmp_path / "again.html", by_stage=iter(BY_STAGE), with_findings=713)
    assert (tmp_path / "again.html").read_text("utf-8") == page


def test_it_needs_no_settings_and_no_database(tmp_path):
    code = (
        "from pathlib import Path; from althea.cli.report import draw; from tests.cli.sweeps import *;"
        f"draw(RUN, FINDINGS, NOT_CHECKED, Path({str(tmp_path / 'report.html')!r}), by_stage=BY_STAGE);"
        "from django.conf import settings; assert not settings.configured"
    )
    env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
