"""Whom to call, by country: kept where every page and paper can reach it."""
