"""Pages for people: what this server is, its reference, and the types of problems."""
