"""What the office writes about a family."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.ledger.queries import WalletView
from campanella.foundation.design.forms import DayField, EuroField, OnceForm, PhoneField, TaxCodeField, WhyForm, offer

REASON_HELP = "Resta nel registro; la famiglia lo legge tra i movimenti."


def reason_field(help_text: str = "Resta nel registro, con il tuo nome.") -> forms.CharField:
    """Return a mandatory reason."""
    words = {"required": "Scrivi il motivo, bastano poche parole."}
    return forms.CharField(label="Motivo", max_length=150, help_text=help_text, error_messages=words)


def day_field(label: str) -> DayField:
    """Return a day, picked with the browser's own calendar."""
    return DayField(label=label, error_messages={"required": "Scegli il giorno."})


class KeyedForm(OnceForm):
    """A form that moves money: large amounts ask twice."""

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)


class AdjustForm(WhyForm, KeyedForm):
    """An adjustment of one wallet."""

    wallet = forms.TypedChoiceField(label="Borsellino", coerce=int)
    direction = forms.ChoiceField(
        label="Che cosa fai?",
        choices=[("plus", "Aggiungi credito"), ("minus", "Togli credito")],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli se aggiungi o togli."},
    )
    amount = EuroField(label="Importo", max_cents=1_000_000)
    reason = reason_field(REASON_HELP)
    field_order = ("wallet", "direction", "amount", "ready", "reason")

    def __init__(self, *args: Any, wallets: Sequence[WalletView], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "wallet", [(w.id, f"{w.service_name}: {w.balance}") for w in wallets])

    @property
    def signed_cents(self) -> int:
        """The amount with its direction, in cents."""
        cents: int = self.cleaned_data["amount"]
        return cents if self.cleaned_data["direction"] == "plus" else -cents


class MoveForm(KeyedForm):
    """A passage between two wallets of a family."""

    giver = forms.TypedChoiceField(label="Da", coerce=int)
    taker = forms.TypedChoiceField(label="Verso", coerce=int)
    amount = EuroField(label="Importo", max_cents=1_000_000)
    reason = reason_field()

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("giver", "taker"):
            offer(self, name, choices)

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the two wallets are one"""
        data = super().clean() or {}
        if data.get("giver") and data.get("giver") == data.get("taker"):
            self.add_error("taker", ValidationError("Scegli un borsellino diverso dal primo."))
        return data


class NoticeForm(OnceForm):
    """A notice made at the desk."""

    wallet = forms.TypedChoiceField(label="Borsellino", coerce=int)
    amount = EuroField(label="Importo")

    def __init__(self, *args: Any, wallets: Sequence[WalletView], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "wallet", [(w.id, f"{w.service_name}: {w.balance}") for w in wallets])


class PresenceForm(WhyForm):
    """The correction of one day."""

    service = forms.TypedChoiceField(label="Servizio", coerce=int)
    day = day_field("Giorno")
    state = forms.ChoiceField(
        label="Quel giorno era",
        choices=[("present", "Presente"), ("absent", "Assente")],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli presente o assente."},
    )
    reason = reason_field("Resta nel registro, con il tuo nome. La famiglia vede la correzione.")
    field_order = ("service", "day", "state", "ready", "reason")

    def __init__(self, *args: Any, services: Sequence[tuple[int, str]], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        offer(self, "service", services)

    def clean_day(self) -> date:
        """:raises ValidationError: the day is to come"""
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError("Questo giorno deve ancora venire.")
        return day


class NoteForm(forms.Form):
    """What the office wants to remember."""

    note = forms.CharField(
        label="Nota",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        help_text="La legge solo l’ufficio, mai la famiglia o la scuola. Non scrivere qui dati di salute.",
    )


class TaxCodeForm(forms.Form):
    """A tax code put right."""

    tax_code = TaxCodeField(label="Codice fiscale giusto")
    reason = reason_field()


class ContactsForm(forms.Form):
    """How to reach an adult."""

    email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "Questo indirizzo non è completo: manca forse la chiocciola."},
    )
    phone = PhoneField(label="Telefono", required=False, max_length=30)
    address = forms.CharField(
        label="Indirizzo", required=False, max_length=200, help_text="Via, numero, CAP e città: si stampa sulle lettere."
    )
