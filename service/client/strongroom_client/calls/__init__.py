"""A function for each operation of the interface, named as in its description.

One orders all analyses; the stream of events has none.
"""
