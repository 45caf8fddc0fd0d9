"""The embedded server leaves nothing outside its folder."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from campanella.config import postgres


@pytest.mark.slow
@pytest.mark.process
def test_a_clean_stop_takes_the_folder_of_the_socket_away() -> None:
    with tempfile.TemporaryDirectory(prefix="campanella-postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = postgres.Server(Path(folder), durable=False)
        server.start()
        assert server.socket.exists()

        server.stop()

        assert not server.socket.exists()


RESTARTS = int(os.environ.get("CAMPANELLA_RESTARTS") or 3)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's account may enter."""
    with tempfile.TemporaryDirectory(prefix="campanella-postgres-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.slow
@pytest.mark.process
def test_everything_killed_and_started_at_once_comes_up(folder: Path) -> None:
    """Nobody has buried the dead yet: their numbers are still in the locks of the data and of the socket, and taken."""
    killed = []
    for _ in range(RESTARTS):
        server = postgres.Server(folder)
        server.start()
        assert server.process
        os.killpg(server.process.pid, signal.SIGKILL)
        killed.append(server.process)
    last = postgres.Server(folder)
    last.start()
    last.stop()
    for process in killed:
        process.wait()


@pytest.mark.slow
@pytest.mark.process
def test_a_server_at_work_is_not_pushed_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LEAVING_SECONDS", 0)
    server = postgres.Server(folder, durable=False)
    server.start()
    with pytest.raises(postgres.PostgresFailed, match="Another Campanella is running on the same data"):
        postgres.Server(folder, durable=False).start()
    server.stop()


def test_a_link_planted_where_the_socket_goes_is_not_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = folder / "precious"
    theirs.mkdir(mode=0o755)
    (folder / "socket").symlink_to(theirs)
    server = postgres.Server(folder, durable=False)
    server.socket = folder / "socket"
    with pytest.raises(postgres.PostgresFailed, match="is not a folder of ours"):
        server.start()
    assert theirs.stat().st_mode & 0o777 == 0o755
    assert theirs.stat().st_uid == os.getuid()
