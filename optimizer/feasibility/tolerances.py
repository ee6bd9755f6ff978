"""How far two numbers may lie apart before a check objects, and why."""

# Printed numbers are products and sums of a few numbers of the case, with no solver in
# between: only rounding of doubles (1e-16 each) adds up, over at most some 1e5 terms.
ROUNDING = 1e-9

# The solver may leave a row or a bound by 1e-7 (its feasibility tolerance), and a few
# such errors meet in one row. A gram is less than any store can weigh.
TONNES = 1e-6
UNITS = 1e-6

# The solver counts in millions, so each row may be 0.10 dollars off; rows of cash are
# only separated above 10 dollars, and balances are chains of up to some 100 rows.
DOLLARS = 100.0

# The law of the promise: model, replay and check agree to six figures.
PROMISE = 1e-6

# In an objective in millions, 1e-7 is 0.10 dollars: costs of 0 may differ by that.
PROMISE_DOLLARS = 1.0

# A gap smaller than this share of the need is no gap (`recourse.blocks`).
GAP_SHARE = 2e-9

# Printed money is summed from at most 1e12 dollars, of which a double keeps 1e-4.
CENT = 0.01
