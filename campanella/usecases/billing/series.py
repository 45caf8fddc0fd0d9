"""The series of numbered papers: looked at before the first number is taken, so that no run stops half-way."""

from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.billing import rules
from campanella.domains.billing.choices import BillingChoices
from campanella.foundation.core.errors import Refusal
from campanella.foundation.tenants.queries import active_town


class SeriesUnusable(Refusal):
    """A series cannot be printed, or two papers would share one."""


def check() -> None:
    """:raises SeriesUnusable: one of the town's series cannot be used"""
    town = active_town()
    billing, arrears = town.chosen(BillingChoices), town.chosen(ArrearsChoices)
    faults = rules.series_faults(
        {
            "delle fatture": billing.bill_series,
            "delle note di credito": billing.bill_credit_series,
            "dei solleciti": arrears.arrears_series,
        }
    )
    for paper, fault in faults.items():
        raise SeriesUnusable(f"La serie {paper} non va: cambiala in Impostazioni, poi torna qui. {fault}")
