"""``campanella``: every command of the installation."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from campanella import VERSION
from campanella.config.database import embedded_socket
from campanella.demo.state import State

# These change tables or the register of towns, so they act as the database's owner.
AS_OWNER = {"migrate", "makemigrations", "town", "demo_prepare", "backup", "restore"}

# As a shell says it of a command that was stopped by Ctrl-C.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; the exit status is 0, or not 0 with one sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
    if words[:1] in (["--version"], ["version"]):
        sys.stdout.write(f"{VERSION}\n")
        return
    if words and words[0] in AS_OWNER:
        os.environ["CAMPANELLA_AS_OWNER"] = "1"
    # What a command imports stays: looking through it while it comes was an eighth of the start. The last application of
    # all lets the collector go on.
    gc.disable()
    try:
        from django.core.management import ManagementUtility

        from campanella.config.settings import VAR

        close_to_others(VAR)
        os.environ.update(time_of_the_demo(os.environ, VAR))
        ManagementUtility(["campanella", *words]).execute()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)


def close_to_others(var: Path) -> None:
    """
    Keep what is under ``var`` from the machine's other accounts: files of families, sign-ins of the demo.

    Root's embedded server is another account, which must be able to pass, and has a folder that is closed by itself.
    """
    with suppress(OSError):  # not ours to close, or not there yet
        var.mkdir(parents=True, exist_ok=True)
        passable = 0o711 if os.getuid() == 0 else 0o700
        var.chmod(passable)
        for path in var.iterdir():
            if not path.is_symlink() and not path.name.startswith("postgres"):
                # A folder with a server of its own, as that of the tests, is one it must be able to pass as well.
                inside = passable if (path / "postgres").is_dir() else 0o700
                path.chmod(inside if path.is_dir() else 0o600)


def time_of_the_demo(environ: Mapping[str, str], var: Path) -> dict[str, str]:
    """
    Return what a command beside the running demo is told, so that it lives at the same moment as the pages.

    Only the demo runs the embedded server, and a server that was stopped takes its socket away.
    """
    is_beside = not environ.get("DATABASE_URL") and any(Path(embedded_socket(var)).glob(".s.PGSQL.*"))
    if not is_beside or "CAMPANELLA_CLOCK_OFFSET" in environ:
        return {}
    return {"CAMPANELLA_CLOCK_OFFSET": str(State(var).offset)}
