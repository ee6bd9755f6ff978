"""The database: one place that commits, and the only queries."""
