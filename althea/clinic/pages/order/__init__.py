"""Prescribing: composed with the checks beside it, signed once, stopped by a plan, printed."""
