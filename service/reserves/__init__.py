"""Reserves: their ledgers, what of these counts, and the chains of lots."""
