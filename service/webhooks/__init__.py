"""Webhooks: receivers outside are told of events (Standard Webhooks), and only these.

Events are written in the transaction in which they happen. Workers send them until a
receiver has taken them, so each comes at least once, whatever is restarted.
"""
