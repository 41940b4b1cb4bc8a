"""`althea sweep EXPORT_DIR --out DIR`: the checks over everyone in a FHIR bulk export, as files and a report."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from althea import __version__
from althea.cli.errors import BadInput
from althea.engine.explain import title_in_general
from althea.knowledge import Knowledge, load
from althea.sweep.exports import Export, NothingToRead, find
from althea.sweep.run import Swept, sweep

TOO_MANY_BAD = 100
"""One bad line in so many, or more, ends with 3."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export", metavar="EXPORT_DIR", help="a folder of Type.ndjson files, gzipped or not")
    parser.add_argument("--out", required=True, metavar="DIR", help="where findings and report are written")
    parser.add_argument(
        "--as-of", type=_day, default=None, metavar="DATE", help="the day to ask about; today unless said"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    parser.add_argument("--jurisdiction", choices=("US", "UK", "CA", "AU"), default="US")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date. Write it as 2026-11-22.") from None


def run(args: argparse.Namespace) -> int:
    """0, or 3 when more than one line in a hundred, or the end of a file, could not be read.

    Writes beside and then renames.
    """
    if args.jobs < 1:
        raise BadInput("--jobs", "", f"{args.jobs} is not a number of workers. Give 1 or more.")
    try:
        export = find(Path(args.export))
    except NothingToRead as error:
        raise BadInput(args.export, "", str(error)) from None
    out = Path(args.out)
    if out.exists() and not out.is_dir():
        raise BadInput(args.out, "", "is a file. Give a folder, or a name that is not there yet.")
    as_of = args.as_of or date.today()
    out.parent.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside, _progress() as tell:
        work = Path(beside) / "work"
        work.mkdir()
        swept = sweep(export, work, as_of=as_of, jobs=args.jobs, jurisdiction=args.jurisdiction, tell=tell)
        if not sum(swept.gathered.lines.values()) or not swept.tally.patients:
            raise BadInput(args.export, "", f"no patient could be read. {_look_at(swept)}")
        made = Path(beside) / "made"
        made.mkdir()
        from althea.sweep.results import files_from  # here, so that workers are split off without DuckDB

        with ThreadPoolExecutor(1) as meanwhile:  # what is not needed any more goes while the report is drawn
            cleared = meanwhile.submit(shutil.rmtree, work / "runs")
            files_from(swept.table, made)
            told = _told(export, swept, as_of)
            (made / "run.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            _report(told, swept, made)
            cleared.result()
        shutil.rmtree(work)
        _put(made, out)
    return _say(told, out, swept.gathered.broken)


def _look_at(swept: Swept) -> str:
    """Where to look when there is nobody in an export."""
    file, line, why = next((one for one in swept.gathered.bad if one[0].startswith("Patient")), ("", 0, ""))
    return f"{file} line {line}: {why}." if file else "Look at the lines of Patient.ndjson."


def _told(export: Export, swept: Swept, as_of: date) -> dict[str, Any]:
    """run.json: what was asked of what, and how it went."""
    from althea.sweep.results import counts

    tally = swept.tally
    by_rule, by_level = counts(swept.table)
    not_checked = {
        **tally.not_checked,
        **{key: one.people for key, one in tally.waited.items()},
        **{f"raised {key}": number for key, number in tally.errors.items()},
    }
    return {
        "as_of": as_of.isoformat(),
        "knowledge": str(load().stamp),
        "code": __version__,
        "jobs": swept.jobs,
        "inputs": [
            {"path": path.name, "bytes": path.stat().st_size, "lines": swept.gathered.lines.get(path.name, 0)}
            for path in export.all_read
        ],
        "counts": {
            "patients": tally.patients,
            "adults": tally.adults,
            "women": tally.women,
            "findings_by_rule": by_rule,
            "findings_by_level": by_level,
            "not_checked_by_reason": dict(sorted(not_checked.items(), key=lambda one: (-one[1], one[0]))),
            "not_read": dict(sorted(tally.unread.items(), key=lambda one: (-one[1], one[0]))[:200]),
            "skipped_types": swept.gathered.skipped,
        },
        "bad_lines": [{"file": file, "line": line, "why": why} for file, line, why in swept.gathered.bad],
        "bad_line_count": swept.gathered.bad_count,
        "seconds": swept.seconds,
        "peak_mb": tally.peak_mb,
    }


def _report(told: dict[str, Any], swept: Swept, made: Path) -> None:
    from althea.cli.report import draw
    from althea.sweep.results import women_by_stage, women_by_urgency

    knowledge = load()
    cells = [{**cell, "title": _in_general(cell["rule"], knowledge)} for cell in women_by_stage(swept.table)]
    waited = [
        {"missing": missing, "checks": len(one.rules), "women": one.people, "could_be": one.could_be.word}
        for missing, one in sorted(
            swept.tally.waited.items(), key=lambda pair: (-pair[1].could_be, -pair[1].people, pair[0])
        )
    ]
    with women_by_urgency(swept.table) as (rows, total):
        draw(told, rows, waited, made / "report.html", by_stage=cells, with_findings=total)


def _in_general(rule_id: str, knowledge: Knowledge) -> str:
    """What a rule says of nobody in particular: with its medicine's name where it is of one only."""
    rule = knowledge.rules[rule_id]
    named = [knowledge.name_of(one) for one in rule.of]
    return title_in_general(rule, named[0] if len(named) == 1 else "the medicine", knowledge)


def _put(made: Path, out: Path) -> None:
    """Into place: a new folder in one step, an old one file by file, each whole."""
    for path in made.iterdir():
        path.chmod(0o600)
    if not out.exists():
        made.rename(out)
        out.chmod(0o700)
        return
    for path in sorted(made.iterdir()):
        path.replace(out / path.name)


def _say(told: dict[str, Any], out: Path, broken: Collection[str]) -> int:
    levels = told["counts"]["findings_by_level"]
    found = ", ".join(f"{levels.get(level, 0)} {level}" for level in ("critical", "warning", "info"))
    people = f"{told['counts']['women']} women among {told['counts']['patients']} people"
    print(f"{people}: {found}. Report: {out / 'report.html'}")
    lines = sum(one["lines"] for one in told["inputs"])
    bad = told["bad_line_count"]
    if bad:
        first = told["bad_lines"][0] if told["bad_lines"] else None
        where = f"; the first is {first['file']} line {first['line']}" if first else ""
        print(f"althea: {bad} of {lines} lines could not be read{where}", file=sys.stderr)
    if broken:
        print(f"althea: not read to the end: {', '.join(sorted(broken))}", file=sys.stderr)
    return 3 if broken or bad * TOO_MANY_BAD > lines else 0


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on a terminal, plain lines otherwise."""
    if not sys.stderr.isatty():
        yield lambda stage, done, of: print(f"{stage}: {done} of {of}", file=sys.stderr) if done in (0, of) else None
        return
    from rich.console import Console
    from rich.progress import Progress

    # drawn by hand: a thread that draws would be in the way of splitting off workers
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=of)
            bar.update(tasks[stage], completed=done, total=of, refresh=True)

        yield tell
