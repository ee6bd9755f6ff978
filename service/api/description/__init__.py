"""The description of the interface, OpenAPI 3.1, beyond what routes say themselves."""
