"""Althea: safety checks and careful trials for women's psychiatric medicines.

The rooms, from the ground up: knowledge, engine, fhir, sweep, look, then api, cli and clinic, and site
on the roof.  Imports only go down (see docs/decisions/0001-the-house.md).
"""

__version__ = "0.1.0"
