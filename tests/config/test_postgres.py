"""The embedded server leaves nothing outside its folder."""

import tempfile
from pathlib import Path

import pytest

from campanella.config import postgres


@pytest.mark.slow
def test_a_clean_stop_takes_the_folder_of_the_socket_away() -> None:
    with tempfile.TemporaryDirectory(prefix="campanella-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = postgres.Server(Path(folder), durable=False)
        server.start()
        assert server.socket.exists()

        server.stop()

        assert not server.socket.exists()
