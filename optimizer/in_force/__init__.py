"""The plan in force: what its reserve is some periods later, and its rules from then.

A plan is printed once. What it holds and owes later is in the position of the case.
"""
