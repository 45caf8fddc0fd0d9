"""The town that every test meets is written back as it was made, in every table."""

import pytest
from django.db import connection, transaction

from campanella.foundation.core.scope import scope
from tests import recording
from tests.towns import known


def _everything() -> dict[str, str | None]:
    found = {}
    with connection.cursor() as cursor:
        for table in recording.tables():
            cursor.execute(f"select json_agg(r order by r::text)::text from {table} r")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.usefixtures("db")
def test_a_town_written_back_is_the_one_that_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_recordings", {})
    seen = []
    for _ in ("made", "written back"):
        with transaction.atomic():
            borgo = known("borgo")
            with scope(borgo.town.id):
                assert (borgo.staff["office"].username, borgo.balance("Anna")) == ("office", 0)
                seen.append(_everything())
            transaction.set_rollback(True)

    made, written = seen
    assert sum(rows is not None for rows in made.values()) > 15
    assert written == made
