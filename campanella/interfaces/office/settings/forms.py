"""The town's choices as one form, made from what each choice says of itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from campanella.domains.billing.rules import series_faults
from campanella.domains.debiting.rules.accounts import NoAccount, account
from campanella.domains.debiting.rules.creditors import is_creditor_id
from campanella.domains.payments.rules import italian_iban
from campanella.foundation.core.money import Euro
from campanella.foundation.design.colours import is_readable
from campanella.foundation.design.forms import EuroField, plain_amount
from campanella.foundation.tenants.settings import declared

MOST_PRESETS = 6
SERIES = ("bill_series", "bill_credit_series", "arrears_series")
MOST_LINES, LONGEST_LINE = 8, 60
WHOLE_ERRORS = ("required", "invalid", "min_value", "max_value")
LIMIT_CENTS = 1_000_000


class AmountsField(forms.CharField):
    """Some amounts in euro, separated by spaces or semicolons, as a tuple of cents in order."""

    def prepare_value(self, value: Any) -> Any:
        """Show cents as "10,00; 20,00"."""
        return "; ".join(plain_amount(cents) for cents in value) if isinstance(value, tuple) else value

    def clean(self, value: Any) -> tuple[int, ...]:
        """:raises ValidationError: one is no amount, none is there, or they are too many"""
        parts = re.split(r"[;\s]+", str(value or "").strip())
        amounts = [EuroField(min_cents=100, max_cents=LIMIT_CENTS).clean(part) for part in parts if part]
        if not amounts or len(amounts) > MOST_PRESETS:
            raise ValidationError(f"Scrivi da uno a {MOST_PRESETS} importi, per esempio 10,00; 20,00; 50,00.")
        return tuple(sorted({cents for cents in amounts if cents}))


class LinesField(forms.CharField):
    """Some short texts, one a line, as a tuple in their order; none at all is an answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": "5"}), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show one a line."""
        return "\n".join(value) if isinstance(value, tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        """:raises ValidationError: they are too many, or one is too long for a button"""
        lines = tuple(dict.fromkeys(" ".join(line.split()) for line in super().clean(value).splitlines() if line.strip()))
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Al massimo {MOST_LINES} righe: di più non si scelgono con un’occhiata.")
        long = next((line for line in lines if len(line) > LONGEST_LINE), "")
        if long:
            raise ValidationError(f"«{long}» è troppo lungo: al massimo {LONGEST_LINE} caratteri.")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the lines, not how they end."""
        return super().has_changed("\n".join(str(initial or "").splitlines()), "\n".join(str(data or "").splitlines()))


class DebtField(EuroField):
    """A limit under zero, typed without its sign and kept as a negative amount."""

    def prepare_value(self, value: Any) -> Any:
        """Show the amount without its sign."""
        return super().prepare_value(-value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        """Give the limit as a negative amount."""
        return -(super().clean(value) or 0)


class TwoDigitsField(forms.IntegerField):
    """A whole number that its owner writes with two digits, as pagoPA's codes."""

    def prepare_value(self, value: Any) -> Any:
        """Show 1 as "01"."""
        return f"{value:02}" if isinstance(value, int) else value


class ChoicesForm(forms.Form):
    """Every choice of the town, by groups."""

    def __init__(self, *args: Any, choices: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        for choice in declared():
            self.fields[choice.name] = _field(choice)
            self.initial[choice.name] = choices[choice.name]

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Return the fields by group, in the order of the choices."""
        names: dict[str, list[forms.BoundField]] = {}
        for choice in declared():
            names.setdefault(choice.metadata["group"], []).append(self[choice.name])
        yield from names.items()

    def clean_colour(self) -> str:
        """:raises ValidationError: it is no colour, or white does not stand out on it"""
        colour = str(self.cleaned_data["colour"]).lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise ValidationError("Scrivi un colore come #0a58ad.")
        if not is_readable(colour):
            raise ValidationError("Con questo colore le scritte bianche non si leggono: sceglilo più scuro.")
        return colour

    def clean_iban(self) -> str:
        """:raises ValidationError: it is no Italian IBAN"""
        written = str(self.cleaned_data["iban"]).strip()
        number = italian_iban(written)
        if written and not number:
            raise ValidationError("Questo IBAN non è corretto: serve un IBAN italiano, IT e altri 25 tra lettere e numeri.")
        return number

    def clean_sdd_iban(self) -> str:
        """:raises ValidationError: it is no Italian IBAN"""
        written = str(self.cleaned_data["sdd_iban"]).strip()
        try:
            return account(written).iban if written else ""
        except NoAccount as wrong:
            raise ValidationError(str(wrong))

    def clean_sdd_creditor_id(self) -> str:
        """:raises ValidationError: its check digits are wrong"""
        written = re.sub(r"\s", "", str(self.cleaned_data["sdd_creditor_id"])).upper()
        if written and not is_creditor_id(written):
            raise ValidationError("Questo codice creditore non è corretto: sono 23 caratteri che cominciano per IT.")
        return written

    def clean_sdd_cuc(self) -> str:
        """:raises ValidationError: it is no CBI code"""
        written = str(self.cleaned_data["sdd_cuc"]).strip().upper()
        if written and not re.fullmatch(r"[A-Z0-9]{8}", written):
            raise ValidationError("Il codice unico CBI ha 8 caratteri, lettere e cifre.")
        return written

    def clean_office_email(self) -> str:
        """:raises ValidationError: it is no address"""
        address = str(self.cleaned_data["office_email"])
        if address:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError("Questo indirizzo e-mail non è completo.")
        return address

    def clean_site_url(self) -> str:
        """:raises ValidationError: it is no address of the web"""
        address = str(self.cleaned_data["site_url"])
        if address and not re.fullmatch(r"https?://[^\s\"'<>]+", address):
            raise ValidationError("Scrivi l’indirizzo intero, per esempio https://www.comune.esempio.it.")
        return address

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the limits of top-ups contradict each other, or two papers would share a series"""
        data = super().clean() or {}
        for name, fault in series_faults({name: str(data[name]) for name in SERIES if name in data}).items():
            self.add_error(name, ValidationError(fault))
        least, most = data.get("top_up_min"), data.get("top_up_max")
        if least and most and least > most:
            self.add_error("top_up_max", ValidationError("La ricarica massima è più piccola della minima."))
        outside = [cents for cents in data.get("top_up_presets", ()) if least and most and not least <= cents <= most]
        if outside:
            words = f"{Euro(outside[0])} è fuori dai limiti tra minima e massima."
            self.add_error("top_up_presets", ValidationError(words))
        return data


def _field(choice: Field[Any]) -> forms.Field:
    about = choice.metadata
    # The form carries what it was opened with: two clerks who change two things do not undo each other.
    common = {"label": about["label"], "help_text": about["sentence"], "show_hidden_initial": True}
    match about["kind"]:
        case "cents" if isinstance(choice.default, int) and choice.default < 0:
            return DebtField(min_cents=0, max_cents=LIMIT_CENTS, **common)
        case "cents":
            least, most = about["bounds"]
            return EuroField(min_cents=least, max_cents=most, **common)
        case "cents_list":
            return AmountsField(**common)
        case "texts":
            return LinesField(**common)
        case "whole" | "two_digits" as kind:
            least, most = about["bounds"]
            words = dict.fromkeys(WHOLE_ERRORS, f"Scrivi un numero da {least} a {most}.")
            whole = TwoDigitsField if kind == "two_digits" else forms.IntegerField
            return whole(min_value=least, max_value=most, error_messages=words, **common)
        case "flag":
            return forms.BooleanField(required=False, **common)
        case "time":
            words = dict.fromkeys(("required", "invalid"), "Scrivi un’ora, per esempio 09:30.")
            clock_face = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            return forms.TimeField(widget=clock_face, error_messages=words, **common)
        case "choices":
            words = {"required": "Scegline almeno uno."}
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=about["options"], widget=boxes, error_messages=words, **common)
        case "long_text":
            return forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": "4"}), **common)
        case "colour":
            return forms.CharField(max_length=7, widget=forms.TextInput(attrs={"type": "color"}), **common)
        case _:
            words = {"required": "Serve un valore.", "max_length": "È troppo lungo: al massimo %(limit_value)d caratteri."}
            return forms.CharField(required=choice.default != "", max_length=200, error_messages=words, **common)
