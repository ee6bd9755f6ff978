"""The service: an HTTP API, jobs that solve in processes of their own, a store."""
