"""Outlines of countries for maps."""
