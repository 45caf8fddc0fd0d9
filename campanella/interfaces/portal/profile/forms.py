"""Contacts and tax codes."""

from typing import Any

from django import forms

from campanella.foundation.design.forms import PhoneField, TaxCodeField


class ContactsForm(forms.Form):
    """E-mail address and telephone."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="Se la cambi ti scriviamo al nuovo indirizzo: vale da quando apri il collegamento.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Scrivi la tua e-mail.",
            "invalid": "Questa e-mail non è scritta giusta: controlla la chiocciola e il punto, per esempio nome@posta.it.",
        },
    )
    phone = PhoneField(label="Telefono", required=False, max_length=30)
    wants_news = forms.BooleanField(
        label="Mandami per e-mail anche le news del Comune e della scuola",
        required=False,
        help_text="Le e-mail su credito, ricevute e risposte dell’ufficio arrivano sempre.",
    )


class OwnTaxCodeForm(forms.Form):
    """A tax code that is missing."""

    tax_code = TaxCodeField(label="Codice fiscale", help_text="16 caratteri, sulla tessera sanitaria.")

    def __init__(self, *arguments: Any, label: str = "Codice fiscale", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tax_code"].label = label
