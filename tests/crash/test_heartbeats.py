"""The pages witness by themselves that they can be reached, in the very process that answers."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from campanella.foundation.core.models import Heartbeat
from tests.crash.installation import Installation, close_connections, installed

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("crash")]


@pytest.fixture
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    """An installation that lives now: a clock that was moved witnesses nothing."""
    folder = Path(tempfile.mkdtemp(prefix="campanella-beats-"))
    folder.chmod(0o755)
    with django_db_blocker.unblock(), installed(folder) as made:
        made.offset = "0"
        yield made
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_that_lives_says_so(installation: Installation) -> None:
    assert Heartbeat.objects.count() == 0
    installation.start("serve")
    installation.wait_for(lambda: Heartbeat.objects.exists())
    assert abs(datetime.now(UTC) - Heartbeat.objects.latest("at").at) < timedelta(minutes=2)
    close_connections()
