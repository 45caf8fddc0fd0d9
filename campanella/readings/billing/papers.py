"""An invoice on paper, and its pagoPA notice: the same for the family, the office and the letter."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from campanella.domains.billing import queries as billing
from campanella.domains.billing.choices import EInvoiceChoices
from campanella.domains.billing.documents.invoice_pdf import (
    ChildPart,
    CreditNoteSheet,
    InvoiceSheet,
    credit_note_pdf,
    invoice_pdf,
)
from campanella.domains.billing.queries import InvoiceView, LineView, WalletShare
from campanella.domains.payments import queries as positions
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services import taxation
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import Taxation, VatTreatment
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import day_figures, month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.bank_words import coming_said
from campanella.readings.billing.lines import counted, stamp_of, told, told_lines
from campanella.readings.debited import Debited, by_bank


def sheet(*, invoice: InvoiceView, site: str = "") -> InvoiceSheet:
    """Gather what is printed on an invoice: at most sixteen queries."""
    return sheets(invoices=[invoice], site=site)[0]


def sheets(*, invoices: Sequence[InvoiceView], site: str = "") -> list[InvoiceSheet]:
    """Gather what is printed on many invoices: the same number of queries, however many."""
    lines = billing.lines_of(invoice_ids=[one.id for one in invoices])
    called = told(line for found in lines.values() for line in found)
    children = people.called(child_ids=sorted({child for one in invoices for child in one.child_ids}))
    payers = {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in invoices if one.payer_id])}
    known = {service.pk: service for service in services.services()}
    numbers, banks = _notices(invoices), by_bank(invoices=invoices, today=clock.today())
    treated = {year: services.taxations(year=year) for year in {one.issued_on.year for one in invoices}}
    town = active_town()
    papers = town.chosen(EInvoiceChoices)
    found = []
    for one in invoices:
        payer = payers.get(one.payer_id or 0)
        said = treated[one.issued_on.year][one.service_id]
        tax = said.treatment
        stamp = stamp_of(lines[one.id])
        total = Euro(sum(share.lines.cents for share in one.shares)) - stamp
        net, vat = taxation.out_of_gross(gross=total, percent=tax.percent)
        found.append(
            InvoiceSheet(
                number=one.number,
                title=f"{one.service_name}, {month_name(one.period)}",
                issued_on=day_figures(one.issued_on),
                due_on=day_figures(one.due_on) if one.open.cents and one.id not in banks else "",
                issued_at=one.issued_at,
                creditor_name=town.name,
                creditor_tax_code=town.tax_code,
                creditor_office=town.choices.office_name,
                creditor_info=town.choices.office_address,
                payer_name=payer.full_name if payer else "Chi si occupa del bambino",
                payer_tax_code=payer.tax_code if payer else "",
                payer_address=payer.address if payer else "",
                parts=[_part(share, lines[one.id], called, children, known[one.service_id]) for share in one.shares],
                heading=_heading(one),
                asked=str(one.open if one.open.cents else one.total),
                total=str(one.total),
                tax=[("Giorni del mese, IVA esclusa", str(net)), (f"IVA {tax.percent}%", str(vat))] if tax.percent else [],
                tax_law=" ".join([f"{tax.label}: {tax.law}.", *_stamp(total, stamp, said, papers), *_copy(tax, papers)]),
                state=_state(one),
                how=_how(one, banks.get(one.id)),
                notice=notice_number.grouped(numbers[one.id]) if one.id in numbers else "",
                site=site,
            )
        )
    return found


def paper(*, invoice: InvoiceView, site: str = "") -> bytes:
    """Print an invoice as tagged PDF."""
    return invoice_pdf(sheet(invoice=invoice, site=site))


def credit_note(*, invoice: InvoiceView) -> bytes:
    """
    Print the credit note that has annulled an invoice, as tagged PDF.

    :raises NotFound: it was not called back
    """
    if not invoice.credit_note:
        raise NotFound("Questa fattura non è annullata, quindi non ha una nota di credito.")
    whole = sheet(invoice=invoice)
    made_at = billing.credit_notes_at(invoice_ids=[invoice.id])[invoice.id]
    same = {one.name: getattr(whole, one.name) for one in fields(CreditNoteSheet) if hasattr(whole, one.name)}
    told: dict[str, Any] = same | {
        "number": invoice.credit_note,
        "issued_on": day_figures(clock.day_of(made_at)),
        "issued_at": made_at,
        "invoice": invoice.number,
        "invoice_on": day_figures(invoice.issued_on),
        "reason": invoice.credit_reason,
    }
    return credit_note_pdf(CreditNoteSheet(**told))


def asked_of(*, invoice: InvoiceView) -> Position | None:
    """Return the open position of an invoice at what is open of it now: five queries at most; None where nothing is."""
    return asked_among(made_for(invoice_id=invoice.id), invoice=invoice) if invoice.open.cents > 0 else None


def made_for(*, invoice_id: int) -> list[Position]:
    """Return all positions that were made for an invoice, the oldest first: five queries at most."""
    made = billing.positions_of(invoice_ids=[invoice_id]).get(invoice_id, [])
    now = clock.now()
    return positions.positions(request_ids=made, now=now, today=clock.day_of(now)) if made else []


def asked_among(made: Sequence[Position], *, invoice: InvoiceView) -> Position | None:
    """Return of an invoice's positions the open one at what is open of it now, None where nothing is."""
    found = next((one for one in reversed(made) if one.status in ("open", "under_way")), None)
    return replace(found, amount=min(found.amount, invoice.open)) if found and invoice.open.cents > 0 else None


