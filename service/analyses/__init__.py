"""Analyses of cases and plans: one registry for command line, interface and jobs.

`registry` and `parameters` say what there is, and load no solver. The functions that
compute an analysis are named there as text, and loaded where it runs.
"""
