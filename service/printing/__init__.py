"""Documents as printed tables: on a terminal, and in the report of a dossier."""
