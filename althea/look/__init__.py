"""How Althea looks and sounds: templates, styles, charts.  Knows nothing of medicine."""
