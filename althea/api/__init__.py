"""Machines ask here: HTTP only, no medical meaning."""
