"""A file stays as long as its row does: an act that is given up leaves none behind."""

from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from campanella.domains.people import picking_up
from campanella.foundation.core import clock, files
from campanella.foundation.core.scope import scope, use_case
from tests.towns import OFFICE, TODAY, Cast


def _kept(folder: str) -> list[str]:
    """Return the files of a folder, of every town."""
    try:
        return [
            name for town in default_storage.listdir(folder)[0] for name in default_storage.listdir(f"{folder}/{town}")[1]
        ]
    except FileNotFoundError:
        return []


def _given_up(content: bytes) -> None:
    """Keep a file in an act that is given up."""
    with transaction.atomic():
        assert default_storage.exists(files.keep(folder="proof", content=content))
        raise ValueError("given up")


def test_a_file_stays_with_its_transaction(valle: Cast) -> None:
    before = _kept("proof")
    with pytest.raises(ValueError, match="given up"):
        _given_up(b"one")
    assert _kept("proof") == before

    with transaction.atomic():
        files.keep(folder="proof", content=b"beside a savepoint that is not kept")
        with pytest.raises(ValueError, match="given up"):
            _given_up(b"two")
    assert len(_kept("proof")) == len(before) + 1


def test_a_copy_of_a_document_is_gone_with_an_act_that_is_given_up(valle: Cast) -> None:
    child = valle.child("Anna")

    @use_case
    def act(*, fails: bool) -> None:
        picking_up.name(
            by=OFFICE,
            child_id=child.pk,
            given_name="Ugo",
            family_name="Neri",
            birth_date=date(1970, 1, 1),
            document="CA12345AA",
            phone="",
            until=TODAY,
            is_confirmed=False,
            now=clock.now(),
            copy=b"%PDF-1.7 copia",
        )
        if fails:
            raise ValueError("given up")

    before = _kept("delegates")
    with scope(valle.town.id):
        with pytest.raises(ValueError, match="given up"):
            act(fails=True)
        assert _kept("delegates") == before
        act(fails=False)
    assert len(_kept("delegates")) == len(before) + 1
