"""``campanella worker``: runs jobs, the periodic ones too."""

from typing import cast

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from campanella.config.command import ProcessCommand

AT_ONCE = 2


class Command(ProcessCommand):
    help = "Run jobs until told to stop; what a killed worker left is taken up again."

    def stay(self) -> None:
        connector = cast(DjangoConnector, app.connector).get_worker_connector()
        with app.replace_connector(connector):
            app.run_worker(concurrency=AT_ONCE, install_signal_handlers=True)
