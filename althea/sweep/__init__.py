"""Everyone at once: DuckDB reads and groups, the engine answers person by person."""
