"""Whether the parts of the service work, as anybody may know: no names, no amounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.messaging import queries as messaging
from campanella.domains.payments import queries as positions
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import sql
from campanella.foundation.tenants.queries import active_town

WORKER_SILENT = timedelta(seconds=30)
LATE_MAIL = timedelta(minutes=15)
LATE_CREDIT = timedelta(minutes=5)
# After this long the last refusal says nothing of now.
SILENT_PAGOPA = timedelta(minutes=30)


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
        _payments(now),
        _background(),
        _mail(now),
    ]


def _payments(now: datetime) -> PartStatus:
    """Say what is known: whether one can pay here, whether pagoPA opened its page the last time, whether credits follow."""
    last, refused_at = receipts.last_receipt_at(), positions.checkout_failed_at()
    if not active_town().chosen(PagopaChoices).iban:
        trouble = "Per ora qui non si può pagare: il Comune deve ancora indicare il suo conto."
    elif refused_at and refused_at > now - SILENT_PAGOPA:
        trouble = "pagoPA non ha aperto la pagina per pagare: riprova più tardi, oppure paga con l’avviso."
    elif receipts.waiting_since(before=now - LATE_CREDIT):
        trouble = "Le ricevute arrivano, ma il credito si aggiorna con ritardo. Nulla va perso: non pagare di nuovo."
    else:
        said = "Le ricevute di pagoPA arrivano." if last else "Non è ancora arrivata nessuna ricevuta di pagoPA."
        return PartStatus("Pagamenti", True, said, last)
    return PartStatus("Pagamenti", False, trouble, last)


def _background() -> PartStatus:
    # Workers write real time, whatever the demo's clock says.
    works = bool(sql.rows(_AT_WORK, [WORKER_SILENT.total_seconds()]))
    said = (
        "Crediti e avvisi si aggiornano subito." if works else "Crediti e avvisi si aggiornano con ritardo. Nulla va perso."
    )
    return PartStatus("Aggiornamenti", works, said)


def _mail(now: datetime) -> PartStatus:
    late = messaging.waiting_since(before=now - LATE_MAIL)
    said = "Partono subito." if not late else "Sono in ritardo: partono appena possibile."
    return PartStatus("E-mail", not late, said, messaging.last_sent_at())


_AT_WORK = "select from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s) limit 1"
