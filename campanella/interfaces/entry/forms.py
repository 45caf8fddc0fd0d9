"""What one writes to enter."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.people import rules as people
from campanella.foundation.core import clock
from campanella.foundation.design.forms import TaxCodeField

_AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class SignInForm(forms.Form):
    """User name and password."""

    # The heading of the note when neither field alone is wrong.
    refused_title = "Non riusciamo a farti entrare"

    username = forms.CharField(
        label="Nome utente",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", **_AS_TYPED}),
        error_messages={"required": "Scrivi il nome utente."},
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Scrivi la password."},
    )


class ForgottenForm(forms.Form):
    """By what we may know who asks for a new password."""

    asked = forms.CharField(
        label="E-mail o nome utente",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "email", **_AS_TYPED}),
        error_messages={"required": "Scrivi la tua e-mail o il nome utente."},
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new = forms.CharField(
        label="Nuova password",
        max_length=200,
        strip=False,
        help_text="Almeno 10 caratteri. Vanno bene tre parole che ricordi solo tu.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Scrivi la nuova password."},
    )
    again = forms.CharField(
        label="Ripeti la nuova password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Scrivila una seconda volta."},
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two against each other."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", "Le due password sono diverse: riscrivile.")
        return values


USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9]|[._-](?=[a-z0-9])){3,39}")


class RegisterForm(NewPasswordForm):
    """Who somebody is, how to write to them, what they want to enter with, and whose parent they are."""

    given_name = forms.CharField(
        label="Nome",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Scrivi il tuo nome."},
    )
    family_name = forms.CharField(
        label="Cognome",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Scrivi il tuo cognome."},
    )
    tax_code = TaxCodeField(
        label="Il tuo codice fiscale",
        help_text="Il tuo, non quello di tuo figlio: di chi ha fatto l’ultima iscrizione, se puoi. Sono 16 caratteri.",
    )
    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="Ti scriviamo qui per andare avanti. Se l’ufficio ne ha già una tua, usa quella.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", **_AS_TYPED}),
        error_messages={
            "required": "Scrivi la tua e-mail.",
            "invalid": "Questa e-mail non è scritta giusta: controlla la chiocciola e il punto, per esempio nome@posta.it.",
        },
    )
    username = forms.CharField(
        label="Nome utente che vorresti",
        max_length=40,
        help_text="Da 4 a 40 lettere senza accenti e numeri, anche con punti e trattini. Se è già preso ci mettiamo un "
        "numero: quello giusto è nella seconda e-mail.",
        widget=forms.TextInput(attrs={"autocomplete": "username", **_AS_TYPED}),
        error_messages={"required": "Scrivi il nome utente che vorresti."},
    )
    code = forms.CharField(
        label="Codice del bambino, se l’ufficio te ne ha dato uno",
        required=False,
        max_length=40,
        help_text="12 lettere e numeri, stampati sulla lettera. Con il codice trovi subito tuo figlio.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    about = forms.CharField(
        label="Di chi sei genitore?",
        required=False,
        max_length=200,
        help_text="Nome, cognome e scuola dei figli: serve all’ufficio se non hai un codice. Niente altro.",
    )
    agrees = forms.BooleanField(
        label="Ho letto l’informativa sulla privacy",
        error_messages={"required": "Per andare avanti leggi l’informativa e segna qui."},
    )

    field_order = ("given_name", "family_name", "tax_code", "email", "username", "new", "again", "code", "about", "agrees")

    def clean_tax_code(self) -> str:
        """:raises ValidationError: it is a child's"""
        code: str = self.cleaned_data["tax_code"]
        if not people.is_of_adult(code=code, today=clock.today()):
            raise ValidationError("Dice che sei minorenne: serve il codice fiscale di un adulto, il tuo.")
        return code

    def clean_username(self) -> str:
        """:raises ValidationError: it is no name to be typed everywhere"""
        name: str = self.cleaned_data["username"].strip().lower()
        if not USERNAME.fullmatch(name):
            raise ValidationError("Da 4 a 40 lettere senza accenti e numeri, senza spazi: per esempio maria.rossi84.")
        return name

    def clean_code(self) -> str:
        """:raises ValidationError: it cannot be a code, whoever has it"""
        code = people.read_link_code(self.cleaned_data["code"])
        if code and not people.is_link_code(code):
            raise ValidationError(
                "Il codice ha 12 lettere e numeri, come 4K7T-92AC-DEFG: ricopialo dalla lettera, o lascia vuoto."
            )
        return code


class PasswordForm(forms.Form):
    """The password one has, and twice the one that is wanted."""

    old = forms.CharField(
        label="Password attuale",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Scrivi la password con cui sei entrato."},
    )
    new = forms.CharField(
        label="Nuova password",
        strip=False,
        help_text="Almeno 10 caratteri. Vanno bene tre o quattro parole che solo tu metteresti insieme.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Scrivi la nuova password."},
    )
    again = forms.CharField(
        label="Ripeti la nuova password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Scrivila una seconda volta."},
    )

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the two new passwords differ"""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "Le due nuove password sono diverse. Riscrivile uguali.")
        return given


class PinForm(forms.Form):
    """The six digits for the school's tablets, and the password that proves who chooses them."""

    pin = forms.CharField(
        label="PIN per i tablet",
        min_length=6,
        max_length=6,
        help_text="Sei cifre che ricordi solo tu: con queste il tablet della scuola sa chi fa l’appello.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-called": "il PIN"}),
        error_messages={
            "required": "Scrivi sei cifre.",
            "min_length": "Il PIN è di sei cifre.",
            "max_length": "Il PIN è di sei cifre.",
        },
    )
    password = forms.CharField(
        label="La tua password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Scrivi la password con cui sei entrato."},
    )
