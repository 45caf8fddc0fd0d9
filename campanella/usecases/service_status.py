"""Whether the parts of the service work, as anybody may know: no names, no amounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from campanella.domains.messaging import queries as messaging
from campanella.domains.payments.receipts import queries as receipts

WORKER_SILENT = timedelta(seconds=30)
LATE_MAIL = timedelta(minutes=15)


@dataclass(frozen=True)
class PartStatus:
    """One part of the service; ``since`` is when it last did something, if that is known."""

    name: str
    works: bool
    sentence: str
    since: datetime | None = None


def service_status(*, now: datetime) -> list[PartStatus]:
    """Look at each part of the service, from the database that everything goes through."""
    return [
        PartStatus("Portale", True, "Le pagine rispondono."),
        _payments(),
        _background(),
        _mail(now),
    ]


def _payments() -> PartStatus:
    last = receipts.last_receipt_at()
    said = "Le ricevute di pagoPA arrivano." if last else "Non è ancora arrivata nessuna ricevuta di pagoPA."
    return PartStatus("Pagamenti", True, said, last)


def _background() -> PartStatus:
    # Workers write real time, whatever the demo's clock says.
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
            [WORKER_SILENT.total_seconds()],
        )
        works = bool(cursor.fetchone()[0])
    said = (
        "Crediti e avvisi si aggiornano subito." if works else "Crediti e avvisi si aggiornano con ritardo. Nulla va perso."
    )
    return PartStatus("Aggiornamenti", works, said)


def _mail(now: datetime) -> PartStatus:
    late = messaging.waiting_since(before=now - LATE_MAIL)
    said = "Partono subito." if not late else "Sono in ritardo: partono appena possibile."
    return PartStatus("E-mail", not late, said, messaging.last_sent_at())
