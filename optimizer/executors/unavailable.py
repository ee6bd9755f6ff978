"""The error of executors that cannot be had."""


class ExecutorUnavailableError(RuntimeError):
    """What the chosen executor needs is not installed or not running."""
