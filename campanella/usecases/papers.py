"""Papers of a payment, the same for the family and for the office."""

from campanella.domains.payments.documents.notice_pdf import NoticeSheet, notice_pdf
from campanella.domains.payments.queries import Position
from campanella.foundation.core.errors import NotFound
from campanella.foundation.tenants.queries import active_town


def notice(*, position: Position, site: str) -> bytes:
    """
    Print a notice as PDF.

    :param site: address of the portal, as people read it
    :raises NotFound: it is paid, deleted or expired, so that nobody pays it twice or in vain
    """
    if position.status not in ("open", "under_way"):
        raise NotFound("Questo avviso non è più da pagare, quindi non si stampa.")
    town = active_town()
    sheet = NoticeSheet(
        notice_number=position.notice_number, subject=position.description, amount_cents=position.amount.cents,
        due_on=position.due_on, issued_at=position.made_at, creditor_name=town.name, creditor_tax_code=town.tax_code,
        creditor_office=town.choices.office_name, creditor_info=town.choices.office_address, cbill=town.choices.cbill,
        debtor_name=position.debtor_name, debtor_tax_code=position.debtor_tax_code, site=site,
    )  # fmt: skip
    return notice_pdf(sheet)
