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
    password = forms.CharField(
        label="La tua password",
        required=False,
        strip=False,
        max_length=200,
        help_text="Serve solo se cambi l’e-mail: così non la cambia chi trova il telefono aperto.",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    phone = PhoneField(label="Telefono", required=False, max_length=30)
    wants_news = forms.BooleanField(
        label="Mandami per e-mail anche le news del Comune e della scuola",
        required=False,
        help_text="Le e-mail su credito, ricevute e risposte dell’ufficio arrivano sempre.",
    )

    def __init__(self, *arguments: Any, is_of_one_child: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if is_of_one_child:
            del self.fields["phone"], self.fields["wants_news"]
            self.fields["email"].help_text = (
                "È l’indirizzo di questo accesso: lì mandiamo le ricevute e il collegamento se dimentichi la password. "
                "Se lo cambi vale da quando apri il collegamento che ti mandiamo."
            )


class OwnTaxCodeForm(forms.Form):
    """A tax code that is missing."""

    tax_code = TaxCodeField(label="Codice fiscale", help_text="16 caratteri, sulla tessera sanitaria.")

    def __init__(self, *arguments: Any, label: str = "Codice fiscale", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tax_code"].label = label
