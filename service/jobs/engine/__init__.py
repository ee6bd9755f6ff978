"""The queue that brings jobs to workers. Only this package uses DBOS Transact.

DBOS gets the id of a job and the number of its ticket. It decides which job is next and
which worker gets it, in its own tables of the same database. The state of a job is in
our tables.
"""
