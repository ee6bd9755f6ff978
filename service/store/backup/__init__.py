"""Backups: a store as one file, written while its server works."""
