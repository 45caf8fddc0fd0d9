"""Papers of a payment, the same for the family and for the office."""

from collections.abc import Sequence
from dataclasses import replace

from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.payments.choices import PagopaChoices
from campanella.domains.payments.documents.notice_pdf import NoticeSheet, notice_pdf
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import month_name
from campanella.foundation.tenants.queries import active_town
from campanella.readings.asked import told_now


def notice(*, position: Position, site: str, shows_tax_code: bool = True) -> bytes:
    """
    Print a notice as PDF.

    :param site: address of the portal, as people read it
    :param shows_tax_code: the debtor's; the bank needs none, it is for whoever it belongs to
    :raises NotFound: it is paid, deleted or expired, so that nobody pays it twice or in vain
    """
    asked = told_now(position=position, now=clock.now())
    if asked is None or position.status not in ("open", "under_way"):
        raise NotFound("Questo avviso non è più da pagare, quindi non si stampa.")
    if position.is_asked and (parts := joint.parts_of(request_id=position.id)):
        return printed(_joint_sheet(asked, [one.invoice_id for one in parts], site, shows_tax_code))
    name = people.called(child_ids=[position.child_id])[position.child_id]
    place = schools.places_of(child_ids=[position.child_id], day=clock.today()).get(position.child_id)
    whom = f"{name}, {place.label}" if place else name
    return printed(sheet(position=asked, site=site, whom=whom, shows_tax_code=shows_tax_code))


def _joint_sheet(position: Position, invoice_ids: Sequence[int], site: str, shows_tax_code: bool) -> NoticeSheet:
    """Gather what is printed on a notice of several invoices: each with what is open of it."""
    found = [one for one in billing.invoices(invoice_ids=invoice_ids) if one.open.cents > 0]
    names = people.called(child_ids=sorted({child_id for one in found for child_id in one.child_ids}))
    whole = sheet(position=position, site=site, whom=", ".join(names.values()), shows_tax_code=shows_tax_code)
    items = [f"fattura {one.number}, {one.service_name}, {month_name(one.period)}: {one.open}" for one in found]
    return replace(whole, items=tuple(items))


def printed(sheet: NoticeSheet) -> bytes:
    """Print what was gathered for a notice."""
    return notice_pdf(sheet)


def sheet(*, position: Position, site: str, whom: str, shows_tax_code: bool = True) -> NoticeSheet:
    """
    Gather what is printed on a notice.

    :param whom: the child or children it is for
    """
    town = active_town()
    return NoticeSheet(
        notice_number=position.notice_number,
        subject=position.description,
        whom=whom,
        amount_cents=position.amount.cents,
        due_on=position.told_due_on,
        issued_at=position.made_at,
        creditor_name=town.name,
        creditor_tax_code=town.tax_code,
        creditor_office=town.choices.office_name,
        creditor_info=town.choices.office_address,
        cbill=town.chosen(PagopaChoices).cbill,
        debtor_name=position.debtor_name,
        debtor_tax_code=position.debtor_tax_code if shows_tax_code else "",
        site=site,
    )
