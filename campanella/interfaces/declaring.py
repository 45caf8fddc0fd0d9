"""The form of an ISEE, the same for families and office: what stands on the attestation."""

from datetime import date
from typing import Any

from django import forms

from campanella.domains.enrolment.isee import MOST_CENTS
from campanella.domains.enrolment.rules import ISEE_KINDS
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import DayField, EuroField, OnceForm
from campanella.usecases.isee import Said

MOST_PERSONS = 30


class IseeForm(OnceForm):
    """What stands on an attestation."""

    amount = EuroField(
        label="Valore dell’ISEE, in euro",
        min_cents=0,
        max_cents=MOST_CENTS,
        help_text="È scritto sull’attestazione, per esempio 12.345,67.",
        error_messages={"required": "Scrivi il valore che c’è sull’attestazione, per esempio 12.345,67."},
    )
    kind = forms.ChoiceField(
        label="Tipo",
        choices=[(key, word.capitalize()) for key, word in ISEE_KINDS.items()],
        help_text="Per prestazioni a minorenni se i genitori non sono sposati e non vivono insieme; corrente se il reddito "
        "è cambiato da poco.",
    )
    issued_on = DayField(
        label="Data dell’attestazione",
        help_text="Il giorno in cui la DSU è stata presentata.",
        error_messages={"required": "Scegli la data che c’è sull’attestazione."},
    )
    household = forms.IntegerField(
        label="Persone del nucleo",
        required=False,
        min_value=1,
        max_value=MOST_PERSONS,
        help_text="Sono elencate sull’attestazione.",
        error_messages={"min_value": "Almeno una.", "max_value": f"Al massimo {MOST_PERSONS}: controlla."},
    )
    has_omissions = forms.BooleanField(
        label="L’attestazione riporta omissioni o difformità",
        required=False,
        help_text="Se c’è questa annotazione, di solito va corretta dall’INPS o dal CAF prima che valga.",
    )

    def said(self, *, received_on: date) -> Said:
        """Return what was typed; of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        return Said(
            amount=Euro(data["amount"]),
            kind=data["kind"],
            issued_on=data["issued_on"],
            received_on=received_on,
            household=data["household"],
            has_omissions=data["has_omissions"],
        )


class ReceivedIseeForm(IseeForm):
    """An attestation on the desk, with the day on which it came."""

    received_on = DayField(
        label="Ricevuto il",
        help_text="Il giorno del protocollo: da qui si conta da quando vale.",
        error_messages={"required": "Scegli il giorno in cui è arrivato."},
    )

    field_order = ("amount", "kind", "issued_on", "received_on", "household", "has_omissions")
