"""Pages for prescribers: one file a page."""
