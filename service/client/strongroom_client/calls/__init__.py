"""A function for each operation of the interface, named as in its description."""
