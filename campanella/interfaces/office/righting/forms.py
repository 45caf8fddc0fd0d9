"""What the office writes when it gives, cancels, moves or pays back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from campanella.domains.ledger.queries import WalletView
from campanella.foundation.design.forms import EuroField, OnceForm, WhyForm, offer
from campanella.interfaces.office.families.forms import REASON_HELP, reason_field
from campanella.interfaces.typed import HolderField, IbanField


class WalletForm(WhyForm, OnceForm):
    """An amount of one wallet, and why."""

    wallet = forms.TypedChoiceField(label="Borsellino", coerce=int)
    amount = EuroField(label="Importo", max_cents=1_000_000)
    reason = reason_field(REASON_HELP)
    field_order: Sequence[str] = ("wallet", "amount", "ready", "reason")

    def __init__(self, *args: Any, wallets: Sequence[WalletView], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "wallet", [(w.id, f"{w.service_name}: {w.balance}") for w in wallets])


class WriteOffForm(WalletForm):
    """A debt that is written off by an act of the town."""

    act_number = forms.CharField(
        label="Numero dell’atto",
        max_length=40,
        help_text="La determina o la delibera che cancella il debito, per esempio 214/2026.",
        error_messages={"required": "Scrivi il numero dell’atto che cancella il debito."},
    )
    field_order = ("wallet", "amount", "act_number", "ready", "reason")


class RefundForm(WalletForm):
    """Credit that is paid to an account."""

    iban = IbanField(label="IBAN", help_text="Come l’ha scritto la famiglia; gli spazi non contano.")
    holder = HolderField()
    field_order = ("wallet", "amount", "iban", "holder", "ready", "reason")


class PassageForm(WalletForm):
    """Credit that goes to a child of another family."""

    code = forms.CharField(
        label="Codice dell’altro bambino",
        max_length=20,
        help_text="È nella scheda del bambino, accanto al nome: il credito va al suo borsellino dello stesso servizio.",
        error_messages={"required": "Scrivi il codice del bambino che riceve."},
    )
    field_order = ("wallet", "amount", "code", "ready", "reason")


class RefuseForm(forms.Form):
    """Why something is not done."""

    why = reason_field("Se l’ha chiesto la famiglia, lo legge nell’e-mail.")


class AnswerForm(forms.Form):
    """A file that the bank has sent."""

    file = forms.FileField(
        label="File degli esiti",
        help_text="pain.002, camt.054 o camt.053, come li scarichi dalla banca.",
        error_messages={"required": "Scegli il file della banca.", "empty": "Questo file è vuoto."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )
