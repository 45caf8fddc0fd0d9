"""Files that belong to rows: kept under a random name, and gone with a transaction that is rolled back."""

import secrets
import weakref

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id


class _Promise:
    """
    That the transaction around commits. Django drops what waits for a commit when its savepoint or its transaction is rolled
    back, and with it goes the file.
    """

    def __init__(self, name: str) -> None:
        self._removal = weakref.finalize(self, default_storage.delete, name)

    def __call__(self) -> None:
        self._removal.detach()


def keep(*, folder: str, content: bytes) -> str:
    """Keep a file of the active town, and return its name; nothing stays of it unless the transaction around commits."""
    name = default_storage.save(f"{folder}/{active_town_id()}/{secrets.token_hex(16)}", ContentFile(content))
    transaction.on_commit(_Promise(name))
    return name


def read(name: str) -> bytes:
    """
    Read a file that was kept.

    :raises NotFound: the storage has lost it
    """
    try:
        with default_storage.open(name, "rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError:
        raise NotFound("Questo documento non c’è più: chiedilo di nuovo.")


def remove(name: str) -> None:
    """Remove a file once the transaction around commits."""
    transaction.on_commit(lambda: default_storage.delete(name))
