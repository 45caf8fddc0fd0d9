"""``campanella``: every command of the installation."""

import os
import sys
from collections.abc import Sequence

# These change tables or the register of towns, so they act as the database's owner.
AS_OWNER = {"migrate", "makemigrations", "town", "demo_prepare"}

# As a shell says it of a command that was stopped by Ctrl-C.
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; the exit status is 0, or not 0 with one sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
    if words and words[0] in AS_OWNER:
        os.environ["CAMPANELLA_AS_OWNER"] = "1"
    try:
        from django.core.management import ManagementUtility

        ManagementUtility(["campanella", *words]).execute()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)
