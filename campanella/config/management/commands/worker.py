"""``campanella worker``: runs jobs, the periodic ones too."""

import asyncio
import signal

from django.core.management import CommandError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import errors

from campanella.config.command import ProcessCommand
from campanella.foundation.core import jobs

# Seconds of waiting for a connection. Without a database there is no work: whoever keeps the worker starts it again.
PATIENCE = 5.0


class Command(ProcessCommand):
    help = "Run jobs until told to stop; what a killed worker left is taken up again."

    def stay(self) -> None:
        # Fetches and ends jobs; whoever enqueues one writes through the connection of the fact (foundation/core/jobs.py).
        connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE)
        try:
            with app.replace_connector(connector):
                asyncio.run(_work())
        except ConnectorException as failure:
            raise CommandError(_why(failure)) from failure


def _why(failure: ConnectorException) -> str:
    cause = failure.__cause__
    if isinstance(cause, errors.ForeignKeyViolation):
        return "Another worker took this one for dead, because it was silent, and has its jobs: start this one again."
    if isinstance(cause, errors.ReadOnlySqlTransaction):
        return "The database takes no writing. No job is lost: start the worker again when it does."
    if isinstance(cause, errors.DiskFull):
        return "The disk of the database is full. No job is lost: start the worker again when there is room."
    return "The database went away. No job is lost: start the worker again when it is back."


async def _work() -> None:
    """Work with the hands of every queue until told to stop, or until those of one of them cannot go on."""
    async with app.open_async():
        hands = [
            asyncio.create_task(app.run_worker_async(queues=[queue], concurrency=count, install_signal_handlers=False))
            for queue, count in jobs.HANDS.items()
        ]
        loop = asyncio.get_running_loop()

        def stop() -> None:
            # Each hand ends what it has begun. A second Ctrl-C does not wait for that.
            for sign in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(sign)
            for hand in hands:
                hand.cancel()

        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop)
        await asyncio.wait(hands, return_when=asyncio.FIRST_COMPLETED)
        stop()
        for ended in await asyncio.gather(*hands, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
