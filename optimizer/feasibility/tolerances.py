"""How far two numbers may lie apart before a check objects, and why.

All are shares: of a limit, or of what a row adds up. So a budget of 1.50 dollars is as
strict as one of ten billion, and a gram as a megatonne.
"""

# Printed numbers are products and sums of a few numbers of the case, with no solver in
# between: only rounding of doubles (1e-16 each) adds up, over at most some 1e5 terms.
ROUNDING = 1e-9

# Of a limit, in its favour. The solver leaves a limit by up to 3e-9 of its unit, which
# is at most 1.4 times the limit, and financing by twice that. A limit that an earlier
# plan has printed lets that plan in; one that is short by 1e-7 does not.
LIMIT = 1e-8

# Of the need. The allocation is an optimum of programs that leave rows by up to 1e-7
# of the widest gap; a few such errors meet in one row.
ALLOCATION = 1e-6

# The law of the promise: model, replay and check agree to six figures.
PROMISE = 1e-6

# Of the cost without a vault: costs below it are none, and may differ by it.
NO_COST = 1e-8

# A gap smaller than this share of the need is no gap (`recourse.blocks`).
GAP_SHARE = 2e-9
