"""``campanella worker``: runs jobs, the periodic ones too."""

from django.core.management import CommandError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from campanella.config.command import ProcessCommand

AT_ONCE = 2
# Seconds of waiting for a connection. Without a database there is no work: whoever keeps the worker starts it again.
PATIENCE = 5.0


class Command(ProcessCommand):
    help = "Run jobs until told to stop; what a killed worker left is taken up again."

    def stay(self) -> None:
        connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE)
        try:
            with app.replace_connector(connector):
                app.run_worker(concurrency=AT_ONCE, install_signal_handlers=True)
        except ConnectorException as failure:
            raise CommandError(
                "The database went away. No job is lost: start the worker again when it is back."
            ) from failure
