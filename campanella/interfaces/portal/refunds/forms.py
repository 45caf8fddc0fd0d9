"""Where a refund goes."""

from typing import Any

from django import forms

from campanella.domains.adjusting.words import READY
from campanella.foundation.design.forms import OnceForm, WhyForm
from campanella.interfaces.typed import HolderField, IbanField


class RefundForm(WhyForm, OnceForm):
    """The account, whose it is, and why."""

    iban = IbanField(label="IBAN", help_text="È sull’estratto conto o nell’app della banca; gli spazi non contano.")
    holder = HolderField()
    reason = forms.CharField(
        label="Motivo", max_length=150, error_messages={"required": "Scegli un motivo o scrivilo, bastano poche parole."}
    )
    field_order = ("iban", "holder", "ready", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, ready=READY["refund"], **options)
