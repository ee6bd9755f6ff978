"""Replays of a plan on any scenarios, and their statistics."""
