"""The house stays as drawn: who imports whom, no clock below stairs, no drawers, nothing left undone."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "althea").rglob("*.py"))
BELOW_STAIRS = [path for path in CODE if path.relative_to(ROOT / "althea").parts[0] in ("knowledge", "engine", "fhir")]


def project_files():
    """Every text file that belongs to the project, whether or not it is committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix in (
            "",
            ".py",
            ".toml",
            ".md",
            ".html",
            ".css",
            ".csv",
            ".in",
            ".txt",
        ):
            yield path


def test_imports_only_go_down():
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_only_the_sweep_imports_duckdb():
    imports = re.compile(r"^\s*(import|from) duckdb\b", re.MULTILINE)
    importing = {path.relative_to(ROOT / "althea").parts[0] for path in CODE if imports.search(path.read_text())}
    assert importing <= {"sweep"}


@pytest.mark.parametrize("path", BELOW_STAIRS, ids=lambda path: str(path.relative_to(ROOT)))
def test_below_stairs_there_is_no_clock(path):
    assert not re.search(r"\.(now|today|utcnow)\(|\btime\.time\(", path.read_text("utf-8"))


def test_nothing_is_left_to_do():
    word = "TO" + "DO"
    assert [str(path) for path in project_files() if re.search(rf"\b{word}\b", path.read_text("utf-8"))] == []


def test_there_are_no_drawers():
    drawer = re.compile(r"(utils?|helpers?|services?|common|misc|managers?)(\.py)?")
    parts = {part for path in project_files() for part in path.relative_to(ROOT).parts}
    assert [part for part in parts if drawer.fullmatch(part)] == []


def test_the_requirements_name_no_address_and_hash_everything():
    for name in ("uv", "run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[a-z0-9-]+==\S+(.*)\n(.*)$", text, re.MULTILINE)
        assert pinned
        assert all(rest.endswith("\\") and below.startswith("    --hash=sha256:") for rest, below in pinned)


def test_the_project_and_its_requirements_name_the_same_packages():
    listed = (ROOT / "requirements" / "run.in").read_text("utf-8").splitlines()
    names = {line.partition("#")[0].strip() for line in listed} - {"", "setuptools"}
    assert names == set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])


@pytest.mark.django_db
def test_migrations_are_complete():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