def position_of(*, invoice_id: int) -> Position | None:
    """Return the open position that asks for an invoice, if there is one: five queries at most."""
    return next((one for one in reversed(made_for(invoice_id=invoice_id)) if one.status in ("open", "under_way")), None)


def _notices(invoices: Sequence[InvoiceView]) -> dict[int, str]:
    made = billing.positions_of(invoice_ids=[one.id for one in invoices if one.open.cents > 0])
    rows = positions.requests(request_ids=[pk for found in made.values() for pk in found])
    open_ones = {row.pk: row.notice_number for row in rows if row.state == "open"}
    return {invoice_id: open_ones[pk] for invoice_id, found in made.items() for pk in found if pk in open_ones}


def _stamp(total: Euro, charged: Euro, said: Taxation, chosen: EInvoiceChoices) -> list[str]:
    """Say that the duty is paid virtually: where the family was charged it, or it is due and the town pays it so."""
    law = taxation.STAMP_DUTY_LAW
    if charged.cents:
        return [f"Imposta di bollo di {charged} assolta in modo virtuale, a carico di chi paga ({law})."]
    if said.stamp_payer == "none" or not chosen.stamp_virtual or not taxation.stamp_duty(not_subject=total).cents:
        return []
    return [f"Imposta di bollo di {taxation.STAMP_DUTY} assolta in modo virtuale, a carico del Comune ({law})."]


def _copy(tax: VatTreatment, chosen: EInvoiceChoices) -> list[str]:
    """Say that the original is the electronic one, where there is one."""
    if not chosen.einvoice or tax.code == "outside":
        return []
    return ["Copia della fattura elettronica: l’originale è sul sito dell’Agenzia delle Entrate, Fatture e corrispettivi."]


def _heading(invoice: InvoiceView) -> str:
    if invoice.credit_note:
        return "Annullata"
    return "Da pagare" if invoice.open.cents or not invoice.total.cents else "Pagata"


def _state(invoice: InvoiceView) -> str:
    if invoice.credit_note:
        return f"Annullata dalla nota di credito {invoice.credit_note}"
    return f"Già pagati {invoice.paid}" if invoice.state == "partial" else ""


def _how(invoice: InvoiceView, bank: Debited | None) -> str:
    if invoice.credit_note:
        return "Non si paga. Quello che è già stato pagato resta tuo: paga gli stessi giorni nella fattura nuova."
    if invoice.total.cents == 0:
        return "Non devi pagare nulla: bastava il credito."
    if not invoice.open.cents:
        return "Questa fattura è pagata. Non devi fare nulla."
    if bank and (said := coming_said(bank, today=clock.today())):
        return said
    return "Con pagoPA: on-line dal portale, o con l’avviso allegato in banca, alla posta o in tabaccheria."


def _part(
    share: WalletShare, lines: Sequence[LineView], called: dict[str, str], children: dict[int, str], service: Service
) -> ChildPart:
    mine = [line for line in lines if line.wallet_id == share.wallet_id]
    days = told_lines(mine, called)
    carried = share.carried
    label = "Credito usato" if carried.cents > 0 else "Debito di prima"
    return ChildPart(
        name=children[share.child_id],
        count=counted(mine, service),
        days=[(line.text, str(line.amount)) for line in days],
        lines=str(share.lines),
        carried=(label, (-carried).italian(signed=True)) if carried.cents else (),
        due=str(share.due),
    )
