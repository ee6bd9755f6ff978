"""Tokens of an OpenID provider in place of keys. Loaded only if a provider is set."""
