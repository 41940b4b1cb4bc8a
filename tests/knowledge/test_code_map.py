"""A code, a brand or a line of text leads to the medicine it means, and never to a look-alike."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest

from althea.knowledge import load
from althea.knowledge.codes import CodeMap, Product, code_map
from althea.knowledge.load import ROOT
from althea.knowledge.quantity import Dose


@pytest.fixture(scope="module")
def codes() -> CodeMap:
    return code_map(load().medicines)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (ROOT / "codes" / "rxnorm.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def known(codes: CodeMap, *ids: str) -> None:
    """Some medicines are written by others: what they are not, cannot be asked here."""
    missing = set(ids) - set(load().medicines)
    if missing:
        pytest.skip(f"not written yet: {', '.join(sorted(missing))}")


def parts(product: Product | None) -> list[tuple[str, str]]:
    assert product is not None
    return [(one, str(dose) if dose else "") for one, dose in product.parts]


def test_a_lithium_carbonate_tablet_is_300_mg_of_lithium(codes: CodeMap) -> None:
    known(codes, "lithium")
    product = codes.by_code["197890"]
    assert parts(product) == [("lithium", "300 mg")]
    assert (product.form, product.route, product.depot) == ("oral tablet", "oral", False)


def test_depakote_and_divalproex_are_valproate(codes: CodeMap) -> None:
    known(codes, "valproate")
    assert parts(codes.by_code["1099625"]) == [("valproate", "125 mg")]
    assert parts(codes.text("Depakote ER 500 mg")) == [("valproate", "500 mg")]
    assert parts(codes.text("divalproex sodium DR 250 mg")) == [("valproate", "250 mg")]


def test_symbyax_is_olanzapine_and_fluoxetine_with_both_strengths(codes: CodeMap) -> None:
    known(codes, "olanzapine", "fluoxetine")
    assert sorted(parts(codes.by_code["725064"])) == [("fluoxetine", "25 mg"), ("olanzapine", "6 mg")]
    assert sorted(parts(codes.text("Symbyax 6/25 mg capsule"))) == [("fluoxetine", "25 mg"), ("olanzapine", "6 mg")]


def test_yaz_is_drospirenone_and_ethinylestradiol(codes: CodeMap) -> None:
    assert codes.by_code["748856"].medicines == ("drospirenone", "ethinylestradiol")
    assert codes.by_name["yaz"].medicines == ("drospirenone", "ethinylestradiol")


def test_a_levonorgestrel_system_is_intrauterine(codes: CodeMap) -> None:
    assert (codes.by_code["807283"].route, codes.by_code["807283"].medicines) == ("intrauterine", ("levonorgestrel",))


def test_a_brand_is_found_in_a_line_of_text(codes: CodeMap) -> None:
    known(codes, "sertraline")
    product = codes.text("Zoloft 100 mg tablet")
    assert parts(product) == [("sertraline", "100 mg")]
    assert product is not None
    assert (product.brand, product.form) == ("Zoloft", "oral tablet")


@pytest.mark.parametrize("text", ["lamivudine 150 mg", "isopropyl alcohol 70% pad", "vitamin D 1000 units", ""])
def test_a_look_alike_is_not_ours(codes: CodeMap, text: str) -> None:
    assert codes.text(text) is None


def test_a_strength_for_each_millilitre_is_no_dose(codes: CodeMap) -> None:
    known(codes, "sertraline")
    assert parts(codes.text("sertraline 20 mg/mL oral concentrate")) == [("sertraline", "")]


def test_a_long_acting_injection_is_a_depot_and_a_tablet_is_not(codes: CodeMap) -> None:
    assert codes.by_code["858048"].depot
    assert not codes.by_code["198427" if "198427" in codes.by_code else "197591"].depot
    sustenna = codes.text("Invega Sustenna 156 mg")
    assert sustenna is not None
    assert sustenna.depot
    injection = codes.text("medroxyprogesterone acetate 150 mg/mL injection")
    assert injection is not None
    assert injection.depot


def test_a_product_with_a_stranger_in_it_names_him(codes: CodeMap) -> None:
    film = codes.text("buprenorphine/naloxone 8 mg/2 mg sublingual film")
    assert film is not None
    assert film.medicines == ("buprenorphine",)
    assert "naloxone" in film.others
    assert film.route == "sublingual"


def test_quetiapine_extended_release_is_another_form(codes: CodeMap) -> None:
    known(codes, "quetiapine")
    forms = {form for _, form in codes.strengths("quetiapine")}
    assert forms == {"oral tablet", "extended release oral tablet"}
    assert all(form == "extended release oral tablet" for _, form in codes.strengths("quetiapine", "extended"))


def test_a_retired_code_is_read_from_its_display(codes: CodeMap) -> None:
    known(codes, "sertraline")
    assert parts(codes.by_code["328670"]) == [("sertraline", "100 mg")]


def test_every_code_stands_once(rows: list[dict[str, str]]) -> None:
    seen = [row["rxcui"] for row in rows]
    assert len(seen) == len(set(seen))


def test_every_ingredient_is_a_medicine_of_ours(rows: list[dict[str, str]]) -> None:
    named = {one for row in rows for one in row["ingredients"].split("+")}
    assert named - set(load().medicines) == set()


def test_every_strength_is_a_dose(rows: list[dict[str, str]]) -> None:
    for row in rows:
        doses = row["strength"].split("+") if row["strength"] else []
        assert len(doses) in (0, len(row["ingredients"].split("+"))), row
        for dose in doses:
            assert Dose.parse(dose).mg > 0, row


def test_every_route_and_depot_is_one_of_the_known_words(rows: list[dict[str, str]]) -> None:
    assert {row["depot"] for row in rows} == {"", "true"}
    assert all(row["route"] == "injection" for row in rows if row["depot"])
    assert all(re.fullmatch(r"[a-z]*", row["route"]) for row in rows)


def test_the_map_has_not_shrunk(rows: list[dict[str, str]]) -> None:
    """A tripwire: raise it when the tables grow, look hard when they do not."""
    assert len(rows) >= 7400


def test_a_second_reading_is_fast(tmp_path: Path) -> None:
    medicines = load().medicines
    code_map(medicines, cache=tmp_path)
    start = time.perf_counter()
    code_map(medicines, cache=tmp_path)
    assert time.perf_counter() - start < 0.2


def test_a_salt_that_no_table_names_is_kept_by_its_medicine(rows: list[dict[str, str]]) -> None:
    """Else the next building of the map would lose it: such a row bears the medicine's own name."""
    medicines = load().medicines
    bare = [row for row in rows if row["tty"] == "PIN" and row["name"] == row["ingredients"].replace("-", " ")]
    assert len(bare) >= 14
    assert [row["rxcui"] for row in bare if row["rxcui"] not in medicines[row["ingredients"]].also_rxcui] == []
