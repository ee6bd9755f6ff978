"""From disruption events to scenarios."""
