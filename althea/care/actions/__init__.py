"""What can be done: a verb a function, one file a subject. Pages call one of these, and nothing else writes."""
