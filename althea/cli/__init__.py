"""The `althea` command: review, score, advise, sweep, knowledge."""
