"""How the database is reached, by what the environment says."""

from pathlib import Path

import pytest

from campanella.config.database import connection_of


@pytest.mark.parametrize(("said", "threshold"), [(None, 5), ("true", 5), ("false", None), ("FALSE", None), ("0", None)])
def test_a_pooler_may_forbid_prepared_statements(said: str | None, threshold: int | None) -> None:
    environment = {} if said is None else {"CAMPANELLA_PREPARED_STATEMENTS": said}
    made = connection_of(environment, Path("var"))
    assert made["OPTIONS"]["prepare_threshold"] == threshold
    assert made["DISABLE_SERVER_SIDE_CURSORS"] is (threshold is None)
