"""How forms look (the renderer) and the fields asked for everywhere: euro, tax code, telephone."""

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.it import codicefiscale

from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro


class ItaliaRenderer(TemplatesSetting):
    """Render every form in our own words and shapes; named by the setting ``FORM_RENDERER``."""

    form_template_name = "design/forms/form.html"
    field_template_name = "design/forms/field.html"


BLANKS = re.compile(r"[\s\u00a0\u202f]")
# Twelve digits at most: whatever is longer is no amount, and Python refuses to read very long numbers.
AMOUNT = re.compile(r"(?P<euro>[0-9]{1,3}(\.[0-9]{3}){1,3}|[0-9]{1,12})(,(?P<cents>[0-9]*))?")
FOREIGN_AMOUNT = re.compile(r"(?P<euro>[0-9]{1,12})\.(?P<cents>[0-9]{1,2})")


class EuroField(forms.Field):
    """
    An amount in euro as people write it, given back as integer cents.

    Accepts ``20``, ``20,5``, ``1.234,50``, ``20.50`` and ``€ 20``;
    a point before three digits groups thousands.

    :param min_cents: the least amount accepted, in cents
    :param max_cents: the greatest amount accepted, in cents
    """

    def __init__(self, *, min_cents: int = 1, max_cents: int = 999_999_99, **options: Any) -> None:
        self.min_cents = min_cents
        self.max_cents = max_cents
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        options.setdefault("error_messages", {}).setdefault("required", "Scrivi un importo, per esempio 20,00.")
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Show cents as "20,00"; what the person typed stays as it was typed."""
        return plain_amount(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        """Read the amount; :raises ValidationError: it is no amount"""
        if value in self.empty_values:
            return None
        if isinstance(value, int):
            return value
        text = BLANKS.sub("", str(value)).strip("€").removesuffix("EUR").replace("−", "-")
        if text.startswith("-"):
            raise ValidationError("L’importo non può essere negativo. Scrivi per esempio 20,00.", code="negative")
        match = AMOUNT.fullmatch(text) or FOREIGN_AMOUNT.fullmatch(text)
        if match is None:
            raise ValidationError("Questo non è un importo. Scrivi solo numeri, per esempio 20,00.", code="invalid")
        cents = match["cents"] or ""
        if len(cents) > 2:
            raise ValidationError("Dopo la virgola vanno al massimo due cifre, per esempio 20,50.", code="decimals")
        return int(match["euro"].replace(".", "")) * 100 + int(cents.ljust(2, "0"))

    def validate(self, value: Any) -> None:
        """Hold the amount between its bounds; :raises ValidationError: it is too small or too large"""
        super().validate(value)
        if value is None:
            return
        if value < self.min_cents:
            least = Euro(self.min_cents).italian()
            raise ValidationError(f"Il minimo è {least}. Scrivi per esempio 20,00.", code="min_value")
        if value > self.max_cents:
            raise ValidationError(f"Il massimo è {Euro(self.max_cents).italian()}.", code="max_value")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare amounts, not spellings: "20" and "20,00" are the same."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class DayField(forms.DateField):
    """A day, picked with the browser's own calendar; only of this century, so that every page can count from it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        no_day = "Questo giorno non esiste: scrivi per esempio 14/10/2026."
        options.setdefault("error_messages", {}).setdefault("invalid", no_day)
        super().__init__(**options)

    def validate(self, value: Any) -> None:
        """:raises ValidationError: it is a day of another century"""
        super().validate(value)
        if value and not clock.FIRST_DAY <= value <= clock.LAST_DAY:
            raise ValidationError("Controlla l’anno: scrivi per esempio 14/10/2026.", code="century")


def plain_amount(cents: int) -> str:
    """Write cents for a field: "20,00"."""
    return Euro(cents).plain()


class TaxCodeField(forms.CharField):
    """
    The tax code of a person: 16 characters, capitals; letters in place of digits, as homonyms
    have them, are accepted.

    Source: D.M. 23 December 1976; the check letter is verified, the register of the tax office is not asked.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Codice fiscale")
        attributes = {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "size": "16",
        }
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        options.setdefault("error_messages", {}).setdefault("required", "Scrivi il codice fiscale, 16 caratteri.")
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Take blanks and hyphens away and write in capitals."""
        return re.sub(r"[\s\-.]", "", super().to_python(value) or "").upper()

    def validate(self, value: Any) -> None:
        """Say what is wrong: length, characters, date of birth or check letter."""
        super().validate(value)
        if value in self.empty_values:
            return
        if len(value) != 16:
            raise ValidationError(f"Il codice fiscale ha 16 caratteri, questo ne ha {len(value)}.", code="length")
        try:
            codicefiscale.validate(value)
        except InvalidChecksum:
            raise ValidationError(
                "L’ultima lettera non torna con le altre: controlla di aver copiato tutto giusto.",
                code="checksum",
            )
        except InvalidComponent:
            raise ValidationError("La data di nascita nel codice non esiste: controlla le cifre.", code="birth")
        except (InvalidLength, ValueError):
            raise ValidationError(
                "Questo non è un codice fiscale: controlla lettere e cifre, per esempio la O e lo 0.",
                code="invalid",
            )


class PhoneField(forms.CharField):
    """A telephone number as people write it, given back as digits with a leading plus when they gave one."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Take blanks, points, hyphens, bars and brackets away; a leading 00 becomes a plus."""
        digits = re.sub(r"[\s.\-/()]", "", super().to_python(value) or "")
        return re.sub(r"^00", "+", digits)

    def validate(self, value: Any) -> None:
        """:raises ValidationError: it does not look like a telephone number"""
        super().validate(value)
        if value and not re.fullmatch(r"\+?[0-9]{6,15}", value):
            raise ValidationError("Scrivi il numero con le sole cifre, per esempio 333 1234567.", code="invalid")


class OnceForm(forms.Form):
    """A form whose key makes a second sending harmless, without scripts too."""

    key = forms.RegexField(r"^[A-Za-z0-9_-]{16,40}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = secrets.token_urlsafe(16)


class WhyForm(forms.Form):
    """
    A form with a mandatory ``reason``: one of the ready ones, the person's own words, or both.

    :param ready: reasons to choose with one tap; without any there is only the field to write in
    """

    ready = forms.ChoiceField(label="Motivo", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ready: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if not ready:
            del self.fields["ready"]
            return
        offer(self, "ready", [(one, one) for one in ready])
        self.fields["reason"].label = "O con parole tue"
        # The field to write in is needed only where nothing is chosen.
        self.fields["reason"].required = self.data.get(self.add_prefix("ready")) not in ready

    def clean(self) -> dict[str, Any]:
        """Make one reason of what was chosen and what was written."""
        data = super().clean() or {}
        chosen, written = data.pop("ready", ""), data.get("reason", "")
        if chosen:
            data["reason"] = f"{chosen}: {written}" if written else chosen
        return data


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Give a field of a form the choices that are known only now."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = list(choices)
