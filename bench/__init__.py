"""What does it cost?  Ratios against a plain baseline in the same run; see docs/measured.md."""
