"""Her own paper: how she takes it, or her steps and calendar; of her own signed orders only."""

import pytest

from althea.care.models import AuditRow
from tests.clinic.prescribing import a_draft, signed_order
from tests.look.paper.reading import words as words_of
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def test_her_page_leads_to_her_instructions_without_the_pharmacys_sheet(people):
    order = signed_order(people, words="With food.")
    client = signed_in(people.maya.user)
    page = client.get("/medicine").content.decode()
    assert f'href="/medicine/{order.pk}/paper"' in page
    answer = client.get(f"/medicine/{order.pk}/paper")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer["Content-Disposition"] == 'inline; filename="notes.pdf"'
    words = words_of(answer.content)
    assert "How I take it" in words
    assert "With food." in words
    assert "988" in words
    assert "Prescription" not in words
    assert AuditRow.objects.filter(verb="looked at my-paper", patient=people.maya).count() == 1


def test_her_steps_to_stop_are_her_taper(people):
    from datetime import timedelta

    from tests.clinic.prescribing import on_of

    on = on_of(people)
    step = {
        "from": on.isoformat(), "until": (on + timedelta(days=13)).isoformat(), "dose": "50 mg", "times_a_day": 1,
        "when": "each morning", "take": "1 tablet of 50 mg each morning",
    }  # fmt: skip
    order = signed_order(people, stops=True, steps=[step])
    words = words_of(signed_in(people.maya.user).get(f"/medicine/{order.pk}/paper").content)
    assert "My taper calendar" in words
    assert "none" in words


def test_nobody_elses_and_no_draft(people):
    other, draft = signed_order(people, patient=people.noor), a_draft(people)
    client = signed_in(people.maya.user)
    for order in (other, draft):
        assert client.get(f"/medicine/{order.pk}/paper").status_code == 404
    assert signed_in(people.sam).get(f"/medicine/{draft.pk}/paper").status_code == 404
