"""A month's electronic invoices and credit notes, in one archive for whoever sends them to the exchange system."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.billing import queries as billing
from campanella.domains.billing import runs
from campanella.domains.billing.choices import EInvoiceChoices
from campanella.domains.billing.documents.einvoice import (
    Buyer,
    EInvoice,
    Line,
    Seat,
    Seller,
    Vat,
    file_name,
    progressive_of,
    seat_of,
    write,
)
from campanella.domains.billing.queries import LineView, WalletShare
from campanella.domains.billing.views import InvoiceView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.domains.services import taxation
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import Taxation, VatTreatment
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import Town, active_town
from campanella.readings.billing.lines import counted, stamp_of

# Nature of what bears no VAT: exempt by article 10. What is outside of VAT is no business, and has no electronic invoice.
_NATURES = {"exempt": "N4"}
LEFT_OUT_NAME = "escluse.csv"
# An archive's files have no hour of their own: the same month gives the same bytes.
_NO_HOUR = (1980, 1, 1, 0, 0, 0)


class NotElectronic(Refusal):
    """The town makes no electronic invoices, or not for this service."""

    message = (
        "Per questo servizio il Comune non emette fatture elettroniche: si scelgono in Impostazioni, Fatture elettroniche e "
        "bollo, e valgono per i servizi con IVA o esenti (Impostazioni, Fisco)."
    )


class SellerIncomplete(Refusal):
    """What the schema asks of the town is missing."""

    message = (
        "Per le fatture elettroniche manca l’indirizzo del Comune (via, CAP, località): si scrive in Impostazioni, Fatture "
        "elettroniche e bollo."
    )


@dataclass(frozen=True, slots=True)
class Archive:
    """Electronic invoices of a month; ``left_out`` says of which invoices there is none, and why."""

    name: str
    content: bytes
    count: int
    left_out: tuple[tuple[str, str], ...]


def is_electronic(*, service_id: int, year: int) -> bool:
    """Tell whether the town makes electronic invoices for a service: three queries at most."""
    return active_town().chosen(EInvoiceChoices).einvoice and services.taxations(year=year)[service_id].vat != "outside"


def archive(*, run_id: int) -> Archive:
    """
    Write a month's electronic invoices and credit notes: a number of queries that does not grow.

    :raises NotElectronic: none are made for the service
    :raises SellerIncomplete: the town's address is missing
    :raises NotFound: the town has no such run
    """
    run, town = runs.run(run_id=run_id), active_town()
    if not is_electronic(service_id=run.service_id, year=run.first.year):
        raise NotElectronic
    month = _Month.of(town, billing.invoices_between(period=None, run_id=run_id))
    files: list[tuple[str, bytes]] = []
    left_out: list[tuple[str, str]] = []
    for one in month.invoices:
        why = month.why_not(one)
        if why:
            left_out.append((one.number, why))
        else:
            files += [(_name(town, said), write(said)) for said in month.of_one(one)]
    content = _zipped(files, left_out)
    return Archive(f"fatture-elettroniche-{run.first:%Y-%m}.zip", content, len(files), tuple(left_out))


@dataclass(frozen=True)
class _Month:
    """What is the same for every invoice of a month, and what is known of whom they are for."""

    seller: Seller
    invoices: Sequence[InvoiceView]
    payers: dict[int, Guardian]
    children: dict[int, str]
    lines: dict[int, list[billing.LineView]]
    services: dict[int, Service]
    treatments: dict[int, dict[int, Taxation]]
    notes: dict[int, date]

    @classmethod
    def of(cls, town: Town, invoices: Sequence[InvoiceView]) -> "_Month":
        """Read it all."""
        ids = [one.id for one in invoices]
        return cls(
            _seller(town),
            invoices,
            {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in invoices if one.payer_id])},
            people.full_names(child_ids=sorted({child for one in invoices for child in one.child_ids})),
            billing.lines_of(invoice_ids=ids),
            {service.pk: service for service in services.services()},
            {year: services.taxations(year=year) for year in {one.issued_on.year for one in invoices}},
            billing.credit_note_days(invoice_ids=ids),
        )

    def why_not(self, one: InvoiceView) -> str:
        """Say why there is no electronic invoice of one, empty where there is."""
        payer = self.payers.get(one.payer_id or 0)
        if payer is None or not payer.tax_code:
            return "manca il codice fiscale di chi paga"
        if seat_of(payer.address) is None:
            return "l’indirizzo di chi paga non è completo (via, CAP e località)"
        if sum(share.lines.cents for share in one.shares) <= 0:
            return "non c’è niente da fatturare"
        return ""

    def of_one(self, one: InvoiceView) -> list[EInvoice]:
        """Return an invoice's file, and that of its credit note."""
        said = self.treatments[one.issued_on.year][one.service_id]
        treatment, payer = said.treatment, self.payers[one.payer_id or 0]
        charged = stamp_of(self.lines[one.id])
        gross = Euro(sum(share.lines.cents for share in one.shares)) - charged
        net, tax = taxation.out_of_gross(gross=gross, percent=treatment.percent)
        stamp = charged if said.stamp_payer == "none" else taxation.stamp_duty(not_subject=gross)
        cause = f"{one.service_name}, {month_name(one.period)}"
        invoice = EInvoice(
            kind="TD01",
            progressive=progressive_of(2 * one.id),
            number=one.number,
            day=one.issued_on,
            cause=cause,
            seller=self.seller,
            buyer=Buyer(payer.given_name, payer.family_name, payer.tax_code, seat_of(payer.address) or Seat("", "", "", "")),
            lines=self._lines(one, net),
            vat=_vat(treatment),
            tax=tax.cents,
            stamp=stamp.cents,
            stamp_charged=charged.cents,
            due=None if one.credit_note else (one.due_on, one.total.cents),
            means="MP19" if one.method == "debit" else "MP23",
        )
        if not one.credit_note:
            return [invoice]
        return [invoice, self._note(one, invoice)]

    def _note(self, one: InvoiceView, invoice: EInvoice) -> EInvoice:
        """Return the credit note that takes a whole invoice back."""
        return EInvoice(
            kind="TD04",
            progressive=progressive_of(2 * one.id + 1),
            number=one.credit_note,
            day=self.notes[one.id],
            cause=f"Annulla la fattura {one.number}: {one.credit_reason}",
            seller=invoice.seller,
            buyer=invoice.buyer,
            lines=invoice.lines,
            vat=invoice.vat,
            tax=invoice.tax,
            stamp=invoice.stamp,
            stamp_charged=invoice.stamp_charged,
            of_number=one.number,
            of_day=one.issued_on,
        )

    def _lines(self, one: InvoiceView, net: Euro) -> list[Line]:
        """Divide the net among the children to the cent; one whose days were all given back has no line."""
        mine = self.lines[one.id]
        sums = {share.wallet_id: share.lines - stamp_of(_of(share, mine)) for share in one.shares}
        shares = [share for share in one.shares if sums[share.wallet_id].cents > 0]
        parts = net.shared([sums[share.wallet_id].cents for share in shares])
        return [
            Line(
                f"{one.service_name}, {month_name(one.period)}, {self.children[share.child_id]}: "
                f"{counted(_of(share, mine), self.services[one.service_id])}",
                part.cents,
            )
            for share, part in zip(shares, parts, strict=True)
        ]


