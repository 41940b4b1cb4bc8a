"""Her pages, phone first."""
