"""The HTTP interface, one noun per file. Errors are problem documents (RFC 9457)."""
