"""Extracts of other systems, mapped to tables of a case as a file declares."""
