"""Builds a case for other users out of the data that ship with the reference case."""
