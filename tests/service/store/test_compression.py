import hashlib
import zlib

import pytest

from service.errors import DamagedDocumentError
from service.store.compression import pack, unpack

TEXT = '{"name":"Neodym für Magnete"}'
HASH = hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_packed_document_comes_back_the_same() -> None:
    """Packing loses nothing."""
    assert unpack(pack(TEXT), HASH) == TEXT


def test_other_content_under_the_hash_is_damage() -> None:
    """A document that was changed in the file is not handed out."""
    with pytest.raises(DamagedDocumentError):
        unpack(zlib.compress(b"{}"), HASH)


def test_bytes_that_cannot_be_unpacked_are_damage() -> None:
    """A document that was cut is not handed out."""
    with pytest.raises(DamagedDocumentError):
        unpack(pack(TEXT)[:-8], HASH)
