"""The network is cut, in the middle of a form and after the server has committed (`tests/faults/cut.py`)."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_form_whose_answer_never_came_and_is_sent_again_has_one_effect(database):
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.cut", "--database", database], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "one form, one effect, wherever the line was cut" in told.stdout
