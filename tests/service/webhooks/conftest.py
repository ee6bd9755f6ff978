"""A receiver that the tests of a module share."""

from collections.abc import Generator

import pytest

from tests.service.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Generator[Receiver]:
    """Yield a receiver that runs."""
    with receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        yield receiver
