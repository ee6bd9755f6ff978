"""The commands, one module for each or for a pair that belongs together."""
