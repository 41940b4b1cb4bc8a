"""Who has looked at her record, for those who look after her: day by day, the newest in sight."""

from datetime import date, timedelta

import pytest

from althea.clinic.pages.who_sees import by_day, split
from tests.people import signed_in


def looks(*counts):
    """So many lines on each day, the newest day first."""
    newest = date(2026, 6, 9)
    return [
        {"on": newest - timedelta(days=back), "who": "x"} for back, count in enumerate(counts) for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [((), (0, 0)), ((3,), (1, 0)), ((4, 6), (2, 0)), ((4, 6, 1), (2, 1)), ((25, 1, 1), (1, 2)), ((9, 1, 1), (2, 1))],
)
def test_whole_days_stand_in_sight_until_ten_lines_do(counts, sizes):
    seen, folded = split(by_day(looks(*counts)))
    assert (len(seen), len(folded)) == sizes
    assert sum(len(lines) for _, lines in seen + folded) == sum(counts), "nothing is lost"


@pytest.mark.django_db
def test_the_day_stands_before_who_looked(people):
    client = signed_in(people.marchetti.user)
    client.get(f"/patients/{people.maya.pk}/")
    words = client.get(f"/patients/{people.maya.pk}/who").content.decode()
    panel = words[words.index("Who has looked") :]
    assert panel.index("<time") < panel.index("Dr Marchetti, prescriber")
    assert "earlier day" not in panel
