"""A fee as the town decides it: what it is called, its days, when it is charged, what it asks by price."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.billing import fee_rules
from campanella.domains.billing.fee_rules import Every, Part
from campanella.domains.schools.models import LEVELS
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import clock
from campanella.foundation.design.forms import EuroField, offer
from campanella.interfaces.office.families.forms import day_field
from campanella.readings.office.billing.fees import EDGES, EVERY, named

SHIFTS = {"0": "nel mese stesso", "-1": "nel mese prima", "1": "nel mese dopo"}
MOST_INSTALMENTS = 12
# What is not asked of a fee, by its shape.
ASKED_NOT: dict[Every, tuple[str, ...]] = {"month": ("dates",), "week": ("dates", "day", "shift"), "year": ("day", "shift")}


class NewFeeForm(forms.Form):
    """Of which service, and of which shape."""

    service = forms.ChoiceField(label="Servizio")
    every = forms.ChoiceField(label="Si paga", choices=list(EVERY.items()))

    def __init__(self, *args: Any, offered: Sequence[Service], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "service", [(one.code, one.name) for one in offered])


class FeeForm(forms.Form):
    """One fee; what depends on its shape is asked for that shape alone."""

    name = forms.CharField(
        label="Nome della quota",
        max_length=80,
        help_text="La famiglia lo legge sulla fattura, per esempio: Retta mensile.",
        error_messages={"required": "Scrivi come si chiama, per esempio: Retta mensile."},
    )
    first = day_field("Dal giorno")
    last = day_field("Fino al giorno")
    day = forms.IntegerField(
        label="Giorno dell’addebito",
        min_value=1,
        max_value=28,
        initial=1,
        error_messages=dict.fromkeys(("required", "min_value", "max_value", "invalid"), "Scrivi un numero da 1 a 28."),
    )
    shift = forms.ChoiceField(label="L’addebito è", choices=list(SHIFTS.items()), initial="0")
    dates = forms.CharField(
        label="Date delle rate",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Una per riga, per esempio 15/10/2026. Ogni rata vale fino alla successiva: chi arriva dopo non la paga.",
        error_messages={"required": "Scrivi almeno una data, per esempio 15/10/2026."},
    )
    edges = forms.ChoiceField(
        label="Chi arriva o lascia a metà",
        choices=list(EDGES.items()),
        help_text="La metà: chi arriva dal 16 del mese, o lascia entro il 15. I suoi giorni: in proporzione, al centesimo.",
    )
    level = forms.ChoiceField(label="Per quali scuole", required=False, choices=[("", "Tutte"), *LEVELS])
    reason = forms.CharField(label="Atto del Comune", max_length=200, required=False, help_text="Per esempio la delibera.")

    tariff = forms.ChoiceField(
        label="Quanto si chiede",
        required=False,
        help_text="Quello che dice la tariffa segue l’ISEE, i fratelli e le riduzioni di ognuno.",
    )

    def __init__(
        self, *args: Any, every: Every, brackets: Sequence[Bracket], shares: Sequence[Bracket] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.every, self.brackets = every, brackets
        self.shares = {str(one.pk): one for one in shares}
        if shares:
            asked = [(key, f"Quello che dice la tariffa «{one.tariff.name}»") for key, one in self.shares.items()]
            offer(self, "tariff", [("", "Gli importi che scrivo qui sotto"), *asked])
        else:
            del self.fields["tariff"]
        for name in ASKED_NOT[every]:
            del self.fields[name]
        for bracket in brackets:
            self.fields[f"price_{bracket.pk}"] = EuroField(
                label=named(bracket), min_cents=0, required=False, help_text="Vuoto: non paga questa quota."
            )

    def price_fields(self) -> list[forms.BoundField]:
        """Return the fields of the prices, one for each of the service's."""
        return [self[f"price_{bracket.pk}"] for bracket in self.brackets]

    def other_fields(self) -> list[forms.BoundField]:
        """Return all fields that are no price."""
        return [self[name] for name in self.fields if not name.startswith("price_")]

    def clean_dates(self) -> list[date]:
        """:raises ValidationError: a line is no day"""
        found = []
        for line in str(self.cleaned_data["dates"]).split():
            day = clock.read_day("-".join(part.zfill(2) for part in reversed(line.split("/"))))
            if day is None:
                raise ValidationError(f"«{line[:20]}» non è una data: scrivi per esempio 15/10/2026.")
            found.append(day)
        if found != sorted(set(found)) or len(found) > MOST_INSTALMENTS:
            raise ValidationError(f"Scrivi le date in ordine, ognuna una volta, al massimo {MOST_INSTALMENTS}.")
        return found

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: the days are not in order, or no price is written"""
        data = super().clean() or {}
        first, last, dates = data.get("first"), data.get("last"), data.get("dates")
        if first and last and last < first:
            self.add_error("last", "Finisce prima di cominciare: scegli un giorno dopo il primo.")
        elif first and last and (last - first).days > 400:
            self.add_error("last", "Una quota vale per un anno scolastico: scegli un giorno più vicino.")
        elif dates and first and last and not (first <= dates[0] and dates[-1] <= last):
            self.add_error("dates", "Le date delle rate cadono tra il primo e l’ultimo giorno della quota.")
        if not self.errors and not any(self.cents.values()):
            raise ValidationError("Scrivi almeno un importo: una quota che non costa niente a nessuno non serve.")
        return data

    @property
    def cents(self) -> Mapping[int, int]:
        """What it asks, in cents, by price of the service; of a tariff that is followed what it is in full."""
        if share := self.shares.get(self.cleaned_data.get("tariff", "")):
            return {share.pk: share.cents}
        return {bracket.pk: self.cleaned_data.get(f"price_{bracket.pk}") or 0 for bracket in self.brackets}

    @property
    def parts(self) -> list[Part]:
        """Its instalments."""
        said = self.cleaned_data
        if self.every == "year":
            return fee_rules.yearly(first=said["first"], last=said["last"], charged=said["dates"])
        if self.every == "week":
            return fee_rules.weekly(first=said["first"], last=said["last"])
        return fee_rules.monthly(first=said["first"], last=said["last"], day=said["day"], shift=int(said["shift"]))
