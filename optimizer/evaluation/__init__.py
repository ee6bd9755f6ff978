"""What a plan does: its replay on any scenarios, and the statistics of it."""
