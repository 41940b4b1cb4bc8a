"""A clinic to walk through: made-up women with coherent histories, as of today."""