def _of(share: WalletShare, lines: Sequence[LineView]) -> list[LineView]:
    return [line for line in lines if line.wallet_id == share.wallet_id]


def _seller(town: Town) -> Seller:
    choices = town.chosen(EInvoiceChoices)
    seat = seat_of(choices.einvoice_seat)
    if seat is None:
        raise SellerIncomplete
    located = seat if seat.province else Seat(seat.street, seat.cap, seat.town, town.province)
    return Seller(town.name, choices.einvoice_vat_number or town.tax_code, town.tax_code, located)


def _vat(treatment: VatTreatment) -> Vat:
    return Vat(treatment.percent, _NATURES.get(treatment.code, ""), f"{treatment.label}, {treatment.law}")


def _name(town: Town, said: EInvoice) -> str:
    return file_name(tax_code=town.tax_code, progressive=said.progressive)


def _zipped(files: Sequence[tuple[str, bytes]], left_out: Sequence[tuple[str, str]]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files:
            target.writestr(zipfile.ZipInfo(name, _NO_HOUR), content)
        if left_out:
            sheet = io.StringIO()
            csv.writer(sheet, delimiter=";").writerows([("Fattura", "Perché non c’è"), *left_out])
            target.writestr(zipfile.ZipInfo(LEFT_OUT_NAME, _NO_HOUR), sheet.getvalue().encode("utf-8-sig"))
    return whole.getvalue()
