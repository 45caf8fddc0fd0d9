"""Another version of a tariff: its amounts, its days, and who is outside the bands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.services.tariff_files import nodes
from campanella.domains.services.tariffs import amounts
from campanella.domains.services.tariffs.pricing import percent
from campanella.domains.services.tariffs.shapes import Change, IseeRule, Other, Scheme
from campanella.foundation.core.amounts import MOST_CENTS, Wrong
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import DayField, EuroField
from campanella.interfaces.office.families.forms import day_field

RULES = [("as_others", "paga come gli altri"), ("full", "paga il prezzo pieno"), ("price", "paga un prezzo suo")]
LONGEST_NAME, LONGEST_CODE = 120, 40


class PercentField(forms.CharField):
    """A percentage from 0 to 100, given back as a fraction: ``20``, ``1,875``."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a fraction as one reads it."""
        return percent(value).removesuffix("%") if isinstance(value, Fraction) else value

    def clean(self, value: Any) -> Any:
        """:raises ValidationError: it is no percentage"""
        text = super().clean(value)
        if not text:
            return None
        try:
            return nodes.share(text)
        except Wrong:
            raise ValidationError("Scrivi una percentuale da 0 a 100, per esempio 20 o 1,875.") from None


class ChangeForm(forms.Form):
    """A version of a tariff from a day on; nothing that is not written here changes."""

    first = day_field("Da quando")
    name = forms.CharField(label="Nome", max_length=LONGEST_NAME, error_messages={"required": "Scrivi come si chiama."})

    def __init__(self, *args: Any, scheme: Scheme, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scheme, self.today = scheme, today
        begins = scheme.first if scheme.first > today else _next_month(today)
        self.fields["first"].initial, self.fields["name"].initial = begins, scheme.name
        for one in amounts.amounts(scheme):
            needed = one.value is not None
            kind = PercentField if one.is_percent else EuroField
            more: dict[str, Any] = {} if one.is_percent else {"min_cents": 0, "max_cents": MOST_CENTS}
            value = one.value.cents if isinstance(one.value, Euro) else one.value
            self.fields[f"amount-{one.key}"] = kind(label=one.label, required=needed, initial=value, **more)
        for name, field in _days_of(scheme):
            self.fields[name] = field
        if scheme.is_reckoned:
            self._ask_outside()

    def _ask_outside(self) -> None:
        rule = self.scheme.not_enrolled
        is_own = rule.price is not None
        self.fields["outside"] = forms.ChoiceField(
            label="Chi usa il servizio senza iscriversi",
            choices=RULES,
            initial="price" if is_own else "as_others" if rule.is_as_others else "full",
        )
        if not is_own:
            self.fields["amount-not_enrolled"] = EuroField(
                label="Il prezzo di chi non è iscritto", min_cents=0, max_cents=MOST_CENTS, required=False
            )

    def prices(self) -> list[forms.BoundField]:
        """Return the fields of the amounts."""
        return [self[name] for name in self.fields if name.startswith("amount-") and name != "amount-not_enrolled"]

    def others(self) -> list[forms.BoundField]:
        """Return the fields of the days, and of who is outside the bands."""
        asked = [self[name] for name in self.fields if not name.startswith("amount-") and name not in ("first", "name")]
        return asked + [self[name] for name in self.fields if name == "amount-not_enrolled"]

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: a price of one's own is chosen and not written"""
        data = super().clean() or {}
        if data.get("outside") == "price" and data.get("amount-not_enrolled") is None:
            self.add_error("amount-not_enrolled", "Scrivi il prezzo, oppure scegli un’altra regola.")
        return data

    def changed(self, changes: tuple[Change, ...]) -> Scheme:
        """Return the tariff as it was written here; of a valid form."""
        data, scheme = self.cleaned_data, self.scheme
        first: date = data["first"]
        said = {
            name.removeprefix("amount-"): Euro(value) if isinstance(value, int) else value
            for name, value in data.items()
            if name.startswith("amount-") and name != "amount-not_enrolled"
        }
        made = replace(amounts.with_amounts(scheme, said), first=first, name=data["name"], season=None)
        if scheme.is_reckoned:
            made = replace(made, changes=changes, isee=_isee(scheme.isee, data), not_enrolled=self._outside())
        if first == scheme.first and first > self.today:
            return replace(made, season=scheme.season)
        name = data["name"] if data["name"] != scheme.name else _dated(scheme.name, first)
        return replace(made, code=f"{scheme.code[: LONGEST_CODE - 9]}-{first:%Y%m%d}", name=name, replaces=scheme.code)

    def _outside(self) -> Other:
        price: int | None = self.cleaned_data.get("amount-not_enrolled")
        rule = self.cleaned_data["outside"]
        if rule == "price" and price is not None:
            return Other(Euro(price), self.scheme.not_enrolled.keeps_changes)
        return Other(is_as_others=rule == "as_others")


def _dated(name: str, first: date) -> str:
    words = f", dal {day_full(first)}"
    return name.split(", dal ")[0][: LONGEST_NAME - len(words)] + words


def _days_of(scheme: Scheme) -> Iterator[tuple[str, forms.Field]]:
    """Yield the days by which an ISEE is to be presented."""
    rule = scheme.isee
    if not scheme.is_reckoned:
        return
    if rule.counting == "month":
        yield (
            "by_day",
            forms.IntegerField(
                label="L’ISEE vale dal mese stesso se presentato entro il giorno",
                min_value=0,
                max_value=31,
                initial=rule.by_day,
                help_text="0: vale sempre dal mese dopo.",
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), "Scrivi un numero da 0 a 31."
                ),
            ),
        )
    if rule.counting == "fixed":
        words = {"required": "Scegli il giorno."}
        yield "fixed_on", DayField(label="L’ISEE si presenta entro il", initial=rule.fixed_on, error_messages=words)
    for place, (by, begins) in enumerate(rule.deadlines, start=1):
        words = {"required": "Scegli il giorno."}
        yield f"by-{place}", DayField(label=f"Scadenza {place}: entro il", initial=by, error_messages=words)
        yield f"from-{place}", DayField(label=f"Scadenza {place}: vale dal", initial=begins, error_messages=words)
    yield (
        "until",
        DayField(
            label="Ultimo giorno per presentare l’ISEE", initial=rule.until, required=False, help_text="Vuoto: non c’è."
        ),
    )


def _isee(rule: IseeRule, data: dict[str, Any]) -> IseeRule:
    pairs = tuple((data[f"by-{place}"], data[f"from-{place}"]) for place in range(1, len(rule.deadlines) + 1))
    by_day = data.get("by_day")
    return replace(
        rule,
        by_day=rule.by_day if by_day is None else by_day,
        fixed_on=data.get("fixed_on") or rule.fixed_on,
        deadlines=pairs,
        until=data.get("until"),
    )


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
