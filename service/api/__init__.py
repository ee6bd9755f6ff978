"""The HTTP interface: one noun a file. Errors are problem documents (RFC 9457)."""
