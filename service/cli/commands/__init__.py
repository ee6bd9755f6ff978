"""The commands: a module each, or one for a few that belong together.

Solver, simulator, drawing library, web framework and database take a second to load.
Commands import them inside their functions, so that --help and wrong input answer at
once. To add a command: a function here, a line in application.py, a row in README.md.
"""
