"""The database: all queries of the service, and the one place that commits."""
