"""A store as one file: made while its server works, restored into any database."""
