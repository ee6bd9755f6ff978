"""What an operator is told of a process that runs: log lines, and who asked for it."""
