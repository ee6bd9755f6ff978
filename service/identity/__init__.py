"""Who uses the service, and what each may do: accounts, keys, permissions."""
