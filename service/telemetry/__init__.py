"""Log lines, and the request ids in them."""
