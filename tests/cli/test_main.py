"""The command: one subcommand's module is imported, bad input is one line and 2, Django is not needed."""

import subprocess
import sys
from types import ModuleType

import pytest

from althea.cli import main as command
from althea.cli.errors import BadInput


@pytest.fixture
def score(monkeypatch):
    module = ModuleType("althea.cli.score")
    module.add_arguments = lambda parser: parser.add_argument("scale")
    module.run = lambda args: 0
    monkeypatch.setattr(command, "_module", lambda name: module)
    return module


def test_a_subcommand_gets_its_arguments_and_gives_the_exit_code(score):
    given = []
    score.run = lambda args: given.append(args.scale) or 3
    assert command.main(["score", "PHQ-9"]) == 3
    assert given == ["PHQ-9"]


def test_bad_input_is_one_line_on_standard_error_and_ends_with_2(score, capsys):
    def run(args):
        raise BadInput("answers.json", "item 3", "give a number\nfrom 0 to 3.")

    score.run = run
    assert command.main(["score", "PHQ-9"]) == 2
    told = capsys.readouterr()
    assert told.err == "althea: answers.json: item 3: give a number from 0 to 3.\n"
    assert told.out == ""


def test_a_subcommand_whose_module_is_absent_says_so(monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda path: None)
    assert command.main(["score", "PHQ-9"]) == 2
    assert capsys.readouterr().err == "althea: score: this subcommand is not part of this installation.\n"


@pytest.mark.parametrize("given", [["dream"], [], ["--dream"]])
def test_an_unknown_subcommand_ends_with_2(given):
    with pytest.raises(SystemExit) as ended:
        command.main(given)
    assert ended.value.code == 2


@pytest.mark.parametrize("given", [["--help"], ["--version"]])
def test_help_and_version_end_with_0(given):
    with pytest.raises(SystemExit) as ended:
        command.main(given)
    assert ended.value.code == 0


def test_starting_the_command_imports_no_django_and_no_duckdb():
    code = (
        "import sys; sys.modules['django'] = sys.modules['duckdb'] = None\n"
        "from althea.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as ended: sys.exit(ended.code)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
