"""What came in: receipts by day, and each one whole."""

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.models import Role
from campanella.domains.payments import queries as payments
from campanella.domains.payments import rules
from campanella.foundation.core import audit
from campanella.interfaces.doors import PersonRequest, staff

SECTION = {"section": "payments"}


@staff(Role.OFFICE)
def receipt(request: PersonRequest, receipt_id: int) -> HttpResponse:
    """Show one receipt: who paid what, and where it went."""
    found = payments.receipt(receipt_pk=receipt_id)
    positions = payments.requests(request_ids=[found.request_id]) if found.request_id else []
    page = {
        "receipt": found,
        "position": positions[0] if positions else None,
        "reason": rules.REASONS.get(found.reason, ""),
        "acts": audit.acts_on(subjects=[f"receipt:{receipt_id}"]),
    }
    return render(request, "office/incomes/receipt.html", {**SECTION, **page})
