"""Facts in, findings out. Pure Python: no clock, no database, no web. Nothing clinical is written here in numbers."""
