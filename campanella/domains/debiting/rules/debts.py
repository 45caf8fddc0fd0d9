"""What a collection pays, as a key that the domain keeps and does not understand."""

INVOICE = "invoice:"


def debt_of(invoice_id: int) -> str:
    """Return the key under which an invoice is collected."""
    return f"{INVOICE}{invoice_id}"


def invoice_of(debt: str) -> int:
    """Return the invoice of a debt."""
    return int(debt.removeprefix(INVOICE))
