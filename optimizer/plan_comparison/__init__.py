"""Two plans side by side, and the facts of their cases that differ."""
