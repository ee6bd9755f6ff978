"""Benders decomposition by sets of materials short together, with a certified gap."""
