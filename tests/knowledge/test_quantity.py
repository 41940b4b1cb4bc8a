"""A dose is a plain number and a unit."""

import pytest

from althea.knowledge.quantity import Dose


@pytest.mark.parametrize(("text", "mg"), [("25 mg", "25"), ("0.4 mg", "0.4"), ("05 mg", "5"), ("400 mcg", "0.4")])
def test_plain_digits_are_a_dose(text, mg):
    assert f"{Dose.parse(text).mg:f}" == mg


@pytest.mark.parametrize(
    "text",
    ["1e3 mg", "1E3 mg", "+5 mg", "-5 mg", "inf mg", "nan mg", "1_000 mg", "٥ mg", "５ mg", ".5 mg", "5. mg", "1,5 mg",
     "25mg", "mg", "25 mg daily", ""],
)  # fmt: skip
def test_anything_else_is_none_and_says_what_to_write(text):
    with pytest.raises(ValueError, match=r"is not a dose\. Write a number and a unit, for example '25 mg'\."):
        Dose.parse(text)
