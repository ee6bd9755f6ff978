"""The orders of one observed period, by the printed rules of a plan."""
