"""An order that points at a Medication of the export is read as if it named the medicine itself."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

import althea.fhir
from althea.sweep import elements
from althea.sweep.medications import Medications
from tests.sweep.test_sweep import SAMPLE, sweep

IDS = {"relative": "m-{0}", "absolute": "m-{0}", "urn": "00000000-0000-4000-8000-00000000000{0}"}
POINTERS = {
    "relative": "Medication/{0}",
    "absolute": "https://ehr.example/fhir/Medication/{0}/_history/2",
    "urn": "urn:uuid:{0}",
}


def findings(out: Path) -> list[list[str]]:
    return list(csv.reader((out / "findings.csv").open(encoding="utf-8")))


def pointing(tmp_path: Path, how: str) -> Path:
    """The sample, with every medicine moved out of its order into Medication.ndjson."""
    export = tmp_path / "export"
    export.mkdir()
    for path in SAMPLE.iterdir():
        (export / path.name).write_bytes(path.read_bytes())
    medications: dict[str, str] = {}
    orders = []
    for line in (SAMPLE / "MedicationRequest.ndjson").read_text().splitlines():
        order = json.loads(line)
        code = json.dumps(order.pop("medicationCodeableConcept"))
        number = medications.setdefault(code, IDS[how].format(len(medications)))
        order["medicationReference"] = {"reference": POINTERS[how].format(number)}
        orders.append(json.dumps(order))
    (export / "MedicationRequest.ndjson").write_text("\n".join(orders) + "\n")
    (export / "Medication.ndjson").write_text(
        "".join(
            json.dumps({"resourceType": "Medication", "id": own, "code": json.loads(code)}) + "\n"
            for code, own in medications.items()
        )
    )
    return export


@pytest.mark.parametrize("how", list(POINTERS))
def test_the_findings_are_the_same_as_where_the_order_names_its_medicine(tmp_path: Path, how: str) -> None:
    assert sweep(SAMPLE, tmp_path / "named").returncode == 0
    done = sweep(pointing(tmp_path, how), tmp_path / "pointing", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert findings(tmp_path / "pointing") == findings(tmp_path / "named")
    assert len(findings(tmp_path / "named")) > 20


def test_an_order_that_points_at_nothing_is_not_read_as_anothers(tmp_path: Path) -> None:
    export = pointing(tmp_path, "relative")
    (export / "Medication.ndjson").write_text('{"resourceType":"Medication","id":"another"}\n')
    assert sweep(export, tmp_path / "out").returncode == 0
    assert not any(row[1] == "lithium-nsaid" for row in findings(tmp_path / "out"))


def test_of_two_medications_with_one_id_the_same_one_stays_whichever_came_first(tmp_path: Path) -> None:
    two = [("m", b'{"id":"m","code":{"text":"lithium"}}'), ("m", b'{"id":"m","code":{"text":"sertraline"}}')]
    found = []
    for number, rows in enumerate((two, two[::-1])):
        kept = Medications(tmp_path / f"{number}.sqlite3")
        kept.keep(rows)
        found.append(kept._look_up("m"))
    assert found[0] == found[1] == {"id": "m", "code": {"text": "lithium"}}


def test_every_element_that_a_reader_looks_at_is_kept() -> None:
    """Looked for in the readers' own text: a name they ask a resource for must stand in the list."""
    asked = re.compile(
        r"\b(?:resource|patient|body|medication|source)(?:\.get\(|\[)\"(\w+)\"|\"(\w+)\" (?:not )?in (?:\w+\.)?(?:resource|body)\b"
    )
    of_a_bundle = {"subject", "patient", "issue"}
    named = {name for names in elements.ELEMENTS.values() for name in names}
    folder = Path(althea.fhir.__file__).parent
    found = {
        one
        for path in folder.glob("*.py")
        if path.name not in ("cds.py", "cards.py", "write.py")
        for pair in asked.findall(path.read_text(encoding="utf-8"))
        for one in pair
        if one
    }
    assert len(found) > 40
    assert found - of_a_bundle <= named
