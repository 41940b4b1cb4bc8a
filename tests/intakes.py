"""An intake that was sent to Maya, and what she has answered, as the tests of both sides make and read it."""

import pytest
from django.utils import timezone

from althea.care.models import Intake
from tests.people import signed_in


@pytest.fixture
def intake(people):
    return Intake.objects.create(patient=people.maya, sent_at=timezone.now())


def maya(people):
    return signed_in(people.maya.user)


def said(intake):
    return {row.question: row.value for row in intake.answers.order_by("at")}


def kept(intake, question):
    """The newest answer to it, and how it was said."""
    row = intake.answers.filter(question=question).order_by("at").last()
    return (row.value, row.said)
