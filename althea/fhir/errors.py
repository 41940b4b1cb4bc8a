"""What is wrong with what was sent, said with its place and its mend."""

from __future__ import annotations


class BadRequest(Exception):
    """A request that cannot be answered. `status` is 400, or 412 where the patient is not there."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
