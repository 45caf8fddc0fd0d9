"""What one writes to enter."""

from typing import Any

from django import forms

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
