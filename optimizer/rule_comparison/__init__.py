"""Other rules with the levels of a plan, a clairvoyant, and the worth of knowing."""
