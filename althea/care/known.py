"""What every page reads: the knowledge, once for each process, and whose rules of it hold for her."""

from functools import cache

from django.conf import settings

from althea.care.models import Patient
from althea.knowledge import Knowledge, load


@cache
def knowledge() -> Knowledge:
    """It does not change while the process lives."""
    return load()


def jurisdiction_of(patient: Patient) -> str:
    """Whose rules warn where sources differ: those of her clinic's country."""
    return patient.clinic.country or str(settings.ALTHEA_JURISDICTION)
