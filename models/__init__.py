"""Plain data: what a case, a plan and an outcome are. No I/O, no solver, no web."""
