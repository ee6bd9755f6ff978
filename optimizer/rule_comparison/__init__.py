"""Other rules with the levels of a plan, a clairvoyant, the value of information."""
