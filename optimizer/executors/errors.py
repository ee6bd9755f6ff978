"""The errors of executors: unknown names, and executors that are not available."""


class UnknownExecutorError(ValueError):
    """No executor has this name."""

    def __init__(self, executor: str, expected: str) -> None:
        self.executor, self.expected = executor, expected
        super().__init__(f"executor is {executor!r}, expected {expected}")


class ExecutorUnavailableError(RuntimeError):
    """What the chosen executor needs is not installed or not running."""

    def __init__(self, executor: str, *, found: str, expected: str) -> None:
        self.executor, self.found, self.expected = executor, found, expected
        super().__init__(f"executor {executor}: {found}, expected {expected}")
