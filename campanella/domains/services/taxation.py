"""
How a service is treated by tax law: VAT, stamp duty, and whether what was paid may be deducted. Plain rules with their law.

A town says otherwise service by service, from a calendar year on (``ServiceTaxation``); these are the usual treatments,
which its accountant must confirm.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from campanella.domains.services.rules import BUS_KINDS
from campanella.foundation.core.money import Euro, half_up

Vat = Literal["4", "10", "22", "exempt", "outside"]
VATS: tuple[Vat, ...] = get_args(Vat)
Deduction = Literal["school", "nursery", "none"]
DEDUCTIONS: tuple[Deduction, ...] = get_args(Deduction)
# Who bears the stamp duty of a service's documents; ``none`` is a town that takes them to be exempt.
StampPayer = Literal["town", "family", "none"]
STAMP_PAYERS: tuple[StampPayer, ...] = get_args(StampPayer)

STAMP_DUTY = Euro(200)
# Strictly more than this: 77,47 € bears none. DPR 642/1972, tariff part I, art. 13.
STAMP_DUTY_OVER = Euro(7747)
STAMP_DUTY_LAW = "art. 13 tariffa, parte I, DPR 642/1972"
# VAT or stamp duty, never both.
STAMP_ALTERNATIVE_LAW = "art. 6 tabella B, DPR 642/1972"
# Papers of schools and nurseries, from enrolment to receipts, as many towns read it.
STAMP_EXEMPTION_LAW = "art. 11 tabella B, DPR 642/1972"


@dataclass(frozen=True)
class VatTreatment:
    """
    One treatment.

    :ivar percent: of the net amount, 0 where none is due
    :ivar is_subject: VAT is due, so that no stamp duty is
    """

    code: Vat
    percent: int
    label: str
    law: str

    @property
    def is_subject(self) -> bool:
        """Tell whether VAT is due."""
        return self.percent > 0


VAT_TREATMENTS: dict[Vat, VatTreatment] = {
    "4": VatTreatment("4", 4, "IVA 4%", "n. 37 tabella A, parte II, DPR 633/1972 (mense scolastiche)"),
    "10": VatTreatment("10", 10, "IVA 10%", "tabella A, parte III, DPR 633/1972"),
    "22": VatTreatment("22", 22, "IVA 22%", "art. 16 DPR 633/1972"),
    "exempt": VatTreatment("exempt", 0, "esente IVA", "art. 10, nn. 20 e 21, DPR 633/1972"),
    "outside": VatTreatment("outside", 0, "fuori campo IVA", "art. 4 DPR 633/1972"),
}

DEDUCTION_LABELS: dict[Deduction, str] = {
    "school": "Spesa di istruzione",
    "nursery": "Retta dell’asilo nido",
    "none": "Non detraibile",
}


@dataclass(frozen=True)
class StampTreatment:
    """Who bears the stamp duty of documents above its threshold, in words and with its law."""

    code: StampPayer
    label: str
    law: str


STAMP_TREATMENTS: dict[StampPayer, StampTreatment] = {
    "town": StampTreatment("town", "a carico del Comune", STAMP_DUTY_LAW),
    # Who owes it is the town's rule: towards the State both parties answer for it.
    "family": StampTreatment("family", "a carico di chi paga, sulla fattura", f"{STAMP_DUTY_LAW}; art. 22 DPR 642/1972"),
    "none": StampTreatment("none", "esente", STAMP_EXEMPTION_LAW),
}

# The bus was kept out by ris. 68/E 2016 and let in for the tax years from 2018 (circ. 13/E 2019, 7/E 2021).
_BUS_FROM = 2018


@dataclass(frozen=True)
class Taxation:
    """How one service is treated in one calendar year."""

    deduction: Deduction
    vat: Vat
    stamp: StampPayer = "town"

    @property
    def stamp_payer(self) -> StampPayer:
        """Who bears stamp duty; nobody beside VAT."""
        return "none" if self.treatment.is_subject else self.stamp

    @property
    def treatment(self) -> VatTreatment:
        """Its VAT treatment, with its law."""
        return VAT_TREATMENTS[self.vat]


def usual(*, kind: str, year: int) -> Taxation:
    """
    Return the usual treatment of a kind of service in a calendar year, where the town has said nothing.

    Source: rules of art. 15, c. 1, lett. e-bis TUIR and DPR 633/1972; a town's accountant decides.
    """
    if kind == "meal":
        return Taxation("school", "4")
    if kind == "nursery":
        return Taxation("nursery", "exempt")
    if kind in BUS_KINDS:
        return Taxation("school" if year >= _BUS_FROM else "none", "outside")
    if kind == "camp":
        return Taxation("none", "exempt")
    return Taxation("school", "exempt")


def out_of_gross(*, gross: Euro, percent: int) -> tuple[Euro, Euro]:
    """
    Take the VAT out of an amount that includes it: net and tax, which make the amount again.

    The whole amount of one rate is divided once, half-up to the cent; never price by price.

    :param percent: of the net amount
    """
    net = Euro(half_up(gross.cents * 100, 100 + percent))
    return net, gross - net


def stamp_duty(*, not_subject: Euro) -> Euro:
    """
    Return the stamp duty on a receipt or an invoice.

    :param not_subject: the part of it that is not subject to VAT; what is subject bears none
    """
    return STAMP_DUTY if not_subject.cents > STAMP_DUTY_OVER.cents else Euro(0)
