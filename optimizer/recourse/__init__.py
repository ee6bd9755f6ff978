"""The static allocation of what is there: only where something is short."""
