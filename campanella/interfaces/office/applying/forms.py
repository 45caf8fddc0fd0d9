"""What the office says of a call and of a part of its form."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms

from campanella.domains.applying.queries import EnrolmentCall, FormPart
from campanella.domains.applying.rules import PART_KINDS
from campanella.domains.applying.setting_up import CallData, PartData
from campanella.domains.schools.models import LEVELS, SchoolYear
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.design.forms import offer
from campanella.interfaces.office.families.forms import day_field

TEXTS = ("intro", "help_data", "help_summary", "next_steps", "desk")
MINUTE_END = (59, 999_999)


def _text(label: str, help_text: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, help_text=help_text)


def _hour(label: str, help_text: str = "") -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text=help_text,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Scrivi l’ora, per esempio 23:59.", "invalid": "Scrivi l’ora, per esempio 23:59."},
    )


class CallForm(forms.Form):
    """A call: when, for whom, what families read."""

    service = forms.TypedChoiceField(label="Servizio", coerce=int)
    year = forms.TypedChoiceField(label="Anno scolastico", coerce=int)
    opens_on = day_field("Si aprono il")
    opens = _hour("alle")
    closes_on = day_field("Si chiudono il")
    closes = _hour("alle ore", "Il minuto scritto conta tutto: 23:59 è fino a mezzanotte.")
    begins_on = day_field("Il servizio comincia il")
    places = forms.IntegerField(
        label="Posti",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Vuoto: senza limite. Chi arriva dopo sta in lista d’attesa, in ordine di arrivo.",
        error_messages={"min_value": "Almeno uno, o vuoto se non c’è un limite."},
    )
    levels = forms.MultipleChoiceField(
        label="Per quali scuole",
        required=False,
        choices=LEVELS,
        widget=forms.CheckboxSelectMultiple,
        help_text="Nessuna spunta: per tutte.",
    )
    asks_isee = forms.BooleanField(label="Chiedi l’ISEE", required=False, help_text="Si può sempre non presentarlo.")
    admits_only_enrolled = forms.BooleanField(
        label="Senza domanda accettata non si è ammessi al servizio",
        required=False,
        help_text="Vale per quell’anno, anche per chi l’usava già: né l’ufficio, né un’importazione, né il passaggio d’anno "
        "iscrivono senza la domanda, e la famiglia non prenota. A scuola nessuno resta senza pasto.",
    )
    intro = _text("All’inizio", "Che cos’è il servizio, e per chi.")
    help_data = _text("Sopra le domande", "Aiuta a rispondere.")
    help_summary = _text("Prima di mandare", "Che cosa controllare.")
    next_steps = _text("Dopo l’invio", "Che cosa succede, e quando: sta anche sulla ricevuta e nella e-mail.")
    desk = _text("Dopo la scadenza", "Dove è lo sportello e quando è aperto.")

    def __init__(
        self, *args: Any, services: Sequence[Service] = (), years: Sequence[SchoolYear] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if services:
            offer(self, "service", [(one.pk, one.name) for one in services])
            offer(self, "year", [(one.pk, one.name) for one in years])
        else:
            del self.fields["service"], self.fields["year"]

    def said(self) -> CallData:
        """Return what was written; of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        second, micro = MINUTE_END
        return CallData(
            opens_at=clock.rome(data["opens_on"], data["opens"]),
            closes_at=clock.rome(data["closes_on"], data["closes"].replace(second=second, microsecond=micro)),
            begins_on=data["begins_on"],
            places=data["places"],
            levels=tuple(data["levels"]),
            asks_isee=data["asks_isee"],
            admits_only_enrolled=data["admits_only_enrolled"],
            **{name: data[name] for name in TEXTS},
        )


def known_of(call: EnrolmentCall) -> dict[str, Any]:
    """Return a call as its form shows it."""
    (opens_on, opens), (closes_on, closes) = _parts(call.opens_at), _parts(call.closes_at)
    names = ("begins_on", "places", "levels", "asks_isee", "admits_only_enrolled", *TEXTS)
    moments = {"opens_on": opens_on, "opens": opens, "closes_on": closes_on, "closes": closes}
    return moments | {name: getattr(call, name) for name in names}


def _parts(instant: datetime) -> tuple[date, time]:
    local = instant.astimezone(clock.ROME)
    return local.date(), local.time().replace(second=0, microsecond=0)


class PartForm(forms.Form):
    """A question, a document or a declaration."""

    kind = forms.ChoiceField(label="Che cosa si chiede", choices=list(PART_KINDS.items()))
    label = forms.CharField(
        label="La domanda, o il nome del documento",
        max_length=200,
        error_messages={"required": "Scrivi che cosa si chiede."},
    )
    help = _text("Aiuto", "Lo legge la famiglia, sotto la domanda.")
    options = forms.CharField(
        label="Le risposte tra cui scegliere",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Una per riga. Solo per una scelta da un elenco.",
    )
    is_required = forms.BooleanField(label="È obbligatoria", required=False)
    position = forms.IntegerField(label="Posto nel modulo", required=False, min_value=0, max_value=999)

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: a choice without anything to choose"""
        data = super().clean() or {}
        if data.get("kind") == "choice" and not _lines(data.get("options", "")):
            self.add_error("options", "Scrivi le risposte tra cui si sceglie, una per riga.")
        return data

    def said(self) -> PartData:
        """Return what was written; of a valid form."""
        data: dict[str, Any] = self.cleaned_data
        options = _lines(data["options"]) if data["kind"] == "choice" else ()
        is_required = data["is_required"] or data["kind"] in ("notice", "declaration")
        return PartData(data["kind"], data["label"], data["help"], options, is_required, data["position"])


def known_of_part(part: FormPart) -> dict[str, Any]:
    """Return a part as its form shows it."""
    names = ("kind", "label", "help", "is_required", "position")
    return {name: getattr(part, name) for name in names} | {"options": "\n".join(part.options)}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip()[:100] for line in text.splitlines() if line.strip()))
