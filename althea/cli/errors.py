"""What went wrong with what was given, said in one line."""


class BadInput(Exception):
    """Which file, which place in it, and what would mend it.  The command prints it and ends with 2."""

    def __init__(self, file: object, place: str, mend: str) -> None:
        super().__init__(": ".join(part for part in (str(file), place, mend) if part))
        self.file = str(file)
        self.place = place
        self.mend = mend
