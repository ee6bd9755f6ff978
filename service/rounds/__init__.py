"""Rounds: rights on offer, sealed offers of participants, awards of a plan."""
