"""How is an error written down without writing down anything about a person?

The message of an exception may hold a value ("could not convert '...'"), so only its type and the places
in the code are kept.
"""

import logging
import traceback
from pathlib import Path


def where(error: BaseException, frames: int = 4) -> str:
    """`KeyError at cds.py:41 answer < cds_hooks.py:90 ask`: the innermost place first, no values."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-frames:])
    ]
    return f"{type(error).__name__} at {' < '.join(places) or 'an unknown place'}"


class NoValues(logging.Filter):
    """Replaces a traceback by the places in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg = f"{record.getMessage()} ({where(error)})"
            record.args = ()
            record.exc_info = None
            record.exc_text = None
        return True
