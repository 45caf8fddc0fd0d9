"""Form fields that families and office share: an account that can be debited, and whose it is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.debiting.mandates import Holder, NotReadableName, is_readable
from campanella.domains.debiting.rules.accounts import Account, NoAccount, account
from campanella.foundation.design.forms import TaxCodeField

# Where a holder with an account outside the EEA may live, as families of Italian towns do.
COUNTRIES = [
    ("", "Scegli"),
    ("IT", "Italia"),
    ("SM", "San Marino"),
    ("VA", "Città del Vaticano"),
    ("CH", "Svizzera"),
    ("MC", "Monaco"),
    ("GB", "Regno Unito"),
    ("AD", "Andorra"),
    ("AL", "Albania"),
    ("MD", "Moldova"),
    ("ME", "Montenegro"),
    ("MK", "Macedonia del Nord"),
    ("RS", "Serbia"),
]


class IbanField(forms.CharField):
    """An account that a direct debit can reach, given back as an ``Account``."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        options.setdefault("error_messages", {}).setdefault("required", "Scrivi l’IBAN del conto.")
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> Any:
        """:raises ValidationError: no account that can be debited"""
        typed = super().clean(value)
        try:
            return account(typed)
        except NoAccount as wrong:
            raise ValidationError(str(wrong)) from None


class HolderField(forms.CharField):
    """Whose account it is, in letters that a bank reads."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Titolare del conto")
        options.setdefault("help_text", "Nome e cognome, come li conosce la banca.")
        options.setdefault("error_messages", {}).setdefault("required", "Scrivi di chi è il conto.")
        super().__init__(max_length=70, **options)

    def clean(self, value: Any) -> Any:
        """:raises ValidationError: it is written in another alphabet"""
        return _readable(super().clean(value))


class HolderForm(forms.Form):
    """Whose account it is."""

    iban = IbanField(label="IBAN", help_text="È sull’estratto conto o nell’app della banca; gli spazi non contano.")
    holder = HolderField()
    tax_code = TaxCodeField(label="Codice fiscale del titolare")
    town = forms.CharField(
        label="Città del titolare",
        required=False,
        max_length=35,
        help_text="Serve solo se il conto è fuori dallo Spazio economico europeo: San Marino, Svizzera, Regno Unito…",
    )
    country = forms.ChoiceField(label="Paese del titolare", required=False, choices=COUNTRIES)

    def clean_town(self) -> str:
        """:raises ValidationError: it is written in another alphabet"""
        return _readable(self.cleaned_data["town"])

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the bank wants town and country, and one is missing"""
        data = super().clean() or {}
        found = data.get("iban")
        if isinstance(found, Account) and found.asks_for_address:
            for name, words in (("town", "Scrivi la città"), ("country", "Scegli il Paese")):
                if not data.get(name):
                    self.add_error(name, f"{words} del titolare: per questo conto la banca lo chiede.")
        return data

    @property
    def given(self) -> Holder:
        """The holder that was typed; of a valid form."""
        data = self.cleaned_data
        return Holder(
            name=data["holder"],
            account=data["iban"],
            tax_code=data["tax_code"],
            town=data["town"],
            country=data["country"],
        )


def _readable(text: str) -> str:
    if text and not is_readable(text):
        raise ValidationError(NotReadableName.message)
    return text
