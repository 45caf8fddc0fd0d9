"""``campanella simulators``: the strangers of the demo, in their own process."""

import os
import sys
from typing import Any

from django.conf import settings

from campanella.config.command import OperatorCommand


class Command(OperatorCommand):
    help = "Run the simulators of pagoPA and of the mailbox (SIMULATORS_PORT)."

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ.setdefault("SIMULATORS_STATE", str(settings.VAR / "simulators"))
        os.execv(sys.executable, [sys.executable, "-m", "campanella.simulators"])  # noqa: S606  # no shell
