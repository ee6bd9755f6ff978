"""Executors by name: what is refused, and what all of them keep to."""

import sys

import pytest

from optimizer.executors import ExecutorUnavailableError, open_executors
from tests.optimizer.executors.calls import BrokenBlockError, fail, spread, square


@pytest.mark.parametrize(
    "where",
    ["", "local:", "local:0", "local:-1", "local:x", "dask", "dask:", "here:2", "MPI"],
)
def test_what_is_no_executor_is_refused(where: str) -> None:
    """The message has what was found and what was expected."""
    with pytest.raises(ValueError, match=f"executor is '{where}', expected here, "):
        open_executors(where)


@pytest.mark.parametrize("where", ["here", "local:2"])
def test_blocks_come_back_in_order(where: str) -> None:
    """Answers come in the order of the blocks, from any executor."""
    with open_executors(where) as executors:
        assert spread(executors, 5) == [0, 1, 4, 9, 16]
        assert list(executors[0].map(square, range(4))) == [0, 1, 4, 9]


@pytest.mark.parametrize("where", ["here", "local:1"])
def test_errors_travel_back(where: str) -> None:
    """An error in a worker is raised where the result is read."""
    with open_executors(where) as executors:
        future = executors[0].submit(fail, 7)
        with pytest.raises(BrokenBlockError, match="block 7"):
            future.result()


@pytest.mark.parametrize(
    ("where", "module"), [("mpi", "mpi4py"), ("dask:tcp://localhost:1", "distributed")]
)
def test_the_extra_to_install_is_named(
    where: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the library the error explains how to install it."""
    for name in [x for x in sys.modules if x.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    extra = rf"expected strongroom\[{where.partition(':')[0]}\].* to be installed"
    with pytest.raises(ExecutorUnavailableError, match=extra), open_executors(where):
        pass
