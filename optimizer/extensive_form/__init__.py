"""One MIP over all planning scenarios: the baseline, and the oracle of tests.

Relaxation first (its value is the lower bound), then tranche limit and lots near its
support, then the whole model while time is left.
"""
