"""The engine that brings queued jobs to workers: DBOS Transact. All that knows it.

All that it is told of a job is its id and a number. Which job is next, which worker is
free and that no job is forgotten it decides on rows in the same database; what a job is
and how far it got is in our own tables.
"""
