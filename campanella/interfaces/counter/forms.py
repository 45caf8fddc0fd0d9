"""The forms of a cash point: a code, an amount, a counted till."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.cash.choices import CashChoices
from campanella.domains.cash.queries import CashPoint
from campanella.domains.cash.rules import MEANS
from campanella.domains.cash.words import MEANS_WORDS
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import EuroField, OnceForm, WhyForm, offer

OWN = "altro"
READY = ("Importo sbagliato", "Codice di un altro bambino", "Il cliente ci ha ripensato")


class CodeForm(forms.Form):
    """A personal top-up code, as it is dictated or read by a scanner."""

    code = forms.CharField(
        label="Codice personale di ricarica",
        max_length=40,
        help_text="10 cifre. L’ultima controlla le altre: se sbagli a scrivere te lo diciamo subito.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
        error_messages={
            "required": "Scrivi il codice: 10 cifre, accanto al servizio.",
            "max_length": "Il codice ha 10 cifre: qui ce ne sono troppe.",
        },
    )


class AmountForm(OnceForm):
    """How much, and how it is paid; its key makes a second press harmless."""

    amount = forms.ChoiceField(
        label="Quanto ti dà?", widget=forms.RadioSelect, error_messages={"required": "Scegli quanto ti dà."}
    )
    means = forms.ChoiceField(
        label="Come paga?", widget=forms.RadioSelect, error_messages={"required": "Scegli come paga: contanti o carta."}
    )

    def __init__(self, *args: Any, chosen: CashChoices, point: CashPoint, key: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["key"].initial = key
        self.fields["own"] = EuroField(
            label="Altro importo",
            required=False,
            min_cents=chosen.cash_min,
            max_cents=chosen.cash_max,
            help_text=f"Da {Euro(chosen.cash_min)} a {Euro(chosen.cash_max)}.",
        )
        presets = [cents for cents in chosen.cash_presets if chosen.cash_min <= cents <= chosen.cash_max]
        offer(self, "amount", [*((str(cents), _short(cents)) for cents in presets), (OWN, "Altro")])
        ways = {"cash": point.takes_cash, "card": point.takes_card}
        taken = [means for means in MEANS if ways[means]]
        offer(self, "means", [(means, MEANS_WORDS[means]) for means in taken])
        self.fields["amount"].initial = str(presets[min(1, len(presets) - 1)]) if presets else OWN
        self.fields["means"].initial = taken[0]
        if self.data and self.data.get("amount") != OWN:
            # What was typed before another amount was chosen is nobody's mistake.
            self.fields["own"] = forms.CharField(required=False, label="Altro importo")

    def clean(self) -> dict[str, Any]:
        """Make one amount of what was chosen and what was written."""
        data = super().clean() or {}
        if data.get("amount") != OWN:
            data["cents"] = int(data["amount"]) if data.get("amount") else None
        elif "own" not in self.errors:
            data["cents"] = data.get("own")
            if data["cents"] is None:
                self.add_error("own", ValidationError("Scrivi quanto ti dà, per esempio 20,00."))
        return data


class VoidForm(WhyForm):
    """Why a top-up is undone."""

    reason = forms.CharField(
        label="Motivo",
        max_length=150,
        help_text="Lo leggono la famiglia e l’ufficio.",
        error_messages={"required": "Scegli un motivo, o scrivilo tu."},
    )


class OpenForm(forms.Form):
    """What lies in the till for change."""

    float_cents = EuroField(
        label="Resto già in cassa",
        required=False,
        min_cents=0,
        max_cents=100_000,
        help_text="I soldi che tieni per il resto. Se non ne tieni a parte, lascia vuoto.",
    )


class CloseForm(forms.Form):
    """What was counted."""

    cash = EuroField(
        label="Contanti contati",
        min_cents=0,
        max_cents=10_000_000,
        help_text="Tutto quello che c’è in cassa per le ricariche, resto compreso.",
    )
    slip = EuroField(
        label="Totale dello scontrino del POS",
        required=False,
        min_cents=0,
        max_cents=10_000_000,
        help_text="Lo trovi sulla chiusura del terminale. Se non l’hai guardato, lascia vuoto.",
    )
    note = forms.CharField(
        label="Nota",
        required=False,
        max_length=200,
        help_text="Se i conti non tornano, scrivi che cosa sai: la differenza resta scritta e la giornata si chiude.",
    )

    def __init__(self, *args: Any, point: CashPoint, **options: Any) -> None:
        super().__init__(*args, **options)
        if not point.takes_card:
            del self.fields["slip"]
        if not point.takes_cash:
            self.fields["cash"].required = False
            self.fields["cash"].initial = 0


def _short(cents: int) -> str:
    return Euro(cents).italian() if cents % 100 else f"{cents // 100}\N{NO-BREAK SPACE}€"
