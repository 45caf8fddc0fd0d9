"""
Counters worth watching, computed when they are asked for: one query for the jobs, three for each town.

Numbers only; the label is a town's short name. docs/operate/settings.md says who may read them.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from campanella.domains.ledger import seals
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import sql
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants import queries as tenants

OF_A_TOWN = {
    "campanella_receipts_kept": "Receipts of pagoPA that are kept.",
    "campanella_receipts_booked": "Receipts that are in the ledger.",
    "campanella_receipts_parked": "Receipts that wait for the office.",
    "campanella_receipts_waiting": "Receipts that the worker has not looked at.",
    "campanella_messages_failed": "Messages that nobody will try again.",
    "campanella_messages_waiting": "Messages that are still to leave.",
    "campanella_promises_broken": "Promises that the night's proof of the ledger has found broken.",
}


class Counts(Collector):
    """What the database says now."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give every counter."""
        jobs = GaugeMetricFamily("campanella_jobs", "Jobs by their state.", labels=["state"])
        for state, count in sql.rows(_JOBS):
            jobs.add_metric([state], count)
        yield jobs
        families = [GaugeMetricFamily(name, words, labels=["town"]) for name, words in OF_A_TOWN.items()]
        for town in tenants.all_towns():
            with scope(town.id):
                counted = receipts.counts()
                found = [counted[name] for name in ("kept", "booked", "parked", "unbooked")]
                found += [messaging.failed_count(), messaging.waiting_count()]
                last = seals.last_seal()
                found.append(last.broken if last else 0)
            for family, count in zip(families, found, strict=True):
                family.add_metric([town.slug], count)
        yield from families


REGISTRY = CollectorRegistry()
REGISTRY.register(Counts())


def written() -> bytes:
    """Write the counters in Prometheus' format."""
    return generate_latest(REGISTRY)


_JOBS = """
select states.name, count(jobs.id)
  from unnest(array['todo', 'doing', 'failed']) as states(name)
  left join procrastinate_jobs jobs on jobs.status::text = states.name
 group by states.name order by states.name
"""
