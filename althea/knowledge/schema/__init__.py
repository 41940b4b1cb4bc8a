"""What may a record say?  The shapes of Althea's knowledge, one file a kind of record.

Shapes are plain frozen dataclasses, so that the engine reads them without a validation library; `load.py` holds
records against them and forbids every key that is not named here.
"""
