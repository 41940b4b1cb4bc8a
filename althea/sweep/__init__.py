"""Everyone at once: workers group lines by person, the engine answers each of them, DuckDB sorts the findings."""
