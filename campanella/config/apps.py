"""Plugs in what upper floors declare: reactions, menus, choices of a town, sentences; and the checks before the start."""

import gc
from importlib import import_module
from pkgutil import walk_packages

from django.apps import AppConfig

from campanella.foundation.core import events


class PluggedConfig(AppConfig):
    name = "campanella.config"
    label = "config"

    def ready(self) -> None:
        from campanella.config import checks as checks  # registers them
        from campanella.domains.accounts.choices import AccessChoices
        from campanella.domains.adjusting.choices import AdjustChoices
        from campanella.domains.applying.choices import ApplyingChoices
        from campanella.domains.arrears.choices import ArrearsChoices
        from campanella.domains.attendance.choices import FamilyChoices, RollCallChoices
        from campanella.domains.billing.choices import BillingChoices, EInvoiceChoices
        from campanella.domains.cash.choices import CashChoices
        from campanella.domains.certifying.choices import CertificateChoices
        from campanella.domains.debiting.choices import DebitChoices
        from campanella.domains.enrolment.choices import IseeChoices
        from campanella.domains.ledger.choices import CreditChoices
        from campanella.domains.payments.choices import PagopaChoices, TopUpChoices
        from campanella.domains.people.choices import PickUpChoices
        from campanella.domains.places.choices import CampChoices, PlaceChoices
        from campanella.domains.services.choices import BusChoices
        from campanella.foundation.design import menus
        from campanella.foundation.tenants import settings
        from campanella.interfaces.office.menu import OFFICE
        from campanella.interfaces.portal.menu import PHONE, PORTAL
        from campanella.usecases.reactions import FORMER, REACTIONS

        events.install(REACTIONS, former=FORMER)
        menus.install({"portal": PORTAL, "phone": PHONE, "office": OFFICE})
        settings.install(
            [
                settings.Choices,
                AccessChoices,
                RollCallChoices,
                FamilyChoices,
                BusChoices,
                PlaceChoices,
                CampChoices,
                IseeChoices,
                ApplyingChoices,
                PickUpChoices,
                TopUpChoices,
                CashChoices,
                CreditChoices,
                PagopaChoices,
                BillingChoices,
                EInvoiceChoices,
                DebitChoices,
                AdjustChoices,
                ArrearsChoices,
                CertificateChoices,
            ]
        )
        _learn_sentences()
        # Whoever starts with the collector still, as commands do, has imported what stays: it is looked at no more, nor
        # copied by the processes that come of this one.
        if not gc.isenabled():
            gc.freeze()
            gc.enable()


def _learn_sentences() -> None:
    """
    Import every module that may declare sentences of the audit trail, so that each process knows all of them.

    A command imports little by itself, and would take the acts of what it did not import for unknown ones.
    """
    for floor in ("campanella.domains", "campanella.usecases"):
        for module in walk_packages(import_module(floor).__path__, f"{floor}."):
            if ".migrations" not in module.name:
                import_module(module.name)
