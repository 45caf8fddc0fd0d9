"""All simulators of one process, wired together."""

from dataclasses import dataclass

from campanella.simulators.bank.bank import Bank
from campanella.simulators.inps.inps import Inps
from campanella.simulators.mailbox import Mailbox
from campanella.simulators.pagopa.carts import Carts
from campanella.simulators.pagopa.deliveries import Deliveries
from campanella.simulators.pagopa.payments import Payments
from campanella.simulators.pagopa.psp import Psp
from campanella.simulators.pagopa.station import Station
from campanella.simulators.settings import Settings
from campanella.simulators.store import Store


@dataclass(frozen=True)
class Simulators:
    """What pages and control API reach."""

    settings: Settings
    store: Store
    mailbox: Mailbox
    deliveries: Deliveries
    payments: Payments
    psp: Psp
    carts: Carts
    bank: Bank
    inps: Inps


def assemble(settings: Settings, store: Store, station: Station) -> Simulators:
    """Wire the simulators; nothing is started."""
    deliveries = Deliveries(store=store, station=station, retry_seconds=settings.retry_seconds)
    payments = Payments(store)
    psp = Psp(
        station=station,
        deliveries=deliveries,
        payments=payments,
        broker=settings.broker,
        station_id=settings.station,
    )
    return Simulators(
        settings=settings,
        store=store,
        mailbox=Mailbox(store),
        deliveries=deliveries,
        payments=payments,
        psp=psp,
        carts=Carts(store=store, psp=psp),
        bank=Bank(store),
        inps=Inps(store),
    )
