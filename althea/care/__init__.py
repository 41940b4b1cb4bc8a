"""What happened, and who did it?  The record, the workflow, and the only writes."""
