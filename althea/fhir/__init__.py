"""JSON to facts and findings to cards: pure, no Django."""
