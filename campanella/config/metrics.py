"""
Counters worth watching, computed when they are asked for: one query for the jobs, one for each town.

Numbers only; the label is a town's short name. docs/operate/settings.md says who may read them.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

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
                (counts,) = sql.rows(_TOWN)
            for family, count in zip(families, counts, strict=True):
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

_TOWN = """
select count(*), count(*) filter (where outcome = 'booked'),
       count(*) filter (where outcome = 'parked' and resolved_at is null), count(*) filter (where outcome = ''),
       (select count(*) from messaging_message where failed_at is not null and sent_at is null and set_aside_at is null),
       (select count(*) from messaging_message where failed_at is null and sent_at is null)
  from payments_receipt
"""
