"""What every page reads: the knowledge, once for each process. It does not change while the process lives."""

from functools import cache

from althea.knowledge import Knowledge, load


@cache
def knowledge() -> Knowledge:
    return load()
