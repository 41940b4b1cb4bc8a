"""Settings by place: base is shared; demo, test and prod are the three that run."""
