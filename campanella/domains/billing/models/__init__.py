"""Who pays when; runs, invoices over charges, their numbers, what was asked and what was paid; amounts that no day makes."""

from campanella.domains.billing.models.fees import Fee, FeeDue, FeePrice, Instalment
from campanella.domains.billing.models.invoices import (
    CreditNote,
    Invoice,
    InvoiceHanding,
    InvoicePayment,
    InvoicePosition,
    Issue,
    Line,
    NumberCounter,
    PayPolicy,
    Run,
    Share,
)
from campanella.domains.billing.models.joint import JointPart, JointPayment
from campanella.domains.billing.models.overpaid import Overpaid

__all__ = [
    "CreditNote",
    "Fee",
    "FeeDue",
    "FeePrice",
    "Instalment",
    "Invoice",
    "InvoiceHanding",
    "InvoicePayment",
    "InvoicePosition",
    "Issue",
    "JointPart",
    "JointPayment",
    "Line",
    "NumberCounter",
    "Overpaid",
    "PayPolicy",
    "Run",
    "Share",
]
