"""`althea knowledge diff A B`: which findings change, and for whom, when one knowledge takes the place of another?

A and B are folders of records, or git revisions of this project. The same people are swept with both; what only one of
them says is printed, by rule and person, so that a clinical change can be read before it is merged.
"""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from datetime import date
from pathlib import Path

from althea.cli.errors import BadInput
from althea.engine.facts import TOPICS, Known
from althea.engine.review import review
from althea.fhir.read import read, why_not_checked
from althea.fhir.record import TOPIC_OF, Record, tail
from althea.knowledge import Knowledge, NotKnowledge, load
from althea.knowledge.load import ROOT
from althea.sweep.exports import NothingToRead, find

SAMPLE = ROOT.parent.parent / "sample" / "women"
SAMPLE_DAY = date(2026, 11, 22)
"""The day the shipped sample was made for."""

Said = tuple[str, str, str, str]
"""(patient, rule, level, title)"""


def diff(a: str, b: str, people: str | None, as_of: date | None) -> int:
    """Prints what changed; 0 whether or not anything did."""
    folder = Path(people) if people else SAMPLE
    day = as_of or (SAMPLE_DAY if people is None else date.today())
    with tempfile.TemporaryDirectory() as beside:
        first, second = (_knowledge(name, Path(beside) / side) for name, side in ((a, "a"), (b, "b")))
        before, after = (_said(folder, day, one) for one in (first, second))
    gone, new = sorted(before - after), sorted(after - before)
    for sign, rows in (("-", gone), ("+", new)):
        for patient, rule, level, title in rows:
            print(f"{sign} {level:8} {rule}  {patient}: {title}")
    print(
        f"{first.stamp} -> {second.stamp}: {len(new)} findings more, {len(gone)} fewer, {len(before & after)} the same"
    )
    return 0


def _knowledge(name: str, beside: Path) -> Knowledge:
    folder = Path(name)
    try:
        if folder.is_dir():
            return load(folder)
        return load(_revision(name, beside))
    except NotKnowledge as error:
        raise BadInput(name, "", str(error)) from None


def _revision(name: str, beside: Path) -> Path:
    """The records as they were in a git revision."""
    asked = ["git", "-C", str(ROOT), "archive", "--format=tar", name, "."]
    try:
        packed = subprocess.run(asked, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise BadInput(name, "", "is neither a folder of records nor a git revision of this project.") from None
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(beside, filter="data") if sys.version_info >= (3, 12) else tar.extractall(beside)
    return beside


def _said(folder: Path, day: date, knowledge: Knowledge) -> set[Said]:
    found: set[Said] = set()
    for person, record in _people(folder).items():
        if not record.patient or why_not_checked(record.patient, day):
            continue
        answer = review(read(record, day, knowledge), None, knowledge)
        found.update((person, one.rule, one.level.word, one.title) for one in answer.findings)
    return found


def _people(folder: Path) -> dict[str, Record]:
    """Everybody in a small export, in memory: a sample is what a change is read on, not a hospital."""
    try:
        export = find(folder)
    except NothingToRead as error:
        raise BadInput(folder, "", str(error)) from None
    known = dict.fromkeys(TOPICS, Known.UNKNOWN)
    known.update((TOPIC_OF[kind], Known.KNOWN) for kind in export.files if kind in TOPIC_OF)
    people: dict[str, Record] = {}
    for kind, paths in export.files.items():
        for path in paths:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
                for line in lines:
                    body = json.loads(line)
                    subject = body.get("subject") or body.get("patient") or {}
                    person = body["id"] if kind == "Patient" else tail(subject.get("reference", ""))
                    record = people.setdefault(person, Record({}, frozenset((person,)), known=known))
                    if kind == "Patient":
                        record.patient = body
                    elif kind in TOPIC_OF:
                        record.rows[TOPIC_OF[kind]].append((body, (path.name, -1)))
    return people
